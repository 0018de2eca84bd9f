// Components that run: async calls, streams, cancellation, backpressure and threads, under every schedule.

import { describe, expect, it } from "vitest";
import type { Ctx } from "../../src/canon/machine.ts";
import { newLinking } from "../../src/component/items.ts";
import type { InstanceId } from "../../src/model/ids.ts";
import { addPreopen, newWorld } from "../../src/wasi/first-world.ts";
import { wasmGuest, wasmName } from "../../src/wasm/guest.ts";
import { unit } from "./component-link-harness.ts";
import { outcomes, outcomesOf, systemOf } from "./component-run-harness.ts";
import { exploreText } from "./scenario-harness.ts";

const revisions = ["6d28164", "d1daf829"] as const;

/** A memory without a function, for what only stores there. */
const memory = `
  (core module $Libc (memory (export "mem") 1))
  (core instance $libc (instantiate $Libc))
  (alias core export $libc "mem" (core memory $mem))`;

/** `(with "" ..)` of built-ins and functions that are called as they are named. */
function given(...names: readonly string[]): string {
  const exports = names.map((name) => `(export "${name}" (func $${name}))`).join(" ");
  return `(with "libc" (instance $libc)) (with "" (instance ${exports}))`;
}

/** The first chapter of the README: a reader that takes two bytes of four and leaves. */
const tour = `(component
  (type $S (stream u8))
  (component $Reader ${memory}
    (type $S (stream u8))
    (core func $yield (canon thread.yield))
    (core func $read (canon stream.read $S (memory $mem)))
    (core func $drop (canon stream.drop-readable $S))
    (core func $return (canon task.return))
    (core module $M
      (import "" "yield" (func $yield (result i32)))
      (import "" "read" (func $read (param i32 i32 i32) (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (import "" "return" (func $return))
      (func (export "take") (param $s i32)
        (drop (call $yield))
        (drop (call $read (local.get $s) (i32.const 16) (i32.const 2)))
        (call $drop (local.get $s))
        (call $return)))
    (core instance $m (instantiate $M ${given("yield", "read", "drop", "return")}))
    (func (export "take") async (param "s" $S) (canon lift (core func $m "take") async)))
  (instance $reader (instantiate $Reader))
  ${memory}
  (core func $take (canon lower (func $reader "take") async (memory $mem)))
  (core func $new (canon stream.new $S))
  (core func $write (canon stream.write $S async (memory $mem)))
  (core func $set (canon waitable-set.new))
  (core func $join (canon waitable.join))
  (core func $wait (canon waitable-set.wait (memory $mem)))
  (core func $return (canon task.return (result u32)))
  (core module $M
    (import "libc" "mem" (memory 1))
    (import "" "take" (func $take (param i32) (result i32)))
    (import "" "new" (func $new (result i64)))
    (import "" "write" (func $write (param i32 i32 i32) (result i32)))
    (import "" "set" (func $set (result i32)))
    (import "" "join" (func $join (param i32 i32)))
    (import "" "wait" (func $wait (param i32 i32) (result i32)))
    (import "" "return" (func $return (param i32)))
    (func (export "run") (local $ends i64) (local $w i32) (local $set i32) (local $wrote i32)
      (local.set $ends (call $new))
      (local.set $w (i32.wrap_i64 (i64.shr_u (local.get $ends) (i64.const 32))))
      (local.set $set (call $set))
      (drop (call $take (i32.wrap_i64 (local.get $ends))))
      (local.set $wrote (call $write (local.get $w) (i32.const 32) (i32.const 4)))
      (call $join (local.get $w) (local.get $set))
      (drop (call $wait (local.get $set) (i32.const 0)))
      ;; what the write returned, shifted, and the payload of the event
      (call $return (i32.or (i32.shl (local.get $wrote) (i32.const 16)) (i32.load (i32.const 4))))))
  (core instance $m (instantiate $M
    ${given("take", "new", "write", "set", "join", "wait", "return")}))
  (func (export "run") async (result u32) (canon lift (core func $m "run") async)))`;

