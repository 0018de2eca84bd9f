// Decodes types. Mirrors spec/14 and the core specification, "Types" of the binary format.

import { maxArity } from "./limits.ts";
import type {
  CoreFuncType,
  GlobalType,
  Limits,
  MemoryType,
  RefType,
  TableType,
  ValueType,
} from "./module.ts";
import type { Reader } from "./reader.ts";
import {
  malformed,
  peekByte,
  readBigU64,
  readByte,
  readU32,
  readVector,
  unsupported,
} from "./reader.ts";

/** By the byte that stands for it. */
const refTypes: ReadonlyMap<number, RefType> = new Map([
  [0x70, "funcref"],
  [0x6f, "externref"],
  [0x69, "exnref"],
]);

/** By the byte that stands for it. */
const valueTypes: ReadonlyMap<number, ValueType> = new Map<number, ValueType>([
  [0x7f, "i32"],
  [0x7e, "i64"],
  [0x7d, "f32"],
  [0x7c, "f64"],
  ...refTypes,
]);

/** What a type, by its first byte, would need; most are those of garbage collection. */
const foreignTypes: ReadonlyMap<number, string> = new Map([
  [0x7b, "SIMD"],
  [0x78, "garbage collection"],
  [0x77, "garbage collection"],
  [0x75, "stack switching"],
  [0x74, "garbage collection"],
  [0x73, "garbage collection"],
  [0x72, "garbage collection"],
  [0x71, "garbage collection"],
  [0x6e, "garbage collection"],
  [0x6d, "garbage collection"],
  [0x6c, "garbage collection"],
  [0x6b, "garbage collection"],
  [0x6a, "garbage collection"],
  [0x68, "stack switching"],
  [0x65, "shared types"],
  [0x64, "typed function references"],
  [0x63, "typed function references"],
  [0x5f, "garbage collection"],
  [0x5e, "garbage collection"],
  [0x5d, "stack switching"],
  [0x50, "garbage collection"],
  [0x4f, "garbage collection"],
  [0x4e, "garbage collection"],
]);

/** Refuses the type that begins with `byte`, just read. */
function notAType(r: Reader, byte: number, message: string): never {
  // the byte is an integer of seven bits
  if (byte >= 0x80) malformed(r.at - 1, "integer representation too long");
  const feature = foreignTypes.get(byte);
  if (feature !== undefined) unsupported(r.at - 1, `types of ${feature} are not supported`);
  return malformed(r.at - 1, message);
}

export function readValueType(r: Reader): ValueType {
  const byte = readByte(r);
  return valueTypes.get(byte) ?? notAType(r, byte, "malformed value type");
}

export function readRefType(r: Reader): RefType {
  const byte = readByte(r);
  return refTypes.get(byte) ?? notAType(r, byte, "malformed reference type");
}

/** The type of the references that `ref.null` makes; a type index would be another feature. */
export function readHeapType(r: Reader): RefType {
  const byte = peekByte(r);
  if (byte >= 0 && (byte & 0xc0) !== 0x40) {
    unsupported(r.at, "typed function references are not supported");
  }
  return readRefType(r);
}

function readValueTypes(r: Reader): ValueType[] {
  const at = r.at;
  const types = readVector(r, readValueType);
  if (types.length > maxArity) {
    unsupported(at, `${types.length} parameters or results are more than ${maxArity}`);
  }
  return types;
}

export function readFuncType(r: Reader): CoreFuncType {
  const form = readByte(r);
  if (form !== 0x60) notAType(r, form, "malformed function type");
  return { params: readValueTypes(r), results: readValueTypes(r) };
}

function readLimits(r: Reader): Limits {
  const at = r.at;
  const flags = readByte(r);
  if (flags > 7) malformed(at, "malformed limits flags");
  const min = readBigU64(r);
  const max = (flags & 1) === 0 ? null : readBigU64(r);
  if ((flags & 2) !== 0) unsupported(at, "shared memories and tables are not supported");
  return { address: (flags & 4) === 0 ? "i32" : "i64", min, max };
}

export function readTableType(r: Reader): TableType {
  return { element: readRefType(r), limits: readLimits(r) };
}

export function readMemoryType(r: Reader): MemoryType {
  return { limits: readLimits(r) };
}

export function readGlobalType(r: Reader): GlobalType {
  const type = readValueType(r);
  const mutable = readByte(r);
  if (mutable > 1) malformed(r.at - 1, "malformed mutability");
  return { type, mutable: mutable === 1 };
}

/** The type index of a tag, after its attribute. */
export function readTagType(r: Reader): number {
  if (readByte(r) !== 0) malformed(r.at - 1, "malformed tag attribute");
  return readU32(r);
}
