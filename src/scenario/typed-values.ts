// A script's values as values of a WIT type: what does not fit traps `guest.type`.

import { bulkElements, isBulk } from "../canon/values/bulk.ts";
import { stringValue } from "../canon/values/strings.ts";
import type { Field, StringEncoding, ValType } from "../model/types.ts";
import type { BulkValue, FlagsValue, RecordValue, StringValue, Value } from "../model/values.ts";
import { bytesOf, mismatch, type ScriptValue, tagOf, toNumber, truthy } from "./script-values.ts";

const integerBits: Readonly<Record<string, number>> = {
  u8: 8,
  s8: 8,
  u16: 16,
  s16: 16,
  u32: 32,
  s32: 32,
  u64: 64,
  s64: 64,
};

/** An integer of a type, if the value is one in its range. */
function integerValue(tag: string, bits: number, v: ScriptValue): number | bigint {
  const given = typeof v === "bigint" ? v : toNumber(v);
  if (typeof given === "number" && !Number.isInteger(given)) return mismatch();
  if (typeof given === "number" && bits < 64) return smallInteger(tag, bits, given);
  const n = BigInt(given);
  const fits = tag.startsWith("s") ? BigInt.asIntN(bits, n) === n : BigInt.asUintN(bits, n) === n;
  if (!fits) return mismatch();
  return bits === 64 ? n : Number(n);
}

function smallInteger(tag: string, bits: number, n: number): number {
  const least = tag.startsWith("s") ? -(2 ** (bits - 1)) : 0;
  return n >= least && n < least + 2 ** bits ? n + 0 : mismatch();
}

/** Text of the script's own, or text that it was given inside something else. */
function textOf(v: ScriptValue): string {
  if (typeof v === "string") return v;
  return tagOf(v) === "string" ? (v as StringValue).s : mismatch();
}

/** An index of a handle table, or a representation. */
function indexValue(v: ScriptValue): number {
  return Number(integerValue("u32", 32, v));
}

/** A script's value as a value of type `t`; `host` says how handles look. */
export function toValue(
  t: ValType,
  v: ScriptValue,
  encoding: StringEncoding,
  host: boolean,
): Value {
  const inner = (t2: ValType, v2: ScriptValue): Value => toValue(t2, v2, encoding, host);
  const bits = integerBits[t.tag];
  if (bits !== undefined) return integerValue(t.tag, bits, v);
  switch (t.tag) {
    case "bool":
      return truthy(v);
    case "f32":
    case "f64":
      return toNumber(v);
    case "char":
      return typeof v === "string" && [...v].length === 1 ? v : mismatch();
    case "string":
      return stringValue(textOf(v), encoding);
    case "list":
      return listValue(t.t, v, inner, t.length);
    case "tuple":
      return Array.isArray(v) && v.length === t.ts.length
        ? t.ts.map((e, i) => inner(e, v[i] ?? mismatch()))
        : mismatch();
    case "map":
      return listValue({ tag: "tuple", ts: [t.k, t.v] }, v, inner);
    default:
      return compound(t, v, inner, host);
  }
}

type Inner = (t: ValType, v: ScriptValue) => Value;

/** Text is a list of its bytes; `length` is that of a list of a fixed length. */
function listValue(
  t: ValType,
  v: ScriptValue,
  inner: Inner,
  length: number | null = null,
): readonly Value[] {
  const items: readonly ScriptValue[] | null = typeof v === "string" ? bytesOf(v) : listOf(v);
  if (items === null || (length !== null && items.length !== length)) return mismatch();
  return items.map((item) => inner(t, item));
}

function listOf(v: ScriptValue): readonly ScriptValue[] | null {
  if (Array.isArray(v)) return v;
  return isBulk(v as Value) ? bulkElements(v as BulkValue) : null;
}

function compound(t: ValType, v: ScriptValue, inner: Inner, host: boolean): Value {
  switch (t.tag) {
    case "record":
      return recordValue(t.fields, v, inner);
    case "flags":
      return flagsValue(t.labels, v);
    case "own":
    case "borrow":
      return host ? { tag: "rep", rep: indexValue(v) } : indexValue(v);
    case "stream":
    case "future":
      return host ? hostEnd(v) : indexValue(v);
    case "error-context":
      return host ? errorContext(v) : indexValue(v);
    default:
      return caseValue(t, v, inner);
  }
}

/** `{}` reads as a record, and means no flags too. */
function flagsValue(labels: readonly string[], v: ScriptValue): Value {
  if (tagOf(v) === "record" && Object.keys((v as RecordValue).fields).length === 0) {
    return { tag: "flags", labels: [] };
  }
  if (tagOf(v) !== "flags") return mismatch();
  const set = (v as FlagsValue).labels;
  if (set.some((label) => !labels.includes(label))) return mismatch();
  return { tag: "flags", labels: labels.filter((label) => set.includes(label)) };
}

function errorContext(v: ScriptValue): Value {
  return tagOf(v) === "error-context" ? (v as Value) : mismatch();
}

function recordValue(fields: readonly Field[], v: ScriptValue, inner: Inner): Value {
  if (tagOf(v) !== "record") return mismatch();
  const given = (v as { fields: Readonly<Record<string, ScriptValue>> }).fields;
  if (Object.keys(given).length !== fields.length) return mismatch();
  const pairs = fields.map((f) => [f.label, inner(f.t, given[f.label] ?? mismatch())]);
  return { tag: "record", fields: Object.fromEntries(pairs) };
}

function hostEnd(v: ScriptValue): Value {
  return tagOf(v) === "end" ? (v as Value) : mismatch();
}

function payloadOf(t: ValType, label: string): ValType | null | undefined {
  switch (t.tag) {
    case "variant":
      return t.cases.find((k) => k.label === label)?.t;
    case "enum":
      return t.labels.includes(label) ? null : undefined;
    case "option":
      return label === "some" ? t.t : label === "none" ? null : undefined;
    case "result":
      return label === "ok" ? t.ok : label === "error" ? t.error : undefined;
    default:
      return undefined;
  }
}

function caseValue(t: ValType, v: ScriptValue, inner: Inner): Value {
  if (tagOf(v) !== "case") return mismatch();
  const { label, value } = v as { label: string; value: ScriptValue | null };
  const payload = payloadOf(t, label);
  if (payload === undefined || (payload === null) !== (value === null)) return mismatch();
  return {
    tag: "case",
    label,
    value: payload === null || value === null ? null : inner(payload, value),
  };
}
