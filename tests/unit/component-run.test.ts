// Components that run: what the Canonical ABI does with core code, one rule of it at a time.

import { describe, expect, it } from "vitest";
import { stringValue } from "../../src/canon/values/strings.ts";
import { callableAt, linkComponents } from "../../src/component/instantiate.ts";
import { componentSystem, type RootStep } from "../../src/component/system.ts";
import { amendmentNames } from "../../src/model/amendments.ts";
import { libc } from "./component-libc.ts";
import { refused, unit } from "./component-link-harness.ts";
import { outcomes, outcomesOf, systemOf } from "./component-run-harness.ts";

const memory = libc(1);

describe("calls", () => {
  it("are made one after the other by a root, and each result is logged", async () => {
    const text = `(component
      (core module $M
        (global $n (mut i32) (i32.const 5))
        (func (export "add") (param i32) (result i32)
          (global.set $n (i32.add (global.get $n) (local.get 0)))
          (global.get $n))
        (func (export "reset") (global.set $n (i32.const 0))))
      (core instance $m (instantiate $M))
      (func (export "add") (param "x" s32) (result s32) (canon lift (core func $m "add")))
      (func (export "reset") (canon lift (core func $m "reset"))))`;
    const roots = [[["add", 2], ["reset"], ["add", -1]]] as const;
    expect(await outcomesOf(text, { roots })).toEqual(["[add = 7, reset, add = -1]"]);
  });

  it("of several roots come in any order once everything is instantiated", async () => {
    const text = `(component
      (core module $M
        (global $n (mut i32) (i32.const 10))
        (func (export "next") (result i32)
          (global.set $n (i32.add (global.get $n) (i32.const 1)))
          (global.get $n))
        (func (export "last") (result i32) (global.get $n)))
      (core instance $m (instantiate $M))
      (func (export "next") (result u32) (canon lift (core func $m "next")))
      (func (export "last") (result u32) (canon lift (core func $m "last"))))`;
    expect(await outcomesOf(text, { roots: [[["next"]], [["last"]]] })).toEqual([
      "[last = 10, next = 11]",
      "[next = 11, last = 11]",
    ]);
  });

  it("that trap end the run", async () => {
    const text = `(component
      (core module $M (func (export "f") unreachable))
      (core instance $m (instantiate $M))
      (func (export "f") (canon lift (core func $m "f"))))`;
    expect(await outcomesOf(text, { roots: [[["f"], ["f"]]] })).toEqual([
      "[] traps guest.unreachable",
    ]);
  });

  it("carry strings from one memory and encoding to another", async () => {
    const text = `(component
      (component $Count ${memory}
        (core module $M
          (import "libc" "mem" (memory 1))
          (func (export "units") (param i32 i32) (result i32)
            ;; the first code unit and the number of them
            (i32.add (i32.mul (i32.load16_u (local.get 0)) (i32.const 1000)) (local.get 1))))
        (core instance $m (instantiate $M (with "libc" (instance $libc))))
        (func (export "units") (param "s" string) (result u32)
          (canon lift (core func $m "units") string-encoding=utf16 (memory $mem) (realloc $realloc))))
      (instance $count (instantiate $Count))
      ${memory}
      (core func $units (canon lower (func $count "units") (memory $mem)))
      (core module $N
        (import "libc" "mem" (memory 1))
        (import "" "units" (func $units (param i32 i32) (result i32)))
        (func (export "f") (param i32 i32) (result i32) (call $units (local.get 0) (local.get 1))))
      (core instance $n (instantiate $N
        (with "libc" (instance $libc)) (with "" (instance (export "units" (func $units))))))
      (func (export "f") (param "s" string) (result u32)
        (canon lift (core func $n "f") (memory $mem) (realloc $realloc))))`;
    // U+00E4 is two bytes of UTF-8 and one unit of UTF-16, 228; U+1F600 is four bytes and two units
    const call = (s: string) => ["f", stringValue(s)] as const;
    expect(await outcomesOf(text, { roots: [[call("ä😀b"), call("")]] })).toEqual([
      "[f = 228004, f = 0]",
    ]);
  });

  it("clean up after a result by post-return, with the flat result as its argument", async () => {
    const text = `(component ${memory}
      (core module $M
        (import "libc" "mem" (memory 1))
        (global $freed (mut i32) (i32.const 0))
        (data (i32.const 100) "\\08\\00\\00\\00\\03\\00\\00\\00")
        (data (i32.const 8) "abc")
        (func (export "text") (result i32) (i32.const 100))
        (func (export "free") (param i32) (global.set $freed (local.get 0)))
        (func (export "freed") (result i32) (global.get $freed)))
      (core instance $m (instantiate $M (with "libc" (instance $libc))))
      (func (export "text") (result string)
        (canon lift (core func $m "text") (memory $mem) (post-return (core func $m "free"))))
      (func (export "freed") (result u32) (canon lift (core func $m "freed"))))`;
    expect(await outcomesOf(text, { roots: [[["freed"], ["text"], ["freed"]]] })).toEqual([
      '[freed = 0, text = "abc", freed = 100]',
    ]);
  });

  it("spill more than 16 flat parameters into memory (CanonicalABI.md, MAX_FLAT_PARAMS)", async () => {
    const ts = new Array(17).fill("u8").join(" ");
    const text = `(component ${memory}
      (core module $M
        (import "libc" "mem" (memory 1))
        (func (export "last") (param i32) (result i32) (i32.load8_u offset=16 (local.get 0))))
      (core instance $m (instantiate $M (with "libc" (instance $libc))))
      (func (export "last") (param "t" (tuple ${ts})) (result u8)
        (canon lift (core func $m "last") (memory $mem) (realloc $realloc))))`;
    const value = Array.from({ length: 17 }, (_, i) => i + 1);
    expect(await outcomesOf(text, { roots: [[["last", value]]] })).toEqual(["[last = 17]"]);
  });
});

