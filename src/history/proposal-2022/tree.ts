// The state of the proposal of June 2022: tasks in a tree of owners, two tables for each instance, stacks. Mirrors spec/12.

import type { InstanceId } from "../../model/ids.ts";
import { sameData } from "../../model/same.ts";
import { type Options, optionOf } from "../options.ts";

/** Where a value is offered: bytes of an instance's memory, or a value of the host itself. */
export type Offered =
  | { readonly tag: "memory"; readonly ptr: number }
  | { readonly tag: "bytes"; readonly bytes: readonly number[] };

/**
 * What the code of a task is doing with its future or stream. `done`: the data has moved, and the code
 * has not been told. `moved`: elements of an offer that are gone.
 */
export type Producer =
  | { tag: "waiting" | "finishing" | "cancelling" | "finished" }
  | { tag: "writing"; ptr: number; n: number; moved: number; done: boolean }
  /** what comes from the task `from` is passed on, `n` elements at most */
  | { tag: "splicing"; from: number; n: number; moved: number; done: boolean }
  | { tag: "returning"; at: Offered; done: boolean };

/** What the owner of a task is doing with it. `size`: bytes of its buffer. */
export type Consumer =
  | { tag: "not-listening" }
  | {
      tag: "listening";
      ptr: number;
      size: number;
      moved: number;
      /** the end value lies in the buffer */
      value: boolean;
      done: boolean;
      /** it is the out-buffer of an eager call that has not come back */
      calling: boolean;
    }
  | { tag: "skipping"; n: number; moved: number; done: boolean }
  /** a task of the owner takes the elements over */
  | { tag: "spliced" }
  /** the host takes whatever comes; `bytes`: the end value, once it is there */
  | { tag: "host"; bytes: readonly number[] | null };

/** What a task produces: sizes in bytes of an element and of the end value. */
export interface Shape {
  readonly stream: boolean;
  readonly element: number;
  readonly value: number;
  /** The end value is a future or stream, which changes hands. */
  readonly handle: boolean;
}

/** One asynchronous computation: what a future or stream is while it runs. */
export interface TreeTask {
  /** where its code is */
  instance: InstanceId;
  /** the stack that is told of it; null once it has finished, and for the host's root */
  stack: number | null;
  /** in the task table of its instance; null once it has finished */
  index: number | null;
  /** the super-task; null for the root */
  owner: number | null;
  /** in the subtask table of the owner's instance */
  edge: number;
  /** how the owner came by it */
  origin: "lower" | "new" | "given";
  shape: Shape;
  producer: Producer;
  consumer: Consumer;
  /** The end value was received. */
  taken: boolean;
  cancel: "no" | "asked" | "told";
  /** The owner was told that it has finished. */
  told: boolean;
}

export interface Stack {
  instance: InstanceId;
  callback: boolean;
  /** It is suspended in a wait. */
  waiting: boolean;
  /** what it is told of, in the order in which it came to that; those that have finished are gone */
  tasks: number[];
}

/** Indices begin at 1; a freed one is null and used again, the least first. */
export interface Tables {
  tasks: (number | null)[];
  subtasks: (number | null)[];
}

/** Settings that do not change while it runs. */
export interface Mode {
  readonly eager: boolean;
  readonly strict: boolean;
  readonly wide: boolean;
  readonly poison: boolean;
  readonly reentry: boolean;
}

/** Task 0 is the host: the root. */
export interface Tree {
  readonly mode: Mode;
  tasks: (TreeTask | null)[];
  stacks: (Stack | null)[];
  /** by instance */
  tables: Tables[];
}

/** Where the tree lies among the globals of the host's instance. */
export const treeKey = "proposal-2022";

export const hostInstance = 0 as InstanceId;

const nothing: Shape = { stream: false, element: 0, value: 0, handle: false };

const root: TreeTask = {
  instance: hostInstance,
  stack: null,
  index: null,
  owner: null,
  edge: 0,
  origin: "lower",
  shape: nothing,
  producer: { tag: "waiting" },
  consumer: { tag: "not-listening" },
  taken: false,
  cancel: "no",
  told: false,
};

/** The tree before anything was called, for so many instances with the host's. */
export function firstTree(options: Options, instances: number): Tree {
  const is = (name: Parameters<typeof optionOf>[1], value: string): boolean =>
    optionOf(options, name) === value;
  return {
    mode: {
      eager: is("eager", "on"),
      strict: is("strict-listen", "on"),
      wide: is("wait-scope", "instance"),
      poison: is("poison", "trap"),
      reentry: is("reentry", "allow"),
    },
    tasks: [{ ...root }],
    stacks: [],
    tables: Array.from({ length: instances }, () => ({ tasks: [], subtasks: [] })),
  };
}

