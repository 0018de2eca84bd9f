// Core modules by chance: well-typed bodies over a memory, a table and globals, which always come to an end.

import fc from "fast-check";
import type { CoreType } from "../../../src/model/types.ts";
import type { ValueType } from "../../../src/wasm/module.ts";
import { type Op, opOf } from "../../../src/wasm/opcodes.ts";
import {
  type FunctionPlan,
  indexOf,
  type ModulePlan,
  moduleBytes,
  type Signature,
  signed,
  typeBytes,
  unsigned,
  vector,
} from "./wasm-bytes.ts";

const coreTypes: readonly CoreType[] = ["i32", "i64", "f32", "f64"];

/** Numbers that decide, one after the other; when there are no more, the first and simplest is taken. */
class Dice {
  readonly #numbers: readonly number[];
  #at = 0;
  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }
  below(n: number): number {
    const number = this.#numbers[this.#at] ?? 0;
    this.#at += 1;
    return number % n;
  }
  get over(): boolean {
    return this.#at >= this.#numbers.length;
  }
  of<T>(list: readonly T[]): T {
    const item = list[this.below(list.length)];
    if (item === undefined) throw new Error("nothing to choose from");
    return item;
  }
}

const numericOps: readonly Op[] = [
  ...Array.from({ length: 0xc5 - 0x45 }, (_, i) => 0x45 + i),
  ...Array.from({ length: 8 }, (_, i) => 0xfc00 + i),
].flatMap((code) => opOf(code) ?? []);

const paramsOf = (op: Op): readonly ValueType[] => op.type?.i32.params ?? [];

function opsOf(result: CoreType): readonly Op[] {
  return numericOps.filter((op) => op.type?.i32.results[0] === result);
}

const opsByType = Object.fromEntries(coreTypes.map((t) => [t, opsOf(t)])) as Record<
  CoreType,
  readonly Op[]
>;

const loads: Readonly<Record<CoreType, readonly number[]>> = {
  i32: [0x28, 0x2c, 0x2d, 0x2e, 0x2f],
  i64: [0x29, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35],
  f32: [0x2a],
  f64: [0x2b],
};
const stores: Readonly<Record<CoreType, readonly number[]>> = {
  i32: [0x36, 0x3a, 0x3b],
  i64: [0x37, 0x3c, 0x3d, 0x3e],
  f32: [0x38],
  f64: [0x39],
};

/** Instructions that show the bits of a NaN, which engines choose: their operand is made canonical first. */
const showsBits: ReadonlySet<number> = new Set([0xbc, 0xbd, 0x98, 0xa6]);

const opcode = (code: number): number[] =>
  code < 0xfc00 ? [code] : [0xfc, ...unsigned(code - 0xfc00)];

/** Global 0 counts steps down; the others are one of each type. */
export const globals: readonly CoreType[] = ["i32", ...coreTypes];
const steps = 400n;

interface Label {
  /** null for a loop, to which nothing is taken */
  readonly result: CoreType | null;
}

interface Scope {
  readonly dice: Dice;
  readonly locals: readonly CoreType[];
  readonly labels: readonly Label[];
  readonly functions: readonly Signature[];
  readonly signatures: readonly Signature[];
  readonly result: CoreType;
}

const interesting: readonly bigint[] = [
  0n,
  1n,
  -1n,
  2n,
  7n,
  31n,
  32n,
  63n,
  255n,
  1000n,
  1021n,
  65_533n,
  0x7fff_ffffn,
  -0x8000_0000n,
  0x1_0000_0000n,
  0x7fff_ffff_ffff_ffffn,
  -0x8000_0000_0000_0000n,
  0x1f_ffff_ffff_ffffn,
];
const floats: readonly number[] = [
  0,
  -0,
  1,
  -1,
  0.5,
  -1.5,
  2.5,
  3e9,
  -3e9,
  1e19,
  1e-40,
  1e300,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.NaN,
  2 ** 31,
  2 ** 63,
  -(2 ** 63),
  16_777_217,
  2 ** 53 + 2,
];

