// `canon-async wast`: scripts of our own, with what holds, what does not, and what cannot be decided.

import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { cli, type Said } from "../unit/cli-harness.ts";

/** Runs `wast` on a script; its folder is left out of what is said. */
async function wast(text: string, ...options: readonly string[]): Promise<Said> {
  const folder = mkdtempSync(join(tmpdir(), "wast-"));
  writeFileSync(join(folder, "x.wast"), text);
  const said = await cli(["wast", join(folder, "x.wast"), ...options]);
  const plain = (output: string): string => output.replaceAll(/[^\s"]*\/x\.wast/g, "x.wast");
  return { code: said.code, out: plain(said.out), err: plain(said.err) };
}

const adder = `(module $m
  (global (export "g") i64 (i64.const -1))
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "pair") (result i32 f32) (i32.const 1) (f32.const nan))
  (func (export "boom") (unreachable))
  (func $deep (export "deep") (call $deep)))`;

describe("scripts of core modules", () => {
  test("hold where every assertion does", async () => {
    const said = await wast(`${adder}
      (assert_return (invoke "add" (i32.const 0x7fffffff) (i32.const 1)) (i32.const 0x80000000))
      (assert_return (invoke "pair") (i32.const 1) (f32.const nan:canonical))
      (assert_return (get $m "g") (i64.const -1))
      (assert_trap (invoke "boom") "unreachable")
      (assert_exhaustion (invoke "deep") "call stack exhausted")
      (assert_invalid (module (func (result i32))) "type mismatch")
      (assert_malformed (module binary "\\00asm") "unexpected end")
      (assert_malformed (module quote "(func (unknown))") "unknown operator")
      (register "m" $m)
      (module (import "m" "add" (func (param i32 i32) (result i32))))
      (assert_unlinkable (module (import "m" "add" (func))) "incompatible import type")
      (assert_unlinkable (module (import "m" "sub" (func))) "unknown import")
      (module (import "spectest" "print_i32" (func $p (param i32)))
        (import "spectest" "global_i32" (global $g i32))
        (func (export "print") (result i32) (call $p (i32.const 1)) (global.get $g)))
      (assert_return (invoke "print") (i32.const 666))`);
    expect(said).toEqual({
      code: 0,
      out: "x.wast: 11 passed (1 by the assembler)\n",
      err: "",
    });
  });

  test("fail with the place, what was expected and what came", async () => {
    const said = await wast(`${adder}
(assert_return (invoke "add" (i32.const 1) (i32.const 2)) (i32.const 4))
(assert_trap (invoke "boom") "integer overflow")
(assert_return (invoke "none"))`);
    expect(said.code).toBe(1);
    expect(said.out).toBe(`x.wast: 0 passed, 3 failed
  x.wast:7:1: assert_return "add" failed
    expected (i32.const 4)
    got      (i32.const 3)
  x.wast:8:1: assert_trap "boom" failed
    expected trap: integer overflow
    got      trap wasm \`unreachable\` instruction executed [guest.unreachable]
  x.wast:9:1: assert_return "none" failed
    expected an export "none"
    got      there is none
`);
  });

  test("skip what is not supported, with the reason, and what depends on it", async () => {
    const said = await wast(`(module (func (export "f") (result v128) (v128.const i32x4 0 0 0 0)))
      (assert_return (invoke "f") (v128.const i32x4 0 0 0 0))`);
    expect(said.code).toBe(0);
    expect(said.out).toMatch(/^x\.wast: 0 passed, 2 skipped\n {2}skipped 2: .*SIMD/);
  });

  test("a trap at instantiation is not the instance's", async () => {
    const said = await wast(`
      (assert_trap (module (func $f unreachable) (start $f)) "unreachable")
      (assert_trap (module (memory 1) (data (i32.const 65536) "a")) "out of bounds memory access")`);
    expect(said).toMatchObject({ code: 0, out: "x.wast: 2 passed\n" });
  });
});

const counter = `(component definition $C
  (core module $M
    (global $n (mut i32) (i32.const 0))
    (func (export "count") (result i32)
      (global.set $n (i32.add (global.get $n) (i32.const 1)))
      (global.get $n))
    (func (export "boom") unreachable))
  (core instance $m (instantiate $M))
  (func (export "count") (result u32) (canon lift (core func $m "count")))
  (func (export "boom") (canon lift (core func $m "boom"))))`;

describe("scripts of components", () => {
  test("instances have a state of their own, which goes on from call to call", async () => {
    const said = await wast(`${counter}
      (component instance $i $C)
      (component instance $j $C)
      (assert_return (invoke $i "count") (u32.const 1))
      (assert_return (invoke $i "count") (u32.const 2))
      (assert_return (invoke $j "count") (u32.const 1))`);
    expect(said).toEqual({ code: 0, out: "x.wast: 3 passed\n", err: "" });
  });

  test("after a trap nothing can be entered", async () => {
    const said = await wast(`${counter}
      (component instance $i $C)
      (assert_return (invoke "count") (u32.const 1))
      (assert_trap (invoke "boom") "wasm trap: wasm \`unreachable\` instruction executed")
      (assert_trap (invoke "count") "cannot enter component instance")
      (assert_return (invoke "count") (u32.const 2))`);
    expect(said.code).toBe(1);
    expect(said.out).toContain("x.wast: 3 passed, 1 failed\n");
    expect(said.out).toContain("got      nothing: the store has ended before, with trap");
  });

  test("a component imports what was registered", async () => {
    const said = await wast(`${counter}
      (component instance $i $C)
      (register "c" $i)
      (component
        (import "c" (instance $c (export "count" (func (result u32)))))
        (export "again" (func $c "count")))
      (assert_return (invoke $i "count") (u32.const 1))
      (assert_return (invoke "again") (u32.const 2))
      (assert_unlinkable (component (import "none" (func))) "none")`);
    expect(said).toEqual({ code: 0, out: "x.wast: 3 passed\n", err: "" });
  });

  test("what is no component is refused", async () => {
    const said = await wast(`
      (assert_invalid (component (export "a" (func 0))) "unknown func")
      (assert_malformed (component binary "\\00asm\\0d\\00\\01\\00\\ff") "unexpected")`);
    expect(said.code).toBe(0);
    expect(said.out).toContain("x.wast: 2 passed");
  });
});

/** `run` calls `f` asynchronously and gives the state of the call: 1 STARTED, 2 RETURNED. `f` yields first. */
const yielding = `(component
  (component $C
    (core func $return (canon task.return))
    (core module $M
      (import "" "return" (func $return))
      (func (export "f") (result i32) (i32.const 1 (; YIELD ;)))
      (func (export "cb") (param i32 i32 i32) (result i32) (call $return) (i32.const 0 (; EXIT ;))))
    (core instance $m (instantiate $M (with "" (instance (export "return" (func $return))))))
    (func (export "f") async (canon lift (core func $m "f") async (callback (core func $m "cb")))))
  (instance $c (instantiate $C))
  (core func $f (canon lower (func $c "f") async))
  (core module $D
    (import "" "f" (func $f (result i32)))
    (func (export "run") (result i32) (i32.and (call $f) (i32.const 15))))
  (core instance $d (instantiate $D (with "" (instance (export "f" (func $f))))))
  (func (export "run") async (result u32) (canon lift (core func $d "run"))))`;

// CanonicalABI.md, `Thread.wait_until`: whose condition holds may go on or block, and nobody says which
describe("schedules", () => {
  const started = `${yielding}\n(assert_return (invoke "run") (u32.const 1))`;

  test("by default a thread that yields blocks", async () => {
    expect(await wast(started)).toEqual({ code: 0, out: "x.wast: 1 passed\n", err: "" });
  });

  test("all of them are asked for, and the first that breaks an assertion is named", async () => {
    expect(await wast(started, "--all-schedules")).toEqual({
      code: 1,
      out: `x.wast: 1 passed, 1 schedule-dependent
  x.wast:17:1: assert_return "run" holds under some schedules only; it fails under
    go-on c.f#1
`,
      err: "",
    });
  });

  test("an assertion that allows both holds under all", async () => {
    const either = `${yielding}
      (assert_return (invoke "run") (either (u32.const 1) (u32.const 2)))`;
    expect(await wast(either, "--all-schedules")).toEqual({
      code: 0,
      out: "x.wast: 1 passed\n",
      err: "",
    });
  });

  test("a bound that is met is no proof", async () => {
    const said = await wast(started, "--all-schedules", "--max-states", "1");
    expect(said.out).toContain("1 not searched to the end");
    expect(said.code).toBe(3);
  });
});

describe("the command", () => {
  test("says where a script is wrong", async () => {
    expect(await wast("(module)\n  (assert_return)")).toEqual({
      code: 2,
      out: "",
      err: "x.wast:2:17: expected (invoke ..) or (get ..), and the list ends here\n",
    });
  });

  test("names what only has to work by its words in the script", async () => {
    const wrong = "(core module (func (result i32)))";
    const said = await wast(`(module (func (result i32)))
      (component ${wrong})
      (component definition $C ${wrong})
      (component instance $i $C)`);
    expect(said.code).toBe(1);
    const lines = said.out.split("\n").filter((line) => /^ {2}\S/.test(line));
    expect(lines).toEqual([
      "  x.wast:1:1: module failed",
      "  x.wast:2:7: component failed",
      "  x.wast:3:7: component definition failed",
      expect.stringMatching(/^ {2}skipped 1: type mismatch/),
    ]);
  });

  test("maps the assembler's errors to the script", async () => {
    const said = await wast('(register "a")\n(module\n  (func (i32.nothing)))');
    expect(said.code).toBe(1);
    expect(said.out).toContain("the assembler refuses it at 3:10: unknown operator");
  });

  test("takes folders, and sums up", async () => {
    const folder = mkdtempSync(join(tmpdir(), "wast-"));
    mkdirSync(join(folder, "b"));
    writeFileSync(join(folder, "b/2.wast"), '(assert_invalid (module (func (i32.add))) "type")');
    writeFileSync(join(folder, "1.wast"), "(module)");
    writeFileSync(join(folder, "no.txt"), "no");
    const { code, out } = await cli(["wast", folder]);
    expect(code).toBe(0);
    expect(out.trimEnd().split("\n").at(-1)).toBe("2 files: 1 passed");
  });

  test("gives JSON for programs", async () => {
    const { out } = await wast(
      '(assert_invalid (module (func (i32.add))) "type mismatch")',
      "--json",
    );
    const { complete, files, invalid, tally } = JSON.parse(out);
    expect({ complete, invalid, passed: tally.passed }).toEqual({
      complete: true,
      invalid: [],
      passed: 1,
    });
    expect(files[0].commands[0]).toMatchObject({ line: 1, column: 1, what: "assert_invalid" });
  });

  test("stops when it is asked to", async () => {
    const folder = mkdtempSync(join(tmpdir(), "wast-"));
    writeFileSync(join(folder, "1.wast"), "(module)");
    const said = await cli(["wast", folder], { stopped: () => true });
    expect(said).toEqual({ code: 3, out: "", err: "stopped before the end\n" });
  });

  test("a folder without scripts and a file that is not there are wrong usage", async () => {
    const folder = mkdtempSync(join(tmpdir(), "wast-"));
    const none = await cli(["wast", folder]);
    const shown = relative(process.cwd(), folder);
    expect([none.code, none.err]).toEqual([2, `no .wast files under ${shown}\n`]);
    const absent = await cli(["wast", "no.wast"]);
    expect([absent.code, absent.err]).toEqual([2, "cannot read no.wast: there is no such file\n"]);
  });
});
