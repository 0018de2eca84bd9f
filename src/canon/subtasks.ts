// Subtasks: the caller's half of a call. Mirrors spec/03 and CanonicalABI.md, "Subtask State".

import type { EventTuple } from "../model/frames.ts";
import type { WaitableId } from "../model/ids.ts";
import type { Subtask, SubtaskState } from "../model/store.ts";
import type { ValType } from "../model/types.ts";
import type { CoreValue, Value } from "../model/values.ts";
import { giveValues } from "./host-values.ts";
import { assert, type Ctx } from "./machine.ts";
import { isResolved, readSubtask } from "./ready.ts";
import type { LiftLowerContext } from "./values/context.ts";
import {
  maxFlatAsyncParams,
  maxFlatParams,
  maxFlatResults,
  paramTypes,
  resultTypes,
} from "./values/flatten.ts";
import { coreValueIter, liftFlatValues } from "./values/lift.ts";

/** The packed status of an async call (`Subtask.State`). */
export const subtaskCodes: Readonly<Record<SubtaskState, number>> = {
  STARTING: 0,
  STARTED: 1,
  RETURNED: 2,
  CANCELLED_BEFORE_STARTED: 3,
  CANCELLED_BEFORE_RETURNED: 4,
};

export function editSubtask(c: Ctx, id: WaitableId): Subtask {
  const w = c.edit.waitable.edit(id);
  assert(w.tag === "subtask", "M04", "this waitable is a subtask");
  return w;
}

/** `canon_lower`'s on_progress: an event is pending as soon as the subtask has an index. */
function onProgress(subtask: Subtask): void {
  if (subtask.index !== null) subtask.pendingEvent = true;
}

function contextOf(
  id: WaitableId,
  lowering: Subtask["lowering"] & { tag: "core" },
): LiftLowerContext {
  return {
    instance: lowering.instance,
    opts: lowering.opts,
    scope: { tag: "subtask", waitable: id },
    handles: "abi",
  };
}

/** `on_start`: the callee starts, so the arguments are lifted now. */
export function onStart(c: Ctx, id: WaitableId): readonly Value[] {
  const subtask = editSubtask(c, id);
  onProgress(subtask);
  assert(subtask.state === "STARTING", "A48", "on_start is called once");
  subtask.state = "STARTED";
  const { lowering, ft } = subtask;
  const types = paramTypes(ft);
  if (lowering.tag === "values") {
    giveValues(c, lowering.args, types);
    return lowering.args;
  }
  const max = lowering.opts.async ? maxFlatAsyncParams : maxFlatParams;
  return liftFlatValues(c, contextOf(id, lowering), max, coreValueIter(lowering.flatArgs), types);
}

/** How the result of a call reaches core code. */
export interface ResultLowering {
  readonly cx: LiftLowerContext;
  readonly maxFlat: number;
  readonly types: readonly ValType[];
  /** the caller's out-pointer: its last flat parameter */
  readonly outPtr: CoreValue | null;
}

/** `on_resolve` with a result, first half; null when the caller takes the values as they are. */
export function onResolveLowering(
  c: Ctx,
  id: WaitableId,
  values: readonly Value[],
): ResultLowering | null {
  const subtask = editSubtask(c, id);
  onProgress(subtask);
  assert(subtask.state === "STARTED", "A49", "only a started subtask returns");
  const { lowering, ft } = subtask;
  if (lowering.tag === "values") {
    subtask.lowering = { ...lowering, results: values };
    return null;
  }
  return {
    cx: contextOf(id, lowering),
    maxFlat: lowering.opts.async ? 0 : maxFlatResults,
    types: resultTypes(ft),
    outPtr: lowering.flatArgs[lowering.flatArgs.length - 1] ?? null,
  };
}

/** `on_resolve(None)`: the callee confirmed the cancellation. */
export function onResolveCancelled(c: Ctx, id: WaitableId): void {
  const subtask = editSubtask(c, id);
  onProgress(subtask);
  assert(subtask.cancellationRequested, "A49", "a subtask is cancelled only on request");
  const before = subtask.state === "STARTING";
  resolve(c, id, before ? "CANCELLED_BEFORE_STARTED" : "CANCELLED_BEFORE_RETURNED", []);
}

export function resolve(
  c: Ctx,
  id: WaitableId,
  state: SubtaskState,
  flatResults: readonly CoreValue[],
): void {
  const subtask = editSubtask(c, id);
  assert(!isResolved(subtask), "A35", "a subtask resolves once");
  subtask.state = state;
  subtask.flatResults = flatResults;
  subtask.task = null;
}

/** `Subtask.deliver_resolve`: the caller knows, so what it lent is its own again. */
export function deliverResolve(c: Ctx, id: WaitableId): void {
  const subtask = editSubtask(c, id);
  assert(subtask.lenders !== null && isResolved(subtask), "A36", "a resolution is delivered once");
  for (const handle of subtask.lenders) c.edit.handle.edit(handle).numLends -= 1;
  subtask.lenders = null;
}

/** Takes the pending event of a subtask: its state as it is now. */
export function subtaskEvent(c: Ctx, id: WaitableId): EventTuple {
  const subtask = editSubtask(c, id);
  assert(subtask.pendingEvent, "A56", "an event is taken only while it is pending");
  subtask.pendingEvent = false;
  if (isResolved(subtask)) deliverResolve(c, id);
  const { index, state } = readSubtask(c, id);
  assert(index !== null, "M06", "a subtask with an event has an index");
  return { code: "SUBTASK", p1: index, p2: subtaskCodes[state] };
}