function constant(s: Scope, type: CoreType): number[] {
  const { dice } = s;
  if (type === "i32") return [0x41, ...signed(BigInt.asIntN(32, dice.of(interesting)))];
  if (type === "i64")
    return [0x42, ...signed(BigInt.asIntN(64, dice.of(interesting) + BigInt(dice.below(3))))];
  const float = dice.of(floats);
  if (type === "f32") return [0x43, ...new Uint8Array(Float32Array.of(float).buffer)];
  return [0x44, ...new Uint8Array(Float64Array.of(float).buffer)];
}

function localOf(s: Scope, type: CoreType): number {
  const of = s.locals.flatMap((t, i) => (t === type ? [i] : []));
  return s.dice.of(of);
}

/** The same value, but a NaN is the canonical one; each function has a local of each type for this. */
function canonical(s: Scope, type: "f32" | "f64"): number[] {
  const local = s.locals.lastIndexOf(type);
  const nan = type === "f32" ? [0x43, 0, 0, 0xc0, 0x7f] : [0x44, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f];
  const equal = type === "f32" ? 0x5b : 0x61;
  return [0x22, local, ...nan, 0x20, local, 0x20, local, equal, 0x1b];
}

function operandOf(s: Scope, type: ValueType, depth: number, bits: boolean): number[] {
  const t = type as CoreType;
  const code = value(s, t, depth);
  return bits && (t === "f32" || t === "f64") ? [...code, ...canonical(s, t)] : code;
}

function numeric(s: Scope, type: CoreType, depth: number): number[] {
  const op = s.dice.of(opsByType[type]);
  const bits = showsBits.has(op.code);
  return [...paramsOf(op).flatMap((t) => operandOf(s, t, depth, bits)), ...opcode(op.code)];
}

/** Mostly near the ends of pages and of the memory. */
function address(s: Scope, depth: number): number[] {
  const near = s.dice.of([0, 1020, 1024, 2040, 65_528, 131_068]);
  const plain = [0x41, ...signed(BigInt(near + s.dice.below(9)))];
  return s.dice.below(3) === 0 ? value(s, "i32", depth) : plain;
}

const offset = (s: Scope): number[] => [
  0,
  ...unsigned(s.dice.of([0, 1, 4, 1023, 70_000, 2 ** 32 - 1])),
];

function load(s: Scope, type: CoreType, depth: number): number[] {
  return [...address(s, depth), s.dice.of(loads[type]), ...offset(s)];
}

/** Counts a step; the way out of what would go on for ever is a trap. */
const step: readonly number[] = [
  ...[0x23, 0, 0x41, 1, 0x6b, 0x24, 0, 0x23, 0, 0x45],
  ...[0x04, 0x40, 0x00, 0x0b],
];

function inner(s: Scope, label: Label): Scope {
  return { ...s, labels: [label, ...s.labels] };
}

function block(s: Scope, type: CoreType, depth: number): number[] {
  const within = inner(s, { result: type });
  return [0x02, typeBytes[type], ...statements(within, depth), ...value(within, type, depth), 0x0b];
}

function loop(s: Scope, type: CoreType, depth: number): number[] {
  const within = inner(s, { result: null });
  const body = [...statements(within, depth), ...value(within, type, depth)];
  return [0x03, typeBytes[type], ...step, ...body, 0x0b];
}

function conditional(s: Scope, type: CoreType, depth: number): number[] {
  const within = inner(s, { result: type });
  const arm = (): number[] => [...statements(within, depth), ...value(within, type, depth)];
  const condition = value(s, "i32", depth);
  return [...condition, 0x04, typeBytes[type], ...arm(), 0x05, ...arm(), 0x0b];
}

function callArguments(s: Scope, { params }: Signature, depth: number): number[] {
  return params.flatMap((t) => value(s, t, depth));
}

function withResult(list: readonly Signature[], type: CoreType): readonly number[] {
  return list.flatMap(({ results }, i) => (results[0] === type ? [i] : []));
}

