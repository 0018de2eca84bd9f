// Validation of variables, references, tables and memories: what keeps each rule, and what does not.

import { describe } from "vitest";
import { checkRules, funcText, mismatch } from "./wasm-harness.ts";

describe("variables", () => {
  checkRules([
    [
      "are parameters and then locals",
      funcText(
        "(param i32) (local f32 f32 i64) (local.set 3 (i64.const 1)) (local.set 0 (i32.const 1))",
      ),
      null,
    ],
    [
      "between those of a run are of its type",
      funcText("(local f32 f32 i64) (local.set 1 (i64.const 1))"),
      mismatch("f32", "i64"),
    ],
    [
      "after the last do not exist",
      funcText("(param i32) (local i32) local.get 2 drop"),
      "unknown local 2",
    ],
    [
      "keep what tee sets on the stack",
      funcText("(local i32) (drop (local.tee 0 (i32.const 1)))"),
      null,
    ],
    [
      "that are global are set if they are mutable",
      "(module (global (mut i32) (i32.const 0)) (func (global.set 0 (i32.const 1))))",
      null,
    ],
    [
      "that are global are not set otherwise",
      "(module (global i32 (i32.const 0)) (func (global.set 0 (i32.const 1))))",
      "global is immutable: 0",
    ],
    ["that are global exist", funcText("global.get 0 drop"), "unknown global 0"],
  ]);
});

describe("select", () => {
  checkRules([
    [
      "without a type is of numbers",
      funcText("(drop (select (f64.const 1) (f64.const 2) (i32.const 0)))"),
      null,
    ],
    [
      "without a type is not of references",
      funcText("(drop (select (ref.null func) (ref.null func) (i32.const 0)))"),
      "type mismatch: select takes two numbers of one type, not [funcref funcref]",
    ],
    [
      "without a type is not of two types",
      funcText("(drop (select (f64.const 1) (f32.const 2) (i32.const 0)))"),
      "type mismatch: select takes two numbers of one type, not [f64 f32]",
    ],
    [
      "with a type may be of references",
      funcText(
        "(drop (select (result externref) (ref.null extern) (ref.null extern) (i32.const 0)))",
      ),
      null,
    ],
    [
      "has one type",
      funcText(
        "(select (result i32 i32) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)) drop drop",
      ),
      "invalid result arity",
    ],
  ]);
});

describe("references", () => {
  checkRules([
    [
      "to functions are declared by exports",
      '(module (func $f (export "f")) (func (drop (ref.func $f))))',
      null,
    ],
    [
      "to functions are declared by segments",
      "(module (func $f) (elem declare func $f) (func (drop (ref.func $f))))",
      null,
    ],
    [
      "to functions are declared by globals",
      "(module (func $f) (global funcref (ref.func $f)) (func (drop (ref.func $f))))",
      null,
    ],
    [
      "to functions are not declared by bodies",
      funcText("(drop (ref.func 0))"),
      "undeclared function reference 0",
    ],
    [
      "to functions that do not exist",
      "(module (global funcref (ref.func 7)))",
      "unknown function 7",
    ],
    ["can be null", funcText("(drop (ref.is_null (ref.null extern)))"), null],
    ["to exceptions can be null", funcText("(drop (ref.is_null (ref.null exn)))"), null],
    ["to functions can be null", funcText("(drop (ref.is_null (ref.null func)))"), null],
    [
      "may be anything in code that cannot be reached",
      funcText("unreachable ref.is_null drop"),
      null,
    ],
    [
      "are no numbers",
      funcText("(drop (ref.is_null (i32.const 0)))"),
      "type mismatch: i32 is no reference",
    ],
    [
      "of one kind are not of the other",
      funcText("(result externref) ref.null func"),
      mismatch("externref", "funcref"),
    ],
  ]);
});

