// Waitables and waitable sets: events, joining, waiting. Mirrors spec/04 and CanonicalABI.md, "Waitable State".

import type { EventCode, EventTuple, Frame } from "../model/frames.ts";
import type { InstanceId, SetId, WaitableId } from "../model/ids.ts";
import { writeInt } from "../model/memory.ts";
import type { CanonicalOptions } from "../model/program.ts";
import type { HandleEntry } from "../model/store.ts";
import { endEvent } from "./ends.ts";
import {
  assert,
  become,
  type Choice,
  type Ctx,
  currentInstance,
  finish,
  instance,
  results,
  takeCancelled,
  takeEvent,
  trapIf,
  trapUnlessMayLeave,
} from "./machine.ts";
import { describe } from "./names.ts";
import { hasPendingEvent, setHasPendingEvent } from "./ready.ts";
import type { ChoicesOf, Rules } from "./rule.ts";
import { subtaskEvent } from "./subtasks.ts";
import { tableAdd, tableGet, tableRemove } from "./table.ts";
import { deliverOnEntry, waitUntil } from "./threads.ts";

/** The numbers of the event codes in core code. */
export const eventCodes: Readonly<Record<EventCode, number>> = {
  NONE: 0,
  SUBTASK: 1,
  STREAM_READ: 2,
  STREAM_WRITE: 3,
  FUTURE_READ: 4,
  FUTURE_WRITE: 5,
  TASK_CANCELLED: 6,
};

export const taskCancelled: EventTuple = { code: "TASK_CANCELLED", p1: 0, p2: 0 };
export const noEvent: EventTuple = { code: "NONE", p1: 0, p2: 0 };

/** Adds an entry to the handle table of an instance and returns its index. */
export function addHandle(c: Ctx, id: InstanceId, entry: HandleEntry): number {
  const inst = c.edit.edit("instance", id);
  const { table, index } = tableAdd(inst.handles, entry);
  inst.handles = table;
  return index;
}

export function getHandle(c: Ctx, i: number): HandleEntry {
  return tableGet(instance(c).handles, i);
}

/** Removes an entry before it is looked at, as the reference does. */
export function removeHandle(c: Ctx, i: number): HandleEntry {
  const inst = c.edit.edit("instance", currentInstance(c));
  const { table, entry } = tableRemove(inst.handles, i);
  inst.handles = table;
  return entry;
}

/** `Waitable.get_pending_event`: takes the event and what follows from its delivery. */
export function takePendingEvent(c: Ctx, id: WaitableId): EventTuple {
  const w = c.edit.read("waitable", id);
  return w.tag === "subtask" ? subtaskEvent(c, id) : endEvent(c, id);
}

/** `Waitable.join`: moves a waitable into a set, or out of any. */
function joinSet(c: Ctx, id: WaitableId, set: SetId | null): void {
  const w = c.edit.edit("waitable", id);
  assert(!w.hasSyncWaiter, "A30", "membership does not change under a sync wait");
  if (w.set !== null) {
    const old = c.edit.edit("set", w.set);
    old.elems = old.elems.filter((elem) => elem !== id);
  }
  w.set = set;
  if (set === null) return;
  const joined = c.edit.edit("set", set);
  joined.elems = [...joined.elems, id];
}

/** `Waitable.drop`: leaves its set and is gone. */
export function dropWaitable(c: Ctx, id: WaitableId): void {
  assert(!c.edit.read("waitable", id).hasSyncWaiter, "A31", "nobody waits for a dropped waitable");
  joinSet(c, id, null);
  const w = c.edit.edit("waitable", id);
  if (w.tag === "subtask" || !w.known) {
    c.edit.remove("waitable", id);
    return;
  }
  const gone = {
    state: "done",
    buffer: null,
    owner: null,
    index: null,
    pendingEvent: null,
  } as const;
  Object.assign(w, gone);
}

/** A frame that takes one pending event out of a set: `WaitableSet.get_pending_event`. */
interface EventFrame extends Frame {
  readonly tag: "event";
  readonly set: SetId;
}

export function eventFrame(set: SetId): EventFrame {
  return { tag: "event", set };
}

/** Which of the pending events a set delivers is open. */
function eventChoices(c: Ctx, { set }: EventFrame): readonly Choice[] {
  const pending = c.edit.read("set", set).elems.filter((w) => hasPendingEvent(c, w));
  return pending.map((w) => ({ name: `event ${describe(c, w)}`, value: w }));
}

interface WaitFrame extends Frame {
  readonly args: readonly number[];
  readonly opts: CanonicalOptions;
  readonly cancellable: boolean;
}

interface WaitedFrame extends Frame {
  readonly set: SetId;
  readonly ptr: number;
  readonly opts: CanonicalOptions;
}

