// Pairs of ends: making them, and what both revisions of their rules ask of one. Mirrors spec/05.

import type { InstanceId, WaitableId } from "../model/ids.ts";
import type { End, EndKind } from "../model/store.ts";
import type { ValType } from "../model/types.ts";
import { assert, type Ctx } from "./machine.ts";

/** `CopyResult` and its number in the packed result. */
export const copyResults = { COMPLETED: 0, DROPPED: 1, CANCELLED: 2 } as const;

export function readEnd(c: Ctx, id: WaitableId): Readonly<End> {
  const w = c.edit.waitable.read(id);
  assert(w.tag === "end", "M12", "this waitable is an end");
  return w;
}

export function editEnd(c: Ctx, id: WaitableId): End {
  const w = c.edit.waitable.edit(id);
  assert(w.tag === "end", "M12", "this waitable is an end");
  return w;
}

export function isReader(kind: EndKind): boolean {
  return kind === "readable-stream" || kind === "readable-future";
}

export function isFuture(kind: EndKind): boolean {
  return kind === "readable-future" || kind === "writable-future";
}

export function copyingOrCancelling(end: Readonly<End>): boolean {
  return end.state === "copying" || end.state === "cancelling";
}

/** `new_stream`, `new_future`: two ends that point at each other; a null owner is the host. */
export function newEnds(
  c: Ctx,
  what: "stream" | "future",
  t: ValType | null,
  owner: InstanceId | null,
): readonly [WaitableId, WaitableId] {
  const add = (kind: EndKind): WaitableId =>
    c.edit.waitable.add({
      tag: "end",
      kind,
      t,
      set: null,
      hasSyncWaiter: false,
      state: "idle",
      other: null,
      buffer: null,
      attached: false,
      owner,
      index: null,
      pendingEvent: null,
      received: [],
      known: owner === null,
      origin: null,
    });
  const reader = add(`readable-${what}`);
  const writer = add(`writable-${what}`);
  editEnd(c, reader).other = writer;
  editEnd(c, writer).other = reader;
  return [reader, writer];
}
