// The built-ins of streams and futures. Mirrors spec/05 and CanonicalABI.md, "canon {stream,future}.*".

import type { Frame } from "../model/frames.ts";
import type { InstanceId, WaitableId } from "../model/ids.ts";
import type { CanonicalOptions } from "../model/program.ts";
import type { EndKind, HandleEntry } from "../model/store.ts";
import type { ValType } from "../model/types.ts";
import type { CoreValue } from "../model/values.ts";
import { guestBuffer, remain } from "./buffers.ts";
import { type CopyFrame, unlink } from "./ends.ts";
import {
  amended,
  assert,
  become,
  blocked,
  type Ctx,
  results,
  trapIf,
  trapUnlessMayLeave,
} from "./machine.ts";
import { copyingOrCancelling, editEnd, newEnds, readEnd } from "./pairs.ts";
import type { Rules } from "./rule.ts";
import { waitUntil } from "./threads.ts";
import { sameType } from "./values/types.ts";
import { addHandle, dropWaitable, getHandle, removeHandle, takePendingEvent } from "./waitables.ts";

interface EndBuiltin extends Frame {
  readonly args: readonly CoreValue[];
  readonly t: ValType | null;
  readonly opts: CanonicalOptions;
}

interface OperationFrame extends Frame {
  readonly waitable: WaitableId;
  readonly async: boolean;
}

const arg = (frame: EndBuiltin, i: number): number => Number(frame.args[i] ?? 0);

function newPair(what: "stream" | "future"): (c: Ctx, frame: EndBuiltin) => void {
  return (c, frame) => {
    const instance = trapUnlessMayLeave(c);
    const [reader, writer] = newEnds(c, what, frame.t, instance);
    const ri = addHandle(c, instance, { tag: "waitable", waitable: reader });
    const wi = addHandle(c, instance, { tag: "waitable", waitable: writer });
    editEnd(c, reader).index = ri;
    editEnd(c, writer).index = wi;
    results(c, BigInt(ri) + BigInt(wi) * 2n ** 32n);
  };
}

/** The end an entry stands for; traps unless it has this direction, family and element type. */
function expectEnd(c: Ctx, entry: HandleEntry, kind: EndKind, t: ValType | null): WaitableId {
  const waitable = entry.tag === "waitable" ? entry.waitable : null;
  const w = waitable === null ? null : c.edit.waitable.read(waitable);
  trapIf(c, w?.tag !== "end" || w.kind !== kind, "not-an-end");
  assert(waitable !== null && w?.tag === "end", "M12", "this waitable is an end");
  trapIf(c, !sameType(w.t, t), "wrong-type");
  return waitable;
}

/** `{stream,future}.{read,write}`: starts a copy. */
function startCopy(kind: EndKind): (c: Ctx, frame: EndBuiltin) => void {
  const future = kind.endsWith("future");
  return (c, frame) => {
    const instance = trapUnlessMayLeave(c);
    const waitable = expectEnd(c, getHandle(c, instance, arg(frame, 0)), kind, frame.t);
    const end = readEnd(c, waitable);
    const { async } = frame.opts;
    trapIf(c, end.state !== "idle", "not-idle");
    trapIf(c, end.set !== null && !async, "in-waitable-set");
    const length = future ? 1 : arg(frame, 2);
    const buffer = guestBuffer(c, instance, frame.opts, frame.t, arg(frame, 1), length);
    const copy: CopyFrame = { tag: "copy", waitable, buffer };
    become(c, { tag: "copy.done", waitable, async }, copy);
  };
}

/** After a copy or a cancel: its event is the result, or it is BLOCKED, or the thread waits. */
function report(c: Ctx, { waitable, async }: OperationFrame): void {
  const end = readEnd(c, waitable);
  if (end.pendingEvent !== null) {
    results(c, takePendingEvent(c, waitable).p2);
    return;
  }
  if (async) {
    results(c, blocked);
    return;
  }
  assert(
    end.set === null && !end.hasSyncWaiter,
    "A29",
    "a sync wait is exclusive: no set, no second waiter",
  );
  editEnd(c, waitable).hasSyncWaiter = true;
  const next: OperationFrame = { tag: "copy.waited", waitable, async };
  become(c, next, waitUntil({ tag: "has-event", waitable }));
}

function waited(c: Ctx, { waitable }: OperationFrame): void {
  editEnd(c, waitable).hasSyncWaiter = false;
  results(c, takePendingEvent(c, waitable).p2);
}

