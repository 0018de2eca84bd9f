// Lowering and lifting: order of writes and requests, joined slots, NaNs, bulk, handles, text.

import { describe, expect, test } from "vitest";
import { bulkElements, bulkOf, bulkSlice } from "../../src/canon/values/bulk.ts";
import { loadElements } from "../../src/canon/values/load.ts";
import { lowerFlatNow, storeElementsFrame, storeNow } from "../../src/canon/values/lower.ts";
import { showValue } from "../../src/canon/values/show.ts";
import type { ResourceTypeId, TaskId, WaitableId } from "../../src/model/ids.ts";
import type { ValType } from "../../src/model/types.ts";
import type { CaseValue, Value } from "../../src/model/values.ts";
import type { Env } from "./values-harness.ts";
import {
  bytesAt,
  drive,
  liftAll,
  liftOne,
  list,
  lowerAll,
  lowerOne,
  moving,
  poke,
  prim,
  setup,
  storeAt,
  str,
} from "./values-harness.ts";

const [u8, u16, u32, u64] = (["u8", "u16", "u32", "u64"] as const).map(prim) as [
  ValType,
  ValType,
  ValType,
  ValType,
];
const f32 = prim("f32");
const f64 = prim("f64");
const string = prim("string");
const char = prim("char");
const some = (value: Value): CaseValue => ({ tag: "case", label: "some", value });
const none: CaseValue = { tag: "case", label: "none", value: null };
const option = (t: ValType): ValType => ({ tag: "option", t });
const variant = (...ts: (ValType | null)[]): ValType => ({
  tag: "variant",
  cases: ts.map((t, i) => ({ label: `c${i}`, t })),
});
const kase = (i: number, value: Value | null): CaseValue => ({
  tag: "case",
  label: `c${i}`,
  value,
});

