// Every trap of lifting, lowering and tables is reached, by its own code, and no other one exists.

import { afterAll, describe, expect, test } from "vitest";
import {
  emptyTable,
  maxTableLength,
  tableAdd,
  tableGet,
  tableRemove,
} from "../../src/canon/table.ts";
import { valueTraps } from "../../src/canon/values/traps.ts";
import type { OwnTable } from "../../src/model/edit.ts";
import type { HandleId, ResourceTypeId, WaitableId } from "../../src/model/ids.ts";
import type { End, HandleEntry, ResourceHandle } from "../../src/model/store.ts";
import type { AddressType, StringEncoding, ValType } from "../../src/model/types.ts";
import type { CoreValue, Value } from "../../src/model/values.ts";
import type { Env, Realloc, Setup } from "./values-harness.ts";
import { liftAll, list, lowerAll, poke, prim, setup, str, trapOf } from "./values-harness.ts";

const reached = new Set<string | null>();

/** Expects this trap or, if `code` is null, none. */
function expectTrap(code: string | null, run: () => unknown): void {
  const found = trapOf(run);
  reached.add(found);
  expect(found).toBe(code);
}

const string = prim("string");
const u8 = prim("u8");
const u32 = prim("u32");
const end = 65536;

describe("strings and lists in memory", () => {
  const load = (code: string | null, t: ValType, flat: CoreValue[], options: Setup = {}): void =>
    expectTrap(code, () => liftAll(setup(options), flat, [t]));

  test("a range may end at the end of the memory, even an empty one", () => {
    load(null, string, [end - 2, 2]);
    load("load-string.out-of-bounds", string, [end - 1, 2]);
    load(null, string, [end, 0]);
    load("load-string.out-of-bounds", string, [end + 1, 0]);
    load(null, list(u32), [end - 4, 1]);
    load("load-list.out-of-bounds", list(u32), [end, 1]);
    load(null, list(u32), [end, 0]);
    load("load-list.out-of-bounds", list(u32), [end + 4, 0]);
  });

  test("length, then alignment, then bounds", () => {
    const utf16: Setup = { encoding: "utf16" };
    load("load-string.too-long", string, [1, 2 ** 27], utf16);
    load("load-string.misaligned", string, [end + 1, 2 ** 27 - 1], utf16);
    load("load-string.out-of-bounds", string, [end + 2, 2 ** 27 - 1], utf16);
    load("load-string.too-long", string, [1, 2 ** 28]);
    load("load-string.out-of-bounds", string, [1, 2 ** 28 - 1]);
    load("load-list.too-long", list(u32), [1, 2 ** 26]);
    load("load-list.misaligned", list(u32), [end + 1, 2 ** 26 - 1]);
    load("load-list.out-of-bounds", list(u32), [end, 2 ** 26 - 1]);
  });

  test("a Latin-1 string is aligned as if it were UTF-16", () => {
    load("load-string.misaligned", string, [1, 0], { encoding: "latin1+utf16" });
    load("load-string.misaligned", string, [1, 2 ** 31], { encoding: "latin1+utf16" });
    load(null, string, [1, 0]);
  });

  test("a 64-bit pointer that no number holds keeps its alignment", () => {
    const wide: Setup = { address: "i64" };
    load("load-list.misaligned", list(u32), [2n ** 63n + 1n, 0n], wide);
    load("load-list.out-of-bounds", list(u32), [2n ** 63n + 8n, 0n], wide);
    load("load-list.too-long", list(u32), [0n, 2n ** 63n + 1n], wide);
    load("load-list.out-of-bounds", list(u8), [2n ** 53n - 1n, 1n], wide);
    load("load-string.too-long", string, [0n, 2n ** 63n + 2n ** 27n], {
      ...wide,
      encoding: "latin1+utf16",
    });
  });

  test("invalid bytes", () => {
    const invalid = (encoding: StringEncoding, bytes: number[], units: number): void => {
      const env = setup({ encoding });
      poke(env, 8, bytes);
      expectTrap("load-string.invalid", () => liftAll(env, [8, units], [string]));
    };
    invalid("utf8", [0xff], 1);
    invalid("utf8", [0xc3], 1);
    invalid("utf16", [0x3c, 0xd8], 1);
    invalid("latin1+utf16", [0x70, 0xdf], 2 ** 31 + 1);
  });
});

