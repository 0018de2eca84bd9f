// Reads the values of a script. Mirrors spec/14.

import type { Cursor } from "./cursor.ts";
import type { IntegerType, Literal, RefKind } from "./literals.ts";
import { type FloatType, floatBits, integerOf } from "./numbers.ts";

/** Values within values. */
const deepest = 100;

/** Reads what follows the head of a value. */
type Parse = (c: Cursor, depth: number) => Literal;

function integer(type: IntegerType): Parse {
  const bits = Number(type.slice(1));
  return (c) => ({
    tag: "integer",
    type,
    value: c.parsed(`an integer of ${bits} bits`, (word) => integerOf(word, bits)),
  });
}

function floatLiteral(word: string, type: FloatType): Literal | null {
  if (word === "nan:canonical") return { tag: "nan", type, kind: "canonical" };
  if (word === "nan:arithmetic") return { tag: "nan", type, kind: "arithmetic" };
  const bits = floatBits(word, type);
  return bits === null ? null : { tag: "float", type, bits };
}

function float(type: FloatType): Parse {
  return (c) => c.parsed(`a float of type ${type}`, (word) => floatLiteral(word, type));
}

/** `ref.null func`, `ref.extern 1`, `ref.func`. */
function ref(kind: RefKind): Parse {
  return (c) => {
    if (c.next() === undefined) return { tag: "ref", kind, heap: null, value: null };
    if (kind === "null") return { tag: "ref", kind, heap: c.word("a heap type"), value: null };
    const value = Number(c.parsed("a number", (word) => integerOf(word, 32)));
    return { tag: "ref", kind, heap: null, value };
  };
}

function unsupported(what: string): Parse {
  return (c) => {
    while (c.next() !== undefined) c.skip();
    return { tag: "unsupported", what };
  };
}

function many(c: Cursor, depth: number): readonly Literal[] {
  return c.rest("a value").map((item) => literal(item, depth + 1));
}

function optional(label: string): Parse {
  return (c, depth) => {
    const value = c.next() === undefined ? null : literal(c.sublist("a value"), depth + 1);
    return { tag: "case", label, value };
  };
}

/** A field's value stands without parentheses of its own, but may have some. */
function field(c: Cursor, depth: number): { readonly label: string; readonly value: Literal } {
  if (!c.takes("field")) c.expected('(field "name" value)');
  const label = c.string("the name of a field");
  if (c.next()?.tag !== "list") return { label, value: literal(c, depth + 1) };
  const value = literal(c.sublist("a value"), depth + 1);
  c.end();
  return { label, value };
}

function labels(c: Cursor): readonly string[] {
  const all: string[] = [];
  while (c.next() !== undefined) all.push(c.string("the name of a flag"));
  return all;
}

const truths: Readonly<Record<string, boolean>> = { true: true, false: false };

const integers = ["i32", "i64", "s8", "u8", "s16", "u16", "s32", "u32", "s64", "u64"] as const;
const kinds = ["null", "func", "extern", "exn", "host"] as const;
const otherRefs = ["any", "eq", "i31", "struct", "array"];

const parsers: ReadonlyMap<string, Parse> = new Map<string, Parse>([
  ...integers.map((type) => [`${type}.const`, integer(type)] as const),
  ["f32.const", float("f32")],
  ["f64.const", float("f64")],
  ["v128.const", unsupported("v128.const")],
  ...kinds.map((kind) => [`ref.${kind}`, ref(kind)] as const),
  ...otherRefs.map((kind) => [`ref.${kind}`, unsupported(`ref.${kind}`)] as const),
  ["either", (c, depth) => ({ tag: "either", any: many(c, depth) })],
  [
    "bool.const",
    (c) => ({ tag: "bool", value: c.parsed("true or false", (w) => truths[w] ?? null) }),
  ],
  ["char.const", (c) => ({ tag: "char", value: c.string("a string of one character") })],
  ["str.const", (c) => ({ tag: "str", value: c.string("a string") })],
  ["list.const", (c, depth) => ({ tag: "list", items: many(c, depth) })],
  ["tuple.const", (c, depth) => ({ tag: "tuple", items: many(c, depth) })],
  [
    "record.const",
    (c, depth) => ({ tag: "record", fields: c.rest("a field").map((item) => field(item, depth)) }),
  ],
  ["variant.const", (c, depth) => optional(c.string("the name of a case"))(c, depth)],
  ["enum.const", (c) => ({ tag: "case", label: c.string("the name of a case"), value: null })],
  ["option.none", () => ({ tag: "case", label: "none", value: null })],
  ["option.some", optional("some")],
  ["result.ok", optional("ok")],
  ["result.err", optional("error")],
  ["flags.const", (c) => ({ tag: "flags", labels: labels(c) })],
]);

function literal(c: Cursor, depth: number): Literal {
  if (depth > deepest) return c.expected(`at most ${deepest} values within each other`);
  const parse = c.parsed("a value, as (i32.const 1)", (word) => parsers.get(word) ?? null);
  const value = parse(c, depth);
  c.end();
  return value;
}

/** The values to the end of the list. Throws `WastError`. */
export function literals(c: Cursor): readonly Literal[] {
  return many(c, 0);
}
