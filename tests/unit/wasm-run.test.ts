// Core code as a guest: calls out, states as data, forks, traps and bounds.

import { describe, expect, test } from "vitest";
import { decode, encode } from "../../src/model/json.ts";
import { readInt } from "../../src/model/memory.ts";
import { sameData } from "../../src/model/same.ts";
import { type CoreState, coreKey } from "../../src/wasm/program.ts";
import type { OpenCalls } from "../../src/wasm/state-frames.ts";
import { contextOf, core, first, moveOf, next } from "./wasm-run-harness.ts";
import { trapping } from "./wasm-run-traps.ts";

/** Adds what two calls out give, over a call in between, to operands and locals that wait. */
const asking = `
  (import "host" "ask" (func $ask (param i32) (result i32)))
  (memory 1)
  (global $g (mut i64) (i64.const 0x1_0000_0000))
  (func $inner (param i32) (result i32) (local f64)
    (local.set 1 (f64.const 1.5))
    (i32.add (i32.mul (i32.const 3) (call $ask (local.get 0)))
      (i32.trunc_f64_s (local.get 1))))
  (func (export "f") (param i32) (result i32 i64)
    (i32.store (i32.const 8) (local.get 0))
    (global.set $g (i64.add (global.get $g) (i64.const 1)))
    (i32.add (i32.load (i32.const 8)) (call $inner (i32.add (local.get 0) (i32.const 1))))
    (i32.store (i32.const 8) (call $ask (i32.const 100)))
    (i32.load (i32.const 8))
    (i32.add)
    (global.get $g))`;

describe("a call out", () => {
  test("leaves the interpreter with arguments, and its results come back", async () => {
    const made = await core(asking);
    const c = contextOf(made);
    expect(first(made, c, "").move).toEqual({ tag: "return", values: [] });
    const one = first(made, c, "f", [10]);
    expect(one.move).toMatchObject({ tag: "call", args: [11] });
    const two = next(made, c, "f", one.state, [5]);
    expect(two.move).toMatchObject({ tag: "call", args: [100] });
    // 10 + (3 * 5 + 1) + 7, and the global that began as 2^32
    const values = [33, 0x1_0000_0001n];
    expect(next(made, c, "f", two.state, [7]).move).toEqual({ tag: "return", values });
  });
  test("leaves a state that may be resumed many times, each as if it were the first", async () => {
    const made = await core(asking);
    const c = contextOf(made);
    first(made, c, "");
    const { state } = first(made, c, "f", [10]);
    const store = c.edit.done();
    const ends = [5, 6, 5].map((given) => {
      const fork = contextOf({ ...made, store });
      const { state: second } = next(made, fork, "f", state, [given]);
      const { move } = next(made, fork, "f", second, [0]);
      return move.tag === "return" ? move.values[0] : move;
    });
    expect(ends).toEqual([26, 29, 26]);
    expect(readInt(store.entities.memory[0]!, 8, 4)).toBe(10);
  });
  test("leaves a state that is plain data: it comes back from JSON, also elsewhere", async () => {
    const made = await core(asking);
    const c = contextOf(made);
    first(made, c, "");
    const { state } = first(made, c, "f", [10]);
    const copy = decode(JSON.parse(JSON.stringify(encode(state))));
    expect(sameData(copy, state)).toBe(true);
    const elsewhere = { ...(await core(asking)), store: c.edit.done() };
    const fresh = contextOf(elsewhere);
    const { move } = next(elsewhere, fresh, "f", copy, [5]);
    expect(move).toMatchObject({ tag: "call", args: [100] });
  });
  test("leaves no trace of what the registers held before", async () => {
    const text = `
      (import "host" "ask" (func $ask))
      (func (export "g") (result i64) (i64.add (i64.const -1) (i64.mul (i64.const -2) (i64.const 3))))
      (func (export "f") (param i64) (local i32)
        (local.set 1 (i32.wrap_i64 (i64.mul (local.get 0) (local.get 0))))
        (call $ask) (drop (local.get 1)))`;
    const made = await core(text);
    const c = contextOf(made);
    const before = first(made, c, "f", [1n]).state;
    first(made, c, "g");
    // 2^32 + 1 has the square 1 in 32 bits
    first(made, c, "f", [0x1234_5678_9abcn]);
    expect(first(made, c, "f", [1n]).state).toEqual(before);
  });
  test("forgets locals that are not read any more, but not those of the loop that it is in", async () => {
    const text = `
      (import "host" "ask" (func $ask (param i32)))
      (func (export "f") (param $seen i32) (param $turns i32) (param $later i32) (result i32)
        (loop
          (call $ask (local.get $seen))
          (br_if 0 (local.tee $turns (i32.sub (local.get $turns) (i32.const 1)))))
        (call $ask (i32.const 0))
        (local.get $later))`;
    const made = await core(text);
    const c = contextOf(made);
    const wordsOf = (state: unknown): number[] => [...(state as OpenCalls).words];
    const one = first(made, c, "f", [5, 2, 7]);
    expect(wordsOf(one.state)).toEqual([5, 0, 2, 0, 7, 0]);
    const two = next(made, c, "f", one.state, []);
    expect(wordsOf(two.state)).toEqual([5, 0, 1, 0, 7, 0]);
    const three = next(made, c, "f", two.state, []);
    expect(wordsOf(three.state)).toEqual([0, 0, 0, 0, 7, 0]);
    expect(next(made, c, "f", three.state, []).move).toEqual({ tag: "return", values: [7] });
  });
  test("may be a tail call, whose results are those of its caller", async () => {
    const made = await core(`
      (import "host" "ask" (func $ask (param i32) (result i32)))
      (func $tail (param i32) (result i32) (return_call $ask (local.get 0)))
      (func (export "f") (result i32) (i32.add (i32.const 1) (call $tail (i32.const 4))))
      (func (export "g") (result i32) (return_call $ask (i32.const 9)))`);
    const c = contextOf(made);
    const { move, state } = first(made, c, "f");
    expect(move).toMatchObject({ tag: "call", args: [4] });
    expect(next(made, c, "f", state, [6]).move).toEqual({ tag: "return", values: [7] });
    const { state: bare } = first(made, c, "g");
    expect(next(made, c, "g", bare, [6]).move).toEqual({ tag: "return", values: [6] });
  });
});

