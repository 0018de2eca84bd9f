// What a rule of the proposal of June 2022 works with, and what it says comes next. Mirrors spec/12.

import { type Ctx, Trap, thread, trapAt } from "../../canon/machine.ts";
import type { Frame } from "../../model/frames.ts";
import type { InstanceId } from "../../model/ids.ts";
import type { Value } from "../../model/values.ts";
import { currentTask, present, type Shape, type Tree, tablesOf, taskAt } from "./tree.ts";

/** A call of a built-in in progress: plain data. */
export interface State {
  /** the step that runs next */
  readonly at: string;
  readonly args: readonly number[];
  /** `lower` and `task.new`: what is made */
  readonly shape?: Shape;
  readonly call?: CallOperands;
  /** the task that the call is about, once it is known */
  readonly task?: number;
  /** the index of the edge that a call made */
  readonly edge?: number;
}

/** What a call passes: a function of the program, its arguments, and which of them are handles. */
export interface CallOperands {
  readonly func: number;
  readonly values: readonly Value[];
  readonly handles: readonly number[];
  /** the out-buffer of the eager variant */
  readonly out: { readonly ptr: number; readonly size: number } | null;
}

/** What a step needs next. `idle`: to wait until nothing else can happen, least `until` first. */
export type Next =
  | { readonly do: "return"; readonly values: readonly number[] }
  | { readonly do: "go"; readonly state: State }
  | { readonly do: "wait"; readonly state: State }
  | { readonly do: "idle"; readonly until: bigint; readonly state: State }
  | { readonly do: "choose"; readonly options: readonly string[]; readonly state: State }
  | { readonly do: "frame"; readonly frame: Frame; readonly state: State };

/** What a step works on; `tree` may be written. */
export interface Here {
  readonly c: Ctx;
  readonly tree: Tree;
  /** of the code that called the built-in */
  readonly instance: InstanceId;
  /** of a choice that was made: the number of the option */
  readonly pick: number;
}

type Step = (h: Here, state: State) => Next;

/** When a step that is waited for may run; reads only. */
type Ready = (h: Here, state: State) => boolean;

/** A built-in: its steps by name, the first one `start`; which of them have to be waited for. */
export interface Rule {
  readonly steps: Readonly<Record<string, Step>>;
  readonly ready?: Readonly<Record<string, Ready>>;
  /** what it waits for, in words: "waits for .." */
  readonly waits?: (h: Here, state: State) => string;
}

export const done = (...values: number[]): Next => ({ do: "return", values });

/** A built-in of one step. */
export const simple = (step: (h: Here, ...args: number[]) => Next): Rule => ({
  steps: { start: (h, { args }) => step(h, ...args) },
});

/** Traps with the code `canon.NAME.REASON`. */
export function trapIf(condition: boolean, code: string): void {
  trapAt(condition, `canon.${code}`);
}

/** The task that an index of the task table names. */
export function ownTask({ tree, instance }: Here, t: number, name: string): number {
  const id = tablesOf(tree, instance).tasks[t - 1] ?? null;
  if (id === null) throw new Trap(`canon.${name}.not-a-task`);
  return id;
}

/** The task that an index of the subtask table names. */
export function subTask({ tree, instance }: Here, s: number, name: string): number {
  const id = tablesOf(tree, instance).subtasks[s - 1] ?? null;
  if (id === null) throw new Trap(`canon.${name}.not-a-subtask`);
  return id;
}

/** The stack that runs: each thread notes its own where the specification of today keeps `context`. */
export function currentStack({ c }: Pick<Here, "c">): number {
  return Number(thread(c).storage[0]);
}

/** Traps unless a buffer of `size` bytes at `ptr` lies in the memory. */
export function checkRange({ c, instance }: Here, ptr: number, size: number): void {
  const memory = present(c.edit.instance.read(instance).memory, "memory of a guest");
  trapIf(ptr + size > c.edit.memory.read(memory).length, "buffer.out-of-bounds");
}

/** The task that owns what the running stack makes: its first one that has not finished. */
export function owningTask(h: Here): number {
  const id = currentTask(h.tree, currentStack(h));
  if (id === null) throw new Trap("canon.stack.no-task");
  return id;
}

/** Whether `id` is `below` or one of its super-tasks. */
export function isAbove(tree: Tree, id: number, below: number): boolean {
  for (let at: number | null = below; at !== null; at = taskAt(tree, at).owner) {
    if (at === id) return true;
  }
  return false;
}

/** An index that is passed on; `to` gets it. */
export function passed(
  { tree, instance }: Pick<Here, "tree" | "instance">,
  s: number,
  to: number,
): number {
  const id = tablesOf(tree, instance).subtasks[s - 1] ?? null;
  if (id === null) throw new Trap("canon.pass.not-a-subtask");
  trapIf(taskAt(tree, id).consumer.tag !== "not-listening", "pass.listening");
  trapIf(isAbove(tree, id, to), "pass.super-task");
  return id;
}
