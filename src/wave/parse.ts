// WAVE texts as values of a type (wasm-wave, "Encoding"). Mirrors spec/14.

// Read by hand: what may stand at a place follows from the type that is wanted there, not from a grammar.

import { bulkOf } from "../canon/values/bulk.ts";
import { stringValue } from "../canon/values/strings.ts";
import { isNumberTag } from "../canon/values/types.ts";
import type { Case, Field, ValType } from "../model/types.ts";
import type { CaseValue, Value } from "../model/values.ts";
import { didYouMean, oneOf } from "../wit/spelling.ts";
import { typeWords } from "../wit/type-words.ts";
import { type Cursor, insist, items, peek, take, takeIf, unexpected } from "./cursor.ts";
import { fault } from "./errors.ts";
import { type Token, tokensOf } from "./lexer.ts";
import { readFloat, readInteger } from "./numbers.ts";
import { readLines, readQuoted } from "./strings.ts";
import { isKeyword } from "./words.ts";

/** The value of type `t` that a text says. Throws `WaveError`. */
export function parseValue(text: string, t: ValType): Value {
  const cursor: Cursor = { tokens: tokensOf(text), at: 0 };
  const value = readValue(cursor, t);
  if (peek(cursor).kind !== "end") unexpected(cursor, "nothing more");
  return value;
}

/** Reads a value of type `t` where the cursor stands. Throws `WaveError`. */
export function readValue(cursor: Cursor, t: ValType): Value {
  switch (t.tag) {
    case "bool":
      return takeIf(cursor, "true") || (!takeIf(cursor, "false") && wanted(cursor, t));
    case "char":
      return readChar(cursor, t);
    case "string":
      return stringValue(readText(cursor, t), "utf8");
    case "list":
      return readList(cursor, t);
    case "map":
      return readItems(cursor, t, { tag: "tuple", ts: [t.k, t.v] });
    case "tuple":
      return readTuple(cursor, t);
    case "record":
      return readRecord(cursor, t);
    case "flags":
      return readFlags(cursor, t);
    case "enum":
    case "variant":
      return readVariant(cursor, t);
    case "option":
    case "result":
      return readSpecial(cursor, t);
    case "f32":
    case "f64":
      return taken(cursor, readFloat(peek(cursor), t.tag), t);
    case "own":
    case "borrow":
    case "stream":
    case "future":
    case "error-context":
      return fault(peek(cursor), `a value of type ${typeWords(t)} cannot be said in WAVE`);
    default:
      return taken(cursor, readInteger(peek(cursor), t.tag), t);
  }
}

function wanted(cursor: Cursor, t: ValType, hint: string | null = null): never {
  return unexpected(cursor, typeWords(t), hint);
}

/** What the token that stands here says; null: it says nothing of this type. */
function taken<V extends Value>(cursor: Cursor, value: V | null, t: ValType): V {
  if (value === null) return wanted(cursor, t);
  take(cursor);
  return value;
}

function readChar(cursor: Cursor, t: ValType): string {
  const here = peek(cursor);
  return taken(cursor, here.kind === "char" ? readQuoted(here.text, here) : null, t);
}

function readText(cursor: Cursor, t: ValType): string {
  const here = peek(cursor);
  if (here.kind === "lines") return readLines(take(cursor).text, here);
  return taken(cursor, here.kind === "string" ? readQuoted(here.text, here) : null, t);
}

/** Lists of numbers are bytes, as they are wherever values are lifted. */
function readList(cursor: Cursor, t: ValType & { readonly tag: "list" }): Value {
  const here = peek(cursor);
  const list = readItems(cursor, t, t.t);
  if (t.length !== null && list.length !== t.length) {
    fault(here, `${typeWords(t)} has ${t.length} elements, here are ${list.length}`);
  }
  return isNumberTag(t.t.tag) ? bulkOf(t.t.tag, list) : list;
}

function readItems(cursor: Cursor, t: ValType, item: ValType): readonly Value[] {
  if (!takeIf(cursor, "[")) return wanted(cursor, t);
  const values: Value[] = [];
  items(cursor, "]", () => values.push(readValue(cursor, item)));
  return values;
}

function readTuple(cursor: Cursor, t: ValType & { readonly tag: "tuple" }): Value {
  const here = peek(cursor);
  if (!takeIf(cursor, "(")) return wanted(cursor, t);
  const values: Value[] = [];
  items(cursor, ")", (i) => {
    const element = t.ts[i];
    if (element === undefined) return unexpected(cursor, `) after ${t.ts.length} values`);
    values.push(readValue(cursor, element));
  });
  if (values.length === t.ts.length) return values;
  return fault(here, `${typeWords(t)} has ${t.ts.length} values, here are ${values.length}`);
}

/** A label; `%` is no part of it. */
function readLabel(cursor: Cursor, what: string): Token & { readonly label: string } {
  const here = peek(cursor);
  if (here.kind !== "word") return unexpected(cursor, what);
  return { ...take(cursor), label: here.text.replace("%", "") };
}

