// Compiles constants and numeric instructions to register code. Mirrors spec/14.

import { own, placeOf, withConstant } from "./code.ts";
import type { Body } from "./compile-body.ts";
import type { ValueType } from "./module.ts";

/** The instructions between two numbers, both included. */
function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

const i32Binary = [...range(0x46, 0x4f), ...range(0x6a, 0x78)];

/** Those that the loop of the interpreter does itself; the others are in `numeric`. */
const inLoop: ReadonlySet<number> = new Set([
  ...i32Binary,
  ...[0x67, 0x68],
  ...range(0x50, 0x66),
  ...[0x7c, 0x7d, 0x7e],
  ...range(0x83, 0x88),
  ...range(0x92, 0x95),
  ...range(0xa0, 0xa3),
  ...[0xac, 0xad, 0xb7, 0xb8, 0xc0, 0xc1, 0xc4],
]);

/** Those of i32 and i64 that have a form with a constant. */
const constants32: ReadonlySet<number> = new Set(i32Binary);
const constants64: ReadonlySet<number> = new Set([0x7c, ...range(0x83, 0x88)]);

/** Those that only say that bits are of another type. */
const renaming: ReadonlySet<number> = new Set([0xa7, ...range(0xbc, 0xbf)]);

function compileUnary(b: Body, code: number, result: ValueType): void {
  const { out } = b;
  if (renaming.has(code)) {
    out.retype(result);
    return;
  }
  const a = out.pop();
  if (inLoop.has(code)) out.emitTo(result, code, a);
  else out.emitTo(result, own.numeric, placeOf(code), a, 0);
}

/** A subtraction of a constant from i64 is an addition. */
function compileWithConstant(b: Body, code: number, result: ValueType): boolean {
  const { out } = b;
  const constant = out.constant();
  if (constant === null) return false;
  const { low, high } = constant;
  if (constants32.has(code)) {
    out.drop();
    out.emitTo(result, code + withConstant, out.pop(), low);
  } else if (constants64.has(code)) {
    out.drop();
    out.emitTo(result, code + withConstant, out.pop(), low, high);
  } else if (code === 0x7d) {
    out.drop();
    const negative = -((BigInt(high) << 32n) | BigInt(low >>> 0));
    const words = [Number(BigInt.asIntN(32, negative)), Number(BigInt.asIntN(32, negative >> 32n))];
    out.emitTo(result, 0x7c + withConstant, out.pop(), ...words);
  } else return false;
  return true;
}

function compileBinary(b: Body, code: number, result: ValueType): void {
  const { out } = b;
  if (compileWithConstant(b, code, result)) return;
  const second = out.pop();
  const first = out.pop();
  if (inLoop.has(code)) out.emitTo(result, code, first, second);
  else out.emitTo(result, own.numeric, placeOf(code), first, second);
}

function compileIsZero({ out }: Body): void {
  if (out.negate()) return;
  out.emitTo("i32", 0x46 + withConstant, out.pop(), 0);
}

/** Compiles the instruction at hand: a constant, or one that has numbers only. */
export function compileNumeric(b: Body): void {
  const { code, type } = b.at.op;
  const result = type?.i32.results[0] ?? "i32";
  if (code >= 0x41 && code <= 0x44) b.out.pushConst(result, b.at.low, b.at.high);
  else if (code === 0x45) compileIsZero(b);
  else if (type?.i32.params.length === 1) compileUnary(b, code, result);
  else compileBinary(b, code, result);
}
