// Storing strings: which reallocations each pair of encodings makes. Mirrors spec/01.

import type { StringEncoding } from "../../model/types.ts";
import type { StringValue } from "../../model/values.ts";
import { assert } from "../machine.ts";
import { loadBytes, storeBytes, trapMisaligned, trapOutOfBounds } from "./context.ts";
import type { Dest, LowerItem, Request, Work } from "./items.ts";
import { allocation, place } from "./items.ts";
import type { SimpleEncoding } from "./strings.ts";
import { simpleEncoding, tagUnits } from "./strings.ts";
import { encodeLatin1, encodeUtf8, encodeUtf16, prefixBelow } from "./utf.ts";

/**
 * How a string gets from one encoding to another (CanonicalABI.md, "Storing"). `width` and `worst`
 * are bytes for each source code unit: of the first allocation, and of the one that holds any
 * string. The shapes:
 *   copy      the size is known
 *   grow      hope for one byte each; at the first code point above `limit`, grow, then shrink
 *   shrink    allocate for the worst, then shrink
 *   narrow    store as UTF-16; if everything is Latin-1 after all, narrow in place and shrink
 */
type Plan =
  | {
      readonly shape: "copy";
      readonly align: 1 | 2;
      readonly width: 1 | 2;
      readonly encode: (s: string) => Uint8Array;
    }
  | {
      readonly shape: "grow";
      readonly align: 1 | 2;
      readonly width: 1;
      readonly worst: 2 | 3;
      readonly limit: 0x80 | 0x100;
    }
  | { readonly shape: "shrink"; readonly align: 2; readonly width: 2 }
  | { readonly shape: "narrow"; readonly align: 2; readonly width: 2 };

const toUtf16: Plan = { shape: "copy", align: 2, width: 2, encode: encodeUtf16 };
const toEither: Plan = { shape: "grow", align: 2, width: 1, worst: 2, limit: 0x100 };

/** Plans by destination and source; a tagged source chose UTF-16 although it could be Latin-1. */
const plans: Readonly<Record<StringEncoding, Readonly<Record<SimpleEncoding | "tagged", Plan>>>> = {
  utf8: {
    utf8: { shape: "copy", align: 1, width: 1, encode: encodeUtf8 },
    utf16: { shape: "grow", align: 1, width: 1, worst: 3, limit: 0x80 },
    tagged: { shape: "grow", align: 1, width: 1, worst: 3, limit: 0x80 },
    latin1: { shape: "grow", align: 1, width: 1, worst: 2, limit: 0x80 },
  },
  utf16: {
    utf8: { shape: "shrink", align: 2, width: 2 },
    utf16: toUtf16,
    tagged: toUtf16,
    latin1: toUtf16,
  },
  "latin1+utf16": {
    utf8: toEither,
    utf16: toEither,
    tagged: { shape: "narrow", align: 2, width: 2 },
    latin1: { shape: "copy", align: 2, width: 1, encode: encodeLatin1 },
  },
};

function planOf({ cx }: Work, { encoding, utf16 }: StringValue): Plan {
  const tagged = encoding === "latin1+utf16" && utf16;
  return plans[cx.opts.encoding][tagged ? "tagged" : simpleEncoding(encoding, utf16)];
}

function write({ c, cx }: Work, ptr: number, bytes: Uint8Array): void {
  storeBytes(c, cx, ptr, bytes);
}

function check({ c, cx }: Work, ptr: number, align: number, size: number, site: string): void {
  trapMisaligned(ptr, align, `lower-string.${site}misaligned`);
  trapOutOfBounds(c, cx, ptr, size, `lower-string.${site}out-of-bounds`);
}

/** Starts to store a string: its first allocation. */
export function startString(work: Work, v: StringValue, dest: Dest): Request {
  const { align, width } = planOf(work, v);
  work.todo.push({ tag: "string-allocated", v, dest });
  return allocation(align, width * v.units);
}

type Item<T extends LowerItem["tag"]> = Extract<LowerItem, { tag: T }>;

/** Stores what the first allocation has room for. Traps `lower-string.*`. */
export function stringAllocated(
  work: Work,
  { v, dest }: Item<"string-allocated">,
  ptr: number,
): Request | null {
  const plan = planOf(work, v);
  check(work, ptr, plan.align, plan.width * v.units, "");
  switch (plan.shape) {
    case "copy":
      return copy(work, v, dest, ptr, plan.encode(v.s), plan.width);
    case "grow":
      return grow(work, v, dest, ptr, plan);
    case "shrink": {
      const bytes = encodeUtf16(v.s);
      write(work, ptr, bytes);
      const old = { ptr, size: 2 * v.units, align: 2 };
      return shrink(work, dest, old, bytes.length, BigInt(bytes.length / 2));
    }
    case "narrow":
      return narrow(work, v, dest, ptr);
  }
}