describe("instantiation", () => {
  const starting = `(component
    (import "log" (instance $log (export "add" (func (param "x" u32)))))
    (core func $add (canon lower (func $log "add")))
    (core module $M
      (import "" "add" (func $add (param i32)))
      (global $n (mut i32) (i32.const 0))
      (func $start (call $add (i32.const 7)) (global.set $n (i32.const 1)))
      (start $start)
      (func (export "n") (result i32) (global.get $n)))
    (core instance $m (instantiate $M (with "" (instance (export "add" (func $add))))))
    (func (export "n") (result u32) (canon lift (core func $m "n"))))`;
  const log = `
    (core module $L
      (global $sum (mut i32) (i32.const 0))
      (func (export "add") (param i32)
        (global.set $sum (i32.add (i32.mul (global.get $sum) (i32.const 10)) (local.get 0))))
      (func (export "sum") (result i32) (global.get $sum)))
    (core instance $l (instantiate $L))
    (func $add (export "add") (param "x" u32) (canon lift (core func $l "add")))
    (func $sum (export "sum") (result u32) (canon lift (core func $l "sum")))`;

  it("runs start functions in the order of definitions, inner components too", async () => {
    const step = (digit: number): string => `
      (component $C${digit}
        (import "add" (func $add (param "x" u32)))
        (core func $add' (canon lower (func $add)))
        (core module $M
          (import "" "add" (func $add (param i32)))
          (func $start (call $add (i32.const ${digit})))
          (start $start))
        (core instance (instantiate $M (with "" (instance (export "add" (func $add')))))))
      (instance (instantiate $C${digit} (with "add" (func $log "add"))))`;
    const text = `(component
      (component $Log ${log})
      (instance $log (instantiate $Log))
      ${step(1)} ${step(2)} ${step(3)}
      (export "sum" (func $log "sum")))`;
    expect(await outcomesOf(text, { roots: [[["sum"]]] })).toEqual(["[sum = 123]"]);
  });

  it("of one component may call another that was instantiated before", async () => {
    const units = [await unit("log", `(component ${log})`), await unit("main", starting)];
    expect(outcomes(systemOf(units, { roots: [[["n"]]] }))).toEqual(["[n = 1]"]);
  });

  it("traps where a segment does not fit, before anything is invoked", async () => {
    const text = `(component
      (core module $M (memory 1) (data (i32.const 65536) "x") (func (export "f")))
      (core instance $m (instantiate $M))
      (func (export "f") (canon lift (core func $m "f"))))`;
    expect(await outcomesOf(text, { roots: [[["f"]]] })).toEqual([
      "[] traps guest.memory-out-of-bounds",
    ]);
  });

  it("is a thread of its own if there are several roots, and a call for each core instance", async () => {
    const units = [await unit("log", `(component ${log})`), await unit("main", starting)];
    const { initial, program } = systemOf(units, { roots: [[["n"]], [["n"]]] });
    expect(initial.entities.thread.map((t) => t?.name)).toEqual(["r0", "r1", "instantiate"]);
    expect(program.funcs.map(({ name }) => name)).toEqual([
      "instantiate log.l",
      "log.add",
      "log.sum",
      "instantiate main.m",
      "main.n",
    ]);
  });

  it("must not block: a start function is a sync task (Concurrency.md)", async () => {
    const text = `(component ${memory}
      (core func $new (canon waitable-set.new))
      (core func $wait (canon waitable-set.wait (memory $mem)))
      (core module $M
        (import "" "new" (func $new (result i32)))
        (import "" "wait" (func $wait (param i32 i32) (result i32)))
        (func $start (drop (call $wait (call $new) (i32.const 0))))
        (start $start)
        (func (export "f")))
      (core instance $m (instantiate $M
        (with "" (instance (export "new" (func $new)) (export "wait" (func $wait))))))
      (func (export "f") (canon lift (core func $m "f"))))`;
    for (const revision of ["6d28164", "d1daf829"] as const) {
      expect(await outcomesOf(text, { roots: [[["f"]]], revision })).toEqual([
        "[] traps lift.drive.cannot-block",
      ]);
    }
  });
});

