// Checks value types, function types and resource types. Mirrors spec/14 and Binary.md, "Type Definitions".

import { elemSize } from "../canon/values/layout.ts";
import { memoized, parts } from "../canon/values/types.ts";
import type { Case, Field, FuncType, PrimTag, ValType } from "../model/types.ts";
import { keyTypes } from "../wit/words.ts";
import type { DefValType, FuncTypeDef, LabelledType, TypeDef, ValTypeRef } from "./ast.ts";
import {
  at,
  notOffered,
  refuseIf,
  refuseUnless,
  resourceTypeAt,
  type Scope,
  valueTypeAt,
} from "./check-scope.ts";
import { deepest } from "./decode-bytes.ts";
import { type LabelKind, labelError } from "./labels.ts";
import { sameCoreFunc } from "./subtype-core.ts";
import { type DefinedType, freshResource } from "./types.ts";

/** What a type is like, everything inside it counted. */
interface Facts {
  readonly size: number;
  readonly depth: number;
  readonly borrow: boolean;
}

/** Most types that a type may consist of: types can be exponentially larger than their bytes. */
const largest = 100_000;

const factsOf: (t: ValType) => Facts = memoized((t: ValType): Facts => {
  const inner = parts(t).flatMap((part) => (part === null ? [] : [factsOf(part)]));
  return {
    size: inner.reduce((sum, f) => sum + f.size, 1),
    depth: 1 + inner.reduce((most, f) => Math.max(most, f.depth), 0),
    borrow: t.tag === "borrow" || inner.some((f) => f.borrow),
  };
});

/** How many types `t` consists of. */
export function sizeOfType(t: ValType): number {
  return factsOf(t).size;
}

const prims: Readonly<Record<PrimTag, ValType>> = {
  bool: { tag: "bool" },
  s8: { tag: "s8" },
  u8: { tag: "u8" },
  s16: { tag: "s16" },
  u16: { tag: "u16" },
  s32: { tag: "s32" },
  u32: { tag: "u32" },
  s64: { tag: "s64" },
  u64: { tag: "u64" },
  f32: { tag: "f32" },
  f64: { tag: "f64" },
  char: { tag: "char" },
  string: { tag: "string" },
  "error-context": { tag: "error-context" },
};

/** `valtype` */
export function checkValType(scope: Scope, ref: ValTypeRef): ValType {
  return ref.tag === "prim" ? prims[ref.type] : valueTypeAt(scope, ref.index);
}

function maybe(scope: Scope, ref: ValTypeRef | null): ValType | null {
  return ref === null ? null : checkValType(scope, ref);
}

const fieldNames: LabelKind = { one: "record field", other: "field" };
const caseNames: LabelKind = { one: "variant case", other: "case" };
const flagNames: LabelKind = { one: "flag", other: "flag" };
const tagNames: LabelKind = { one: "enum tag", other: "tag" };
const paramNames: LabelKind = { one: "function parameter", other: "parameter" };

function checkRecord(scope: Scope, fields: readonly LabelledType[]): ValType {
  refuseUnless(scope, fields.length > 0, "record type must have at least one field");
  const made = fields.map(({ label, type }): Field => ({ label, t: checkValType(scope, type) }));
  const labels = fields.map(({ label }) => label);
  refuseIf(scope, labelError(labels, fieldNames));
  return { tag: "record", fields: made };
}

function checkVariant(
  scope: Scope,
  { cases }: Extract<DefValType, { readonly tag: "variant" }>,
): ValType {
  refuseUnless(scope, cases.length > 0, "variant type must have at least one case");
  const made = cases.map(({ label, type }): Case => ({ label, t: maybe(scope, type) }));
  const labels = cases.map(({ label }) => label);
  refuseIf(scope, labelError(labels, caseNames));
  return { tag: "variant", cases: made };
}

function checkLabels(scope: Scope, tag: "flags" | "enum", labels: readonly string[]): ValType {
  const none = tag === "flags" ? "flags" : "enum type";
  const part = tag === "flags" ? "entry" : "variant";
  refuseUnless(scope, labels.length > 0, `${none} must have at least one ${part}`);
  const fits = tag === "enum" || labels.length <= 32;
  refuseUnless(scope, fits, "cannot have more than 32 flags");
  refuseIf(scope, labelError(labels, tag === "flags" ? flagNames : tagNames));
  return { tag, labels };
}

function checkTuple(scope: Scope, types: readonly ValTypeRef[]): ValType {
  refuseUnless(scope, types.length > 0, "tuple type must have at least one type");
  return { tag: "tuple", ts: types.map((type) => checkValType(scope, type)) };
}

