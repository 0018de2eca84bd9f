// Which canonical definitions are valid: options, signatures, built-ins, and what CM#716 removed.

import { describe, expect, test } from "vitest";
import { checkComponent } from "../../src/component/check.ts";
import { decodeComponent } from "../../src/component/decode.ts";
import { type Case, checkRules, component } from "./component-check-harness.ts";
import { refusalOf } from "./wasm-harness.ts";

/** A core instance `$m`: a memory, allocators, and functions named after their types. */
const core = `
(core module $M
  (memory (export "mem") 1)
  (memory (export "mem64") i64 1)
  (table (export "funcs") 1 funcref)
  (table (export "externs") 1 externref)
  (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable)
  (func (export "realloc64") (param i64 i64 i64 i64) (result i64) unreachable)
  (func (export "v-v"))
  (func (export "i-v") (param i32))
  (func (export "ii-v") (param i32 i32))
  (func (export "ll-v") (param i64 i64))
  (func (export "v-i") (result i32) unreachable)
  (func (export "iii-i") (param i32 i32 i32) (result i32) unreachable))
(core instance $m (instantiate $M))`;

const memory = `(memory (core memory $m "mem"))`;
const memory64 = `(memory (core memory $m "mem64"))`;
const realloc = `(realloc (core func $m "realloc"))`;
const realloc64 = `(realloc (core func $m "realloc64"))`;

function lift(rule: string, type: string, callee: string, opts: string, why: string | null): Case {
  return [rule, `${core} (func ${type} (canon lift (core func $m "${callee}") ${opts}))`, why];
}

function lower(rule: string, type: string, opts: string, why: string | null): Case {
  return [
    rule,
    `${core} (import "f" (func $f ${type})) (core func (canon lower (func $f) ${opts}))`,
    why,
  ];
}

const needsMemory = "canonical option `memory` is required";
const needsRealloc = "canonical option `realloc` is required";
const asyncType = "the `async` canonical option requires an async function type";

/** So many parameters. */
function params(count: number): string {
  return Array.from({ length: count }, (_, i) => `(param "p${i}" u32)`).join(" ");
}

describe("CanonicalABI.md, canon lift: options and signature", () => {
  checkRules([
    lift("numbers need nothing", `(param "x" u8)`, "i-v", "", null),
    lift(
      "a list is a pointer and a length",
      `(param "x" (list u8))`,
      "ii-v",
      `${memory} ${realloc}`,
      null,
    ),
    lift(
      "of 64 bits in a memory of 64 bits",
      `(param "x" (list u8))`,
      "ll-v",
      `${memory64} ${realloc64}`,
      null,
    ),
    lift("in some memory", `(param "x" (list u8))`, "ii-v", "", needsMemory),
    lift("that is allocated", `(param "x" (list u8))`, "ii-v", memory, needsRealloc),
    lift("more than 16 parameters lie in memory", params(17), "i-v", memory, needsRealloc),
    lift("more than one result does", `(result (tuple u8 u8))`, "v-i", "", needsMemory),
    lift("a result is read, not allocated", `(result string)`, "v-i", memory, null),
    lift(
      "the signature fits the parameters",
      `(param "x" u8)`,
      "ii-v",
      "",
      "lowered parameter types `[I32]` do not match parameter types `[I32, I32]` of the core function",
    ),
    lift(
      "and the result",
      "",
      "v-i",
      "",
      "lowered result types `[]` do not match result types `[I32]` of the core function",
    ),
    lift(
      "the allocator has the addresses of the memory",
      `(param "x" string)`,
      "ll-v",
      `${memory64} ${realloc}`,
      "canonical option `realloc` uses a core function with an incorrect signature",
    ),
    lift(
      "and there is a memory",
      "",
      "v-v",
      realloc,
      "canonical option `realloc` requires `memory` to also be specified",
    ),
    lift(
      "post-return gets the results",
      `(result u32)`,
      "v-i",
      `(post-return (core func $m "i-v"))`,
      null,
    ),
    lift(
      "exactly",
      `(result u32)`,
      "v-i",
      `(post-return (core func $m "ii-v"))`,
      "canonical option `post-return` uses a core function with an incorrect signature",
    ),
    [
      "the type is one of a function",
      `${core} (type $t u8) (func (type $t) (canon lift (core func $m "v-v")))`,
      "type index 0 is not a function type",
    ],
  ]);
});

describe("CanonicalABI.md, canon lift: async", () => {
  const callback = `(callback (core func $m "iii-i"))`;
  checkRules([
    lift("with a callback it returns a code", "async", "v-i", `async ${callback}`, null),
    lift("without it returns nothing", "async", "v-v", "async", null),
    lift("results come later, and lie nowhere", `async (result u32)`, "v-v", "async", null),
    lift("async functions may be lifted synchronously", `async (result u32)`, "v-i", "", null),
    lift("only they are async", "", "v-v", "async", asyncType),
    lift(
      "a callback is for async",
      "async",
      "v-i",
      callback,
      "cannot specify `callback` without `async`",
    ),
    lift(
      "and takes an event",
      "async",
      "v-i",
      `async (callback (core func $m "v-i"))`,
      "canonical option `callback` uses a core function with an incorrect signature",
    ),
    lift(
      "post-return is for sync",
      "async",
      "v-v",
      `async (post-return (core func $m "v-v"))`,
      "cannot specify `post-return` together with `async`",
    ),
  ]);
});

