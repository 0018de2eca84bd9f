// Tasks: entering, starting, resolving, cancelling, leaving. Mirrors spec/03 and CanonicalABI.md, "Tasks".

import type { Frame } from "../model/frames.ts";
import type { InstanceId, TaskId, ThreadId } from "../model/ids.ts";
import type { Task } from "../model/store.ts";
import type { Value } from "../model/values.ts";
import { enterFrom, mayEnterFrom } from "./entering.ts";
import {
  amended,
  assert,
  become,
  type Ctx,
  currentInstance,
  currentThread,
  finish,
  takeCore,
  thread,
  trapIf,
} from "./machine.ts";
import { isCancellable, isReady, needsExclusive } from "./ready.ts";
import { type Choices, type ChoicesOf, noPicks, type Rules } from "./rule.ts";
import { onResolveCancelled, onResolveLowering, resolve } from "./subtasks.ts";
import { tableAdd, tableRemove, withOne } from "./table.ts";
import { endThread, resume } from "./threads.ts";
import { lowerFlatValuesFrame } from "./values/lower.ts";

/** Gives a thread of a task its index (`Task.register_thread`). */
export function registerThread(c: Ctx, taskId: TaskId, id: ThreadId): number {
  const task = c.edit.task.edit(taskId);
  assert(!task.threads.includes(id), "A16", "a thread is registered once");
  task.threads = withOne(task.threads, id);
  const index = tableAdd(c.edit.table(task.instance, "threads"), id);
  c.edit.thread.edit(id).index = index;
  return index;
}

/** `Task.unregister_thread`: the last thread of an unresolved task may not leave. */
export function unregisterThread(c: Ctx, taskId: TaskId, id: ThreadId): void {
  const task = c.edit.task.edit(taskId);
  assert(task.threads.includes(id), "A18", "only registered threads exit");
  task.threads = task.threads.filter((other) => other !== id);
  if (task.threads.length === 0) {
    trapIf(c, task.state !== "resolved", "unresolved");
    assert(task.numBorrows === 0, "A19", "no borrow handle survives its task");
  }
  const { index } = c.edit.thread.read(id);
  assert(index !== null, "A18", "a registered thread has an index");
  tableRemove(c.edit.table(task.instance, "threads"), index);
}

/** Removes a task that nothing refers to any more. */
export function forgetTask(c: Ctx, id: TaskId): void {
  const task = c.edit.task.read(id);
  if (task.threads.length > 0 || task.state !== "resolved" || task.driven) return;
  c.edit.task.remove(id);
}

/** Ends the current thread of a task and the task with its last thread. */
export function endTaskThread(c: Ctx, id: TaskId): void {
  endThread(c);
  forgetTask(c, id);
}

/** `Task.exit_implicit_thread`. Ends the thread. */
export function exitImplicitThread(c: Ctx, id: TaskId): void {
  unregisterThread(c, id, currentThread(c));
  const task = c.edit.task.edit(id);
  task.implicitThread = null;
  if (task.ft.async && needsExclusive(task)) {
    const inst = c.edit.instance.edit(task.instance);
    assert(inst.exclusiveThread === currentThread(c), "A17", "only the owner releases exclusive");
    inst.exclusiveThread = null;
  }
  endTaskThread(c, id);
}

/** The frames of `Task.return_`: lowers the result for the caller, then resolves the task. */
export interface ResolveFrame extends Frame {
  readonly tag: "task.resolve";
  readonly task: TaskId;
  readonly values: readonly Value[];
}

/** `Task.return_` up to `on_resolve`: checks, then the frame that does the rest. */
export function returnValues(c: Ctx, id: TaskId, values: readonly Value[]): ResolveFrame {
  trapIf(c, c.edit.task.read(id).numBorrows > 0, "borrows-held");
  return { tag: "task.resolve", task: id, values };
}

/** `Task.cancel`: the callee confirms a cancellation that was delivered to it. */
export function cancelTask(c: Ctx, id: TaskId): void {
  const task = c.edit.task.edit(id);
  trapIf(c, task.state !== "cancel-delivered", "not-delivered");
  trapIf(c, task.numBorrows > 0, "borrows-held");
  assert(task.caller.tag === "subtask", "A49", "only a subtask's callee is cancelled");
  onResolveCancelled(c, task.caller.waitable);
  task.state = "resolved";
}

function resolveTask(c: Ctx, { task: id, values }: ResolveFrame): void {
  const { caller } = c.edit.task.read(id);
  if (caller.tag === "realloc") {
    c.edit.thread.edit(caller.thread).ret = { tag: "core", values: values as readonly number[] };
    c.edit.task.edit(id).state = "resolved";
    finish(c, null);
    return;
  }
  const lowering = onResolveLowering(c, caller.waitable, values);
  if (lowering === null) {
    resolve(c, caller.waitable, "RETURNED", []);
    c.edit.task.edit(id).state = "resolved";
    finish(c, null);
    return;
  }
  const { cx, maxFlat, types, outPtr } = lowering;
  const next: Frame = { tag: "task.resolved", task: id };
  become(c, next, lowerFlatValuesFrame(c, cx, maxFlat, values, types, outPtr));
}

/** A request to cancel a task, made by the thread on whose continuation it stands. */
export interface RequestCancel extends Frame {
  readonly tag: "task.request-cancel";
  readonly task: TaskId;
  /** the canceller's instance; null for the host */
  readonly instance: InstanceId | null;
}