/** `{stream,future}.cancel-{read,write}`. */
function cancelCopy(kind: EndKind): (c: Ctx, frame: EndBuiltin) => void {
  return (c, frame) => {
    const instance = trapUnlessMayLeave(c);
    const waitable = expectEnd(c, getHandle(c, instance, arg(frame, 0)), kind, frame.t);
    const end = readEnd(c, waitable);
    const { async } = frame.opts;
    trapIf(c, end.state !== "copying", "not-copying");
    trapIf(c, end.hasSyncWaiter, "sync-waiter");
    trapIf(c, end.set !== null && !async, "in-waitable-set");
    become(c, { tag: "copy.done", waitable, async }, { tag: "end.cancel", waitable });
  };
}

/** `{stream,future}.drop-{readable,writable}`. */
function dropEnd(kind: EndKind): (c: Ctx, frame: EndBuiltin) => void {
  return (c, frame) => {
    const instance = trapUnlessMayLeave(c);
    const waitable = expectEnd(c, removeHandle(c, instance, arg(frame, 0)), kind, frame.t);
    const end = readEnd(c, waitable);
    const owes = kind === "writable-future" && end.state !== "done";
    trapIf(c, owes && !amended(c, "CM#719"), "not-done");
    trapIf(c, copyingOrCancelling(end), "copying");
    trapIf(c, owes, "not-done");
    unlink(c, waitable);
    dropWaitable(c, waitable);
    results(c);
  };
}

function takeForForward(
  c: Ctx,
  instance: InstanceId,
  frame: EndBuiltin,
  i: number,
  kind: EndKind,
): WaitableId {
  const waitable = expectEnd(c, removeHandle(c, instance, arg(frame, i)), kind, frame.t);
  const end = readEnd(c, waitable);
  trapIf(c, end.state !== "idle", "not-idle");
  trapIf(c, end.set !== null, "in-waitable-set");
  return waitable;
}

/** `{stream,future}.forward` (CM#717): the two outer peers become each other's. */
function forward(what: "stream" | "future"): (c: Ctx, frame: EndBuiltin) => void {
  return (c, frame) => {
    trapIf(c, !amended(c, "CM#717"), "unknown");
    const instance = trapUnlessMayLeave(c);
    const src = takeForForward(c, instance, frame, 0, `readable-${what}`);
    const dst = takeForForward(c, instance, frame, 1, `writable-${what}`);
    const writer = readEnd(c, src).other;
    const reader = readEnd(c, dst).other;
    const next: Frame = { tag: "forward.done", src, dst };
    if (writer === dst || writer === null || reader === null) {
      for (const end of [src, dst]) unlink(c, end);
      become(c, next);
      return;
    }
    editEnd(c, writer).other = reader;
    editEnd(c, reader).other = writer;
    for (const end of [src, dst]) editEnd(c, end).other = null;
    become(c, next, joinPending(c, writer, reader));
  };
}

/**
 * Two pending buffers meet: the smaller one's copy is done again, against the bigger one, even if it
 * was cancelled (see divergences, D-forward-cancelling).
 */
function joinPending(c: Ctx, writer: WaitableId, reader: WaitableId): Frame | null {
  const pendingWrite = readEnd(c, writer).buffer;
  const pendingRead = readEnd(c, reader).buffer;
  if (pendingWrite === null || pendingRead === null) return null;
  const readIsBigger = remain(pendingRead) > remain(pendingWrite);
  const smaller = readIsBigger ? writer : reader;
  editEnd(c, smaller).buffer = null;
  const buffer = readIsBigger ? pendingWrite : pendingRead;
  const copy: CopyFrame = { tag: "copy", waitable: smaller, buffer };
  return copy;
}

export const streamRules: Rules = {
  "stream.new": newPair("stream"),
  "future.new": newPair("future"),
  "stream.read": startCopy("readable-stream"),
  "stream.write": startCopy("writable-stream"),
  "future.read": startCopy("readable-future"),
  "future.write": startCopy("writable-future"),
  "copy.done": report,
  "copy.waited": waited,
  "stream.cancel-read": cancelCopy("readable-stream"),
  "stream.cancel-write": cancelCopy("writable-stream"),
  "future.cancel-read": cancelCopy("readable-future"),
  "future.cancel-write": cancelCopy("writable-future"),
  "stream.drop-readable": dropEnd("readable-stream"),
  "stream.drop-writable": dropEnd("writable-stream"),
  "future.drop-readable": dropEnd("readable-future"),
  "future.drop-writable": dropEnd("writable-future"),
  "stream.forward": forward("stream"),
  "future.forward": forward("future"),
  "forward.done": (c, frame: Frame & { src: WaitableId; dst: WaitableId }) => {
    for (const end of [frame.src, frame.dst]) dropWaitable(c, end);
    results(c);
  },
};
