// The entities of a store as integers. Mirrors spec/07 and CanonicalABI.md, "Runtime State".

import type { Ret } from "../../model/frames.ts";
import type {
  Caller,
  End,
  EndEvent,
  Ending,
  HandleEntry,
  Instance,
  Lowering,
  ResourceHandle,
  Subtask,
  Task,
} from "../../model/store.ts";
import type { Thread } from "../../model/thread.ts";
import type { CoreValue } from "../../model/values.ts";
import type { DataWriter } from "./data.ts";
import { type FrameWriter, writeBuffer, writeReady } from "./frames.ts";
import { kindNumber } from "./numbering.ts";

const taskStates = {
  initial: 0,
  started: 1,
  "pending-cancel": 2,
  "cancel-delivered": 3,
  resolved: 4,
} as const satisfies Record<Task["state"], number>;

const subtaskStates = {
  STARTING: 0,
  STARTED: 1,
  RETURNED: 2,
  CANCELLED_BEFORE_STARTED: 3,
  CANCELLED_BEFORE_RETURNED: 4,
} as const satisfies Record<Subtask["state"], number>;

const cancellables = {
  no: 0,
  yes: 1,
  "lock-available": 2,
} as const satisfies Record<Thread["cancellable"], number>;

const endKinds = {
  "readable-stream": 0,
  "writable-stream": 1,
  "readable-future": 2,
  "writable-future": 3,
} as const satisfies Record<End["kind"], number>;

const endStates = {
  idle: 0,
  copying: 1,
  cancelling: 2,
  done: 3,
} as const satisfies Record<End["state"], number>;

const copyResults = {
  COMPLETED: 0,
  DROPPED: 1,
  CANCELLED: 2,
} as const satisfies Record<Extract<EndEvent, { tag: "copied" }>["result"], number>;

const bit = (b: boolean, n: number): number => (b ? 1 << n : 0);

/** How the run ended; where it happened is for people. */
export function writeEnding(w: DataWriter, ending: Ending | null): void {
  if (ending === null) {
    w.int(0);
    return;
  }
  w.int(1);
  w.text(ending.tag);
  w.text(ending.tag === "limit" ? ending.bound : ending.code);
}

export function writeInstance(w: DataWriter, inst: Readonly<Instance>): void {
  const { handles, threads, mayEnter, mayLeave, backpressure, numWaitingToEnter } = inst;
  w.int(handles.array.length);
  for (const entry of handles.array) writeHandleEntry(w, entry);
  w.ints(handles.free);
  w.refs(kindNumber.thread, threads.array);
  w.ints(threads.free);
  w.int(bit(mayEnter, 0) | bit(mayLeave, 1));
  w.int(backpressure);
  w.int(numWaitingToEnter);
  w.ref(kindNumber.thread, inst.exclusiveThread);
  w.named(inst.globals);
}

function writeHandleEntry(w: DataWriter, entry: HandleEntry | null): void {
  if (entry === null) {
    w.int(0);
    return;
  }
  switch (entry.tag) {
    case "resource":
      w.int(1);
      w.ref(kindNumber.handle, entry.handle);
      return;
    case "waitable":
      w.int(2);
      w.ref(kindNumber.waitable, entry.waitable);
      return;
    case "set":
      w.int(3);
      w.ref(kindNumber.set, entry.set);
      return;
    case "error-context":
      w.int(4);
      w.data(entry.message);
  }
}

export function writeTask(w: DataWriter, task: Readonly<Task>): void {
  w.fixed(task.ft);
  w.fixed(task.opts);
  w.int(task.instance);
  writeCaller(w, task.caller, task.state === "resolved");
  w.int(taskStates[task.state] | bit(task.driven, 3));
  w.int(task.numBorrows);
  w.ref(kindNumber.thread, task.implicitThread);
  w.refs(kindNumber.thread, task.threads);
}

/** Nothing asks a resolved task for its subtask, which may be gone, and its id another's. */
function writeCaller(w: DataWriter, caller: Caller, resolved: boolean): void {
  if (caller.tag === "subtask") {
    w.int(0);
    w.ref(kindNumber.waitable, resolved ? null : caller.waitable);
  } else {
    w.int(1);
    w.ref(kindNumber.thread, caller.thread);
    w.list(caller.args);
  }
}