describe("tables", () => {
  const tables = "(table $a 1 funcref) (table $b i64 1 funcref) (table $x 1 externref)";
  const inTables = (body: string): string => `(module ${tables} (elem $e funcref) (func ${body}))`;
  checkRules([
    [
      "give and take their references",
      inTables("(table.set $x (i32.const 0) (table.get $x (i32.const 0)))"),
      null,
    ],
    [
      "take no others",
      inTables("(table.set $x (i32.const 0) (table.get $a (i32.const 0)))"),
      mismatch("i32 externref", "i32 funcref"),
    ],
    [
      "of 64 bits have indices of 64 bits",
      inTables("(table.set $b (i64.const 0) (table.get $b (i64.const 0)))"),
      null,
    ],
    [
      "of 64 bits grow by and say 64 bits",
      inTables("(drop (i64.add (table.size $b) (table.grow $b (ref.null func) (i64.const 1))))"),
      null,
    ],
    ["are filled", inTables("(table.fill $b (i64.const 0) (ref.null func) (i64.const 1))"), null],
    [
      "are copied with the smaller length of the two",
      inTables("(table.copy $b $a (i64.const 0) (i32.const 0) (i32.const 0))"),
      null,
    ],
    [
      "are not copied with a longer one",
      inTables("(table.copy $b $a (i64.const 0) (i32.const 0) (i64.const 0))"),
      mismatch("i64 i32 i32", "i64 i32 i64"),
    ],
    [
      "are not copied to those of other references",
      inTables("(table.copy $x $a (i32.const 0) (i32.const 0) (i32.const 0))"),
      "type mismatch: a table of externref takes no funcref",
    ],
    [
      "are initialized from a segment by 32 bits",
      inTables("(table.init $b $e (i64.const 0) (i32.const 0) (i32.const 0))"),
      null,
    ],
    [
      "take segments of their references",
      inTables("(table.init $x $e (i32.const 0) (i32.const 0) (i32.const 0))"),
      "type mismatch: a table of externref takes no funcref",
    ],
    ["have segments that exist", inTables("elem.drop 1"), "unknown elem segment 1"],
    ["exist", inTables("(drop (table.size 3))"), "unknown table 3"],
    [
      "are not smaller than at least",
      "(module (table 2 1 funcref))",
      "size minimum must not be greater than maximum",
    ],
    [
      "have at most 2^32-1 entries",
      "(module (table 0 0x1_0000_0000 funcref))",
      "table size must be at most 2^32-1",
    ],
    ["may begin with a value", "(module (func $f) (table 1 funcref (ref.func $f)))", null],
    [
      "begin with a value of their own type",
      "(module (table 1 funcref (ref.null extern)))",
      mismatch("funcref", "externref"),
    ],
  ]);
});

describe("memories", () => {
  const inMemories = (body: string): string =>
    `(module (memory $a 1) (memory $b i64 1) (data $d "x") (func ${body}))`;
  checkRules([
    [
      "have addresses of their own type",
      inMemories("(i32.store $b (i64.const 0) (i32.load $a (i32.const 0)))"),
      null,
    ],
    [
      "have no addresses of another",
      inMemories("(drop (i32.load $b (i32.const 0)))"),
      mismatch("i64", "i32"),
    ],
    ["grow by and say addresses", inMemories("(drop (memory.grow $b (memory.size $b)))"), null],
    [
      "are filled with a byte",
      inMemories("(memory.fill $b (i64.const 0) (i32.const 1) (i64.const 1))"),
      null,
    ],
    [
      "are copied with the smaller length of the two",
      inMemories("(memory.copy $a $b (i32.const 0) (i64.const 0) (i32.const 0))"),
      null,
    ],
    [
      "are not copied with a longer one",
      inMemories("(memory.copy $a $b (i32.const 0) (i64.const 0) (i64.const 0))"),
      mismatch("i32 i64 i32", "i32 i64 i64"),
    ],
    [
      "are initialized from a segment by 32 bits",
      inMemories("(memory.init $b $d (i64.const 0) (i32.const 0) (i32.const 0))"),
      null,
    ],
    [
      "have segments that exist",
      inMemories("(memory.init $a 1 (i32.const 0) (i32.const 0) (i32.const 0))"),
      "unknown data segment 1",
    ],
    ["exist", funcText("(drop (i32.load (i32.const 0)))"), "unknown memory 0"],
    [
      "are read in steps of at most the size read",
      inMemories("(drop (i64.load16_u $a align=2 (i32.const 0)))"),
      null,
    ],
    [
      "are not read in larger steps",
      inMemories("(drop (i64.load16_u $a align=4 (i32.const 0)))"),
      "alignment must not be larger than natural",
    ],
    [
      "are not read in steps of 16",
      inMemories("(drop (f64.load $a align=16 (i32.const 0)))"),
      "alignment must not be larger than natural",
    ],
    [
      "have offsets as long as their addresses",
      inMemories("(drop (i32.load $a offset=0x1_0000_0000 (i32.const 0)))"),
      "offset out of range",
    ],
    [
      "of 64 bits have longer offsets",
      inMemories("(drop (i32.load $b offset=0x1_0000_0000 (i64.const 0)))"),
      null,
    ],
    ["may have 65536 pages", "(module (memory 65536 65536))", null],
    [
      "grow to at most 65536 pages",
      "(module (memory 0 65537))",
      "memory size must be at most 65536 pages (4GiB)",
    ],
    [
      "have at most 65536 pages",
      "(module (memory 65537))",
      "memory size must be at most 65536 pages (4GiB)",
    ],
    [
      "of 64 bits have at most 2^48 pages",
      "(module (memory i64 0 0x1_0000_0000_0001))",
      "memory size must be at most 2^48 pages",
    ],
    [
      "that are imported too",
      '(module (import "" "" (memory 2 1)))',
      "size minimum must not be greater than maximum",
    ],
  ]);
});
