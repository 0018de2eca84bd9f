// Waitables and waitable sets: events, joining, waiting. Mirrors spec/04 and CanonicalABI.md, "Waitable State".

import type { EventCode, EventTuple, Frame } from "../model/frames.ts";
import type { InstanceId, SetId, WaitableId } from "../model/ids.ts";
import { writeInt } from "../model/memory.ts";
import type { CanonicalOptions } from "../model/program.ts";
import type { HandleEntry } from "../model/store.ts";
import type { CoreValue } from "../model/values.ts";
import { endEvent } from "./ends.ts";
import {
  assert,
  become,
  type Ctx,
  finish,
  results,
  takeCancelled,
  takeEvent,
  trapIf,
  trapUnlessMayLeave,
} from "./machine.ts";
import { describe } from "./names.ts";
import { hasPendingEvent, setHasPendingEvent } from "./ready.ts";
import { type Choices, type ChoicesOf, noPicks, type Rules } from "./rule.ts";
import { subtaskEvent } from "./subtasks.ts";
import { tableAdd, tableGet, tableRemove, withOne } from "./table.ts";
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
  return tableAdd(c.edit.table(id, "handles"), entry);
}

export function getHandle(c: Ctx, id: InstanceId, i: number): HandleEntry {
  return tableGet(c.edit.instance.read(id).handles, i);
}

/** Removes an entry before it is looked at, as the reference does. */
export function removeHandle(c: Ctx, id: InstanceId, i: number): HandleEntry {
  return tableRemove(c.edit.table(id, "handles"), i);
}

/** `Waitable.get_pending_event`: takes the event and what follows from its delivery. */
export function takePendingEvent(c: Ctx, id: WaitableId): EventTuple {
  const w = c.edit.waitable.read(id);
  return w.tag === "subtask" ? subtaskEvent(c, id) : endEvent(c, id);
}

/** `Waitable.join`: moves a waitable into a set, or out of any. */
function joinSet(c: Ctx, id: WaitableId, set: SetId | null): void {
  const w = c.edit.waitable.edit(id);
  assert(!w.hasSyncWaiter, "A30", "membership does not change under a sync wait");
  if (w.set !== null) {
    const old = c.edit.set.edit(w.set);
    old.elems = old.elems.filter((elem) => elem !== id);
  }
  w.set = set;
  if (set === null) return;
  const joined = c.edit.set.edit(set);
  joined.elems = withOne(joined.elems, id);
}

