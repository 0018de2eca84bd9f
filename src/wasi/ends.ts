// The host's own ends: made, watched and dropped without a rule of their own. Mirrors spec/09.

import { remain } from "../canon/buffers.ts";
import { unlink } from "../canon/ends.ts";
import { editEnd, newEnds, readEnd } from "../canon/pairs.ts";
import { dropWaitable, takePendingEvent } from "../canon/waitables.ts";
import type { WaitableId } from "../model/ids.ts";
import type { End } from "../model/store.ts";
import type { ValType } from "../model/types.ts";
import type { EndValue, Value } from "../model/values.ts";
import type { Host } from "./host.ts";
import type { WorldId } from "./world.ts";

/** The two ends of a new stream or future of an operation. */
export interface Pair {
  readonly readable: EndValue;
  readonly writable: EndValue;
}

/** A stream or future whose readable end comes from an operation, for as long as that end is there. */
export function newPair(
  { c }: Host,
  what: "stream" | "future",
  t: ValType | null,
  origin: WorldId,
): Pair {
  const [readable, writable] = newEnds(c, what, t, null);
  for (const id of [readable, writable]) editEnd(c, id).known = false;
  editEnd(c, readable).origin = origin;
  return {
    readable: { tag: "end", waitable: readable },
    writable: { tag: "end", waitable: writable },
  };
}

/** The readable end among a function's arguments: the host keeps it until it drops it. */
export function taken({ c }: Host, value: Value | undefined): EndValue {
  if (typeof value !== "object" || !("tag" in value) || value.tag !== "end") {
    throw new Error("an argument that is no stream");
  }
  editEnd(c, value.waitable).known = false;
  return { tag: "end", waitable: value.waitable };
}

/** The element type of an end. */
export function elementOf({ c }: Host, { waitable }: EndValue): ValType | null {
  return readEnd(c, waitable).t;
}

/** The other end; null once it was dropped. */
export function peerOf({ c }: Host, { waitable }: EndValue): Readonly<End> | null {
  const { other } = readEnd(c, waitable);
  return other === null ? null : readEnd(c, other);
}

/** How many elements the peer's copy is good for; null if it has none in progress that is still unanswered. */
export function askedBy(peer: Readonly<End>): number | null {
  const copying = peer.state === "copying" || peer.state === "cancelling";
  if (!copying || peer.buffer === null || peer.pendingEvent !== null) return null;
  return remain(peer.buffer);
}

/** Whether the host's own copy on this end is over. */
export function copyIsOver({ c }: Host, { waitable }: EndValue): boolean {
  return readEnd(c, waitable).pendingEvent !== null;
}

/** Whether elements have come to this end that the host has not looked at yet. */
export function hasReceived({ c }: Host, { waitable }: EndValue): boolean {
  const { pendingEvent, received } = readEnd(c, waitable);
  return pendingEvent !== null && received.length > 0;
}

/** Drops an end of the host's; an event that it has not taken goes with it. */
export function dropEnd({ c }: Host, { waitable }: EndValue): void {
  if (readEnd(c, waitable).pendingEvent !== null) takePendingEvent(c, waitable);
  unlink(c, waitable);
  dropWaitable(c, waitable);
}

/** A readable end that an operation gave away and nobody has dropped. */
export interface GivenEnd {
  readonly waitable: WaitableId;
  readonly operation: WorldId;
  readonly part: "stream" | "future";
}

/** All of them, in the order in which they were made. */
export function givenEnds({ c }: Host): readonly GivenEnd[] {
  const given: GivenEnd[] = [];
  const { list } = c.edit.waitable;
  for (let id = 0; id < list.length; id++) {
    const seen = list[id];
    // an origin is set when an end is made, so that only ends that have one need be watched
    if (seen?.tag !== "end" || seen.origin === null) continue;
    const waitable = id as WaitableId;
    const end = readEnd(c, waitable);
    if (end.origin === null) continue;
    const part = end.kind === "readable-stream" ? "stream" : "future";
    given.push({ waitable, operation: end.origin, part });
  }
  return given;
}
