// A core module as data: what its sections say, with bodies and expressions left as bytes. Mirrors spec/14.

import type { AddressType, CoreType } from "../model/types.ts";

export type RefType = "funcref" | "externref" | "exnref";
export type ValueType = CoreType | RefType;

export interface CoreFuncType {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** Sizes in units of the thing: entries of a table, pages of 64 KiB of a memory. */
export interface Limits {
  readonly address: AddressType;
  readonly min: bigint;
  readonly max: bigint | null;
}

export interface TableType {
  readonly element: RefType;
  readonly limits: Limits;
}

export interface MemoryType {
  readonly limits: Limits;
}

export interface GlobalType {
  readonly type: ValueType;
  readonly mutable: boolean;
}

/** The type of what a module imports or exports; a tag's results are empty. */
export type ExternType =
  | { readonly tag: "func"; readonly type: CoreFuncType }
  | { readonly tag: "table"; readonly type: TableType }
  | { readonly tag: "memory"; readonly type: MemoryType }
  | { readonly tag: "global"; readonly type: GlobalType }
  | { readonly tag: "tag"; readonly type: CoreFuncType };

export type ExternKind = ExternType["tag"];

/** A range of `Module.bytes`: the instructions of an expression with their last `end`. */
export interface Code {
  readonly start: number;
  readonly end: number;
}

export interface Import {
  readonly module: string;
  readonly name: string;
  readonly type: ExternType;
  readonly offset: number;
}

export interface Export {
  readonly name: string;
  readonly kind: ExternKind;
  /** in the index space of its kind, imports first */
  readonly index: number;
}

export interface Body {
  /** runs of locals of one type, after the parameters */
  readonly locals: readonly { readonly count: number; readonly type: ValueType }[];
  readonly code: Code;
}

/** Where a segment goes by itself: a table or memory at an offset; or nowhere. */
export type SegmentMode =
  | { readonly tag: "passive" }
  | { readonly tag: "declarative" }
  | { readonly tag: "active"; readonly index: number; readonly offset: Code };

export interface ElementSegment {
  readonly type: RefType;
  readonly mode: SegmentMode;
  /** functions by index, or expressions */
  readonly items:
    | { readonly tag: "funcs"; readonly indices: readonly number[] }
    | { readonly tag: "exprs"; readonly exprs: readonly Code[] };
}

export interface DataSegment {
  readonly mode: SegmentMode;
  /** the bytes of `Module.bytes` from `start` to `end` */
  readonly start: number;
  readonly end: number;
}

/** What the name section says; it is never wrong, at worst empty. */
export interface ModuleNames {
  readonly module: string | null;
  /** by function index */
  readonly funcs: ReadonlyMap<number, string>;
}

/** A decoded module; index spaces begin with what is imported, in order. */
export interface Module {
  readonly bytes: Uint8Array;
  readonly types: readonly CoreFuncType[];
  readonly imports: readonly Import[];
  /** the type index of each function that is defined */
  readonly funcs: readonly number[];
  /** `init`: what every entry begins with; null: null */
  readonly tables: readonly { readonly type: TableType; readonly init: Code | null }[];
  readonly memories: readonly MemoryType[];
  /** the type index of each tag that is defined */
  readonly tags: readonly number[];
  readonly globals: readonly { readonly type: GlobalType; readonly init: Code }[];
  readonly exports: readonly Export[];
  readonly start: number | null;
  readonly elements: readonly ElementSegment[];
  /** what the data count section says */
  readonly dataCount: number | null;
  readonly datas: readonly DataSegment[];
  readonly bodies: readonly Body[];
  readonly names: ModuleNames;
}
