// Strings: their hints, their tagged lengths and how they are loaded. Mirrors spec/01.

import type { StringEncoding } from "../../model/types.ts";
import type { CoreValue, StringValue } from "../../model/values.ts";
import type { Ctx } from "../machine.ts";
import { assert, trapAt } from "../machine.ts";
import type { LiftLowerContext } from "./context.ts";
import { loadBytes, pointerOf, trapMisaligned, trapOutOfBounds } from "./context.ts";
import {
  decodeLatin1,
  decodeUtf8,
  decodeUtf16,
  encodeUtf8,
  isWellFormed,
  prefixBelow,
} from "./utf.ts";

/** No string takes more bytes than this in the memory that it is loaded from. */
const maxStringByteLength = 2 ** 28 - 1;

/** How the code units of a string lie in memory once a latin1+utf16 tag is resolved. */
export type SimpleEncoding = "utf8" | "utf16" | "latin1";

interface Coding {
  readonly unit: 1 | 2;
  readonly alignment: 1 | 2;
  readonly decode: (bytes: Uint8Array) => string | null;
}

const codings: Readonly<Record<SimpleEncoding, Coding>> = {
  utf8: { unit: 1, alignment: 1, decode: decodeUtf8 },
  utf16: { unit: 2, alignment: 2, decode: decodeUtf16 },
  // Latin-1 exists only in latin1+utf16, whose strings are all aligned for UTF-16.
  latin1: { unit: 1, alignment: 2, decode: decodeLatin1 },
};

export function simpleEncoding(encoding: StringEncoding, utf16: boolean): SimpleEncoding {
  if (encoding !== "latin1+utf16") return encoding;
  return utf16 ? "utf16" : "latin1";
}

function tagBit(cx: LiftLowerContext): bigint {
  return cx.opts.address === "i64" ? 1n << 63n : 1n << 31n;
}

/** The length of a string as its core value: for latin1+utf16 the top bit says that it is UTF-16. */
export function tagUnits(cx: LiftLowerContext, units: number, utf16: boolean): bigint {
  return utf16 ? BigInt(units) | tagBit(cx) : BigInt(units);
}

function untagUnits(cx: LiftLowerContext, tagged: CoreValue): { units: number; utf16: boolean } {
  const all = BigInt(tagged);
  const utf16 = cx.opts.encoding === "latin1+utf16" && (all & tagBit(cx)) !== 0n;
  return { units: pointerOf(utf16 ? all ^ tagBit(cx) : all), utf16 };
}

/**
 * The string at `begin` whose length, in code units, is tagged as its encoding asks for
 * (CanonicalABI.md, "Loading"). Traps `load-string.*`.
 */
export function loadStringFromRange(
  c: Ctx,
  cx: LiftLowerContext,
  begin: CoreValue,
  tagged: CoreValue,
): StringValue {
  const ptr = pointerOf(begin);
  const { units, utf16 } = untagUnits(cx, tagged);
  const { encoding } = cx.opts;
  const coding = codings[simpleEncoding(encoding, utf16)];
  const byteLength = coding.unit * units;
  trapAt(byteLength > maxStringByteLength, "load-string.too-long");
  trapMisaligned(ptr, coding.alignment, "load-string.misaligned");
  trapOutOfBounds(c, cx, ptr, byteLength, "load-string.out-of-bounds");
  const s = coding.decode(loadBytes(c, cx, ptr, byteLength));
  trapAt(s === null, "load-string.invalid");
  return { tag: "string", s: s ?? "", encoding, units, utf16 };
}

/**
 * A string as if it had been loaded from a memory with this encoding: what a host passes. A
 * latin1+utf16 string is Latin-1 if it can be.
 */
export function stringValue(s: string, encoding: StringEncoding = "utf8"): StringValue {
  assert(isWellFormed(s), "V13", "a string has no lone surrogate");
  const utf16 = encoding === "latin1+utf16" && prefixBelow(s, 0x100) < s.length;
  const units = encoding === "utf8" ? encodeUtf8(s).length : s.length;
  return { tag: "string", s, encoding, units, utf16 };
}
