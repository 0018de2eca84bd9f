// Stream and future ends: copy, cancel, drop, forward. Mirrors spec/05 and CanonicalABI.md, "Stream and Future State".

import type { EventCode, EventTuple, Frame } from "../model/frames.ts";
import type { WaitableId } from "../model/ids.ts";
import type { Buffer, End, EndKind } from "../model/store.ts";
import { advanced, type MovedFrame, move, remain } from "./buffers.ts";
import { copyBefore719, dropBefore719, eventBefore719 } from "./ends-before-719.ts";
import { amended, assert, type Ctx, finish, trapIf } from "./machine.ts";
import { describe } from "./names.ts";
import { copyingOrCancelling, copyResults, editEnd, isFuture, isReader, readEnd } from "./pairs.ts";
import type { Choices, ChoicesOf, Rules } from "./rule.ts";
import { noneOrNumberType } from "./values/types.ts";

const eventOf = {
  "readable-stream": "STREAM_READ",
  "writable-stream": "STREAM_WRITE",
  "readable-future": "FUTURE_READ",
  "writable-future": "FUTURE_WRITE",
} as const satisfies Record<EndKind, EventCode>;

/** `End.notify`: an event is pending; its result is computed when it is delivered. */
function notify(c: Ctx, id: WaitableId, progress: number): void {
  editEnd(c, id).pendingEvent = { tag: "end", progress };
}

function streamResult(end: End): keyof typeof copyResults {
  if (end.other === null) {
    assert(end.state !== "done", "E01", "an end is told only once that its peer is gone");
    end.state = "done";
    return "DROPPED";
  }
  const cancelled = end.state === "cancelling";
  assert(
    cancelled || end.state === "copying",
    "A59",
    "an event exists only for a copy in progress",
  );
  end.state = "idle";
  return cancelled ? "CANCELLED" : "COMPLETED";
}

function futureResult(end: End, progress: number): keyof typeof copyResults {
  if (progress === 1) {
    assert(copyingOrCancelling(end), "A59", "an event exists only for a copy in progress");
    end.state = "done";
    return "COMPLETED";
  }
  if (end.other === null) {
    assert(end.state !== "done", "E01", "an end is told only once that its peer is gone");
    end.state = "done";
    return "DROPPED";
  }
  assert(end.state === "cancelling", "E02", "a future without its value was cancelled");
  end.state = "idle";
  return "CANCELLED";
}

/** Takes the pending event of an end: `stream_event`, `future_event`. */
export function endEvent(c: Ctx, id: WaitableId): EventTuple {
  const end = editEnd(c, id);
  const event = end.pendingEvent;
  assert(event !== null, "A56", "an event is taken only while it is pending");
  end.pendingEvent = null;
  const code = eventOf[end.kind];
  const p1 = end.index ?? 0;
  if (event.tag === "copied") return { code, p1, p2: eventBefore719(end, event) };
  end.buffer = null;
  const future = isFuture(end.kind);
  const result = copyResults[future ? futureResult(end, event.progress) : streamResult(end)];
  return { code, p1, p2: future ? result : result + event.progress * 16 };
}

export interface CopyFrame extends Frame {
  readonly tag: "copy";
  readonly waitable: WaitableId;
  readonly buffer: Buffer;
}

/** `End.copy`. When it is over, an event is pending on the end or its buffer waits for the peer. */
function copy(c: Ctx, frame: CopyFrame): void {
  if (!amended(c, "CM#719")) {
    copyBefore719(c, frame);
    return;
  }
  const { waitable, buffer } = frame;
  const end = editEnd(c, waitable);
  assert(end.buffer === null, "E03", "an idle end has no buffer");
  end.state = "copying";
  if (end.other === null) {
    copyWithoutPeer(c, end, waitable);
    finish(c, null);
    return;
  }
  const peer = readEnd(c, end.other);
  if (peer.buffer === null) attach(c, end, buffer);
  else if (remain(buffer) > 0 && remain(peer.buffer) > 0) rendezvous(c, frame, end, peer.buffer);
  else meetEmpty(c, frame, end, peer.buffer);
}

/** Before CM#720 an idle end hears here, at its next copy, that its peer is gone. */
function copyWithoutPeer(c: Ctx, end: End, id: WaitableId): void {
  if (!amended(c, "CM#720")) notify(c, id, 0);
  assert(end.pendingEvent !== null, "E04", "an end whose peer is gone has been told");
}

function attach(c: Ctx, end: End, buffer: Buffer): void {
  end.buffer = buffer;
  finish(c, null);
}

