// Numbers as bits and bytes: ranges, reinterpretation and NaNs. Mirrors spec/01.

import type { ValType } from "../../model/types.ts";
import type { NumberTag, Value } from "../../model/values.ts";
import type { Ctx } from "../machine.ts";
import { assert } from "../machine.ts";

/** The bits that stand for a NaN of each size. */
export interface Nans {
  readonly nan32: number;
  readonly nan64: bigint;
}

/** The NaNs that lifting gives (CanonicalABI.md, "Loading"). */
export const canonicalNans: Nans = { nan32: 0x7fc00000, nan64: 0x7ff8000000000000n };

/** The NaNs that lowering gives: the one place where their bits come from the profile. */
export function nansOf(c: Ctx): Nans {
  const { profile } = c.edit.globals;
  return profile.name === "deterministic" ? canonicalNans : profile;
}

/** Bytes of each number type. */
export const numberSize: Readonly<Record<NumberTag, 1 | 2 | 4 | 8>> = {
  u8: 1,
  s8: 1,
  u16: 2,
  s16: 2,
  u32: 4,
  s32: 4,
  u64: 8,
  s64: 8,
  f32: 4,
  f64: 8,
};

/** The same without a look-up by name, which takes longer. */
export function sizeOfNumber(t: NumberTag): 1 | 2 | 4 | 8 {
  switch (t) {
    case "u8":
    case "s8":
      return 1;
    case "u16":
    case "s16":
      return 2;
    case "u32":
    case "s32":
    case "f32":
      return 4;
    case "u64":
    case "s64":
    case "f64":
      return 8;
  }
}

export type WordTag = Exclude<NumberTag, "u64" | "s64" | "f32" | "f64">;

/** Whether a tag names an integer type of at most 32 bits. */
export function isWordTag(tag: ValType["tag"]): tag is WordTag {
  switch (tag) {
    case "u8":
    case "u16":
    case "u32":
    case "s8":
    case "s16":
    case "s32":
      return true;
    default:
      return false;
  }
}

/** The value of type `t` that the bits of an unsigned number of its size stand for. */
export function wordOf(t: WordTag, bits: number): number {
  switch (t) {
    case "s8":
      return (bits << 24) >> 24;
    case "s16":
      return (bits << 16) >> 16;
    case "s32":
      return bits | 0;
    case "u8":
    case "u16":
    case "u32":
      return bits;
  }
}

/** Whether a tag names an integer type, whose bits are copied as they are. */
export function isIntegerTag(tag: ValType["tag"]): boolean {
  return isWordTag(tag) || tag === "u64" || tag === "s64";
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

const readers: Readonly<Record<NumberTag, (view: DataView, at: number) => number | bigint>> = {
  u8: (view, at) => view.getUint8(at),
  s8: (view, at) => view.getInt8(at),
  u16: (view, at) => view.getUint16(at, true),
  s16: (view, at) => view.getInt16(at, true),
  u32: (view, at) => view.getUint32(at, true),
  s32: (view, at) => view.getInt32(at, true),
  u64: (view, at) => view.getBigUint64(at, true),
  s64: (view, at) => view.getBigInt64(at, true),
  f32: (view, at) => view.getFloat32(at, true),
  f64: (view, at) => view.getFloat64(at, true),
};

/** The number at `at`; a JS NaN has no payload, so it is canonical as it is. */
export function readNumber(t: NumberTag, view: DataView, at: number): number | bigint {
  return readers[t](view, at);
}

const limits: Readonly<Record<string, readonly [number, number]>> = {
  u8: [0, 2 ** 8 - 1],
  s8: [-(2 ** 7), 2 ** 7 - 1],
  u16: [0, 2 ** 16 - 1],
  s16: [-(2 ** 15), 2 ** 15 - 1],
  u32: [0, 2 ** 32 - 1],
  s32: [-(2 ** 31), 2 ** 31 - 1],
};

function bigOf(t: "u64" | "s64", v: Value): bigint {
  assert(typeof v === "bigint", "V10", "a 64-bit integer is a bigint");
  const wrapped = t === "u64" ? BigInt.asUintN(64, v) : BigInt.asIntN(64, v);
  assert(wrapped === v, "V11", "an integer is in the range of its type");
  return v;
}

/** `v` as a value of type `t`: 64-bit integers are bigints, all others numbers. */
export function numberOf(t: NumberTag, v: Value): number | bigint {
  if (t === "u64" || t === "s64") return bigOf(t, v);
  assert(typeof v === "number", "V12", "a number of at most 32 bits and a float are numbers");
  const [min, max] = limits[t] ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const fits = t === "f32" || t === "f64" || (Number.isInteger(v) && v >= min && v <= max);
  assert(fits, "V11", "an integer is in the range of its type");
  return t === "f32" ? Math.fround(v) : v;
}

/** `i32.reinterpret_f32`, where every NaN has the bits given. */
export function f32Bits(nans: Nans, v: number): number {
  if (Number.isNaN(v)) return nans.nan32;
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, v);
  return view.getUint32(0);
}

/** `i64.reinterpret_f64`, where every NaN has the bits given. */
export function f64Bits(nans: Nans, v: number): bigint {
  if (Number.isNaN(v)) return nans.nan64;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, v);
  return view.getBigUint64(0);
}

/** `f32.reinterpret_i32` of an unsigned number, with every NaN the same. */
export function f32FromBits(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, bits);
  return view.getFloat32(0);
}

/** `f64.reinterpret_i64` of an unsigned bigint, with every NaN the same. */
export function f64FromBits(bits: bigint): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, bits);
  return view.getFloat64(0);
}

type Writer = (view: DataView, at: number, v: number | bigint, nans: Nans) => void;

const writers: Readonly<Record<NumberTag, Writer>> = {
  u8: (view, at, v) => view.setUint8(at, Number(v)),
  s8: (view, at, v) => view.setInt8(at, Number(v)),
  u16: (view, at, v) => view.setUint16(at, Number(v), true),
  s16: (view, at, v) => view.setInt16(at, Number(v), true),
  u32: (view, at, v) => view.setUint32(at, Number(v), true),
  s32: (view, at, v) => view.setInt32(at, Number(v), true),
  u64: (view, at, v) => view.setBigUint64(at, BigInt(v), true),
  s64: (view, at, v) => view.setBigInt64(at, BigInt(v), true),
  f32: (view, at, v, nans) => view.setUint32(at, f32Bits(nans, Number(v)), true),
  f64: (view, at, v, nans) => view.setBigUint64(at, f64Bits(nans, Number(v)), true),
};

/** Writes a value of type `t` at `at`. */
export function writeNumber(t: NumberTag, view: DataView, at: number, v: Value, nans: Nans): void {
  writers[t](view, at, numberOf(t, v), nans);
}
