// Which types are valid, in one sentence for each reason that one is not. Mirrors spec/01.

import type { FuncType, ValType } from "../../model/types.ts";
import { elemSize } from "./layout.ts";
import { containsBorrow, labelsOf, parts } from "./types.ts";

/** Every valid type is smaller than this many bytes in a 64-bit memory (CM#688). */
const maxStaticSize = 2 ** 28;

const maxFlags = 32;

const label = /^([a-z][0-9a-z]*|[A-Z][0-9A-Z]*)(-([0-9a-z]+|[0-9A-Z]+))*$/;

const keyTags: readonly string[] = [
  "bool",
  "s8",
  "u8",
  "s16",
  "u16",
  "s32",
  "u32",
  "s64",
  "u64",
  "char",
  "string",
];

/** What the labels of a type are called, and how a type without any is described. */
const nouns: Readonly<Record<string, string>> = {
  record: "field",
  variant: "case",
  enum: "case",
  flags: "flag",
  param: "parameter",
};

function article(tag: string): string {
  return "aeiou".includes(tag.charAt(0)) ? `An ${tag}` : `A ${tag}`;
}

function checkLabels(tag: string, labels: readonly string[]): string | null {
  const noun = nouns[tag] ?? "label";
  const seen = new Map<string, string>();
  for (const name of labels) {
    if (name === "") return `A ${noun} name must not be empty.`;
    if (!label.test(name)) return `The ${noun} name "${name}" is not in kebab case.`;
    const first = seen.get(name.toLowerCase());
    if (first !== undefined) return `The ${noun} name "${name}" conflicts with "${first}".`;
    seen.set(name.toLowerCase(), name);
  }
  return null;
}

function checkList(length: number | null): string | null {
  if (length === null) return null;
  const valid = Number.isInteger(length) && length > 0 && length < 2 ** 32;
  return valid ? null : "The length of a fixed-length list must be from 1 to 2^32 - 1.";
}

function checkElement(tag: "stream" | "future", t: ValType | null): string | null {
  if (tag === "stream" && t?.tag === "char") return "A stream of char is not valid yet.";
  return containsBorrow(t) ? `The element type of a ${tag} must not contain a borrow.` : null;
}

function checkCount(t: ValType): string | null {
  const noun = nouns[t.tag];
  if (t.tag === "tuple" && t.ts.length === 0) return "A tuple must have at least one type.";
  if (noun === undefined) return null;
  const count = labelsOf(t).length;
  if (count === 0) return `${article(t.tag)} type must have at least one ${noun}.`;
  if (t.tag === "flags" && count > maxFlags) return `A flags type has at most ${maxFlags} flags.`;
  return null;
}

function checkShape(t: ValType): string | null {
  switch (t.tag) {
    case "list":
      return checkList(t.length);
    case "map":
      return keyTags.includes(t.k.tag) ? null : `The key type of a map must not be ${t.k.tag}.`;
    case "stream":
    case "future":
      return checkElement(t.tag, t.t);
    default:
      return checkCount(t) ?? checkLabels(t.tag, labelsOf(t));
  }
}

function checkSize(t: ValType): string | null {
  if (elemSize(t, "i64") < maxStaticSize) return null;
  return `${article(t.tag)} type must not take more than ${maxStaticSize - 1} bytes.`;
}

function firstOf<X>(xs: readonly X[], check: (x: X) => string | null): string | null {
  for (const x of xs) {
    const why = check(x);
    if (why !== null) return why;
  }
  return null;
}

/**
 * Null for a valid value type, otherwise why it is not: the inner types first, then shape and
 * labels, then the static size (Explainer.md, "Type Definitions"; Binary.md, "Type Definitions").
 */
export function checkType(t: ValType): string | null {
  const inner = firstOf(parts(t), (part) => (part === null ? null : checkType(part)));
  return inner ?? checkShape(t) ?? checkSize(t);
}

/** Null for a valid function type, otherwise why it is not. */
export function checkFuncType(ft: FuncType): string | null {
  const params = firstOf(ft.params, (p) => checkType(p.t));
  const names = ft.params.map((p) => p.name);
  const why = params ?? checkLabels("param", names);
  if (why !== null || ft.result === null) return why;
  if (containsBorrow(ft.result)) return "A result type must not contain a borrow.";
  return checkType(ft.result);
}