/** `path`: as the permutation has it. */
export function writeThread(
  w: DataWriter,
  t: Readonly<Thread>,
  path: string,
  frames: FrameWriter,
): void {
  w.text(path);
  w.ref(kindNumber.task, t.task);
  if (t.state.tag === "waiting") {
    w.int(2);
    writeReady(w, t.state.ready);
  } else w.int(t.state.tag === "running" ? 0 : 1);
  w.int(cancellables[t.cancellable]);
  w.index(t.index);
  w.data(t.storage[0]);
  w.data(t.storage[1]);
  writeRet(w, t.ret);
  frames.frames(w, t.frames);
}

function writeRet(w: DataWriter, ret: Ret): void {
  if (ret === null) {
    w.int(0);
    return;
  }
  switch (ret.tag) {
    case "core":
    case "values":
      w.int(ret.tag === "core" ? 1 : 2);
      w.list(ret.values);
      return;
    case "event":
      w.int(3);
      w.text(ret.event.code);
      w.int(ret.event.p1);
      w.int(ret.event.p2);
      return;
    case "cancelled":
      w.int(ret.cancelled ? 5 : 4);
  }
}

export function writeSubtask(w: DataWriter, subtask: Readonly<Subtask>, dead: boolean): void {
  const { state, set, hasSyncWaiter, pendingEvent, cancellationRequested, lenders } = subtask;
  w.int(subtaskStates[state]);
  w.int(bit(hasSyncWaiter, 0) | bit(pendingEvent, 1) | bit(cancellationRequested, 2));
  w.ref(kindNumber.set, set);
  w.index(subtask.index);
  w.ref(kindNumber.task, subtask.task);
  w.int(lenders === null ? -1 : lenders.length);
  if (lenders !== null) for (const id of lenders) w.ref(kindNumber.handle, id);
  w.list(subtask.flatResults);
  const resolved = state !== "STARTING" && state !== "STARTED";
  w.int(dead && resolved ? -1 : subtask.func);
  writeLowering(w, subtask.lowering, dead ? state : "STARTING");
}

/** Arguments count until the callee starts, and the pointer for its result until it resolves. */
function writeLowering(w: DataWriter, lowering: Lowering, state: Subtask["state"]): void {
  const starting = state === "STARTING";
  if (lowering.tag === "values") {
    w.int(0);
    w.list(starting ? lowering.args : []);
    w.list(lowering.results);
    return;
  }
  w.int(1);
  w.int(lowering.instance);
  if (!starting && state !== "STARTED") return;
  w.fixed(lowering.opts);
  w.list(starting ? lowering.flatArgs : lastOf(lowering.flatArgs));
}

function lastOf(args: readonly CoreValue[]): readonly CoreValue[] {
  return args.length < 2 ? args : args.slice(-1);
}

export function writeEnd(w: DataWriter, end: Readonly<End>): void {
  const { hasSyncWaiter, attached, known, kind, state, pendingEvent } = end;
  w.int(-1 - endKinds[kind]);
  w.int(endStates[state] | bit(hasSyncWaiter, 2) | bit(attached, 3) | bit(known, 4));
  w.fixed(end.t);
  w.ref(kindNumber.set, end.set);
  w.ref(kindNumber.waitable, end.other);
  w.index(end.owner);
  w.index(end.index);
  w.index(end.origin);
  writeEndEvent(w, pendingEvent);
  writeBuffer(w, end.buffer);
  w.list(end.received);
}

function writeEndEvent(w: DataWriter, event: EndEvent | null): void {
  if (event === null) w.int(0);
  else if (event.tag === "end") {
    w.int(1);
    w.int(event.progress);
  } else w.int(2 + copyResults[event.result] + bit(event.reclaim, 2));
}

export function writeHandle(w: DataWriter, handle: Readonly<ResourceHandle>): void {
  w.int(handle.rt);
  w.data(handle.rep);
  w.int(handle.own ? 1 : 0);
  w.ref(kindNumber.task, handle.task);
  w.int(handle.numLends);
}
