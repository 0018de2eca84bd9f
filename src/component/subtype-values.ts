// Whether two value types or function types are equal, and where they differ. Mirrors spec/14 and Explainer.md, "Type Checking".

import type { ResourceTypeId } from "../model/ids.ts";
import type { Case, Field, FuncType, ValType } from "../model/types.ts";
import type { Resources } from "./types.ts";
import { identityOf, spend, widthOf } from "./types.ts";

/** Types are compared while some resource types, by identity, stand for others. */
export interface Matching {
  readonly resources: Resources;
  readonly bound: Map<ResourceTypeId, ResourceTypeId>;
}

/** The resource type that `id` is a name of, or stands for. */
export function resolve(m: Matching, id: ResourceTypeId): ResourceTypeId {
  const identity = identityOf(m.resources, id);
  return m.bound.get(identity) ?? identity;
}

type Mismatch = string | null;

const simple: ReadonlySet<string> = new Set(
  "bool s8 u8 s16 u16 s32 u32 s64 u64 f32 f64 char string error-context".split(" "),
);

/** Says in which part two types differ. */
function inPart(where: string, why: Mismatch): Mismatch {
  return why === null ? null : `type mismatch in ${where}: ${why}`;
}

function first<X>(items: readonly X[], of: (item: X, i: number) => Mismatch): Mismatch {
  for (const [i, item] of items.entries()) {
    const why = of(item, i);
    if (why !== null) return why;
  }
  return null;
}

function fields(m: Matching, actual: readonly Field[], expected: readonly Field[]): Mismatch {
  const [a, b] = [actual.length, expected.length];
  if (a !== b) return `expected ${b} fields, found ${a}`;
  return first(expected, ({ label, t }, i) => {
    const found = actual[i];
    if (found === undefined) return "missing field";
    if (found.label !== label) return `expected field name \`${label}\`, found \`${found.label}\``;
    return inPart(`record field \`${label}\``, valueMismatch(m, found.t, t));
  });
}

function oneCase(m: Matching, found: Case | undefined, { label, t }: Case): Mismatch {
  if (found === undefined) return "missing case";
  if (found.label !== label) return `expected case named \`${label}\`, found \`${found.label}\``;
  if (t === null) return found.t === null ? null : `expected case \`${label}\` to have no type`;
  if (found.t === null) return `expected case \`${label}\` to have a type, found none`;
  return inPart(`variant case \`${label}\``, valueMismatch(m, found.t, t));
}

function cases(m: Matching, actual: readonly Case[], expected: readonly Case[]): Mismatch {
  const [a, b] = [actual.length, expected.length];
  if (a !== b) return `expected ${b} cases, found ${a}`;
  return first(expected, (k, i) => oneCase(m, actual[i], k));
}

function elements(m: Matching, actual: readonly ValType[], expected: readonly ValType[]): Mismatch {
  const [a, b] = [actual.length, expected.length];
  if (a !== b) return `expected ${b} types, found ${a}`;
  return first(expected, (t, i) => {
    const found = actual[i];
    if (found === undefined) return "missing type";
    return inPart(`tuple field ${i}`, valueMismatch(m, found, t));
  });
}

function payload(
  m: Matching,
  what: string,
  actual: ValType | null,
  expected: ValType | null,
): Mismatch {
  if (expected === null) return actual === null ? null : `expected ${what} type to not be present`;
  if (actual === null) return `expected ${what} type, but found none`;
  return inPart(`${what} variant`, valueMismatch(m, actual, expected));
}

function labels(what: string, actual: readonly string[], expected: readonly string[]): Mismatch {
  const same =
    actual.length === expected.length && actual.every((label, i) => label === expected[i]);
  return same ? null : `mismatch in ${what} elements`;
}

function handles(m: Matching, actual: ResourceTypeId, expected: ResourceTypeId): Mismatch {
  return resolve(m, actual) === resolve(m, expected) ? null : "resource types are not the same";
}