/** The set that an index names; traps where it names nothing or something else. */
function getSet(c: Ctx, i: number): SetId {
  const entry = getHandle(c, i);
  trapIf(c, entry.tag !== "set", "not-a-set");
  return (entry as HandleEntry & { tag: "set" }).set;
}

/** `unpack_event`: the payload goes to memory, the code is returned. */
function unpackEvent(c: Ctx, { ptr, opts }: WaitedFrame, event: EventTuple): void {
  assert(opts.memory !== null, "M07", "validation requires a memory here");
  const { length } = c.edit.read("memory", opts.memory);
  // NON-SPEC: the reference only asserts this (see divergences, D-payload-pointer).
  trapIf(c, ptr % 4 !== 0, "misaligned");
  trapIf(c, ptr + 8 > length, "out-of-bounds");
  const memory = c.edit.edit("memory", opts.memory);
  writeInt(memory, event.p1, ptr, 4);
  writeInt(memory, event.p2, ptr + 4, 4);
  results(c, eventCodes[event.code]);
}

function wait(c: Ctx, frame: WaitFrame): void {
  trapUnlessMayLeave(c);
  const [si = 0, ptr = 0] = frame.args;
  const set = getSet(c, si);
  c.edit.edit("set", set).numWaiting += 1;
  become(
    c,
    { tag: "waitable-set.waited", set, ptr, opts: frame.opts },
    waitUntil({ tag: "set-has-event", set }, frame.cancellable ? "yes" : "no"),
  );
}

function waited(c: Ctx, frame: WaitedFrame): void {
  c.edit.edit("set", frame.set).numWaiting -= 1;
  if (takeCancelled(c)) deliver(c, frame, taskCancelled);
  else become(c, { ...frame, tag: "waitable-set.deliver" }, eventFrame(frame.set));
}

/** Hands an event to the frame that stores it, so that one rule owns the memory checks. */
function deliver(c: Ctx, frame: WaitedFrame, event: EventTuple): void {
  become(c, { ...frame, tag: "waitable-set.deliver" }, { tag: "event.known", event });
}

function poll(c: Ctx, frame: WaitFrame): void {
  trapUnlessMayLeave(c);
  const [si = 0, ptr = 0] = frame.args;
  const set = getSet(c, si);
  const next: WaitedFrame = { tag: "waitable-set.deliver", set, ptr, opts: frame.opts };
  if (deliverOnEntry(c, frame.cancellable ? "yes" : "no")) deliver(c, next, taskCancelled);
  else if (setHasPendingEvent(c, set)) become(c, next, eventFrame(set));
  else deliver(c, next, noEvent);
}

function join(c: Ctx, frame: Frame & { args: readonly number[] }): void {
  trapUnlessMayLeave(c);
  const [wi = 0, si = 0] = frame.args;
  const entry = getHandle(c, wi);
  trapIf(c, entry.tag !== "waitable", "not-a-waitable");
  const { waitable } = entry as HandleEntry & { tag: "waitable" };
  trapIf(c, c.edit.read("waitable", waitable).hasSyncWaiter, "sync-waiter");
  joinSet(c, waitable, si === 0 ? null : getSet(c, si));
  results(c);
}

function dropSet(c: Ctx, frame: Frame & { args: readonly number[] }): void {
  trapUnlessMayLeave(c);
  const entry = removeHandle(c, frame.args[0] ?? 0);
  trapIf(c, entry.tag !== "set", "not-a-set");
  const { set } = entry as HandleEntry & { tag: "set" };
  const { elems, numWaiting } = c.edit.read("set", set);
  trapIf(c, elems.length > 0, "not-empty");
  trapIf(c, numWaiting > 0, "waiters");
  c.edit.remove("set", set);
  results(c);
}

export const waitableRules: Rules = {
  event: (c, _frame: EventFrame, pick) => {
    finish(c, { tag: "event", event: takePendingEvent(c, pick as WaitableId) });
  },
  "event.known": (c, frame: Frame & { event: EventTuple }) => {
    finish(c, { tag: "event", event: frame.event });
  },
  "waitable-set.new": (c) => {
    trapUnlessMayLeave(c);
    const set = c.edit.add("set", { elems: [], numWaiting: 0 });
    results(c, addHandle(c, currentInstance(c), { tag: "set", set }));
  },
  "waitable-set.wait": wait,
  "waitable-set.waited": waited,
  "waitable-set.deliver": (c, frame: WaitedFrame) => unpackEvent(c, frame, takeEvent(c)),
  "waitable-set.poll": poll,
  "waitable-set.drop": dropSet,
  "waitable.join": join,
};

export const waitableChoices: ChoicesOf = { event: eventChoices };
