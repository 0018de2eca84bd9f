// Compiled scripts: a stack machine whose whole state is data. The compiler is `compile.ts`.

import type { RuleName2022 } from "../history/proposal-2022/rules.ts";
import type { Shape } from "../history/proposal-2022/tree.ts";
import type { FuncId } from "../model/ids.ts";
import type { BuiltinName, CanonicalOptions, CoreImport } from "../model/program.ts";
import type { FuncType, ValType } from "../model/types.ts";
import type { Stmt } from "./ast.ts";
import type { BinaryOp, Expr } from "./ast-exprs.ts";
import type { ScriptValue } from "./script-values.ts";

/** How the body of a function ends. */
export type Finish = "sync" | "stackful" | "callback" | "stackless" | "core" | "realloc" | "host";

export type Instr =
  | { readonly op: "push"; readonly value: ScriptValue }
  | { readonly op: "pop" }
  | { readonly op: "first" }
  | { readonly op: "destructure"; readonly slots: readonly number[] }
  | { readonly op: "local" | "set-local"; readonly slot: number }
  | { readonly op: "var" | "set-var"; readonly name: string }
  | { readonly op: "text"; readonly parts: readonly (string | null)[] }
  | { readonly op: "list"; readonly n: number }
  | { readonly op: "record"; readonly labels: readonly string[] }
  | { readonly op: "case"; readonly label: string; readonly payload: boolean }
  | { readonly op: "list-at" | "packed" | "index" | "not" | "negate" | "alloc" | "realloc" }
  | { readonly op: "field"; readonly label: string }
  | { readonly op: "binary"; readonly by: BinaryOp }
  | { readonly op: "load" | "store"; readonly t: ValType }
  | { readonly op: "jump" | "jump-unless"; readonly to: number }
  | { readonly op: "log" }
  | { readonly op: "choose"; readonly options: readonly string[] }
  | { readonly op: "core-call"; readonly code: number; readonly n: number }
  | {
      readonly op: "lowered";
      readonly import: CoreImport;
      readonly ft: FuncType;
      readonly n: number;
      readonly async: boolean;
    }
  | {
      readonly op: "builtin";
      readonly name: BuiltinName;
      readonly import: CoreImport;
      readonly n: number;
      /** a read or write whose buffer is the last operand */
      readonly at: boolean;
      /** a `task.return` without a type: that of the task that runs */
      readonly inferred: boolean;
    }
  | {
      readonly op: "host-call";
      readonly func: FuncId;
      readonly ft: FuncType;
      readonly n: number;
      readonly async: boolean;
    }
  | {
      readonly op: "host-builtin";
      readonly name: BuiltinName;
      readonly t: ValType | null;
      readonly n: number;
      readonly async: boolean;
    }
  | { readonly op: "host-wait" }
  /** a rule of June 2022, or a call in that design: see `proposal-2022/compile.ts` */
  | {
      readonly op: "rule-2022";
      readonly name: RuleName2022;
      readonly n: number;
      readonly shape?: Shape;
      readonly call?: Call2022;
      /** the type of a value that the host gives or takes */
      readonly value?: ValType | null;
    }
  | {
      readonly op: "stack";
      readonly verb: (Expr & { readonly tag: "stack" })["verb"];
      /** what a call, an entry or a guard calls; null for a verb on a number */
      readonly func: FuncId | null;
      readonly ft: FuncType | null;
      readonly n: number;
    }
  | { readonly op: "await"; readonly what: (Stmt & { readonly tag: "await" })["what"] }
  | { readonly op: "return"; readonly value: boolean }
  /** the packed result of a callback: exit 0, yield 1, wait 2 */
  | { readonly op: "turn"; readonly code: 0 | 1 | 2 }
  | { readonly op: "trap"; readonly reason: "unreachable" | "throw" }
  | Leaving;

/** Where a stackless body leaves the script: its executor goes on (`stackless/`). */
export type Leaving =
  /** starts a call and leaves it on the stack; `result`: the second half, of a function that is split */
  | {
      readonly op: "start-call";
      readonly start: Lowered;
      readonly result: Lowered | null;
      readonly n: number;
    }
  /** of a call on the stack; `block-call` waits without giving way */
  | { readonly op: "await-call" | "block-call" | "cancel-call" | "drop-call" }
  /** the place of the first of `n` calls that has a result */
  | { readonly op: "await-first"; readonly n: number }
  /** waits for a copy that has been started */
  | { readonly op: "await-copy"; readonly builtin: Instr & { readonly op: "builtin" } }
  /** what generated code makes of `n` operands */
  | {
      readonly op: "bindings";
      readonly does: Bindings;
      readonly n: number;
      readonly t: ValType | null;
    }
  /** goes on twice: with true in a new task, with false in this one */
  | { readonly op: "spawn" }
  | { readonly op: "yield-task" }
  /** the end of `on cancel`: nothing is returned */
  | { readonly op: "confirm-cancel" };

/** A call in the design of June 2022: its parameters, and which of them are futures and streams. */
export interface Call2022 {
  readonly func: FuncId;
  readonly params: readonly ValType[];
  readonly handles: readonly number[];
  /** operands after the arguments: the out-buffer, and its size */
  readonly out: 0 | 1 | 2;
}

/**
 * Several values as those of one operation; the bytes that a write is given, and its result; what a read
 * gives for a list of elements, or for an option of one.
 */
export type Bindings = "several" | "bytes-of" | "byte-count" | "received" | "received-one";

/** An import and the type of what is behind it. */
export interface Lowered {
  readonly import: CoreImport;
  readonly ft: FuncType;
}

/** One compiled function. */
export interface Code {
  readonly name: string;
  /** Types that the flat parameters are raised to; null takes core values as they are. */
  readonly params: readonly ValType[] | null;
  readonly arity: number;
  readonly locals: number;
  readonly result: ValType | null;
  /** The parameters are an event: its code and payload print by name. */
  readonly event: boolean;
  readonly finish: Finish;
  readonly opts: CanonicalOptions;
  readonly instrs: readonly Instr[];
}

export interface ScriptFrame {
  readonly code: number;
  readonly pc: number;
  readonly locals: readonly ScriptValue[];
  readonly stack: readonly ScriptValue[];
}

/** The state of a script: calls of core functions inside one instance nest in it. */
export interface ScriptState {
  readonly calls: readonly ScriptFrame[];
  /** What the instruction that called out needs when it gets its results. */
  readonly temp: number | null;
  /** The instruction at `pc` has called out. */
  readonly out: boolean;
}
