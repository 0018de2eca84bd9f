// Values against their types: records, cases, flags, chars and handles. Mirrors spec/01.

import type { Case, Field, ValType } from "../../model/types.ts";
import type { BulkValue, CaseValue, FlagsValue, StringValue, Value } from "../../model/values.ts";
import {
  liftAsyncValue,
  liftBorrow,
  liftErrorContext,
  liftOwn,
  lowerAsyncValue,
  lowerBorrow,
  lowerErrorContext,
  lowerOwn,
} from "../handles.ts";
import type { Ctx } from "../machine.ts";
import { assert, trapAt } from "../machine.ts";
import { isBulk } from "./bulk.ts";
import type { LiftLowerContext } from "./context.ts";
import type { FundamentalType } from "./types.ts";

/** The values of a record's or a tuple's fields as one value of type `t`. */
export function recordOf(t: ValType, fields: readonly Field[], vs: readonly Value[]): Value {
  if (t.tag === "tuple") return vs;
  const entries = fields.map((f, i): [string, Value] => [f.label, vs[i] as Value]);
  return { tag: "record", fields: Object.fromEntries(entries) };
}

/** The values of the fields of a record or tuple, in the order of its type. */
export function fieldsOf(v: Value, t: ValType, fields: readonly Field[]): readonly Value[] {
  if (t.tag === "tuple") {
    assert(Array.isArray(v) && v.length === fields.length, "V14", "a tuple has all its values");
    return v;
  }
  assert(typeof v === "object" && "tag" in v && v.tag === "record", "V15", "the value is a record");
  const known = v.fields;
  return fields.map(({ label }) => {
    const value = Object.hasOwn(known, label) ? known[label] : undefined;
    assert(value !== undefined, "V15", `the record has a field ${label}`);
    return value;
  });
}

/** The case of a variant value: its index, its value and its type. */
export interface Matched {
  readonly index: number;
  readonly payload: { readonly v: Value; readonly t: ValType } | null;
}

function caseOf(v: Value): CaseValue {
  assert(typeof v === "object" && "tag" in v && v.tag === "case", "V16", "the value is a case");
  return v;
}

/** The case of its type that a value belongs to. */
export function matchCase(v: Value, cases: readonly Case[]): Matched {
  const { label, value } = caseOf(v);
  const index = cases.findIndex((k) => k.label === label);
  const t = cases[index]?.t ?? null;
  assert(index !== -1, "V16", `${label} is a case of its type`);
  assert((t === null) === (value === null), "V16", `${label} has a payload if its type has one`);
  return { index, payload: t === null || value === null ? null : { v: value, t } };
}

/** The elements of a list or map. */
export function listOf(v: Value): readonly Value[] | BulkValue {
  assert(Array.isArray(v) || isBulk(v), "V17", "the value is a list");
  return v as readonly Value[] | BulkValue;
}

export function stringOf(v: Value): StringValue {
  assert(typeof v === "object" && "tag" in v && v.tag === "string", "V18", "the value is a string");
  return v;
}

/** A char as a string of one character. Traps `lift-char.*`. */
export function liftChar(code: number): string {
  trapAt(code >= 0x110000, "lift-char.out-of-range");
  trapAt(code >= 0xd800 && code <= 0xdfff, "lift-char.surrogate");
  return String.fromCodePoint(code);
}

/** The code point of a char. */
export function lowerChar(v: Value): number {
  assert(typeof v === "string", "V19", "a char is a string of one character");
  const code = v.codePointAt(0) ?? 0;
  assert(v.length > 0 && v === String.fromCodePoint(code), "V19", "a char is one character");
  assert(code < 0xd800 || code > 0xdfff, "V19", "a char is no surrogate");
  return code;
}

export function lowerBool(v: Value): 0 | 1 {
  assert(typeof v === "boolean", "V21", "the value is a bool");
  return v ? 1 : 0;
}

/** The labels whose bit is set; other bits are ignored. */
export function liftFlags(bits: number, labels: readonly string[]): FlagsValue {
  return { tag: "flags", labels: labels.filter((_, i) => ((bits >>> i) & 1) === 1) };
}

/** One bit for each label, the first one lowest. */
export function lowerFlags(v: Value, labels: readonly string[]): number {
  assert(typeof v === "object" && "tag" in v && v.tag === "flags", "V22", "the value is flags");
  const set = new Set(v.labels);
  assert(
    v.labels.every((l) => labels.includes(l)),
    "V22",
    "each flag is one of its type",
  );
  return labels.reduce((bits, l, i) => bits + (set.has(l) ? 2 ** i : 0), 0);
}

/** The value that an index of the handle table stands for; raw handles stay an index. */
export function liftHandle(c: Ctx, cx: LiftLowerContext, i: number, t: FundamentalType): Value {
  if (cx.handles === "raw") return i;
  switch (t.tag) {
    case "own":
      return liftOwn(c, cx, i, t.rt);
    case "borrow":
      return liftBorrow(c, cx, i, t.rt);
    case "stream":
      return liftAsyncValue(c, cx, i, "readable-stream", t.t);
    case "future":
      return liftAsyncValue(c, cx, i, "readable-future", t.t);
    default:
      return liftErrorContext(c, cx, i);
  }
}

/** The index under which the handle table holds a value from now on. */
export function lowerHandle(c: Ctx, cx: LiftLowerContext, v: Value, t: FundamentalType): number {
  if (cx.handles === "raw") {
    assert(typeof v === "number", "V23", "a raw handle is an index");
    return v;
  }
  switch (t.tag) {
    case "own":
      return lowerOwn(c, cx, v, t.rt);
    case "borrow":
      return lowerBorrow(c, cx, v, t.rt);
    case "stream":
      return lowerAsyncValue(c, cx, v, "readable-stream", t.t);
    case "future":
      return lowerAsyncValue(c, cx, v, "readable-future", t.t);
    default:
      return lowerErrorContext(c, cx, v);
  }
}
