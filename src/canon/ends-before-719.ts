// Before CM#719: both ends share one pending slot and results are fixed early. Mirrors spec/07.

import type { Frame } from "../model/frames.ts";
import type { WaitableId } from "../model/ids.ts";
import type { Buffer, End, EndEvent } from "../model/store.ts";
import { type MovedFrame, move, remain } from "./buffers.ts";
import { amended, assert, type Ctx, finish, trapIf } from "./machine.ts";
import { copyingOrCancelling, copyResults, editEnd, isFuture, isReader } from "./pairs.ts";
import type { Rules } from "./rule.ts";
import { noneOrNumberType } from "./values/types.ts";

type Result = (EndEvent & { tag: "copied" })["result"];

/** `on_copy_done(result)`: the result is fixed now; nothing is reclaimed later. */
function notify(c: Ctx, id: WaitableId, result: Result, reclaim = false): void {
  editEnd(c, id).pendingEvent = { tag: "copied", result, reclaim };
}

/** `reset_and_notify_pending` for the end whose buffer is the pending one. */
function resetAndNotify(c: Ctx, id: WaitableId, result: Result): void {
  editEnd(c, id).attached = false;
  notify(c, id, result);
}

/** The payload of `stream_event` or `future_event`. */
export function eventBefore719(end: End, event: EndEvent & { tag: "copied" }): number {
  const { buffer } = end;
  const progress = buffer?.progress ?? 0;
  if (event.reclaim) end.attached = false;
  assert(copyingOrCancelling(end), "A59", "an event exists only for a copy in progress");
  end.buffer = null;
  const result = copyResults[event.result];
  if (!isFuture(end.kind)) {
    end.state = event.result === "DROPPED" ? "done" : "idle";
    return result + progress * 16;
  }
  assert(
    (buffer !== null && remain(buffer) === 0) === (event.result === "COMPLETED"),
    "A61",
    "COMPLETED iff the value moved",
  );
  end.state = event.result === "CANCELLED" ? "idle" : "done";
  return result;
}

interface CopyFrame extends Frame {
  readonly waitable: WaitableId;
  readonly buffer: Buffer;
}

/** `SharedStreamImpl.read/write` and `SharedFutureImpl.read/write`. */
export function copyBefore719(c: Ctx, frame: CopyFrame): void {
  const { waitable, buffer } = frame;
  const end = editEnd(c, waitable);
  end.state = "copying";
  end.buffer = buffer;
  if (end.other === null) {
    assert(
      !isFuture(end.kind) || !isReader(end.kind),
      "A41",
      "nobody reads a future whose writer is gone",
    );
    notify(c, waitable, "DROPPED");
    finish(c, null);
    return;
  }
  const peer = editEnd(c, end.other);
  if (!peer.attached || peer.buffer === null) {
    end.attached = true;
    finish(c, null);
    return;
  }
  const same = end.owner !== null && end.owner === peer.owner;
  trapIf(c, same && !noneOrNumberType(end.t), "same-instance");
  meet(c, frame, end, peer.buffer);
}

function meet(c: Ctx, frame: CopyFrame, end: End, pending: Buffer): void {
  const { waitable, buffer } = frame;
  const bothEmpty = buffer.length === 0 && pending.length === 0;
  if (remain(pending) > 0 && remain(buffer) > 0) {
    const n = Math.min(remain(buffer), remain(pending));
    const [src, dst] = isReader(end.kind) ? [pending, buffer] : [buffer, pending];
    const next = { tag: "copy.moved-before-719", waitable, buffer } as const;
    move(c, end.t, src, dst, n, next);
    return;
  }
  if (remain(pending) > 0 || (!isReader(end.kind) && bothEmpty)) notify(c, waitable, "COMPLETED");
  else displace(c, end);
  finish(c, null);
}

/** The pending buffer is used up: its owner is told, and this end's buffer is the pending one. */
function displace(c: Ctx, end: End): void {
  if (end.other !== null) resetAndNotify(c, end.other, "COMPLETED");
  end.attached = true;
}

function moved(c: Ctx, { waitable, n, values }: MovedFrame): void {
  const end = editEnd(c, waitable);
  assert(end.other !== null, "E05", "a rendezvous has two ends");
  const peer = editEnd(c, end.other);
  for (const side of [end, peer]) {
    if (side.buffer === null) continue;
    if (side.buffer.tag === "host" && isReader(side.kind))
      side.received = [...side.received, ...values];
    side.buffer = { ...side.buffer, progress: side.buffer.progress + n };
  }
  if (!isFuture(end.kind)) notify(c, end.other, "COMPLETED", true);
  else resetAndNotify(c, end.other, "COMPLETED");
  notify(c, waitable, "COMPLETED");
  finish(c, null);
}

/** `SharedStreamImpl.drop`, `SharedFutureImpl.drop`: only a pending buffer's owner is told. */
export function dropBefore719(c: Ctx, id: WaitableId): void {
  const end = editEnd(c, id);
  assert(end.pendingEvent === null, "A31", "a dropped waitable has nothing to report");
  if (end.other === null) return;
  const peer = editEnd(c, end.other);
  peer.other = null;
  if (peer.attached) {
    const fixed = !isFuture(peer.kind) || amended(c, "CM#708");
    assert(fixed, "A40", "the pending buffer of a dropped future is the writer's");
    resetAndNotify(c, end.other, "DROPPED");
  }
  end.other = null;
}

export const endBefore719Rules: Rules = { "copy.moved-before-719": moved };
