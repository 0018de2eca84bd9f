// The small pieces of Binary.md that everything else is made of: tags, flags, options, sorts. Mirrors spec/14.

import { malformed, type Reader, readByte, readVector } from "../wasm/reader.ts";
import type { At, CoreSort, Sort } from "./ast.ts";

/** How deep components and types may lie in each other; beyond it they are refused. */
export const deepest = 100;

/** A byte that begins nothing that may stand here. */
export function unexpectedByte(offset: number, byte: number, what: string): never {
  return malformed(offset, `invalid leading byte (0x${byte.toString(16)}) for ${what}`);
}

/** Passes one byte that can only have one value. */
export function expectByte(r: Reader, value: number, what: string): void {
  const byte = readByte(r);
  if (byte !== value) unexpectedByte(r.at - 1, byte, what);
}

/** One byte that is the key of a table; other bytes are malformed. */
export function readTag<T>(r: Reader, table: ReadonlyMap<number, T>, what: string): T {
  const byte = readByte(r);
  const found = table.get(byte);
  return found ?? unexpectedByte(r.at - 1, byte, what);
}

/** A flag such as `async?` or `cancel?`. */
export function readFlag(r: Reader): boolean {
  const byte = readByte(r);
  if (byte > 1) malformed(r.at - 1, "invalid boolean value");
  return byte === 1;
}

/** `<T>?` */
export function readOptional<T>(r: Reader, what: string, read: (r: Reader) => T): T | null {
  const byte = readByte(r);
  if (byte > 1) unexpectedByte(r.at - 1, byte, what);
  return byte === 1 ? read(r) : null;
}

/** A vector of things that say where they stand. */
export function readPlaced<T extends object>(r: Reader, read: (r: Reader) => T): (T & At)[] {
  return readVector(r, (s) => {
    const offset = s.at;
    return { ...read(s), offset };
  });
}

export const coreSorts: ReadonlyMap<number, CoreSort> = new Map<number, CoreSort>([
  [0x00, "func"],
  [0x01, "table"],
  [0x02, "memory"],
  [0x03, "global"],
  [0x04, "tag"],
  [0x10, "type"],
  [0x11, "module"],
  [0x12, "instance"],
]);

/** `sort` without its case `core`, which is 0x00 and a core sort. */
export const sorts: ReadonlyMap<number, Sort> = new Map<number, Sort>([
  [0x01, "func"],
  [0x02, "value"],
  [0x03, "type"],
  [0x04, "component"],
  [0x05, "instance"],
]);