const tourScenario = `
scenario "a reader takes two bytes and leaves"
component Reader {
  export take: async func(s: stream<u8>) stackful {
    thread.yield
    stream.read s 2
    stream.drop-readable s
    task.return
  }
}
component Writer {
  import Reader
  export run: async func() stackful {
    let r, w = stream.new
    let ws = waitable-set.new
    async Reader.take(r)
    let wrote = async stream.write w "abcd"
    waitable.join w ws
    let event, _, what = waitable-set.wait ws
    log "{wrote} {what}"
    task.return
  }
}
run Writer.run as r0
never traps
`;

/** The packed result of a copy by its words: BLOCKED, or CODE|n as the code and 16 times n. */
function packed(words: string): number {
  if (words === "BLOCKED") return 0xffff_ffff;
  const [code = "", n] = words.split("|");
  return ["COMPLETED", "DROPPED", "CANCELLED"].indexOf(code) + 16 * Number(n);
}

/** An outcome of the scenario as the component says it. */
function asNumber(outcome: string): string {
  const [run = ""] = outcome.split("  by ");
  return run.replace(/\[(\S+) (\S+)\]/, (_all, wrote: string, what: string) => {
    return `[run = ${((packed(wrote) << 16) | packed(what)) >>> 0}]`;
  });
}

describe("a component and a scenario of the same program", () => {
  it.each(revisions)("have the same outcomes under %s", async (revision) => {
    const { outcomes: written } = exploreText(tourScenario, { revision });
    const expected = written.map(asNumber).sort();
    expect(expected).toHaveLength(2);
    expect(await outcomesOf(tour, { roots: [[["run"]]], revision })).toEqual(expected);
  });
});

/** A callee that is controlled by its caller: `slow` returns when it is cancelled, or never. */
const callee = `
  (component $Callee ${memory}
    (core func $set (canon waitable-set.new))
    (core func $cancel (canon task.cancel))
    (core func $return (canon task.return (result u32)))
    (core func $inc (canon backpressure.inc))
    (core func $dec (canon backpressure.dec))
    (core module $M
      (import "" "set" (func $set (result i32)))
      (import "" "cancel" (func $cancel))
      (import "" "return" (func $return (param i32)))
      (import "" "inc" (func $inc))
      (import "" "dec" (func $dec))
      ;; WAIT on an empty set: only a cancellation wakes it
      (func (export "slow") (result i32) (i32.or (i32.const 2) (i32.shl (call $set) (i32.const 4))))
      (func (export "slow-event") (param i32 i32 i32) (result i32)
        (if (i32.ne (local.get 0) (i32.const 6)) (then unreachable)) ;; TASK_CANCELLED
        (call $cancel)
        (i32.const 0))
      (func (export "quick") (param i32) (result i32) (call $return (local.get 0)) (i32.const 0))
      (func (export "quick-event") (param i32 i32 i32) (result i32) unreachable)
      (func (export "shut") (call $inc))
      (func (export "open") (call $dec)))
    (core instance $m (instantiate $M ${given("set", "cancel", "return", "inc", "dec")}))
    (func (export "slow") async (result u32)
      (canon lift (core func $m "slow") async (callback (core func $m "slow-event"))))
    (func (export "quick") async (param "x" u32) (result u32)
      (canon lift (core func $m "quick") async (callback (core func $m "quick-event"))))
    (func (export "shut") (canon lift (core func $m "shut")))
    (func (export "open") (canon lift (core func $m "open"))))
  (instance $callee (instantiate $Callee))`;

const caller = (body: string): string => `(component ${callee} ${memory}
  (core func $slow (canon lower (func $callee "slow") async (memory $mem)))
  (core func $quick (canon lower (func $callee "quick") async (memory $mem)))
  (core func $shut (canon lower (func $callee "shut")))
  (core func $open (canon lower (func $callee "open")))
  (core func $cancel (canon subtask.cancel))
  (core func $drop (canon subtask.drop))
  (core func $set (canon waitable-set.new))
  (core func $join (canon waitable.join))
  (core func $wait (canon waitable-set.wait (memory $mem)))
  (core module $M
    (import "libc" "mem" (memory 1))
    (import "" "slow" (func $slow (param i32) (result i32)))
    (import "" "quick" (func $quick (param i32 i32) (result i32)))
    (import "" "shut" (func $shut))
    (import "" "open" (func $open))
    (import "" "cancel" (func $cancel (param i32) (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (import "" "set" (func $set (result i32)))
    (import "" "join" (func $join (param i32 i32)))
    (import "" "wait" (func $wait (param i32 i32) (result i32)))
    (func (export "f") (result i32) (local $s i32) (local $set i32) (local $x i32) ${body}))
  (core instance $m (instantiate $M
    ${given("slow", "quick", "shut", "open", "cancel", "drop", "set", "join", "wait")}))
  (func (export "f") async (result u32) (canon lift (core func $m "f"))))`;