describe("order", () => {
  test("depth first: a list, its first string, its second; the list's pointer is written last", () => {
    const seen: number[][] = [];
    const env = setup({
      realloc: (e, ...call) => {
        seen.push([...bytesAt(e, 8, 8)]);
        return moving(e, ...call);
      },
    });
    // the list's pair goes to 8; its elements to 1024: "a" at 1040, "bc" at 1041
    storeAt(env, [str("a"), str("bc")], list(string), 8);
    expect(env.calls).toEqual([
      [0, 0, 4, 16],
      [0, 0, 1, 1],
      [0, 0, 1, 2],
    ]);
    expect(seen).toEqual(new Array(3).fill([0, 0, 0, 0, 0, 0, 0, 0]));
    expect([...bytesAt(env, 8, 8)]).toEqual([0, 4, 0, 0, 2, 0, 0, 0]);
    expect([...bytesAt(env, 1024, 19)]).toEqual([
      16, 4, 0, 0, 1, 0, 0, 0, 17, 4, 0, 0, 2, 0, 0, 0, 0x61, 0x62, 0x63,
    ]);
  });

  test("the fields before a string are in memory when realloc runs, those after it are not", () => {
    const seen: number[] = [];
    const realloc = (e: Env, ...call: [number, number, number, number]): number => {
      seen.push(...bytesAt(e, 8, 20));
      return moving(e, ...call);
    };
    const t: ValType = { tag: "tuple", ts: [u8, option(string), u8] };
    // 0: u8; 4: the option (discriminant, payload at 8 and 12); 16: u8
    storeAt(setup({ realloc }), [7, some(str("x")), 9], t, 8);
    expect(seen).toEqual([7, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  test("padding keeps its bytes", () => {
    const env = setup();
    poke(env, 8, new Uint8Array(16).fill(0xee));
    storeAt(env, [1, 2], { tag: "tuple", ts: [u8, u32] }, 8);
    storeAt(env, none, option(u32), 16);
    expect([...bytesAt(env, 8, 16)]).toEqual([
      1, 0xee, 0xee, 0xee, 2, 0, 0, 0, 0, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee,
    ]);
  });

  test("parameters beyond the limit: their memory is allocated first", () => {
    const env = setup();
    const flat = lowerAll(env, [str("ab"), 5], [string, u8], 2);
    expect(env.calls).toEqual([
      [0, 0, 4, 12],
      [0, 0, 1, 2],
    ]);
    expect(flat).toEqual([1024]);
    expect(liftAll(env, flat, [string, u8], 2)).toEqual([str("ab"), 5]);
  });

  test("results beyond the limit go where the caller says", () => {
    const env = setup();
    expect(lowerAll(env, [5, 6], [u8, u8], 1, 100)).toEqual([]);
    expect(env.calls).toEqual([]);
    expect([...bytesAt(env, 100, 2)]).toEqual([5, 6]);
    // a flat result leaves the pointer alone, whatever it is
    expect(lowerAll(env, [5], [u8], 1, 2 ** 32 - 1)).toEqual([5]);
  });
});

describe("core values", () => {
  test("integers are truncated on the way in and unsigned on the way out", () => {
    expect(
      liftAll(
        setup(),
        [0x1ff, 0x180, 0x18000, 2 ** 32 - 1],
        [u8, prim("s8"), prim("s16"), prim("s32")],
      ),
    ).toEqual([255, -128, -32768, -1]);
    expect(liftOne(setup(), [2n ** 64n - 1n], prim("s64"))).toBe(-1n);
    expect(lowerAll(setup(), [-1, -1n, 255], [prim("s8"), prim("s64"), u8])).toEqual([
      2 ** 32 - 1,
      2n ** 64n - 1n,
      255,
    ]);
    expect(() => lowerOne(setup(), 256, u8)).toThrow("range");
    expect(() => lowerOne(setup(), 2n ** 64n, u64)).toThrow("range");
  });

  test("any bool but 0 is true; unused flag bits are ignored", () => {
    expect(liftAll(setup(), [0, 1, 2 ** 31], [prim("bool"), prim("bool"), prim("bool")])).toEqual([
      false,
      true,
      true,
    ]);
    const flags: ValType = { tag: "flags", labels: ["a", "b", "c"] };
    expect(liftOne(setup(), [0xfffffff5], flags)).toEqual({ tag: "flags", labels: ["a", "c"] });
    expect(lowerOne(setup(), { tag: "flags", labels: ["c", "a"] }, flags)).toEqual([5]);
    const all: ValType = { tag: "flags", labels: Array.from({ length: 32 }, (_, i) => `l${i}`) };
    expect(lowerOne(setup(), { tag: "flags", labels: ["l31"] }, all)).toEqual([2 ** 31]);
  });

  test("a payload is widened to the slots of its variant, which are padded with zeros", () => {
    const t = variant(f32, u64, { tag: "tuple", ts: [f64, f32] }, null, string);
    // join: [i64, i32]
    const lower = (v: CaseValue): readonly unknown[] => lowerOne(setup(), v, t);
    expect(lower(kase(0, 1))).toEqual([0, 0x3f800000n, 0]);
    expect(lower(kase(1, 5n))).toEqual([1, 5n, 0]);
    expect(lower(kase(2, [1, 1]))).toEqual([2, 0x3ff0000000000000n, 0x3f800000]);
    expect(lower(kase(3, null))).toEqual([3, 0n, 0]);
    expect(lower(kase(4, str("x")))).toEqual([4, 1024n, 1]);
  });

  test("a joined slot gives back what its case wants, ignoring higher bits", () => {
    const t = variant(f32, u64, u8);
    expect(liftOne(setup(), [0, 0xffff00003f800000n], t)).toEqual(kase(0, 1));
    expect(liftOne(setup(), [2, 0xffff000000000107n], t)).toEqual(kase(2, 7));
    // the slots that a case does not use are skipped
    const flat = [0, 2n ** 63n, 1, 7];
    expect(liftAll(setup(), flat, [variant(null, { tag: "tuple", ts: [u64, u8] }), u8])).toEqual([
      kase(0, null),
      7,
    ]);
  });
});

describe("NaN", () => {
  const profile = { name: "full", nan32: 0xffc00001, nan64: 0x7ff4000000000001n } as const;
  const noisy = [1, 0, 0xa0, 0x7f]; // a signalling NaN

  test("lifting makes it canonical", () => {
    const env = setup();
    poke(env, 8, [...noisy, 0, 0, 0x80, 0xff]);
    expect(liftOne(env, [8, 2], list(f32))).toEqual({
      tag: "bulk",
      t: "f32",
      bytes: Uint8Array.from([0, 0, 0xc0, 0x7f, 0, 0, 0x80, 0xff]),
    });
    expect(liftOne(env, [0, 0x7fa00001n], variant(f32, u64))).toEqual(kase(0, Number.NaN));
  });

  test("lowering gives it the bits of the profile: canonical ones if deterministic", () => {
    const bits = (options: Partial<typeof profile> | Record<string, never>): unknown[] => {
      const env = setup({ profile: options });
      storeAt(env, Number.NaN, f32, 8);
      storeAt(env, Number.NaN, f64, 16);
      storeAt(env, bulkOf("f32", [Number.NaN, 1]), list(f32, 2), 24);
      const joined = lowerAll(
        env,
        [kase(0, Number.NaN), kase(0, Number.NaN)],
        [variant(f32, u8), variant(f64, u8)],
      );
      return [[...bytesAt(env, 8, 4)], [...bytesAt(env, 16, 8)], [...bytesAt(env, 24, 8)], joined];
    };
    expect(bits({})).toEqual([
      [0, 0, 0xc0, 0x7f],
      [0, 0, 0, 0, 0, 0, 0xf8, 0x7f],
      [0, 0, 0xc0, 0x7f, 0, 0, 0x80, 0x3f],
      [0, 0x7fc00000, 0, 0x7ff8000000000000n],
    ]);
    expect(bits(profile)).toEqual([
      [1, 0, 0xc0, 0xff],
      [1, 0, 0, 0, 0, 0, 0xf4, 0x7f],
      [1, 0, 0xc0, 0xff, 0, 0, 0x80, 0x3f],
      [0, 0xffc00001, 0, 0x7ff4000000000001n],
    ]);
    expect(bits({ ...profile, name: "deterministic" } as never)).toEqual(bits({}));
  });
});

describe("lists of numbers", () => {
  test("are bytes, and may be given as plain numbers", () => {
    const env = setup();
    const flat = lowerOne(env, [1, 2, 65535], list(u16));
    expect(liftOne(env, flat, list(u16))).toEqual(bulkOf("u16", [1, 2, 65535]));
    expect(liftOne(env, lowerOne(env, bulkOf("u16", [7]), list(u16)), list(u16))).toEqual(
      bulkOf("u16", [7]),
    );
    expect(liftOne(env, [1, 2], list(u8, 2))).toEqual(bulkOf("u8", [1, 2]));
    expect(bulkElements(bulkSlice(bulkOf("s64", [1n, -2n, 3n]), 1, 3))).toEqual([-2n, 3n]);
    expect(() => lowerOne(env, bulkOf("u8", [1]), list(u16))).toThrow("element type");
    expect(() => lowerOne(env, bulkOf("u8", [1]), list(u8, 2))).toThrow("length");
  });

  test("elements of a stream are loaded and stored in a row", () => {
    const env = setup();
    const vs = [str("a"), str("b")];
    expect(drive(env, storeElementsFrame(env.cx, vs, string, 8))).toEqual([]);
    expect(loadElements(env.c, env.cx, 8, 2, string)).toEqual(vs);
    drive(env, storeElementsFrame(env.cx, bulkOf("u8", [4, 5]), u8, 41));
    expect(loadElements(env.c, env.cx, 41, 2, u8)).toEqual(bulkOf("u8", [4, 5]));
  });
});

describe("handles", () => {
  const rt = (n: number): ResourceTypeId => n as ResourceTypeId;
  const own: ValType = { tag: "own", rt: rt(0) };

  test("own: a rep on the way, a new handle on arrival", () => {
    const env = setup();
    expect(
      lowerOne(
        env,
        [
          { tag: "rep", rep: 7 },
          { tag: "rep", rep: 8 },
        ],
        { tag: "tuple", ts: [own, own] },
      ),
    ).toEqual([1, 2]);
    expect(liftOne(env, [1], own)).toEqual({ tag: "rep", rep: 7 });
    storeAt(env, { tag: "rep", rep: 9 }, own, 8);
    expect([...bytesAt(env, 8, 4)]).toEqual([1, 0, 0, 0]);
  });

  test("borrow: a handle of the task, or the bare rep where the resource is implemented", () => {
    const env = setup({ scope: "task" });
    const rep: Value = { tag: "rep", rep: 77 };
    expect(lowerOne(env, rep, { tag: "borrow", rt: rt(0) })).toEqual([1]);
    expect(env.edit.read("task", 0 as TaskId).numBorrows).toBe(1);
    expect(lowerOne(env, rep, { tag: "borrow", rt: rt(1) })).toEqual([77]);
    expect(env.edit.read("task", 0 as TaskId).numBorrows).toBe(1);
    expect(env.edit.read("handle", 0 as never)).toEqual({
      rt: 0,
      rep: 77,
      own: false,
      task: 0,
      numLends: 0,
    });
  });

  test("borrow: lent to the subtask, once for each time that it is passed", () => {
    const env = setup({ scope: "subtask" });
    const borrow: ValType = { tag: "borrow", rt: rt(0) };
    lowerOne(env, { tag: "rep", rep: 5 }, own);
    expect(liftAll(env, [1, 1], [borrow, borrow])).toEqual([
      { tag: "rep", rep: 5 },
      { tag: "rep", rep: 5 },
    ]);
    expect(env.edit.read("handle", 0 as never).numLends).toBe(2);
    expect(env.edit.read("waitable", 0 as WaitableId)).toMatchObject({ lenders: [0, 0] });
  });

  test("ends and error contexts", () => {
    const env = setup();
    const waitable = env.edit.add("waitable", {
      tag: "end",
      kind: "readable-future",
      t: null,
      state: "idle",
      set: null,
      owner: null,
      index: null,
    } as never);
    const future: ValType = { tag: "future", t: null };
    expect(lowerOne(env, { tag: "end", waitable }, future)).toEqual([1]);
    expect(env.edit.read("waitable", waitable)).toMatchObject({ owner: 0, index: 1 });
    const error: Value = { tag: "error-context", message: str("m") };
    expect(lowerOne(env, error, prim("error-context"))).toEqual([2]);
    expect(liftAll(env, [1, 2, 2], [future, prim("error-context"), prim("error-context")])).toEqual(
      [{ tag: "end", waitable }, error, error],
    );
    expect(() => lowerOne(env, { tag: "end", waitable }, { tag: "stream", t: null })).toThrow(
      "kind",
    );
  });

  test("raw handles are indices", () => {
    const env = setup({ handles: "raw" });
    const ts: ValType[] = [own, { tag: "stream", t: u8 }, prim("error-context")];
    expect(lowerAll(env, [3, 4, 5], ts)).toEqual([3, 4, 5]);
    expect(liftAll(env, [3, 4, 5], ts)).toEqual([3, 4, 5]);
  });
});

describe("at once", () => {
  test("bindings code lowers into its own memory without the rule", () => {
    const env = setup({ handles: "raw", encoding: "utf16" });
    const allocate = (align: number, size: number): number => moving(env, 0, 0, align, size);
    const ts = [list(string), u8];
    const vs = [[str("a☃"), str("b")], 3];
    const flat = lowerFlatNow(env.c, env.cx, 16, vs, ts, allocate);
    expect(liftAll(env, flat, ts)).toEqual([[str("a☃", "utf16"), str("b", "utf16")], 3]);
    const spilled = lowerFlatNow(env.c, env.cx, 1, vs, ts, allocate);
    expect(spilled.length).toBe(1);
    expect(liftAll(env, spilled, ts, 1)[1]).toBe(3);
    storeNow(env.c, env.cx, 9, u8, 8);
    expect([...bytesAt(env, 8, 1)]).toEqual([9]);
    expect(() => storeNow(env.c, env.cx, str("a"), string, 8)).toThrow("allocator");
  });
});

describe("text", () => {
  const table: [Value, string][] = [
    [true, "true"],
    [-3, "-3"],
    [2n ** 64n - 1n, "18446744073709551615"],
    [1.5, "1.5"],
    [-0, "-0"],
    [Number.NaN, "nan"],
    [Number.NEGATIVE_INFINITY, "-inf"],
    ["'", "'\\''"],
    ["☃", "'☃'"],
    [str("a\"\\\n\u0001'☃"), '"a\\"\\\\\\n\\u{1}\'☃"'],
    [[1, [2]], "[1, [2]]"],
    [bulkOf("u8", [1, 255]), "[1, 255]"],
    [bulkOf("s64", [-1n]), "[-1]"],
    [[], "[]"],
    [none, "none"],
    [some(some(1)), "some(some(1))"],
    [{ tag: "record", fields: { a: 1, "b-c": str("x") } }, '{a: 1, b-c: "x"}'],
    [{ tag: "flags", labels: ["a", "b"] }, "{a, b}"],
    [{ tag: "flags", labels: [] }, "{}"],
    [{ tag: "rep", rep: 5 }, "<rep 5>"],
    [{ tag: "end", waitable: 3 as WaitableId }, "<end 3>"],
    [{ tag: "error-context", message: str("no") }, '<error-context "no">'],
  ];
  test("each kind of value", () => {
    for (const [v, text] of table) expect(showValue(v)).toBe(text);
  });
});

test("a char is a string of one character", () => {
  expect(lowerAll(setup(), ["a", "🍰"], [char, char])).toEqual([0x61, 0x1f370]);
  expect(liftAll(setup(), [0x61, 0x1f370], [char, char])).toEqual(["a", "🍰"]);
  for (const wrong of ["", "ab", "\ud83c"]) expect(() => lowerOne(setup(), wrong, char)).toThrow();
});
