// Stores as JSON: everything comes back as it was, also what JSON cannot say.

import { describe, expect, test } from "vitest";
import { decode, encode } from "../../src/model/json.ts";

const cases: readonly (readonly [string, unknown, unknown])[] = [
  ["plain data", { a: [1, "x", true, null] }, { a: [1, "x", true, null] }],
  ["a bigint", 2n ** 64n - 1n, { $bigint: "18446744073709551615" }],
  ["bytes", new Uint8Array([0, 255, 16]), { $bytes: "00ff10" }],
  ["no bytes", new Uint8Array(), { $bytes: "" }],
  ["NaN", Number.NaN, { $number: "NaN" }],
  ["negative zero", -0, { $number: "-0" }],
  ["infinities", [1 / 0, -1 / 0], [{ $number: "Infinity" }, { $number: "-Infinity" }]],
  ["undefined", { a: undefined }, { a: { $undefined: true } }],
  ["keys that look like an encoding", { $bigint: 1 }, { $object: [["$bigint", 1]] }],
  [
    "keys of which one looks so",
    { a: 1, $b: 2 },
    {
      $object: [
        ["a", 1],
        ["$b", 2],
      ],
    },
  ],
  ["a key named __proto__", JSON.parse('{"__proto__": 1}'), JSON.parse('{"__proto__": 1}')],
];

describe("encode", () => {
  for (const [what, value, json] of cases) {
    test(`writes ${what} explicitly, and decode reads it back`, () => {
      expect(encode(value)).toEqual(json);
      const back = decode(JSON.parse(JSON.stringify(encode(value))));
      expect(back).toStrictEqual(value);
    });
  }
  test("refuses what is not plain data", () => {
    expect(() => encode(() => 1)).toThrow("a function is not plain data");
    expect(() => decode({ $what: 1 })).toThrow('"$what" encodes nothing');
  });
});
