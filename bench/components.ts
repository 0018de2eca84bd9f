// Calls from one component to another through the full ABI, from core code to core code.

import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { decodeComponent } from "../src/component/decode.ts";
import { callableAt, linkComponents } from "../src/component/instantiate.ts";
import { componentSystem } from "../src/component/system.ts";
import { amendmentNames } from "../src/model/amendments.ts";
import { profiles } from "../src/model/profiles.ts";
import { defaultPolicy, run } from "../src/scheduler/run.ts";
import { seconds } from "./measure.ts";
import { demand, type Figure } from "./workload.ts";

/** A callee that gives its number back plus one, sync or async, and a loop that calls it. */
function loop(callee: string, call: string): string {
  return `(component
    (component $Callee ${callee})
    (instance $callee (instantiate $Callee))
    (core module $Libc
      (memory (export "mem") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
    (core instance $libc (instantiate $Libc))
    (core func $f (canon lower (func $callee "f") (memory $libc "mem") (realloc (func $libc "realloc"))))
    (core module $M
      (import "libc" "mem" (memory 1))
      ${call}
      (func (export "run") (param $n i32) (result i32) (local $i i32)
        (loop $again
          (local.set $i (call $next (local.get $i)))
          (br_if $again (i32.lt_u (local.get $i) (local.get $n))))
        (local.get $i)))
    (core instance $m (instantiate $M
      (with "libc" (instance $libc)) (with "" (instance (export "f" (func $f))))))
    (func (export "run") async (param "n" u32) (result u32) (canon lift (core func $m "run"))))`;
}

const plainCall = `
  (import "" "f" (func $f (param i32) (result i32)))
  (func $next (param i32) (result i32) (call $f (local.get 0)))`;

const sync = loop(
  `(core module $M
     (func (export "f") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1))))
   (core instance $m (instantiate $M))
   (func (export "f") (param "x" u32) (result u32) (canon lift (core func $m "f")))`,
  plainCall,
);

const callback = loop(
  `(core func $return (canon task.return (result u32)))
   (core module $M
     (import "" "return" (func $return (param i32)))
     (func (export "f") (param i32) (result i32)
       (call $return (i32.add (local.get 0) (i32.const 1)))
       (i32.const 0))
     (func (export "event") (param i32 i32 i32) (result i32) unreachable))
   (core instance $m (instantiate $M (with "" (instance (export "return" (func $return))))))
   (func (export "f") async (param "x" u32) (result u32)
     (canon lift (core func $m "f") async (callback (func $m "event"))))`,
  plainCall,
);

/** A string of 16 characters goes there, which calls realloc, and its length is added up. */
const string = loop(
  `(core module $M
     (memory (export "mem") 1)
     (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
     (func (export "f") (param i32 i32 i32) (result i32)
       (i32.add (local.get 0) (i32.shr_u (local.get 2) (i32.const 4)))))
   (core instance $m (instantiate $M))
   (func (export "f") (param "x" u32) (param "s" string) (result u32)
     (canon lift (core func $m "f") (memory $m "mem") (realloc (func $m "realloc"))))`,
  `(import "" "f" (func $f (param i32 i32 i32) (result i32)))
   (data (i32.const 16) "sixteen letters!")
   (func $next (param i32) (result i32) (call $f (local.get 0) (i32.const 16) (i32.const 16)))`,
);

/** Runs the loop of a component `n` times; throws unless the result is `n`. */
function runLoop(bytes: Uint8Array, n: number): void {
  const linked = linkComponents([{ name: "main", component: decodeComponent(bytes) }]);
  const { func } = callableAt(linked, "main", "run");
  const steps = [{ tag: "call", func, args: [n], label: "run" } as const];
  const system = componentSystem(linked, {
    roots: [{ name: "main", steps }],
    amendments: amendmentNames,
    profile: profiles.deterministic,
  });
  const { store } = run(system, defaultPolicy, { bound: Number.POSITIVE_INFINITY });
  demand(store.ending === null, `it ended with ${JSON.stringify(store.ending)}`);
  demand(store.log.join() === `run = ${n}`, `it logged ${store.log.join()}`);
}

function figure(name: string, bytes: Uint8Array): Figure {
  const target = { of: "value", is: "at least", bound: 20_000 } as const;
  const measure = (small: boolean): number => {
    const n = small ? 3 : 50_000;
    runLoop(bytes, n);
    return n / seconds(() => runLoop(bytes, n));
  };
  return { tag: "figure", name, unit: "calls/s", target, measure };
}

export const componentFigures: readonly Figure[] = [
  figure("component-call-sync", await parse(sync)),
  figure("component-call-callback", await parse(callback)),
  figure("component-call-string", await parse(string)),
];
