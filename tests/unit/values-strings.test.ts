// Strings: the codecs, and the exact reallocations that each pair of encodings makes.

import { describe, expect, test } from "vitest";
import { stringValue } from "../../src/canon/values/strings.ts";
import {
  decodeLatin1,
  decodeUtf8,
  decodeUtf16,
  encodeLatin1,
  encodeUtf8,
  encodeUtf16,
  isWellFormed,
  prefixBelow,
} from "../../src/canon/values/utf.ts";
import type { AddressType, StringEncoding } from "../../src/model/types.ts";
import type { StringValue } from "../../src/model/values.ts";
import type { Env } from "./values-harness.ts";
import { bytesAt, liftOne, lowerOne, prim, setup, str } from "./values-harness.ts";

const string = prim("string");

describe("codecs", () => {
  const bytes = (...bs: number[]): Uint8Array => Uint8Array.from(bs);

  test("UTF-8 at the edges of each length", () => {
    const table: [string, number[]][] = [
      ["", []],
      ["\u0000", [0]],
      ["\u007f", [0x7f]],
      ["\u0080", [0xc2, 0x80]],
      ["\u07ff", [0xdf, 0xbf]],
      ["\u0800", [0xe0, 0xa0, 0x80]],
      ["\ud7ff", [0xed, 0x9f, 0xbf]],
      ["\ue000", [0xee, 0x80, 0x80]],
      ["\uffff", [0xef, 0xbf, 0xbf]],
      ["\u{10000}", [0xf0, 0x90, 0x80, 0x80]],
      ["\u{10ffff}", [0xf4, 0x8f, 0xbf, 0xbf]],
      ["\ufeffa", [0xef, 0xbb, 0xbf, 0x61]], // a byte order mark is a character like any other
    ];
    for (const [s, encoded] of table) {
      expect([...encodeUtf8(s)]).toEqual(encoded);
      expect(decodeUtf8(bytes(...encoded))).toBe(s);
    }
  });

  test("UTF-8 rejects what is not the one encoding of a scalar value", () => {
    const wrong = [
      [0x80], // a continuation without a lead
      [0xc3], // truncated
      [0xe2, 0x98],
      [0xf0, 0x9f, 0x8d],
      [0xc3, 0x41], // no continuation
      [0xc0, 0x80], // overlong
      [0xc1, 0xbf],
      [0xe0, 0x9f, 0xbf],
      [0xf0, 0x8f, 0xbf, 0xbf],
      [0xed, 0xa0, 0x80], // surrogates
      [0xed, 0xbf, 0xbf],
      [0xf4, 0x90, 0x80, 0x80], // above 0x10ffff
      [0xf8, 0x88, 0x80, 0x80, 0x80],
      [0xff],
    ];
    for (const bs of wrong) {
      expect(decodeUtf8(bytes(...bs)), bs.join()).toBeNull();
      expect(decodeUtf8(bytes(0x61, ...bs, 0x61)), bs.join()).toBeNull();
    }
  });

  test("UTF-16 rejects a surrogate that is not one of a pair", () => {
    expect(decodeUtf16(bytes(0x3c, 0xd8, 0x70, 0xdf))).toBe("🍰");
    expect(decodeUtf16(bytes(0x3c, 0xd8))).toBeNull();
    expect(decodeUtf16(bytes(0x70, 0xdf))).toBeNull();
    expect(decodeUtf16(bytes(0x3c, 0xd8, 0x3c, 0xd8, 0x70, 0xdf))).toBeNull();
    expect(decodeUtf16(bytes(0x3c, 0xd8, 0x61, 0))).toBeNull();
    expect(isWellFormed("a🍰b")).toBe(true);
    expect([...encodeUtf16("ö🍰")]).toEqual([0xf6, 0, 0x3c, 0xd8, 0x70, 0xdf]);
  });

  test("Latin-1, and how far a string fits", () => {
    expect(decodeLatin1(bytes(0x68, 0xf6, 0xff))).toBe("höÿ");
    expect([...encodeLatin1("höÿ")]).toEqual([0x68, 0xf6, 0xff]);
    expect([prefixBelow("hö☃", 0x80), prefixBelow("hö☃", 0x100), prefixBelow("h", 0x80)]).toEqual([
      1, 2, 1,
    ]);
  });

  test("long strings go through in pieces", () => {
    const s = "🍰ab".repeat(20_000);
    expect(decodeUtf8(encodeUtf8(s))).toBe(s);
    expect(decodeUtf16(encodeUtf16(s))).toBe(s);
  });
});

const latin1 = (s: string): StringValue => str(s, "latin1+utf16", false);
const tagged = (s: string): StringValue => str(s, "latin1+utf16", true);
const utf8 = (s: string): StringValue => str(s, "utf8");
const utf16 = (s: string): StringValue => str(s, "utf16");

