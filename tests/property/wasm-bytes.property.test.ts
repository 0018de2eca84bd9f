// Hostile bytes: core modules that are changed, cut and spliced are valid, or refused in words. V8 agrees.

import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { InstanceId, MemoryId } from "../../src/model/ids.ts";
import { decodeModule } from "../../src/wasm/decode.ts";
import { newInstruction, readInstruction } from "../../src/wasm/decode-instruction.ts";
import { Invalid } from "../../src/wasm/invalid.ts";
import { instantiateModule, newProgram, newSpace } from "../../src/wasm/link.ts";
import type { Code, ExternType, Module } from "../../src/wasm/module.ts";
import type { ExternInst } from "../../src/wasm/program.ts";
import { newReader } from "../../src/wasm/reader.ts";
import { validateModule } from "../../src/wasm/validate.ts";
import { runs } from "./laws.ts";

declare const WebAssembly: { readonly validate: (bytes: Uint8Array) => boolean };

/** Together they have every kind of section, and most kinds of immediates. */
const seeds: readonly string[] = [
  `(module
    (import "env" "f" (func $f (param i32) (result i32)))
    (memory 1 2) (data (i32.const 8) "hello") (data $d "more")
    (global $g (mut i32) (i32.const 7))
    (func (export "sum") (param $n i32) (result i32) (local $s i32)
      (block $out (loop $next
        (br_if $out (i32.eqz (local.get $n)))
        (local.set $s (i32.add (local.get $s) (i32.load offset=4 (local.get $n))))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $next)))
      (global.set $g (call $f (local.get $s)))
      (if (result i32) (global.get $g) (then (i32.const 1)) (else (local.get $s))))
    (func (memory.init $d (i32.const 0) (i32.const 0) (i32.const 4)) (data.drop $d)
      (memory.copy (i32.const 0) (i32.const 4) (i32.const 4))
      (memory.fill (i32.const 0) (i32.const 1) (memory.grow (i32.const 1)))))`,
  `(module
    (type $t (func (param i64 f64) (result f64)))
    (table $t 4 funcref) (table $x 2 10 externref)
    (elem (table $t) (i32.const 0) func $a $b) (elem $e funcref (ref.func $a) (ref.null func))
    (func $a (type $t) (f64.add (local.get 1) (f64.convert_i64_s (local.get 0))))
    (func $b (type $t)
      (block (block (block (br_table 0 1 2 0 (i32.wrap_i64 (local.get 0))))))
      (f64.const 0.5))
    (func (export "go") (param i32 externref) (result externref)
      (drop (call_indirect $t (type $t) (i64.const -1) (f64.const 1) (local.get 0)))
      (table.set $x (i32.const 0) (local.get 1))
      (table.init $t $e (i32.const 0) (i32.const 0) (i32.const 1)) (elem.drop $e)
      (table.copy $t $t (i32.const 0) (i32.const 1) (i32.const 1))
      (drop (table.grow $x (ref.null extern) (i32.const 1)))
      (select (result externref) (local.get 1) (table.get $x (i32.const 0))
        (ref.is_null (ref.func $a))))
    (start $s) (func $s nop))`,
  `(module
    (func $two (result i64 f32) (i64.const 0x7fffffffffffffff) (f32.const nan))
    (func (export "m") (param i64) (result i64)
      (local.get 0) (block (param i64) (result i64 f32) drop (call $two)) drop
      (i64.extend8_s) (i64.popcnt) (local.tee 0) (local.get 0) (i64.eqz)
      (select (i64.const 1) (i64.const 2) (i32.const 3)) drop drop drop
      (i64.trunc_sat_f64_u (f64.sqrt (f64.reinterpret_i64 (local.get 0)))))
    (func (param i32) (unreachable) (i32.add) (drop)
      (loop (result i32) (i32.const 1) (br 1)) (drop)))`,
  `(module
    (tag $e (param i32)) (memory $a 1) (memory $b i64 1) (table $t i64 1 funcref)
    (global i64 (i64.add (i64.const 1) (i64.const 2)))
    (func $f (export "f") (param i64) (result i32)
      (block $all
        (block $h (result i32 exnref)
          (try_table (catch_ref $e $h) (catch_all $all) (throw $e (i32.load $b (local.get 0))))
          (unreachable))
        (throw_ref))
      (i32.const 0))
    (func (param i64) (result i32) (return_call $f (local.get 0)))
    (func (param i64) (result i32)
      (return_call_indirect $t (param i64) (result i32) (local.get 0) (table.size $t))))`,
];

