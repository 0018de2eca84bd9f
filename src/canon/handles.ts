// Handles between tables and values: resources, stream and future ends, errors. Mirrors spec/01.

import type { HandleId, ResourceTypeId, WaitableId } from "../model/ids.ts";
import type { End, EndKind, HandleEntry, ResourceHandle } from "../model/store.ts";
import type { ValType } from "../model/types.ts";
import type { ErrorContextValue, Value } from "../model/values.ts";
import type { Ctx } from "./machine.ts";
import { assert, trapAt } from "./machine.ts";
import { isResolved } from "./ready.ts";
import { tableAdd, tableGet, tableRemove } from "./table.ts";
import type { LiftLowerContext } from "./values/context.ts";
import { containsBorrow, sameType } from "./values/types.ts";

/** The ends that a value can carry. */
export type ReadableKind = Extract<EndKind, "readable-stream" | "readable-future">;

function getEntry(c: Ctx, cx: LiftLowerContext, i: number): HandleEntry {
  return tableGet(c.edit.instance.read(cx.instance).handles, i);
}

function removeEntry(c: Ctx, cx: LiftLowerContext, i: number): HandleEntry {
  return tableRemove(c.edit.table(cx.instance, "handles"), i);
}

function addEntry(c: Ctx, cx: LiftLowerContext, entry: HandleEntry): number {
  return tableAdd(c.edit.table(cx.instance, "handles"), entry);
}

function addHandle(c: Ctx, cx: LiftLowerContext, handle: ResourceHandle): number {
  return addEntry(c, cx, { tag: "resource", handle: c.edit.handle.add(handle) });
}

function resourceOf(c: Ctx, entry: HandleEntry, rt: ResourceTypeId, site: string): HandleId {
  trapAt(entry.tag !== "resource", `${site}.not-a-resource`);
  assert(entry.tag === "resource", "V30", "anything else trapped");
  trapAt(c.edit.handle.read(entry.handle).rt !== rt, `${site}.wrong-type`);
  return entry.handle;
}

/** Takes an own handle out of the table (CanonicalABI.md, "Loading"). Traps `lift-own.*`. */
export function liftOwn(c: Ctx, cx: LiftLowerContext, i: number, rt: ResourceTypeId): Value {
  const id = resourceOf(c, removeEntry(c, cx, i), rt, "lift-own");
  const handle = c.edit.handle.read(id);
  trapAt(handle.numLends !== 0, "lift-own.lent");
  trapAt(!handle.own, "lift-own.borrowed");
  c.edit.handle.remove(id);
  return { tag: "rep", rep: handle.rep };
}

/** `Subtask.add_lender`: the handle is lent until the resolution is delivered. */
function addLender(c: Ctx, waitable: WaitableId, handle: HandleId): void {
  const subtask = c.edit.waitable.edit(waitable);
  assert(subtask.tag === "subtask", "V31", "the borrow scope of a lift is a subtask");
  assert(
    subtask.lenders !== null && !isResolved(subtask),
    "V32",
    "arguments are lifted before a resolution",
  );
  c.edit.handle.edit(handle).numLends += 1;
  subtask.lenders = [...subtask.lenders, handle];
}

/** Lends a handle to the subtask of this call. Traps `lift-borrow.*`. */
export function liftBorrow(c: Ctx, cx: LiftLowerContext, i: number, rt: ResourceTypeId): Value {
  assert(cx.scope?.tag === "subtask", "V33", "a borrow is lifted from arguments of a call only");
  const id = resourceOf(c, getEntry(c, cx, i), rt, "lift-borrow");
  addLender(c, cx.scope.waitable, id);
  return { tag: "rep", rep: c.edit.handle.read(id).rep };
}

/** Takes the readable end of a stream or future out of the table. Traps `lift-stream.*` or `lift-future.*`. */
export function liftAsyncValue(
  c: Ctx,
  cx: LiftLowerContext,
  i: number,
  kind: ReadableKind,
  t: ValType | null,
): Value {
  assert(!containsBorrow(t), "V34", "a stream or future has no borrows");
  const site = kind === "readable-stream" ? "lift-stream" : "lift-future";
  const waitable = endOf(c, removeEntry(c, cx, i), kind, `${site}.not-an-end`);
  const end = c.edit.waitable.edit(waitable) as End;
  trapAt(!sameType(end.t, t), `${site}.wrong-type`);
  trapAt(end.state !== "idle", `${site}.not-idle`);
  trapAt(end.set !== null, `${site}.in-waitable-set`);
  assert(end.owner === cx.instance && end.index === i, "V35", "an end knows its place in a table");
  end.owner = null;
  end.index = null;
  return { tag: "end", waitable };
}

function endOf(c: Ctx, entry: HandleEntry, kind: ReadableKind, code: string): WaitableId {
  trapAt(entry.tag !== "waitable", code);
  assert(entry.tag === "waitable", "V30", "anything else trapped");
  const waitable = c.edit.waitable.read(entry.waitable);
  trapAt(waitable.tag !== "end" || waitable.kind !== kind, code);
  return entry.waitable;
}

/** Copies an error context: the sender keeps it. Traps `lift-error-context.*`. */
export function liftErrorContext(c: Ctx, cx: LiftLowerContext, i: number): Value {
  const entry = getEntry(c, cx, i);
  trapAt(entry.tag !== "error-context", "lift-error-context.not-an-error-context");
  return entry as ErrorContextValue;
}

function repOf(v: Value): number {
  assert(typeof v === "object" && "tag" in v && v.tag === "rep", "V36", "a resource is a rep");
  return v.rep;
}

/** A new own handle; its index. */
export function lowerOwn(c: Ctx, cx: LiftLowerContext, v: Value, rt: ResourceTypeId): number {
  return addHandle(c, cx, { rt, rep: repOf(v), own: true, task: null, numLends: 0 });
}

/** A new borrow handle, or the bare rep for the component that implements the resource. */
export function lowerBorrow(c: Ctx, cx: LiftLowerContext, v: Value, rt: ResourceTypeId): number {
  assert(cx.scope?.tag === "task", "V37", "a borrow is lowered into arguments of a task only");
  const rep = repOf(v);
  if (c.program.resourceTypes[rt]?.impl === cx.instance) return rep;
  const { task } = cx.scope;
  c.edit.task.edit(task).numBorrows += 1;
  return addHandle(c, cx, { rt, rep, own: false, task, numLends: 0 });
}

/** Puts the readable end of a stream or future into the table; its index. */
export function lowerAsyncValue(
  c: Ctx,
  cx: LiftLowerContext,
  v: Value,
  kind: ReadableKind,
  t: ValType | null,
): number {
  assert(!containsBorrow(t), "V34", "a stream or future has no borrows");
  assert(typeof v === "object" && "tag" in v && v.tag === "end", "V38", "the value is an end");
  const end = c.edit.waitable.edit(v.waitable);
  assert(end.tag === "end" && end.kind === kind, "V38", "the value is an end of this kind");
  assert(sameType(end.t, t), "V39", "the type checker compared the element types");
  assert(end.state === "idle", "V39", "an end in flight is idle");
  end.owner = cx.instance;
  end.index = addEntry(c, cx, { tag: "waitable", waitable: v.waitable });
  return end.index;
}

/** Puts an error context into the table; its index. */
export function lowerErrorContext(c: Ctx, cx: LiftLowerContext, v: Value): number {
  assert(
    typeof v === "object" && "tag" in v && v.tag === "error-context",
    "V40",
    "the value is an error context",
  );
  return addEntry(c, cx, v);
}
