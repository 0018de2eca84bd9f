// Writes core modules byte by byte: what the generator of modules is made of.

import type { CoreType } from "../../../src/model/types.ts";

export const typeBytes: Readonly<Record<CoreType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
};

export interface Signature {
  readonly params: readonly CoreType[];
  readonly results: readonly CoreType[];
}

/** An unsigned integer in LEB128. */
export function unsigned(n: number): number[] {
  return n < 0x80 ? [n] : [(n % 0x80) | 0x80, ...unsigned(Math.floor(n / 0x80))];
}

/** A signed integer in LEB128. */
export function signed(n: bigint): number[] {
  const low = Number(BigInt.asUintN(7, n));
  const rest = n >> 7n;
  const done = (rest === 0n && low < 0x40) || (rest === -1n && low >= 0x40);
  return done ? [low] : [low | 0x80, ...signed(rest)];
}

export function vector(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

const section = (id: number, body: readonly number[]): number[] => [
  id,
  ...unsigned(body.length),
  ...body,
];

const text = (name: string): number[] =>
  vector([...new TextEncoder().encode(name)].map((b) => [b]));

const types = (list: readonly CoreType[]): number[] => vector(list.map((t) => [typeBytes[t]]));

export interface FunctionPlan {
  readonly signature: Signature;
  readonly locals: readonly CoreType[];
  readonly code: readonly number[];
}

/** A module with one memory, one table and globals of each type, all of them exported. */
export interface ModulePlan {
  readonly functions: readonly FunctionPlan[];
  readonly signatures: readonly Signature[];
  readonly globals: readonly CoreType[];
  /** functions in the table's first entries; the others are null */
  readonly elements: readonly number[];
  readonly tableSize: number;
  readonly data: readonly number[];
}

const zeros: Readonly<Record<CoreType, readonly number[]>> = {
  i32: [0x41, 0],
  i64: [0x42, 0],
  f32: [0x43, 0, 0, 0, 0],
  f64: [0x44, 0, 0, 0, 0, 0, 0, 0, 0],
};

function bodyOf({ locals, code }: FunctionPlan): number[] {
  const body = [...vector(locals.map((t) => [1, typeBytes[t]])), ...code, 0x0b];
  return [...unsigned(body.length), ...body];
}

function exportsOf({ functions, globals }: ModulePlan): number[] {
  return vector([
    [...text("m"), 2, 0],
    [...text("t"), 1, 0],
    ...functions.map((_, i) => [...text(`f${i}`), 0, indexOf(i)]),
    ...globals.map((_, i) => [...text(`g${i}`), 3, i]),
  ]);
}

/** Functions that are imported: `host` `ask`, of i32 to i32. */
const imported = 1;

/** The index of function `i`. */
export function indexOf(i: number): number {
  return imported + i;
}

/** The module's bytes. Function `i` has the type `i`; further types follow, then that of the import. */
export function moduleBytes(plan: ModulePlan): Uint8Array<ArrayBuffer> {
  const ask: Signature = { params: ["i32"], results: ["i32"] };
  const signatures = [...plan.functions.map((f) => f.signature), ...plan.signatures, ask];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(
      1,
      vector(signatures.map(({ params, results }) => [0x60, ...types(params), ...types(results)])),
    ),
    ...section(2, vector([[...text("host"), ...text("ask"), 0, signatures.length - 1]])),
    ...section(3, vector(plan.functions.map((_, i) => unsigned(i)))),
    ...section(
      4,
      vector([[0x70, 1, ...unsigned(plan.tableSize), ...unsigned(plan.tableSize + 4)]]),
    ),
    ...section(5, vector([[1, 1, 3]])),
    ...section(6, vector(plan.globals.map((t) => [typeBytes[t], 1, ...zeros[t], 0x0b]))),
    ...section(7, exportsOf(plan)),
    ...section(
      9,
      vector([
        [0, 0x41, 0, 0x0b, ...vector(plan.elements.map((i) => unsigned(indexOf(i))))],
        [1, 0, ...vector(plan.elements.map((i) => unsigned(indexOf(i))))],
      ]),
    ),
    ...section(12, [2]),
    ...section(10, vector(plan.functions.map(bodyOf))),
    ...section(
      11,
      vector([
        [0, 0x41, ...signed(1000n), 0x0b, ...vector(plan.data.map((b) => [b]))],
        [1, ...vector(plan.data.map((b) => [b]))],
      ]),
    ),
  ]);
}
