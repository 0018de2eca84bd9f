// The kernel of the rules: the current thread, its frames, traps and assertions. Mirrors spec/02.

import type { AmendmentName } from "../model/amendments.ts";
import type { Edit } from "../model/edit.ts";
import type { EventTuple, Frame, Ret } from "../model/frames.ts";
import type { InstanceId, TaskId, ThreadId } from "../model/ids.ts";
import type { CoreFunc, CoreImport, Program } from "../model/program.ts";
import type { Instance, Task, Thread } from "../model/store.ts";
import type { CoreValue, Value } from "../model/values.ts";

/** What a guest does next: call an import, return, or trap in its own code. */
export type GuestMove =
  | { readonly tag: "call"; readonly import: CoreImport; readonly args: readonly CoreValue[] }
  | { readonly tag: "host-call"; readonly frame: Frame }
  | { readonly tag: "choose"; readonly options: readonly string[] }
  | { readonly tag: "return"; readonly values: readonly CoreValue[] | readonly Value[] }
  | { readonly tag: "trap"; readonly reason: "unreachable" | "throw" | "type" };

/**
 * An interpreter of guest code: runs a frame's state up to the next move and returns the new state.
 * It may read and edit the memory, the globals and the log of its instance, nothing else.
 */
export interface Guest {
  start(c: Ctx, code: CoreFunc, args: readonly unknown[]): unknown;
  advance(c: Ctx, code: CoreFunc, state: unknown, input: Ret): { move: GuestMove; state: unknown };
}

/** What a rule works with during one step. */
export interface Ctx {
  readonly edit: Edit;
  readonly program: Program;
  readonly guests: Readonly<Record<string, Guest>>;
  /** The label of the rule that runs. */
  rule: string;
}

/** One alternative at a choice point: `name` is stable over schedules, `value` is the rule's. */
export interface Choice {
  readonly name: string;
  readonly value: number;
}

/** Thrown by a rule when the guest erred; the step turns it into the store's ending. */
export class Trap extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** Thrown when an assertion of the specification or of this model fails: always a finding. */
export class Bug extends Error {
  readonly code: string;
  constructor(code: string, why: string) {
    super(why);
    this.code = code;
  }
}

/** Traps with the code `RULE.REASON` of the running rule (`src/model/traps.ts` lists them). */
export function trapIf(c: Ctx, condition: boolean, reason: string): void {
  if (condition) throw new Trap(`${c.rule}.${reason}`);
}

/** Traps with a code of its own, for sites that several rules share (lifting, lowering, tables). */
export function trapAt(condition: boolean, code: string): void {
  if (condition) throw new Trap(code);
}

/** An assertion of the reference text; `code` numbers it, `why` says why it must hold. */
export function assert(condition: boolean, code: string, why: string): asserts condition {
  if (!condition) throw new Bug(code, why);
}

/** Whether the store's revision includes a change: asked at the one place that differs. */
export function amended(c: Ctx, name: AmendmentName): boolean {
  return c.edit.globals.amendments.includes(name);
}

/** The thread that runs (`current_thread()`). */
export function currentThread(c: Ctx): ThreadId {
  const { stack } = c.edit.globals;
  const id = stack[stack.length - 1];
  assert(id !== undefined, "M01", "a rule runs on a thread");
  return id;
}

export function thread(c: Ctx): Readonly<Thread> {
  return c.edit.read("thread", currentThread(c));
}

/** The task of the current thread; rules of built-ins run on guest threads only. */
export function currentTask(c: Ctx): TaskId {
  const { task: id } = thread(c);
  assert(id !== null, "M02", "a guest's thread has a task");
  return id;
}

export function task(c: Ctx): Readonly<Task> {
  return c.edit.read("task", currentTask(c));
}

export function currentInstance(c: Ctx): InstanceId {
  return task(c).instance;
}

export function instance(c: Ctx): Readonly<Instance> {
  return c.edit.read("instance", currentInstance(c));
}

/** Replaces the running rule's frame by others; the last one runs next. */
export function become(c: Ctx, ...frames: Frame[]): void {
  const t = c.edit.edit("thread", currentThread(c));
  t.frames = [...t.frames.slice(0, -1), ...frames];
  t.ret = null;
}

/** Pops the running rule's frame and hands `ret` to the one below. */
export function finish(c: Ctx, ret: Ret): void {
  const t = c.edit.edit("thread", currentThread(c));
  t.frames = t.frames.slice(0, -1);
  t.ret = ret;
}

/** The result of a copy or a cancel that is not over yet. */
export const blocked = 0xffff_ffff;

/** Finishes with core values: what a built-in returns to its guest. */
export function results(c: Ctx, ...values: CoreValue[]): void {
  finish(c, { tag: "core", values });
}

export function takeCore(c: Ctx): readonly CoreValue[] {
  const { ret } = thread(c);
  assert(ret?.tag === "core", "M03", "the frame above returned core values");
  return ret.values;
}

export function takeEvent(c: Ctx): EventTuple {
  const { ret } = thread(c);
  assert(ret?.tag === "event", "M03", "the frame above returned an event");
  return ret.event;
}

export function takeCancelled(c: Ctx): boolean {
  const { ret } = thread(c);
  assert(ret?.tag === "cancelled", "M03", "the frame above returned from a wait");
  return ret.cancelled;
}

/** Traps unless the current instance may call out (first check of almost every built-in). */
export function trapUnlessMayLeave(c: Ctx): void {
  trapIf(c, !instance(c).mayLeave, "may-not-leave");
}
