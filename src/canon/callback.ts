// The event loop of callback lifts: exit, yield, wait, and the exclusive lock. Mirrors spec/03.

import type { EventTuple } from "../model/frames.ts";
import type { SetId, TaskId } from "../model/ids.ts";
import type { Cancellable, HandleEntry } from "../model/store.ts";
import { guestFrame } from "./guest.ts";
import { type TaskFrame, taskContext } from "./lift.ts";
import {
  amended,
  assert,
  become,
  type Ctx,
  currentThread,
  takeCancelled,
  takeCore,
  takeEvent,
  trapIf,
} from "./machine.ts";
import type { Rules } from "./rule.ts";
import { tableGet } from "./table.ts";
import { deliverPendingCancel, waitUntil } from "./threads.ts";
import { eventCodes, eventFrame, noEvent, taskCancelled } from "./waitables.ts";

/** One turn of a callback task ended: `unpack_callback_result`, then exit, yield or wait. */
function callback(c: Ctx, frame: TaskFrame): void {
  const packed = Number(takeCore(c)[0] ?? 0);
  const code = packed & 0xf;
  trapIf(c, code > 2, "bad-code");
  if (code === 0) {
    become(c, { ...frame, tag: "lift.exit" });
    return;
  }
  if (amended(c, "CM#716") && deliverPendingCancel(c, frame.task, "yes")) {
    callCallback(c, frame, taskCancelled);
    return;
  }
  releaseLock(c, frame.task);
  if (code === 1) parkYield(c, frame);
  else parkWait(c, frame, Math.floor(packed / 16));
}

function releaseLock(c: Ctx, id: TaskId): void {
  const task = c.edit.read("task", id);
  const inst = c.edit.edit("instance", task.instance);
  assert(inst.exclusiveThread === task.implicitThread, "A45", "a turn runs with the lock");
  inst.exclusiveThread = null;
  if (amended(c, "CM#726")) c.edit.edit("thread", currentThread(c)).cancellable = "yes";
}

/** Before CM#716: how a parked task may be told that it is cancelled. */
function whileParked(c: Ctx): Cancellable {
  return amended(c, "CM#707") ? "lock-available" : "yes";
}

function parkYield(c: Ctx, frame: TaskFrame): void {
  const { instance } = c.edit.read("task", frame.task);
  become(
    c,
    { ...frame, tag: "lift.yielded" },
    waitUntil({ tag: "not-exclusive", instance }, whileParked(c)),
  );
}

function parkWait(c: Ctx, frame: TaskFrame, si: number): void {
  const { task } = frame;
  const { instance } = c.edit.read("task", task);
  const entry: HandleEntry = tableGet(c.edit.read("instance", instance).handles, si);
  trapIf(c, entry.tag !== "set", "not-a-set");
  const { set } = entry as HandleEntry & { tag: "set" };
  c.edit.edit("set", set).numWaiting += 1;
  become(
    c,
    { ...frame, tag: "lift.waited", set },
    waitUntil({ tag: "callback-event", instance, set, task }, whileParked(c)),
  );
}

/** Whether the parked task wakes up to a cancellation; it beats any event. */
function wokenByCancel(c: Ctx, id: TaskId): boolean {
  return amended(c, "CM#716") ? deliverPendingCancel(c, id, "yes") : takeCancelled(c);
}

function waited(c: Ctx, frame: TaskFrame & { set: SetId }): void {
  const { set, ...rest } = frame;
  c.edit.edit("set", set).numWaiting -= 1;
  if (wokenByCancel(c, frame.task)) resumeLoop(c, frame, taskCancelled);
  else become(c, { ...rest, tag: "lift.event" }, eventFrame(set));
}

/** Back in the event loop: take the lock again, then call the callback with the event. */
function resumeLoop(c: Ctx, frame: TaskFrame, event: EventTuple): void {
  const task = c.edit.read("task", frame.task);
  const inst = c.edit.edit("instance", task.instance);
  assert(inst.exclusiveThread === null, "A46", "the lock is free when a turn begins");
  inst.exclusiveThread = task.implicitThread;
  if (amended(c, "CM#726")) c.edit.edit("thread", currentThread(c)).cancellable = "no";
  callCallback(c, frame, event);
}

function callCallback(c: Ctx, { task, core }: TaskFrame, event: EventTuple): void {
  const { opts } = taskContext(c, task);
  assert(opts.callback !== null, "M11", "only callback lifts run the event loop");
  const args = [eventCodes[event.code], event.p1, event.p2];
  become(c, { tag: "lift.callback", task, core }, guestFrame(c, opts.callback, args));
}

export const callbackRules: Rules = {
  "lift.callback": callback,
  "lift.yielded": (c, frame: TaskFrame) => {
    resumeLoop(c, frame, wokenByCancel(c, frame.task) ? taskCancelled : noEvent);
  },
  "lift.waited": waited,
  "lift.event": (c, frame: TaskFrame) => resumeLoop(c, frame, takeEvent(c)),
};
