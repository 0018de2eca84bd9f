// Compiled scripts: a stack machine whose whole state is data. The compiler is `compile.ts`.

import type { FuncId } from "../model/ids.ts";
import type { BuiltinName, CanonicalOptions, CoreImport } from "../model/program.ts";
import type { FuncType, ValType } from "../model/types.ts";
import type { Stmt } from "./ast.ts";
import type { BinaryOp } from "./ast-exprs.ts";
import type { ScriptValue } from "./script-values.ts";

/** How the body of a function ends. */
export type Finish = "sync" | "stackful" | "callback" | "core" | "realloc" | "host";

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
  | { readonly op: "await"; readonly what: (Stmt & { readonly tag: "await" })["what"] }
  | { readonly op: "return"; readonly value: boolean }
  /** the packed result of a callback: exit 0, yield 1, wait 2 */
  | { readonly op: "turn"; readonly code: 0 | 1 | 2 }
  | { readonly op: "trap"; readonly reason: "unreachable" | "throw" };

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
