// Sizes, offsets, flattening and validity of types, worked out by hand from the text of the ABI.

import { describe, expect, test } from "vitest";
import { checkFuncType, checkType } from "../../src/canon/values/check.ts";
import { flatLength, flattenFuncType, flattenType, join } from "../../src/canon/values/flatten.ts";
import {
  alignment,
  alignTo,
  discriminantType,
  elemSize,
  fieldOffsets,
  flagsSize,
  payloadOffset,
} from "../../src/canon/values/layout.ts";
import {
  containsAsyncValue,
  containsBorrow,
  despecialize,
  needsRealloc,
  noneOrNumberType,
  sameType,
} from "../../src/canon/values/types.ts";
import type { ResourceTypeId } from "../../src/model/ids.ts";
import type { CoreFunc } from "../../src/model/program.ts";
import type { AddressType, Case, CoreType, FuncType, ValType } from "../../src/model/types.ts";
import { list, prim } from "./values-harness.ts";

const u8 = prim("u8");
const u16 = prim("u16");
const u32 = prim("u32");
const u64 = prim("u64");
const f32 = prim("f32");
const f64 = prim("f64");
const string = prim("string");
const own: ValType = { tag: "own", rt: 0 as ResourceTypeId };
const borrow: ValType = { tag: "borrow", rt: 0 as ResourceTypeId };

const tuple = (...ts: ValType[]): ValType => ({ tag: "tuple", ts });
const variant = (...ts: (ValType | null)[]): ValType => ({
  tag: "variant",
  cases: ts.map((t, i): Case => ({ label: `c${i}`, t })),
});
const labels = (n: number): string[] => Array.from({ length: n }, (_, i) => `l${i}`);
const enumOf = (n: number): ValType => ({ tag: "enum", labels: labels(n) });
const flags = (n: number): ValType => ({ tag: "flags", labels: labels(n) });
const record = (...ts: ValType[]): ValType => ({
  tag: "record",
  fields: ts.map((t, i) => ({ label: `f${i}`, t })),
});

describe("size and alignment", () => {
  // [type, size and alignment with 4-byte pointers, with 8-byte pointers]
  const table: [string, ValType, [number, number], [number, number]][] = [
    ["bool", prim("bool"), [1, 1], [1, 1]],
    ["s16", prim("s16"), [2, 2], [2, 2]],
    ["f32", f32, [4, 4], [4, 4]],
    ["u64", u64, [8, 8], [8, 8]],
    ["char: always a 4-byte code point", prim("char"), [4, 4], [4, 4]],
    ["error-context: an index", prim("error-context"), [4, 4], [4, 4]],
    ["own: an index even in a 64-bit memory", own, [4, 4], [4, 4]],
    ["stream: an index", { tag: "stream", t: u64 }, [4, 4], [4, 4]],
    ["string: pointer and length", string, [8, 4], [16, 8]],
    ["list: pointer and length", list(u8), [8, 4], [16, 8]],
    ["fixed list: elements in a row", list(u16, 3), [6, 2], [6, 2]],
    ["fixed list of strings", list(string, 3), [24, 4], [48, 8]],
    // 0: u8, 4: u32, 8: u8, then up to a multiple of 4
    ["record with padding", record(u8, u32, u8), [12, 4], [12, 4]],
    // 0: u8, then the string at 4 (8)
    ["tuple with a string", tuple(u8, string), [12, 4], [24, 8]],
    ["enum with 256 cases: one byte", enumOf(256), [1, 1], [1, 1]],
    ["enum with 257 cases: two bytes", enumOf(257), [2, 2], [2, 2]],
    // discriminant at 0, payload at 8
    ["option of u64", { tag: "option", t: u64 }, [16, 8], [16, 8]],
    // discriminant at 0, payload at 2
    ["result", { tag: "result", ok: u8, error: u16 }, [4, 2], [4, 2]],
    ["result without payloads", { tag: "result", ok: null, error: null }, [1, 1], [1, 1]],
    // payload at 4: 5 bytes, so 9, up to 12: the payload is not padded, the variant is
    ["variant", variant(u32, list(u8, 5)), [12, 4], [12, 4]],
    ["map: a list of pairs", { tag: "map", k: string, v: u8 }, [8, 4], [16, 8]],
    ["8 flags", flags(8), [1, 1], [1, 1]],
    ["9 flags", flags(9), [2, 2], [2, 2]],
    ["16 flags", flags(16), [2, 2], [2, 2]],
    ["17 flags", flags(17), [4, 4], [4, 4]],
    ["32 flags", flags(32), [4, 4], [4, 4]],
  ];
  test.each(table)("%s", (_, t, narrow, wide) => {
    expect([elemSize(t, "i32"), alignment(t, "i32")]).toEqual(narrow);
    expect([elemSize(t, "i64"), alignment(t, "i64")]).toEqual(wide);
  });

  test("offsets and small helpers", () => {
    const fields = [u8, u64, u8, u16].map((t, i) => ({ label: `f${i}`, t }));
    expect(fieldOffsets(fields, "i32")).toEqual([0, 8, 16, 18]);
    expect(payloadOffset([{ label: "a", t: null }], "i32")).toBe(1);
    expect(payloadOffset([{ label: "a", t: string }], "i64")).toBe(8);
    expect([alignTo(0, 4), alignTo(1, 4), alignTo(4, 4), alignTo(9, 8)]).toEqual([0, 4, 4, 16]);
    expect([1, 256, 257, 65536, 65537].map((length) => discriminantType({ length }))).toEqual([
      "u8",
      "u8",
      "u16",
      "u16",
      "u32",
    ]);
    expect([1, 8, 9, 16, 17, 32].map((length) => flagsSize({ length }))).toEqual([
      1, 1, 2, 2, 4, 4,
    ]);
  });
});

