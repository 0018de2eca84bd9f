// The interpreter of core code agrees with the engine that these tests run in.

import fc from "fast-check";
import { expect, test } from "vitest";
import type { CoreTrapReason } from "../../src/canon/machine.ts";
import type { InstanceId } from "../../src/model/ids.ts";
import { decode, encode, type Json } from "../../src/model/json.ts";
import { readBytes } from "../../src/model/memory.ts";
import type { CoreType } from "../../src/model/types.ts";
import type { CoreValue } from "../../src/model/values.ts";
import { decodeModule } from "../../src/wasm/decode.ts";
import { type CoreState, coreKey, type ModuleInst } from "../../src/wasm/program.ts";
import { type BareStore, bareStore, type Ended } from "../../src/wasm/store.ts";
import { validateModule } from "../../src/wasm/validate.ts";
import { contextOf, coreOf, first, next } from "../unit/wasm-run-harness.ts";
import { type AnyModule, anyModule, globals } from "./arbitraries/wasm-modules.ts";
import { runs } from "./laws.ts";

/** What V8 says where the specification traps. */
const messages: Readonly<Record<CoreTrapReason, RegExp>> = {
  unreachable: /^unreachable$/,
  "divide-by-zero": /^(divide|remainder) by zero$/,
  "integer-overflow": /^(divide result unrepresentable|float unrepresentable in integer range)$/,
  "invalid-conversion": /^float unrepresentable in integer range$/,
  "memory-out-of-bounds": /^memory access out of bounds$/,
  "table-out-of-bounds": /^table (index|access|element|or).*out of bounds$|^element segment/,
  "undefined-element": /^table index is out of bounds$/,
  "uninitialized-element": /^null function or function signature mismatch$/,
  "indirect-type": /^null function or function signature mismatch$/,
  "null-reference": /^null/,
  "stack-exhausted": /^Maximum call stack size exceeded$/,
};

type Words = readonly number[];

/** The words of a value that V8 gave, with every NaN the same. */
function wordsOf(type: CoreType, value: unknown): Words {
  const buffer = new DataView(new ArrayBuffer(8));
  if (type === "i32") buffer.setInt32(0, Number(value), true);
  else if (type === "i64") buffer.setBigInt64(0, value as bigint, true);
  else if (Number.isNaN(value)) return [-1, -1];
  else if (type === "f32") buffer.setFloat32(0, value as number, true);
  else buffer.setFloat64(0, value as number, true);
  const high = type === "i64" || type === "f64" ? buffer.getInt32(4, true) : 0;
  return [buffer.getInt32(0, true), high];
}

/** The same of our words. */
function sameNaN(type: CoreType, [low = 0, high = 0]: Int32Array): Words {
  const view = new DataView(Int32Array.of(low, high).buffer);
  if (type === "f32" && Number.isNaN(view.getFloat32(0, true))) return [-1, -1];
  if (type === "f64" && Number.isNaN(view.getFloat64(0, true))) return [-1, -1];
  return [low, type === "i64" || type === "f64" ? high : 0];
}

interface V8Global {
  value: unknown;
}
interface V8Table {
  readonly length: number;
  get(at: number): unknown;
}
interface V8Memory {
  readonly buffer: ArrayBuffer;
}
type Exports = Readonly<Record<string, unknown>>;

/** The engine's own interface, of which these tests need no more. */
const { WebAssembly } = globalThis as unknown as {
  readonly WebAssembly: {
    readonly Module: new (bytes: Uint8Array) => object;
    readonly Instance: new (module: object, imports: object) => { readonly exports: Exports };
  };
};

interface Seen {
  readonly ended: string;
  readonly results: readonly Words[];
  readonly globals: readonly Words[];
  /** in base64: to compare arrays of this length would take long */
  readonly memory: string;
  readonly table: readonly boolean[];
}

/** The calls to make: a function and the words of its arguments. */
interface Call {
  readonly func: number;
  readonly args: readonly bigint[];
}

function argOf(type: CoreType, bits: bigint): number | bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigInt64(0, bits, true);
  if (type === "i64") return view.getBigInt64(0, true);
  if (type === "f64") return view.getFloat64(0, true);
  return type === "i32" ? view.getInt32(0, true) : view.getFloat32(0, true);
}

function callV8(
  exports: Exports,
  { functions, steps }: AnyModule,
  { func, args }: Call,
): { ended: string; value: unknown } {
  (exports.g0 as V8Global).value = Number(steps);
  try {
    const given = (functions[func]?.params ?? []).map((t, i) => argOf(t, args[i] ?? 0n));
    const value = (exports[`f${func}`] as (...all: unknown[]) => unknown)(...given);
    return { ended: "results", value };
  } catch (error) {
    return { ended: (error as Error).message, value: null };
  }
}

function inV8(exports: Exports, any: AnyModule, call: Call): Seen {
  const { results = [] } = any.functions[call.func] ?? {};
  const { ended, value } = callV8(exports, any, call);
  const table = exports.t as V8Table;
  return {
    ended,
    results: ended === "results" ? results.map((t) => wordsOf(t, value)) : [],
    globals: globals.map((t, i) => wordsOf(t, (exports[`g${i}`] as V8Global).value)),
    memory: Buffer.from((exports.m as V8Memory).buffer).toString("base64"),
    table: Array.from({ length: table.length }, (_, i) => table.get(i) !== null),
  };
}

/** Arguments as words: the bits as they are. */
function argWords(args: readonly bigint[]): Int32Array {
  return new Int32Array(BigInt64Array.from(args).buffer);
}

