// A component as data: its definitions in order, with the indices that they were written with. Mirrors spec/14 and Binary.md.

import type { BuiltinName } from "../model/program.ts";
import type { CoreType, PrimTag, StringEncoding } from "../model/types.ts";
import type { ExternType as CoreExternType, CoreFuncType, Module } from "../wasm/module.ts";

/** Binary.md, "Instance Definitions". */
export type CoreSort =
  | "func"
  | "table"
  | "memory"
  | "global"
  | "tag"
  | "type"
  | "module"
  | "instance";

export type Sort = "func" | "value" | "type" | "component" | "instance";

/** A sort of either layer. */
export type AnySort =
  | { readonly layer: "core"; readonly sort: CoreSort }
  | { readonly layer: "component"; readonly sort: Sort };

export type SortIndex = AnySort & { readonly index: number };

/** `nameattributes`: a name and what is said of it. */
export interface ExternName {
  readonly name: string;
  readonly implements: string | null;
  readonly versionSuffix: string | null;
  readonly externalId: string | null;
}

/** `core:moduletype` declarations. */
export type CoreModuleDecl =
  | {
      readonly tag: "import";
      readonly module: string;
      readonly name: string;
      readonly type: CoreExternDecl;
    }
  | { readonly tag: "type"; readonly type: CoreFuncType }
  | { readonly tag: "outer-type"; readonly count: number; readonly index: number }
  | { readonly tag: "export"; readonly name: string; readonly type: CoreExternDecl };

/** An import's or export's type: of a function or tag by type index, of the others in full. */
export type CoreExternDecl =
  | { readonly tag: "func" | "tag"; readonly typeIndex: number }
  | Exclude<CoreExternType, { readonly tag: "func" | "tag" }>;

export type CoreTypeDef =
  | { readonly tag: "func"; readonly type: CoreFuncType }
  | { readonly tag: "module"; readonly decls: readonly (CoreModuleDecl & At)[] };

/** `valtype`: a primitive, or the index of a type. */
export type ValTypeRef =
  | { readonly tag: "prim"; readonly type: PrimTag }
  | { readonly tag: "index"; readonly index: number };

export interface LabelledType {
  readonly label: string;
  readonly type: ValTypeRef;
}

export type DefValType =
  | { readonly tag: "prim"; readonly type: PrimTag }
  | { readonly tag: "record"; readonly fields: readonly LabelledType[] }
  | {
      readonly tag: "variant";
      readonly cases: readonly { readonly label: string; readonly type: ValTypeRef | null }[];
    }
  | { readonly tag: "list"; readonly type: ValTypeRef; readonly length: number | null }
  | { readonly tag: "tuple"; readonly types: readonly ValTypeRef[] }
  | { readonly tag: "flags"; readonly labels: readonly string[] }
  | { readonly tag: "enum"; readonly labels: readonly string[] }
  | { readonly tag: "option"; readonly type: ValTypeRef }
  | { readonly tag: "result"; readonly ok: ValTypeRef | null; readonly error: ValTypeRef | null }
  | { readonly tag: "own" | "borrow"; readonly index: number }
  | { readonly tag: "stream" | "future"; readonly type: ValTypeRef | null }
  | { readonly tag: "map"; readonly key: ValTypeRef; readonly value: ValTypeRef };

export interface FuncTypeDef {
  readonly tag: "func";
  readonly async: boolean;
  readonly params: readonly LabelledType[];
  readonly result: ValTypeRef | null;
}

export type TypeDef =
  | DefValType
  | FuncTypeDef
  | { readonly tag: "component"; readonly decls: readonly (Decl & At)[] }
  | { readonly tag: "instance"; readonly decls: readonly (Decl & At)[] }
  | { readonly tag: "resource"; readonly rep: CoreType; readonly dtor: number | null };

/** `componentdecl` and `instancedecl`; only component types have imports. */
export type Decl =
  | { readonly tag: "core-type"; readonly type: CoreTypeDef }
  | { readonly tag: "type"; readonly type: TypeDef }
  | { readonly tag: "alias"; readonly alias: Alias }
  | { readonly tag: "import"; readonly name: ExternName; readonly type: ExternTypeRef }
  | { readonly tag: "export"; readonly name: ExternName; readonly type: ExternTypeRef };