describe("a deferred component", () => {
  const counter = `(component
    (core module $M
      (global $n (mut i32) (i32.const 0))
      (func (export "next") (result i32)
        (global.set $n (i32.add (global.get $n) (i32.const 1)))
        (global.get $n)))
    (core instance $m (instantiate $M))
    (func (export "next") (result u32) (canon lift (core func $m "next"))))`;
  const taker = `(component
    (import "counter" (instance $c (export "next" (func (result u32)))))
    (core func $next (canon lower (func $c "next")))
    (core module $M
      (import "" "next" (func $next (result i32)))
      (global $taken (mut i32) (i32.const 0))
      (func $start (global.set $taken (call $next)))
      (start $start)
      (func (export "taken") (result i32) (global.get $taken)))
    (core instance $m (instantiate $M (with "" (instance (export "next" (func $next))))))
    (func (export "taken") (result u32) (canon lift (core func $m "taken"))))`;

  it("is instantiated by a step, after what comes before it", async () => {
    const linked = linkComponents([
      await unit("counter", counter),
      await unit("taker", taker, { deferred: true }),
    ]);
    const call = (of: string, path: string): RootStep => {
      return { tag: "call", func: callableAt(linked, of, path).func, args: [], label: path };
    };
    const steps: readonly RootStep[] = [
      call("counter", "next"),
      call("counter", "next"),
      { tag: "instantiate", unit: "taker", label: "made" },
      call("taker", "taken"),
    ];
    const roots = [{ name: "script", steps }];
    const system = componentSystem(linked, { roots, amendments: amendmentNames });
    expect(outcomes(system)).toEqual(["[next = 1, next = 2, made, taken = 3]"]);
  });

  it("is known by name", async () => {
    const linked = linkComponents([await unit("counter", counter)]);
    const steps = [{ tag: "instantiate", unit: "counter" }] as const;
    const roots = [{ name: "script", steps }];
    expect(refused(() => componentSystem(linked, { roots, amendments: [] }))).toBe(
      "unlinkable: there is no deferred component counter",
    );
  });
});