let modules: readonly Uint8Array[] = [];
beforeAll(async () => {
  modules = await Promise.all(seeds.map(async (text) => new Uint8Array(await parse(text))));
});

/** The bytes that mean most: opcodes, types, flags and small numbers. */
const telling = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 0x45 }) },
  fc.constantFrom(0x60, 0x63, 0x64, 0x69, 0x6f, 0x70, 0x7b, 0x7c, 0x7d, 0x7e, 0x7f, 0x80, 0xff),
  fc.constantFrom(0xd0, 0xd1, 0xd2, 0xfb, 0xfc, 0xfd, 0xfe),
  fc.integer({ min: 0, max: 0xff }),
);

/** A change of a module at a place, which is taken modulo its length. */
type Change =
  | { readonly tag: "set" | "insert"; readonly at: number; readonly byte: number }
  | { readonly tag: "remove"; readonly at: number; readonly count: number }
  | { readonly tag: "cut"; readonly at: number }
  | { readonly tag: "splice"; readonly at: number; readonly other: number; readonly from: number };

const place = fc.noBias(fc.nat(600));
const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 20, arbitrary: fc.record({ tag: fc.constant("set"), at: place, byte: telling }) },
  fc.record({ tag: fc.constant("insert"), at: place, byte: telling }),
  fc.record({ tag: fc.constant("remove"), at: place, count: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ tag: fc.constant("cut"), at: place }),
  fc.record({ tag: fc.constant("splice"), at: place, other: fc.nat(9), from: place }),
);

interface Hostile {
  readonly seed: number;
  readonly changes: readonly Change[];
}

const hostile: fc.Arbitrary<Hostile> = fc.record({
  seed: fc.nat(seeds.length - 1),
  changes: fc.oneof(
    { weight: 3, arbitrary: fc.tuple(change) },
    fc.array(change, { minLength: 2, maxLength: 4 }),
  ),
});

function applied(bytes: number[], one: Change): number[] {
  const at = one.at % (bytes.length + 1);
  switch (one.tag) {
    case "set":
      return bytes.map((byte, i) => (i === at ? one.byte : byte));
    case "insert":
      return bytes.toSpliced(at, 0, one.byte);
    case "remove":
      return bytes.toSpliced(at, one.count);
    case "cut":
      return bytes.slice(0, at);
    case "splice": {
      const other = modules[one.other % modules.length] ?? new Uint8Array(1);
      return [...bytes.slice(0, at), ...other.slice(one.from % other.length)];
    }
  }
}

function bytesOf({ seed, changes }: Hostile): Uint8Array {
  return Uint8Array.from(changes.reduce(applied, [...(modules[seed] ?? [])]));
}

type Verdict = { readonly module: Module } | { readonly refusal: Invalid };

/** Anything that is thrown and not an `Invalid` with words and a place in the bytes fails the law. */
function judge(bytes: Uint8Array): Verdict {
  try {
    const module = decodeModule(bytes);
    validateModule(module);
    return { module };
  } catch (refusal) {
    if (!(refusal instanceof Invalid)) throw refusal;
    expect(refusal.message).not.toBe("");
    expect(refusal.kind).not.toBe("unlinkable");
    expect(refusal.offset ?? 0).toBeGreaterThanOrEqual(0);
    expect(refusal.offset ?? 0).toBeLessThanOrEqual(bytes.length);
    return { refusal };
  }
}

/** Something of the type, which fits by itself. */
function given(type: ExternType): ExternInst {
  switch (type.tag) {
    case "func":
      return { ...type, address: 0 };
    case "memory":
      return { ...type, memory: 0 as MemoryId };
    default:
      return { ...type, index: 0 };
  }
}

/** An instance of whatever is valid, unless it is too large. */
function instantiate(module: Module): void {
  const space = newSpace(0 as InstanceId, newProgram(), () => 0 as MemoryId);
  try {
    instantiateModule(space, "i", module, ({ type }) => given(type));
  } catch (refusal) {
    expect(refusal).toMatchObject({ name: "Invalid", kind: "unsupported" });
  }
}