describe("async calls", () => {
  it.each(revisions)(
    "of a callback function that waits are cancelled under %s",
    async (revision) => {
      // STARTED is 1; a cancel of who waits in its event loop is answered: CANCELLED_BEFORE_RETURNED is 4
      const text = caller(`
      (local.set $s (call $slow (i32.const 64)))
      (local.set $x (call $cancel (i32.shr_u (local.get $s) (i32.const 4))))
      (call $drop (i32.shr_u (local.get $s) (i32.const 4)))
      (i32.add (i32.mul (i32.and (local.get $s) (i32.const 15)) (i32.const 10)) (local.get $x))`);
      expect(await outcomesOf(text, { roots: [[["f"]]], revision })).toEqual(["[f = 14]"]);
    },
  );

  it("that return at once have no subtask: RETURNED is 2", async () => {
    const text = caller(`
      (i32.add (i32.mul (call $quick (i32.const 7) (i32.const 64)) (i32.const 100)) (i32.load (i32.const 64)))`);
    expect(await outcomesOf(text, { roots: [[["f"]]] })).toEqual(["[f = 207]"]);
  });

  it.each(revisions)("wait for backpressure to end under %s: STARTING is 0", async (revision) => {
    const text = caller(`
      (call $shut)
      (local.set $s (call $quick (i32.const 7) (i32.const 64)))
      (call $open)
      (local.set $set (call $set))
      (call $join (i32.shr_u (local.get $s) (i32.const 4)) (local.get $set))
      (local.set $x (call $wait (local.get $set) (i32.const 0)))
      ;; the code of the event (SUBTASK is 1), the status at first, the status in the event, the result
      (i32.mul (local.get $x) (i32.const 1000))
      (i32.mul (i32.and (local.get $s) (i32.const 15)) (i32.const 100)) (i32.add)
      (i32.mul (i32.load (i32.const 4)) (i32.const 10)) (i32.add)
      (i32.load (i32.const 64)) (i32.add)`);
    expect(await outcomesOf(text, { roots: [[["f"]]], revision })).toEqual(["[f = 1027]"]);
  });
});

describe("streams and futures that a call returns", () => {
  const source = (writes: string): string => `(component ${memory}
    (type $S (stream u16))
    (type $F (future string))
    (core func $new (canon stream.new $S))
    (core func $fnew (canon future.new $F))
    (core func $write (canon stream.write $S (memory $mem)))
    (core func $fwrite (canon future.write $F (memory $mem)))
    (core func $drop (canon stream.drop-writable $S))
    (core func $fdrop (canon future.drop-writable $F))
    (core func $return (canon task.return (result (tuple $S $F)) (memory $mem)))
    (core module $M
      (import "libc" "mem" (memory 1))
      (import "" "new" (func $new (result i64)))
      (import "" "fnew" (func $fnew (result i64)))
      (import "" "write" (func $write (param i32 i32 i32) (result i32)))
      (import "" "fwrite" (func $fwrite (param i32 i32) (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (import "" "fdrop" (func $fdrop (param i32)))
      (import "" "return" (func $return (param i32 i32)))
      (data (i32.const 0) "\\01\\00\\02\\00\\03\\00")
      (data (i32.const 16) "\\18\\00\\00\\00\\04\\00\\00\\00done")
      (func (export "f") (local $s i64) (local $f i64) (local $w i32) (local $fw i32)
        (local.set $s (call $new))
        (local.set $f (call $fnew))
        (local.set $w (i32.wrap_i64 (i64.shr_u (local.get $s) (i64.const 32))))
        (local.set $fw (i32.wrap_i64 (i64.shr_u (local.get $f) (i64.const 32))))
        (call $return (i32.wrap_i64 (local.get $s)) (i32.wrap_i64 (local.get $f)))
        ${writes}))
    (core instance $m (instantiate $M
      ${given("new", "fnew", "write", "fwrite", "drop", "fdrop", "return")}))
    (func (export "f") async (result (tuple $S $F))
      (canon lift (core func $m "f") async (memory $mem))))`;

  it("are read by the host to their end", async () => {
    const text = source(`
      (drop (call $write (local.get $w) (i32.const 0) (i32.const 2)))
      (drop (call $write (local.get $w) (i32.const 4) (i32.const 1)))
      (call $drop (local.get $w))
      (drop (call $fwrite (local.get $fw) (i32.const 16)))
      (call $fdrop (local.get $fw))`);
    expect(await outcomesOf(text, { roots: [[["f"]]] })).toEqual([
      '[f = (<stream>, <future>), f stream = [1, 2, 3], f future = "done"]',
    ]);
  });

  it("keep their reader waiting if nobody ends them", async () => {
    const text = source("(drop (call $write (local.get $w) (i32.const 0) (i32.const 2)))");
    expect(await outcomesOf(text, { roots: [[["f"]]] })).toEqual([
      "[f = (<stream>, <future>)] stuck r0",
    ]);
  });
});