describe("flattening", () => {
  test("join: equal types stay, 32 bits meet in i32, everything else in i64", () => {
    const types: CoreType[] = ["i32", "i64", "f32", "f64"];
    expect(types.map((a) => types.map((b) => join(a, b)))).toEqual([
      ["i32", "i64", "i32", "i64"],
      ["i64", "i64", "i64", "i64"],
      ["i32", "i64", "f32", "i64"],
      ["i64", "i64", "i64", "f64"],
    ]);
  });

  const table: [string, ValType, AddressType, CoreType[]][] = [
    ["bool", prim("bool"), "i32", ["i32"]],
    ["s64", prim("s64"), "i32", ["i64"]],
    ["f32", f32, "i32", ["f32"]],
    ["string", string, "i32", ["i32", "i32"]],
    ["string in a 64-bit memory", string, "i64", ["i64", "i64"]],
    ["own in a 64-bit memory", own, "i64", ["i32"]],
    ["fixed list", list(f64, 3), "i32", ["f64", "f64", "f64"]],
    ["record", record(u8, string, f32), "i32", ["i32", "i32", "i32", "f32"]],
    ["enum", enumOf(300), "i32", ["i32"]],
    ["flags", flags(32), "i32", ["i32"]],
    [
      "option: the discriminant, then the payload",
      { tag: "option", t: f64 },
      "i32",
      ["i32", "f64"],
    ],
    ["f32 meets u32 in i32", variant(f32, u32), "i32", ["i32", "i32"]],
    ["f32 meets f64 in i64", variant(f32, f64), "i32", ["i32", "i64"]],
    ["two f32 stay f32", variant(f32, f32, null), "i32", ["i32", "f32"]],
    [
      "the longer payload keeps its tail",
      variant(u8, tuple(u64, f32)),
      "i32",
      ["i32", "i64", "f32"],
    ],
    ["string meets f32", variant(string, f32), "i32", ["i32", "i32", "i32"]],
    ["string meets f32 in a 64-bit memory", variant(string, f32), "i64", ["i32", "i64", "i64"]],
  ];
  test.each(table)("%s", (_, t, address, flat) => {
    expect(flattenType(t, address)).toEqual(flat);
    expect(flatLength(t)).toBe(flat.length);
  });

  test("a huge fixed-length list is counted, not listed", () => {
    expect(flatLength(list(u8, 2 ** 28 - 1))).toBe(2 ** 28 - 1);
    const params = [{ name: "p", t: list(u8, 2 ** 28 - 1) }];
    const ft: FuncType = { params, result: null, async: false };
    const opts = { address: "i64", async: false, callback: null } as const;
    expect(flattenFuncType(opts, ft, "lift").params).toEqual(["i64"]);
  });
});

