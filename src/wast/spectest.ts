// The module `spectest` that core scripts import, as bytes. Mirrors the reference interpreter's README.

import { encodeUtf8 } from "../canon/values/utf.ts";
import { joined } from "./strings.ts";

const code = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c } as const;

type Type = keyof typeof code;

/** What prints: it takes values and does nothing, because nobody looks. */
const printers: Readonly<Record<string, readonly Type[]>> = {
  print: [],
  print_i32: ["i32"],
  print_i64: ["i64"],
  print_f32: ["f32"],
  print_f64: ["f64"],
  print_i32_f32: ["i32", "f32"],
  print_f64_f64: ["f64", "f64"],
};

/** All vectors here have fewer than 128 items, and sections fewer than 2^14 bytes. */
function sized(bytes: readonly number[]): readonly number[] {
  return [(bytes.length & 127) | 128, bytes.length >> 7, ...bytes];
}

function section(id: number, items: readonly (readonly number[])[]): readonly number[] {
  return [id, ...sized([items.length, ...items.flat()])];
}

function floats(bits: ArrayBufferLike): readonly number[] {
  return [...new Uint8Array(bits)];
}

const end = 0x0b;
const floating = 666.6;

/** The initial values as instructions: 666 in LEB128, and 666.6 of each width. */
const globals: readonly (readonly [name: string, type: Type, init: readonly number[]])[] = [
  ["global_i32", "i32", [0x41, 0x9a, 0x05]],
  ["global_i64", "i64", [0x42, 0x9a, 0x05]],
  ["global_f32", "f32", [0x43, ...floats(Float32Array.of(floating).buffer)]],
  ["global_f64", "f64", [0x44, ...floats(Float64Array.of(floating).buffer)]],
];

function exported(name: string, kind: number, index: number): readonly number[] {
  const bytes = encodeUtf8(name);
  return [bytes.length, ...bytes, kind, index];
}

function exports(table64: boolean): readonly (readonly number[])[] {
  return [
    ...Object.keys(printers).map((name, index) => exported(name, 0, index)),
    exported("table", 1, 0),
    ...(table64 ? [exported("table64", 1, 1)] : []),
    exported("memory", 2, 0),
    ...globals.map(([name], index) => exported(name, 3, index)),
  ];
}

/** The bytes of the module; `table64`: with a table of 64-bit indices, which Wasm 2.0 does not have. */
export function spectest(table64: boolean): Uint8Array {
  const kinds = Object.values(printers);
  const types = kinds.map((params) => [0x60, params.length, ...params.map((t) => code[t]), 0]);
  const bytes = [
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, types),
    ...section(
      3,
      kinds.map((_, index) => [index]),
    ),
    ...section(4, [[0x70, 1, 10, 20], ...(table64 ? [[0x70, 5, 10, 20]] : [])]),
    ...section(5, [[1, 1, 2]]),
    ...section(
      6,
      globals.map(([, type, init]) => [code[type], 0, ...init, end]),
    ),
    ...section(7, exports(table64)),
    ...section(
      10,
      kinds.map(() => [2, 0, end]),
    ),
  ];
  return joined([Uint8Array.from(bytes)]);
}
