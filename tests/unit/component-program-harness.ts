// Programs in text that call what the host has, and what nobody has.

import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { profiles } from "../../src/model/profiles.ts";
import { type Calls, componentScenario } from "../../src/scenario/binary.ts";
import { select } from "../../src/scenario/revision.ts";
import { systemOf } from "../../src/scenario/verify.ts";
import type { System } from "../../src/scheduler/machine.ts";

/** Exports `f`, which calls a function of an interface that nobody has. */
export const callsUnknown = `(component
  (import "a:b/c@1.0.0" (instance $c
    (export "r" (type $r (sub resource)))
    (export "g" (func (param "x" (own $r))))
    (export "h" (func))))
  (alias export $c "h" (func $h))
  (core func $low (canon lower (func $h)))
  (core module $M (import "" "h" (func $h)) (func (export "f") (call $h)))
  (core instance $m (instantiate $M (with "" (instance (export "h" (func $low))))))
  (func (export "f") (canon lift (core func $m "f"))))`;

/** Exports `f`, which ends itself with code 3. */
export const exits = `(component
  (import "wasi:cli/exit@0.3.0-rc-2026-03-15" (instance $e
    (export "exit-with-code" (func (param "status-code" u8)))))
  (alias export $e "exit-with-code" (func $exit))
  (core func $low (canon lower (func $exit)))
  (core module $M (import "" "exit" (func $exit (param i32)))
    (func (export "f") (call $exit (i32.const 3))))
  (core instance $m (instantiate $M (with "" (instance (export "exit" (func $low))))))
  (func (export "f") (canon lift (core func $m "f"))))`;

/** The system in which \`f\` is called; what nobody has traps. */
export async function programSystem(text: string, more: Partial<Calls> = {}): Promise<System> {
  const calls: Calls = { invoke: ["f()"], unknownImports: "trap", ...more };
  const scenario = componentScenario(await parse(text), calls);
  return systemOf(scenario, select("d1daf829", [], []), profiles.full);
}
