// Streams and futures of the WASI host that an export hands straight back to the host, which reads them to their ends.

import { expect, it } from "vitest";
import { newWorld } from "../../src/wasi/first-world.ts";
import { outcomesOf } from "./component-run-harness.ts";

/** `f` returns what `read-via-stream` of stdin gave: nothing of the component runs any more when it is read. */
const passing = `(component
  (import "wasi:cli/stdin@0.3.0" (instance $stdin
    (type $code (enum "io" "illegal-byte-sequence" "pipe"))
    (export "error-code" (type $error-code (eq $code)))
    (type $end (future (result (error $error-code))))
    (export "read-via-stream" (func (result (tuple (stream u8) $end))))))
  (alias export $stdin "error-code" (type $error-code))
  (core module $Memory (memory (export "mem") 1))
  (core instance $memory (instantiate $Memory))
  (alias core export $memory "mem" (core memory $mem))
  (core func $read (canon lower (func $stdin "read-via-stream") (memory $mem)))
  (core module $M
    (import "" "read" (func $read (param i32)))
    (func (export "f") (result i32) (call $read (i32.const 16)) (i32.const 16)))
  (core instance $m (instantiate $M (with "" (instance (export "read" (func $read))))))
  (type $F (future (result (error $error-code))))
  (func (export "f") (result (tuple (stream u8) $F))
    (canon lift (core func $m "f") (memory $mem))))`;

it("stdin's stream and future are driven for the host itself, and end", async () => {
  const world = newWorld({ chunk: "whole" });
  const stdin = { data: [104, 105], closed: true, error: null };
  const all = await outcomesOf(passing, { roots: [[["f"]]], world: { ...world, stdin } });
  expect(all).toEqual(["[f = (<stream>, <future>), f stream = [104, 105], f future = ok]"]);
});