describe("threads", () => {
  /** Entry 0 takes an i32, entry 1 an i64, entry 2 is null; \`f\` puts \`second\` at 0 if it is asked to. */
  const text = `(component ${memory}
    (core type $start (func (param i32)))
    (core module $T (table (export "t") 3 funcref))
    (core instance $t (instantiate $T))
    (core func $spawn (canon thread.new-indirect $start (core table $t "t")))
    (core func $later (canon thread.resume-later))
    (core func $yield (canon thread.yield))
    (core func $return (canon task.return (result u32)))
    (core module $M
      (import "t" "t" (table $t 3 funcref))
      (import "" "spawn" (func $spawn (param i32 i32) (result i32)))
      (import "" "later" (func $later (param i32)))
      (import "" "yield" (func $yield (result i32)))
      (import "" "return" (func $return (param i32)))
      (global $n (mut i32) (i32.const 0))
      (elem (i32.const 0) func $first $wide)
      (elem declare func $second)
      (func $first (param i32) (global.set $n (i32.add (global.get $n) (local.get 0))))
      (func $second (param i32) (global.set $n (i32.add (global.get $n) (i32.mul (local.get 0) (i32.const 10)))))
      (func $wide (param i64))
      (func (export "f") (param $i i32) (param $change i32)
        (if (local.get $change) (then (table.set $t (i32.const 0) (ref.func $second))))
        (call $later (call $spawn (local.get $i) (i32.const 4)))
        (block $done (loop $again
          (br_if $done (global.get $n))
          (drop (call $yield))
          (br $again)))
        (call $return (global.get $n))))
    (core instance $m (instantiate $M (with "t" (instance $t))
      (with "" (instance (export "spawn" (func $spawn)) (export "later" (func $later))
        (export "yield" (func $yield)) (export "return" (func $return))))))
    (func (export "f") async (param "i" u32) (param "change" bool) (result u32)
      (canon lift (core func $m "f") async)))`;
  const call = (i: number, change: boolean): Promise<readonly string[]> =>
    outcomesOf(text, { roots: [[["f", i, change]]], profile: "deterministic" });

  it("start with what the table holds when they are made", async () => {
    expect((await call(0, false)).filter((one) => !one.endsWith("diverges"))).toEqual(["[f = 4]"]);
    expect((await call(0, true)).filter((one) => !one.endsWith("diverges"))).toEqual(["[f = 40]"]);
  });

  it("that have not started yet have keys by the function that they will run", () => {
    const guest = wasmGuest(newLinking().core);
    const keyOf = (code: number): readonly unknown[] => {
      const key: unknown[] = [];
      const core = { guest: wasmName, instance: 1 as InstanceId, code };
      const write = (part: unknown): void => void key.push(part);
      const context = {} as Ctx;
      const state = guest.start(context, core, [7]);
      guest.encode?.(core, state, { int: write, text: write, data: write }, true);
      return key;
    };
    expect(keyOf(1)).toEqual(keyOf(1));
    expect(keyOf(1)).not.toEqual(keyOf(2));
  });

  it("that have not started yet are told apart by what they will run", async () => {
    // whoever of \`a\` and \`b\` comes first decides which function the thread of \`go\` has
    const racing = `(component ${memory}
      (core type $start (func (param i32)))
      (core module $T (table (export "t") 3 funcref))
      (core instance $t (instantiate $T))
      (core func $spawn (canon thread.new-indirect $start (core table $t "t")))
      (core func $switch (canon thread.yield-then-resume))
      (core func $yield (canon thread.yield))
      (core func $return (canon task.return (result u32)))
      (core module $M
        (import "t" "t" (table $t 3 funcref))
        (import "" "spawn" (func $spawn (param i32 i32) (result i32)))
        (import "" "switch" (func $switch (param i32) (result i32)))
        (import "" "yield" (func $yield (result i32)))
        (import "" "return" (func $return (param i32)))
        (global $first (mut i32) (i32.const 0))
        (global $n (mut i32) (i32.const 0))
        (elem (i32.const 1) func $one $two)
        (func $one (param i32) (global.set $n (i32.const 1)))
        (func $two (param i32) (global.set $n (i32.const 2)))
        (func $claim (param i32)
          (if (i32.eqz (global.get $first)) (then (global.set $first (local.get 0)))))
        (func $make (result i32)
          (call $spawn (global.get $first) (i32.const 0))
          (global.set $first (i32.const 3)))
        (func (export "a") (call $claim (i32.const 1)))
        (func (export "b") (call $claim (i32.const 2)))
        (func (export "go") (local $thread i32)
          (local.set $thread (call $make))
          (drop (call $yield))
          (drop (call $switch (local.get $thread)))
          (call $return (global.get $n))))
      (core instance $m (instantiate $M (with "t" (instance $t))
        (with "" (instance (export "spawn" (func $spawn)) (export "switch" (func $switch))
          (export "yield" (func $yield)) (export "return" (func $return))))))
      (func (export "a") (canon lift (core func $m "a")))
      (func (export "b") (canon lift (core func $m "b")))
      (func (export "go") async (result u32) (canon lift (core func $m "go") async)))`;
    expect(await outcomesOf(racing, { roots: [[["a"], ["go"]], [["b"]]] })).toEqual([
      "[a, b, go = 1]",
      "[a, go = 1, b]",
      "[b, a, go = 2]",
    ]);
  });

  it("do not start with an entry that is of another type, null, or not there", async () => {
    expect(await call(1, false)).toEqual(["[] traps thread.new-indirect.wrong-type"]);
    for (const i of [2, 3]) {
      expect(await call(i, false)).toEqual(["[] traps thread.new-indirect.no-such-function"]);
    }
  });
});