describe("bytes of a module that were changed", () => {
  test("were a valid module before", () => {
    expect(modules.map(judge)).toEqual(seeds.map(() => ({ module: expect.anything() })));
  });
  test("are a module that is valid and can be instantiated, or are refused", () => {
    fc.assert(
      fc.property(hostile, (example) => {
        const verdict = judge(bytesOf(example));
        if ("module" in verdict) instantiate(verdict.module);
      }),
      runs(3000),
    );
  });
});

/** What Node's V8 does not offer, or not yet: its verdict says nothing of a module that has it. */
function isBeyondV8(module: Module): boolean {
  const types = module.imports.map(({ type }) => type);
  const limits = [
    ...types.flatMap((type) =>
      type.tag === "table" || type.tag === "memory" ? [type.type.limits] : [],
    ),
    ...module.tables.map(({ type }) => type.limits),
    ...module.memories.map((memory) => memory.limits),
  ];
  const memories = types.filter(({ tag }) => tag === "memory").length + module.memories.length;
  return (
    memories > 1 ||
    limits.some(({ address, min }) => address === "i64" || min > 10_000_000n) ||
    module.tables.some(({ init }) => init !== null) ||
    mentionsExnref(module) ||
    constants(module).some((code) => hasNewInstructions(module, code, true)) ||
    module.bodies.some(({ code }) => hasNewInstructions(module, code, false))
  );
}

function mentionsExnref({ types, imports, tables, globals, elements, bodies }: Module): boolean {
  const mentioned = [types, imports, tables, globals, elements, bodies.map((b) => b.locals)];
  const text = JSON.stringify(mentioned, (_, value) =>
    typeof value === "bigint" ? String(value) : value,
  );
  return text.includes("exnref");
}

function constants({ globals, elements, datas }: Module): Code[] {
  const modes = [...elements, ...datas].map(({ mode }) => mode);
  return [
    ...globals.map(({ init }) => init),
    ...modes.flatMap((mode) => (mode.tag === "active" ? [mode.offset] : [])),
    ...elements.flatMap(({ items }) => (items.tag === "exprs" ? items.exprs : [])),
  ];
}

/** Exceptions by reference, memories by index; in constants arithmetic and globals that are not imported. */
function hasNewInstructions({ bytes, imports }: Module, code: Code, constant: boolean): boolean {
  const r = newReader(bytes, code.start, code.end);
  const one = newInstruction();
  const imported = imports.filter(({ type }) => type.tag === "global").length;
  let found = false;
  while (r.at < code.end) {
    readInstruction(r, one);
    const { name, immediates } = one.op;
    found ||= name === "try_table" || name === "throw_ref";
    found ||= (immediates === "block" && one.index === 0x69 - 0x80) || one.types.includes("exnref");
    found ||= name === "ref.null" && one.ref === "exnref";
    found ||= immediates === "memarg" && ((bytes[one.offset + 1] ?? 0) & 0x40) !== 0;
    found ||=
      constant && (/add|sub|mul/.test(name) || one.index >= imported) && name !== "ref.func";
  }
  return found;
}

/** V8 takes segments of no elements for whatever type they are of; the specification asks for a reference. */
function isKnownDifference({ message }: Invalid): boolean {
  return message === "malformed reference type";
}

describe("V8", () => {
  test("accepts what is accepted, and refuses what is refused as not well-formed or not valid", () => {
    const seen = { all: 0, accepted: 0, refused: 0 };
    fc.assert(
      fc.property(hostile, (example) => {
        seen.all++;
        const bytes = bytesOf(example);
        const verdict = judge(bytes);
        if ("module" in verdict) {
          if (isBeyondV8(verdict.module)) return;
          seen.accepted++;
          expect(WebAssembly.validate(bytes)).toBe(true);
        } else if (verdict.refusal.kind !== "unsupported") {
          if (isKnownDifference(verdict.refusal)) return;
          seen.refused++;
          expect(WebAssembly.validate(bytes)).toBe(false);
        }
      }),
      runs(3000),
    );
    // both verdicts are compared often enough to mean something
    expect(seen.accepted).toBeGreaterThan(seen.all / 100);
    expect(seen.refused).toBeGreaterThan(seen.all / 3);
  });
});
