// What `canon-async wast` says of scripts that hold under one policy only, and of what a later version allows.

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cli, type Said } from "../unit/cli-harness.ts";

async function wast(text: string): Promise<Said> {
  const file = join(mkdtempSync(join(tmpdir(), "wast-")), "x.wast");
  writeFileSync(file, text);
  return cli(["wast", file, "--verbose"]);
}

/** `state` gives the state of a call whose event is there when it waits; `spin` yields until another task had its turn. */
const component = `(component
  (component $C
    (type $f (future))
    (core func $new (canon future.new $f))
    (core func $write (canon future.write $f async))
    (core func $read (canon future.read $f async))
    (core func $set (canon waitable-set.new))
    (core func $join (canon waitable.join))
    (core module $Mem (memory (export "m") 1))
    (core instance $mem (instantiate $Mem))
    (core func $wait (canon waitable-set.wait (memory $mem "m")))
    (core func $yield (canon thread.yield))
    (core func $return (canon task.return))
    (core module $M
      (import "" "new" (func $new (result i64)))
      (import "" "write" (func $write (param i32 i32) (result i32)))
      (import "" "read" (func $read (param i32 i32) (result i32)))
      (import "" "set" (func $set (result i32)))
      (import "" "join" (func $join (param i32 i32)))
      (import "" "wait" (func $wait (param i32 i32) (result i32)))
      (import "" "yield" (func $yield (result i32)))
      (import "" "return" (func $return))
      (global $flag (mut i32) (i32.const 0))
      (func (export "there") (local $ends i64) (local $w i32) (local $set i32)
        (local.set $ends (call $new))
        (local.set $w (i32.wrap_i64 (i64.shr_u (local.get $ends) (i64.const 32))))
        (local.set $set (call $set))
        (drop (call $write (local.get $w) (i32.const 0)))
        (drop (call $read (i32.wrap_i64 (local.get $ends)) (i32.const 0)))
        (call $join (local.get $w) (local.get $set))
        (drop (call $wait (local.get $set) (i32.const 0)))
        (call $return))
      (func (export "raise") (drop (call $yield)) (global.set $flag (i32.const 1)) (call $return))
      (func (export "flag") (result i32) (global.get $flag)))
    (core instance $m (instantiate $M (with "" (instance
      (export "new" (func $new)) (export "write" (func $write)) (export "read" (func $read))
      (export "set" (func $set)) (export "join" (func $join)) (export "wait" (func $wait))
      (export "yield" (func $yield)) (export "return" (func $return))))))
    (func (export "there") async (canon lift (core func $m "there") async))
    (func (export "raise") async (canon lift (core func $m "raise") async))
    (func (export "flag") (result u32) (canon lift (core func $m "flag"))))
  (instance $c (instantiate $C))
  (core func $there (canon lower (func $c "there") async))
  (core func $raise (canon lower (func $c "raise") async))
  (core func $flag (canon lower (func $c "flag")))
  (core func $yield (canon thread.yield))
  (core module $D
    (import "" "there" (func $there (result i32)))
    (import "" "raise" (func $raise (result i32)))
    (import "" "flag" (func $flag (result i32)))
    (import "" "yield" (func $yield (result i32)))
    (func (export "state") (result i32) (i32.and (call $there) (i32.const 15)))
    (func (export "spin") (result i32)
      (drop (call $raise))
      (loop $again (drop (call $yield)) (br_if $again (i32.eqz (call $flag))))
      (i32.const 7)))
  (core instance $d (instantiate $D (with "" (instance
    (export "there" (func $there)) (export "raise" (func $raise)) (export "flag" (func $flag))
    (export "yield" (func $yield))))))
  (func (export "state") async (result u32) (canon lift (core func $d "state")))
  (func (export "spin") async (result u32) (canon lift (core func $d "spin"))))`;

// CanonicalABI.md, `Thread.wait_until`: what waits for what is there may go on or block.
test("a thread that waits for what is there may go on: the callee returns within the call", async () => {
  // 2 is RETURNED; by default it blocks, and the call is STARTED
  const { code, out } = await wast(`${component}\n(assert_return (invoke "state") (u32.const 2))`);
  expect(code).toBe(0);
  expect(out).toContain("1 passed, 1 schedule-dependent\n");
  expect(out).toContain(
    "not by default, but where a thread that waits for what is there goes on\n",
  );
});

// CanonicalABI.md, `Store.tick`: any of the ready threads may be resumed.
test("threads may take turns: one that yields for ever does not keep the others from running", async () => {
  const { code, out } = await wast(`${component}\n(assert_return (invoke "spin") (u32.const 7))`);
  expect(code).toBe(0);
  expect(out).toContain("1 passed, 1 schedule-dependent\n");
  expect(out).toContain("not by default, but where threads take turns\n");
});

// WebAssembly 3.0 has multiple memories, and scripts of 2.0 say that there is one at the most.
test("what a later version of WebAssembly allows is skipped, with that reason", async () => {
  const { code, out } = await wast(
    '(assert_invalid (module (memory 1) (memory 1)) "multiple memories")',
  );
  expect(code).toBe(0);
  expect(out).toContain("0 passed, 1 skipped\n");
  expect(out).toContain("superseded by multiple memories\n");
});
