// Corners of values: numbers in memory, UTF-8 and UTF-16 at their limits, equality of types.

import { describe, expect, test } from "vitest";
import { checkFuncType } from "../../src/canon/values/check.ts";
import { alignment, elemSize } from "../../src/canon/values/layout.ts";
import { lowerFlatNow } from "../../src/canon/values/lower.ts";
import { showValue } from "../../src/canon/values/show.ts";
import { containsAsyncValue, needsRealloc, sameType } from "../../src/canon/values/types.ts";
import type { ValType } from "../../src/model/types.ts";
import type { NumberTag, Value } from "../../src/model/values.ts";
import {
  bytesAt,
  liftOne,
  lowerOne,
  moving,
  poke,
  setup,
  storeAt,
  str,
  trapOf,
} from "./values-harness.ts";

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

describe("a value", () => {
  test("f32 is rounded to what an f32 can hold", () => {
    expect(lowerOne(setup(), 0.1, { tag: "f32" })).toEqual([Math.fround(0.1)]);
    expect(lowerOne(setup(), 0.1, { tag: "f64" })).toEqual([0.1]);
  });
  test("f64 travels in the slot of an integer by its bits", () => {
    const either: ValType = {
      tag: "variant",
      cases: [
        { label: "x", t: { tag: "f64" } },
        { label: "n", t: { tag: "u64" } },
      ],
    };
    const x: Value = { tag: "case", label: "x", value: -1.5 };
    const n: Value = { tag: "case", label: "n", value: 7n };
    expect(lowerOne(setup(), x, either)).toEqual([0, 0xbff8_0000_0000_0000n]);
    expect(liftOne(setup(), [0, 0xbff8_0000_0000_0000n], either)).toEqual(x);
    expect(lowerOne(setup(), n, either)).toEqual([1, 7n]);
    expect(liftOne(setup(), [1, 7n], either)).toEqual(n);
  });
  test("a list of a fixed length lies where it is stored, and takes a slot for each element", () => {
    const pair = list(u16, 2);
    const env = setup();
    storeAt(env, [1, 2], pair, 64);
    expect([...bytesAt(env, 64, 4)]).toEqual([1, 0, 2, 0]);
    expect(lowerOne(env, [3, 4], pair)).toEqual([3, 4]);
    const strings = list(string, 2);
    const [, n1, , n2] = lowerOne(env, [str("a"), str("bc")], strings);
    expect([n1, n2]).toEqual([1, 2]);
    storeAt(env, [str("a"), str("bc")], strings, 128);
    expect([bytesAt(env, 132, 1)[0], bytesAt(env, 140, 1)[0]]).toEqual([1, 2]);
    expect(liftOne(env, [128, 1], list(strings))).toMatchObject([[{ s: "a" }, { s: "bc" }]]);
  });
  test("pointers and lengths of a 64-bit memory take eight bytes each", () => {
    const env = setup({ address: "i64" });
    storeAt(env, str("abc"), string, 64);
    const ptr = Number(new DataView(bytesAt(env, 64, 8).buffer).getBigUint64(0, true));
    expect([...bytesAt(env, 72, 8)]).toEqual([3, 0, 0, 0, 0, 0, 0, 0]);
    expect([...bytesAt(env, ptr, 3)]).toEqual([97, 98, 99]);
    expect(liftOne(env, [64n, 1n], list(string))).toMatchObject([{ s: "abc" }]);
  });
  test("a pointer of a 64-bit memory that lies beyond 2^32 is out of bounds", () => {
    const env = setup({ address: "i64" });
    poke(env, 64, [8, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
    expect(trapOf(() => liftOne(env, [64n, 1n], list(string)))).toBe("load-string.out-of-bounds");
    poke(env, 68, [0]);
    expect(liftOne(env, [64n, 1n], list(string))).toHaveLength(1);
  });
  const rt = 0 as never;
  const handles: readonly ValType[] = [
    { tag: "own", rt },
    { tag: "borrow", rt },
    { tag: "stream", t: u8 },
    { tag: "future", t: null },
    { tag: "error-context" },
  ];
  for (const t of handles) {
    test(`${t.tag}: an index of four bytes, in a record as well`, () => {
      expect([elemSize(t, "i32"), elemSize(t, "i64"), alignment(t, "i64")]).toEqual([4, 4, 4]);
      const env = setup({ handles: "raw" });
      storeAt(env, [5, 6], tuple(u8, t), 64);
      expect([...bytesAt(env, 68, 4)]).toEqual([6, 0, 0, 0]);
      expect(liftOne(env, [64, 1], list(tuple(u8, t)))).toEqual([[5, 6]]);
    });
  }
  test("a bool is false if its byte is 0, and true otherwise", () => {
    const env = setup();
    poke(env, 64, [0, 1, 2]);
    expect(liftOne(env, [64, 3], list({ tag: "bool" }))).toEqual([false, true, true]);
  });
  test("bindings code moves a string that grows, and shrinks it in place", () => {
    const env = setup({ handles: "raw" });
    const calls: (readonly number[])[] = [];
    const allocate = (align: number, size: number): number => {
      const ptr = moving(env, 0, 0, align, size);
      calls.push([align, size, ptr]);
      return ptr;
    };
    const flat = lowerFlatNow(
      env.c,
      env.cx,
      16,
      [str("a\u00e9\u2603", "utf16")],
      [string],
      allocate,
    );
    const [[, , first = 0] = [], [, , second = 0] = []] = calls;
    expect(calls).toEqual([
      [1, 3, first],
      [1, 9, second],
    ]);
    expect(flat).toEqual([second, 6]);
    expect([...bytesAt(env, first, 1)]).toEqual([0x61]);
    expect(liftOne(env, flat, string)).toMatchObject({ s: "a\u00e9\u2603" });
  });
  test("shows what is not printable, and what is not finite", () => {
    expect(showValue(Number.POSITIVE_INFINITY)).toBe("inf");
    expect(showValue(str("a b\u007f\u001f"))).toBe('"a b\\u{7f}\\u{1f}"');
  });
});

test("a function type is as valid as its parameters, their names and its result", () => {
  const ft = (t: ValType, result: ValType | null): Parameters<typeof checkFuncType>[0] => ({
    params: [{ name: "a", t }],
    result,
    async: false,
  });
  expect(checkFuncType(ft(u8, null))).toBeNull();
  expect(checkFuncType(ft(u8, u16))).toBeNull();
  expect(checkFuncType(ft(tuple(), u8))).toBe("A tuple must have at least one type.");
  expect(checkFuncType(ft(u8, tuple()))).toBe("A tuple must have at least one type.");
});
