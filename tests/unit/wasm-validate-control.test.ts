// Validation of operands, blocks, branches, calls and exceptions: what keeps each rule, and what does not.

import { describe } from "vitest";
import { checkRules, funcText, mismatch } from "./wasm-harness.ts";

describe("operands", () => {
  checkRules([
    [
      "have the types of the instruction",
      funcText("(drop (i32.add (i32.const 1) (i32.const 2)))"),
      null,
    ],
    [
      "are not of another type",
      funcText("(drop (i32.add (i32.const 1) (i64.const 2)))"),
      mismatch("i32 i32", "i32 i64"),
    ],
    ["are not missing", funcText("(drop (i32.add (i32.const 1)))"), mismatch("i32 i32", "i32")],
    [
      "are not left over",
      funcText("i32.const 1"),
      "type mismatch: block requires [] but stack has [i32]",
    ],
    [
      "of a block are not those outside",
      funcText("i32.const 1 block drop end"),
      mismatch("unknown", ""),
    ],
    ["are its results at the end", funcText("(result i64) i32.const 1"), mismatch("i64", "i32")],
    [
      "are shown all if they are ten",
      funcText("i32.const 1 ".repeat(10)),
      `type mismatch: block requires [] but stack has [${Array(10).fill("i32").join(" ")}]`,
    ],
    [
      "are shown up to the tenth from the top",
      funcText(`${"i32.const 1 ".repeat(11)}`),
      `type mismatch: block requires [] but stack has [... ${Array(10).fill("i32").join(" ")}]`,
    ],
  ]);
});

describe("code that cannot be reached", () => {
  checkRules([
    ["has operands of any type", funcText("unreachable i32.add drop"), null],
    [
      "still has operands of known types",
      funcText("unreachable i64.const 1 i32.eqz drop"),
      mismatch("i32", "i64"),
    ],
    ["begins after a branch", funcText("(result i32) i64.const 1 i32.const 2 br 0 i32.add"), null],
    [
      "ends with its block",
      funcText("block unreachable end i32.add drop"),
      mismatch("i32 i32", ""),
    ],
    [
      "gives select a known type, if one operand has one",
      funcText("unreachable i64.const 0 i32.const 0 select i32.eqz drop"),
      mismatch("i32", "i64"),
    ],
    [
      "gives select an unknown type, if none has",
      funcText("unreachable select i32.eqz drop"),
      null,
    ],
    [
      "may not pass br_table different types",
      funcText("block (result f32) unreachable i32.const 0 br_table 0 1 end drop"),
      "type mismatch: labels of br_table differ in arity",
    ],
    [
      "may pass br_table any operand",
      funcText("(result f64) block (result f32) unreachable br_table 0 1 end drop f64.const 0"),
      null,
    ],
  ]);
});

describe("blocks", () => {
  checkRules([
    ["take their parameters from outside", funcText("i32.const 1 (block (param i32) drop)"), null],
    [
      "leave their results",
      funcText("(drop (block (result i32 i64) i32.const 1 i64.const 2)) drop"),
      null,
    ],
    ["of a type that does not exist", "(module (func block (type 5) end))", "unknown type 5"],
    [
      "if without else changes no types",
      funcText("i32.const 1 if (result i32) i32.const 1 end drop"),
      "type mismatch: an if from [] to [i32] has no else",
    ],
    [
      "if without else may keep its parameters",
      funcText("i32.const 1 i32.const 1 if (param i32) (result i32) end drop"),
      null,
    ],
    [
      "else begins with the parameters again",
      funcText("i64.const 1 i32.const 1 if (param i64) drop else drop end"),
      null,
    ],
    [
      "both branches of an if give the results",
      funcText("i32.const 1 if (result i32) i32.const 1 else i64.const 1 end drop"),
      mismatch("i32", "i64"),
    ],
  ]);
});