/** `externtype`. */
export type ExternTypeRef =
  | { readonly tag: "core-module"; readonly index: number }
  | { readonly tag: "func" | "component" | "instance"; readonly index: number }
  | { readonly tag: "value"; readonly bound: ValueBound }
  | { readonly tag: "type"; readonly bound: TypeBound };

export type TypeBound =
  | { readonly tag: "eq"; readonly index: number }
  | { readonly tag: "sub-resource" };

export type ValueBound =
  | { readonly tag: "eq"; readonly index: number }
  | { readonly tag: "type"; readonly type: ValTypeRef };

export type Alias =
  | {
      readonly tag: "export";
      readonly sort: Sort | "core-module";
      readonly instance: number;
      readonly name: string;
    }
  | {
      readonly tag: "core-export";
      readonly sort: CoreSort;
      readonly instance: number;
      readonly name: string;
    }
  | {
      readonly tag: "outer";
      readonly sort: AnySort;
      readonly count: number;
      readonly index: number;
    };

/** `opts`; an option that is absent is null, the encoding when absent is utf8. */
export interface CanonOpts {
  readonly encoding: StringEncoding | null;
  /** indices of core memories and functions */
  readonly memory: number | null;
  readonly realloc: number | null;
  readonly postReturn: number | null;
  readonly async: boolean;
  readonly callback: number | null;
}

/**
 * `canon`. Of a built-in: `type` is the type index of `resource.*`, `stream.*` and `future.*`, or the core
 * type index of `thread.new-indirect`; `result` that of `task.return`; `slot` and `core` those of
 * `context.*`. An immediate that the built-in does not have is null, or false.
 */
export type Canon =
  | { readonly tag: "lift"; readonly func: number; readonly opts: CanonOpts; readonly type: number }
  | { readonly tag: "lower"; readonly func: number; readonly opts: CanonOpts }
  | {
      readonly tag: "builtin";
      readonly name: BuiltinName;
      readonly type: number | null;
      readonly result: ValTypeRef | null;
      readonly slot: number | null;
      readonly core: CoreType | null;
      readonly table: number | null;
      /** the `async` immediate is `opts.async`, the memory immediate `opts.memory` */
      readonly opts: CanonOpts;
      /** before CM#716; afterwards the byte must be 0 */
      readonly cancellable: boolean;
    };

/** Where something stands: the offset of its first byte in the file. */
export interface At {
  readonly offset: number;
}

export type Definition = At &
  (
    | { readonly tag: "core-module"; readonly module: Module }
    | {
        readonly tag: "core-instance";
        readonly module: number;
        readonly args: readonly { readonly name: string; readonly instance: number }[];
      }
    | {
        readonly tag: "core-exports";
        readonly exports: readonly {
          readonly name: string;
          readonly sort: CoreSort;
          readonly index: number;
        }[];
      }
    | { readonly tag: "core-type"; readonly type: CoreTypeDef }
    | { readonly tag: "component"; readonly component: Component }
    | {
        readonly tag: "instance";
        readonly component: number;
        readonly args: readonly { readonly name: string; readonly item: SortIndex }[];
      }
    | {
        readonly tag: "exports";
        readonly exports: readonly { readonly name: ExternName; readonly item: SortIndex }[];
      }
    | { readonly tag: "alias"; readonly alias: Alias }
    | { readonly tag: "type"; readonly type: TypeDef }
    | { readonly tag: "canon"; readonly canon: Canon }
    | {
        readonly tag: "start";
        readonly func: number;
        readonly args: readonly number[];
        readonly results: number;
      }
    | { readonly tag: "import"; readonly name: ExternName; readonly type: ExternTypeRef }
    | {
        readonly tag: "export";
        readonly name: ExternName;
        readonly item: SortIndex;
        readonly type: ExternTypeRef | null;
      }
    | { readonly tag: "value"; readonly type: ValTypeRef; readonly bytes: Uint8Array }
  );

/** What the component-name section says: names by sort (`core func`, `func`, ..) and index. */
export interface ComponentNames {
  readonly component: string | null;
  readonly sorts: ReadonlyMap<string, ReadonlyMap<number, string>>;
}

export interface Component extends At {
  readonly definitions: readonly Definition[];
  readonly names: ComponentNames;
}
