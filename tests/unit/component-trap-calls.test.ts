// Which functions of core code were open where a run trapped: said for people, and no part of an outcome.

import { expect, it } from "vitest";
import type { Ending } from "../../src/model/store.ts";
import { callsText } from "../../src/report/trace-text.ts";
import { defaultPolicy, run } from "../../src/scheduler/run.ts";
import { unit } from "./component-link-harness.ts";
import { outcomes, systemOf } from "./component-run-harness.ts";

/** `f` traps in one of several functions, by its argument: in core code, in a built-in, at the end of a recursion. */
const text = `(component
  (core func $drop (canon waitable-set.drop))
  (core module $Main
    (import "" "drop" (func $drop (param i32)))
    (memory 1)
    (func $inner (param i32) (drop (i32.load (local.get 0))))
    (func $other (param i32) (call $inner (local.get 0)))
    (func $named (param i32)
      (call $drop (i32.const 77)))
    (func $endless (param i32) (call $endless (local.get 0)))
    (func (export "f") (param $how i32)
      (if (i32.eq (local.get $how) (i32.const 0)) (then (call $other (i32.const 65536))))
      (if (i32.eq (local.get $how) (i32.const 1)) (then (call $named (i32.const 0))))
      (if (i32.eq (local.get $how) (i32.const 2)) (then (call $endless (i32.const 0))))
      (if (i32.eq (local.get $how) (i32.const 3)) (then (call $inner (i32.const 65536))))))
  (core instance $main (instantiate $Main (with "" (instance (export "drop" (func $drop))))))
  (func (export "f") (param "how" u32) (canon lift (core func $main "f"))))`;

async function endingOf(how: number): Promise<Ending | null> {
  const system = systemOf([await unit("c", text)], { roots: [[["f", how]]] });
  return run(system, defaultPolicy).store.ending;
}

it.each([
  ["core code", 0, "guest.memory-out-of-bounds", ["c.main.inner", "c.main.other", "c.main.f"]],
  // what was open when the built-in was called
  ["a built-in", 1, "table.no-such-index", ["c.main.named", "c.main.f"]],
  // only the innermost ones are said
  ["a recursion", 2, "guest.stack-exhausted", Array(12).fill("c.main.endless")],
])("a trap in %s names the open functions, the innermost first", async (_, how, code, calls) => {
  expect(await endingOf(how)).toMatchObject({ tag: "trap", code, calls });
});

it("they are one line of a report", async () => {
  expect(callsText({ calls: ["a", "b", "c"] })).toBe(", in a, called by b, c");
  expect(callsText({ calls: ["a"] })).toBe(", in a");
  expect(callsText({})).toBe("");
});

it("traps of one code in different functions are one outcome", async () => {
  const system = systemOf([await unit("c", text)], { roots: [[["f", 0]], [["f", 3]]] });
  expect(outcomes(system)).toEqual(["[] traps guest.memory-out-of-bounds"]);
});
