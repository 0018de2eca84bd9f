// Core code: instructions a second, also compared with the engine that runs this, and forks of a memory.

import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { newMemory, writeInt } from "../src/model/memory.ts";
import { DataWriter } from "../src/scheduler/encoding/data.ts";
import { Encoding } from "../src/scheduler/encoding/encoding.ts";
import { decodeModule } from "../src/wasm/decode.ts";
import { type BareStore, bareStore } from "../src/wasm/store.ts";
import { validateModule } from "../src/wasm/validate.ts";
import { median, seconds } from "./measure.ts";
import { demand, type Figure, type Target } from "./workload.ts";

/** A function of one i32 that loops as many times as it is told. */
interface Kernel {
  readonly name: string;
  readonly text: string;
  /** how large, and what to try it with */
  readonly n: number;
  readonly small: number;
  /** how many core instructions it takes, as written in the text */
  instructions(n: number): number;
  readonly target: Target | null;
}

/** The instructions of a loop's turn, around which there is next to nothing. */
const each =
  (count: number) =>
  (n: number): number =>
    n * count;

const next = `(local.set $i (i32.add (local.get $i) (i32.const 1)))
  (br_if $l (i32.lt_u (local.get $i) (local.get $n)))`;

const header = `(memory 16) (func $f (export "f") (param $n i32)`;

/** Calls of the function below for each Fibonacci number. */
function calls(n: number): number {
  let [a, b] = [1, 1];
  for (let i = 1; i < n; i++) [a, b] = [b, a + b + 1];
  return b;
}

const kernels: readonly Kernel[] = [
  {
    name: "wasm-sum",
    text: `${header} (result i32) (local $i i32) (local $s i32)
      (loop $l
        (local.set $s (i32.add (i32.xor (local.get $s) (local.get $i)) (i32.const 7)))
        (if (i32.gt_s (local.get $s) (i32.const 1000000))
          (then (local.set $s (i32.shr_u (local.get $s) (i32.const 3)))))
        ${next})
      (local.get $s))`,
    n: 10_000_000,
    small: 10,
    // the shift is rare: it is not counted
    instructions: each(18),
    target: { of: "value", is: "at least", bound: 100_000_000 },
  },
  {
    name: "wasm-memory",
    text: `${header} (result i32) (local $i i32) (local $s i32) (local $p i32)
      (loop $l
        (local.set $p (i32.and (i32.mul (local.get $i) (i32.const 68)) (i32.const 0x7fffc)))
        (i32.store offset=4 (local.get $p)
          (i32.add (i32.load offset=4 (local.get $p)) (local.get $i)))
        (local.set $s (i32.add (local.get $s) (i32.load8_u offset=5 (local.get $p))))
        ${next})
      (local.get $s))`,
    n: 3_000_000,
    small: 10,
    instructions: each(25),
    target: { of: "value", is: "at least", bound: 100_000_000 },
  },
  {
    name: "wasm-calls",
    text: `${header} (result i32)
      (if (result i32) (i32.lt_u (local.get $n) (i32.const 2))
        (then (local.get $n))
        (else (i32.add
          (call $f (i32.sub (local.get $n) (i32.const 1)))
          (call $f (i32.sub (local.get $n) (i32.const 2)))))))`,
    n: 27,
    small: 5,
    // a call that makes two more has 13 instructions; the others, which are one more, have 5
    instructions: (n) => Math.floor(calls(n) / 2) * 13 + Math.ceil(calls(n) / 2) * 5,
    target: null,
  },
  {
    name: "wasm-hash",
    text: `${header} (result i64) (local $i i32) (local $h i64)
      (local.set $h (i64.const 0xcbf29ce484222325))
      (loop $l
        (local.set $h (i64.mul (i64.xor (local.get $h) (i64.extend_i32_u (local.get $i)))
          (i64.const 0x100000001b3)))
        (local.set $h (i64.xor (local.get $h) (i64.shr_u (local.get $h) (i64.const 29))))
        ${next})
      (local.get $h))`,
    n: 3_000_000,
    small: 10,
    instructions: each(21),
    target: null,
  },
  {
    name: "wasm-f64",
    text: `${header} (result f64) (local $i i32) (local $x f64)
      (local.set $x (f64.const 0.5))
      (loop $l
        (local.set $x (f64.mul (f64.mul (f64.const 3.9) (local.get $x))
          (f64.sub (f64.const 1) (local.get $x))))
        ${next})
      (local.get $x))`,
    n: 3_000_000,
    small: 10,
    instructions: each(16),
    target: null,
  },
];

/** The engine's own interface, of which these benchmarks need no more. */
const { WebAssembly } = globalThis as unknown as {
  readonly WebAssembly: {
    readonly Module: new (bytes: Uint8Array) => object;
    readonly Instance: new (
      module: object,
    ) => { readonly exports: Readonly<Record<"f", (n: number) => number | bigint>> };
  };
};

