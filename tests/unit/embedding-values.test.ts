// Values between JavaScript and WIT: each type there and back, and what does not fit.

import { expect, test } from "vitest";
import { ComponentError, embed, GuestResource } from "../../src/embedding.ts";

const echo = embed(`
scenario "values"
type color = enum { red, dark-green }
type point = record { x-pos: s32, y: f64 }
type shape = variant { dot, circle(u32), at(point) }
type perms = flags { can-read, can-write }
component A {
  export numbers: func(a: s8, b: u16, c: s64, d: f32) -> tuple<s8, u16, s64, f32> sync { return [a, b, c, d] }
  export texts: func(a: bool, b: char, c: string) -> tuple<bool, char, string> sync { return [a, b, c] }
  export named: func(a: point, b: shape, c: color, d: perms) -> tuple<point, shape, color, perms> sync { return [a, b, c, d] }
  export lists: func(a: list<u8>, b: list<s64>, c: list<string>) -> tuple<list<u8>, list<s64>, list<string>> sync { return [a, b, c] }
  export options: func(a: option<u8>, b: option<option<u8>>) -> tuple<option<u8>, option<option<u8>>> sync { return [a, b] }
  export inner: func(a: result<u8, color>) -> tuple<result<u8, color>> sync { return [a] }
  export outer: func(a: result<u8, color>) -> result<u8, color> sync { return a }
  export names: func(a: map<u8, string>) -> map<u8, string> sync { return a }
  export nothing: func() sync { log "called" }
}
`);

const there = (func: string, ...args: readonly unknown[]): Promise<unknown> =>
  echo.invoke(`A.${func}`, args);

test("numbers are numbers, and bigints from 64 bits on", async () => {
  expect(await there("numbers", -128, 65535, -5n, 1.5)).toEqual([-128, 65535, -5n, 1.5]);
});

test("an f32 is rounded as Math.fround rounds it", async () => {
  expect(await there("numbers", 0, 0, 0n, 0.1)).toEqual([0, 0, 0n, Math.fround(0.1)]);
});

test("a lone surrogate is no scalar value: it becomes a replacement character", async () => {
  expect(await there("texts", true, "é", "a\ud800")).toEqual([true, "é", "a\ufffd"]);
});

test("fields and flags are in camel case; cases and enums keep their labels", async () => {
  const args = [{ xPos: -1, y: 2.5 }, { tag: "circle", val: 3 }, "dark-green", { canWrite: true }];
  expect(await there("named", ...args)).toEqual([
    { xPos: -1, y: 2.5 },
    { tag: "circle", val: 3 },
    "dark-green",
    { canRead: false, canWrite: true },
  ]);
});

test("a case without payload has only its tag", async () => {
  const args = [{ xPos: 0, y: 0 }, { tag: "dot" }, "red", {}];
  expect(await there("named", ...args)).toMatchObject({ 1: { tag: "dot" } });
});

test("lists of numbers come as typed arrays, and any iterable goes", async () => {
  const lists = await there("lists", [1, 2], new BigInt64Array([-1n]), new Set(["a"]));
  expect(lists).toEqual([new Uint8Array([1, 2]), new BigInt64Array([-1n]), ["a"]]);
});

test("an option is undefined or the value, and has a tag inside another option", async () => {
  expect(await there("options", undefined, { tag: "none" })).toEqual([undefined, { tag: "none" }]);
  const some = { tag: "some", val: undefined };
  expect(await there("options", 7, some)).toEqual([7, some]);
});

test("a result has a tag, except as the result of a function, where it is the promise's", async () => {
  expect(await there("inner", { tag: "err", val: "red" })).toEqual([{ tag: "err", val: "red" }]);
  expect(await there("outer", { tag: "ok", val: 7 })).toBe(7);
  await expect(there("outer", { tag: "err", val: "red" })).rejects.toEqual(
    new ComponentError("red"),
  );
});

test("a map is a Map", async () => {
  expect(await there("names", new Map([[1, "one"]]))).toEqual(new Map([[1, "one"]]));
});