describe("resources", () => {
  const files = `
    (core module $T
      (table (export "t") 1 funcref)
      (func (export "drop") (param i32) (call_indirect (param i32) (local.get 0) (i32.const 0))))
    (core instance $t (instantiate $T))
    (type $R' (resource (rep i32) (dtor (func $t "drop"))))
    (core func $new (canon resource.new $R'))
    (core func $rep (canon resource.rep $R'))
    (core module $M
      (import "t" "t" (table 1 funcref))
      (import "" "new" (func $new (param i32) (result i32)))
      (global $dropped (mut i32) (i32.const 0))
      (elem (i32.const 0) func $drop)
      (func $drop (param i32) (global.set $dropped (i32.add (global.get $dropped) (local.get 0))))
      (func (export "open") (param i32) (result i32) (call $new (i32.mul (local.get 0) (i32.const 100))))
      (func (export "size") (param i32) (result i32) (local.get 0))
      (func (export "dropped") (result i32) (global.get $dropped)))
    (core instance $m (instantiate $M
      (with "t" (instance $t)) (with "" (instance (export "new" (func $new))))))
    (export $R "r" (type $R'))
    (func (export "open") (param "n" u32) (result (own $R)) (canon lift (core func $m "open")))
    (func (export "size") (param "self" (borrow $R)) (result u32) (canon lift (core func $m "size")))
    (func (export "dropped") (result u32) (canon lift (core func $m "dropped")))`;
  const user = (body: string): string => `(component
    (component $Files ${files})
    (instance $files (instantiate $Files))
    (alias export $files "r" (type $R))
    (core func $open (canon lower (func $files "open")))
    (core func $size (canon lower (func $files "size")))
    (core func $dropped (canon lower (func $files "dropped")))
    (core func $drop (canon resource.drop $R))
    (core module $N
      (import "" "open" (func $open (param i32) (result i32)))
      (import "" "size" (func $size (param i32) (result i32)))
      (import "" "dropped" (func $dropped (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (func (export "f") (result i32) ${body}))
    (core instance $n (instantiate $N (with "" (instance
      (export "open" (func $open)) (export "size" (func $size))
      (export "dropped" (func $dropped)) (export "drop" (func $drop))))))
    (func (export "f") (result u32) (canon lift (core func $n "f"))))`;

  it("are lent by handle, and a destructor gets the representation", async () => {
    // a borrow of a resource of the callee's own is its representation, not an index
    const text = user(`(local $h i32)
      (local.set $h (call $open (i32.const 3)))
      (local.get $h) (call $size)
      (local.get $h) (call $drop)
      (call $dropped) (i32.const 1000) (i32.mul) (i32.add)`);
    expect(await outcomesOf(text, { roots: [[["f"]]] })).toEqual(["[f = 300300]"]);
  });

  it("that a call returns stay with the host", async () => {
    const text = `(component
      (component $Files ${files})
      (instance $files (instantiate $Files))
      (export "files" (instance $files)))`;
    const roots = [[["files#open", 1], ["files#dropped"]]] as const;
    expect(await outcomesOf(text, { roots })).toEqual(["[files#open = <own>, files#dropped = 0]"]);
  });

  it("are gone once they are dropped", async () => {
    const text = user(
      `(call $drop (call $open (i32.const 3))) (call $drop (i32.const 1)) (i32.const 0)`,
    );
    expect(await outcomesOf(text, { roots: [[["f"]]] })).toEqual(["[] traps table.no-such-index"]);
  });

  it("of two instances of a component have destructors of their own", async () => {
    const one = (name: string): string => `
      (instance $${name} (instantiate $Files))
      (alias export $${name} "r" (type $R${name}))
      (core func $open${name} (canon lower (func $${name} "open")))
      (core func $drop${name} (canon resource.drop $R${name}))
      (export "dropped-${name}" (func $${name} "dropped"))`;
    const text = `(component
      (component $Files ${files})
      ${one("a")} ${one("b")}
      (core module $N
        (import "" "open-a" (func $open-a (param i32) (result i32)))
        (import "" "open-b" (func $open-b (param i32) (result i32)))
        (import "" "drop-a" (func $drop-a (param i32)))
        (import "" "drop-b" (func $drop-b (param i32)))
        (func (export "f")
          (call $drop-a (call $open-a (i32.const 1)))
          (call $drop-b (call $open-b (i32.const 2))))
        (func (export "mixed") (call $drop-a (call $open-b (i32.const 2)))))
      (core instance $n (instantiate $N (with "" (instance
        (export "open-a" (func $opena)) (export "open-b" (func $openb))
        (export "drop-a" (func $dropa)) (export "drop-b" (func $dropb))))))
      (func (export "f") (canon lift (core func $n "f")))
      (func (export "mixed") (canon lift (core func $n "mixed"))))`;
    expect(await outcomesOf(text, { roots: [[["f"], ["dropped-a"], ["dropped-b"]]] })).toEqual([
      "[f, dropped-a = 100, dropped-b = 200]",
    ]);
    expect(await outcomesOf(text, { roots: [[["mixed"]]] })).toEqual([
      "[] traps resource.drop.wrong-type",
    ]);
  });
});
