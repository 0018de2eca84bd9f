// Values as text for people, close to WAVE. Mirrors spec/01.

import type { CaseValue, RecordValue, Value } from "../../model/values.ts";
import { bulkElements } from "./bulk.ts";

const escapes: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "\t": "\\t",
  "\n": "\\n",
  "\r": "\\r",
};

function isControl(character: string): boolean {
  return character < " " || character === "\u007f";
}

function escaped(character: string, quote: string): string {
  if (character === quote) return `\\${quote}`;
  if (!isControl(character)) return escapes[character] ?? character;
  return escapes[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

function quoted(s: string, quote: string): string {
  return quote + Array.from(s, (character) => escaped(character, quote)).join("") + quote;
}

function showNumber(v: number): string {
  if (Number.isNaN(v)) return "nan";
  if (!Number.isFinite(v)) return v < 0 ? "-inf" : "inf";
  return Object.is(v, -0) ? "-0" : String(v);
}

function showRecord({ fields }: RecordValue): string {
  return `{${Object.entries(fields)
    .map(([label, v]) => `${label}: ${showValue(v)}`)
    .join(", ")}}`;
}

function showCase({ label, value }: CaseValue): string {
  return value === null ? label : `${label}(${showValue(value)})`;
}

function showList(vs: readonly Value[]): string {
  return `[${vs.map(showValue).join(", ")}]`;
}

function showObject(v: Exclude<Value, boolean | number | bigint | string>): string {
  if (!("tag" in v)) return showList(v);
  switch (v.tag) {
    case "bulk":
      return showList(bulkElements(v));
    case "string":
      return quoted(v.s, '"');
    case "case":
      return showCase(v);
    case "record":
      return showRecord(v);
    case "flags":
      return `{${v.labels.join(", ")}}`;
    case "rep":
      return `<rep ${v.rep}>`;
    case "end":
      return `<end ${v.waitable}>`;
    case "error-context":
      return `<error-context ${showValue(v.message)}>`;
  }
}

/**
 * A value as text: `[1, 2]` for lists and tuples, `{a: 1}` for records, `{a, b}` for flags, `name(x)`
 * for cases, `"text"`, `'c'`; handles have no text in WAVE and appear in angle brackets.
 */
export function showValue(v: Value): string {
  switch (typeof v) {
    case "boolean":
    case "bigint":
      return String(v);
    case "number":
      return showNumber(v);
    case "string":
      return quoted(v, "'");
    default:
      return showObject(v);
  }
}