describe("the state of an instance", () => {
  test("is not touched by code that only reads", async () => {
    const made = await core(`
      (global i32 (i32.const 3)) (memory 1) (table 2 funcref)
      (func (export "f") (result i32) (i32.add (global.get 0) (i32.load (i32.const 0))))`);
    const c = contextOf(made);
    first(made, c, "");
    const store = c.edit.done();
    const reading = contextOf({ ...made, store });
    expect(first(made, reading, "f").move).toEqual({ tag: "return", values: [3] });
    const after = reading.edit.done();
    expect(after.entities.memory).toBe(store.entities.memory);
    expect(after.entities.instance).toBe(store.entities.instance);
  });
  test("shares what was not written", async () => {
    const made = await core(`
      (global (mut i32) (i32.const 3)) (table 2 funcref)
      (func (export "f") (global.set 0 (i32.const 4)))`);
    const c = contextOf(made);
    first(made, c, "");
    const store = c.edit.done();
    const writing = contextOf({ ...made, store });
    first(made, writing, "f");
    const [before, after] = [store, writing.edit.done()].map(({ entities }) => {
      return entities.instance[0]?.globals[coreKey] as CoreState;
    });
    expect([...(before?.globals ?? [])]).toEqual([3, 0]);
    expect([...(after?.globals ?? [])]).toEqual([4, 0]);
    expect(after?.tables).toBe(before?.tables);
  });
  test("tells the machine the entries of a table", async () => {
    const made = await core(`
      (table 3 funcref) (elem (i32.const 1) $f) (func $f (param i32 i64))`);
    const c = contextOf(made);
    first(made, c, "");
    const at = (index: number): unknown => made.guest.element?.(c, 0 as never, 0, index);
    expect(at(0)).toBeNull();
    expect(at(1)).toMatchObject({ params: ["i32", "i64"], results: [] });
    expect(at(3)).toBeUndefined();
  });
});

describe("core code", () => {
  for (const [reason, text] of Object.entries(trapping)) {
    test(`traps: ${reason}`, async () => {
      expect(await moveOf(text)).toMatchObject({ tag: "trap", reason });
    });
  }
  test("traps while it is initialized, after what went before", async () => {
    const text = `(memory (export "m") 1)
      (data (i32.const 0) "a") (data (i32.const 65536) "b") (func (export "f"))`;
    const made = await core(text);
    const c = contextOf(made);
    expect(first(made, c, "").move).toMatchObject({
      tag: "trap",
      reason: "memory-out-of-bounds",
    });
    expect(readInt(c.edit.memory.read(0 as never), 0, 1)).toBe(97);
  });
  test("runs into a stated bound if it does not call out", async () => {
    const made = await core(`(func (export "f") (loop (br 0)))`, 1000);
    const c = contextOf(made);
    expect(() => first(made, c, "f")).toThrow("1000 core instructions without a call out");
  });
  test("catches what it throws, over calls", async () => {
    const text = `(tag $e (param i32 i64))
      (func $g (param i32) (throw $e (local.get 0) (i64.const 5)))
      (func (export "f") (result i32 i64)
        (block $h (result i32 i64)
          (try_table (catch $e $h) (call $g (i32.const 7)))
          (unreachable)))`;
    expect(await moveOf(text)).toEqual({ tag: "return", values: [7, 5n] });
  });
  test("throws again what it has a reference to", async () => {
    const text = `(tag $e (param i32))
      (func $again (param exnref) (throw_ref (local.get 0)))
      (func (export "f") (result i32)
        (block $outer (result i32)
          (block $inner (result i32 exnref)
            (try_table (catch_ref $e $inner) (throw $e (i32.const 3)))
            (unreachable))
          (try_table (param i32 exnref) (catch $e $outer) (call $again) (drop))
          (unreachable)))`;
    expect(await moveOf(text)).toEqual({ tag: "return", values: [3] });
  });
  test("keeps the bits of a NaN that it only moves, and gives one NaN where it computes", async () => {
    const text = `(func (export "f") (result i32 i32 i64)
      (i32.reinterpret_f32 (f32.neg (f32.reinterpret_i32 (i32.const 0x7fa00001))))
      (i32.reinterpret_f32 (f32.add (f32.const -nan:0x200001) (f32.const 1)))
      (i64.reinterpret_f64 (f64.sqrt (f64.const -1))))`;
    const values = [0xffa0_0001, 0x7fc0_0000, 0x7ff8_0000_0000_0000n];
    expect(await moveOf(text)).toEqual({ tag: "return", values });
  });
  test("grows a memory as far as its type says, with zeros", async () => {
    const text = `(memory 1 2) (func (export "f") (result i32 i32 i32 i32)
      (memory.grow (i32.const 1)) (i32.load (i32.const 131068))
      (memory.grow (i32.const 1)) (memory.size))`;
    expect(await moveOf(text)).toEqual({ tag: "return", values: [1, 0, 0xffff_ffff, 2] });
  });
});
