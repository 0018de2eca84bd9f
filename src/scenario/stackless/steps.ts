// What an entry of the executor is about to do, as data: steps, and what to make of the results of calls. Mirrors spec/11.

import type { GuestMove } from "../../canon/machine.ts";
import type { ResourceTypeId } from "../../model/ids.ts";
import type { BuiltinName } from "../../model/program.ts";
import type { ValType } from "../../model/types.ts";
import type { CoreValue } from "../../model/values.ts";
import type { ScriptState } from "../code.ts";
import type { Range } from "../heap.ts";
import type { ScriptValue } from "../script-values.ts";

/** One step; the steps of an entry are done in order. */
export type Step =
  /** runs a body on: from its beginning, or with the value that it waited for */
  | {
      readonly step: "run";
      readonly task: number;
      readonly script: ScriptState;
      readonly value: ScriptValue | null;
    }
  /** runs these tasks, each once, in any order */
  | { readonly step: "take"; readonly tasks: readonly number[] }
  /** a built-in without a result that matters, or with one */
  | {
      readonly step: "builtin";
      readonly name: BuiltinName;
      readonly args: readonly CoreValue[];
      readonly t: ValType | null;
      readonly rt: ResourceTypeId | null;
      readonly after: After | null;
    }
  /** the last step of an entry: gives these values to the caller */
  | { readonly step: "leave"; readonly values: readonly CoreValue[] }
  /** native: puts the waitable of a call into the set of its group */
  | { readonly step: "join"; readonly call: number }
  /** native: says what a component-level task does next */
  | { readonly step: "settle"; readonly group: number }
  /** split: a task has run; `replies`: it was for its start half */
  | { readonly step: "ran"; readonly task: number; readonly replies: boolean }
  /** native: runs what is runnable in a group */
  | { readonly step: "turn"; readonly group: number }
  /** split: runs what is runnable, or leaves the poll call; `fresh`: also what has not begun */
  | { readonly step: "round"; readonly fresh: boolean }
  /** split: one message of the host */
  | {
      readonly step: "input";
      readonly label: string;
      readonly token: number;
      readonly handle: number;
    };

/** What to do with the results of a call that is out. */
export type After =
  /** they are the body's: it called by itself */
  | { readonly after: "script"; readonly task: number; readonly script: ScriptState }
  | { readonly after: "picked"; readonly tasks: readonly number[] }
  /** native: the status of an async call */
  | {
      readonly after: "started";
      readonly task: number;
      readonly script: ScriptState;
      readonly ptr: number | null;
      readonly memory: readonly Range[];
    }
  /** native: the status of a copy */
  | {
      readonly after: "copied";
      readonly task: number;
      readonly script: ScriptState;
      readonly end: number;
      readonly ptr: number;
    }
  /** native: a set for a group */
  | { readonly after: "set"; readonly group: number }
  /** native: the answer to a request to cancel */
  | { readonly after: "cancelled"; readonly call: number }
  /** native: the number of the group whose callback runs, with its event */
  | { readonly after: "resumed"; readonly event: readonly [code: number, p1: number, p2: number] }
  /** native: nothing, but memory is free that a call has read */
  | { readonly after: "freed"; readonly memory: readonly Range[] }
  /** native: an event of the set, if there is one */
  | { readonly after: "looked" }
  /** split: what a start half gives */
  | {
      readonly after: "begun";
      readonly task: number;
      readonly script: ScriptState;
      readonly ptr: number | null;
      readonly memory: readonly Range[];
    }
  /** split: what a result half gives */
  | {
      readonly after: "claimed";
      readonly task: number;
      readonly script: ScriptState;
      readonly at: readonly [code: number, pc: number];
      readonly ptr: number | null;
    }
  /** split: the three capabilities of a new task */
  | {
      readonly after: "made";
      readonly task: number;
      readonly replies: boolean;
      readonly ptr: number;
    }
  /** split: the token of a task whose result is asked for */
  | { readonly after: "identified"; readonly ready: number };

/** What the guest does next, and what it does with the results; null: they do not matter. */
export interface Out {
  readonly move: GuestMove;
  readonly after: After | null;
}
