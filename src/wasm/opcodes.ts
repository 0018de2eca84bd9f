// Every instruction: its number, name, immediates and type. Mirrors spec/14 and the core specification, "Instructions".

import type { AddressType } from "../model/types.ts";
import type { CoreFuncType, ValueType } from "./module.ts";

/** What follows an opcode, by what the indices count; `ref` is a heap type, `try_table` a block with catches. */
export type Immediates =
  | "none"
  | "block"
  | "try_table"
  | "label"
  | "labels"
  | "func"
  | "type table"
  | "types"
  | "local"
  | "global"
  | "table"
  | "table table"
  | "elem"
  | "elem table"
  | "memory"
  | "memory memory"
  | "data"
  | "data memory"
  | "memarg"
  | "tag"
  | "ref"
  | "i32"
  | "i64"
  | "f32"
  | "f64";

type Row = readonly [code: number, name: string, immediates: Immediates, type: string | null];

/** A code from 0xfc00 on is 0xfc and the number that follows; `addr` is the address type of the memory. */
const rows = [
  [0x00, "unreachable", "none", null],
  [0x01, "nop", "none", "->"],
  [0x02, "block", "block", null],
  [0x03, "loop", "block", null],
  [0x04, "if", "block", null],
  [0x05, "else", "none", null],
  [0x08, "throw", "tag", null],
  [0x0a, "throw_ref", "none", null],
  [0x0b, "end", "none", null],
  [0x0c, "br", "label", null],
  [0x0d, "br_if", "label", null],
  [0x0e, "br_table", "labels", null],
  [0x0f, "return", "none", null],
  [0x10, "call", "func", null],
  [0x11, "call_indirect", "type table", null],
  [0x12, "return_call", "func", null],
  [0x13, "return_call_indirect", "type table", null],
  [0x1a, "drop", "none", null],
  [0x1b, "select", "none", null],
  [0x1c, "select t", "types", null],
  [0x1f, "try_table", "try_table", null],
  [0x20, "local.get", "local", null],
  [0x21, "local.set", "local", null],
  [0x22, "local.tee", "local", null],
  [0x23, "global.get", "global", null],
  [0x24, "global.set", "global", null],
  [0x25, "table.get", "table", null],
  [0x26, "table.set", "table", null],
  [0x28, "i32.load", "memarg", "addr -> i32"],
  [0x29, "i64.load", "memarg", "addr -> i64"],
  [0x2a, "f32.load", "memarg", "addr -> f32"],
  [0x2b, "f64.load", "memarg", "addr -> f64"],
  [0x2c, "i32.load8_s", "memarg", "addr -> i32"],
  [0x2d, "i32.load8_u", "memarg", "addr -> i32"],
  [0x2e, "i32.load16_s", "memarg", "addr -> i32"],
  [0x2f, "i32.load16_u", "memarg", "addr -> i32"],
  [0x30, "i64.load8_s", "memarg", "addr -> i64"],
  [0x31, "i64.load8_u", "memarg", "addr -> i64"],
  [0x32, "i64.load16_s", "memarg", "addr -> i64"],
  [0x33, "i64.load16_u", "memarg", "addr -> i64"],
  [0x34, "i64.load32_s", "memarg", "addr -> i64"],
  [0x35, "i64.load32_u", "memarg", "addr -> i64"],
  [0x36, "i32.store", "memarg", "addr i32 ->"],
  [0x37, "i64.store", "memarg", "addr i64 ->"],
  [0x38, "f32.store", "memarg", "addr f32 ->"],
  [0x39, "f64.store", "memarg", "addr f64 ->"],
  [0x3a, "i32.store8", "memarg", "addr i32 ->"],
  [0x3b, "i32.store16", "memarg", "addr i32 ->"],
  [0x3c, "i64.store8", "memarg", "addr i64 ->"],
  [0x3d, "i64.store16", "memarg", "addr i64 ->"],
  [0x3e, "i64.store32", "memarg", "addr i64 ->"],
  [0x3f, "memory.size", "memory", "-> addr"],
  [0x40, "memory.grow", "memory", "addr -> addr"],
  [0x41, "i32.const", "i32", "-> i32"],
  [0x42, "i64.const", "i64", "-> i64"],
  [0x43, "f32.const", "f32", "-> f32"],
  [0x44, "f64.const", "f64", "-> f64"],
  [0x45, "i32.eqz", "none", "i32 -> i32"],
  [0x46, "i32.eq", "none", "i32 i32 -> i32"],
  [0x47, "i32.ne", "none", "i32 i32 -> i32"],
  [0x48, "i32.lt_s", "none", "i32 i32 -> i32"],
  [0x49, "i32.lt_u", "none", "i32 i32 -> i32"],
  [0x4a, "i32.gt_s", "none", "i32 i32 -> i32"],
  [0x4b, "i32.gt_u", "none", "i32 i32 -> i32"],
  [0x4c, "i32.le_s", "none", "i32 i32 -> i32"],
  [0x4d, "i32.le_u", "none", "i32 i32 -> i32"],
  [0x4e, "i32.ge_s", "none", "i32 i32 -> i32"],
  [0x4f, "i32.ge_u", "none", "i32 i32 -> i32"],
  [0x50, "i64.eqz", "none", "i64 -> i32"],
  [0x51, "i64.eq", "none", "i64 i64 -> i32"],
  [0x52, "i64.ne", "none", "i64 i64 -> i32"],
  [0x53, "i64.lt_s", "none", "i64 i64 -> i32"],
  [0x54, "i64.lt_u", "none", "i64 i64 -> i32"],
  [0x55, "i64.gt_s", "none", "i64 i64 -> i32"],
  [0x56, "i64.gt_u", "none", "i64 i64 -> i32"],
  [0x57, "i64.le_s", "none", "i64 i64 -> i32"],
  [0x58, "i64.le_u", "none", "i64 i64 -> i32"],
  [0x59, "i64.ge_s", "none", "i64 i64 -> i32"],
  [0x5a, "i64.ge_u", "none", "i64 i64 -> i32"],
  [0x5b, "f32.eq", "none", "f32 f32 -> i32"],
  [0x5c, "f32.ne", "none", "f32 f32 -> i32"],
  [0x5d, "f32.lt", "none", "f32 f32 -> i32"],
  [0x5e, "f32.gt", "none", "f32 f32 -> i32"],
  [0x5f, "f32.le", "none", "f32 f32 -> i32"],
  [0x60, "f32.ge", "none", "f32 f32 -> i32"],
  [0x61, "f64.eq", "none", "f64 f64 -> i32"],
  [0x62, "f64.ne", "none", "f64 f64 -> i32"],
  [0x63, "f64.lt", "none", "f64 f64 -> i32"],
  [0x64, "f64.gt", "none", "f64 f64 -> i32"],
  [0x65, "f64.le", "none", "f64 f64 -> i32"],
  [0x66, "f64.ge", "none", "f64 f64 -> i32"],
  [0x67, "i32.clz", "none", "i32 -> i32"],
  [0x68, "i32.ctz", "none", "i32 -> i32"],
  [0x69, "i32.popcnt", "none", "i32 -> i32"],
  [0x6a, "i32.add", "none", "i32 i32 -> i32"],
  [0x6b, "i32.sub", "none", "i32 i32 -> i32"],
  [0x6c, "i32.mul", "none", "i32 i32 -> i32"],
  [0x6d, "i32.div_s", "none", "i32 i32 -> i32"],
  [0x6e, "i32.div_u", "none", "i32 i32 -> i32"],
  [0x6f, "i32.rem_s", "none", "i32 i32 -> i32"],
  [0x70, "i32.rem_u", "none", "i32 i32 -> i32"],
  [0x71, "i32.and", "none", "i32 i32 -> i32"],
  [0x72, "i32.or", "none", "i32 i32 -> i32"],
  [0x73, "i32.xor", "none", "i32 i32 -> i32"],
  [0x74, "i32.shl", "none", "i32 i32 -> i32"],
  [0x75, "i32.shr_s", "none", "i32 i32 -> i32"],
  [0x76, "i32.shr_u", "none", "i32 i32 -> i32"],
  [0x77, "i32.rotl", "none", "i32 i32 -> i32"],
  [0x78, "i32.rotr", "none", "i32 i32 -> i32"],
  [0x79, "i64.clz", "none", "i64 -> i64"],
  [0x7a, "i64.ctz", "none", "i64 -> i64"],
  [0x7b, "i64.popcnt", "none", "i64 -> i64"],
  [0x7c, "i64.add", "none", "i64 i64 -> i64"],
  [0x7d, "i64.sub", "none", "i64 i64 -> i64"],
  [0x7e, "i64.mul", "none", "i64 i64 -> i64"],
  [0x7f, "i64.div_s", "none", "i64 i64 -> i64"],
  [0x80, "i64.div_u", "none", "i64 i64 -> i64"],
  [0x81, "i64.rem_s", "none", "i64 i64 -> i64"],
  [0x82, "i64.rem_u", "none", "i64 i64 -> i64"],
  [0x83, "i64.and", "none", "i64 i64 -> i64"],
  [0x84, "i64.or", "none", "i64 i64 -> i64"],
  [0x85, "i64.xor", "none", "i64 i64 -> i64"],
  [0x86, "i64.shl", "none", "i64 i64 -> i64"],
  [0x87, "i64.shr_s", "none", "i64 i64 -> i64"],
  [0x88, "i64.shr_u", "none", "i64 i64 -> i64"],
  [0x89, "i64.rotl", "none", "i64 i64 -> i64"],
  [0x8a, "i64.rotr", "none", "i64 i64 -> i64"],
  [0x8b, "f32.abs", "none", "f32 -> f32"],
  [0x8c, "f32.neg", "none", "f32 -> f32"],
  [0x8d, "f32.ceil", "none", "f32 -> f32"],
  [0x8e, "f32.floor", "none", "f32 -> f32"],
  [0x8f, "f32.trunc", "none", "f32 -> f32"],
  [0x90, "f32.nearest", "none", "f32 -> f32"],
  [0x91, "f32.sqrt", "none", "f32 -> f32"],
  [0x92, "f32.add", "none", "f32 f32 -> f32"],
  [0x93, "f32.sub", "none", "f32 f32 -> f32"],
  [0x94, "f32.mul", "none", "f32 f32 -> f32"],
  [0x95, "f32.div", "none", "f32 f32 -> f32"],
  [0x96, "f32.min", "none", "f32 f32 -> f32"],
  [0x97, "f32.max", "none", "f32 f32 -> f32"],
  [0x98, "f32.copysign", "none", "f32 f32 -> f32"],
  [0x99, "f64.abs", "none", "f64 -> f64"],
  [0x9a, "f64.neg", "none", "f64 -> f64"],
  [0x9b, "f64.ceil", "none", "f64 -> f64"],
  [0x9c, "f64.floor", "none", "f64 -> f64"],
  [0x9d, "f64.trunc", "none", "f64 -> f64"],
  [0x9e, "f64.nearest", "none", "f64 -> f64"],
  [0x9f, "f64.sqrt", "none", "f64 -> f64"],
  [0xa0, "f64.add", "none", "f64 f64 -> f64"],
  [0xa1, "f64.sub", "none", "f64 f64 -> f64"],
  [0xa2, "f64.mul", "none", "f64 f64 -> f64"],
  [0xa3, "f64.div", "none", "f64 f64 -> f64"],
  [0xa4, "f64.min", "none", "f64 f64 -> f64"],
  [0xa5, "f64.max", "none", "f64 f64 -> f64"],
  [0xa6, "f64.copysign", "none", "f64 f64 -> f64"],
  [0xa7, "i32.wrap_i64", "none", "i64 -> i32"],
  [0xa8, "i32.trunc_f32_s", "none", "f32 -> i32"],
  [0xa9, "i32.trunc_f32_u", "none", "f32 -> i32"],
  [0xaa, "i32.trunc_f64_s", "none", "f64 -> i32"],
  [0xab, "i32.trunc_f64_u", "none", "f64 -> i32"],
  [0xac, "i64.extend_i32_s", "none", "i32 -> i64"],
  [0xad, "i64.extend_i32_u", "none", "i32 -> i64"],
  [0xae, "i64.trunc_f32_s", "none", "f32 -> i64"],
  [0xaf, "i64.trunc_f32_u", "none", "f32 -> i64"],
  [0xb0, "i64.trunc_f64_s", "none", "f64 -> i64"],
  [0xb1, "i64.trunc_f64_u", "none", "f64 -> i64"],
  [0xb2, "f32.convert_i32_s", "none", "i32 -> f32"],
  [0xb3, "f32.convert_i32_u", "none", "i32 -> f32"],
  [0xb4, "f32.convert_i64_s", "none", "i64 -> f32"],
  [0xb5, "f32.convert_i64_u", "none", "i64 -> f32"],
  [0xb6, "f32.demote_f64", "none", "f64 -> f32"],
  [0xb7, "f64.convert_i32_s", "none", "i32 -> f64"],
  [0xb8, "f64.convert_i32_u", "none", "i32 -> f64"],
  [0xb9, "f64.convert_i64_s", "none", "i64 -> f64"],
  [0xba, "f64.convert_i64_u", "none", "i64 -> f64"],
  [0xbb, "f64.promote_f32", "none", "f32 -> f64"],
  [0xbc, "i32.reinterpret_f32", "none", "f32 -> i32"],
  [0xbd, "i64.reinterpret_f64", "none", "f64 -> i64"],
  [0xbe, "f32.reinterpret_i32", "none", "i32 -> f32"],
  [0xbf, "f64.reinterpret_i64", "none", "i64 -> f64"],
  [0xc0, "i32.extend8_s", "none", "i32 -> i32"],
  [0xc1, "i32.extend16_s", "none", "i32 -> i32"],
  [0xc2, "i64.extend8_s", "none", "i64 -> i64"],
  [0xc3, "i64.extend16_s", "none", "i64 -> i64"],
  [0xc4, "i64.extend32_s", "none", "i64 -> i64"],
  [0xd0, "ref.null", "ref", null],
  [0xd1, "ref.is_null", "none", null],
  [0xd2, "ref.func", "func", "-> funcref"],
  [0xfc00, "i32.trunc_sat_f32_s", "none", "f32 -> i32"],
  [0xfc01, "i32.trunc_sat_f32_u", "none", "f32 -> i32"],
  [0xfc02, "i32.trunc_sat_f64_s", "none", "f64 -> i32"],
  [0xfc03, "i32.trunc_sat_f64_u", "none", "f64 -> i32"],
  [0xfc04, "i64.trunc_sat_f32_s", "none", "f32 -> i64"],
  [0xfc05, "i64.trunc_sat_f32_u", "none", "f32 -> i64"],
  [0xfc06, "i64.trunc_sat_f64_s", "none", "f64 -> i64"],
  [0xfc07, "i64.trunc_sat_f64_u", "none", "f64 -> i64"],
  [0xfc08, "memory.init", "data memory", "addr i32 i32 ->"],
  [0xfc09, "data.drop", "data", "->"],
  [0xfc0a, "memory.copy", "memory memory", null],
  [0xfc0b, "memory.fill", "memory", "addr i32 addr ->"],
  [0xfc0c, "table.init", "elem table", null],
  [0xfc0d, "elem.drop", "elem", "->"],
  [0xfc0e, "table.copy", "table table", null],
  [0xfc0f, "table.grow", "table", null],
  [0xfc10, "table.size", "table", null],
  [0xfc11, "table.fill", "table", null],
] as const;