describe("branches", () => {
  checkRules([
    [
      "to a block bring its results",
      funcText("block (result i32) i32.const 1 br 0 end drop"),
      null,
    ],
    ["to a loop bring its parameters", funcText("i64.const 1 loop (param i64) br 0 end"), null],
    [
      "to a loop do not bring its results",
      funcText("loop (result i32) i32.const 1 br 0 end drop"),
      null,
    ],
    [
      "to the function bring its results",
      funcText("(result f32) i32.const 0 br 0"),
      mismatch("f32", "i32"),
    ],
    ["to no label", funcText("br 1"), "unknown label 1"],
    [
      "on a condition leave their operands",
      funcText("block (result i32) i32.const 1 i32.const 0 br_if 0 end drop"),
      null,
    ],
    ["by table need an index", funcText("block br_table 0 0 end"), mismatch("i32", "")],
    [
      "by table go to labels of equal types",
      funcText(
        "block (result i32) block (result i64) i32.const 1 i32.const 0 br_table 0 1 end drop i32.const 1 end drop",
      ),
      mismatch("i64", "i32"),
    ],
    [
      "return brings all results",
      funcText("(result i32 i64) i32.const 1 return"),
      mismatch("i32 i64", "i32"),
    ],
  ]);
});

describe("calls", () => {
  const table = "(table 1 funcref)";
  checkRules([
    [
      "take parameters and give results",
      "(module (func $f (param i32) (result i64) i64.const 1) (func (drop (call $f (i32.const 1)))))",
      null,
    ],
    ["to a function that does not exist", funcText("call 1"), "unknown function 1"],
    [
      "through a table need its index",
      `(module (type $t (func)) ${table} (func (call_indirect (type $t) (i64.const 0))))`,
      mismatch("i32", "i64"),
    ],
    [
      "through a table of 64 bits need a longer index",
      "(module (type $t (func)) (table i64 1 funcref) (func (call_indirect (type $t) (i64.const 0))))",
      null,
    ],
    [
      "through a table of other references",
      "(module (type $t (func)) (table 1 externref) (func (call_indirect (type $t) (i32.const 0))))",
      "type mismatch: a table of externref has no functions",
    ],
    [
      "through no table",
      "(module (type $t (func)) (func (call_indirect (type $t) (i32.const 0))))",
      "unknown table 0",
    ],
    [
      "of a type that does not exist",
      `(module ${table} (func (call_indirect (type 7) (i32.const 0))))`,
      "unknown type 7",
    ],
    [
      "in tail position return what the function does",
      "(module (func $f (result i32) i32.const 1) (func (result i32) return_call $f))",
      null,
    ],
    [
      "in tail position return nothing else",
      "(module (func $f (result i64) i64.const 1) (func (result i32) return_call $f))",
      "type mismatch: instruction requires [i32] but the callee returns [i64]",
    ],
    [
      "in tail position through a table too",
      `(module (type $t (func (result f32))) ${table} (func (result i32) (return_call_indirect (type $t) (i32.const 0))))`,
      "type mismatch: instruction requires [i32] but the callee returns [f32]",
    ],
  ]);
});

describe("exceptions", () => {
  const tag = "(tag $e (param i32 i64))";
  checkRules([
    [
      "are thrown with what the tag says",
      `(module ${tag} (func (throw $e (i32.const 1) (i64.const 2))))`,
      null,
    ],
    [
      "are not thrown with less",
      `(module ${tag} (func (throw $e (i64.const 2))))`,
      mismatch("i32 i64", "i64"),
    ],
    ["are not thrown without a tag", funcText("throw 0"), "unknown tag 0"],
    [
      "are caught by a label of their types",
      `(module ${tag} (func (result i32 i64) (block (result i32 i64) (try_table (catch $e 0) unreachable) unreachable)))`,
      null,
    ],
    [
      "are caught with a reference",
      `(module ${tag} (func (block (result i32 i64 exnref) (try_table (catch_ref $e 0)) unreachable) throw_ref))`,
      null,
    ],
    [
      "are not caught by a label of other types",
      `(module ${tag} (func (try_table (catch $e 0))))`,
      "type mismatch: catch brings [i32 i64] to []",
    ],
    ["of any tag bring nothing", funcText("(try_table (catch_all 0))"), null],
    [
      "of any tag bring a reference",
      funcText("(block (result exnref) (try_table (catch_all_ref 0)) unreachable) drop"),
      null,
    ],
    [
      "are caught outside of their block",
      funcText(
        "(block (result exnref) (try_table (result i32) (catch_all_ref 0) i32.const 1) drop unreachable) drop",
      ),
      null,
    ],
    [
      "are thrown again by reference only",
      funcText("i32.const 1 throw_ref"),
      mismatch("exnref", "i32"),
    ],
    ["have tags without results", "(module (tag (result i32)))", "non-empty tag result type"],
  ]);
});