function copy(
  work: Work,
  v: StringValue,
  dest: Dest,
  ptr: number,
  bytes: Uint8Array,
  width: number,
): null {
  assert(bytes.length === width * v.units, "V24", "a string has as many code units as it says");
  write(work, ptr, bytes);
  place(work, dest, ptr, v.units);
  return null;
}

function grow(
  work: Work,
  v: StringValue,
  dest: Dest,
  ptr: number,
  { align, worst, limit }: Extract<Plan, { shape: "grow" }>,
): Request | null {
  const done = prefixBelow(v.s, limit);
  write(work, ptr, encodeLatin1(v.s.slice(0, done)));
  const old = { ptr, size: v.units, align };
  if (done === v.s.length) return shrink(work, dest, old, done, BigInt(done));
  work.todo.push({ tag: "string-grown", v, dest, done });
  return { old: ptr, oldSize: v.units, align, newSize: worst * v.units };
}

/** Goes on after the prefix, which realloc has kept. Traps `lower-string.grow-*`. */
export function stringGrown(
  work: Work,
  { v, dest, done }: Item<"string-grown">,
  ptr: number,
): Request | null {
  const plan = planOf(work, v);
  assert(plan.shape === "grow", "V25", "only this plan grows a string");
  const { align, worst } = plan;
  const old = { ptr, size: worst * v.units, align };
  check(work, ptr, align, old.size, "grow-");
  const utf16 = plan.limit === 0x100;
  const bytes = utf16 ? encodeUtf16(v.s) : encodeUtf8(v.s);
  if (utf16) widen(work, ptr, done);
  const start = utf16 ? 2 * done : done;
  write(work, ptr + start, bytes.subarray(start));
  const length = utf16 ? tagUnits(work.cx, bytes.length / 2, true) : BigInt(bytes.length);
  return shrink(work, dest, old, bytes.length, length);
}

/** Turns `n` bytes of Latin-1 into UTF-16 in place: the bytes that are there, whatever they are. */
function widen(work: Work, ptr: number, n: number): void {
  const wide = new Uint8Array(2 * n);
  for (const [i, byte] of loadBytes(work.c, work.cx, ptr, n).entries()) wide[2 * i] = byte;
  write(work, ptr, wide);
}

interface Old {
  readonly ptr: number;
  readonly size: number;
  readonly align: number;
}

/** Gives back what was not needed. */
function shrink(
  work: Work,
  dest: Dest,
  { ptr, size: oldSize, align }: Old,
  size: number,
  length: bigint,
): Request | null {
  assert(size <= oldSize, "V26", "a string fits its worst case");
  if (size < oldSize) return shrinkTo(work, dest, { ptr, size: oldSize, align }, size, length);
  place(work, dest, ptr, length);
  return null;
}

function shrinkTo(work: Work, dest: Dest, old: Old, size: number, length: bigint): Request {
  const { align } = old;
  work.todo.push({ tag: "string-shrunk", dest, align, size, length });
  return { old: old.ptr, oldSize: old.size, align, newSize: size };
}

/** Traps `lower-string.shrink-*`. */
export function stringShrunk(
  work: Work,
  { dest, align, size, length }: Item<"string-shrunk">,
  ptr: number,
): null {
  check(work, ptr, align, size, "shrink-");
  place(work, dest, ptr, length);
  return null;
}

function narrow(work: Work, v: StringValue, dest: Dest, ptr: number): Request | null {
  const bytes = encodeUtf16(v.s);
  assert(bytes.length === 2 * v.units, "V24", "a string has as many code units as it says");
  write(work, ptr, bytes);
  if (prefixBelow(v.s, 0x100) < v.s.length) {
    place(work, dest, ptr, tagUnits(work.cx, v.units, true));
    return null;
  }
  write(work, ptr, encodeLatin1(v.s));
  // The reference always reallocates here, even an empty string, and asks for alignment 1 (see
  // divergences, D-narrow-alignment).
  return shrinkTo(work, dest, { ptr, size: 2 * v.units, align: 1 }, v.units, BigInt(v.units));
}