/** Both sides have room or data: the elements move at once, as many as both allow. */
function rendezvous(c: Ctx, frame: CopyFrame, end: Readonly<End>, pending: Buffer): void {
  const { waitable, buffer } = frame;
  assert(end.other !== null, "E05", "a rendezvous has two ends");
  const other = readEnd(c, end.other);
  const same = end.owner !== null && end.owner === other.owner;
  trapIf(c, same && !noneOrNumberType(end.t), "same-instance");
  const n = Math.min(remain(buffer), remain(pending));
  const [src, dst] = isReader(end.kind) ? [pending, buffer] : [buffer, pending];
  move(c, end.t, src, dst, n, { tag: "copy.moved", waitable, buffer });
}

/** The elements have moved: both buffers advance, both ends are told. */
function moved(c: Ctx, frame: MovedFrame): void {
  const end = readEnd(c, frame.waitable);
  assert(end.other !== null, "E05", "a rendezvous has two ends");
  const peer = editEnd(c, end.other);
  assert(peer.buffer !== null, "E05", "a rendezvous has two buffers");
  const mine = passed(c, frame.waitable, frame.buffer, frame);
  const pending = passed(c, end.other, peer.buffer, frame);
  notify(c, frame.waitable, mine.progress);
  notify(c, end.other, pending.progress);
  peer.buffer = remain(pending) === 0 ? null : pending;
  finish(c, null);
}

/** A buffer after `n` elements went through it; a host reader keeps the values. */
function passed(c: Ctx, id: WaitableId, buffer: Buffer, { n, values }: MovedFrame): Buffer {
  const end = editEnd(c, id);
  if (buffer.tag === "host" && isReader(end.kind)) end.received = [...end.received, ...values];
  return advanced(buffer, n);
}

/** One side has nothing left: a zero-length copy tells the other side that somebody is there. */
function meetEmpty(c: Ctx, frame: CopyFrame, end: End, pending: Buffer): void {
  assert(end.other !== null, "E05", "a rendezvous has two ends");
  const displaces = remain(frame.buffer) > 0 || (isReader(end.kind) && remain(pending) === 0);
  if (displaces) {
    notify(c, end.other, 0);
    editEnd(c, end.other).buffer = null;
    end.buffer = frame.buffer;
  } else notify(c, frame.waitable, 0);
  finish(c, null);
}

interface EndFrame extends Frame {
  readonly waitable: WaitableId;
}

const nowChoice = 0;
const laterChoice = 1;

const answers = {
  either: [nowChoice, laterChoice],
  "at-once": [nowChoice],
  defer: [laterChoice],
} as const;

/**
 * Whether a cancel may be deferred: only by a host peer that has not answered yet. Before CM#719 the
 * one who made the pair answered, and writable ends stay with who made them.
 */
const cancelChoices: Choices<EndFrame> = {
  picks(c, { waitable }) {
    const end = readEnd(c, waitable);
    const now = answers["at-once"];
    if (end.pendingEvent !== null || end.other === null) return now;
    if (!amended(c, "CM#719") && !isReader(end.kind)) return now;
    const { profile } = c.edit.globals;
    if (readEnd(c, end.other).owner !== null || profile.name === "deterministic") return now;
    return answers[profile.hostCancelCopy];
  },
  name: (c, { waitable }, pick) =>
    `${pick === laterChoice ? "cancel-later" : "cancel-now"} ${describe(c, waitable)}`,
};

/** `End.cancel`: the copy ends with an event, unless a host peer takes its time. */
function cancel(c: Ctx, { waitable }: EndFrame, pick: number): void {
  const end = editEnd(c, waitable);
  end.state = "cancelling";
  if (end.pendingEvent === null && pick !== laterChoice) completeCancel(c, waitable);
  finish(c, null);
}

/** Tells an end that its cancel is complete; the host does so when it deferred it. */
export function completeCancel(c: Ctx, id: WaitableId): void {
  if (amended(c, "CM#719")) {
    notify(c, id, 0);
    return;
  }
  const end = editEnd(c, id);
  end.attached = false;
  end.pendingEvent = { tag: "copied", result: "CANCELLED", reclaim: false };
}

/** `End.drop`: the peer is on its own, and is told unless it knows. Not yet out of its set. */
export function unlink(c: Ctx, id: WaitableId): void {
  if (!amended(c, "CM#719")) {
    dropBefore719(c, id);
    return;
  }
  const end = editEnd(c, id);
  if (end.other === null) return;
  const peer = editEnd(c, end.other);
  assert(peer.other === id, "E06", "two ends point at each other");
  peer.other = null;
  const listens = amended(c, "CM#720") ? peer.state !== "done" : copyingOrCancelling(peer);
  if (listens && peer.pendingEvent === null) notify(c, end.other, 0);
  end.other = null;
}

export const endRules: Rules = {
  copy,
  "copy.moved": moved,
  "end.cancel": cancel,
};

export const endChoices: ChoicesOf = { "end.cancel": cancelChoices };