type RecordType = ValType & { readonly tag: "record" };

function readField(cursor: Cursor, t: RecordType, given: Map<string, Value>): void {
  const at = readLabel(cursor, "the name of a field");
  const field = t.fields.find(({ label }) => label === at.label);
  const type = field?.t ?? unknown(at, "field", labelsOf(t.fields));
  if (given.has(at.label)) fault(at, `field ${at.label} is given twice`);
  insist(cursor, ":");
  given.set(at.label, readValue(cursor, type));
}

/** Fields in any order; those that are left out are none. */
function readRecord(cursor: Cursor, t: RecordType): Value {
  const given = new Map<string, Value>();
  const here = peek(cursor);
  if (!takeIf(cursor, "{")) return wanted(cursor, t);
  if (takeIf(cursor, "}")) return fault(here, "a record without fields is written {:}");
  if (takeIf(cursor, ":")) insist(cursor, "}");
  else items(cursor, "}", () => readField(cursor, t, given));
  const fields = t.fields.map((field) => [
    field.label,
    given.get(field.label) ?? left(here, field),
  ]);
  return { tag: "record", fields: Object.fromEntries(fields) };
}

/** What a field is that was left out; `at`: the record. */
function left(at: Token, { label, t }: Field): Value {
  if (t.tag === "option") return none;
  return fault(at, `this record lacks its field ${label}: ${typeWords(t)}`);
}

export const none: CaseValue = { tag: "case", label: "none", value: null };

function readFlags(cursor: Cursor, t: ValType & { readonly tag: "flags" }): Value {
  const set = new Set<string>();
  if (!takeIf(cursor, "{")) return wanted(cursor, t);
  items(cursor, "}", () => {
    const at = readLabel(cursor, "a flag");
    if (!t.labels.includes(at.label)) unknown(at, "flag", t.labels);
    if (set.has(at.label)) fault(at, `flag ${at.label} is set twice`);
    set.add(at.label);
  });
  return { tag: "flags", labels: t.labels.filter((label) => set.has(label)) };
}

function labelsOf(all: readonly { readonly label: string }[]): readonly string[] {
  return all.map(({ label }) => label);
}

function unknown(
  at: Token & { readonly label: string },
  what: string,
  all: readonly string[],
): never {
  const hint = didYouMean(at.label, all, `there is ${oneOf(all)}`);
  return fault(at, `there is no ${what} ${at.label}`, hint);
}

type NamedType = ValType & { readonly tag: "enum" | "variant" };

function casesOf(t: NamedType): readonly Case[] {
  return t.tag === "variant" ? t.cases : t.labels.map((label) => ({ label, t: null }));
}

function readVariant(cursor: Cursor, t: NamedType): Value {
  const here = peek(cursor);
  const cases = casesOf(t);
  const escaped = cases.some(({ label }) => label === here.text) ? `write %${here.text}` : null;
  if (here.kind !== "word" || isKeyword(here.text)) return wanted(cursor, t, escaped);
  const at = readLabel(cursor, "a case");
  const meant = cases.find(({ label }) => label === at.label);
  if (meant === undefined) return unknown(at, "case", labelsOf(cases));
  return { tag: "case", label: at.label, value: readPayload(cursor, at.label, meant.t) };
}

function readPayload(cursor: Cursor, label: string, t: ValType | null): Value | null {
  if (t === null) {
    return peek(cursor).text === "(" ? unexpected(cursor, `nothing after ${label}`) : null;
  }
  if (!takeIf(cursor, "(")) return unexpected(cursor, `(, as ${label} has a ${typeWords(t)}`);
  const value = readValue(cursor, t);
  insist(cursor, ")");
  return value;
}

type SpecialType = ValType & { readonly tag: "option" | "result" };

/** A case of an option or result: its word in WAVE, its label in the model, its payload. */
type SpecialCase = readonly [word: string, label: string, payload: ValType | null];

/** The first of them may be written as its payload alone. */
function specialCases(t: SpecialType): readonly [SpecialCase, SpecialCase] {
  return t.tag === "result"
    ? [
        ["ok", "ok", t.ok],
        ["err", "error", t.error],
      ]
    : [
        ["some", "some", t.t],
        ["none", "none", null],
      ];
}

/** `some(1)`, `none`, `err`; or the payload alone, unless it is an option or result itself. */
function readSpecial(cursor: Cursor, t: SpecialType): Value {
  const cases = specialCases(t);
  for (const [word, label, payload] of cases) {
    if (takeIf(cursor, word)) {
      return { tag: "case", label, value: readPayload(cursor, word, payload) };
    }
  }
  const [[, flatLabel, flat]] = cases;
  if (flat === null || flat.tag === "option" || flat.tag === "result") return wanted(cursor, t);
  return { tag: "case", label: flatLabel, value: readValue(cursor, flat) };
}