test("a function without a result gives undefined", async () => {
  expect(await there("nothing")).toBe(undefined);
});

test.each([
  ["numbers", [128, 0, 0n, 0], "A.numbers: a: number 128 is no s8"],
  ["numbers", [0, 0.5, 0n, 0], "A.numbers: b: number 0.5 is no u16"],
  ["numbers", [0, 0, 0, 0], "A.numbers: c: number 0 is no s64"],
  ["numbers", [5n, 0, 0n, 0], "A.numbers: a: bigint 5 is no s8"],
  ["texts", [1, "a", ""], "A.texts: a: number 1 is no bool"],
  ["texts", [true, "ab", ""], 'A.texts: b: string "ab" is no char'],
  ["texts", [true, "a", null], "A.texts: c: null is no string"],
  ["named", [{ xPos: 0 }, { tag: "dot" }, "red", {}], "A.named: a: y: undefined is no f64"],
  ["named", [{ xPos: 0, y: 0 }, { tag: "square" }, "red", {}], "A.named: b: object is no variant"],
  [
    "named",
    [{ xPos: 0, y: 0 }, { tag: "at", val: { xPos: 0, y: "0" } }, "red", {}],
    'A.named: b: at: y: string "0" is no f64',
  ],
  [
    "named",
    [{ xPos: 0, y: 0 }, { tag: "dot" }, "blue", {}],
    'A.named: c: string "blue" is no enum',
  ],
  ["lists", ["abc", [], []], 'A.lists: a: string "abc" is no list'],
  ["lists", [[], [1n, 2], []], "A.lists: b: item 1: number 2 is no s64"],
  ["names", [{ 1: "one" }], "A.names: a: object is no map"],
  ["names", [[[1, 1]]], "A.names: a: item 0: item 1: number 1 is no string"],
  ["nothing", [1], "A.nothing takes 0 arguments, not 1"],
  ["inner", [], "A.inner takes 1 argument, not 0"],
])("%s does not take %o: nothing is called", async (func, args, why) => {
  const before = echo.recording().occurrences;
  await expect(there(func, ...args)).rejects.toEqual(new TypeError(why));
  expect(echo.recording().occurrences).toEqual(before);
});

const files = `
scenario "handles"
component A {
  resource file { drop(rep) { log "drop {rep}" } }
  export open: func(n: u32) -> own<file> sync { return resource.new<file> n }
  export size: func(f: borrow<file>) -> u32 sync { return f }
  export close: func(f: own<file>) sync { resource.drop<file> f }
}
`;

test("what is no export is not called, and the message says what there is", async () => {
  await expect(embed(files).invoke("A.shut", [])).rejects.toEqual(
    new TypeError("there is no export A.shut; there are: A.open, A.size, A.close"),
  );
});

test("a handle is lent as often as one likes, and given away once", async () => {
  const e = embed(files);
  const file = (await e.invoke("A.open", [7])) as GuestResource;
  expect(file).toBeInstanceOf(GuestResource);
  expect([file.type, file.borrowed]).toEqual(["A.file", false]);
  // the component that implements a resource sees a borrow as its representation
  expect(await e.invoke("A.size", [file])).toBe(7);
  await e.invoke("A.close", [file]);
  expect(e.log).toEqual(["drop 7"]);
  await expect(e.invoke("A.size", [file])).rejects.toThrow(
    "A.size: f: object is no handle of this type and embedding that is still ours",
  );
  await expect(file.drop()).rejects.toBeInstanceOf(TypeError);
});

test("to drop a handle calls its destructor", async () => {
  const e = embed(files);
  const file = (await e.invoke("A.open", [3])) as GuestResource;
  await file.drop();
  expect([e.log, file.used]).toEqual([["drop 3"], true]);
});

test("a handle of another embedding is none of this one", async () => {
  const foreign = await embed(files).invoke("A.open", [3]);
  await expect(embed(files).invoke("A.size", [foreign])).rejects.toBeInstanceOf(TypeError);
});
