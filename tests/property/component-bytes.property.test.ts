// Components with bytes changed, lost and moved: each is a component that is valid, or is refused in our own words.

import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { Component, Definition } from "../../src/component/ast.ts";
import { checkComponent } from "../../src/component/check.ts";
import { decodeComponent } from "../../src/component/decode.ts";
import { Invalid } from "../../src/wasm/invalid.ts";
import { assemble } from "../unit/wasm-harness.ts";
import { runs } from "./laws.ts";

/** Valid components that have, taken together, every section and most kinds of types. */
const texts: readonly string[] = [
  `(component $types
    (type $p (record (field "x" f32) (field "names" (list string))))
    (type $v (variant (case "a" $p) (case "b") (case "c" (option (tuple u8 s64)))))
    (type (flags "read" "write")) (type (enum "no" "yes")) (type (result $v (error char)))
    (type (stream u8)) (type (future (result))) (type (list bool 4)) (type (map string u32))
    (type (func async (param "p" $v) (result (list u16))))
    (import "t" (type (eq $p))))`,
  `(component $resources
    (import "a:b/c@1.2.3" (instance $i
      (export "r" (type $r (sub resource)))
      (export "[constructor]r" (func (result (own $r))))
      (export "[method]r.get" (func (param "self" (borrow $r)) (result string)))))
    (alias export $i "r" (type $r))
    (core func $drop (canon resource.drop $r))
    (component $C (import "q" (type $q (sub resource))) (export "p" (type $q)))
    (instance $c (instantiate $C (with "q" (type $r))))
    (export $e "made" (type $c "p"))
    (func (export "[static]made.end") (param "it" (own $e)) (canon lift (core func $drop))))`,
  `(component $calls
    (core module $M
      (memory (export "mem") 1)
      (table (export "tab") 2 funcref)
      (global (export "g") (mut i32) (i32.const 7))
      (func (export "alloc") (param i32 i32 i32 i32) (result i32) i32.const 64)
      (func (export "run") (param i32 i32) (result i32) local.get 0)
      (func (export "cb") (param i32 i32 i32) (result i32) i32.const 0))
    (core instance $m (instantiate $M))
    (import "log" (func $log async (param "text" string)))
    (core func $low (canon lower (func $log) async (memory (core memory $m "mem"))))
    (core func $ret (canon task.return (result u32)))
    (core func $wait (canon waitable-set.wait (memory (core memory $m "mem"))))
    (core type $start (func (param i32)))
    (core func $new (canon thread.new-indirect $start (core table $m "tab")))
    (core module $N (import "host" "low" (func (param i32 i32) (result i32))) (import "host" "g" (global (mut i32))))
    (core instance $n (instantiate $N (with "host" (instance (export "low" (func $low)) (export "g" (global $m "g"))))))
    (func (export "run") async (param "text" string) (result u32)
      (canon lift (core func $m "run") async (callback (core func $m "cb"))
        (memory (core memory $m "mem")) (realloc (core func $m "alloc")))))`,
  `(component $nesting
    (core type $T (module (import "a" "f" (func)) (export "m" (memory 1))))
    (import "m" (core module $m (type $T)))
    (type $I (instance (export "f" (func)) (export "deep" (instance (export "r" (type (sub resource)))))))
    (type $C (component (import "i" (instance (type $I))) (export "g" (func (param "n" u8)))))
    (component $D (import "c" (component (type $C)))
      (component $E (alias outer $nesting $T (core type)) (component))
      (instance $e (instantiate $E)) (export "e" (instance $e)))
    (import "x" (func $f))
    (instance $bag (export "f" (func $f)) (export "m" (core module $m)))
    (export "bag" (instance $bag)))`,
];

let corpus: readonly Uint8Array[] = [];

beforeAll(async () => {
  corpus = await Promise.all(texts.map(assemble));
});

/** How bytes are changed: places are parts of the length, so that they shrink to the front. */
type Change =
  | { readonly tag: "set"; readonly at: number; readonly byte: number }
  | { readonly tag: "cut"; readonly at: number }
  | { readonly tag: "drop"; readonly at: number; readonly count: number }
  | { readonly tag: "copy"; readonly from: number; readonly count: number; readonly at: number }
  | { readonly tag: "splice"; readonly other: number; readonly at: number; readonly from: number };

