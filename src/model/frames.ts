// Continuations as data: a frame is the next rule to run with what it needs. Mirrors spec/02.

import type { CoreValue, Value } from "./values.ts";

/**
 * A frame of a thread's continuation. `tag` is the label of the rule that runs when the frame is
 * on top; the other fields are that rule's operands (declared beside each rule in `canon/`).
 * Fields that hold ids are named after their kind: `task`, `thread`, `waitable`, `set`, ...
 */
export interface Frame {
  readonly tag: string;
  readonly [operand: string]: unknown;
}

/** (event code, index or 0, payload): CanonicalABI.md, "Waitable State". */
export interface EventTuple {
  readonly code: EventCode;
  readonly p1: number;
  readonly p2: number;
}

export type EventCode =
  | "NONE"
  | "SUBTASK"
  | "STREAM_READ"
  | "STREAM_WRITE"
  | "FUTURE_READ"
  | "FUTURE_WRITE"
  | "TASK_CANCELLED";

/** What a frame hands to the one below it. */
export type Ret =
  | null
  | { readonly tag: "core"; readonly values: readonly CoreValue[] }
  | { readonly tag: "values"; readonly values: readonly Value[] }
  | { readonly tag: "event"; readonly event: EventTuple }
  | { readonly tag: "cancelled"; readonly cancelled: boolean };