describe("scalars and variants", () => {
  const option: ValType = { tag: "option", t: u8 };
  const char = prim("char");
  test("chars are scalar values", () => {
    const lift = (code: string | null, n: number): void =>
      expectTrap(code, () => liftAll(setup(), [n], [char]));
    lift(null, 0xd7ff);
    lift("lift-char.surrogate", 0xd800);
    lift("lift-char.surrogate", 0xdfff);
    lift(null, 0xe000);
    lift(null, 0x10ffff);
    lift("lift-char.out-of-range", 0x110000);
  });

  test("a discriminant is below the number of cases", () => {
    expectTrap("lift-variant.bad-discriminant", () => liftAll(setup(), [2, 0], [option]));
    const env = setup();
    poke(env, 8, [2, 0]);
    expectTrap("load-variant.bad-discriminant", () => liftAll(env, [8], [option], 0));
    expectTrap("load-variant.bad-discriminant", () => liftAll(env, [8, 1], [list(option)]));
  });
});

describe("values that do not fit into core values", () => {
  const ts = [u8, u32];
  const spilled = (scope: "task" | "subtask"): void => {
    const what = scope === "task" ? "results" : "params";
    const lift = (code: string | null, ptr: number): void =>
      expectTrap(code, () => liftAll(setup({ scope }), [ptr], ts, 1));
    lift(`lift-${what}.misaligned`, end + 2);
    lift(`lift-${what}.out-of-bounds`, end - 4);
    lift(null, end - 8);
  };
  test("lifted parameters", () => spilled("subtask"));
  test("lifted results", () => spilled("task"));

  test("lowered results: before anything is stored", () => {
    const lower = (code: string | null, ptr: CoreValue, address: AddressType): void =>
      expectTrap(code, () => lowerAll(setup({ address }), [1, 2], ts, 1, ptr));
    lower("lower-results.misaligned", end + 2, "i32");
    lower("lower-results.out-of-bounds", end - 4, "i32");
    lower("lower-results.out-of-bounds", 2n ** 64n - 8n, "i64");
    lower(null, end - 8, "i32");
    lower(null, BigInt(end - 8), "i64");
  });
});

describe("what realloc gives", () => {
  /** A realloc that answers the call with this number by `ptr`, and the others well. */
  const wrong = (call: number, ptr: number): Realloc => {
    return (env, _old, _size, align, size) => {
      if (env.calls.length === call) return ptr;
      const good = Math.ceil(env.next / align) * align;
      env.next = good + size;
      return good;
    };
  };
  const lower = (
    code: string | null,
    v: Value,
    t: ValType,
    realloc: Realloc,
    encoding: StringEncoding = "utf8",
  ): void => expectTrap(code, () => lowerAll(setup({ encoding, realloc }), [v], [t]));

  test("parameters", () => {
    const give = (code: string | null, ptr: number): void =>
      expectTrap(code, () => lowerAll(setup({ realloc: wrong(1, ptr) }), [1, 2], [u8, u32], 1));
    give("lower-params.misaligned", end + 2);
    give("lower-params.out-of-bounds", end - 4);
    give(null, end - 8);
  });

  test("lists, empty ones too; alignment comes first", () => {
    lower("lower-list.misaligned", [1], list(u32), wrong(1, 2 ** 32 - 1));
    lower("lower-list.misaligned", [], list(u32), wrong(1, 2));
    lower("lower-list.out-of-bounds", [], list(u32), wrong(1, end + 4));
    lower("lower-list.out-of-bounds", [1], list(u32), wrong(1, end));
    lower(null, [1], list(u32), wrong(1, end - 4));
  });

  test("strings: the first range, the grown one and the shrunk one", () => {
    lower("lower-string.out-of-bounds", str("a"), string, wrong(1, end));
    lower("lower-string.misaligned", str("a"), string, wrong(1, 1), "utf16");
    const snow = str("a☃", "utf16");
    lower("lower-string.grow-out-of-bounds", snow, string, wrong(2, end - 5));
    lower("lower-string.grow-misaligned", str("ö☃"), string, wrong(2, 1), "latin1+utf16");
    lower("lower-string.shrink-out-of-bounds", snow, string, wrong(3, end - 3));
    lower("lower-string.shrink-misaligned", str("ö"), string, wrong(2, 1), "utf16");
    lower("lower-string.shrink-misaligned", str("ö☃"), string, wrong(3, 1), "latin1+utf16");
    // narrowing asks for alignment 1, so any pointer will do
    const tagged = str("ö", "latin1+utf16", true);
    lower(null, tagged, string, wrong(2, 1), "latin1+utf16");
    lower("lower-string.shrink-out-of-bounds", tagged, string, wrong(2, end), "latin1+utf16");
  });
});

