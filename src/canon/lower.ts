// canon lower: a component function as a core function, sync or async. Mirrors spec/03.

import type { Frame } from "../model/frames.ts";
import type { FuncId, InstanceId, WaitableId } from "../model/ids.ts";
import type { CanonicalOptions } from "../model/program.ts";
import type { Lowering } from "../model/store.ts";
import type { CoreValue } from "../model/values.ts";
import {
  assert,
  become,
  type Ctx,
  currentInstance,
  results,
  trapUnlessMayLeave,
} from "./machine.ts";
import { isResolved, readSubtask } from "./ready.ts";
import type { Rules } from "./rule.ts";
import { deliverResolve, editSubtask, subtaskCodes } from "./subtasks.ts";
import { waitUntil } from "./threads.ts";
import { addHandle } from "./waitables.ts";

interface LowerFrame extends Frame {
  readonly func: FuncId;
  readonly opts: CanonicalOptions;
  readonly args: readonly CoreValue[];
}

interface LoweredFrame extends Frame {
  readonly waitable: WaitableId;
}

const nothing: readonly never[] = [];

/** Creates the subtask of a call; it has no index yet. */
export function newSubtask(c: Ctx, func: FuncId, lowering: Lowering): WaitableId {
  const def = c.program.funcs[func];
  assert(def !== undefined, "M09", "a function is defined");
  return c.edit.waitable.add({
    tag: "subtask",
    set: null,
    hasSyncWaiter: false,
    state: "STARTING",
    func,
    ft: def.ft,
    lowering,
    task: null,
    lenders: nothing,
    cancellationRequested: false,
    flatResults: nothing,
    index: null,
    pendingEvent: false,
  });
}

function lower(c: Ctx, { func, opts, args }: LowerFrame): void {
  const instance: InstanceId = trapUnlessMayLeave(c);
  const waitable = newSubtask(c, func, { tag: "core", instance, opts, flatArgs: args });
  const tag = opts.async ? "lower.called-async" : "lower.called-sync";
  become(c, { tag, waitable }, { tag: "lift", func, waitable });
}

/** A sync-typed function has returned by now; an async-typed one may still have to be waited for. */
function calledSync(c: Ctx, { waitable }: LoweredFrame): void {
  const subtask = readSubtask(c, waitable);
  assert(subtask.ft.async || subtask.state === "RETURNED", "A50", "sync-typed calls have returned");
  const done = { tag: "lower.done", waitable };
  if (isResolved(subtask)) become(c, done);
  else become(c, done, waitUntil({ tag: "subtask-resolved", waitable }));
}

/** An async call: RETURNED at once, or a subtask in the table and its packed status. */
function calledAsync(c: Ctx, { waitable }: LoweredFrame): void {
  const subtask = editSubtask(c, waitable);
  assert(subtask.ft.async || subtask.state === "RETURNED", "A50", "sync-typed calls have returned");
  if (isResolved(subtask)) {
    deliverResolve(c, waitable);
    c.edit.waitable.remove(waitable);
    results(c, subtaskCodes.RETURNED);
    return;
  }
  const index = addHandle(c, currentInstance(c), { tag: "waitable", waitable });
  subtask.index = index;
  results(c, subtaskCodes[subtask.state] + index * 16);
}

export const lowerRules: Rules = {
  lower,
  "lower.called-sync": calledSync,
  "lower.called-async": calledAsync,
  "lower.done": (c, { waitable }: LoweredFrame) => {
    deliverResolve(c, waitable);
    const { flatResults } = readSubtask(c, waitable);
    c.edit.waitable.remove(waitable);
    results(c, ...flatResults);
  },
};
