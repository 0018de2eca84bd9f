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

const numberTags: Readonly<Record<NumberTag, true>> = {
  u8: true,
  u16: true,
  u32: true,
  u64: true,
  s8: true,
  s16: true,
  s32: true,
  s64: true,
  f32: true,
  f64: true,
};

/** Whether a tag names a number type: the element types that are copied in bulk. */
export function isNumberTag(tag: ValType["tag"]): tag is NumberTag {
  return Object.hasOwn(numberTags, tag);
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

/** Caches `f` by the identity of its argument: types are immutable. */
export function memoized<X>(f: (t: ValType) => X): (t: ValType) => X {
  const known = new WeakMap<ValType, X>();
  return (t) => {
    const old = known.get(t);
    if (old !== undefined) return old;
    const made = f(t);
    known.set(t, made);
    return made;
  };
}

/** The fundamental type that `t` stands for (CanonicalABI.md, "Despecialization"). */
export const despecialize: (t: ValType) => FundamentalType = memoized(expand);

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

/** Whether lowering a value of `t` may call `realloc`. */
export const needsRealloc: (t: ValType) => boolean = memoized(allocates);

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
