// The table of bounds: how large a component may be and how long it may run. Mirrors spec/14.

import { deepest } from "../component/decode-bytes.ts";
import { mostDefinitions, mostInstances } from "../component/items.ts";
import { mostCode, mostMemories } from "../wasm/code.ts";
import { mostWaiting } from "../wasm/compile-body.ts";
import { mostLooks } from "../wasm/compile-output.ts";
import { defaultFuel } from "../wasm/guest.ts";
import {
  maxArity,
  maxLocals,
  maxMemoryPages,
  maxOperands,
  maxProgramPages,
  maxProgramSize,
  maxTableSize,
} from "../wasm/limits.ts";
import { mostFresh } from "../wasm/run-fuel.ts";
import { mostCalls, mostRegisters } from "../wasm/run-machine.ts";
import { mostChoices } from "../wast/policies.ts";
import { code, table } from "./markdown.ts";

const unsupported = code("unsupported");
const limit = `${code("limit")}, the run ends`;
const exhausted = code("guest.stack-exhausted");

/** Pages of memory as bytes: those of core memories have 64 KiB, ours have 1 KiB. */
function gibibytes(pages: number, kibibytes: 64 | 1): string {
  return `${(pages * kibibytes) / 2 ** 20} GiB`;
}

/** What is bounded, by how much, and what happens beyond it. */
const bounds: readonly (readonly [what: string, most: number | string, beyond: string])[] = [
  ["components and types within each other", deepest, unsupported],
  ["component instances, the host counted in", mostInstances, unsupported],
  ["definitions that linking goes through", mostDefinitions, unsupported],
  ["functions and other things of all core instances", maxProgramSize, unsupported],
  ["parameters, and results, of a core function", maxArity, unsupported],
  ["locals of a core function", maxLocals, unsupported],
  ["operands on the stack of a core function", maxOperands, unsupported],
  ["entries that all tables begin with", maxTableSize, unsupported],
  ["entries that all tables grow to", maxTableSize, `${code("table.grow")} gives -1`],
  ["memory that one begins with", gibibytes(maxMemoryPages, 64), unsupported],
  ["memory that one grows to", gibibytes(maxMemoryPages, 64), `${code("memory.grow")} gives -1`],
  ["memory that all begin with", gibibytes(maxProgramPages, 64), unsupported],
  ["memories that code uses", mostMemories, limit],
  ["words of translated code", mostCode, limit],
  ["operands of one function that wait for its calls, over all calls", mostWaiting, limit],
  ["operands looked through to translate one function", mostLooks, limit],
  ["core instructions between two calls out, without `--fuel`", defaultFuel, limit],
  ["zeros of a memory overwritten between two calls out", gibibytes(mostFresh, 1), limit],
  ["core calls that are open in one activation", mostCalls, exhausted],
  ["registers of these calls", mostRegisters, exhausted],
  ["choices of a run of a script under one policy", mostChoices, "the assertions left fail"],
];

/** `1000000000` as `1 000 000 000`. */
function grouped(n: number): string {
  return String(n).replace(/\B(?=(?:\d{3})+$)/g, " ");
}

export function boundsTable(): string {
  return table(
    ["what", "at most", "beyond it"],
    bounds.map(([what, most, beyond]) => [
      what,
      typeof most === "number" ? grouped(most) : most,
      beyond,
    ]),
  );
}
