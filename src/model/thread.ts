// A thread as plain data, and what it waits for. Mirrors spec/02 and CanonicalABI.md, "Threads".

import type { Frame, Ret } from "./frames.ts";
import type { InstanceId, SetId, TaskId, WaitableId } from "./ids.ts";
import type { CoreFunc } from "./program.ts";
import type { CoreValue } from "./values.ts";

/** Why a waiting thread is not ready yet: the closures of the reference text as data. */
export type ReadyWhen =
  | { readonly tag: "always" }
  | { readonly tag: "no-backpressure"; readonly task: TaskId }
  | { readonly tag: "has-event"; readonly waitable: WaitableId }
  | { readonly tag: "set-has-event"; readonly set: SetId }
  | { readonly tag: "not-exclusive"; readonly instance: InstanceId }
  | {
      readonly tag: "callback-event";
      readonly instance: InstanceId;
      readonly set: SetId;
      readonly task: TaskId;
    }
  | { readonly tag: "subtask-resolved"; readonly waitable: WaitableId }
  /** Host only: the host's variable has this value; null: it is not 0. */
  | {
      readonly tag: "variable";
      readonly instance: InstanceId;
      readonly name: string;
      readonly equals: number | null;
    }
  /** Host only: the caller of this task has asked to cancel it. */
  | { readonly tag: "cancel-requested"; readonly task: TaskId }
  /**
   * Host only: the interpreter of `core` says so of this state of its own, or the caller of `task` has
   * asked to cancel it.
   */
  | {
      readonly tag: "guest";
      readonly core: CoreFunc;
      readonly state: unknown;
      readonly task: TaskId | null;
    }
  /**
   * Host only: nothing else can happen, and no thread waits so until a lesser time (nanoseconds; 0n for
   * one that is no clock); or the caller of `task` has asked to cancel it.
   */
  | { readonly tag: "idle"; readonly until: bigint; readonly task: TaskId | null }
  /** Host only: for what is no part of the model. That may come at any moment, or never. */
  | { readonly tag: "outside"; readonly task: TaskId | null };

export type ThreadState =
  | { readonly tag: "running" }
  | { readonly tag: "suspended" }
  | { readonly tag: "waiting"; readonly ready: ReadyWhen };

export type Cancellable = "no" | "yes" | "lock-available";

export interface Thread {
  /** Unique among live threads, for people: appears in action names. */
  name: string;
  /**
   * Who created it, back to an invocation: the creator's path, a dot, and the least number that is free
   * there. Unique among live threads, the same in whatever order threads ran, and their order.
   */
  readonly path: string;
  /** null for a thread of the host's own */
  task: TaskId | null;
  state: ThreadState;
  /** The continuation: the last frame runs next. */
  frames: readonly Frame[];
  /** What the frame that was popped last returned. */
  ret: Ret;
  index: number | null;
  storage: readonly [CoreValue, CoreValue];
  /**
   * Whether a cancellation may resume it where it blocked (last): before CM#716 by the immediate of
   * the built-in, under CM#707 in the event loop only while the lock is available; under CM#726 only
   * in the event loop.
   */
  cancellable: Cancellable;
}
