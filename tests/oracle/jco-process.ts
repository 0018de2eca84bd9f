// What jco does in one process, as JSON: node tests/oracle/jco-process.ts. Needs Node 24 or newer.

import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { EngineError, recordJco } from "../../src/jco.ts";
import { printTrace } from "../../src/oracle/format/print.ts";

/** Exports `f`, whose core function has this name and body, and a callback that yields for ever. */
function component(core: string, body: string): string {
  return `(component
    (core module $M
      (func (export "${core}") (result i32) ${body})
      (func (export "cb") (param i32 i32 i32) (result i32) (i32.const 1 (; YIELD ;))))
    (core instance $m (instantiate $M))
    (func (export "f") async (canon lift (core func $m "${core}") async (callback (core func $m "cb")))))`;
}

const calls = ["f()"];
const yields = await parse(component("f", "(i32.const 1 (; YIELD ;))"));
const traps = await parse(component("f", "unreachable"));
const odd = await parse(component('\\"', "unreachable"));

const { events } = await recordJco(yields, { calls, maxEvents: 20, idle: 50 });
const [one, two] = await Promise.all([traps, traps].map((bytes) => recordJco(bytes, { calls })));
const refused: unknown = await recordJco(odd, { calls }).catch((error: unknown) => error);

const told = {
  cutOff: events.length,
  last: events.at(-1)?.event,
  same: one !== undefined && two !== undefined && printTrace(one) === printTrace(two),
  problem: refused instanceof EngineError ? refused.problem : null,
};
// the yields go on
process.stdout.write(JSON.stringify(told), () => process.exit(0));
