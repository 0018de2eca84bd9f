// The runtime state of a system: one plain value. Mirrors spec/01 and CanonicalABI.md, "Runtime State".

import type { AmendmentName } from "./amendments.ts";
import type {
  FuncId,
  HandleId,
  InstanceId,
  MemoryId,
  ResourceTypeId,
  SetId,
  TaskId,
  ThreadId,
  WaitableId,
} from "./ids.ts";
import type { CanonicalOptions } from "./program.ts";
import type { Thread } from "./thread.ts";
import type { AddressType, FuncType, ValType } from "./types.ts";
import type { CoreValue, ErrorContextValue, Value } from "./values.ts";

/** A handle table or thread table: index 0 is never used, freed indices are reused last-in first-out. */
export interface Table<E> {
  readonly array: readonly (E | null)[];
  readonly free: readonly number[];
}

export type HandleEntry =
  | { readonly tag: "resource"; readonly handle: HandleId }
  | { readonly tag: "waitable"; readonly waitable: WaitableId }
  | { readonly tag: "set"; readonly set: SetId }
  | ErrorContextValue;

/** CanonicalABI.md, "Component Instances"; `mayEnter` has no meaning under CM#705. */
export interface Instance {
  handles: Table<HandleEntry>;
  threads: Table<ThreadId>;
  mayEnter: boolean;
  mayLeave: boolean;
  /** 0 .. 2^16 - 1 */
  backpressure: number;
  numWaitingToEnter: number;
  exclusiveThread: ThreadId | null;
  memory: MemoryId | null;
  /** Core globals of the guest: data that its interpreter owns. */
  globals: Readonly<Record<string, unknown>>;
}

export type TaskState = "initial" | "started" | "pending-cancel" | "cancel-delivered" | "resolved";

/** The other side of a task: who gave it arguments and gets its result. */
export type Caller =
  | { readonly tag: "subtask"; readonly waitable: WaitableId }
  | { readonly tag: "realloc"; readonly thread: ThreadId; readonly args: readonly CoreValue[] };

export interface Task {
  name: string;
  ft: FuncType;
  /** null for a host task */
  opts: CanonicalOptions | null;
  instance: InstanceId;
  caller: Caller;
  state: TaskState;
  numBorrows: number;
  implicitThread: ThreadId | null;
  threads: readonly ThreadId[];
  /** The call that created the task is still looking at it. */
  driven: boolean;
}

export type SubtaskState =
  | "STARTING"
  | "STARTED"
  | "RETURNED"
  | "CANCELLED_BEFORE_STARTED"
  | "CANCELLED_BEFORE_RETURNED";

/** What the waitables have in common: CanonicalABI.md, "Waitable State". */
interface WaitableBase {
  set: SetId | null;
  hasSyncWaiter: boolean;
}

/** How a subtask lifts its arguments and lowers its results. */
export type Lowering =
  | {
      readonly tag: "core";
      readonly instance: InstanceId;
      readonly opts: CanonicalOptions;
      readonly flatArgs: readonly CoreValue[];
    }
  /** The host calls with values and takes values. */
  | { readonly tag: "values"; readonly args: readonly Value[]; readonly results: readonly Value[] };

export interface Subtask extends WaitableBase {
  tag: "subtask";
  state: SubtaskState;
  func: FuncId;
  ft: FuncType;
  lowering: Lowering;
  /** The callee's task; null before the call. */
  task: TaskId | null;
  /** null once the resolution was delivered */
  lenders: readonly HandleId[] | null;
  cancellationRequested: boolean;
  flatResults: readonly CoreValue[];
  /** null until the async lowering put it into a table */
  index: number | null;
  /** The pending event is computed at delivery, so a flag is enough. */
  pendingEvent: boolean;
}

export type EndKind = "readable-stream" | "writable-stream" | "readable-future" | "writable-future";
export type EndState = "idle" | "copying" | "cancelling" | "done";

/** CanonicalABI.md, "Buffer State": a guest's memory range, or values of the host. */
export type Buffer =
  | {
      readonly tag: "guest";
      readonly instance: InstanceId;
      readonly opts: CanonicalOptions;
      readonly ptr: number;
      readonly progress: number;
      readonly length: number;
    }
  | {
      readonly tag: "host";
      readonly values: readonly Value[];
      readonly progress: number;
      readonly length: number;
    };

