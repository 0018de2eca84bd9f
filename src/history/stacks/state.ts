// Stacks and the calls on them, as one plain value among the globals of the host's instance. Mirrors spec/13.

import { type Ctx, currentThread, Trap } from "../../canon/machine.ts";
import type { FuncId, InstanceId } from "../../model/ids.ts";
import type { Task } from "../../model/store.ts";
import type { Value } from "../../model/values.ts";

/** A call of an export that waits until it is made, with its arguments as values. */
export interface Prepared {
  readonly func: FuncId;
  readonly args: readonly Value[];
}

/** What a call on a stack is doing; `over` once its result was handed out, or it was dropped. */
type CallState = "prepared" | "running" | "suspended" | "done" | "over";

/** One call on a stack: the future that its poller holds. */
export interface StackCall extends Prepared {
  readonly stack: number;
  readonly state: CallState;
  /** The path of the thread that the call began on; null before the first poll. */
  readonly base: string | null;
  /** The threads that were put aside, by path, the base first. */
  readonly segment: readonly string[];
  readonly result: readonly Value[];
  /** The path of a host function that was put aside and goes on; a panic in it is not carried over. */
  readonly resumed: string | null;
  /** The call on whose stack this one was prepared; null: by the host. */
  readonly within: number | null;
}

/** A call that is made when what it guards goes away. */
export interface Guard extends Prepared {
  /** The path of the thread whose frame it guards. */
  readonly owner: string;
}

/** Calls and stacks are numbered from 1. */
export interface Stacks {
  readonly stacks: number;
  readonly calls: readonly StackCall[];
  readonly guards: readonly Guard[];
  /** The call whose stack is being unwound; null: none. */
  readonly dying: number | null;
}

/** Where the stacks lie among the globals of the host's instance: no variable has such a name. */
const stacksKey = "%stacks";

const none: Stacks = { stacks: 0, calls: [], guards: [], dying: null };

/** The host is the first instance. */
const host = 0 as InstanceId;

export function stacksOf(c: Ctx): Stacks {
  return (c.edit.instance.read(host).globals[stacksKey] as Stacks | undefined) ?? none;
}

export function setStacks(c: Ctx, change: Partial<Stacks>): void {
  const instance = c.edit.instance.edit(host);
  instance.globals = { ...instance.globals, [stacksKey]: { ...stacksOf(c), ...change } };
}

/** The call with this number; traps for a number that names none, or one that was dropped. */
export function callAt(c: Ctx, f: number): StackCall {
  const call = stacksOf(c).calls[f - 1];
  if (call === undefined) throw new Trap("stack.no-such-call");
  return call;
}

export function setCall(c: Ctx, f: number, change: Partial<StackCall>): void {
  const { calls } = stacksOf(c);
  setStacks(c, { calls: calls.map((call, i) => (i === f - 1 ? { ...call, ...change } : call)) });
}

/** Whether a task is one of an async function of the host: its future is polled. */
export function isHostFuture({ opts, ft }: Readonly<Task>): boolean {
  return opts === null && ft.async;
}

/** A call with its number, and the threads from its base to the current one. */
interface Enclosing {
  readonly f: number;
  readonly segment: readonly string[];
}

/** The innermost call on whose stack the current thread runs; null: it is on none. */
export function enclosing(c: Ctx): Enclosing | null {
  const { calls } = stacksOf(c);
  const segment: string[] = [];
  for (const id of c.edit.globals.stack.toReversed()) {
    const { path } = c.edit.thread.read(id);
    segment.unshift(path);
    const i = calls.findIndex(({ base, state }) => base === path && state === "running");
    if (i !== -1) return { f: i + 1, segment };
  }
  return null;
}

/**
 * Whether an async function of the host that starts now finds the record of a switch: it runs on a
 * stack, and no other host future is being polled between the two.
 */
export function canSwitch(c: Ctx): boolean {
  const on = enclosing(c);
  if (on === null) return false;
  const { stack } = c.edit.globals;
  return stack.slice(stack.length - on.segment.length, -1).every((id) => {
    const { task } = c.edit.thread.read(id);
    return task === null || !isHostFuture(c.edit.task.read(task));
  });
}

/** The frame that puts the stack of the current thread aside, which is written down. */
export function putAside(
  c: Ctx,
  { f, segment }: Enclosing,
): { tag: string; paths: readonly string[] } {
  setCall(c, f, { state: "suspended", segment });
  return { tag: "host.switch-out", paths: segment };
}

/** The path of the current thread. */
export function ownPath(c: Ctx): string {
  return c.edit.thread.read(currentThread(c)).path;
}