/** [old size, alignment, new size] */
type Sizes = [number, number, number];

const wide = (s: string): number[] => [...Buffer.from(s, "utf16le")];
const narrow = (s: string): number[] => [...Buffer.from(s, "latin1")];
const eight = (s: string): number[] => [...Buffer.from(s, "utf8")];

/** Each old pointer is the one that the call before it gave. */
function sizesOf(env: Env): Sizes[] {
  for (const [i, [old]] of env.calls.entries()) expect(old === 0).toBe(i === 0);
  return env.calls.map(([, oldSize, align, newSize]) => [oldSize, align, newSize]);
}

const isTagged = 0x80000000;

// [what, source, destination, reallocations, bytes, length]
const protocols: [string, StringValue, StringEncoding, Sizes[], number[], number][] = [
  // The size is known: one allocation of just that.
  ["utf8 to utf8", utf8("hö☃"), "utf8", [[0, 1, 6]], eight("hö☃"), 6],
  ["utf16 to utf16", utf16("h🍰"), "utf16", [[0, 2, 6]], wide("h🍰"), 3],
  ["latin1 to utf16", latin1("hö"), "utf16", [[0, 2, 4]], wide("hö"), 2],
  ["tagged to utf16", tagged("h☃"), "utf16", [[0, 2, 4]], wide("h☃"), 2],
  [
    "latin1 to latin1: aligned as if it were UTF-16",
    latin1("hö"),
    "latin1+utf16",
    [[0, 2, 2]],
    narrow("hö"),
    2,
  ],
  // To UTF-8: a byte for each unit; at the first that is not ASCII 3 (from Latin-1: 2) for each, then shrink.
  ["ASCII in utf16 to utf8", utf16("abc"), "utf8", [[0, 1, 3]], eight("abc"), 3],
  ["ASCII in latin1 to utf8", latin1("abc"), "utf8", [[0, 1, 3]], eight("abc"), 3],
  [
    "utf16 to utf8",
    utf16("aö☃"),
    "utf8",
    [
      [0, 1, 3],
      [3, 1, 9],
      [9, 1, 6],
    ],
    eight("aö☃"),
    6,
  ],
  [
    "utf16 to utf8 that fills the worst case",
    utf16("☃☃"),
    "utf8",
    [
      [0, 1, 2],
      [2, 1, 6],
    ],
    eight("☃☃"),
    6,
  ],
  [
    "a pair of surrogates to utf8",
    utf16("🍰"),
    "utf8",
    [
      [0, 1, 2],
      [2, 1, 6],
      [6, 1, 4],
    ],
    eight("🍰"),
    4,
  ],
  [
    "tagged to utf8",
    tagged("a☃"),
    "utf8",
    [
      [0, 1, 2],
      [2, 1, 6],
      [6, 1, 4],
    ],
    eight("a☃"),
    4,
  ],
  [
    "latin1 to utf8",
    latin1("aö"),
    "utf8",
    [
      [0, 1, 2],
      [2, 1, 4],
      [4, 1, 3],
    ],
    eight("aö"),
    3,
  ],
  [
    "latin1 to utf8 that fills the worst case",
    latin1("ö"),
    "utf8",
    [
      [0, 1, 1],
      [1, 1, 2],
    ],
    eight("ö"),
    2,
  ],
  // From UTF-8 to UTF-16: two bytes for each byte, then shrink.
  ["ASCII in utf8 to utf16", utf8("abc"), "utf16", [[0, 2, 6]], wide("abc"), 3],
  [
    "utf8 to utf16",
    utf8("ö☃🍰"),
    "utf16",
    [
      [0, 2, 18],
      [18, 2, 8],
    ],
    wide("ö☃🍰"),
    4,
  ],
  // To either: a byte for each unit while it is Latin-1, else two for each, widened in place.
  [
    "utf8 to latin1",
    utf8("hö"),
    "latin1+utf16",
    [
      [0, 2, 3],
      [3, 2, 2],
    ],
    narrow("hö"),
    2,
  ],
  ["ASCII in utf8 to latin1", utf8("abc"), "latin1+utf16", [[0, 2, 3]], narrow("abc"), 3],
  ["utf16 to latin1", utf16("hö"), "latin1+utf16", [[0, 2, 2]], narrow("hö"), 2],
  [
    "utf8 to tagged",
    utf8("hö☃"),
    "latin1+utf16",
    [
      [0, 2, 6],
      [6, 2, 12],
      [12, 2, 6],
    ],
    wide("hö☃"),
    isTagged + 3,
  ],
  [
    "utf16 to tagged: two bytes each are just enough",
    utf16("hö🍰"),
    "latin1+utf16",
    [
      [0, 2, 4],
      [4, 2, 8],
    ],
    wide("hö🍰"),
    isTagged + 4,
  ],
  // A tagged source: probably it needs UTF-16. If not, narrow in place and always reallocate.
  ["tagged to tagged", tagged("h☃"), "latin1+utf16", [[0, 2, 4]], wide("h☃"), isTagged + 2],
  [
    "tagged to latin1",
    tagged("hö"),
    "latin1+utf16",
    [
      [0, 2, 4],
      [4, 1, 2],
    ],
    narrow("hö"),
    2,
  ],
  // The empty string allocates too; a tagged one even twice.
  ["empty utf8 to utf8", utf8(""), "utf8", [[0, 1, 0]], [], 0],
  ["empty utf16 to utf8", utf16(""), "utf8", [[0, 1, 0]], [], 0],
  ["empty utf8 to utf16", utf8(""), "utf16", [[0, 2, 0]], [], 0],
  ["empty utf8 to latin1", utf8(""), "latin1+utf16", [[0, 2, 0]], [], 0],
  [
    "empty tagged to latin1",
    tagged(""),
    "latin1+utf16",
    [
      [0, 2, 0],
      [0, 1, 0],
    ],
    [],
    0,
  ],
];