function call(s: Scope, type: CoreType, depth: number): number[] {
  const fitting = withResult(s.functions, type);
  if (fitting.length === 0) return constant(s, type);
  const callee = s.dice.of(fitting);
  return [...callArguments(s, s.functions[callee] as Signature, depth), 0x10, indexOf(callee)];
}

function callIndirect(s: Scope, type: CoreType, depth: number): number[] {
  const all = [...s.functions, ...s.signatures];
  const fitting = withResult(all, type);
  if (fitting.length === 0) return constant(s, type);
  const number = s.dice.of(fitting);
  const element = s.dice.below(4) === 0 ? value(s, "i32", depth) : [0x41, s.dice.below(8)];
  return [...callArguments(s, all[number] as Signature, depth), ...element, 0x11, number, 0];
}

function select(s: Scope, type: CoreType, depth: number): number[] {
  return [...value(s, type, depth), ...value(s, type, depth), ...value(s, "i32", depth), 0x1b];
}

function tee(s: Scope, type: CoreType, depth: number): number[] {
  return [...value(s, type, depth), 0x22, localOf(s, type)];
}

function branchIf(s: Scope, type: CoreType, depth: number): number[] {
  const fitting = s.labels.flatMap(({ result }, i) => (result === type ? [i] : []));
  if (fitting.length === 0) return value(s, type, depth);
  return [...value(s, type, depth), ...value(s, "i32", depth), 0x0d, s.dice.of(fitting)];
}

function fromSize(s: Scope, type: CoreType, depth: number): number[] {
  if (type !== "i32") return constant(s, type);
  const grow = [...value(s, "i32", depth), ...[0x41, 1, 0x71, 0x40, 0]];
  const table = [0xd0, 0x70, 0x41, s.dice.below(4), 0xfc, 15, 0];
  return s.dice.of([[0x3f, 0], grow, [0xfc, 16, 0], table, [0x41, 2, 0x25, 0, 0xd1]]);
}

/** Asks the host. */
function ask(s: Scope, type: CoreType, depth: number): number[] {
  return type === "i32" ? [...value(s, "i32", depth), 0x10, 0] : constant(s, type);
}

type Make = (s: Scope, type: CoreType, depth: number) => number[];

const plain: readonly Make[] = [
  constant,
  (s, type) => [0x20, localOf(s, type)],
  (_s, type) => [0x23, 1 + coreTypes.indexOf(type)],
];
const deep: readonly Make[] = [
  ...plain,
  ...[numeric, numeric, numeric, numeric, numeric, load, load, block, loop, conditional],
  ...[call, callIndirect, ask, select, tee, branchIf, fromSize],
];

/** An expression. */
function value(s: Scope, type: CoreType, depth: number): number[] {
  const make = s.dice.of(depth <= 0 || s.dice.over ? plain : deep);
  return make(s, type, depth - 1);
}

type Do = (s: Scope, depth: number) => number[];

function setLocal(s: Scope, depth: number): number[] {
  const local = s.dice.below(s.locals.length);
  return [...value(s, s.locals[local] as CoreType, depth), 0x21, local];
}

function setGlobal(s: Scope, depth: number): number[] {
  const type = s.dice.of(coreTypes);
  return [...value(s, type, depth), 0x24, 1 + coreTypes.indexOf(type)];
}

function store(s: Scope, depth: number): number[] {
  const type = s.dice.of(coreTypes);
  const where = address(s, depth);
  return [...where, ...operandOf(s, type, depth, true), s.dice.of(stores[type]), ...offset(s)];
}

function branch(s: Scope, depth: number): number[] {
  const at = s.dice.below(s.labels.length + 1);
  const result = at === s.labels.length ? s.result : (s.labels[at]?.result ?? null);
  const taken = result === null ? [] : value(s, result, depth);
  const leave = at === s.labels.length ? [0x0f] : [0x0c, at];
  return [...value(s, "i32", depth), 0x04, 0x40, ...taken, ...moved(leave), 0x0b];
}

/** A branch one block further in. */
const moved = ([code = 0, ...label]: readonly number[]): number[] => [
  code,
  ...label.map((l) => l + 1),
];