/** Puts `item` at the first free place of `list`; gives the place. */
export function put<T>(list: (T | null)[], item: T): number {
  const hole = list.indexOf(null);
  const at = hole === -1 ? list.length : hole;
  list[at] = item;
  return at;
}

/** Frees a place; free places at the end are forgotten, so that a list says nothing of the past. */
export function free<T>(list: (T | null)[], at: number): void {
  list[at] = null;
  while (list.length > 0 && list.at(-1) === null) list.pop();
}

/** Something that has to be there. */
export function present<T>(x: T | null | undefined, what: string): T {
  if (x === null || x === undefined) throw new Error(`no ${what}`);
  return x;
}

export function taskAt(tree: Tree, id: number): TreeTask {
  return present(tree.tasks[id], `task ${id} in the tree`);
}

export function stackAt(tree: Tree, stack: number): Stack {
  return present(tree.stacks[stack], `stack ${stack}`);
}

/** The tasks of the tree but for the root, with their numbers. */
export function tasksOf(tree: Tree): readonly (readonly [number, TreeTask])[] {
  return tree.tasks.flatMap((task, id) => (task === null || id === 0 ? [] : [[id, task] as const]));
}

export function subTasks(tree: Tree, owner: number): readonly TreeTask[] {
  return tasksOf(tree).flatMap(([, task]) => (task.owner === owner ? [task] : []));
}

/** The instance whose subtask table and memory belong to the owner of a task. */
export function consumerInstance(tree: Tree, task: TreeTask): InstanceId {
  return taskAt(tree, task.owner ?? 0).instance;
}

export function tablesOf(tree: Tree, instance: InstanceId): Tables {
  return present(tree.tables[instance], "tables of the instance");
}

/** A new task and its edge; `stack` is told of it. */
export function newTask(
  tree: Tree,
  what: Pick<TreeTask, "instance" | "stack" | "owner" | "origin" | "shape" | "consumer">,
): number {
  const task: TreeTask = { ...root, ...what, producer: { tag: "waiting" } };
  const id = put(tree.tasks, task);
  task.index = put(tablesOf(tree, task.instance).tasks, id) + 1;
  if (task.stack !== null) stackAt(tree, task.stack).tasks.push(id);
  addEdge(tree, id);
  return id;
}

/** Gives the owner of a task an index for it. */
export function addEdge(tree: Tree, id: number): void {
  const task = taskAt(tree, id);
  task.edge = put(tablesOf(tree, consumerInstance(tree, task)).subtasks, id) + 1;
}

export function removeEdge(tree: Tree, id: number): void {
  const task = taskAt(tree, id);
  free(tablesOf(tree, consumerInstance(tree, task)).subtasks, task.edge - 1);
}

/** The index of the task itself is free; only its owner still knows of it. */
export function removeIndex(tree: Tree, id: number): void {
  const task = taskAt(tree, id);
  if (task.index !== null) free(tablesOf(tree, task.instance).tasks, task.index - 1);
  task.index = null;
  if (task.stack === null) return;
  const stack = stackAt(tree, task.stack);
  stack.tasks = stack.tasks.filter((own) => own !== id);
  task.stack = null;
}

/** The task is over. */
export function endTask(tree: Tree, id: number): void {
  taskAt(tree, id).producer = { tag: "finished" };
  removeIndex(tree, id);
  dropIfOver(tree, id);
}

/** A task that was given to the host is dropped as soon as it is over. */
export function dropIfOver(tree: Tree, id: number): void {
  const { owner, origin, producer } = taskAt(tree, id);
  if (owner === 0 && origin === "given" && producer.tag === "finished") dropTask(tree, id);
}

/** Its owner does not know of the task any more. */
export function dropTask(tree: Tree, id: number): void {
  removeEdge(tree, id);
  free(tree.tasks, id);
}

/** The first task of a stack that has not finished: the owner of what the stack calls. */
export function currentTask(tree: Tree, stack: number): number | null {
  return stackAt(tree, stack).tasks[0] ?? null;
}

/** A copy that may be written. */
function copyOf<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf) as T;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, copyOf(part)])) as T;
}

/** Runs `write` on a copy; gives the changed tree, or the old one if nothing changed. */
export function edited<T>(before: Tree, write: (tree: Tree) => T): { tree: Tree; value: T } {
  const tree = copyOf(before);
  const value = write(tree);
  return { tree: sameData(before, tree) ? before : tree, value };
}
