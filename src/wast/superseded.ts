// What a script of an older core specification says is wrong, and a newer one allows. Mirrors spec/14.

import type { Module } from "../wasm/module.ts";
import type { AssertRefused } from "./refusing.ts";

interface Later {
  readonly as: AssertRefused["as"];
  readonly message: string;
  /** whether the module has what the newer specification speaks of */
  readonly has: (module: Module) => boolean;
  readonly reason: string;
}

const later: readonly Later[] = [
  {
    as: "malformed",
    message: "zero byte expected",
    has: ({ memories }) => memories.length > 0,
    reason: "superseded by multiple memories: the index of a memory stands there",
  },
  {
    as: "invalid",
    message: "multiple memories",
    has: () => true,
    reason: "superseded by multiple memories",
  },
  {
    as: "malformed",
    message: "integer representation too long",
    has: ({ memories, tables }) => memories.length + tables.length > 0,
    reason: "superseded by 64-bit memories: sizes have up to 64 bits",
  },
  {
    as: "invalid",
    message: "unknown global",
    has: ({ globals }) => globals.length > 0,
    reason: "superseded by WebAssembly 3.0: constant expressions may read earlier globals",
  },
];

/** Why a module is accepted that a script takes for wrong; null: there is no reason. */
export function supersededBy({ as, message }: AssertRefused, module: Module): string | null {
  const found = later.find((one) => one.as === as && one.message === message && one.has(module));
  return found?.reason ?? null;
}
