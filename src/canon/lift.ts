// canon lift: a core function as a component function, sync, stackful or callback. Mirrors spec/03.

import type { Frame } from "../model/frames.ts";
import type { FuncId, InstanceId, TaskId, ThreadId, WaitableId } from "../model/ids.ts";
import type { CanonicalOptions, CoreFunc } from "../model/program.ts";
import type { Caller } from "../model/store.ts";
import type { FuncType } from "../model/types.ts";
import type { CoreValue, Value } from "../model/values.ts";
import { enterFrom, mayEnterFrom } from "./entering.ts";
import { guestFrame } from "./guest.ts";
import {
  amended,
  assert,
  become,
  type Ctx,
  currentThread,
  finish,
  push,
  takeCancelled,
  takeCore,
  trapIf,
} from "./machine.ts";
import { hasBackpressure, isReady, needsExclusive } from "./ready.ts";
import { type Choices, type ChoicesOf, noPicks, type Rules } from "./rule.ts";
import { editSubtask, onStart } from "./subtasks.ts";
import {
  callerInstance,
  cancelTask,
  endTaskThread,
  exitImplicitThread,
  forgetTask,
  registerThread,
  returnValues,
} from "./tasks.ts";
import { deliverPendingCancel, newThread, resume, waitUntil } from "./threads.ts";
import type { LiftLowerContext } from "./values/context.ts";
import { maxFlatParams, maxFlatResults, paramTypes, resultTypes } from "./values/flatten.ts";
import { coreValueIter, liftFlatValues } from "./values/lift.ts";
import { lowerFlatValuesFrame } from "./values/lower.ts";

/** Everything that `canon_lift` closes over. */
interface Lift {
  readonly name: string;
  readonly ft: FuncType;
  readonly opts: CanonicalOptions | null;
  readonly core: CoreFunc;
  readonly instance: InstanceId;
  readonly caller: Caller;
}

/** A frame of a guest task's implicit thread. */
export interface TaskFrame extends Frame {
  readonly task: TaskId;
  readonly core: CoreFunc;
}

/** The same task at its next rule. */
export function at({ task, core }: TaskFrame, tag: string): TaskFrame {
  return { tag, task, core };
}

interface DriveFrame extends Frame {
  readonly tag: "lift.drive";
  /** null for an async-typed function: nobody waits */
  readonly task: TaskId | null;
}

const nobodyWaits: DriveFrame = { tag: "lift.drive", task: null };
const noThreads: readonly ThreadId[] = [];

/** Creates the task and its thread and runs it on top of the current thread. */
export function startLift(c: Ctx, what: Lift): TaskId {
  const { name, ft, opts, instance, caller, core } = what;
  const task = c.edit.task.add({
    name,
    ft,
    opts,
    instance,
    caller,
    state: "initial",
    numBorrows: 0,
    implicitThread: null,
    threads: noThreads,
    driven: !ft.async,
  });
  const first = opts === null ? "host.enter" : "lift.enter";
  const id = newThread(c, name, task, [{ tag: first, task, core }]);
  push(c, ft.async ? nobodyWaits : { tag: "lift.drive", task });
  resume(c, id);
  return task;
}

interface LiftFrame extends Frame {
  readonly func: FuncId;
  readonly waitable: WaitableId;
}

function lift(c: Ctx, frame: LiftFrame): void {
  const def = c.program.funcs[frame.func];
  assert(def !== undefined, "M09", "a function is defined");
  const caller: Caller = { tag: "subtask", waitable: frame.waitable };
  const opts = def.tag === "lift" ? def.opts : null;
  const from = callerInstance(c);
  if (def.tag === "host" || amended(c, "CM#705")) finish(c, null);
  else {
    trapIf(c, !mayEnterFrom(c, def.instance, from), "may-not-enter");
    become(c, { tag: "lift.leave", instance: def.instance, caller: from });
    enterFrom(c, def.instance, from);
  }
  const { name, ft, core, instance } = def;
  const task = startLift(c, { name, ft, opts, core, instance, caller });
  editSubtask(c, frame.waitable).task = task;
}

/** Ready threads of the instance that a blocked sync-typed call may let run, least index first. */
function driveCandidates(c: Ctx, id: TaskId): readonly ThreadId[] {
  const { instance } = c.edit.task.read(id);
  const { threads, exclusiveThread } = c.edit.instance.read(instance);
  const ready = threads.array.filter((t): t is ThreadId => t !== null && isReady(c, t));
  return amended(c, "CM#705") ? ready : ready.filter((t) => t !== exclusiveThread);
}

const driveChoices: Choices<DriveFrame> = {
  picks(c, { task }) {
    if (task === null || c.edit.task.read(task).state === "resolved") return noPicks;
    return driveCandidates(c, task);
  },
  name: (c, _frame, pick) => `drive ${c.edit.thread.read(pick as ThreadId).name}`,
};

/** The tail of `canon_lift`: a sync-typed call returns resolved, or lets others run, or traps. */
function drive(c: Ctx, { task: id }: DriveFrame, pick: number): void {
  if (id === null) {
    finish(c, null);
    return;
  }
  const task = c.edit.task.edit(id);
  if (task.state !== "resolved") {
    trapIf(c, driveCandidates(c, id).length === 0, "cannot-block");
    resume(c, pick as ThreadId);
    return;
  }
  task.driven = false;
  finishCall(c, task.caller);
  forgetTask(c, id);
}

