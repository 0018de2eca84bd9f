// What the executor of stackless bodies keeps: tasks, calls, and what is to be told to the host. Mirrors spec/11.

import type { Ctx } from "../../canon/machine.ts";
import type { InstanceId } from "../../model/ids.ts";
import type { ScriptState } from "../code.ts";
import type { Range } from "../heap.ts";
import type { ScriptValue } from "../script-values.ts";

/** What a task waits for. */
export type Wait =
  | { readonly tag: "call"; readonly call: number }
  | { readonly tag: "first"; readonly calls: readonly number[] }
  /** nothing: it has given way, or it has not begun (`fresh`) */
  | { readonly tag: "turn"; readonly fresh: boolean };

export type TaskState =
  /** its script is in the frame that runs it */
  | { readonly tag: "running" }
  | { readonly tag: "waiting"; readonly script: ScriptState; readonly on: Wait }
  /** its body is destroyed; `by`: the handle that goes back when nothing is open, of the split ABI */
  | { readonly tag: "cancelled"; readonly by: number | null }
  /** split: nobody has taken the value yet */
  | { readonly tag: "done"; readonly value: ScriptValue | null };

/** A body that runs, or what it left. */
export interface Task {
  /** the entry of its export; that of its creator if it was spawned */
  readonly entry: number;
  readonly spawned: boolean;
  /** native: the component-level task that it is a part of */
  readonly group: number | null;
  /** what `on cancel` will see */
  readonly args: readonly ScriptValue[];
  readonly state: TaskState;
  /** split: `make-task` was called for it */
  readonly announced: boolean;
  /** split: the capability to say that it is done, while it has it */
  readonly ready: number | null;
  /** split: calls that it started and that the host has not heard of */
  readonly unheard: readonly number[];
}

export type CallState =
  /** native: a subtask, or an end of a stream or future that copies, by its index */
  | { readonly tag: "waitable"; readonly index: number; readonly ptr: number | null }
  /** split: the callee is not done; the host has not heard of our interest */
  | { readonly tag: "pending"; readonly pending: number }
  /** split: the host has; `cancel` is the capability to cancel, once it came */
  | { readonly tag: "listened"; readonly cancel: number | null }
  /** split: the value can be claimed with this capability */
  | { readonly tag: "ready"; readonly ready: number }
  | { readonly tag: "done"; readonly value: ScriptValue };

/** A call that a body has started. */
export interface Call {
  /** the task that may await it; null when that is over */
  readonly task: number | null;
  readonly group: number | null;
  /** the instruction that started it: code and place */
  readonly at: readonly [code: number, pc: number];
  /** somebody may still ask for its result */
  readonly wanted: boolean;
  readonly state: CallState;
  /** native: ranges of memory that it needs until it is resolved */
  readonly memory: readonly Range[];
}

/** Native: a component-level task, with the bodies that run in it. */
export interface Group {
  readonly entry: number;
  /** the index of its waitable set */
  readonly set: number | null;
  /** its number is in the thread's storage, where the callback finds it */
  readonly stored: boolean;
  /** it has neither returned nor been cancelled */
  readonly main: number | null;
}

/** A message to the host: a case of `poll-output` and its payload. */
export interface Output {
  readonly label: string;
  readonly value: ScriptValue;
}

export interface Executor {
  readonly tasks: readonly (Task | null)[];
  readonly calls: readonly (Call | null)[];
  readonly groups: readonly (Group | null)[];
  /** tasks that may go on, in the order in which they became so */
  readonly runnable: readonly number[];
  readonly outbox: readonly Output[];
  /** what an export left in memory for its caller to read */
  readonly lent: readonly Range[];
}

const noExecutor: Executor = {
  tasks: [],
  calls: [],
  groups: [],
  runnable: [],
  outbox: [],
  lent: [],
};

/** Where the executor lies among the globals of its instance. */
export const executorKey = "%executor";

/** The executor of an instance; one that has nothing to do is not there. */
export function executorIn({ edit }: Ctx, instance: InstanceId): Executor {
  return (edit.instance.read(instance).globals[executorKey] as Executor | undefined) ?? noExecutor;
}

type Tables = "tasks" | "calls" | "groups";
type Entry<T extends Tables> = NonNullable<Executor[T][number]>;

/** With `entry` at place `n` of a table; null takes it out, and the table ends with an entry. */
export function withEntry<T extends Tables>(
  x: Executor,
  table: T,
  n: number,
  entry: Entry<T> | null,
): Executor {
  const list: (Entry<T> | null)[] = [...(x[table] as readonly (Entry<T> | null)[])];
  while (list.length <= n) list.push(null);
  list[n] = entry;
  const length = list.findLastIndex((e) => e !== null) + 1;
  return { ...x, [table]: list.slice(0, length) };
}

/** The least number that is free in a table. */
export function freeNumber(list: readonly unknown[]): number {
  const free = list.indexOf(null);
  return free === -1 ? list.length : free;
}
