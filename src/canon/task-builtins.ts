// task.*, subtask.*, context.*, backpressure.*. Mirrors spec/03 and spec/06.

import type { Frame } from "../model/frames.ts";
import type { WaitableId } from "../model/ids.ts";
import type { CanonicalOptions } from "../model/program.ts";
import type { HandleEntry } from "../model/store.ts";
import type { ValType } from "../model/types.ts";
import type { CoreValue } from "../model/values.ts";
import {
  amended,
  assert,
  become,
  blocked,
  type Ctx,
  currentInstance,
  currentTask,
  currentThread,
  results,
  task,
  trapIf,
  trapUnlessMayLeave,
} from "./machine.ts";
import { isResolved, readSubtask } from "./ready.ts";
import type { Rules } from "./rule.ts";
import { editSubtask, subtaskCodes } from "./subtasks.ts";
import { cancelTask, returnValues } from "./tasks.ts";
import { always, waitUntil } from "./threads.ts";
import { maxFlatParams, resultTypes } from "./values/flatten.ts";
import { coreValueIter, liftFlatValues } from "./values/lift.ts";
import { sameType } from "./values/types.ts";
import { dropWaitable, getHandle, removeHandle, takePendingEvent } from "./waitables.ts";

interface BuiltinFrame extends Frame {
  readonly args: readonly CoreValue[];
  readonly t: ValType | null;
  readonly opts: CanonicalOptions;
}

interface SubtaskFrame extends Frame {
  readonly waitable: WaitableId;
  readonly async: boolean;
}

const arg = (frame: BuiltinFrame, i: number): CoreValue => frame.args[i] ?? 0;

const builtinDone: Frame = { tag: "builtin.done" };

function taskReturn(c: Ctx, frame: BuiltinFrame): void {
  trapUnlessMayLeave(c);
  const { opts, ft, state, instance } = task(c);
  trapIf(c, opts === null || !opts.async, "not-async");
  assert(opts !== null, "M10", "a guest's task has options");
  trapIf(c, !sameType(frame.t, ft.result), "wrong-type");
  // D-task-return-memory: without a memory there is nothing that the options would be about
  const same = frame.opts.encoding === opts.encoding && frame.opts.memory === opts.memory;
  trapIf(c, frame.opts.memory !== null && !same, "wrong-options");
  const id = currentTask(c);
  const cx = {
    instance,
    opts: frame.opts,
    scope: { tag: "task", task: id },
    handles: "abi",
  } as const;
  const flat = coreValueIter(frame.args);
  const values = liftFlatValues(c, cx, maxFlatParams, flat, resultTypes(ft));
  trapIf(c, state === "resolved", "already-resolved");
  become(c, builtinDone, returnValues(c, id, values));
}

function taskCancel(c: Ctx): void {
  trapUnlessMayLeave(c);
  const { opts } = task(c);
  trapIf(c, opts === null || !opts.async, "not-async");
  cancelTask(c, currentTask(c));
  results(c);
}

function expectSubtask(c: Ctx, entry: HandleEntry): WaitableId {
  const waitable = entry.tag === "waitable" ? entry.waitable : null;
  const w = waitable === null ? null : c.edit.waitable.read(waitable);
  trapIf(c, w?.tag !== "subtask", "not-a-subtask");
  assert(waitable !== null, "M04", "this waitable is a subtask");
  return waitable;
}