describe("function types", () => {
  const callback: CoreFunc = { guest: "g", instance: 0 as never, code: 0 };
  const ft = (n: number, result: ValType | null): FuncType => ({
    params: Array.from({ length: n }, (_, i) => ({ name: `p${i}`, t: u32 })),
    result,
    async: true,
  });
  const sync = { address: "i32", async: false, callback: null } as const;
  const stackful = { ...sync, async: true } as const;
  const i32 = (n: number): CoreType[] => new Array<CoreType>(n).fill("i32");

  test("sync: 16 parameters are flat, 17 are not; two results are a pointer", () => {
    for (const context of ["lift", "lower"] as const) {
      expect(flattenFuncType(sync, ft(16, u32), context)).toEqual({
        params: i32(16),
        results: ["i32"],
      });
      expect(flattenFuncType(sync, ft(17, null), context)).toEqual({
        params: ["i32"],
        results: [],
      });
    }
    // a lifted function returns the pointer, a lowered one is given it
    expect(flattenFuncType(sync, ft(1, string), "lift")).toEqual({
      params: ["i32"],
      results: ["i32"],
    });
    expect(flattenFuncType(sync, ft(1, string), "lower")).toEqual({
      params: ["i32", "i32"],
      results: [],
    });
  });

  test("async lift: results go through task.return; a callback's packed code is the result", () => {
    expect(flattenFuncType(stackful, ft(17, string), "lift")).toEqual({
      params: ["i32"],
      results: [],
    });
    expect(flattenFuncType({ ...stackful, callback }, ft(16, string), "lift")).toEqual({
      params: i32(16),
      results: ["i32"],
    });
  });

  test("async lower: 4 parameters are flat, 5 are not; any result is a pointer", () => {
    expect(flattenFuncType(stackful, ft(4, null), "lower")).toEqual({
      params: i32(4),
      results: ["i32"],
    });
    expect(flattenFuncType({ ...stackful, address: "i64" }, ft(5, u8), "lower")).toEqual({
      params: ["i64", "i64"],
      results: ["i32"],
    });
  });
});

