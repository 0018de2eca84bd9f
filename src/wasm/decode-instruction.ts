// Reads one instruction with its immediates. Mirrors spec/14 and the core specification, "Instructions" of the binary format.

import { readHeapType, readValueType } from "./decode-types.ts";
import type { CoreFuncType, RefType, ValueType } from "./module.ts";
import type { Immediates, Op } from "./opcodes.ts";
import { opOf } from "./opcodes.ts";
import type { Reader } from "./reader.ts";
import {
  malformed,
  peekByte,
  readByte,
  readCount,
  readS32,
  readS33,
  readS64,
  readU32,
  readU64,
  readVector,
  readWord,
  unsupported,
} from "./reader.ts";

/** A catch clause of `try_table`. */
export interface Catch {
  readonly kind: "catch" | "catch_ref" | "catch_all" | "catch_all_ref";
  /** Null for those that catch all. */
  readonly tag: number | null;
  readonly label: number;
}

/**
 * An instruction, which `readInstruction` overwrites with the next one. Only what its `op.immediates`
 * speaks of means something.
 */
export interface Instruction {
  /** Where its opcode begins. */
  offset: number;
  op: Op;
  /** Its index, the first if there are two; the memory of `memarg`; the block type, see `blockType`. */
  index: number;
  /** The second index. */
  second: number;
  /** The logarithm of an alignment in bytes. */
  align: number;
  /** A constant's bits, or the offset of `memarg`: two signed words. */
  low: number;
  high: number;
  /** Labels of `br_table`, the default last. */
  labels: number[];
  catches: readonly Catch[];
  /** Types of `select`. */
  types: readonly ValueType[];
  /** The type of `ref.null`. */
  ref: RefType;
}

const nop: Op = { code: 0x01, name: "nop", immediates: "none", type: null };

export function newInstruction(): Instruction {
  return {
    offset: 0,
    op: nop,
    index: 0,
    second: 0,
    align: 0,
    low: 0,
    high: 0,
    labels: [],
    catches: [],
    types: [],
    ref: "funcref",
  };
}

/** Block types of no parameters, by the byte that stands for them. */
const shortBlocks: ReadonlyMap<number, CoreFuncType> = new Map([
  [0x40, { params: [], results: [] }],
  [0x7f, { params: [], results: ["i32"] }],
  [0x7e, { params: [], results: ["i64"] }],
  [0x7d, { params: [], results: ["f32"] }],
  [0x7c, { params: [], results: ["f64"] }],
  [0x70, { params: [], results: ["funcref"] }],
  [0x6f, { params: [], results: ["externref"] }],
  [0x69, { params: [], results: ["exnref"] }],
]);

/** The type of a block whose `index` is given; undefined if there is no such type. */
export function blockType(types: readonly CoreFuncType[], index: number): CoreFuncType | undefined {
  return index >= 0 ? types[index] : shortBlocks.get(index + 0x80);
}

/** A type index, or below 0 the one byte of a block type less 0x80. */
function readBlockType(r: Reader): number {
  const first = peekByte(r);
  if ((first & 0xc0) !== 0x40) {
    const at = r.at;
    const index = readS33(r);
    return index >= 0 ? index : malformed(at, "malformed block type");
  }
  if (first === 0x40) r.at++;
  else readValueType(r);
  return first - 0x80;
}

const catchKinds = ["catch", "catch_ref", "catch_all", "catch_all_ref"] as const;

function readCatch(r: Reader): Catch {
  const kind = catchKinds[readByte(r)];
  if (kind === undefined) return malformed(r.at - 1, "malformed catch clause");
  const tag = kind === "catch" || kind === "catch_ref" ? readU32(r) : null;
  return { kind, tag, label: readU32(r) };
}

function readLabels(r: Reader, out: Instruction): void {
  out.labels.length = 0;
  // the count is of all but the default
  for (let left = readCount(r) + 1; left > 0; left--) out.labels.push(readU32(r));
}

function readMemarg(r: Reader, out: Instruction): void {
  const at = r.at;
  const flags = readU32(r);
  if (flags >= 0x80) malformed(at, "malformed memop flags");
  out.align = flags & 0x3f;
  out.index = (flags & 0x40) === 0 ? 0 : readU32(r);
  readU64(r);
  keepWords(r, out);
}

function keepWords(r: Reader, out: Instruction): void {
  out.low = r.low;
  out.high = r.high;
}

function readIndex(r: Reader, out: Instruction): void {
  out.index = readU32(r);
}

function readIndices(r: Reader, out: Instruction): void {
  out.index = readU32(r);
  out.second = readU32(r);
}

type Read = (r: Reader, out: Instruction) => void;

const readImmediates: Readonly<Record<Immediates, Read>> = {
  none: () => undefined,
  block: (r, out) => {
    out.index = readBlockType(r);
  },
  try_table: (r, out) => {
    out.index = readBlockType(r);
    out.catches = readVector(r, readCatch);
  },
  label: readIndex,
  labels: readLabels,
  func: readIndex,
  "type table": readIndices,
  types: (r, out) => {
    out.types = readVector(r, readValueType);
  },
  local: readIndex,
  global: readIndex,
  table: readIndex,
  "table table": readIndices,
  elem: readIndex,
  "elem table": readIndices,
  memory: readIndex,
  "memory memory": readIndices,
  data: readIndex,
  "data memory": readIndices,
  memarg: readMemarg,
  tag: readIndex,
  ref: (r, out) => {
    out.ref = readHeapType(r);
  },
  i32: (r, out) => {
    out.low = readS32(r);
  },
  i64: (r, out) => {
    readS64(r);
    keepWords(r, out);
  },
  f32: (r, out) => {
    out.low = readWord(r);
  },
  f64: (r, out) => {
    out.low = readWord(r);
    out.high = readWord(r);
  },
};

/** Reads an instruction into `out`; throws `Invalid` "malformed" or "unsupported". */
export function readInstruction(r: Reader, out: Instruction): void {
  out.offset = r.at;
  const byte = readByte(r);
  const code = byte === 0xfc ? 0xfc00 + readU32(r) : byte;
  const op = opOf(code) ?? notAnOp(out.offset, code);
  out.op = op;
  readImmediates[op.immediates](r, out);
}

/** Features by the numbers of their instructions, both included. */
const foreignOps: readonly (readonly [from: number, to: number, feature: string])[] = [
  [0x06, 0x07, "legacy exception handling"],
  [0x09, 0x09, "legacy exception handling"],
  [0x14, 0x15, "typed function references"],
  [0x18, 0x19, "legacy exception handling"],
  [0xd3, 0xd3, "garbage collection"],
  [0xd4, 0xd6, "typed function references"],
  [0xe0, 0xe6, "stack switching"],
  [0xfb, 0xfb, "garbage collection"],
  [0xfd, 0xfd, "SIMD"],
  [0xfe, 0xfe, "threads"],
  [0xfc12, 0xfc12, "memory control"],
  [0xfc13, 0xfc16, "wide arithmetic"],
];

function notAnOp(offset: number, code: number): never {
  const row = foreignOps.find(([from, to]) => code >= from && code <= to);
  if (row !== undefined) unsupported(offset, `instructions of ${row[2]} are not supported`);
  const hex = (byte: number): string => byte.toString(16).padStart(2, "0");
  const shown = code < 0xfc00 ? hex(code) : `fc ${hex(code - 0xfc00)}`;
  return malformed(offset, `illegal opcode ${shown}`);
}
