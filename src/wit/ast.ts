// The syntax tree of WIT (WIT.md, "Lexical structure" to "Types"), with positions.

import type { PrimTag } from "../model/types.ts";

/** 1-based; columns count UTF-16 units. */
export interface Pos {
  readonly line: number;
  readonly column: number;
}

/** An identifier, without the `%` that may stand before it. */
export interface Name {
  readonly name: string;
  readonly pos: Pos;
}

/** `a:b@1.0.0`; with nested namespaces and packages `a:b:c/d`. */
export interface PackageName {
  readonly namespaces: readonly string[];
  readonly names: readonly string[];
  readonly version: string | null;
  readonly pos: Pos;
}

/** An interface or a world: `types`, or `wasi:clocks/types@0.3.0`. */
export interface UsePath {
  readonly package: PackageName | null;
  readonly name: string;
  readonly pos: Pos;
}

/** `@since(version = ..)`, `@unstable(feature = ..)`, `@deprecated(version = ..)` */
export type Gate =
  | { readonly tag: "since"; readonly version: string; readonly pos: Pos }
  | { readonly tag: "unstable"; readonly feature: string; readonly pos: Pos }
  | { readonly tag: "deprecated"; readonly version: string; readonly pos: Pos };

/** What may stand before an item. `docs` are the lines of its doc comments, joined by newlines. */
export interface Head {
  readonly docs: string | null;
  readonly gates: readonly Gate[];
  /** The text of `@external-id("..")`, where one is allowed. */
  readonly externalId: string | null;
}

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
  | { readonly tag: "stream" | "future"; readonly t: TypeExpr | null; readonly pos: Pos }
  | { readonly tag: "own" | "borrow"; readonly resource: Name; readonly pos: Pos }
  | { readonly tag: "named"; readonly name: string; readonly pos: Pos };

export interface Param {
  readonly name: Name;
  readonly t: TypeExpr;
}

export interface FuncExpr {
  readonly async: boolean;
  readonly params: readonly Param[];
  readonly result: TypeExpr | null;
}

export interface FieldDecl {
  readonly docs: string | null;
  readonly name: Name;
  readonly t: TypeExpr;
}

export interface CaseDecl {
  readonly docs: string | null;
  readonly name: Name;
  readonly t: TypeExpr | null;
}

/** A flag or a case of an enum. */
export interface LabelDecl {
  readonly docs: string | null;
  readonly name: Name;
}

/** A function of a resource. The result of a constructor is written only when it can fail. */
export type Member = Head &
  (
    | { readonly tag: "method" | "static"; readonly name: Name; readonly func: FuncExpr }
    | {
        readonly tag: "constructor";
        readonly params: readonly Param[];
        readonly result: TypeExpr | null;
        readonly pos: Pos;
      }
  );

export type TypeDecl = Head & { readonly name: Name } & (
    | { readonly tag: "alias"; readonly t: TypeExpr }
    | { readonly tag: "record"; readonly fields: readonly FieldDecl[] }
    | { readonly tag: "variant"; readonly cases: readonly CaseDecl[] }
    | { readonly tag: "enum" | "flags"; readonly labels: readonly LabelDecl[] }
    | { readonly tag: "resource"; readonly members: readonly Member[] }
  );

/** `a as b`; `as` is null when it keeps its name. */
export interface Renamed {
  readonly name: Name;
  readonly as: Name | null;
}

/** `use PATH.{a, b as c};` in an interface or a world */
export interface UseDecl extends Head {
  readonly tag: "use";
  readonly path: UsePath;
  readonly names: readonly Renamed[];
}

export interface FuncDecl extends Head {
  readonly tag: "func";
  readonly name: Name;
  readonly func: FuncExpr;
}

export type InterfaceItem = UseDecl | TypeDecl | FuncDecl;

/** What a world imports or exports; without a name of its own it is named by its interface. */
export type Extern =
  | { readonly tag: "path"; readonly path: UsePath }
  | { readonly tag: "named-path"; readonly name: Name; readonly path: UsePath }
  | { readonly tag: "func"; readonly name: Name; readonly func: FuncExpr }
  | {
      readonly tag: "interface";
      readonly name: Name;
      readonly items: readonly InterfaceItem[];
    };

export interface ExternDecl extends Head {
  readonly tag: "import" | "export";
  readonly extern: Extern;
}

/** `include PATH with { a as b };` */
export interface IncludeDecl extends Head {
  readonly tag: "include";
  readonly path: UsePath;
  readonly names: readonly Renamed[];
}

export type WorldItem = ExternDecl | IncludeDecl | UseDecl | TypeDecl;

export interface InterfaceDecl extends Head {
  readonly tag: "interface";
  readonly name: Name;
  readonly items: readonly InterfaceItem[];
}

export interface WorldDecl extends Head {
  readonly tag: "world";
  readonly name: Name;
  readonly items: readonly WorldItem[];
}

/** `use PATH as NAME;` at the top of a file */
export interface TopUse extends Head {
  readonly tag: "top-use";
  readonly path: UsePath;
  readonly as: Name | null;
}

export type PackageItem = TopUse | InterfaceDecl | WorldDecl;

/** `package a:b { .. }` */
export interface NestedPackage {
  readonly tag: "package";
  readonly docs: string | null;
  readonly name: PackageName;
  readonly items: readonly PackageItem[];
}

export interface PackageDecl {
  readonly docs: string | null;
  readonly name: PackageName;
}

export interface WitFile {
  readonly file: string;
  readonly package: PackageDecl | null;
  readonly items: readonly (PackageItem | NestedPackage)[];
}