function checkList(scope: Scope, type: ValTypeRef, length: number | null): ValType {
  refuseUnless(scope, length !== 0, "lists of fixed length must have at least one element");
  return { tag: "list", t: checkValType(scope, type), length };
}

function checkEnds(scope: Scope, tag: "stream" | "future", type: ValTypeRef | null): ValType {
  const t = maybe(scope, type);
  const char = tag === "stream" && t?.tag === "char";
  refuseUnless(scope, !char, "`stream<char>` is not valid at this time");
  const borrow = t !== null && factsOf(t).borrow;
  refuseUnless(scope, !borrow, `\`${tag}\` cannot contain a \`borrow\` type`);
  return { tag, t };
}

function checkMap(scope: Scope, key: ValTypeRef, value: ValTypeRef): ValType {
  const k = checkValType(scope, key);
  const simple = keyTypes.some((tag) => tag === k.tag);
  refuseUnless(scope, simple, `\`${k.tag}\` cannot be the key type of a map`);
  return { tag: "map", k, v: checkValType(scope, value) };
}

function checkDefined(scope: Scope, def: DefValType): ValType {
  switch (def.tag) {
    case "prim":
      return prims[def.type];
    case "record":
      return checkRecord(scope, def.fields);
    case "variant":
      return checkVariant(scope, def);
    case "list":
      return checkList(scope, def.type, def.length);
    case "tuple":
      return checkTuple(scope, def.types);
    case "flags":
    case "enum":
      return checkLabels(scope, def.tag, def.labels);
    case "option":
      return { tag: "option", t: checkValType(scope, def.type) };
    case "result":
      return { tag: "result", ok: maybe(scope, def.ok), error: maybe(scope, def.error) };
    case "own":
    case "borrow":
      return { tag: def.tag, rt: resourceTypeAt(scope, def.index) };
    case "stream":
    case "future":
      return checkEnds(scope, def.tag, def.type);
    case "map":
      return checkMap(scope, def.key, def.value);
  }
}

/** Sizes in memory are counted in 32 bits everywhere; see Binary.md, "Type Definitions". */
const tooManyBytes = 2 ** 28;

/** `defvaltype` */
function checkDefValType(scope: Scope, def: DefValType): ValType {
  const t = checkDefined(scope, def);
  const { size, depth } = factsOf(t);
  if (size > largest) notOffered(scope, `a type has more than ${largest} parts`);
  if (depth > deepest) notOffered(scope, `types lie more than ${deepest} deep in each other`);
  refuseUnless(scope, elemSize(t, "i64") < tooManyBytes, "type exceeds maximum byte size");
  return t;
}

function checkFunc(scope: Scope, { async, params, result }: FuncTypeDef): FuncType {
  const made = params.map(({ label, type }) => ({ name: label, t: checkValType(scope, type) }));
  const labels = params.map(({ label }) => label);
  refuseIf(scope, labelError(labels, paramNames));
  const returned = maybe(scope, result);
  const borrow = returned !== null && factsOf(returned).borrow;
  refuseUnless(scope, !borrow, "function result cannot contain a `borrow` type");
  const size = made.reduce((sum, { t }) => sum + factsOf(t).size, 1);
  if (size > largest) notOffered(scope, `a type has more than ${largest} parts`);
  return { params: made, result: returned, async };
}

function checkResource(
  scope: Scope,
  { rep, dtor }: Extract<TypeDef, { readonly tag: "resource" }>,
): DefinedType {
  const concrete = scope.kind === "component";
  refuseUnless(scope, concrete, "resources can only be defined within a concrete component");
  if (rep === "i64") notOffered(scope, "resources that are represented by `i64` are not supported");
  refuseUnless(scope, rep === "i32", "resources can only be represented by `i32` or `i64`");
  if (dtor !== null) {
    const type = at(scope, scope.coreFuncs, dtor, "function");
    const fits = sameCoreFunc(type, { params: [rep], results: [] });
    refuseUnless(scope, fits, "wrong signature for a destructor");
  }
  const type = freshResource(scope.check.resources);
  scope.made.add(type);
  scope.local.set(type, rep);
  return { tag: "resource", type };
}

/** A type that is not that of a component or instance. */
export function checkPlainType(
  scope: Scope,
  def: Exclude<TypeDef, { readonly tag: "component" | "instance" }>,
): DefinedType {
  if (def.tag === "func") return { tag: "func", type: checkFunc(scope, def) };
  if (def.tag === "resource") return checkResource(scope, def);
  return { tag: "value", type: checkDefValType(scope, def) };
}
