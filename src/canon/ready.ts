// When a waiting thread is ready: the reference text's closures evaluated as data. Mirrors spec/02.

import type { SetId, TaskId, ThreadId, WaitableId } from "../model/ids.ts";
import type { Subtask, Task } from "../model/store.ts";
import type { Cancellable, ReadyWhen, Thread } from "../model/thread.ts";
import { amended, assert, type Ctx } from "./machine.ts";

/** CanonicalABI.md, "Tasks": whether async-typed tasks of this kind must wait to enter. */
export function hasBackpressure(c: Ctx, id: TaskId): boolean {
  const task = c.edit.task.read(id);
  const inst = c.edit.instance.read(task.instance);
  return inst.backpressure > 0 || (needsExclusive(task) && inst.exclusiveThread !== null);
}

/** Only sync-lifted and callback tasks of async-typed functions run under the exclusive lock. */
export function needsExclusive(task: Readonly<Task>): boolean {
  assert(task.ft.async, "A13", "the exclusive lock concerns async-typed functions only");
  return task.opts !== null && (!task.opts.async || task.opts.callback !== null);
}

export function hasPendingEvent(c: Ctx, id: WaitableId): boolean {
  return Boolean(c.edit.waitable.read(id).pendingEvent);
}

export function setHasPendingEvent(c: Ctx, id: SetId): boolean {
  for (const w of c.edit.set.read(id).elems) if (hasPendingEvent(c, w)) return true;
  return false;
}

function hasPendingCancel(c: Ctx, id: TaskId): boolean {
  return c.edit.task.read(id).state === "pending-cancel";
}

export function isResolved(subtask: Readonly<Subtask>): boolean {
  return subtask.state !== "STARTING" && subtask.state !== "STARTED";
}

export function readSubtask(c: Ctx, id: WaitableId): Readonly<Subtask> {
  const w = c.edit.waitable.read(id);
  assert(w.tag === "subtask", "M04", "this waitable is a subtask");
  return w;
}

/** Evaluates a thread's `cancellable` now: in the event loop it may depend on the lock (CM#707). */
export function isCancellable(c: Ctx, task: Readonly<Task>, cancellable: Cancellable): boolean {
  if (cancellable !== "lock-available") return cancellable === "yes";
  return c.edit.instance.read(task.instance).exclusiveThread === null;
}

function conditionHolds(c: Ctx, ready: ReadyWhen): boolean {
  switch (ready.tag) {
    case "always":
      return true;
    case "no-backpressure":
      return !hasBackpressure(c, ready.task);
    case "has-event":
      return hasPendingEvent(c, ready.waitable);
    case "set-has-event":
      return setHasPendingEvent(c, ready.set);
    case "not-exclusive":
      return c.edit.instance.read(ready.instance).exclusiveThread === null;
    case "callback-event":
      return callbackEvent(c, ready);
    case "subtask-resolved":
      return isResolved(readSubtask(c, ready.waitable));
    case "variable":
      return variableHolds(c, ready);
    case "cancel-requested":
      return hasPendingCancel(c, ready.task);
    case "guest":
      return guestIsReady(c, ready);
    case "idle":
      return ready.task !== null && hasPendingCancel(c, ready.task);
    case "outside":
      return true;
  }
}

function variableHolds(c: Ctx, ready: ReadyWhen & { tag: "variable" }): boolean {
  const value = Number(c.edit.instance.read(ready.instance).globals[ready.name] ?? 0);
  return ready.equals === null ? value !== 0 : value === ready.equals;
}

function guestIsReady(c: Ctx, { core, state, task }: ReadyWhen & { tag: "guest" }): boolean {
  if (task !== null && hasPendingCancel(c, task)) return true;
  const guest = c.guests[core.guest];
  assert(guest?.ready !== undefined, "M13", "the guest's interpreter can say when it is ready");
  return guest.ready(c, core, state);
}

/** CM#716 asks for the pending cancellation here; before, `cancellable` did (see `isReady`). */
function callbackEvent(c: Ctx, ready: ReadyWhen & { tag: "callback-event" }): boolean {
  if (c.edit.instance.read(ready.instance).exclusiveThread !== null) return false;
  if (setHasPendingEvent(c, ready.set)) return true;
  return amended(c, "CM#716") && hasPendingCancel(c, ready.task);
}

/** The condition of a wait of the given thread, before or after it blocked. */
export function waitIsOver(
  c: Ctx,
  task: TaskId | null,
  ready: ReadyWhen,
  cancellable: Cancellable,
): boolean {
  if (conditionHolds(c, ready)) return true;
  if (!amended(c, "CM#707") || amended(c, "CM#716") || task === null) return false;
  return isCancellable(c, c.edit.task.read(task), cancellable) && hasPendingCancel(c, task);
}

/** How long a thread waits for everything else; null for one that waits for something, or runs. */
export function idleUntil({ state }: Readonly<Thread>): bigint | null {
  return state.tag === "waiting" && state.ready.tag === "idle" ? state.ready.until : null;
}

/** Whether a thread waits for what is no part of the model: it may go on now, and nobody says that it will. */
export function waitsOutside({ state }: Readonly<Thread>): boolean {
  return state.tag === "waiting" && state.ready.tag === "outside";
}

/** CanonicalABI.md, "Threads": waiting, and its condition holds now. */
export function isReady(c: Ctx, id: ThreadId): boolean {
  const t: Readonly<Thread> = c.edit.thread.read(id);
  return t.state.tag === "waiting" && waitIsOver(c, t.task, t.state.ready, t.cancellable);
}