describe("types", () => {
  test("despecialize", () => {
    expect(despecialize(tuple(u8, string))).toEqual({
      tag: "record",
      fields: [
        { label: "0", t: u8 },
        { label: "1", t: string },
      ],
    });
    expect(despecialize({ tag: "map", k: u8, v: string })).toEqual(list(tuple(u8, string)));
    expect(despecialize({ tag: "result", ok: null, error: u8 })).toEqual({
      tag: "variant",
      cases: [
        { label: "ok", t: null },
        { label: "error", t: u8 },
      ],
    });
  });

  test("predicates look inside", () => {
    expect(containsBorrow(list(tuple(u8, { tag: "option", t: borrow })))).toBe(true);
    expect(containsBorrow(list(own))).toBe(false);
    expect(containsBorrow(null)).toBe(false);
    expect(containsAsyncValue({ tag: "result", ok: { tag: "future", t: null }, error: null })).toBe(
      true,
    );
    expect(containsAsyncValue(prim("error-context"))).toBe(false);
    expect([null, u8, f64, prim("bool"), prim("char")].map(noneOrNumberType)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(needsRealloc({ tag: "stream", t: string })).toBe(false);
    expect(needsRealloc(list(u8, 4))).toBe(false);
    expect(needsRealloc(variant(null, tuple(string)))).toBe(true);
  });

  test("equality is structural, except for resources", () => {
    const r = (rt: number): ValType => ({ tag: "own", rt: rt as ResourceTypeId });
    expect(sameType(record(u8, list(string)), record(u8, list(string)))).toBe(true);
    expect(sameType(record(u8), record(u16))).toBe(false);
    expect(sameType(tuple(u8), tuple(u8, u8))).toBe(false);
    expect(sameType(list(u8), list(u8, 1))).toBe(false);
    expect(sameType(r(0), r(0))).toBe(true);
    expect(sameType(r(0), r(1))).toBe(false);
    expect(sameType(flags(2), enumOf(2))).toBe(false);
    expect(sameType(flags(2), flags(3))).toBe(false);
    expect(sameType(variant(null, u8), variant(u8, null))).toBe(false);
    expect(sameType(null, null)).toBe(true);
    expect(sameType(null, u8)).toBe(false);
    // a shorthand is not what it stands for
    expect(sameType({ tag: "option", t: u8 }, despecialize({ tag: "option", t: u8 }))).toBe(false);
  });
});

describe("validity", () => {
  const max = 2 ** 28 - 1;
  const valid: [string, ValType][] = [
    // the boundaries of upstream's max-value-size.wast
    ["list of max bytes", list(u8, max)],
    ["list of u64", list(u64, 33554431)],
    ["list of strings", list(string, 16777215)],
    ["two halves", record(list(u8, 134217727), list(u8, 134217728))],
    ["nested", list(list(u8, 134217727), 2)],
    ["a map's pair has no limit of its own", { tag: "map", k: u8, v: list(u8, max) }],
    ["stream", { tag: "stream", t: list(u8, max) }],
    ["32 flags", flags(32)],
    ["result", { tag: "result", ok: null, error: null }],
    ["future of char", { tag: "future", t: prim("char") }],
    ["borrow", borrow],
    ["labels", { tag: "enum", labels: ["a", "a1-2-B", "C-d-E3"] }],
  ];
  test.each(valid)("valid: %s", (_, t) => {
    expect(checkType(t)).toBeNull();
  });

  const invalid: [ValType, string][] = [
    [list(u8, max + 1), "A list type must not take more than 268435455 bytes."],
    [list(u64, 536870912), "A list type must not take more than 268435455 bytes."],
    [list(string, 16777216), "A list type must not take more than 268435455 bytes."],
    [tuple(list(u8, max), list(u8, 1)), "A tuple type must not take more than 268435455 bytes."],
    [list(list(u8, max), 2), "A list type must not take more than 268435455 bytes."],
    [
      { tag: "option", t: list(u8, max) },
      "An option type must not take more than 268435455 bytes.",
    ],
    [record(), "A record type must have at least one field."],
    [variant(), "A variant type must have at least one case."],
    [enumOf(0), "An enum type must have at least one case."],
    [flags(0), "A flags type must have at least one flag."],
    [tuple(), "A tuple must have at least one type."],
    [list(tuple()), "A tuple must have at least one type."],
    [flags(33), "A flags type has at most 32 flags."],
    [list(u8, 0), "The length of a fixed-length list must be from 1 to 2^32 - 1."],
    [{ tag: "stream", t: prim("char") }, "A stream of char is not valid yet."],
    [{ tag: "stream", t: list(borrow) }, "The element type of a stream must not contain a borrow."],
    [{ tag: "future", t: borrow }, "The element type of a future must not contain a borrow."],
    [{ tag: "map", k: f32, v: u8 }, "The key type of a map must not be f32."],
    [{ tag: "map", k: list(u8), v: u8 }, "The key type of a map must not be list."],
    [{ tag: "enum", labels: ["x", "y", "X"] }, 'The case name "X" conflicts with "x".'],
    [{ tag: "flags", labels: [""] }, "A flag name must not be empty."],
    [{ tag: "enum", labels: ["NevEr"] }, 'The case name "NevEr" is not in kebab case.'],
    [{ tag: "enum", labels: ["a-"] }, 'The case name "a-" is not in kebab case.'],
    [{ tag: "enum", labels: ["1"] }, 'The case name "1" is not in kebab case.'],
  ];
  test.each(invalid)("invalid: %j", (t, why) => {
    expect(checkType(t)).toBe(why);
  });

  test("function types", () => {
    const ft = (names: string[], result: ValType | null): FuncType => ({
      params: names.map((name) => ({ name, t: borrow })),
      result,
      async: false,
    });
    expect(checkFuncType(ft(["a", "b"], u8))).toBeNull();
    expect(checkFuncType(ft(["foo", "FOO"], null))).toBe(
      'The parameter name "FOO" conflicts with "foo".',
    );
    expect(checkFuncType(ft([], list(borrow)))).toBe("A result type must not contain a borrow.");
    expect(checkFuncType(ft([], tuple()))).toBe("A tuple must have at least one type.");
  });
});