/** The pending event of an end; before CM#719 its result is fixed when it is set. */
export type EndEvent =
  | { readonly tag: "end"; readonly progress: number }
  | {
      readonly tag: "copied";
      readonly result: "COMPLETED" | "DROPPED" | "CANCELLED";
      readonly reclaim: boolean;
    };

/** CanonicalABI.md, "Stream and Future State". */
export interface End extends WaitableBase {
  tag: "end";
  kind: EndKind;
  t: ValType | null;
  state: EndState;
  /** null once the peer was dropped */
  other: WaitableId | null;
  buffer: Buffer | null;
  /** Before CM#719: the buffer is the pending one of the shared object. */
  attached: boolean;
  /** null while the host or nobody owns it */
  owner: InstanceId | null;
  index: number | null;
  pendingEvent: EndEvent | null;
  /** What the host read through this end and has not taken yet. */
  received: readonly Value[];
  /** The host has held it and may name it again: once dropped it stays, done, so that its id does. */
  known: boolean;
  /** NON-SPEC: the operation of the host that a readable end came from, for as long as it is there. */
  origin: number | null;
}

export type Waitable = Subtask | End;

export interface WaitableSet {
  elems: readonly WaitableId[];
  numWaiting: number;
}

/** CanonicalABI.md, "Resource State". */
export interface ResourceHandle {
  rt: ResourceTypeId;
  rep: number;
  own: boolean;
  /** The task whose return needs this borrow dropped; null for an own handle. */
  task: TaskId | null;
  numLends: number;
}

/** Neighbouring pages of a memory; a null page is all zeros. */
export type Leaf = readonly (Uint8Array | null)[];

/** A linear memory as a tree of pages; a null leaf is all zeros. */
export interface Memory {
  address: AddressType;
  /** in bytes */
  length: number;
  leaves: readonly (Leaf | null)[];
}

/** An invocation made by the host at the start of a run. */
export interface Root {
  readonly name: string;
  /** null once it has returned */
  readonly thread: ThreadId | null;
}

/** How a run ended before its time: the guest erred, an assertion failed, or a bound was reached. */
export type Ending =
  | {
      readonly tag: "trap";
      readonly code: string;
      readonly rule: string;
      readonly thread: string;
      readonly instance: string;
      /** the functions that were open where core code trapped, the innermost first; for people */
      readonly calls?: readonly string[];
    }
  | { readonly tag: "bug"; readonly code: string; readonly rule: string; readonly detail: string }
  | { readonly tag: "limit"; readonly bound: string };

/** `full` leaves every choice open; `deterministic` is CanonicalABI.md's deterministic profile. */
export interface Profile {
  readonly name: "full" | "deterministic";
  /** The payload that lowering gives to a NaN: a stand-in for all of them. */
  readonly nan32: number;
  readonly nan64: bigint;
  /** What a host peer does when a guest cancels a copy. */
  readonly hostCancelCopy: "either" | "at-once" | "defer";
}

export interface Entities {
  instance: Instance;
  task: Task;
  thread: Thread;
  waitable: Waitable;
  set: WaitableSet;
  handle: ResourceHandle;
  memory: Memory;
}

export interface Ids {
  instance: InstanceId;
  task: TaskId;
  thread: ThreadId;
  waitable: WaitableId;
  set: SetId;
  handle: HandleId;
  memory: MemoryId;
}

export type Kind = keyof Entities;

export const kinds: readonly Kind[] = [
  "instance",
  "task",
  "thread",
  "waitable",
  "set",
  "handle",
  "memory",
];

/** The part of a store that is not an entity. */
export interface Globals {
  readonly amendments: readonly AmendmentName[];
  readonly profile: Profile;
  /** Nested resumptions: the last thread runs; empty between two ticks. */
  stack: readonly ThreadId[];
  roots: readonly Root[];
  log: readonly string[];
  ending: Ending | null;
}

/** A configuration of the machine. Plain data; `storeToJson` gives its JSON. */
export interface Store extends Readonly<Globals> {
  readonly entities: { readonly [K in Kind]: readonly (Readonly<Entities[K]> | null)[] };
}
