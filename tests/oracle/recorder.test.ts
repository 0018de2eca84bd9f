// The recorder around core modules, without an engine: any Node can run it, as nothing is suspended.

import { readFileSync } from "node:fs";
import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { expect, test } from "vitest";
import type { Linked } from "../../src/component/instantiate.ts";
import type { TraceEvent } from "../../src/oracle/format/trace.ts";
import { jcoImports } from "../../src/oracle/jco/imports.ts";
import { type ExportCall, keeping } from "../../src/oracle/recorder/calls.ts";
import { EngineError } from "../../src/oracle/recorder/engine-error.ts";
import { tellingFunc } from "../../src/oracle/recorder/host-imports.ts";
import { linkedOf } from "../../src/oracle/recorder/linked.ts";
import { newWatch } from "../../src/oracle/recorder/memories.ts";
import { hiddenFuncs, planOf } from "../../src/oracle/recorder/plan.ts";
import { newRecorder } from "../../src/oracle/recorder/recorder.ts";
import type { JsFuncs } from "../../src/oracle/recorder/run.ts";
import { newWrap } from "../../src/oracle/recorder/shim.ts";
import { webAssembly } from "../../src/oracle/recorder/web-assembly.ts";

const { Memory, Module } = webAssembly;

function refuse(message: string): never {
  throw new Error(message);
}

async function linked(name: string): Promise<Linked> {
  const file = new URL(`components/${name}.wat`, import.meta.url);
  return linkedOf(await parse(readFileSync(file, "utf8")));
}

test("a shim passes every type on and tells of the call with one number", () => {
  const told: unknown[] = [];
  const params = ["i32", "i64", "f32", "f64"] as const;
  const wrapped = newWrap()(
    { params, results: ["i64"] },
    (a: number, b: bigint, c: number, d: number) => BigInt(a) + b + BigInt(c + d),
    {
      before: (...args) => {
        told.push(["before", ...args]);
        return 17;
      },
      after: (...all) => told.push(["after", ...all]),
    },
  );
  if (typeof wrapped !== "function") throw new Error("a shim is a function");
  expect(wrapped(1, 20n, 300.5, 0.5)).toBe(322n);
  expect(told).toEqual([
    ["before", 1, 20n, 300.5, 0.5],
    ["after", 17, 322n],
  ]);
});

test("a call that throws is not told to have returned", () => {
  const told: string[] = [];
  const fail = (): never => {
    throw new Error("no");
  };
  const wrapped = newWrap()({ params: [], results: [] }, fail, {
    before: () => told.push("before"),
    after: () => told.push("after"),
  });
  if (typeof wrapped !== "function") throw new Error("a shim is a function");
  expect(() => wrapped()).toThrow("no");
  expect(told).toEqual(["before"]);
});

const body = `
  (import "" "new" (func $new (param i32) (result i32)))
  (import "" "stream" (func $stream (result i64)))
  (func (export "run") (result i32)
    (i32.add (call $new (i32.const 100)) (i32.wrap_i64 (call $stream))))
  (func (export "other") (result i32) (i32.const 7))`;

const component = `(component
  (type $R (resource (rep i32)))
  (core func $new (canon resource.new $R))
  (type $S (stream u8))
  (core func $stream (canon stream.new $S))
  (core module $Main ${body})
  (core instance $main (instantiate $Main (with "" (instance
    (export "new" (func $new)) (export "stream" (func $stream))))))
  (func (export "run") (result u32) (canon lift (core func $main "run"))))`;