const place = fc.nat(9999);
const short = fc.integer({ min: 1, max: 16 });
// small numbers are indices, counts and tags
const byte = fc.oneof(fc.nat(0x11), fc.integer({ min: 0x3f, max: 0x80 }), fc.nat(0xff));

const changes: fc.Arbitrary<Change> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ tag: fc.constant("set" as const), at: place, byte }) },
  { weight: 1, arbitrary: fc.record({ tag: fc.constant("cut" as const), at: place }) },
  {
    weight: 1,
    arbitrary: fc.record({ tag: fc.constant("drop" as const), at: place, count: short }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      tag: fc.constant("copy" as const),
      from: place,
      count: short,
      at: place,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      tag: fc.constant("splice" as const),
      other: fc.nat(99),
      at: place,
      from: place,
    }),
  },
);

function component(index: number): Uint8Array {
  return corpus[index % corpus.length] ?? new Uint8Array();
}

function changed(bytes: Uint8Array, change: Change): Uint8Array {
  const to = (part: number, of: Uint8Array = bytes): number =>
    Math.floor((part * of.length) / 10_000);
  const joined = (...parts: Uint8Array[]): Uint8Array =>
    Uint8Array.from(parts.flatMap((p) => [...p]));
  const at = change.tag === "set" || change.tag === "cut" ? to(change.at) : 8 + to(change.at);
  switch (change.tag) {
    case "set":
      return bytes.with(at, change.byte);
    case "cut":
      return bytes.subarray(0, at);
    case "drop":
      return joined(bytes.subarray(0, at), bytes.subarray(at + change.count));
    case "copy": {
      const from = to(change.from);
      const piece = bytes.subarray(from, from + change.count);
      return joined(bytes.subarray(0, at), piece, bytes.subarray(at));
    }
    case "splice": {
      const other = component(change.other);
      return joined(bytes.subarray(0, at), other.subarray(8 + to(change.from, other)));
    }
  }
}

function count({ definitions }: Component): number {
  const inner = (d: Definition): number => (d.tag === "component" ? count(d.component) : 0);
  return definitions.reduce((sum, d) => sum + 1 + inner(d), 0);
}

/** What becomes of bytes; anything but a component or our own refusal is thrown on. */
function outcome(bytes: Uint8Array): Invalid | Component {
  try {
    const decoded = decodeComponent(bytes);
    checkComponent(decoded);
    return decoded;
  } catch (error) {
    if (error instanceof Invalid) return error;
    throw error;
  }
}

/** A refusal says how and where; a component has no more definitions than bytes. */
function expectOutcome(bytes: Uint8Array): void {
  const result = outcome(bytes);
  if (!(result instanceof Invalid)) {
    expect(count(result)).toBeLessThanOrEqual(bytes.length);
    return;
  }
  expect(["malformed", "invalid", "unsupported"]).toContain(result.kind);
  expect(result.message).not.toBe("");
  if (result.offset === null) return;
  expect(Number.isInteger(result.offset)).toBe(true);
  expect(result.offset).toBeGreaterThanOrEqual(0);
  expect(result.offset).toBeLessThanOrEqual(bytes.length);
}

describe("hostile bytes", () => {
  test("the components that are changed are valid themselves", () => {
    expect(corpus.map((bytes) => outcome(bytes) instanceof Invalid)).toEqual(
      texts.map(() => false),
    );
  });

  test("changed components are components, or are refused with a place", () => {
    const law = fc.property(
      fc.nat(99),
      fc.array(changes, { minLength: 1, maxLength: 4 }),
      (index, list) => {
        const bytes = list.reduce((b, c) => (b.length < 9 ? b : changed(b, c)), component(index));
        expectOutcome(bytes);
      },
    );
    fc.assert(law, runs(2000));
  });

  test("any bytes behind a preamble are", () => {
    const section = fc.tuple(fc.nat(13), fc.uint8Array({ maxLength: 40 }));
    const law = fc.property(fc.array(section, { maxLength: 6 }), (sections) => {
      const framed = sections.flatMap(([id, bytes]) => [id, bytes.length, ...bytes]);
      expectOutcome(Uint8Array.from([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0, ...framed]));
    });
    fc.assert(law, runs(1000));
  });
});