const endedAs = (ended: Ended): string => (ended.tag === "trap" ? ended.reason : ended.tag);

function inOurs(store: BareStore, instance: ModuleInst, any: AnyModule, call: Call): Seen {
  const { params = [], results = [] } = any.functions[call.func] ?? {};
  const found = instance.exports.get(`f${call.func}`);
  if (found?.tag !== "func") throw new Error("no such function");
  // global 0 is the first of the space
  store.state().globals.set([Number(any.steps), 0]);
  const ended = store.invoke(found.address, argWords(call.args.slice(0, params.length)));
  const state = store.state();
  const [id] = instance.memories;
  const memory = store.memory(id as never);
  return {
    ended: endedAs(ended),
    results:
      ended.tag === "results"
        ? results.map((t, i) => sameNaN(t, ended.words.subarray(2 * i, 2 * i + 2)))
        : [],
    globals: globals.map((t, i) => sameNaN(t, state.globals.subarray(2 * i, 2 * i + 2))),
    memory: Buffer.from(readBytes(memory, 0, memory.length).buffer).toString("base64"),
    table: Array.from(state.tables[0] ?? [], (ref) => ref !== 0),
  };
}

const anyCall: fc.Arbitrary<Call> = fc.record({
  func: fc.nat(2),
  args: fc.array(fc.oneof(fc.constantFrom(0n, 1n, -1n), fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n)), {
    minLength: 4,
    maxLength: 4,
  }),
});

/** How often what happened; so that the law does not hold for want of anything to hold for. */
const tally = new Map<string, number>();

/** What the host answers. */
const answer = (asked: number): number => (Math.imul(asked, 3) + 1) | 0;

const v8Imports = { host: { ask: answer } };

function check(any: AnyModule, calls: readonly Call[]): void {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(any.bytes), v8Imports);
  const module = decodeModule(any.bytes);
  validateModule(module);
  const store = bareStore();
  const type = { params: ["i32"], results: ["i32"] } as const;
  const run = ([asked]: readonly CoreValue[]): number[] => [answer(Number(asked))];
  const address = store.space.program.funcs.push({ tag: "host", name: "ask", type, run }) - 1;
  const ours = store.instantiate("m", module, () => ({ tag: "func", type, address }));
  expect(ours.ended.tag).toBe("results");
  for (const call of calls) {
    if (call.func >= any.functions.length) continue;
    const theirs = inV8(instance.exports, any, call);
    const mine = inOurs(store, ours.instance, any, call);
    tally.set(mine.ended, (tally.get(mine.ended) ?? 0) + 1);
    const message = messages[mine.ended as CoreTrapReason] ?? /^results$/;
    expect(theirs.ended).toMatch(message);
    // V8 counts the depth of calls in its own way
    expect({ ...mine, ended: "" }).toEqual({ ...theirs, ended: "" });
  }
}

test("results, traps, memory, globals and table are those of V8", () => {
  fc.assert(
    fc.property(anyModule, fc.array(anyCall, { minLength: 1, maxLength: 3 }), check),
    runs(300),
  );
  const endings = ["results", "unreachable", "memory-out-of-bounds", "table-out-of-bounds"];
  const more = ["indirect-type", "uninitialized-element", "undefined-element", "divide-by-zero"];
  for (const ending of [...endings, ...more]) expect(tally.get(ending)).toBeGreaterThan(2);
});

/** Of all runs together. */
let callsOut = 0;

/** Calls a function and answers all that it asks; each time its state goes through JSON. */
function asGuest(any: AnyModule, { func, args }: Call): string {
  const module = decodeModule(any.bytes);
  validateModule(module);
  const made = coreOf(module);
  const c = contextOf(made);
  first(made, c, "");
  const { globals: cells } = c.edit.instance.read(0 as InstanceId).globals[coreKey] as CoreState;
  cells.set([Number(any.steps), 0]);
  const name = `f${func}`;
  const given = (any.functions[func]?.params ?? []).map((t, i) => argOf(t, args[i] ?? 0n));
  let { move, state } = first(made, c, name, given);
  while (move.tag === "call") {
    callsOut += 1;
    const plain = decode(JSON.parse(JSON.stringify(encode(state))) as Json);
    ({ move, state } = next(made, c, name, plain, [answer(Number(move.args[0]))]));
  }
  if (move.tag === "trap") return move.reason;
  return move.tag === "return" ? shown(move.values) : move.tag;
}

/** Every NaN is the same; i64 as this interpreter has it, unsigned. */
function shown(values: readonly unknown[]): string {
  return values.map(String).join();
}

function v8Shown(any: AnyModule, call: Call): string {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(any.bytes), v8Imports);
  const { ended, value } = callV8(exports, any, call);
  if (ended !== "results") return ended;
  const [type] = any.functions[call.func]?.results ?? [];
  if (type === "i64") return String(BigInt.asUintN(64, value as bigint));
  return String(type === "i32" ? (value as number) >>> 0 : value);
}

test("a guest whose state is saved at each call out ends as in V8", () => {
  fc.assert(
    fc.property(anyModule, anyCall, (any, call) => {
      fc.pre(call.func < any.functions.length);
      const mine = asGuest(any, call);
      const message = messages[mine as CoreTrapReason];
      const theirs = v8Shown(any, call);
      if (message === undefined) expect(theirs).toBe(mine);
      else expect(theirs).toMatch(message);
    }),
    runs(300),
  );
  expect(callsOut).toBeGreaterThan(20);
});
