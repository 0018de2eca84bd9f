// What the host of the split ABI knows: tasks, inboxes, futures that run, the root. Mirrors spec/11.

import type { FuncId } from "../../model/ids.ts";
import { sameData } from "../../model/same.ts";
import type { EndValue, Value } from "../../model/values.ts";
import type { DesignOption, Options } from "../options.ts";
import { optionOf } from "../options.ts";
import type { Input } from "./messages.ts";
import type { SplitHost } from "./protocol.ts";

/** A token of a component, which is told by its place among those with a poll function. */
export interface Address {
  readonly component: number;
  readonly token: number;
}

/** What any task has: who listens to it, and how many capabilities on it are alive. */
interface TaskBase {
  readonly listen: Address | null;
  readonly refs: number;
}

/** A task of a component. `cancel`: where to ask for its end; `ready`: the token of its result. */
export interface GuestTask extends TaskBase {
  readonly kind: "guest";
  readonly cancel: Address | null;
  readonly ready: number | null;
}

/** How a function of the host ended: the call, which has its value, or what trap it ended in. */
export type Outcome = EndValue | { readonly tag: "failed"; readonly reason: string };

/** A function of the host that did not finish at once. */
export interface FutureTask extends TaskBase {
  readonly kind: "future";
  readonly ready: Outcome | null;
  /** It was to be cancelled, and has to end by itself: until then the host keeps the right to cancel it. */
  readonly asked: boolean;
}

/** A wait for a pollable, which is given by its number. */
export interface PollableTask extends TaskBase {
  readonly kind: "pollable";
  readonly source: number;
  readonly ready: boolean;
}

/** A wait for the value of a pair. */
export interface ReceiveTask extends TaskBase {
  readonly kind: "receive";
  readonly pair: number;
  readonly ready: boolean;
}

export type Task = GuestTask | FutureTask | PollableTask | ReceiveTask;

/** What a pollable watches: a variable of the host, or an end of a pipe. */
export type Source =
  | { readonly tag: "variable"; readonly name: string }
  | { readonly tag: "input" | "output"; readonly pipe: number };

/** Bytes on their way. `ended`: its reader has waited for the end. */
export interface Pipe {
  readonly chunks: readonly Uint8Array[];
  readonly reader: boolean;
  readonly writer: boolean;
  readonly ended: boolean;
}

/** A value on its way: none or one, in a list; null until the sender sends. */
export interface Pair {
  readonly sender: boolean;
  readonly receiver: boolean;
  readonly sent: readonly Value[] | null;
}

/** A call of a function of the host, or over the bridge, that is not known to have finished. */
export interface Future {
  readonly id: number;
  readonly func: FuncId;
  /** null while it starts, and once nobody wants its value any more */
  readonly task: number | null;
  /** of a call that waits at the bridge for the one before it */
  readonly args: readonly Value[] | null;
  /** null while it waits, and while it starts */
  readonly call: EndValue | null;
  /** the trap that it ended in */
  readonly failed: string | null;
}

/** How far the messages about a token have come. */
export type TokenState = "sent" | "listening" | "pending" | "cancelled" | "over";

/** The tokens of a component that are in use, for the laws. */
export interface Seen {
  readonly listens: Readonly<Record<number, TokenState>>;
  readonly tasks: Readonly<Record<number, TokenState>>;
}

/** Everything that the host knows: the value of `globals.isyswasfa` of its instance. */
export interface Tasks {
  /** those that are not at their defaults */
  readonly options: Options;
  /** the number of the resource type `pending`, which `cancel` and `ready` follow */
  readonly firstResource: number;
  /** by number: the representation of all capabilities on it */
  tasks: Readonly<Record<number, Task>>;
  /** what each component is told with its next poll call */
  inboxes: readonly (readonly Input[])[];
  /** in the order in which they were called */
  futures: readonly Future[];
  /** what each pollable watches, by number, as the rest */
  pollables: Readonly<Record<number, Source>>;
  pipes: Readonly<Record<number, Pipe>>;
  pairs: Readonly<Record<number, Pair>>;
  /** A root call is being driven. */
  driving: boolean;
  /** the task of that call, once it is pending */
  root: number | null;
  /** That task has its result. */
  done: boolean;
  seen: readonly Seen[];
  /** The first message against the protocol, in words. */
  broken: string | null;
}

/** Where the tasks lie among the globals of the host's instance. */
export const tasksGlobal = "isyswasfa";

/** Before anything has happened, with so many components. */
export function firstTasks({ first }: SplitHost, components: number, options: Options): Tasks {
  const each = Array.from({ length: components });
  return {
    options,
    firstResource: first,
    tasks: {},
    inboxes: each.map(() => []),
    futures: [],
    pollables: {},
    pipes: {},
    pairs: {},
    driving: false,
    root: null,
    done: false,
    seen: each.map(() => ({ listens: {}, tasks: {} })),
    broken: null,
  };
}

export function settingOf({ options }: Tasks, name: DesignOption): string {
  return optionOf(options, name);
}

/** The least number from 1 on that is not taken. */
function freeNumber(taken: Readonly<Record<number, unknown>>): number {
  let n = 1;
  while (taken[n] !== undefined) n++;
  return n;
}

/** A new call; gives its number. */
export function addFuture(t: Tasks, future: Omit<Future, "id">): number {
  const id = freeNumber(Object.fromEntries(t.futures.map((f) => [f.id, f])));
  t.futures = [...t.futures, { id, ...future }];
  return id;
}

/** A new task; gives its number. */
export function addTask(t: Tasks, task: Task): number {
  const id = freeNumber(t.tasks);
  t.tasks = { ...t.tasks, [id]: task };
  return id;
}

/** A new pollable; gives its number. */
export function addPollable(t: Tasks, source: Source): number {
  const id = freeNumber(t.pollables);
  t.pollables = { ...t.pollables, [id]: source };
  return id;
}

export function addPipe(t: Tasks, pipe: Pipe): number {
  const id = freeNumber(t.pipes);
  t.pipes = { ...t.pipes, [id]: pipe };
  return id;
}

export function addPair(t: Tasks, pair: Pair): number {
  const id = freeNumber(t.pairs);
  t.pairs = { ...t.pairs, [id]: pair };
  return id;
}

/** Changes a pair, which goes with its last end. */
export function setPair(t: Tasks, id: number, pair: Pair): void {
  const isGone = !pair.sender && !pair.receiver;
  t.pairs = isGone ? without(t.pairs, id) : { ...t.pairs, [id]: pair };
}

/** Nobody waits for the value of a pair any more. */
export function closeReceiver(t: Tasks, id: number): void {
  const pair = t.pairs[id];
  if (pair !== undefined) setPair(t, id, { ...pair, receiver: false });
}

export function without<T>(all: Readonly<Record<number, T>>, id: number): Record<number, T> {
  const { [id]: _, ...rest } = all;
  return rest;
}

/** Changes the record of a task. */
export function setTask(t: Tasks, id: number, task: Task): void {
  t.tasks = { ...t.tasks, [id]: task };
}

/** Puts a message into an inbox. */
export function tell(t: Tasks, component: number, input: Input): void {
  t.inboxes = t.inboxes.map((inbox, i) => (i === component ? [...inbox, input] : inbox));
}

/** Runs `work` on a copy whose fields may be assigned to; gives the copy, or `before` if it is the same. */
export function changed<T>(before: Tasks, work: (t: Tasks) => T): { after: Tasks; value: T } {
  const copy = { ...before };
  const value = work(copy);
  return { after: sameData(before, copy) ? before : copy, value };
}
