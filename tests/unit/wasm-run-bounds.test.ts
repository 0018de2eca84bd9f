// What hostile code costs: everything that it makes the interpreter do is paid for, or refused.

import { describe, expect, test } from "vitest";
import { contextOf, core, first, moveOf } from "./wasm-run-harness.ts";

const many = (n: number, text: string): string => `${text}\n`.repeat(n);

/** What a run with this fuel ends with, where it does not return. */
async function refusal(text: string, fuel: number): Promise<string> {
  const made = await core(text, fuel);
  const c = contextOf(made);
  first(made, c, "");
  try {
    return first(made, c, "f").move.tag;
  } catch (error) {
    return (error as Error).message;
  }
}

describe("hostile code", () => {
  test("may leave one block by very many branches", async () => {
    const text = `(func (export "f") (param i32) (result i32)
      (block ${many(200_000, "(br_if 0 (local.get 0))")}) (i32.const 7))`;
    expect(await moveOf(text, [1])).toEqual({ tag: "return", values: [7] });
  });
  test("may open very many blocks over very many operands", async () => {
    const n = 100_000;
    const text = `(func (export "f") (result i32)
      ${many(n, "i32.const 1")} ${many(n, "block end")} ${many(n - 1, "i32.add")})`;
    expect(await moveOf(text)).toEqual({ tag: "return", values: [n] });
  });
  test("pays for each handler that an exception passes", async () => {
    const text = `(tag $e) (tag $other)
      (func (export "f") (block $h
        (try_table ${many(5000, "(catch $other $h)")} (catch $e $h) (throw $e))))`;
    expect(await refusal(text, 20_000)).toBe("return");
    expect(await refusal(text, 5000)).toBe("5000 core instructions without a call out");
  });
  test("pays for the whole table when it grows by one entry", async () => {
    const text = `(table 10000 20000 funcref)
      (func (export "f") (drop (table.grow (ref.null func) (i32.const 1))))`;
    expect(await refusal(text, 20_000)).toBe("return");
    expect(await refusal(text, 5000)).toBe("5000 core instructions without a call out");
  });
  test("grows its tables to 10,000,000 entries together", async () => {
    const text = `(table $a 0 funcref) (table $b 0 funcref)
      (func (export "f") (result i32 i32 i32)
        (table.grow $a (ref.null func) (i32.const 6000000))
        (table.grow $b (ref.null func) (i32.const 5000000))
        (table.grow $b (ref.null func) (i32.const 4000000)))`;
    expect(await moveOf(text)).toEqual({ tag: "return", values: [0, 0xffff_ffff, 0] });
  });
});
