// Validation of whole modules and constant expressions: what keeps each rule, and what does not.

import { describe, expect, test } from "vitest";
import { decodeModule } from "../../src/wasm/decode.ts";
import { validateModule } from "../../src/wasm/validate.ts";
import { assemble, binary, checkRules, funcOf, mismatch, refusalOf } from "./wasm-harness.ts";

describe("constant expressions", () => {
  checkRules([
    [
      "add, subtract and multiply integers",
      "(module (global i64 (i64.mul (i64.add (i64.const 1) (i64.const 2)) (i64.sub (i64.const 1) (i64.const 2)))))",
      null,
    ],
    [
      "do not compute with floats",
      "(module (global f32 (f32.add (f32.const 1) (f32.const 2))))",
      "constant expression required",
    ],
    [
      "call nothing",
      "(module (func $f (result i32) i32.const 1) (global i32 (call $f)))",
      "constant expression required",
    ],
    [
      "read globals that came before",
      "(module (global i32 (i32.const 1)) (global i32 (global.get 0)))",
      null,
    ],
    ["read no globals that come after", "(module (global i32 (global.get 0)))", "unknown global 0"],
    [
      "read no mutable globals",
      "(module (global (mut i32) (i32.const 1)) (global i32 (global.get 0)))",
      "constant expression required: the global is mutable",
    ],
    ["have one value", "(module (global i32))", mismatch("i32", "")],
    [
      "have no more",
      "(module (global i32 (i32.const 1) (i32.const 2)))",
      "type mismatch: block requires [i32] but stack has [i32 i32]",
    ],
    [
      "are addresses of the memory",
      '(module (memory i64 1) (data (i32.const 0) "x"))',
      mismatch("i64", "i32"),
    ],
    [
      "are indices of the table",
      "(module (table i64 1 funcref) (elem (offset (i64.const 0)) funcref))",
      null,
    ],
    [
      "of tables see only imported globals",
      "(module (table 1 funcref (global.get 0)) (global funcref (ref.null func)))",
      "unknown global 0",
    ],
  ]);
});

describe("modules", () => {
  checkRules([
    [
      "export under different names",
      '(module (func) (export "a" (func 0)) (export "a" (func 0)))',
      'duplicate export name "a"',
    ],
    ["export what exists", '(module (export "a" (global 0)))', "unknown global 0"],
    ["start with a function that exists", "(module (start 0))", "unknown function 0"],
    [
      "start without arguments",
      "(module (func (param i32)) (start 0))",
      "start function 0 takes or returns values",
    ],
    [
      "start without results",
      "(module (func (result i32) i32.const 1) (start 0))",
      "start function 0 takes or returns values",
    ],
    [
      "put functions that exist into tables",
      "(module (table 1 funcref) (elem (i32.const 0) 0))",
      "unknown function 0",
    ],
    [
      "put references into tables of their type",
      "(module (table 1 externref) (func) (elem (i32.const 0) func 0))",
      "type mismatch: a table of externref takes no funcref",
    ],
    [
      "put references into tables that exist",
      "(module (func) (elem (i32.const 0) 0))",
      "unknown table 0",
    ],
    ["put data into memories that exist", '(module (data (i32.const 0) "x"))', "unknown memory 0"],
  ]);
  test("have functions of types that exist", () => {
    const module = decodeModule(binary([1, 0], [3, 1, 2], [10, 1, 2, 0, 0x0b]));
    expect(refusalOf(() => validateModule(module))).toBe("invalid at 20: unknown type 2");
  });
});

describe("an error", () => {
  test("says at which byte the instruction stands", () => {
    // the body begins at 23: i32.const 1, i64.const 2, i32.add
    const module = decodeModule(funcOf(0x41, 1, 0x42, 2, 0x6a, 0x1a, 0x0b));
    expect(refusalOf(() => validateModule(module))).toBe(
      `invalid at 27: ${mismatch("i32 i32", "i32 i64")}`,
    );
  });
  test("in a module that stands in a file is that of the file", () => {
    const bytes = Uint8Array.from([9, 9, 9, ...funcOf(0x1a, 0x0b)]);
    const module = decodeModule(bytes, 3);
    expect(refusalOf(() => validateModule(module))).toBe(
      `invalid at 26: ${mismatch("unknown", "")}`,
    );
  });
});

describe("bounds", () => {
  test("are 1000000 operands at one time", async () => {
    // each call leaves 1000 results
    const results = "i32 ".repeat(1000);
    const text = (calls: number): string =>
      `(module (func $f (result ${results}) unreachable)
        (func ${"call $f ".repeat(calls)} unreachable))`;
    const refusal = async (calls: number): Promise<string | null> => {
      const module = decodeModule(await assemble(text(calls)));
      return refusalOf(() => validateModule(module))?.replace(/\d+:/, "") ?? null;
    };
    expect(await refusal(1000)).toBe(null);
    expect(await refusal(1001)).toBe(
      "unsupported at  more than 1000000 operands are not supported",
    );
  });
});
