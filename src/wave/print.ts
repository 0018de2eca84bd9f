// Values as WAVE texts (wasm-wave, "Encoding"). Mirrors spec/14.

import { toList } from "../canon/values/bulk.ts";
import type { Field, ValType } from "../model/types.ts";
import type { BulkValue, CaseValue, FlagsValue, RecordValue, Value } from "../model/values.ts";
import { writeCase } from "./words.ts";

/** A value of another shape than its type says: an error of ours. */
function mismatch(t: ValType): never {
  throw new Error(`a value that is no ${t.tag}`);
}

type Tagged = Extract<Value, { readonly tag: string }>;

function isTagged<T extends Tagged["tag"]>(
  v: Value,
  tag: T,
): v is Extract<Tagged, { readonly tag: T }> {
  return typeof v === "object" && "tag" in v && v.tag === tag;
}

function isList(v: Value): v is readonly Value[] | BulkValue {
  return typeof v === "object" && (!("tag" in v) || v.tag === "bulk");
}

function itemsOf(v: Value, t: ValType): readonly Value[] {
  return isList(v) ? toList(v) : mismatch(t);
}

const simple: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "\t": "\\t",
  "\n": "\\n",
  "\r": "\\r",
};

/** Control characters and others that cannot be seen are written by their number. */
function escaped(char: string, quote: string): string {
  if (char === quote) return `\\${quote}`;
  const short = simple[char];
  if (short !== undefined) return short;
  if (!/[\p{C}\p{Zl}\p{Zp}]/u.test(char)) return char;
  return `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;
}

function quoted(text: string, quote: string): string {
  return quote + Array.from(text, (char) => escaped(char, quote)).join("") + quote;
}

/** The fewest digits that read as this number in single precision. */
function singleText(v: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const text = Number(v.toPrecision(digits));
    if (Math.fround(text) === v) return String(text);
  }
  return String(Number(v.toPrecision(9)));
}

function floatText(v: number, t: "f32" | "f64"): string {
  if (Number.isNaN(v)) return "nan";
  if (!Number.isFinite(v)) return v < 0 ? "-inf" : "inf";
  if (Object.is(v, -0)) return "-0";
  return t === "f32" ? singleText(v) : String(v);
}

function numberText(v: Value, t: ValType): string {
  if (t.tag === "f32" || t.tag === "f64") {
    return typeof v === "number" ? floatText(v, t.tag) : mismatch(t);
  }
  return typeof v === "number" || typeof v === "bigint" ? String(v) : mismatch(t);
}

function sequence(items: readonly string[], open: string, close: string): string {
  return `${open}${items.join(", ")}${close}`;
}

/** Fields whose option is none are left out. */
function recordText({ fields: given }: RecordValue, fields: readonly Field[]): string {
  const entries = fields.flatMap(({ label, t }) => {
    const v = given[label] ?? mismatch(t);
    const isNone = t.tag === "option" && isTagged(v, "case") && v.label === "none";
    return isNone ? [] : [`${label}: ${printValue(v, t)}`];
  });
  return entries.length === 0 ? "{:}" : sequence(entries, "{", "}");
}

function flagsText({ labels }: FlagsValue): string {
  return sequence(labels, "{", "}");
}

/** A case by the name it has in WAVE, with its payload if it has one. */
function caseText(name: string, { value }: CaseValue, t: ValType | null): string {
  return value === null || t === null ? name : `${name}(${printValue(value, t)})`;
}

/** What stands behind a handle or an end is nobody's business outside, so that only its kind shows. */
function unsayable(v: Value, t: ValType): string {
  return isTagged(v, "error-context")
    ? `<error-context ${quoted(v.message.s, '"')}>`
    : `<${t.tag}>`;
}

/**
 * A value of type `t` in canonical form: one line, options and results in full (`some(1)`, `err("x")`),
 * absent fields left out, a map as a list of pairs. Handles, streams, futures and error contexts have no
 * text in WAVE and show in angle brackets, e.g. `<own>`.
 */
export function printValue(v: Value, t: ValType): string {
  switch (t.tag) {
    case "bool":
      return typeof v === "boolean" ? String(v) : mismatch(t);
    case "char":
      return typeof v === "string" ? quoted(v, "'") : mismatch(t);
    case "string":
      return isTagged(v, "string") ? quoted(v.s, '"') : mismatch(t);
    case "list":
    case "tuple":
    case "map":
      return sequenceText(itemsOf(v, t), t);
    case "record":
      return isTagged(v, "record") ? recordText(v, t.fields) : mismatch(t);
    case "flags":
      return isTagged(v, "flags") ? flagsText(v) : mismatch(t);
    case "variant":
    case "enum":
    case "option":
    case "result":
      return isTagged(v, "case") ? choiceText(v, t) : mismatch(t);
    case "own":
    case "borrow":
    case "stream":
    case "future":
    case "error-context":
      return unsayable(v, t);
    default:
      return numberText(v, t);
  }
}

type SequenceType = Extract<ValType, { readonly tag: "list" | "tuple" | "map" }>;

function sequenceText(items: readonly Value[], t: SequenceType): string {
  if (t.tag === "tuple") {
    const texts = t.ts.map((each, i) => printValue(items[i] ?? mismatch(t), each));
    return sequence(texts, "(", ")");
  }
  const element: ValType = t.tag === "list" ? t.t : { tag: "tuple", ts: [t.k, t.v] };
  const texts = items.map((item) => printValue(item, element));
  return sequence(texts, "[", "]");
}

type ChoiceType = Extract<ValType, { readonly tag: "variant" | "enum" | "option" | "result" }>;

function choiceText(v: CaseValue, t: ChoiceType): string {
  switch (t.tag) {
    case "variant": {
      const found = t.cases.find(({ label }) => label === v.label) ?? mismatch(t);
      return caseText(writeCase(v.label), v, found.t);
    }
    case "enum":
      return writeCase(v.label);
    case "option":
      return caseText(v.label, v, t.t);
    default:
      return v.label === "ok" ? caseText("ok", v, t.ok) : caseText("err", v, t.error);
  }
}