describe("CanonicalABI.md, canon lower: options", () => {
  checkRules([
    lower("numbers need nothing", `(param "x" u8) (result u8)`, "", null),
    lower("strings are read", `(param "x" string)`, memory, null),
    lower("from a memory", `(param "x" string)`, "", needsMemory),
    lower("and written", `(result string)`, memory, needsRealloc),
    lower("four parameters of an async call are flat", `async ${params(4)}`, "async", null),
    lower("five lie in memory", `async ${params(5)}`, "async", needsMemory),
    lower("16 parameters of a sync call are flat", params(16), "", null),
    lower("17 lie in memory", params(17), "", needsMemory),
    lower("any result of an async call lies in memory", `async (result u8)`, "async", needsMemory),
    lower("only async functions are called so", "", "async", asyncType),
    lower(
      "results are not returned after reading",
      "",
      `(post-return (core func $m "v-v"))`,
      "canonical option `post-return` cannot be specified for lowerings",
    ),
    lower(
      "a memory is one that exists",
      "",
      "(memory 7)",
      "unknown memory 7: memory index out of bounds",
    ),
  ]);
});

function builtin(rule: string, canon: string, why: string | null, before = ""): Case {
  return [rule, `${core} ${before} (core func (canon ${canon}))`, why];
}

describe("CanonicalABI.md, Canonical Definitions: built-ins", () => {
  const imported = `(import "r" (type $r (sub resource)))`;
  const bytes = `(type $s (stream u8)) (type $f (future string))`;
  const start = `(core type $start (func (param i32)))`;
  checkRules([
    builtin("a resource that is imported can be dropped", "resource.drop $r", null, imported),
    builtin("but not made", "resource.new $r", "type index 0 is not a local resource", imported),
    builtin("nor looked into", "resource.rep $r", "type index 0 is not a local resource", imported),
    builtin("a stream is one", "stream.new $f", "`stream.new` requires a stream type", bytes),
    builtin(
      "a future too",
      "future.drop-writable $s",
      "`future.drop-writable` requires a future type",
      bytes,
    ),
    builtin("what is copied lies in memory", "stream.write $s", needsMemory, bytes),
    builtin("numbers are written where they are told", `stream.read $s ${memory}`, null, bytes),
    builtin("strings where there is room", `future.read $f ${memory}`, needsRealloc, bytes),
    builtin(
      "reading them from memory allocates nothing",
      `future.write $f ${memory} async`,
      null,
      bytes,
    ),
    builtin("nothing needs no memory", "stream.read $n", null, "(type $n (stream))"),
    builtin("a returned string lies in memory", "task.return (result string)", needsMemory),
    builtin(
      "and is not allocated",
      `task.return (result string) ${memory} ${realloc}`,
      "canonical option `realloc` cannot be specified for `task.return`",
    ),
    builtin("there are two slots", "context.get i32 1", null),
    builtin("not three", "context.set i32 2", "the index of a slot must be less than 2"),
    builtin("messages lie in memory", "error-context.new", needsMemory),
    builtin("and are allocated", `error-context.debug-message ${memory}`, needsRealloc),
    builtin(
      "a thread starts in a function",
      `thread.new-indirect $start (core table $m "funcs")`,
      null,
      start,
    ),
    builtin(
      "of a table of functions",
      `thread.new-indirect $start (core table $m "externs")`,
      "table must be of type `funcref`",
      start,
    ),
    builtin(
      "that takes one argument",
      `thread.new-indirect $start (core table $m "funcs")`,
      "start function must take a single `i32` or `i64` argument and return nothing",
      "(core type $start (func))",
    ),
  ]);
});

/** A module that imports a built-in with this type. */
function imports(rule: string, canon: string, type: string, why: string | null): Case {
  const user = `(core module $U (import "" "f" (func ${type})))`;
  const given = `(core instance (instantiate $U (with "" (instance (export "f" (func $b))))))`;
  const what = "type mismatch for export `f` of module instantiation argument ``";
  return [
    rule,
    `${core} (core func $b (canon ${canon})) ${user} ${given}`,
    why && `${what}: ${why}`,
  ];
}

describe("CanonicalABI.md, Canonical Definitions: the core types of built-ins", () => {
  checkRules([
    imports(
      "a wait fills a buffer",
      `waitable-set.wait ${memory}`,
      "(param i32 i32) (result i32)",
      null,
    ),
    imports(
      "whose address may have 64 bits",
      `waitable-set.wait ${memory64}`,
      "(param i32 i64) (result i32)",
      null,
    ),
    imports(
      "and then has",
      `waitable-set.poll ${memory64}`,
      "(param i32 i32) (result i32)",
      "expected: (func (param i32 i32) (result i32)), found: (func (param i32 i64) (result i32))",
    ),
    imports("what is returned is flat", "task.return (result u64)", "(param i64)", null),
    imports("or not there", "task.return", "", null),
  ]);
});

describe("CM#716: the cancellable immediate is gone", () => {
  const waiting = component([8, [1, 0x29, 0x01]]);
  const decoded = decodeComponent(waiting);

  test("it is valid before", () => {
    expect(refusalOf(() => checkComponent(decoded, new Set()))).toBe(null);
  });

  test("and refused afterwards", () => {
    expect(refusalOf(() => checkComponent(decoded, new Set(["CM#716"])))).toBe(
      "invalid at 11: `thread.suspend` has no `cancellable` immediate any more",
    );
  });
});