/** `Waitable.drop`: leaves its set and is gone. */
export function dropWaitable(c: Ctx, id: WaitableId): void {
  assert(!c.edit.waitable.read(id).hasSyncWaiter, "A31", "nobody waits for a dropped waitable");
  joinSet(c, id, null);
  const w = c.edit.waitable.edit(id);
  if (w.tag === "subtask" || !w.known) {
    c.edit.waitable.remove(id);
    return;
  }
  const gone = {
    state: "done",
    buffer: null,
    owner: null,
    index: null,
    pendingEvent: null,
    origin: null,
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

function pendingByIndex(c: Ctx, elems: readonly WaitableId[]): readonly WaitableId[] {
  const index = (w: WaitableId): number => c.edit.waitable.read(w).index ?? 0;
  const pending = elems.filter((w) => hasPendingEvent(c, w));
  return pending.length < 2 ? pending : pending.sort((a, b) => index(a) - index(b));
}

/** Which of the pending events a set delivers is open: least index first. */
const eventChoices: Choices<EventFrame> = {
  picks(c, { set }) {
    const { elems } = c.edit.set.read(set);
    if (elems.length === 1) return setHasPendingEvent(c, set) ? elems : noPicks;
    return pendingByIndex(c, elems);
  },
  name: (c, _frame, pick) => `event ${describe(c, pick as WaitableId)}`,
};

interface WaitFrame extends Frame {
  readonly args: readonly CoreValue[];
  readonly opts: CanonicalOptions;
  readonly cancellable: boolean;
}

interface WaitedFrame extends Frame {
  readonly set: SetId;
  readonly ptr: number;
  readonly opts: CanonicalOptions;
}

/** The set that an index names; traps where it names nothing or something else. */
function getSet(c: Ctx, id: InstanceId, i: number): SetId {
  const entry = getHandle(c, id, i);
  trapIf(c, entry.tag !== "set", "not-a-set");
  return (entry as HandleEntry & { tag: "set" }).set;
}

/** `unpack_event`: the payload goes to memory, the code is returned. */
function unpackEvent(c: Ctx, { ptr, opts }: WaitedFrame, event: EventTuple): void {
  assert(opts.memory !== null, "M07", "validation requires a memory here");
  const { length } = c.edit.memory.read(opts.memory);
  // NON-SPEC: the reference only asserts this (see divergences, D-payload-pointer).
  trapIf(c, ptr % 4 !== 0, "misaligned");
  trapIf(c, ptr + 8 > length, "out-of-bounds");
  const memory = c.edit.memory.edit(opts.memory);
  writeInt(memory, event.p1, ptr, 4);
  writeInt(memory, event.p2, ptr + 4, 4);
  results(c, eventCodes[event.code]);
}

function wait(c: Ctx, frame: WaitFrame): void {
  const id = trapUnlessMayLeave(c);
  const si = Number(frame.args[0] ?? 0);
  const ptr = Number(frame.args[1] ?? 0);
  const set = getSet(c, id, si);
  c.edit.set.edit(set).numWaiting += 1;
  become(
    c,
    { tag: "waitable-set.waited", set, ptr, opts: frame.opts },
    waitUntil({ tag: "set-has-event", set }, frame.cancellable ? "yes" : "no"),
  );
}

function waited(c: Ctx, frame: WaitedFrame): void {
  c.edit.set.edit(frame.set).numWaiting -= 1;
  if (takeCancelled(c)) deliver(c, frame, taskCancelled);
  else become(c, delivering(frame), eventFrame(frame.set));
}

function delivering({ set, ptr, opts }: WaitedFrame): WaitedFrame {
  return { tag: "waitable-set.deliver", set, ptr, opts };
}

/** Hands an event to the frame that stores it, so that one rule owns the memory checks. */
function deliver(c: Ctx, frame: WaitedFrame, event: EventTuple): void {
  become(c, delivering(frame), { tag: "event.known", event });
}

function poll(c: Ctx, frame: WaitFrame): void {
  const id = trapUnlessMayLeave(c);
  const si = Number(frame.args[0] ?? 0);
  const ptr = Number(frame.args[1] ?? 0);
  const set = getSet(c, id, si);
  const next: WaitedFrame = { tag: "waitable-set.deliver", set, ptr, opts: frame.opts };
  if (deliverOnEntry(c, frame.cancellable ? "yes" : "no")) deliver(c, next, taskCancelled);
  else if (setHasPendingEvent(c, set)) become(c, next, eventFrame(set));
  else deliver(c, next, noEvent);
}

function join(c: Ctx, frame: Frame & { args: readonly number[] }): void {
  const id = trapUnlessMayLeave(c);
  const wi = frame.args[0] ?? 0;
  const si = frame.args[1] ?? 0;
  const entry = getHandle(c, id, wi);
  trapIf(c, entry.tag !== "waitable", "not-a-waitable");
  const { waitable } = entry as HandleEntry & { tag: "waitable" };
  trapIf(c, c.edit.waitable.read(waitable).hasSyncWaiter, "sync-waiter");
  joinSet(c, waitable, si === 0 ? null : getSet(c, id, si));
  results(c);
}

function dropSet(c: Ctx, frame: Frame & { args: readonly number[] }): void {
  const id = trapUnlessMayLeave(c);
  const entry = removeHandle(c, id, frame.args[0] ?? 0);
  trapIf(c, entry.tag !== "set", "not-a-set");
  const { set } = entry as HandleEntry & { tag: "set" };
  const { elems, numWaiting } = c.edit.set.read(set);
  trapIf(c, elems.length > 0, "not-empty");
  trapIf(c, numWaiting > 0, "waiters");
  c.edit.set.remove(set);
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
    const id = trapUnlessMayLeave(c);
    const set = c.edit.set.add({ elems: [], numWaiting: 0 });
    results(c, addHandle(c, id, { tag: "set", set }));
  },
  "waitable-set.wait": wait,
  "waitable-set.waited": waited,
  "waitable-set.deliver": (c, frame: WaitedFrame) => unpackEvent(c, frame, takeEvent(c)),
  "waitable-set.poll": poll,
  "waitable-set.drop": dropSet,
  "waitable.join": join,
};

export const waitableChoices: ChoicesOf = { event: eventChoices };