test("built-ins and exports are told; a module that is not the component's is left alone", async () => {
  const { linking } = linkedOf(await parse(component));
  const events: TraceEvent[] = [];
  const recorder = newRecorder(linking, (event) => events.push(event), { memory: null });
  const foreign = new Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
  expect(recorder.instantiateCore(foreign).exports).toEqual({});
  expect(recorder.missing()).toEqual(["component.main"]);
  const main = new Module(await parse(`(module ${body})`));
  const builtins = { new: () => 1, stream: () => 2n ** 33n + 2n };
  const { run, other } = recorder.instantiateCore(main, { "": builtins }).exports;
  expect(recorder.missing()).toEqual([]);
  if (typeof run !== "function" || typeof other !== "function") throw new Error("no functions");
  expect([run(), other()]).toEqual([3, 7]);
  const where = { instance: "component", thread: "run#1" };
  // a 64-bit integer is a text; `other` is no function that the ABI calls
  expect(events).toEqual([
    { event: "enter", ...where, func: "run", args: [] },
    { event: "call", ...where, func: "resource.new", args: [100] },
    { event: "return", ...where, func: "resource.new", results: [1] },
    { event: "call", ...where, func: "stream.new", args: [] },
    { event: "return", ...where, func: "stream.new", results: ["8589934594"] },
    { event: "leave", ...where, func: "run", results: [3] },
  ]);
});

test("what the ABI calls is wrapped, and no other export", async () => {
  const { linking } = await linked("strings");
  const plan = planOf(linking).map(({ name, exports }) => [name, ...exports.map((e) => e.name)]);
  expect(plan).toEqual([
    ["callee.main", "realloc", "echo", "after-echo", "hello", "total"],
    ["caller.memory", "realloc"],
    ["caller.main", "run"],
  ]);
});

test("a canonical function that is lifted as it is cannot be seen", async () => {
  const bytes = await parse(`(component
    (type $R (resource (rep i32)))
    (core func $new (canon resource.new $R))
    (export $r "r" (type $R))
    (func (export "make") (param "rep" u32) (result (own $r)) (canon lift (core func $new))))`);
  expect(hiddenFuncs(linkedOf(bytes).linking)).toEqual(["resource.new"]);
});

test("a function that the host does not have is an error before the run", async () => {
  const bytes = await parse(
    `(component (import "a:b/c@1.0.0" (instance (export "last-seen" (func)))))`,
  );
  const { linking } = linkedOf(bytes);
  const imported = (given: JsFuncs) => jcoImports(linking, given, () => {}, refuse);
  expect(() => imported({})).toThrow(EngineError);
  expect(() => imported({})).toThrow("a:b/c#last-seen");
  // jco wants names without versions, in camel case
  expect(Object.keys(imported({ "a:b/c#last-seen": () => {} })["a:b/c"] ?? {})).toEqual([
    "lastSeen",
  ]);
});

test("functions of WASI and classes of resources are there, but whoever calls one is refused", async () => {
  const bytes = await parse(`(component
    (import "wasi:io/error@0.2.0" (instance $e (export "error" (type (sub resource)))))
    (import "wasi:clocks/monotonic-clock@0.3.0" (instance (export "now" (func (result u64)))))
    (import "a:b/c@1.0.0" (instance (export "a-thing" (type $t (sub resource)))
      (export "[method]a-thing.look" (func (param "self" (borrow $t)))))))`);
  const { linking } = linkedOf(bytes);
  const imports = jcoImports(linking, {}, () => {}, refuse);
  expect(Object.keys(imports).sort()).toEqual([
    "a:b/c",
    "wasi:clocks/monotonic-clock",
    "wasi:io/error",
  ]);
  expect(Object.keys(imports["a:b/c"] ?? {})).toEqual(["AThing"]);
  expect(Object.keys(imports["wasi:io/error"] ?? {})).toEqual(["Error"]);
  expect(imports["wasi:clocks/monotonic-clock"]?.now).toThrow("wasi:clocks/monotonic-clock.now");
});

test("what changes in a memory is told in runs, as far as it is watched and recorded", () => {
  const memory = new Memory({ initial: 1 });
  const bytes = new Uint8Array(memory.buffer);
  const watch = newWatch({ watched: 1024, recorded: 20 });
  watch.add(2, memory);
  bytes.set([1, 2], 16);
  bytes[20] = 3;
  bytes.set([4, 5], 100);
  bytes[2000] = 6;
  // eight bytes apart is one run; 2000 is not watched
  const seen = [
    { at: 16, bytes: "0102000003", memory: 2 },
    { at: 100, bytes: "0405", memory: 2 },
  ];
  expect(watch.changes()).toEqual(seen);
  watch.left();
  expect(watch.changes()).toEqual([]);
  bytes.fill(7, 200, 240);
  expect(watch.changes()).toEqual([{ at: 200, bytes: "07".repeat(20), memory: 2 }]);
});

