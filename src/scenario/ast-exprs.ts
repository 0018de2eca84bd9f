// The syntax tree of expressions in scenarios. Mirrors spec/00-scenarios.md.

import type { BuiltinName } from "../model/program.ts";
import type { Name, Pos, TypeExpr } from "./ast-types.ts";
import type { ConstantName } from "./constants.ts";
import type { Name2022 } from "./proposal-2022/names.ts";

export type BinaryOp = "==" | "!=" | "<" | "<=" | ">" | ">=" | "+" | "-" | "*" | "and" | "or";

export type Expr =
  | { readonly tag: "int"; readonly value: bigint; readonly pos: Pos }
  | { readonly tag: "float"; readonly value: number; readonly pos: Pos }
  | { readonly tag: "bool"; readonly value: boolean; readonly pos: Pos }
  | { readonly tag: "char"; readonly value: string; readonly pos: Pos }
  /** a string or template: `"ev {i} {p}"`; `{{` is a brace. Parts alternate text (maybe empty) and expressions, text first and last. */
  | { readonly tag: "text"; readonly parts: readonly (string | Expr)[]; readonly pos: Pos }
  | { readonly tag: "name"; readonly name: string; readonly pos: Pos }
  | { readonly tag: "constant"; readonly name: ConstantName; readonly pos: Pos }
  /** `COMPLETED|4`: a copy result with its progress */
  | { readonly tag: "packed"; readonly result: Expr; readonly progress: Expr; readonly pos: Pos }
  | { readonly tag: "list"; readonly items: readonly Expr[]; readonly pos: Pos }
  /** `(a, b)` */
  | { readonly tag: "tuple"; readonly items: readonly Expr[]; readonly pos: Pos }
  /** `{x: 1, y: 2}` */
  | {
      readonly tag: "record";
      readonly fields: readonly { readonly label: string; readonly value: Expr }[];
      readonly pos: Pos;
    }
  /** `some(1)`, `ok(x)`, `none`, `my-case(3)`, also cases of an enum; WAVE syntax: `%name` where it clashes */
  | { readonly tag: "case"; readonly label: string; readonly value: Expr | null; readonly pos: Pos }
  /** `{read, write}` */
  | { readonly tag: "flags"; readonly labels: readonly string[]; readonly pos: Pos }
  /** `list-at PTR LEN`: a list or string argument that already lies in memory */
  | { readonly tag: "list-at"; readonly ptr: Expr; readonly length: Expr; readonly pos: Pos }
  | { readonly tag: "unary"; readonly op: "not" | "-"; readonly value: Expr; readonly pos: Pos }
  | {
      readonly tag: "binary";
      readonly op: BinaryOp;
      readonly left: Expr;
      readonly right: Expr;
      readonly pos: Pos;
    }
  /** `x[0]` of a list or tuple */
  | { readonly tag: "index"; readonly value: Expr; readonly index: Expr; readonly pos: Pos }
  /** `r.label` of a record */
  | { readonly tag: "field"; readonly value: Expr; readonly label: string; readonly pos: Pos }
  /** `load TYPE PTR`: a value from the instance's memory (handles as indices) */
  | { readonly tag: "load"; readonly t: TypeExpr; readonly ptr: Expr; readonly pos: Pos }
  /** `alloc SIZE ALIGN` from the instance's bump allocator */
  | { readonly tag: "alloc"; readonly size: Expr; readonly align: Expr; readonly pos: Pos }
  /** `P.f(1, "x")` lowered synchronously, `async P.f(..)` asynchronously; also core functions `g(1)` */
  | {
      readonly tag: "call";
      readonly async: boolean;
      readonly name: Name;
      readonly args: readonly Expr[];
      readonly pos: Pos;
    }
  /** stackless bodies: `start P.f(1)`, a call; `await c`, `await P.f(1)`, `await stream.read r 4`, a result */
  | { readonly tag: "start"; readonly value: Expr; readonly pos: Pos }
  | { readonly tag: "await"; readonly value: Expr; readonly pos: Pos }
  /** stackless bodies: `await first a, b`, the place of a call that has its result */
  | { readonly tag: "first"; readonly calls: readonly Expr[]; readonly pos: Pos }
  /** `[async] NAME[<T>] [cancellable] ATOM*`: a canonical built-in */
  | {
      readonly tag: "builtin";
      readonly name: BuiltinName;
      readonly async: boolean;
      readonly cancellable: boolean;
      /** null when it is not written; `<_>` is the type with the tag `none` */
      readonly t: TypeExpr | null;
      readonly args: readonly Expr[];
      /** read and write: `at PTR`, the buffer; without it the guest allocates one */
      readonly at: Expr | null;
      readonly pos: Pos;
    }
  /** `canon.return t ptr`, `canon.lower L.f(1) ptr`: a built-in of June 2022 */
  | {
      readonly tag: "canon";
      readonly name: Name2022;
      /** `canon.task.new<T>` */
      readonly t: TypeExpr | null;
      /** `canon.lower` */
      readonly call: Expr | null;
      readonly args: readonly Expr[];
      readonly pos: Pos;
    }
  /** `stack.call S A.f(1)`: a verb of the host's stacks, its number if it takes one, its call */
  | {
      readonly tag: "stack";
      readonly verb: "new" | "call" | "poll" | "drop" | "plain" | "guard";
      readonly number: Expr | null;
      readonly call: Expr | null;
      readonly pos: Pos;
    };
