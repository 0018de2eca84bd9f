// The syntax tree of WIT types and signatures in scenarios. Mirrors spec/00-scenarios.md.

import type { PrimTag } from "../model/types.ts";

/** Where a node stands in its source: 1-based line and column. */
export interface Pos {
  readonly line: number;
  readonly column: number;
}

/** WIT types before names are resolved. */
export type TypeExpr =
  | { readonly tag: "prim"; readonly name: PrimTag; readonly pos: Pos }
  | {
      readonly tag: "list";
      readonly t: TypeExpr;
      readonly length: number | null;
      readonly pos: Pos;
    }
  | { readonly tag: "tuple"; readonly ts: readonly TypeExpr[]; readonly pos: Pos }
  | { readonly tag: "option"; readonly t: TypeExpr; readonly pos: Pos }
  | {
      readonly tag: "result";
      readonly ok: TypeExpr | null;
      readonly error: TypeExpr | null;
      readonly pos: Pos;
    }
  | { readonly tag: "map"; readonly k: TypeExpr; readonly v: TypeExpr; readonly pos: Pos }
  | {
      readonly tag: "stream" | "future";
      readonly t: TypeExpr | null;
      /** `stream<T, U>` of June 2022: its end value */
      readonly end?: TypeExpr;
      readonly pos: Pos;
    }
  | { readonly tag: "own" | "borrow"; readonly resource: Name; readonly pos: Pos }
  /** `_`, only as a built-in's `<_>`: a stream or future without payload, `task.return` of nothing. */
  | { readonly tag: "none"; readonly pos: Pos }
  /** A type declared by `type NAME = ...`, or a resource (which means `own<NAME>`). */
  | { readonly tag: "named"; readonly name: Name; readonly pos: Pos };

/** `type NAME = record {..} | variant {..} | enum {..} | flags {..} | TYPE`, at the top of a scenario. */
export type TypeBody =
  | {
      readonly tag: "record";
      readonly fields: readonly { readonly label: string; readonly t: TypeExpr }[];
    }
  | {
      readonly tag: "variant";
      readonly cases: readonly { readonly label: string; readonly t: TypeExpr | null }[];
    }
  | { readonly tag: "enum"; readonly labels: readonly string[] }
  | { readonly tag: "flags"; readonly labels: readonly string[] }
  | { readonly tag: "alias"; readonly t: TypeExpr };

export interface TypeDecl {
  readonly name: string;
  readonly body: TypeBody;
  readonly pos: Pos;
}

/** `a` or `P.a` (a component's export, or a resource of another component). */
export interface Name {
  readonly path: readonly string[];
  readonly pos: Pos;
}

export interface Signature {
  readonly async: boolean;
  readonly params: readonly { readonly name: string; readonly t: TypeExpr }[];
  readonly result: TypeExpr | null;
}
