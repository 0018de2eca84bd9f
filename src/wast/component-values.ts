// Component-level values of scripts: from literals to values of a type, and back to a text. Mirrors spec/14.

import { bulkOf } from "../canon/values/bulk.ts";
import { f32FromBits, f64FromBits } from "../canon/values/numbers.ts";
import { stringValue } from "../canon/values/strings.ts";
import { isNumberTag } from "../canon/values/types.ts";
import type { Case, ValType } from "../model/types.ts";
import type { Value } from "../model/values.ts";
import { type Literal, showLiteral } from "./literals.ts";

/** A literal is no value of its type. */
export class Unfit extends Error {}

type Tagged<T extends ValType["tag"]> = Extract<ValType, { readonly tag: T }>;

function unfit(l: Literal, t: ValType): never {
  throw new Unfit(`${showLiteral(l)} is no ${t.tag}`);
}

/** Unsigned below 64 bits and above as the model has them: numbers, and bigints. */
function integer(l: Extract<Literal, { tag: "integer" }>, t: ValType): Value {
  if (l.type !== t.tag) return unfit(l, t);
  const bits = Number(l.type.slice(1));
  const value = l.type.startsWith("s")
    ? BigInt.asIntN(bits, l.value)
    : BigInt.asUintN(bits, l.value);
  return bits === 64 ? value : Number(value);
}

function float(l: Extract<Literal, { tag: "float" }>, t: ValType): Value {
  if (l.type !== t.tag) return unfit(l, t);
  return l.type === "f32" ? f32FromBits(Number(l.bits)) : f64FromBits(l.bits);
}

function list(items: readonly Literal[], l: Literal, t: Tagged<"list">): Value {
  if (t.length !== null && t.length !== items.length) return unfit(l, t);
  const values = items.map((item) => literalValue(item, t.t));
  return isNumberTag(t.t.tag) ? bulkOf(t.t.tag, values) : values;
}

function sequence(items: readonly Literal[], l: Literal, t: ValType): Value {
  if (t.tag === "list") return list(items, l, t);
  if (t.tag === "map") {
    const pair: ValType = { tag: "tuple", ts: [t.k, t.v] };
    return items.map((item) => literalValue(item, pair));
  }
  if (t.tag !== "tuple" || t.ts.length !== items.length) return unfit(l, t);
  return t.ts.map((u, i) => literalValue(items[i] ?? l, u));
}

function record(l: Extract<Literal, { tag: "record" }>, t: ValType): Value {
  if (t.tag !== "record" || t.fields.length !== l.fields.length) return unfit(l, t);
  const fields = t.fields.map(({ label, t: u }): [string, Value] => {
    const field = l.fields.find((one) => one.label === label);
    return [label, field === undefined ? unfit(l, t) : literalValue(field.value, u)];
  });
  return { tag: "record", fields: Object.fromEntries(fields) };
}

function casesOf(t: ValType): readonly Case[] {
  switch (t.tag) {
    case "variant":
      return t.cases;
    case "enum":
      return t.labels.map((label) => ({ label, t: null }));
    case "option":
      return [
        { label: "none", t: null },
        { label: "some", t: t.t },
      ];
    case "result":
      return [
        { label: "ok", t: t.ok },
        { label: "error", t: t.error },
      ];
    default:
      return [];
  }
}

function caseOf(l: Extract<Literal, { tag: "case" }>, t: ValType): Value {
  const found = casesOf(t).find(({ label }) => label === l.label);
  if (found === undefined || (found.t === null) !== (l.value === null)) return unfit(l, t);
  const value = found.t === null || l.value === null ? null : literalValue(l.value, found.t);
  return { tag: "case", label: l.label, value };
}

function flags(labels: readonly string[], l: Literal, t: ValType): Value {
  if (t.tag !== "flags" || !labels.every((label) => t.labels.includes(label))) return unfit(l, t);
  return { tag: "flags", labels: t.labels.filter((label) => labels.includes(label)) };
}

/** The value of type `t` that a literal stands for. Throws `Unfit`. */
export function literalValue(l: Literal, t: ValType): Value {
  switch (l.tag) {
    case "integer":
      return integer(l, t);
    case "float":
      return float(l, t);
    case "nan":
      return l.type === t.tag ? Number.NaN : unfit(l, t);
    case "bool":
      return t.tag === "bool" ? l.value : unfit(l, t);
    case "char":
      return t.tag === "char" && [...l.value].length === 1 ? l.value : unfit(l, t);
    case "str":
      return t.tag === "string" ? stringValue(l.value) : unfit(l, t);
    case "list":
      return t.tag === "tuple" ? unfit(l, t) : sequence(l.items, l, t);
    case "tuple":
      return t.tag === "tuple" ? sequence(l.items, l, t) : unfit(l, t);
    case "record":
      return record(l, t);
    case "case":
      return caseOf(l, t);
    case "flags":
      return flags(l.labels, l, t);
    default:
      return unfit(l, t);
  }
}
