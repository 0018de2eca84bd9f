// How traces and action names call the things of a store. Mirrors spec/07.

import type { InstanceId, WaitableId } from "../model/ids.ts";
import type { Ctx } from "./machine.ts";

export function instanceName(c: Ctx, id: InstanceId | null): string {
  return id === null ? "host" : (c.program.instances[id]?.name ?? `instance ${id}`);
}

const letters = {
  "readable-stream": "r",
  "writable-stream": "w",
  "readable-future": "fr",
  "writable-future": "fw",
} as const;

/** A waitable by its owner and index: `A/w3`, `A/subtask2`; `host/w` for one that no table holds. */
export function describe(c: Ctx, id: WaitableId): string {
  const w = c.edit.waitable.read(id);
  const index = w.index ?? "";
  if (w.tag === "end") return `${instanceName(c, w.owner)}/${letters[w.kind]}${index}`;
  const owner = w.lowering.tag === "core" ? w.lowering.instance : null;
  return `${instanceName(c, owner)}/subtask${index}`;
}