function subtaskCancel(c: Ctx, frame: BuiltinFrame): void {
  const instance = trapUnlessMayLeave(c);
  const waitable = expectSubtask(c, getHandle(c, instance, Number(arg(frame, 0))));
  const subtask = editSubtask(c, waitable);
  const { async } = frame.opts;
  trapIf(c, subtask.lenders === null, "delivered");
  trapIf(c, subtask.cancellationRequested, "already-requested");
  const inSet = subtask.set !== null && (!async || amended(c, "CM#715"));
  trapIf(c, inSet, "in-waitable-set");
  const done: SubtaskFrame = { tag: "subtask.cancel.done", waitable, async };
  if (isResolved(subtask)) {
    become(c, done);
    return;
  }
  assert(subtask.task !== null, "M14", "an unresolved subtask has a task");
  subtask.cancellationRequested = true;
  if (amended(c, "CM#705")) subtask.hasSyncWaiter = true;
  const request = { tag: "task.request-cancel", task: subtask.task, instance };
  become(c, { ...done, tag: "subtask.cancel.requested" }, request);
}

/** The request was made; the callee may have resolved, or the sync form waits for it. */
function cancelRequested(c: Ctx, frame: SubtaskFrame): void {
  const { waitable, async } = frame;
  const done: SubtaskFrame = { ...frame, tag: "subtask.cancel.done" };
  if (isResolved(readSubtask(c, waitable))) become(c, done);
  else if (!async) waitForCancel(c, done);
  else if (amended(c, "CM#716") && !amended(c, "CM#726")) become(c, done, waitUntil(always));
  else become(c, done);
}

/** Without the fix, any event ends the wait: also the STARTED of a subtask that has yet to resolve. */
function waitForCancel(c: Ctx, done: SubtaskFrame): void {
  const { waitable } = done;
  if (amended(c, "sync-cancel")) {
    become(c, done, waitUntil({ tag: "subtask-resolved", waitable }));
    return;
  }
  editSubtask(c, waitable).hasSyncWaiter = true;
  become(c, done, waitUntil({ tag: "has-event", waitable }));
}

function cancelDone(c: Ctx, { waitable, async }: SubtaskFrame): void {
  editSubtask(c, waitable).hasSyncWaiter = false;
  if (async && !isResolved(readSubtask(c, waitable))) {
    results(c, blocked);
    return;
  }
  takePendingEvent(c, waitable);
  const { lenders, state } = readSubtask(c, waitable);
  assert(lenders === null, "A58", "subtask.cancel returns only after resolution");
  results(c, subtaskCodes[state]);
}

function subtaskDrop(c: Ctx, frame: BuiltinFrame): void {
  const instance = trapUnlessMayLeave(c);
  const waitable = expectSubtask(c, removeHandle(c, instance, Number(arg(frame, 0))));
  trapIf(c, readSubtask(c, waitable).lenders !== null, "not-delivered");
  dropWaitable(c, waitable);
  results(c);
}

function contextSet(c: Ctx, frame: BuiltinFrame): void {
  const t = c.edit.thread.edit(currentThread(c));
  const [first, second] = t.storage;
  const slot = Number(arg(frame, 0));
  assert(slot < 2, "A54", "validation bounds the slot");
  t.storage = slot === 0 ? [arg(frame, 1), second] : [first, arg(frame, 1)];
  results(c);
}

function backpressure(c: Ctx, by: 1 | -1): void {
  const inst = c.edit.instance.edit(currentInstance(c));
  inst.backpressure += by;
  trapIf(c, inst.backpressure === 2 ** 16, "overflow");
  trapIf(c, inst.backpressure < 0, "underflow");
  results(c);
}

export const taskBuiltinRules: Rules = {
  "task.return": taskReturn,
  "task.cancel": taskCancel,
  "builtin.done": (c) => results(c),
  "subtask.cancel": subtaskCancel,
  "subtask.cancel.requested": cancelRequested,
  "subtask.cancel.done": cancelDone,
  "subtask.drop": subtaskDrop,
  "context.get": (c, frame: BuiltinFrame) => {
    const slot = Number(arg(frame, 0));
    assert(slot < 2, "A54", "validation bounds the slot");
    results(c, c.edit.thread.read(currentThread(c)).storage[slot] ?? 0);
  },
  "context.set": contextSet,
  "backpressure.inc": (c) => backpressure(c, 1),
  "backpressure.dec": (c) => backpressure(c, -1),
};
