// Components in text whose host has functions that the model does not know.

import { readFileSync } from "node:fs";
import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { type Onlooker, observed } from "../../src/oracle/crossings.ts";
import type { HostSide } from "../../src/oracle/recorded-imports.ts";
import type { Scenario } from "../../src/scenario/ast.ts";
import { componentScenario } from "../../src/scenario/binary.ts";
import { select } from "../../src/scenario/revision.ts";
import { systemOf } from "../../src/scenario/verify.ts";
import type { System } from "../../src/scheduler/machine.ts";

/** Imports `slow: async func(n: u32) -> u32` and `a:b/c@1.0.0#now: func(who: string) -> option<u8>`. */
const text = readFileSync(new URL("components/host-calls.wat", import.meta.url), "utf8");

/**
 * Exports `race: async func() -> u32`, which calls `slow: async func()` of a host that the model does not know,
 * and waits for a nanosecond of its clock: 1 if `slow` returned first, 2 if it was the clock, 0 if one of them
 * was over at once.
 */
export const race = `(component
  (import "slow" (func $slow async))
  (import "wasi:clocks/monotonic-clock@0.3.0" (instance $c
    (export "wait-for" (func async (param "how-long" u64)))))
  (core module $Libc (memory (export "mem") 1))
  (core instance $libc (instantiate $Libc))
  (alias core export $libc "mem" (core memory $mem))
  (core func $slow' (canon lower (func $slow) async (memory $mem)))
  (core func $sleep' (canon lower (func $c "wait-for") async (memory $mem)))
  (core func $set (canon waitable-set.new))
  (core func $join (canon waitable.join))
  (core func $wait (canon waitable-set.wait (memory $mem)))
  (core module $M
    (import "libc" "mem" (memory 1))
    (import "" "slow" (func $slow (result i32)))
    (import "" "sleep" (func $sleep (param i64) (result i32)))
    (import "" "set" (func $set (result i32)))
    (import "" "join" (func $join (param i32 i32)))
    (import "" "wait" (func $wait (param i32 i32) (result i32)))
    (func $index (param i32) (result i32) (i32.shr_u (local.get 0) (i32.const 4)))
    (func (export "race") (result i32) (local $a i32) (local $b i32) (local $set i32)
      (local.set $a (call $slow))
      (local.set $b (call $sleep (i64.const 1)))
      (if (i32.eqz (call $index (local.get $a))) (then (return (i32.const 0))))
      (if (i32.eqz (call $index (local.get $b))) (then (return (i32.const 0))))
      (local.set $set (call $set))
      (call $join (call $index (local.get $a)) (local.get $set))
      (call $join (call $index (local.get $b)) (local.get $set))
      (drop (call $wait (local.get $set) (i32.const 0)))
      (i32.add (i32.const 1) (i32.eq (i32.load (i32.const 0)) (call $index (local.get $b))))))
  (core instance $m (instantiate $M (with "libc" (instance $libc)) (with "" (instance
    (export "slow" (func $slow')) (export "sleep" (func $sleep')) (export "set" (func $set))
    (export "join" (func $join)) (export "wait" (func $wait))))))
  (func (export "race") async (result u32) (canon lift (core func $m "race"))))`;

/** `f` calls a function that takes a stream, `g` does nothing. */
export const takesStream = `(component
  (type $S (stream u8))
  (import "take" (func $take (param "s" $S)))
  (core func $take' (canon lower (func $take)))
  (core func $new (canon stream.new $S))
  (core module $M
    (import "" "take" (func $take (param i32)))
    (import "" "new" (func $new (result i64)))
    (func (export "f") (call $take (i32.wrap_i64 (call $new))))
    (func (export "g")))
  (core instance $m (instantiate $M (with "" (instance
    (export "take" (func $take')) (export "new" (func $new))))))
  (func (export "f") (canon lift (core func $m "f")))
  (func (export "g") (canon lift (core func $m "g"))))`;

/** A component whose host has functions that the model does not know; its calls are `invoke`. */
export async function recordedScenario(
  invoke: readonly string[],
  component: string = text,
): Promise<Scenario> {
  return componentScenario(await parse(component), { invoke, unknownImports: "recorded" });
}

/** Its system under a revision. */
export function recordedSystem(scenario: Scenario, revision = "d1daf829"): System {
  return systemOf(scenario, select(revision, [], []));
}

const nobody: Onlooker = {
  enter: () => {},
  leave: () => {},
  call: () => {},
  return: () => {},
  invoke: () => {},
  result: () => {},
  log: () => {},
};

/** The same system, whose host is `host`. */
export function withHost(system: System, host: HostSide): System {
  return observed(system, { ...nobody, host });
}