test("functions of the host tell of calls, results and errors", async () => {
  const events: TraceEvent[] = [];
  const result = { tag: "result", ok: { tag: "u32" }, error: { tag: "string" } } as const;
  const ft = { params: [{ name: "n", t: { tag: "u32" } }], result, async: true } as const;
  const tell = (func: (n: unknown) => unknown) =>
    tellingFunc({ name: "f", ft }, func, (event) => events.push(event));
  const echo = tell((n) => n);
  expect([echo(5), echo(6)]).toEqual([5, 6]);
  await expect(tell(() => Promise.reject("late"))(7)).rejects.toBe("late");
  const broken = new Error("broken");
  expect(() =>
    tell(() => {
      throw broken;
    })(8),
  ).toThrow(broken);
  const [first, second] = ["f#1", "f#2"].map((thread) => ({ thread, func: "f" }));
  // the thread says which call has returned
  expect(events).toEqual([
    { event: "host-call", ...first, args: ["5"] },
    { event: "host-return", ...first, value: "ok(5)" },
    { event: "host-call", ...second, args: ["6"] },
    { event: "host-return", ...second, value: "ok(6)" },
    { event: "host-call", ...first, args: ["7"] },
    { event: "host-return", ...first, value: 'err("late")' },
    { event: "host-call", ...first, args: ["8"] },
    { event: "host-return", ...first, trapped: true, note: "Error: broken" },
  ]);
});

test("a call is told when it is seen to begin, when it is over, or at the end, and not before a trap", async () => {
  const { linking } = await linked("handles");
  const [def] = linking.funcs;
  if (def === undefined) throw new Error("there are functions");
  const call = (text: string): ExportCall => {
    const begins = (event: TraceEvent): boolean => event.event === "enter" && event.func === text;
    return { text, ft: def.ft, begins, make: () => null };
  };
  const [seen, over, neither] = [call("seen"), call("over"), call("neither")];
  const told = (last: TraceEvent): readonly TraceEvent[] => {
    const events: TraceEvent[] = [];
    const sink = keeping(events);
    for (const one of [seen, over, neither]) sink.ask(one);
    sink.emit({ event: "enter", func: "seen" });
    sink.over(over);
    sink.emit(last);
    sink.emit({ event: "enter", func: "neither" });
    return events;
  };
  const [a, b, c] = [seen, over, neither].map(({ text }) => ({ event: "invoke", call: text }));
  const entered = { event: "enter", func: "seen" };
  expect(told({ event: "trap" })).toEqual([a, entered, b, { event: "trap" }]);
  expect(told({ event: "end" })).toEqual([a, entered, b, c, { event: "end" }]);
});

test("of a run that goes on the first events are kept, and it is not said to end", () => {
  const events: TraceEvent[] = [];
  const sink = keeping(events, 2);
  for (const func of ["a", "b", "c"]) sink.emit({ event: "enter", func });
  sink.emit({ event: "end" });
  expect(events).toEqual([
    { event: "enter", func: "a" },
    { event: "enter", func: "b" },
  ]);
  expect(sink.closed()).toBe(true);
});

test("what a function of the host returns that is no value of its type is told, and left to the engine", () => {
  const events: TraceEvent[] = [];
  const ft = { params: [], result: { tag: "u32" }, async: false } as const;
  const func = tellingFunc(
    { name: "f", ft },
    () => "seven",
    (event) => events.push(event),
  );
  expect(func()).toBe("seven");
  const [, last] = events;
  expect(last).toMatchObject({ event: "host-return", thread: "f#1", func: "f", trapped: true });
});
