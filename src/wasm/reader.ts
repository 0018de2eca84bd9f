// Reads bytes, LEB128 integers and names of a binary in order. Mirrors spec/14 and the core specification, "Values".

import { decodeUtf8 } from "../canon/values/utf.ts";
import { Invalid } from "./invalid.ts";

/**
 * A place in bytes. Every `read*` moves `at` on and throws `Invalid` "malformed" if that would lead
 * beyond `end`, or if the bytes are not what is read.
 */
export interface Reader {
  readonly bytes: Uint8Array;
  at: number;
  readonly end: number;
  /** What the last integer of 64 bits was, as two signed words. */
  low: number;
  high: number;
}

export function newReader(bytes: Uint8Array, from = 0, to: number = bytes.length): Reader {
  return { bytes, at: from, end: to, low: 0, high: 0 };
}

export function malformed(offset: number, message: string): never {
  throw new Invalid("malformed", offset, message);
}

export function unsupported(offset: number | null, message: string): never {
  throw new Invalid("unsupported", offset, message);
}

export function isAtEnd(r: Reader): boolean {
  return r.at >= r.end;
}

export function readByte(r: Reader): number {
  const byte = r.at < r.end ? r.bytes[r.at] : undefined;
  if (byte === undefined) return malformed(r.at, "unexpected end of section or function");
  r.at++;
  return byte;
}

/** The next byte, which is not passed; -1 at the end. */
export function peekByte(r: Reader): number {
  return r.at < r.end ? (r.bytes[r.at] ?? -1) : -1;
}

/** Passes `count` bytes; says where they began. */
export function skipBytes(r: Reader, count: number): number {
  if (count < 0 || count > r.end - r.at) {
    malformed(r.at, "unexpected end of section or function");
  }
  r.at += count;
  return r.at - count;
}

/** Whether the byte that holds the bits from `shift` on fits into an integer of `bits` bits. */
function fits(byte: number, bits: number, shift: number, signed: boolean): boolean {
  const left = bits - shift;
  if (left >= 7) return true;
  const mask = (-1 << (signed ? left - 1 : left)) & 0x7f;
  const beyond = byte & mask;
  return beyond === 0 || (signed && beyond === mask);
}

/** An integer of `bits` bits in LEB128, into `r.low` and `r.high` (core specification, "Integers"). */
function readLeb(r: Reader, bits: number, signed: boolean): void {
  r.low = 0;
  r.high = 0;
  let shift = 0;
  let byte: number;
  do {
    if (shift >= bits) malformed(r.at, "integer representation too long");
    byte = readByte(r);
    if (!fits(byte, bits, shift, signed)) malformed(r.at - 1, "integer too large");
    place(r, byte & 0x7f, shift);
    shift += 7;
  } while (byte >= 0x80);
  if (signed && (byte & 0x40) !== 0) extend(r, shift);
}

/** Puts seven bits at `shift` of the two words. */
function place(r: Reader, bits: number, shift: number): void {
  if (shift < 32) r.low |= bits << shift;
  if (shift > 28) r.high |= bits << (shift - 32);
  else if (shift === 28) r.high |= bits >>> 4;
}

/** Sets all bits from `shift` on. */
function extend(r: Reader, shift: number): void {
  if (shift < 32) r.low |= -1 << shift;
  if (shift < 64) r.high |= shift < 32 ? -1 : -1 << (shift - 32);
}

export function readU32(r: Reader): number {
  // nearly all integers have one byte
  const first = peekByte(r);
  if (first >= 0 && first < 0x80) {
    r.at++;
    return first;
  }
  readLeb(r, 32, false);
  return r.low >>> 0;
}

export function readS32(r: Reader): number {
  readLeb(r, 32, true);
  return r.low;
}

export function readS33(r: Reader): number {
  readLeb(r, 33, true);
  return r.high * 2 ** 32 + (r.low >>> 0);
}

/** Into `r.low` and `r.high`. */
export function readS64(r: Reader): void {
  readLeb(r, 64, true);
}

/** Into `r.low` and `r.high`. */
export function readU64(r: Reader): void {
  readLeb(r, 64, false);
}

export function readBigU64(r: Reader): bigint {
  readLeb(r, 64, false);
  return BigInt.asUintN(64, (BigInt(r.high) << 32n) | BigInt(r.low >>> 0));
}

/** Four bytes, low first, as a signed word. */
export function readWord(r: Reader): number {
  const at = skipBytes(r, 4);
  const byte = (i: number): number => r.bytes[at + i] ?? 0;
  return byte(0) | (byte(1) << 8) | (byte(2) << 16) | (byte(3) << 24);
}

/** The length of bytes that follow. */
export function readLength(r: Reader): number {
  const at = r.at;
  const length = readU32(r);
  if (length > r.end - r.at) malformed(at, "length out of bounds");
  return length;
}

/** The length of a vector that follows, of elements that have at least a byte. */
export function readCount(r: Reader): number {
  const count = readU32(r);
  if (count > r.end - r.at) malformed(r.at, "unexpected end of section or function");
  return count;
}

/** A vector; nothing is allocated for elements that cannot be there. */
export function readVector<T>(r: Reader, read: (r: Reader) => T): T[] {
  const items: T[] = [];
  for (let left = readCount(r); left > 0; left--) items.push(read(r));
  return items;
}

/** A name: its length and strict UTF-8 (core specification, "Names"). */
export function readName(r: Reader): string {
  const start = skipBytes(r, readLength(r));
  const name = decodeUtf8(r.bytes.subarray(start, r.at));
  return name ?? malformed(start, "malformed UTF-8 encoding");
}
