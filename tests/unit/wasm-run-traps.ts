// Core code that traps: a module for each reason.

import type { CoreTrapReason } from "../../src/canon/machine.ts";

/** What `f` does in each module is the reason why it traps. */
export const trapping: Readonly<Record<CoreTrapReason | "throw", string>> = {
  unreachable: `(func (export "f") unreachable)`,
  "divide-by-zero": `(func (export "f") (drop (i32.div_s (i32.const 1) (i32.const 0))))`,
  "integer-overflow": `(func (export "f") (drop (i32.div_s (i32.const 0x80000000) (i32.const -1))))`,
  "invalid-conversion": `(func (export "f") (drop (i32.trunc_f32_s (f32.const nan))))`,
  "memory-out-of-bounds": `(memory 1) (func (export "f") (drop (i32.load (i32.const 65533))))`,
  "table-out-of-bounds": `(table 1 funcref) (func (export "f") (drop (table.get (i32.const 1))))`,
  "undefined-element": `(table 1 funcref) (func (export "f") (call_indirect (i32.const 1)))`,
  "uninitialized-element": `(table 1 funcref) (func (export "f") (call_indirect (i32.const 0)))`,
  "indirect-type": `(table funcref (elem $g)) (func $g (param i32))
    (func (export "f") (call_indirect (i32.const 0)))`,
  "null-reference": `(func (export "f") (throw_ref (ref.null exn)))`,
  "stack-exhausted": `(func $f (export "f") (call $f))`,
  throw: `(tag $e) (func (export "f") (throw $e))`,
};