describe("memories of 64 bits", () => {
  it("take events at 64-bit addresses, and count copies in 64 bits (CanonicalABI.md, stream.read)", async () => {
    const text = `(component
      (core module $Libc (memory (export "mem") i64 1))
      (core instance $libc (instantiate $Libc))
      (alias core export $libc "mem" (core memory $mem))
      (type $S (stream u8))
      (core func $new (canon stream.new $S))
      (core func $write (canon stream.write $S async (memory $mem)))
      (core func $read (canon stream.read $S async (memory $mem)))
      (core func $set (canon waitable-set.new))
      (core func $join (canon waitable.join))
      (core func $poll (canon waitable-set.poll (memory $mem)))
      (core module $M
        (import "libc" "mem" (memory i64 1))
        (import "" "new" (func $new (result i64)))
        (import "" "write" (func $write (param i32 i64 i64) (result i64)))
        (import "" "read" (func $read (param i32 i64 i64) (result i64)))
        (import "" "set" (func $set (result i32)))
        (import "" "join" (func $join (param i32 i32)))
        (import "" "poll" (func $poll (param i32 i64) (result i32)))
        (func (export "f") (result i64) (local $ends i64) (local $w i32) (local $set i32) (local $code i32)
          (local.set $ends (call $new))
          (local.set $w (i32.wrap_i64 (i64.shr_u (local.get $ends) (i64.const 32))))
          (local.set $set (call $set))
          (call $join (local.get $w) (local.get $set))
          ;; BLOCKED is 0xffffffff, also in 64 bits
          (if (i64.ne (call $write (local.get $w) (i64.const 32) (i64.const 2)) (i64.const 0xffffffff))
            (then unreachable))
          (local.set $ends (call $read (i32.wrap_i64 (local.get $ends)) (i64.const 64) (i64.const 5)))
          (local.set $code (call $poll (local.get $set) (i64.const 8)))
          ;; what the read returned, the code of the event, and its payload
          (i64.add
            (i64.mul (local.get $ends) (i64.const 10000))
            (i64.extend_i32_u (i32.add
              (i32.mul (local.get $code) (i32.const 100))
              (i32.load (i64.const 12)))))))
      (core instance $m (instantiate $M ${given("new", "write", "read", "set", "join", "poll")}))
      (func (export "f") (result u64) (canon lift (core func $m "f"))))`;
    // COMPLETED|2 is 32, STREAM_WRITE is 3
    expect(await outcomesOf(text, { roots: [[["f"]]] })).toEqual(["[f = 320332]"]);
  });

  it("pass lists by 64-bit pointers and lengths", async () => {
    const text = `(component
      (core module $M
        (memory (export "mem") i64 1)
        (func (export "realloc") (param i64 i64 i64 i64) (result i64) (i64.const 512))
        (func (export "sum") (param i64 i64) (result i32)
          (i32.add (i32.load8_u (local.get 0)) (i32.mul (i32.const 100) (i32.wrap_i64 (local.get 1))))))
      (core instance $m (instantiate $M))
      (func (export "sum") (param "xs" (list u8)) (result u32)
        (canon lift (core func $m "sum") (memory $m "mem") (realloc (core func $m "realloc")))))`;
    const value = [9, 8, 7];
    expect(await outcomesOf(text, { roots: [[["sum", value]]] })).toEqual(["[sum = 309]"]);
  });
});

