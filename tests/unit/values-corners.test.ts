// Corners of values: numbers in memory, UTF-8 and UTF-16 at their limits, equality of types.

import { describe, expect, test } from "vitest";
import { containsAsyncValue, needsRealloc, sameType } from "../../src/canon/values/types.ts";
import type { ValType } from "../../src/model/types.ts";
import type { NumberTag, Value } from "../../src/model/values.ts";
import { bytesAt, liftOne, lowerOne, poke, setup, storeAt, trapOf } from "./values-harness.ts";

const u8: ValType = { tag: "u8" };
const u16: ValType = { tag: "u16" };
const string: ValType = { tag: "string" };
const list = (t: ValType, length: number | null = null): ValType => ({ tag: "list", t, length });
const tuple = (...ts: ValType[]): ValType => ({ tag: "tuple", ts });

describe("a number", () => {
  const cases: readonly (readonly [NumberTag, Value, readonly number[]])[] = [
    ["s8", -2, [0xfe]],
    ["u16", 0x1234, [0x34, 0x12]],
    ["s16", -2, [0xfe, 0xff]],
    ["s16", 0x1234, [0x34, 0x12]],
    ["u32", 0xfffe_0001, [0x01, 0x00, 0xfe, 0xff]],
    ["s32", -0x1234_5678, [0x88, 0xa9, 0xcb, 0xed]],
    ["u64", 2n ** 64n - 2n, [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
    ["s64", -(2n ** 63n) + 1n, [0x01, 0, 0, 0, 0, 0, 0, 0x80]],
    ["f32", -1.5, [0, 0, 0xc0, 0xbf]],
    ["f64", -1.5, [0, 0, 0, 0, 0, 0, 0xf8, 0xbf]],
  ];
  for (const [tag, v, bytes] of cases) {
    test(`${tag}: ${v} is stored with its lowest byte first, in a record and in a list`, () => {
      const env = setup();
      storeAt(env, v, { tag }, 64);
      expect([...bytesAt(env, 64, bytes.length)]).toEqual(bytes);
      expect(liftOne(env, [64, 1], list({ tag }))).toMatchObject({ tag: "bulk", t: tag });
      const [back] = liftRecord(env, tag);
      expect(back).toBe(v);
    });
  }
});

/** A number as the only field of a record beside a string, so that nothing is copied in bulk. */
function liftRecord(env: ReturnType<typeof setup>, tag: NumberTag): readonly Value[] {
  const got = liftOne(env, [64, 1], list(tuple({ tag }, list({ tag: "bool" }, 1))));
  const first = (got as readonly Value[])[0] as readonly Value[];
  return Array.isArray(first) ? first : [];
}

describe("UTF-8", () => {
  const lift = (bytes: readonly number[]): Value => {
    const env = setup();
    poke(env, 64, bytes);
    return liftOne(env, [64, bytes.length], string);
  };
  const good: readonly (readonly [string, readonly number[]])[] = [
    ["\u007f", [0x7f]],
    ["\u0080", [0xc2, 0x80]],
    ["\u07ff", [0xdf, 0xbf]],
    ["\u0800", [0xe0, 0xa0, 0x80]],
    ["\ud7ff", [0xed, 0x9f, 0xbf]],
    ["\ue000", [0xee, 0x80, 0x80]],
    ["\uffff", [0xef, 0xbf, 0xbf]],
    ["\u{10000}", [0xf0, 0x90, 0x80, 0x80]],
    ["\u{10ffff}", [0xf4, 0x8f, 0xbf, 0xbf]],
  ];
  for (const [s, bytes] of good) {
    test(`has the ${bytes.length} bytes of U+${s.codePointAt(0)?.toString(16)}`, () => {
      expect(lift(bytes)).toMatchObject({ s });
      const env = setup();
      const [ptr, n] = lowerOne(env, lift(bytes), string);
      expect([...bytesAt(env, Number(ptr), Number(n))]).toEqual(bytes);
    });
  }
  const bad: readonly (readonly number[])[] = [
    [0x80],
    [0xbf],
    [0xc0, 0x80],
    [0xc1, 0xbf],
    [0xc2],
    [0xc2, 0x41],
    [0xe0, 0x9f, 0xbf],
    [0xed, 0xa0, 0x80],
    [0xed, 0xbf, 0xbf],
    [0xf0, 0x8f, 0xbf, 0xbf],
    [0xf4, 0x90, 0x80, 0x80],
    [0xf8, 0x88, 0x80, 0x80, 0x80],
    [0xff],
  ];
  for (const bytes of bad) {
    test(`has no character ${bytes.map((b) => b.toString(16)).join(" ")}`, () => {
      expect(trapOf(() => lift(bytes))).toMatch(/^load-string/);
    });
  }
});

describe("UTF-16", () => {
  const lift = (units: readonly number[]): Value => {
    const env = setup({ encoding: "utf16" });
    poke(
      env,
      64,
      units.flatMap((u) => [u & 0xff, u >> 8]),
    );
    return liftOne(env, [64, units.length], string);
  };
  test("has pairs of surrogates", () => {
    expect(lift([0xd800, 0xdc00])).toMatchObject({ s: "\u{10000}" });
    expect(lift([0xdbff, 0xdfff])).toMatchObject({ s: "\u{10ffff}" });
    expect(lift([0xd7ff, 0xe000])).toMatchObject({ s: "\ud7ff\ue000" });
  });
  const bad = [
    [0xd800],
    [0xdc00],
    [0xdbff, 0x41],
    [0xd800, 0xe000],
    [0xd800, 0xd800],
    [0xdc00, 0xd800],
    [0xdfff, 0x41],
  ];
  for (const units of bad) {
    test(`has nothing else with them: ${units.map((u) => u.toString(16)).join(" ")}`, () => {
      expect(trapOf(() => lift(units))).toMatch(/^load-string/);
    });
  }
});

describe("types", () => {
  const r0: ValType = { tag: "own", rt: 0 as never };
  const record = (...labels: string[]): ValType => ({
    tag: "record",
    fields: labels.map((label) => ({ label, t: u8 })),
  });
  const variant = (label: string, t: ValType | null): ValType => ({
    tag: "variant",
    cases: [{ label, t }],
  });
  const same: readonly (readonly [ValType | null, ValType | null])[] = [
    [null, null],
    [u8, { tag: "u8" }],
    [list(u8), list({ tag: "u8" })],
    [record("a", "b"), record("a", "b")],
    [r0, { tag: "own", rt: 0 as never }],
    [
      { tag: "map", k: u8, v: string },
      { tag: "map", k: u8, v: string },
    ],
    [variant("a", null), variant("a", null)],
  ];
  test("are the same if they are built alike", () => {
    for (const [a, b] of same) expect(sameType(a, b)).toBe(true);
  });
  const different: readonly (readonly [ValType | null, ValType | null])[] = [
    [null, u8],
    [u8, null],
    [u8, u16],
    [list(u8), list(u16)],
    [list(u8), list(u8, 2)],
    [list(u8, 3), list(u8, 2)],
    [record("a", "b"), record("a", "c")],
    [record("a"), record("a", "b")],
    [r0, { tag: "own", rt: 1 as never }],
    [r0, { tag: "borrow", rt: 0 as never }],
    [
      { tag: "borrow", rt: 0 as never },
      { tag: "borrow", rt: 1 as never },
    ],
    [
      { tag: "map", k: u8, v: string },
      { tag: "map", k: u16, v: string },
    ],
    [
      { tag: "map", k: u8, v: string },
      { tag: "map", k: u8, v: u8 },
    ],
    [variant("a", u8), variant("a", null)],
    [variant("a", u8), variant("b", u8)],
    [
      { tag: "enum", labels: ["a", "b"] },
      { tag: "enum", labels: ["a", "c"] },
    ],
    [
      { tag: "enum", labels: ["a"] },
      { tag: "flags", labels: ["a"] },
    ],
    [tuple(u8, u16), tuple(u8, u8)],
    [
      { tag: "option", t: u8 },
      { tag: "option", t: u16 },
    ],
    [
      { tag: "result", ok: u8, error: null },
      { tag: "result", ok: null, error: u8 },
    ],
    [
      { tag: "stream", t: u8 },
      { tag: "stream", t: null },
    ],
    [
      { tag: "stream", t: u8 },
      { tag: "future", t: u8 },
    ],
  ];
  test("differ in any part, label, length or resource", () => {
    for (const [a, b] of different) expect(sameType(a, b), JSON.stringify([a, b])).toBe(false);
  });
  test("need realloc if a string or a list without a length may be in a value", () => {
    const stream: ValType = { tag: "stream", t: string };
    const yes = [string, list(u8), tuple(u8, string), list(string, 2), variant("a", list(u8))];
    const no = [u8, list(u8, 2), tuple(u8, u16), variant("a", null), stream];
    expect(yes.map(needsRealloc)).toEqual(yes.map(() => true));
    expect([...no, { tag: "future", t: string } as const].map(needsRealloc)).toEqual([
      ...no.map(() => false),
      false,
    ]);
    expect(needsRealloc({ tag: "map", k: u8, v: u8 })).toBe(true);
  });
  test("contain a stream or a future, at any depth", () => {
    expect(containsAsyncValue(tuple(u8, { tag: "stream", t: null }))).toBe(true);
    expect(containsAsyncValue(list({ tag: "future", t: null }))).toBe(true);
    expect(containsAsyncValue({ tag: "map", k: u8, v: { tag: "future", t: u8 } })).toBe(true);
    expect(containsAsyncValue(tuple(u8, string))).toBe(false);
  });
});
