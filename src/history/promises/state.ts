// The state of the bridge: two queues, promises, futures and tasks, as plain data. Mirrors spec/13.

import type { BridgeProgram, Settled } from "./program.ts";

/** What runs when a promise is settled. */
export type Reaction =
  | { readonly tag: "log"; readonly text: string }
  | { readonly tag: "future"; readonly future: number }
  | { readonly tag: "settle"; readonly promise: number };

/** An entry of the host's own queue. */
export type Microtask =
  | { readonly tag: "react"; readonly reaction: Reaction; readonly with: Settled }
  /** a promise was resolved with another: it waits for that one */
  | { readonly tag: "adopt"; readonly promise: number; readonly other: number }
  | { readonly tag: "log"; readonly text: string }
  /** one turn of the run queue */
  | { readonly tag: "tick" };

export interface PromiseState {
  /** settled, or bound to another promise: to settle it again does nothing */
  readonly bound: boolean;
  readonly settled: Settled | null;
  readonly reactions: readonly Reaction[];
}

export interface FutureState {
  readonly from: number | null;
  readonly outcome: Settled | null;
  /** the task that polled it last */
  readonly waker: number | null;
  /** it has given its outcome, and is never ready again */
  readonly given: boolean;
}

export interface TaskState {
  readonly at: number;
  /** in the run queue */
  readonly queued: boolean;
  readonly over: boolean;
  /** what it awaited last */
  readonly got: Settled | null;
  /** the promise that its end settles */
  readonly promise: number | null;
}

export interface BridgeState {
  readonly started: boolean;
  readonly microtasks: readonly Microtask[];
  /** tasks, first in first out */
  readonly queue: readonly number[];
  /** a turn of the run queue is among the microtasks, or under way */
  readonly scheduled: boolean;
  readonly promises: readonly PromiseState[];
  readonly futures: readonly FutureState[];
  readonly tasks: readonly TaskState[];
  /** what has not happened yet */
  readonly events: readonly number[];
  /** since the step before */
  readonly log: readonly string[];
}

const many = <T>(n: number, one: T): T[] => new Array<T>(n).fill(one);

export function firstState({ promises, futures, tasks, events }: BridgeProgram): BridgeState {
  return {
    started: false,
    microtasks: [],
    queue: [],
    scheduled: false,
    promises: many(promises, { bound: false, settled: null, reactions: [] }),
    futures: many(futures, { from: null, outcome: null, waker: null, given: false }),
    tasks: many(tasks.length, { at: 0, queued: false, over: false, got: null, promise: null }),
    events: [...events.keys()],
    log: [],
  };
}
