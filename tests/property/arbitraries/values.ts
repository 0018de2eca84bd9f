// Arbitrary value types, and arbitrary values of a type.

import fc from "fast-check";
import { bulkOf } from "../../../src/canon/values/bulk.ts";
import { stringValue } from "../../../src/canon/values/strings.ts";
import { isNumberTag } from "../../../src/canon/values/types.ts";
import type { ResourceTypeId } from "../../../src/model/ids.ts";
import type { AddressType, PrimTag, StringEncoding, ValType } from "../../../src/model/types.ts";
import type { CaseValue, StringValue, Value } from "../../../src/model/values.ts";

export const anyAddress: fc.Arbitrary<AddressType> = fc.constantFrom("i32", "i64");

export const anyEncoding: fc.Arbitrary<StringEncoding> = fc.constantFrom(
  "utf8",
  "utf16",
  "latin1+utf16",
);

const primTags: readonly PrimTag[] = [
  "bool",
  "s8",
  "u8",
  "s16",
  "u16",
  "s32",
  "u32",
  "s64",
  "u64",
  "f32",
  "f64",
  "char",
  "string",
  "error-context",
];

const labels = (n: number): string[] => Array.from({ length: n }, (_, i) => `l${i}`);

const rt = 0 as ResourceTypeId;

/** Sizes of enums on both sides of the boundary of one byte, and small ones. */
const caseCount = fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constantFrom(256, 257));

/** Value types up to a small depth; all of them are valid. */
export const anyType: fc.Arbitrary<ValType> = fc.letrec<{ t: ValType }>((tie) => {
  const t = tie("t");
  const maybe = fc.option(t, { nil: null });
  const some = fc.array(t, { minLength: 1, maxLength: 4 });
  const record = some.map((ts): ValType => {
    return { tag: "record", fields: ts.map((u, i) => ({ label: `f${i}`, t: u })) };
  });
  const variant = fc.array(maybe, { minLength: 1, maxLength: 4 }).map((ts): ValType => {
    return { tag: "variant", cases: ts.map((u, i) => ({ label: `c${i}`, t: u })) };
  });
  return {
    t: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.constantFrom(...primTags).map((tag): ValType => ({ tag })),
      fc.record({ tag: fc.constant("list" as const), t, length: fc.constant(null) }),
      fc.record({ tag: fc.constant("list" as const), t, length: fc.integer({ min: 1, max: 4 }) }),
      record,
      variant,
      some.map((ts): ValType => ({ tag: "tuple", ts })),
      t.map((u): ValType => ({ tag: "option", t: u })),
      fc.tuple(maybe, maybe).map(([ok, error]): ValType => ({ tag: "result", ok, error })),
      fc.tuple(fc.constantFrom<PrimTag>("u8", "string"), t).map(([tag, v]): ValType => {
        return { tag: "map", k: { tag }, v };
      }),
      caseCount.map((n): ValType => ({ tag: "enum", labels: labels(n) })),
      fc.integer({ min: 1, max: 32 }).map((n): ValType => ({ tag: "flags", labels: labels(n) })),
      fc.constantFrom<ValType>({ tag: "own", rt }, { tag: "stream", t: { tag: "u8" } }),
    ),
  };
}).t;

/** A text with characters of one to four bytes in UTF-8, often ASCII or Latin-1 throughout. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: "binary-ascii", maxLength: 8 }),
  fc.string({ unit: fc.constantFrom("a", "z", "\u0080", "ö", "ÿ"), maxLength: 8 }),
  fc.string({ unit: fc.constantFrom("a", "ö", "☃", "🍰", "\ufeff"), maxLength: 8 }),
  fc.string({ unit: "binary", maxLength: 8 }),
);

/** A string as any memory may have given it: also a tagged one that could be Latin-1. */
const anyString: fc.Arbitrary<StringValue> = fc
  .tuple(anyText, anyEncoding, fc.boolean())
  .map(([s, encoding, tagged]): StringValue => {
    if (encoding !== "latin1+utf16" || !tagged) return stringValue(s, encoding);
    return { tag: "string", s, encoding, units: s.length, utf16: true };
  });

const scalar = fc
  .oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((code) => String.fromCodePoint(code));

const signed = (bits: number): fc.Arbitrary<number> =>
  fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 });
const unsigned = (bits: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: 2 ** bits - 1 });

const handle = unsigned(32);

const prims: Readonly<Record<PrimTag, fc.Arbitrary<Value>>> = {
  bool: fc.boolean(),
  s8: signed(8),
  u8: unsigned(8),
  s16: signed(16),
  u16: unsigned(16),
  s32: signed(32),
  u32: unsigned(32),
  s64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  u64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  f32: fc.float(),
  f64: fc.double(),
  char: scalar,
  string: anyString,
  "error-context": handle,
};

function caseOf(label: string, t: ValType | null): fc.Arbitrary<CaseValue> {
  if (t === null) return fc.constant({ tag: "case", label, value: null });
  return anyValue(t).map((value) => ({ tag: "case", label, value }));
}

function listOf(t: ValType, length: number | null): fc.Arbitrary<Value> {
  const size = length === null ? { maxLength: 4 } : { minLength: length, maxLength: length };
  const vs = fc.array(anyValue(t), size);
  const { tag } = t;
  if (!isNumberTag(tag)) return vs;
  return fc.tuple(vs, fc.boolean()).map(([plain, bulk]) => (bulk ? bulkOf(tag, plain) : plain));
}

function allOf(ts: readonly ValType[]): fc.Arbitrary<readonly Value[]> {
  return fc.tuple(...ts.map(anyValue));
}

/** The values of a type, with raw handles. */
export function anyValue(t: ValType): fc.Arbitrary<Value> {
  switch (t.tag) {
    case "list":
      return listOf(t.t, t.length);
    case "map":
      return fc.array(allOf([t.k, t.v]), { maxLength: 3 });
    case "tuple":
      return allOf(t.ts);
    case "record":
      return allOf(t.fields.map((f) => f.t)).map((vs) => ({
        tag: "record",
        fields: Object.fromEntries(t.fields.map((f, i) => [f.label, vs[i] as Value])),
      }));
    case "variant":
      return fc.oneof(...t.cases.map((k) => caseOf(k.label, k.t)));
    case "enum":
      return fc.constantFrom(...t.labels).chain((label) => caseOf(label, null));
    case "option":
      return fc.oneof(caseOf("none", null), caseOf("some", t.t));
    case "result":
      return fc.oneof(caseOf("ok", t.ok), caseOf("error", t.error));
    case "flags":
      return fc.subarray([...t.labels]).map((set) => ({ tag: "flags", labels: set }));
    case "own":
    case "borrow":
    case "stream":
    case "future":
      return handle;
    default:
      return prims[t.tag];
  }
}

export interface Typed {
  readonly t: ValType;
  readonly v: Value;
}

export const anyTyped: fc.Arbitrary<Typed> = anyType.chain((t) =>
  anyValue(t).map((v) => ({ t, v })),
);
