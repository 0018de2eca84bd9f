// The kernel of the rules: the current thread, its frames, traps and assertions. Mirrors spec/02.

import type { AmendmentName } from "../model/amendments.ts";
import type { Edit } from "../model/edit.ts";
import type { EventTuple, Frame, Ret } from "../model/frames.ts";
import type { InstanceId, TaskId, ThreadId, WaitableId } from "../model/ids.ts";
import type { CoreFunc, CoreImport, Program, TableEntry } from "../model/program.ts";
import type { Instance, Task } from "../model/store.ts";
import type { Thread } from "../model/thread.ts";
import type { CoreValue, Value } from "../model/values.ts";

/** What a guest does next: call an import, return, or trap in its own code. */
export type GuestMove =
  | { readonly tag: "call"; readonly import: CoreImport; readonly args: readonly CoreValue[] }
  | { readonly tag: "host-call"; readonly frame: Frame }
  | { readonly tag: "choose"; readonly options: readonly string[] }
  | { readonly tag: "return"; readonly values: readonly CoreValue[] | readonly Value[] }
  /** `calls`: the functions that are open, the innermost first, as far as the interpreter knows */
  | {
      readonly tag: "trap";
      readonly reason: "throw" | "type" | CoreTrapReason;
      readonly calls?: readonly string[];
    };

/** Why core code traps. */
export type CoreTrapReason =
  | "unreachable"
  | "divide-by-zero"
  | "integer-overflow"
  | "invalid-conversion"
  | "memory-out-of-bounds"
  | "table-out-of-bounds"
  | "undefined-element"
  | "uninitialized-element"
  | "indirect-type"
  | "null-reference"
  | "stack-exhausted";

/** Takes the parts of a guest's state that count for the key of a store. */
export interface StateWriter {
  /** A 32-bit integer. */
  int(n: number): void;
  text(text: string): void;
  /** Any plain data; a stream or future end in it is `{tag: "end"}`. */
  data(value: unknown): void;
}

/** Where guest code stands: before its first step, or in a call of an import. */
export type Boundary =
  /** null: the arguments are no longer known */
  | { readonly tag: "start"; readonly args: readonly CoreValue[] | null }
  | { readonly tag: "call"; readonly import: CoreImport };

/**
 * An interpreter of guest code: runs a frame's state up to the next move and returns the new state.
 * It may read and edit the memory, the globals and the log of its instance, nothing else; one of the
 * host's own code may also make ends and threads.
 */
export interface Guest {
  /**
   * Writes a state of `code` in its instance for the key of a store: what the future depends on. With
   * `dead` it leaves out what will not be read again. Without this method the whole state counts.
   */
  encode?(code: CoreFunc, state: unknown, out: StateWriter, dead: boolean): void;
  /** Whether a thread that waits in this state may go on now; reads only. */
  ready?(c: Ctx, code: CoreFunc, state: unknown): boolean;
  /** What a thread in this state waits for, in words: "waits for ..". */
  explain?(c: Ctx, code: CoreFunc, state: unknown): string;
  /** The functions that are open in this state, by name, the innermost first. */
  calls?(code: CoreFunc, state: unknown): readonly string[];
  /** The ends whose peers wait for what a thread in this state will do. */
  serves?(c: Ctx, code: CoreFunc, state: unknown): readonly WaitableId[];
  /**
   * An entry of one of the interpreter's tables in an instance; null where it is null or another type of
   * reference, undefined outside of the table. Without this method there are no such tables.
   */
  element?(
    c: Ctx,
    instance: InstanceId,
    table: number,
    index: number,
  ): TableEntry | null | undefined;
  /** The boundary of core code that a state stands at; null: none that anybody could see from outside. */
  boundary?(code: CoreFunc, state: unknown): Boundary | null;
  /** What a function is called: its name, and those that it is exported by. One without a name is the machine's own. */
  names?(code: CoreFunc): readonly string[];
  /** The run has ended with a trap: one of the host's own may still log what came of it. */
  trapped?(c: Ctx): void;
  start(c: Ctx, code: CoreFunc, args: readonly unknown[]): unknown;
  advance(c: Ctx, code: CoreFunc, state: unknown, input: Ret): { move: GuestMove; state: unknown };
}

/** What a rule works with during one step. */
export interface Ctx {
  readonly edit: Edit;
  readonly program: Program;
  readonly guests: Readonly<Record<string, Guest>>;
  /** The amendments of the store. */
  readonly revision: ReadonlySet<AmendmentName>;
  /** Told of each thread that is about to end; null: nobody asks. */
  readonly ended: ((thread: Readonly<Thread>) => void) | null;
  /** The label of the rule that runs. */
  rule: string;
}

/** A context without a running rule. */
export function context(
  { program, guests, ended = null }: Pick<Ctx, "program" | "guests"> & Partial<Pick<Ctx, "ended">>,
  edit: Edit,
): Ctx {
  return { edit, program, guests, revision: new Set(edit.globals.amendments), ended, rule: "" };
}

/** Thrown by a rule when the guest erred; the step turns it into the store's ending. */
export class Trap extends Error {
  readonly code: string;
  /** the functions of the guest that were open, the innermost first; null: its state says which */
  readonly calls: readonly string[] | null;
  constructor(code: string, calls: readonly string[] | null = null) {
    super(code);
    this.code = code;
    this.calls = calls;
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
  return c.revision.has(name);
}

/** The thread that runs (`current_thread()`). */
export function currentThread(c: Ctx): ThreadId {
  const id = c.edit.running;
  assert(id !== null, "M01", "a rule runs on a thread");
  return id;
}

export function thread(c: Ctx): Readonly<Thread> {
  return c.edit.thread.read(currentThread(c));
}

/** The task of the current thread; rules of built-ins run on guest threads only. */
export function currentTask(c: Ctx): TaskId {
  const { task: id } = thread(c);
  assert(id !== null, "M02", "a guest's thread has a task");
  return id;
}

export function task(c: Ctx): Readonly<Task> {
  return c.edit.task.read(currentTask(c));
}

export function currentInstance(c: Ctx): InstanceId {
  return task(c).instance;
}

export function instance(c: Ctx): Readonly<Instance> {
  return c.edit.instance.read(currentInstance(c));
}

/** Replaces the running rule's frame by `next`, with `first`, if there is one, above it. */
export function become(c: Ctx, next: Frame, first: Frame | null = null): void {
  const t = c.edit.continuation(currentThread(c));
  t.frames[t.frames.length - 1] = next;
  if (first !== null) t.frames.push(first);
  t.ret = null;
}

/** Puts a frame above the running rule's: it runs first, and returns to this one. */
export function push(c: Ctx, frame: Frame): void {
  c.edit.continuation(currentThread(c)).frames.push(frame);
}

/** Pops the running rule's frame and hands `ret` to the one below. */
export function finish(c: Ctx, ret: Ret): void {
  const t = c.edit.continuation(currentThread(c));
  t.frames.pop();
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

/**
 * Traps unless the current instance may call out (first check of almost every built-in); gives the
 * instance.
 */
export function trapUnlessMayLeave(c: Ctx): InstanceId {
  const id = currentInstance(c);
  trapIf(c, !c.edit.instance.read(id).mayLeave, "may-not-leave");
  return id;
}
