// Component-level types as plain data: what a function's signature says. Mirrors spec/01.

import type { ResourceTypeId } from "./ids.ts";

/** Primitive value types, by their WIT names. */
export type PrimTag =
  | "bool"
  | "s8"
  | "u8"
  | "s16"
  | "u16"
  | "s32"
  | "u32"
  | "s64"
  | "u64"
  | "f32"
  | "f64"
  | "char"
  | "string"
  | "error-context";

export interface Field {
  readonly label: string;
  readonly t: ValType;
}

export interface Case {
  readonly label: string;
  readonly t: ValType | null;
}

/** A WIT value type (CanonicalABI.md, "Despecialization"; Explainer.md, "Type Definitions"). */
export type ValType =
  | { readonly tag: PrimTag }
  | { readonly tag: "list"; readonly t: ValType; readonly length: number | null }
  | { readonly tag: "record"; readonly fields: readonly Field[] }
  | { readonly tag: "tuple"; readonly ts: readonly ValType[] }
  | { readonly tag: "variant"; readonly cases: readonly Case[] }
  | { readonly tag: "enum"; readonly labels: readonly string[] }
  | { readonly tag: "option"; readonly t: ValType }
  | { readonly tag: "result"; readonly ok: ValType | null; readonly error: ValType | null }
  | { readonly tag: "map"; readonly k: ValType; readonly v: ValType }
  | { readonly tag: "flags"; readonly labels: readonly string[] }
  | { readonly tag: "own"; readonly rt: ResourceTypeId }
  | { readonly tag: "borrow"; readonly rt: ResourceTypeId }
  | { readonly tag: "stream"; readonly t: ValType | null }
  | { readonly tag: "future"; readonly t: ValType | null };

/** A component function type; `result` has at most one element. */
export interface FuncType {
  readonly params: readonly { readonly name: string; readonly t: ValType }[];
  readonly result: ValType | null;
  readonly async: boolean;
}

/** A core value type. */
export type CoreType = "i32" | "i64" | "f32" | "f64";

/** The address type of a linear memory. */
export type AddressType = "i32" | "i64";

export type StringEncoding = "utf8" | "utf16" | "latin1+utf16";