/** Before CM#716: the threads of the task that may be told at once, default first. */
function cancelCandidates(c: Ctx, frame: RequestCancel): readonly ThreadId[] {
  const task = c.edit.task.read(frame.task);
  const { exclusiveThread } = c.edit.instance.read(task.instance);
  // since CM#707 the `cancellable` of a parked thread says the same
  const lockedOut =
    needsExclusive(task) && exclusiveThread !== null && exclusiveThread !== task.implicitThread;
  if (!amended(c, "CM#705") && !mayEnterFrom(c, task.instance, frame.instance)) return [];
  return task.threads.filter((id) => {
    if (lockedOut && id === task.implicitThread) return false;
    return isCancellable(c, task, c.edit.thread.read(id).cancellable);
  });
}

const requestChoices: Choices<RequestCancel> = {
  picks(c, frame) {
    const task = c.edit.task.read(frame.task);
    if (amended(c, "CM#716") || task.opts === null || task.state !== "started") return noPicks;
    return cancelCandidates(c, frame);
  },
  name: (c, _frame, pick) => `cancel ${c.edit.thread.read(pick as ThreadId).name}`,
};

/** A task that has not started: its thread leaves the queue at backpressure and resolves at once. */
function cancelBeforeStart(c: Ctx, task: Readonly<Task>, id: TaskId): void {
  assert(task.implicitThread !== null, "A20", "a task that waits to enter has its thread");
  const now = amended(c, "CM#716") ? "pending-cancel" : "cancel-delivered";
  c.edit.task.edit(id).state = now;
  become(c, { tag: "task.cancel-requested", task: id });
  resume(c, task.implicitThread, !amended(c, "CM#716"));
}

/**
 * CM#716: record the request. CM#726: resume the implicit thread once, if it is in its event loop
 * (only there is it cancellable).
 */
function recordRequest(c: Ctx, task: Readonly<Task>, id: TaskId): void {
  c.edit.task.edit(id).state = "pending-cancel";
  const implicit = task.implicitThread;
  finish(c, null);
  if (implicit === null) return;
  const { cancellable } = c.edit.thread.read(implicit);
  if (cancellable === "yes" && isReady(c, implicit)) resume(c, implicit);
}

/** Before CM#716: one cancellable thread, chosen freely, is resumed with the cancellation. */
function interrupt(c: Ctx, frame: RequestCancel, pick: number): void {
  const task = c.edit.task.edit(frame.task);
  if (cancelCandidates(c, frame).length === 0) {
    task.state = "pending-cancel";
    finish(c, null);
    return;
  }
  task.state = "cancel-delivered";
  if (amended(c, "CM#705")) finish(c, null);
  else {
    become(c, { tag: "lift.leave", instance: task.instance, caller: frame.instance });
    enterFrom(c, task.instance, frame.instance);
  }
  resume(c, pick as ThreadId, true);
}

/** NON-SPEC: a host function answers a request at once, keeps it for its own code, or has that say at once. */
function cancelHostTask(c: Ctx, id: TaskId): void {
  const task = c.edit.task.edit(id);
  const def = c.program.funcs.find((f) => f.tag === "host" && f.name === task.name);
  if (def?.tag !== "host" || def.cancel === "defer") {
    task.state = "pending-cancel";
    finish(c, null);
    return;
  }
  const implicit = task.implicitThread;
  if (def.cancel === "told") {
    task.state = "pending-cancel";
    finish(c, null);
    if (implicit !== null) resume(c, implicit, true);
    return;
  }
  task.state = "cancel-delivered";
  cancelTask(c, id);
  finish(c, null);
  // a function that is on the stack, because it called whoever cancels it, runs on to its end
  if (implicit === null || c.edit.thread.read(implicit).state.tag === "running") return;
  abandonHostThread(c, implicit);
  task.threads = [];
  forgetTask(c, id);
}

function abandonHostThread(c: Ctx, id: ThreadId): void {
  c.ended?.(c.edit.thread.read(id));
  c.edit.thread.remove(id);
}

/** `Task.request_cancellation`, and what a host function does instead. */
function requestCancel(c: Ctx, frame: RequestCancel, pick: number): void {
  const task = c.edit.task.read(frame.task);
  if (task.state === "initial") {
    cancelBeforeStart(c, task, frame.task);
    return;
  }
  assert(task.state === "started", "A20", "cancellation is requested at most once");
  if (task.opts === null) cancelHostTask(c, frame.task);
  else if (amended(c, "CM#716")) recordRequest(c, task, frame.task);
  else interrupt(c, frame, pick);
}

export const taskRules: Rules = {
  "task.resolve": resolveTask,
  "task.resolved": (c, frame: Frame & { task: TaskId }) => {
    const { caller } = c.edit.task.read(frame.task);
    assert(caller.tag === "subtask", "M05", "a result was lowered for a subtask");
    resolve(c, caller.waitable, "RETURNED", takeCore(c));
    c.edit.task.edit(frame.task).state = "resolved";
    finish(c, null);
  },
  "task.request-cancel": requestCancel,
  "task.cancel-requested": (c, frame: Frame & { task: TaskId }) => {
    assert(
      !c.edit.task.has(frame.task) || c.edit.task.read(frame.task).state === "resolved",
      "A20b",
      "a cancellation before the start resolves the task at once",
    );
    finish(c, null);
  },
};

export const taskChoices: ChoicesOf = { "task.request-cancel": requestChoices };

/** The instance that a call from the current thread comes from; null for the host. */
export function callerInstance(c: Ctx): InstanceId | null {
  const { task } = thread(c);
  if (task === null || c.edit.task.read(task).opts === null) return null;
  return currentInstance(c);
}