/** Keeps what realloc returned: it was left in the caller's `ret` when the task resolved. */
function finishCall(c: Ctx, caller: Caller): void {
  if (caller.tag === "realloc") finish(c, { tag: "core", values: takeCore(c) });
  else finish(c, null);
}

/** `Task.enter_implicit_thread` up to the point where it may wait. */
function enter(c: Ctx, frame: TaskFrame): void {
  const task = c.edit.task.edit(frame.task);
  assert(task.state === "initial", "A14", "a task enters once");
  task.implicitThread = currentThread(c);
  const inst = c.edit.instance.read(task.instance);
  if (task.ft.async && (hasBackpressure(c, frame.task) || inst.numWaitingToEnter > 0)) {
    c.edit.instance.edit(task.instance).numWaitingToEnter += 1;
    const ready = { tag: "no-backpressure", task: frame.task } as const;
    become(c, at(frame, "lift.entered"), waitUntil(ready, "yes"));
  } else enterNow(c, frame);
}

function entered(c: Ctx, frame: TaskFrame): void {
  const task = c.edit.task.read(frame.task);
  c.edit.instance.edit(task.instance).numWaitingToEnter -= 1;
  const cancelled = amended(c, "CM#716")
    ? deliverPendingCancel(c, frame.task, "yes")
    : takeCancelled(c);
  if (!cancelled) {
    enterNow(c, frame);
    return;
  }
  cancelTask(c, frame.task);
  endTaskThread(c, frame.task);
}

function enterNow(c: Ctx, frame: TaskFrame): void {
  const task = c.edit.task.read(frame.task);
  if (task.ft.async && needsExclusive(task)) {
    const inst = c.edit.instance.edit(task.instance);
    assert(inst.exclusiveThread === null, "A15", "exclusive is free when it is acquired");
    inst.exclusiveThread = currentThread(c);
  }
  registerThread(c, frame.task, currentThread(c));
  become(c, at(frame, "lift.start"));
}

export function taskOptions(c: Ctx, id: TaskId): CanonicalOptions {
  const { opts } = c.edit.task.read(id);
  assert(opts !== null, "M10", "a guest's task has options");
  return opts;
}

function taskContext(c: Ctx, id: TaskId): LiftLowerContext {
  const { instance } = c.edit.task.read(id);
  const opts = taskOptions(c, id);
  return { instance, opts, scope: { tag: "task", task: id }, handles: "abi" };
}

/** `Task.start`: the arguments as values; lowering them is the next frame's. */
export function startTask(c: Ctx, id: TaskId): readonly Value[] {
  const task = c.edit.task.edit(id);
  assert(task.state === "initial", "A21", "arguments are taken once");
  task.state = "started";
  return task.caller.tag === "realloc" ? task.caller.args : onStart(c, task.caller.waitable);
}

function start(c: Ctx, frame: TaskFrame): void {
  const args = startTask(c, frame.task);
  const types = paramTypes(c.edit.task.read(frame.task).ft);
  const cx = taskContext(c, frame.task);
  const next = at(frame, "lift.call");
  become(c, next, lowerFlatValuesFrame(c, cx, maxFlatParams, args, types, null));
}

/** Calls the core function; what happens when it returns depends on how it was lifted. */
function call(c: Ctx, frame: TaskFrame): void {
  const flat = takeCore(c);
  const { async, callback } = taskOptions(c, frame.task);
  const tag = async ? (callback === null ? "lift.exit" : "lift.callback") : "lift.returned";
  become(c, at(frame, tag), guestFrame(c, frame.core, flat));
}

/** A sync lift returned: lift the result, resolve, then post-return. */
function returned(c: Ctx, frame: TaskFrame): void {
  const flat = takeCore(c);
  const cx = taskContext(c, frame.task);
  const types = resultTypes(c.edit.task.read(frame.task).ft);
  const values = liftFlatValues(c, cx, maxFlatResults, coreValueIter(flat), types);
  const { task, core } = frame;
  const next = { tag: "lift.resolved", task, core, flat };
  become(c, next, returnValues(c, frame.task, values));
}

function resolved(c: Ctx, frame: TaskFrame & { flat: readonly CoreValue[] }): void {
  const { task, core } = frame;
  const opts = taskOptions(c, task);
  if (opts.postReturn === null) {
    become(c, { tag: "lift.exit", task, core });
    return;
  }
  const { instance } = c.edit.task.read(task);
  assert(c.edit.instance.read(instance).mayLeave, "A27", "post-return does not nest");
  c.edit.instance.edit(instance).mayLeave = false;
  become(c, { tag: "lift.post-returned", task, core }, guestFrame(c, opts.postReturn, frame.flat));
}

function postReturned(c: Ctx, frame: TaskFrame): void {
  c.edit.instance.edit(c.edit.task.read(frame.task).instance).mayLeave = true;
  become(c, at(frame, "lift.exit"));
}

export const liftRules: Rules = {
  lift,
  "lift.drive": drive,
  "lift.enter": enter,
  "lift.entered": entered,
  "lift.start": start,
  "lift.call": call,
  "lift.returned": returned,
  "lift.resolved": resolved,
  "lift.post-returned": postReturned,
  "lift.exit": (c, frame: TaskFrame) => exitImplicitThread(c, frame.task),
};

export const liftChoices: ChoicesOf = { "lift.drive": driveChoices };