function branchTable(s: Scope, depth: number): number[] {
  const inside = { ...inner(inner(s, { result: "i32" }), { result: "i32" }) };
  const table = [0x0e, ...vector([[0], [1], [0]]), 1];
  const body = [...value(inside, "i32", depth), ...value(inside, "i32", depth), ...table];
  return [0x02, 0x7f, 0x02, 0x7f, ...body, 0x0b, 0x41, 1, 0x6a, 0x0b, 0x24, 1];
}

function bulk(s: Scope, depth: number): number[] {
  const n = [0x41, s.dice.below(20)];
  const byte = [0x41, s.dice.below(16)];
  return s.dice.of<() => number[]>([
    () => [...address(s, depth), ...value(s, "i32", depth), ...n, 0xfc, 11, 0],
    () => [...address(s, depth), ...address(s, depth), ...n, 0xfc, 10, 0, 0],
    () => [...address(s, depth), ...byte, ...n, 0xfc, 8, 1, 0],
    () => [0xfc, 9, 1],
    () => [...byte, 0x41, s.dice.below(3), 0x41, s.dice.below(4), 0xfc, 12, 1, 0],
    () => [0xfc, 13, 1],
    () => [...byte, 0x41, s.dice.below(9), 0x41, s.dice.below(5), 0xfc, 14, 0, 0],
    () => [...byte, 0xd2, indexOf(0), ...n, 0xfc, 17, 0],
    () => [...byte, 0xd0, 0x70, 0x26, 0],
  ])();
}

function tailCall(s: Scope, depth: number): number[] {
  const fitting = withResult(s.functions, s.result);
  const callee = s.dice.of(fitting);
  const args = callArguments(s, s.functions[callee] as Signature, depth);
  return [...value(s, "i32", depth), 0x04, 0x40, ...args, 0x12, indexOf(callee), 0x0b];
}

const drop: Do = (s, depth) => [...value(s, s.dice.of(coreTypes), depth), 0x1a];

const doings: readonly Do[] = [
  ...[setLocal, setLocal, setGlobal, store, store, branch, branchTable, bulk, tailCall, drop],
];

function statements(s: Scope, depth: number): number[] {
  if (depth <= 0) return [];
  return Array.from({ length: s.dice.below(4) }, () => {
    return s.dice.over ? [] : s.dice.of(doings)(s, depth - 1);
  }).flat();
}

function functionPlan(
  dice: Dice,
  signature: Signature,
  functions: readonly Signature[],
  signatures: readonly Signature[],
): FunctionPlan {
  const locals = [...coreTypes, dice.of(coreTypes), ...coreTypes];
  const all = [...signature.params, ...locals];
  const result = signature.results[0] ?? "i32";
  const s: Scope = { dice, locals: all, labels: [], functions, signatures, result };
  const code = [...step, ...statements(s, 4), ...statements(s, 4), ...value(s, result, 4)];
  return { signature, locals, code };
}

function anySignature(dice: Dice): Signature {
  const params = Array.from({ length: dice.below(4) }, () => dice.of(coreTypes));
  return { params, results: [dice.of(coreTypes)] };
}

/** A module whose global 0 has to be set to `steps` before a call; its functions are `f0`, `f1` .. */
export interface AnyModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly functions: readonly Signature[];
  readonly steps: bigint;
}

function plan(numbers: readonly number[]): AnyModule {
  const dice = new Dice(numbers);
  const functions = Array.from({ length: 1 + dice.below(3) }, () => anySignature(dice));
  const signatures = [anySignature(dice)];
  const modulePlan: ModulePlan = {
    functions: functions.map((f) => functionPlan(dice, f, functions, signatures)),
    signatures,
    globals,
    elements: [0, functions.length - 1, 0],
    tableSize: 6,
    data: [1, 2, 3, 250, 251, 252, 0, 128, 7, 9],
  };
  return { bytes: moduleBytes(modulePlan), functions, steps };
}

/** A module; fewer numbers make a simpler one. */
export const anyModule: fc.Arbitrary<AnyModule> = fc
  .array(fc.nat(0x7fff_ffff), { maxLength: 400, size: "max" })
  .map(plan);
