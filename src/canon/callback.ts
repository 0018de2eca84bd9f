// The event loop of callback lifts: exit, yield, wait, and the exclusive lock. Mirrors spec/03.

import type { EventTuple } from "../model/frames.ts";
import type { SetId, TaskId } from "../model/ids.ts";
import type { HandleEntry } from "../model/store.ts";
import type { Cancellable } from "../model/thread.ts";
import { guestFrame } from "./guest.ts";
import { at, type TaskFrame, taskOptions } from "./lift.ts";
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
    become(c, at(frame, "lift.exit"));
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
  const task = c.edit.task.read(id);
  const inst = c.edit.instance.edit(task.instance);
  assert(inst.exclusiveThread === task.implicitThread, "A45", "a turn runs with the lock");
  inst.exclusiveThread = null;
  if (amended(c, "CM#726")) c.edit.thread.edit(currentThread(c)).cancellable = "yes";
}

/** Before CM#716: how a parked task may be told that it is cancelled. */
function whileParked(c: Ctx): Cancellable {
  return amended(c, "CM#707") ? "lock-available" : "yes";
}

function parkYield(c: Ctx, frame: TaskFrame): void {
  const { instance } = c.edit.task.read(frame.task);
  become(
    c,
    at(frame, "lift.yielded"),
    waitUntil({ tag: "not-exclusive", instance }, whileParked(c)),
  );
}

function parkWait(c: Ctx, frame: TaskFrame, si: number): void {
  const { task } = frame;
  const { instance } = c.edit.task.read(task);
  const entry: HandleEntry = tableGet(c.edit.instance.read(instance).handles, si);
  trapIf(c, entry.tag !== "set", "not-a-set");
  const { set } = entry as HandleEntry & { tag: "set" };
  c.edit.set.edit(set).numWaiting += 1;
  become(
    c,
    { tag: "lift.waited", task, core: frame.core, set },
    waitUntil({ tag: "callback-event", instance, set, task }, whileParked(c)),
  );
}

/** Whether the parked task wakes up to a cancellation; it beats any event. */
function wokenByCancel(c: Ctx, id: TaskId): boolean {
  return amended(c, "CM#716") ? deliverPendingCancel(c, id, "yes") : takeCancelled(c);
}

function waited(c: Ctx, frame: TaskFrame & { set: SetId }): void {
  const { set } = frame;
  c.edit.set.edit(set).numWaiting -= 1;
  if (wokenByCancel(c, frame.task)) resumeLoop(c, frame, taskCancelled);
  else become(c, at(frame, "lift.event"), eventFrame(set));
}

/** Back in the event loop: take the lock again, then call the callback with the event. */
function resumeLoop(c: Ctx, frame: TaskFrame, event: EventTuple): void {
  const task = c.edit.task.read(frame.task);
  const inst = c.edit.instance.edit(task.instance);
  assert(inst.exclusiveThread === null, "A46", "the lock is free when a turn begins");
  inst.exclusiveThread = task.implicitThread;
  if (amended(c, "CM#726")) c.edit.thread.edit(currentThread(c)).cancellable = "no";
  callCallback(c, frame, event);
}

function callCallback(c: Ctx, { task, core }: TaskFrame, event: EventTuple): void {
  const { callback: code } = taskOptions(c, task);
  assert(code !== null, "M11", "only callback lifts run the event loop");
  const args = [eventCodes[event.code], event.p1, event.p2];
  become(c, { tag: "lift.callback", task, core }, guestFrame(c, code, args));
}

export const callbackRules: Rules = {
  "lift.callback": callback,
  "lift.yielded": (c, frame: TaskFrame) => {
    resumeLoop(c, frame, wokenByCancel(c, frame.task) ? taskCancelled : noEvent);
  },
  "lift.waited": waited,
  "lift.event": (c, frame: TaskFrame) => resumeLoop(c, frame, takeEvent(c)),
};