describe("handles", () => {
  const rt = (n: number): ResourceTypeId => n as ResourceTypeId;
  const own: ValType = { tag: "own", rt: rt(0) };
  const borrow: ValType = { tag: "borrow", rt: rt(0) };

  function addEntry(env: Env, entry: HandleEntry): number {
    return tableAdd(env.edit.table(env.cx.instance, "handles"), entry);
  }
  function resource(env: Env, over: Partial<ResourceHandle> = {}): number {
    const handle: HandleId = env.edit.add("handle", {
      rt: rt(0),
      rep: 42,
      own: true,
      task: null,
      numLends: 0,
      ...over,
    });
    return addEntry(env, { tag: "resource", handle });
  }
  function endAt(env: Env, over: Partial<End> = {}): number {
    const waitable = env.edit.add("waitable", {
      tag: "end",
      kind: "readable-stream",
      t: u8,
      state: "idle",
      set: null,
      owner: env.cx.instance,
      index: 1,
      ...over,
    } as never);
    return addEntry(env, { tag: "waitable", waitable });
  }
  const set: HandleEntry = { tag: "set", set: 0 as never };
  const lift = (code: string | null, t: ValType, make: (env: Env) => number): Env => {
    const env = setup({ scope: "subtask" });
    const i = make(env);
    expectTrap(code, () => liftAll(env, [i], [t]));
    return env;
  };

  test("own", () => {
    lift("table.no-such-index", own, () => 0);
    lift("table.no-such-index", own, () => 1);
    lift("lift-own.not-a-resource", own, (e) => addEntry(e, set));
    lift("lift-own.wrong-type", own, (e) => resource(e, { rt: rt(1), numLends: 1 }));
    lift("lift-own.lent", own, (e) => resource(e, { numLends: 1, own: false }));
    lift("lift-own.borrowed", own, (e) => resource(e, { own: false }));
    // even a handle that may not be passed has left the table
    const env = lift("lift-own.lent", own, (e) => resource(e, { numLends: 1 }));
    expect(env.edit.read("instance", env.cx.instance).handles).toEqual({
      array: [null, null],
      free: [1],
    });
    const passed = lift(null, own, resource);
    expect(passed.edit.ids("handle")).toEqual([]);
  });

  test("borrow", () => {
    lift("lift-borrow.not-a-resource", borrow, (e) => addEntry(e, set));
    lift("lift-borrow.wrong-type", borrow, (e) => resource(e, { rt: rt(1) }));
    lift(null, borrow, (e) => resource(e, { own: false, numLends: 3 }));
  });

  const ends: ["stream" | "future", End["kind"], End["kind"]][] = [
    ["stream", "readable-stream", "writable-stream"],
    ["future", "readable-future", "writable-future"],
  ];
  test.each(ends)("%s", (tag, kind, other) => {
    const t: ValType = { tag, t: u8 };
    const site = `lift-${tag}`;
    lift(`${site}.not-an-end`, t, (e) => addEntry(e, set));
    lift(`${site}.not-an-end`, t, (e) => endAt(e, { kind: other }));
    lift(`${site}.wrong-type`, t, (e) => endAt(e, { kind, t: null, state: "done" }));
    lift(`${site}.not-idle`, t, (e) => endAt(e, { kind, state: "done", set: 0 as never }));
    lift(`${site}.in-waitable-set`, t, (e) => endAt(e, { kind, set: 0 as never }));
    const env = lift(null, t, (e) => endAt(e, { kind }));
    expect(env.edit.read("waitable", 1 as WaitableId)).toMatchObject({ owner: null, index: null });
  });

  test("error contexts", () => {
    const t = prim("error-context");
    lift("lift-error-context.not-an-error-context", t, (e) => addEntry(e, set));
    lift(null, t, (e) => addEntry(e, { tag: "error-context", message: str("m") }));
  });
});

describe("tables", () => {
  test("indices start at 1 and are reused last-in first-out", () => {
    const table: OwnTable<string> = { array: [...emptyTable<string>().array], free: [] };
    for (const e of ["a", "b", "c"]) tableAdd(table, e);
    expect(tableGet(table, 3)).toBe("c");
    expect(tableRemove(table, 1)).toBe("a");
    expect(tableRemove(table, 3)).toBe("c");
    expectTrap("table.no-such-index", () => tableGet(table, 3));
    expectTrap("table.no-such-index", () => tableGet(table, 4));
    expect(["d", "e", "f"].map((e) => tableAdd(table, e))).toEqual([3, 1, 4]);
    expect(table).toEqual({ array: [null, "e", "b", "d", "f"], free: [] });
  });

  test("a full table", () => {
    const array: (string | null)[] = [];
    array.length = maxTableLength + 1;
    expectTrap("table.full", () => tableAdd({ array, free: [] }, "a"));
  });
});

afterAll(() => {
  expect([...reached].filter((code) => code !== null).sort()).toEqual(
    Object.keys(valueTraps).sort(),
  );
});