describe("reallocations", () => {
  test.each(protocols)("%s", (_, source, encoding, sizes, bytes, length) => {
    const env = setup({ encoding });
    const [ptr, tag] = lowerOne(env, source, string);
    expect(sizesOf(env)).toEqual(sizes);
    expect([...bytesAt(env, Number(ptr), bytes.length)]).toEqual(bytes);
    expect(tag).toBe(length);
  });

  test("in a 64-bit memory only the tag is elsewhere", () => {
    for (const [, source, encoding, sizes, , length] of protocols) {
      const env = setup({ encoding, address: "i64" });
      const [ptr, tag] = lowerOne(env, source, string);
      expect(typeof ptr).toBe("bigint");
      expect(sizesOf(env)).toEqual(sizes);
      expect(tag).toBe(
        length >= isTagged ? BigInt(length - isTagged) + (1n << 63n) : BigInt(length),
      );
    }
  });

  test("the prefix is written once: a realloc that loses it is seen", () => {
    const forgetful = (
      env: Env,
      _old: number,
      _size: number,
      align: number,
      size: number,
    ): number => {
      const ptr = Math.ceil(env.next / align) * align;
      env.next = ptr + size;
      return ptr;
    };
    const grown = setup({ realloc: forgetful });
    const [ptr, n] = lowerOne(grown, utf16("aa☃☃"), string);
    // the last call, which shrinks, loses everything; the one before it lost only "aa"
    expect(grown.calls.length).toBe(3);
    expect([...bytesAt(grown, Number(ptr), Number(n))]).toEqual(new Array(8).fill(0));
    const [, , [before]] = grown.calls as [unknown, unknown, [number]];
    expect([...bytesAt(grown, before, 8)]).toEqual([0, 0, ...eight("☃☃")]);
    const widened = setup({ realloc: forgetful, encoding: "latin1+utf16" });
    const [at] = lowerOne(widened, utf16("aa☃☃"), string);
    expect([...bytesAt(widened, Number(at), 8)]).toEqual([0, 0, 0, 0, ...wide("☃☃")]);
  });
});

describe("loading", () => {
  const encodings: StringEncoding[] = ["utf8", "utf16", "latin1+utf16"];
  const samples = ["", "abc", "hö", "hö☃🍰", "\u0000"];
  const addresses: AddressType[] = ["i32", "i64"];

  test("what any encoding lowered, it lifts with its own hints", () => {
    for (const address of addresses) {
      for (const encoding of encodings) {
        for (const source of samples.flatMap((s) => [
          utf8(s),
          utf16(s),
          stringValue(s, "latin1+utf16"),
          tagged(s),
        ])) {
          const env = setup({ encoding, address });
          const lifted = liftOne(env, lowerOne(env, source, string), string);
          expect(lifted).toEqual(stringValue(source.s, encoding));
        }
      }
    }
  });

  test("a tagged string that could be Latin-1 stays tagged while it is in flight", () => {
    const env = setup({ encoding: "latin1+utf16" });
    const [ptr] = lowerOne(setup({ encoding: "utf16" }), utf16("ab"), string);
    expect(liftOne(env, [Number(ptr), isTagged + 2], string)).toMatchObject({
      units: 2,
      utf16: true,
    });
  });

  test("a string of the host has the hints of its encoding", () => {
    expect(stringValue("hö")).toEqual({
      tag: "string",
      s: "hö",
      encoding: "utf8",
      units: 3,
      utf16: false,
    });
    expect(stringValue("h🍰", "utf16").units).toBe(3);
    expect(stringValue("h☃", "latin1+utf16").utf16).toBe(true);
    expect(() => stringValue("\ud83c")).toThrow("lone surrogate");
  });
});
