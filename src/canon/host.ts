// NON-SPEC: the host as a participant: its functions, calls, ends and processes. Mirrors spec/03.

import type { Frame } from "../model/frames.ts";
import type { FuncId, TaskId, ThreadId, WaitableId } from "../model/ids.ts";
import type { CoreFunc } from "../model/program.ts";
import type { ReadyWhen } from "../model/thread.ts";
import type { Value } from "../model/values.ts";
import { guestFrame } from "./guest.ts";
import { giveValues, knowEnds, values } from "./host-values.ts";
import { startTask } from "./lift.ts";
import { newSubtask } from "./lower.ts";
import {
  assert,
  become,
  blocked,
  type Ctx,
  currentTask,
  currentThread,
  finish,
  results,
  takeCore,
  thread,
  trapAt,
} from "./machine.ts";
import { isResolved, readSubtask } from "./ready.ts";
import type { Rules } from "./rule.ts";
import { deliverResolve, editSubtask, subtaskCodes } from "./subtasks.ts";
import { cancelTask, endTaskThread, returnValues } from "./tasks.ts";
import { endThread, waitUntil } from "./threads.ts";
import { resultTypes } from "./values/flatten.ts";

interface HostTaskFrame extends Frame {
  readonly task: TaskId;
  readonly core: CoreFunc;
}

interface HostCallFrame extends Frame {
  readonly waitable: WaitableId;
}

function trapUnlessCall(c: Ctx, { waitable }: HostCallFrame): void {
  trapAt(c.edit.waitable.read(waitable).tag !== "subtask", "guest.type");
}

function enter(c: Ctx, { task, core }: HostTaskFrame): void {
  const t = c.edit.task.edit(task);
  t.implicitThread = currentThread(c);
  t.threads = [currentThread(c)];
  const args = startTask(c, task);
  for (const v of args) knowEnds(c, v);
  become(c, { tag: "host.returned", task }, guestFrame(c, core, args));
}

function returned(c: Ctx, { task }: HostTaskFrame): void {
  const result: readonly Value[] = takeCore(c);
  const exit: Frame = { tag: "host.exit", task };
  const { ft, state } = c.edit.task.read(task);
  if (state === "resolved") {
    become(c, exit);
    return;
  }
  giveValues(c, result, resultTypes(ft));
  become(c, exit, returnValues(c, task, result));
}

interface HostCall extends Frame {
  readonly func: FuncId;
  readonly args: readonly Value[];
  readonly async: boolean;
}

function call(c: Ctx, { func, args, async }: HostCall): void {
  const waitable = newSubtask(c, func, { tag: "values", args, results: [] });
  become(c, { tag: "host.called", waitable, async }, { tag: "lift", func, waitable });
}

/** An async call of the host gives its subtask; a sync one waits for the values. */
function called(c: Ctx, { waitable, async }: HostCallFrame & { async: boolean }): void {
  if (async) finish(c, values({ tag: "end", waitable }));
  else waitFor(c, waitable, "host.call.done");
}

function waitFor(c: Ctx, waitable: WaitableId, tag: string): void {
  const done: Frame = { tag, waitable };
  if (isResolved(readSubtask(c, waitable))) become(c, done);
  else become(c, done, waitUntil({ tag: "subtask-resolved", waitable }));
}

function callDone(c: Ctx, { waitable }: HostCallFrame): void {
  const got = resultsOf(c, waitable);
  deliverResolve(c, waitable);
  c.edit.waitable.remove(waitable);
  finish(c, values(...got));
}

function resultsOf(c: Ctx, waitable: WaitableId): readonly Value[] {
  const { lowering } = readSubtask(c, waitable);
  if (lowering.tag !== "values") return [];
  for (const v of lowering.results) knowEnds(c, v);
  return lowering.results;
}

/** The state that a call of the host resolved in, then its results; the host may ask again. */
function waitDone(c: Ctx, { waitable }: HostCallFrame): void {
  const { lenders, state } = readSubtask(c, waitable);
  if (lenders !== null) deliverResolve(c, waitable);
  finish(c, values(subtaskCodes[state], ...resultsOf(c, waitable)));
}

function cancelCall(c: Ctx, frame: HostCallFrame): void {
  trapUnlessCall(c, frame);
  const { waitable } = frame;
  const subtask = editSubtask(c, waitable);
  const done: Frame = { tag: "host.cancel.done", waitable };
  if (isResolved(subtask) || subtask.cancellationRequested) {
    become(c, done);
    return;
  }
  assert(subtask.task !== null, "M14", "an unresolved subtask has a task");
  subtask.cancellationRequested = true;
  become(c, done, { tag: "task.request-cancel", task: subtask.task, instance: null });
}

function cancelDone(c: Ctx, { waitable }: HostCallFrame): void {
  const subtask = readSubtask(c, waitable);
  results(c, isResolved(subtask) ? subtaskCodes[subtask.state] : blocked);
}

/** Ends a process of the host; an invocation is done. */
function endProcess(c: Ctx): void {
  const id: ThreadId = currentThread(c);
  const { globals } = c.edit;
  globals.roots = globals.roots.map((r) => (r.thread === id ? { ...r, thread: null } : r));
  endThread(c);
}

export const hostRules: Rules = {
  "host.enter": enter,
  "host.returned": returned,
  "host.exit": (c, { task }: HostTaskFrame) => {
    c.edit.task.edit(task).threads = [];
    endTaskThread(c, task);
  },
  "host.end": endProcess,
  "host.call": call,
  "host.called": called,
  "host.call.done": callDone,
  "host.wait": (c, frame: HostCallFrame) => {
    trapUnlessCall(c, frame);
    waitFor(c, frame.waitable, "host.wait.done");
  },
  "host.wait.done": waitDone,
  "host.cancel": cancelCall,
  "host.cancel.done": cancelDone,
  "host.await": (c, frame: Frame & { ready: ReadyWhen }) => {
    become(c, { tag: "host.awaited" }, waitUntil(frame.ready));
  },
  "host.awaited": (c) => results(c),
  "host.resolve": (c, frame: Frame & { values: readonly Value[] }) => {
    trapAt(thread(c).task === null, "guest.type");
    const { ft, state } = c.edit.task.read(currentTask(c));
    trapAt(state === "resolved", "task.return.already-resolved");
    giveValues(c, frame.values, resultTypes(ft));
    become(c, { tag: "builtin.done" }, returnValues(c, currentTask(c), frame.values));
  },
  "host.confirm-cancel": (c) => {
    trapAt(thread(c).task === null, "guest.type");
    const running = c.edit.task.edit(currentTask(c));
    trapAt(running.state !== "pending-cancel", "task.cancel.not-delivered");
    running.state = "cancel-delivered";
    cancelTask(c, currentTask(c));
    results(c);
  },
};
