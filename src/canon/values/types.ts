// What a value type is made of: despecialization, predicates and equality. Mirrors spec/01.

import type { Case, Field, PrimTag, ValType } from "../../model/types.ts";
import type { NumberTag } from "../../model/values.ts";

/** A type that is not a shorthand for another one. */
export type FundamentalType = Extract<
  ValType,
  {
    tag: PrimTag | "list" | "record" | "variant" | "flags" | "own" | "borrow" | "stream" | "future";
  }
>;

export type ListType = Extract<ValType, { tag: "list" }>;

/** Whether a tag names a number type: the element types that are copied in bulk. */
export function isNumberTag(tag: ValType["tag"]): tag is NumberTag {
  switch (tag) {
    case "u8":
    case "u16":
    case "u32":
    case "u64":
    case "s8":
    case "s16":
    case "s32":
    case "s64":
    case "f32":
    case "f64":
      return true;
    default:
      return false;
  }
}

const absent: readonly never[] = [];

function expand(t: ValType): FundamentalType {
  switch (t.tag) {
    case "tuple":
      return { tag: "record", fields: t.ts.map((u, i): Field => ({ label: String(i), t: u })) };
    case "enum":
      return { tag: "variant", cases: t.labels.map((label): Case => ({ label, t: null })) };
    case "option":
      return {
        tag: "variant",
        cases: [
          { label: "none", t: null },
          { label: "some", t: t.t },
        ],
      };
    case "result":
      return {
        tag: "variant",
        cases: [
          { label: "ok", t: t.ok },
          { label: "error", t: t.error },
        ],
      };
    case "map":
      return { tag: "list", t: { tag: "tuple", ts: [t.k, t.v] }, length: null };
    default:
      return t;
  }
}

/**
 * Caches `f` by the identity of its argument: types and lists of types are immutable. Most often the
 * argument is the last one again.
 */
export function memoized<T extends object, X>(f: (t: T) => X): (t: T) => X {
  const known = new WeakMap<T, X>();
  let last: T | null = null;
  let lastMade: X | undefined;
  return (t) => {
    if (t === last) return lastMade as X;
    const old = known.get(t);
    const made = old === undefined ? f(t) : old;
    if (old === undefined) known.set(t, made);
    last = t;
    lastMade = made;
    return made;
  };
}

const expanded: (t: ValType) => FundamentalType = memoized(expand);

/** The fundamental type that `t` stands for (CanonicalABI.md, "Despecialization"). */
export function despecialize(t: ValType): FundamentalType {
  switch (t.tag) {
    case "tuple":
    case "enum":
    case "option":
    case "result":
    case "map":
      return expanded(t);
    default:
      return t;
  }
}

/** The tuple of some types: how they lie in memory when they do not fit into core values. */
export const tupleOf: (ts: readonly ValType[]) => ValType = memoized(
  (ts: readonly ValType[]): ValType => ({ tag: "tuple", ts }),
);

/** The types inside `t`, in order; null where a payload or element type is absent. */
export function parts(t: ValType): readonly (ValType | null)[] {
  switch (t.tag) {
    case "list":
    case "option":
    case "stream":
    case "future":
      return [t.t];
    case "record":
      return t.fields.map((f) => f.t);
    case "tuple":
      return t.ts;
    case "variant":
      return t.cases.map((k) => k.t);
    case "result":
      return [t.ok, t.error];
    case "map":
      return [t.k, t.v];
    default:
      return absent;
  }
}

/** The labels of `t` itself, in order. */
export function labelsOf(t: ValType): readonly string[] {
  switch (t.tag) {
    case "record":
      return t.fields.map((f) => f.label);
    case "variant":
      return t.cases.map((k) => k.label);
    case "enum":
    case "flags":
      return t.labels;
    default:
      return absent;
  }
}

// The reference has no answer for flags and error contexts (see divergences, D-type-predicates).
function contains(t: ValType | null, p: (u: ValType) => boolean): boolean {
  return t !== null && (p(t) || parts(t).some((u) => contains(u, p)));
}

/** Whether a `borrow` occurs anywhere in `t` (CanonicalABI.md, "Type Predicates"). */
export function containsBorrow(t: ValType | null): boolean {
  return contains(t, (u) => u.tag === "borrow");
}

/** Whether a `stream` or `future` occurs anywhere in `t`. */
export function containsAsyncValue(t: ValType | null): boolean {
  return contains(t, (u) => u.tag === "stream" || u.tag === "future");
}

/** Whether elements of `t` are copied between any two memories without being interpreted. */
export function noneOrNumberType(t: ValType | null): boolean {
  return t === null || isNumberTag(t.tag);
}

function allocates(t: ValType): boolean {
  const u = despecialize(t);
  if (u.tag === "string") return true;
  if (u.tag === "list" && u.length === null) return true;
  if (u.tag === "stream" || u.tag === "future") return false;
  return parts(u).some((part) => part !== null && needsRealloc(part));
}

const mayAllocate: (t: ValType) => boolean = memoized(allocates);

/** Whether lowering a value of `t` may call `realloc`. */
export function needsRealloc(t: ValType): boolean {
  return !isNumberTag(t.tag) && mayAllocate(t);
}

function own(t: ValType): number | null {
  if (t.tag === "own" || t.tag === "borrow") return t.rt;
  return t.tag === "list" ? t.length : null;
}

function sameItems<X>(a: readonly X[], b: readonly X[], same: (x: X, y: X) => boolean): boolean {
  return a.length === b.length && a.every((x, i) => same(x, b[i] as X));
}

/**
 * Structural equality of types; resource types are nominal. A shorthand differs from what it
 * stands for (Explainer.md, "Specialized value types").
 */
export function sameType(a: ValType | null, b: ValType | null): boolean {
  if (a === null || b === null || a === b) return a === b;
  return (
    a.tag === b.tag &&
    own(a) === own(b) &&
    sameItems(labelsOf(a), labelsOf(b), (x, y) => x === y) &&
    sameItems(parts(a), parts(b), sameType)
  );
}