interface Ready {
  readonly kernel: Kernel;
  ours(n: number): number | bigint;
  theirs(n: number): number | bigint;
}

/** No run of a benchmark takes as many instructions. */
const fuel = 1e15;

function callOurs(store: BareStore, address: number, n: number): number | bigint {
  const ended = store.invoke(address, Int32Array.of(n, 0));
  demand(ended.tag === "results", `the code ended: ${ended.tag}`);
  return new DataView(ended.words.buffer).getBigInt64(0, true);
}

/** The bits of what the engine gave, by its type. */
function bitsOf(value: number | bigint, text: string): bigint {
  const view = new DataView(new ArrayBuffer(8));
  if (typeof value === "bigint") view.setBigInt64(0, value, true);
  else if (text.includes("(result f64)")) view.setFloat64(0, value, true);
  else view.setInt32(0, value, true);
  return view.getBigInt64(0, true);
}

/** Makes a kernel ready to be called; demands that it computes the same in both. */
async function ready(kernel: Kernel): Promise<Ready> {
  const bytes = new Uint8Array(await parse(`(module ${kernel.text})`));
  const module = decodeModule(bytes);
  validateModule(module);
  const store = bareStore({ fuel });
  const { instance } = store.instantiate(kernel.name, module, () => null);
  const found = instance.exports.get("f");
  const address = found?.tag === "func" ? found.address : -1;
  const { f } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
  const mask = kernel.text.includes("(result i32)") ? 0xffff_ffffn : -1n;
  const ours = (n: number): number | bigint => BigInt(callOurs(store, address, n)) & mask;
  const theirs = (n: number): number | bigint => bitsOf(f(n), kernel.text) & mask;
  return { kernel, ours, theirs };
}

const prepared = await Promise.all(kernels.map(ready));

/** Instructions a second. */
function rate(call: (n: number) => unknown, { instructions }: Kernel, n: number): number {
  return instructions(n) / seconds(() => call(n));
}

const rounds = 5;

function rates({ kernel, ours, theirs }: Ready, small: boolean): readonly [number, number] {
  const n = small ? kernel.small : kernel.n;
  demand(ours(n) === theirs(n), `${kernel.name} computes something else`);
  const all = Array.from({ length: small ? 1 : rounds }, () => {
    return [rate(ours, kernel, n), rate(theirs, kernel, n)] as const;
  });
  return [median(all.map(([mine]) => mine)), median(all.map(([, other]) => other))];
}

function instructionFigure(it: Ready): Figure {
  const { name, target } = it.kernel;
  return {
    tag: "figure",
    name,
    unit: "instructions/s",
    target,
    measure: (small) => rates(it, small)[0],
  };
}

function ratioFigure(it: Ready): Figure {
  return {
    tag: "figure",
    name: `${it.kernel.name}-v8`,
    unit: "times V8's time",
    target: null,
    measure: (small) => {
      const [mine, other] = rates(it, small);
      return other / mine;
    },
  };
}

/** A memory of 64 MiB in which every page says something. */
function fullMemory(): ReturnType<typeof newMemory> {
  const memory = newMemory("i32", 2 ** 26);
  for (let at = 0; at < memory.length; at += 1024) writeInt(memory, at + 1, at, 4);
  return memory;
}

/** Copies a memory, changes one page, and then does `more`; seconds for each time. */
function forks(count: number, more: (memory: ReturnType<typeof newMemory>) => void): number {
  let memory = fullMemory();
  more(memory);
  const spent = seconds(() => {
    for (let i = 0; i < count; i++) {
      memory = { ...memory };
      writeInt(memory, i, (i * 65_552) % memory.length, 4);
      more(memory);
    }
  });
  return spent / count;
}

const micro = 1e6;

function forkFigure(small: boolean): number {
  return forks(small ? 10 : 100_000, () => undefined) * micro;
}

/** The key of each fork too: what did not change is not looked at again. */
function keyFigure(small: boolean): number {
  const writer = new DataWriter();
  const out = new Encoding();
  writer.begin(out, {
    instance: [],
    task: [],
    thread: [],
    waitable: [],
    set: [],
    handle: [],
    memory: [],
  });
  return (
    forks(small ? 2 : 3000, (memory) => {
      out.clear();
      writer.memory(memory);
    }) * micro
  );
}

export const wasmFigures: readonly Figure[] = [
  ...prepared.flatMap((it) => [instructionFigure(it), ratioFigure(it)]),
  {
    tag: "figure",
    name: "wasm-fork",
    unit: "us to fork 64 MiB",
    target: { of: "value", is: "at most", bound: 100 },
    measure: forkFigure,
  },
  {
    tag: "figure",
    name: "wasm-key",
    unit: "us to fork 64 MiB and encode it",
    target: null,
    measure: keyFigure,
  },
];
