// One-function modules around functions: they tell of each call and each return, and survive suspension. Mirrors spec/15.

import type { CoreFuncType, ValueType } from "../../wasm/module.ts";
import { type CompiledModule, webAssembly } from "./web-assembly.ts";

/** Who is told. */
export interface Listener {
  /** Before the call; the number that is given back is the call's. */
  readonly before: (...args: readonly unknown[]) => number;
  /** When the call has returned; a call that throws is not told. */
  readonly after: (activation: number, ...results: readonly unknown[]) => void;
}

const typeCodes: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  funcref: 0x70,
  externref: 0x6f,
  exnref: 0x69,
};

const localGet = 0x20;
const localSet = 0x21;
const call = 0x10;
const end = 0x0b;

/** An unsigned number in LEB128. */
function unsigned(n: number): readonly number[] {
  return n < 0x80 ? [n] : [(n & 0x7f) | 0x80, ...unsigned(n >>> 7)];
}

function vector(items: readonly (readonly number[])[]): readonly number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function sized(bytes: readonly number[]): readonly number[] {
  return [...unsigned(bytes.length), ...bytes];
}

function section(id: number, items: readonly (readonly number[])[]): readonly number[] {
  return [id, ...sized(vector(items))];
}

function text(name: string): readonly number[] {
  return sized([...name].map((char) => char.charCodeAt(0)));
}

function funcType(params: readonly ValueType[], results: readonly ValueType[]): readonly number[] {
  const codes = (types: readonly ValueType[]) => vector(types.map((t) => [typeCodes[t]]));
  return [0x60, ...codes(params), ...codes(results)];
}

function importOf(name: string, type: number): readonly number[] {
  return [...text(""), ...text(name), 0, type];
}

function locals(op: number, first: number, count: number): readonly (readonly number[])[] {
  return Array.from({ length: count }, (_, i) => [op, ...unsigned(first + i)]);
}

/** `before`, the function itself, `after`; the activation and the results are locals, behind the parameters. */
function bodyOf({ params, results }: CoreFuncType): readonly number[] {
  const activation = params.length;
  const first = activation + 1;
  const args = locals(localGet, 0, params.length).flat();
  const kept = locals(localGet, first, results.length).flat();
  return [
    ...vector([[1, typeCodes.i32], ...results.map((t) => [1, typeCodes[t]])]),
    ...[...args, call, 0, localSet, ...unsigned(activation)],
    ...[...args, call, 1, ...locals(localSet, first, results.length).toReversed().flat()],
    ...[localGet, ...unsigned(activation), ...kept, call, 2],
    ...[...kept, end],
  ];
}

/** The bytes of the module for functions of this type: it imports `before`, `target`, `after`, exports `f`. */
function shimBytes(type: CoreFuncType): Uint8Array {
  const { params, results } = type;
  const types = [
    funcType(params, results),
    funcType(params, ["i32"]),
    funcType(["i32", ...results], []),
  ];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, types),
    ...section(2, [importOf("before", 1), importOf("target", 0), importOf("after", 2)]),
    ...section(3, [[0]]),
    ...section(7, [[...text("f"), 0, 3]]),
    ...section(10, [sized(bodyOf(type))]),
  ]);
}

/** Puts shims around functions; each type is compiled once. */
export type Wrap = (type: CoreFuncType, target: unknown, listener: Listener) => unknown;

/**
 * A wrapper of functions. `target` is anything that can be imported as a function, also a
 * `WebAssembly.Suspending`; what comes back is an exported function, which may be made promising.
 */
export function newWrap(): Wrap {
  const compiled = new Map<string, CompiledModule>();
  const moduleOf = (type: CoreFuncType): CompiledModule => {
    const key = `${type.params}>${type.results}`;
    const module = compiled.get(key) ?? new webAssembly.Module(shimBytes(type));
    compiled.set(key, module);
    return module;
  };
  return (type, target, { before, after }) => {
    const imports = { "": { before, target, after } };
    return new webAssembly.Instance(moduleOf(type), imports).exports.f;
  };
}