describe("the WASI host", () => {
  const hello = `(component
    (import "wasi:cli/types@0.3.0" (instance $types
      (type $e (enum "io" "illegal-byte-sequence" "pipe"))
      (export "error-code" (type (eq $e)))))
    (alias export $types "error-code" (type $e))
    (import "wasi:cli/stdout@0.3.0" (instance $stdout
      (export "error-code" (type $code (eq $e)))
      (type $done (result (error $code)))
      (type $future (future $done))
      (export "write-via-stream" (func (param "data" (stream u8)) (result $future)))))
    ${memory}
    (type $S (stream u8))
    (type $run-result (result))
    (core func $new (canon stream.new $S))
    (core func $write (canon stream.write $S (memory $mem)))
    (core func $drop (canon stream.drop-writable $S))
    (core func $out (canon lower (func $stdout "write-via-stream")))
    (core func $return (canon task.return (result $run-result)))
    (core module $M
      (import "libc" "mem" (memory 1))
      (import "" "new" (func $new (result i64)))
      (import "" "write" (func $write (param i32 i32 i32) (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (import "" "out" (func $out (param i32) (result i32)))
      (import "" "return" (func $return (param i32)))
      (data (i32.const 0) "hello\\n")
      (func (export "run") (local $s i64) (local $w i32)
        (local.set $s (call $new))
        (local.set $w (i32.wrap_i64 (i64.shr_u (local.get $s) (i64.const 32))))
        (drop (call $out (i32.wrap_i64 (local.get $s))))
        (drop (call $write (local.get $w) (i32.const 0) (i32.const 6)))
        (call $drop (local.get $w))
        (call $return (i32.const 0))))
    (core instance $m (instantiate $M ${given("new", "write", "drop", "out", "return")}))
    (func $run async (result $run-result) (canon lift (core func $m "run") async))
    (instance $i (export "run" (func $run)))
    (export "wasi:cli/run@0.3.0" (instance $i)))`;

  it("takes what a component writes, and what came out stands at the end of the log", async () => {
    const world = newWorld({ chunk: "whole" });
    addPreopen(world, "/", "", false);
    const units = [await unit("main", hello)];
    const path = "wasi:cli/run@0.3.0#run";
    const system = systemOf(units, { roots: [[[path]]], profile: "deterministic", world });
    expect(outcomes(system)).toEqual([`[${path} = ok, stdout "hello\\n"]`]);
  });
});