/** Types of which only the tags are known to be equal. */
function insideMismatch(m: Matching, a: ValType, e: ValType): Mismatch {
  if (a.tag === "record" && e.tag === "record") return fields(m, a.fields, e.fields);
  if (a.tag === "variant" && e.tag === "variant") return cases(m, a.cases, e.cases);
  if (a.tag === "tuple" && e.tag === "tuple") return elements(m, a.ts, e.ts);
  if (a.tag === "flags" && e.tag === "flags") return labels("flags", a.labels, e.labels);
  if (a.tag === "enum" && e.tag === "enum") return labels("enum", a.labels, e.labels);
  if (a.tag === "result" && e.tag === "result") {
    return payload(m, "ok", a.ok, e.ok) ?? payload(m, "err", a.error, e.error);
  }
  return handlesMismatch(m, a, e) ?? elementsMismatch(m, a, e);
}

function handlesMismatch(m: Matching, a: ValType, e: ValType): Mismatch {
  if (a.tag === "own" && e.tag === "own") return handles(m, a.rt, e.rt);
  if (a.tag === "borrow" && e.tag === "borrow") return handles(m, a.rt, e.rt);
  return null;
}

/** Types with elements of one type. */
function elementsMismatch(m: Matching, a: ValType, e: ValType): Mismatch {
  if (a.tag === "option" && e.tag === "option") return valueMismatch(m, a.t, e.t);
  if (a.tag === "stream" && e.tag === "stream") return payload(m, "stream", a.t, e.t);
  if (a.tag === "future" && e.tag === "future") return payload(m, "future", a.t, e.t);
  if (a.tag === "map" && e.tag === "map") {
    return valueMismatch(m, a.k, e.k) ?? valueMismatch(m, a.v, e.v);
  }
  if (a.tag !== "list" || e.tag !== "list") return null;
  return a.length === e.length ? valueMismatch(m, a.t, e.t) : "lists differ in their fixed lengths";
}

/** Where a value type differs from another one; null: they are equal. */
function valueMismatch(m: Matching, actual: ValType, expected: ValType): Mismatch {
  if (actual === expected) return null;
  spend(m.resources, widthOf(expected));
  if (actual.tag === expected.tag) return insideMismatch(m, actual, expected);
  if (simple.has(actual.tag) && simple.has(expected.tag)) {
    return `expected primitive \`${expected.tag}\` found primitive \`${actual.tag}\``;
  }
  return `expected ${expected.tag}, found ${actual.tag}`;
}

/** The same for types that were defined, of which a primitive one is only "primitive". */
export function definedMismatch(m: Matching, actual: ValType, expected: ValType): Mismatch {
  if (simple.has(expected.tag) && !simple.has(actual.tag)) {
    return `expected primitive, found ${actual.tag}`;
  }
  return valueMismatch(m, actual, expected);
}

function params(m: Matching, actual: FuncType, expected: FuncType): Mismatch {
  const [a, b] = [actual.params.length, expected.params.length];
  if (a !== b) return `expected ${b} parameters, found ${a}`;
  return first(expected.params, ({ name, t }, i) => {
    const found = actual.params[i];
    if (found === undefined) return "missing parameter";
    if (found.name !== name) return `expected parameter named \`${name}\`, found \`${found.name}\``;
    return inPart(`function parameter \`${name}\``, valueMismatch(m, found.t, t));
  });
}

function results(m: Matching, actual: ValType | null, expected: ValType | null): Mismatch {
  if (actual === null && expected === null) return null;
  if (actual === null) return "expected a result, found none";
  if (expected === null) return "the function expected a result, found none in the required type";
  const why = valueMismatch(m, actual, expected);
  return why === null ? null : `type mismatch with result type: ${why}`;
}

/** Where a function type differs from another one; null: they are equal. */
export function funcMismatch(m: Matching, actual: FuncType, expected: FuncType): Mismatch {
  spend(m.resources, 1 + expected.params.length);
  if (actual.async !== expected.async) {
    const word = (ft: FuncType): string => (ft.async ? "an async" : "a sync");
    return `expected ${word(expected)} function, found ${word(actual)} function`;
  }
  return params(m, actual, expected) ?? results(m, actual.result, expected.result);
}