rows satisfies readonly Row[];

/** The name of an instruction in the text format; "select t" is the `select` with types. */
export type OpName = (typeof rows)[number][1];

export interface Op {
  readonly code: number;
  readonly name: OpName;
  readonly immediates: Immediates;
  /** By the address type of the instruction's memory; null if it depends on more than that. */
  readonly type: Readonly<Record<AddressType, CoreFuncType>> | null;
}

const operandTypes = ["i32", "i64", "f32", "f64", "funcref", "externref"] as const;

function parseTypes(words: readonly string[], addr: AddressType): readonly ValueType[] {
  return words.map((word) => operandTypes.find((type) => type === word) ?? addr);
}

function parseType(text: string, addr: AddressType): CoreFuncType {
  const words = text.split(" ");
  const arrow = words.indexOf("->");
  return {
    params: parseTypes(words.slice(0, arrow), addr),
    results: parseTypes(words.slice(arrow + 1), addr),
  };
}

/** Those behind 0xfc come after the 256 of one byte. */
function placeOf(code: number): number {
  return code < 0xfc00 ? code : code - 0xfc00 + 256;
}

const ops: (Op | undefined)[] = Array.from({ length: 256 + 18 });
for (const [code, name, immediates, type] of rows) {
  const types = type === null ? null : { i32: parseType(type, "i32"), i64: parseType(type, "i64") };
  ops[placeOf(code)] = { code, name, immediates, type: types };
}

/** The instruction with this number; undefined if there is none here. */
export function opOf(code: number): Op | undefined {
  return ops[placeOf(code)];
}
