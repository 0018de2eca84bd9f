// The embedding on the real event loop: runs with thousands of orders of arrivals, and the laws that hold of them.

import fc from "fast-check";
import { expect, test } from "vitest";
import {
  ComponentError,
  type Embedding,
  embed,
  type GuestStream,
  replay,
} from "../../src/embedding.ts";
import type { Scenario } from "../../src/scenario/ast.ts";
import { checkedScenarios } from "../../src/scenario/book.ts";
import { parseRevision } from "../../src/scenario/revision.ts";
import { systemOf, verify } from "../../src/scenario/verify.ts";
import type { System } from "../../src/scheduler/machine.ts";
import { showOutcome } from "../../src/scheduler/outcome.ts";
import { revisionNames, runs } from "./laws.ts";

async function hops(n: number): Promise<void> {
  for (let i = 0; i < n; i++) await undefined;
}

/** JavaScript that takes its time: an answer at once (null), or after so many microtasks. */
const delay = fc.option(fc.nat({ max: 6 }), { freq: 2 });

function after<X>(n: number | null, value: X): X | Promise<X> {
  return n === null ? value : hops(n).then(() => value);
}

/** `system`: what was embedded, unless it was a scenario, of which the recording has the text. */
function expectSameAgain(e: Embedding, system?: System): void {
  expect(replay(JSON.parse(JSON.stringify(e.recording())), system)).toEqual(e.state());
}

function scenarioOf(text: string): Scenario {
  const [scenario] = checkedScenarios(text, "law.scn");
  if (scenario === undefined) throw new Error("a law is about a scenario");
  return scenario;
}

function outcomesOf(scenario: Scenario): ReadonlySet<string> {
  const { outcomes } = verify(scenario, parseRevision("d1daf829"));
  return new Set(outcomes.map(({ outcome }) => showOutcome(outcome)));
}

const requests = scenarioOf(`
scenario "two requests, answered in any order"
component A {
  import host
  export run: async func() stackful {
    let ws = waitable-set.new
    let s1, c1, r1 = async host.get(1)
    let s2, c2, r2 = async host.get(2)
    log "{s1} {s2}"
    let open = 0
    if s1 != RETURNED { waitable.join c1 ws; open = open + 1 }
    if s2 != RETURNED { waitable.join c2 ws; open = open + 1 }
    while open > 0 {
      let e, i, p = waitable-set.wait ws
      let first = i == c1
      log "{first} {p}"
      open = open - 1
    }
    task.return
  }
}
host {
  var one = 0
  var two = 0
  func get: async func(n: u32) -> u32 {
    if n == 1 { await one } else { await two }
    return n
  }
  process first { one = 1 }
  process second { two = 1 }
}
run A.run
`);

test("what JavaScript answers leads to outcomes that the explorer allows", async () => {
  const allowed = outcomesOf(requests);
  const system = systemOf(requests, parseRevision("d1daf829"));
  const reached = new Set<string>();
  await fc.assert(
    fc.asyncProperty(delay, delay, fc.nat({ max: 50 }), async (one, two, seed) => {
      const imports = { "host.get": (n: number) => after(n === 1 ? one : two, n) };
      const e = embed(system, { imports, seed });
      await hops(60);
      const outcome = showOutcome(e.outcome());
      reached.add(outcome);
      expect(allowed).toContain(outcome);
      expectSameAgain(e, system);
    }),
    runs(200),
  );
  // each may be answered at once or later, and of two later ones either may be first
  expect(reached).toEqual(allowed);
});

const feed = scenarioOf(`
scenario "three bytes in any pieces"
component A {
  import host
  export run: async func() stackful {
    let s = host.open()
    let more = 1
    while more == 1 {
      let got, _ = stream.read s 2
      log got
      if got == DROPPED|0 or got == DROPPED|1 or got == DROPPED|2 { more = 0 }
    }
    task.return
  }
}
host {
  var go = 0
  var w = 0
  func open: func() -> stream<u8> {
    let r, w = stream.new
    keep w
    go = 1
    return r
  }
  process feeder {
    await go
    choose {
      stream.write w "ab"
      choose { await idle } or { go = 2 }
      stream.write w "c"
      choose { await idle } or { go = 2 }
    } or {
      stream.write w "a"
      choose { await idle } or { go = 2 }
      stream.write w "bc"
      choose { await idle } or { go = 2 }
    } or {
      stream.write w "a"
      choose { await idle } or { go = 2 }
      stream.write w "b"
      choose { await idle } or { go = 2 }
      stream.write w "c"
      choose { await idle } or { go = 2 }
    }
    stream.drop-writable w
  }
}
run A.run as main
`);

async function* pieces(sizes: readonly number[], pause: number): AsyncGenerator<Uint8Array> {
  for (const size of sizes) {
    await hops(pause);
    yield new Uint8Array(size);
  }
}

test("what a stream of JavaScript gives leads to outcomes that the explorer allows", async () => {
  // the scenario's own feeder waits for ever here: nobody opens its stream
  const ended = (outcome: string): string => outcome.replace(" stuck feeder", "");
  const allowed = outcomesOf(feed);
  const system = systemOf(feed, parseRevision("d1daf829"));
  const reached = new Set<string>();
  const sizes = fc.constantFrom([3], [1, 2], [2, 1], [1, 1, 1]);
  await fc.assert(
    fc.asyncProperty(sizes, delay, fc.nat({ max: 50 }), async (given, pause, seed) => {
      const source = (): unknown => (pause === null ? new Uint8Array(3) : pieces(given, pause));
      const e = embed(system, { imports: { "host.open": source }, seed, deadlock: "wait" });
      await hops(200);
      const outcome = ended(showOutcome(e.outcome()));
      reached.add(outcome);
      expect(allowed).toContain(outcome);
      expectSameAgain(e, system);
    }),
    runs(150),
  );
  expect(reached).toContain("[COMPLETED|2, DROPPED|1]");
  expect(reached).toContain("[COMPLETED|1, COMPLETED|1, COMPLETED|1, DROPPED|0]");
});

const everything = scenarioOf(`
scenario "a bit of everything"
type why = enum { no, lost }
component A {
  import host
  export ask: async func(n: u32) -> result<u32, why> stackful {
    log "ask {n}"
    let got = host.get(n)
    log "{n} got {got}"
    task.return got
  }
  export cancel: async func(n: u32) stackful {
    let s, call, _ = async host.get(n)
    if s != RETURNED {
      let c = async subtask.cancel call
      log "{n} {c}"
    }
    task.return
  }
  export obey: async func() callback {
    on start { wait (waitable-set.new) }
    on event(e, i, p) { log e; task.cancel; exit }
  }
  export copy: async func(s: stream<u8>) -> stream<u8> stackful {
    let r, w = stream.new
    task.return r
    let more = 1
    while more == 1 {
      let got, at = stream.read s 1
      if got == COMPLETED|1 or got == DROPPED|1 {
        let put = stream.write w (list-at at 1)
        if put != COMPLETED|1 { more = 0 }
      }
      if got != COMPLETED|1 { more = 0 }
    }
    stream.drop-writable w
    stream.drop-readable s
  }
  export back: func(f: future<result<u32, why>>) -> future<result<u32, why>> sync { return f }
}
host { func get: async func(n: u32) -> result<u32, why> { } }
`);

type Deed =
  | { readonly tag: "ask" | "cancel"; readonly n: number; readonly abort: number | null }
  | { readonly tag: "obey"; readonly abort: number }
  | { readonly tag: "copy"; readonly bytes: Uint8Array; readonly reads: readonly number[] }
  | { readonly tag: "back"; readonly n: number; readonly ok: boolean };

const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({
    tag: fc.constantFrom("ask" as const, "cancel" as const),
    n: fc.nat({ max: 9 }),
    abort: delay,
  }),
  fc.record({ tag: fc.constant("obey" as const), abort: fc.nat({ max: 9 }) }),
  fc.record({
    tag: fc.constant("copy" as const),
    bytes: fc.uint8Array({ maxLength: 4 }),
    reads: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 6 }),
  }),
  fc.record({ tag: fc.constant("back" as const), n: fc.nat({ max: 9 }), ok: fc.boolean() }),
);

async function abortAfter(n: number | null, controller: AbortController): Promise<void> {
  if (n === null) return;
  await hops(n);
  controller.abort("enough");
}

/** Reads as told, then leaves; gives what came, and whether that was all. */
async function readAs(
  s: GuestStream<number>,
  reads: readonly number[],
): Promise<[number[], boolean]> {
  const got: number[] = [];
  for (const most of reads) {
    const chunk = await s.read(most);
    if (chunk === null) return [got, true];
    got.push(...chunk);
  }
  await s.cancel();
  return [got, false];
}

async function copies(e: Embedding, { bytes, reads }: Deed & { tag: "copy" }): Promise<void> {
  const s = (await e.invoke("A.copy", [bytes])) as GuestStream<number>;
  const [got, all] = await readAs(s, reads);
  expect(got).toEqual([...bytes].slice(0, got.length));
  if (all) expect(got.length).toBe(bytes.length);
}

async function goesBack(e: Embedding, { n, ok }: Deed & { tag: "back" }): Promise<void> {
  const given = ok ? Promise.resolve(n) : Promise.reject(new ComponentError("no"));
  const settled = await e.invoke("A.back", [given]).then(
    (value) => ({ ok: true, value }),
    ({ payload }: ComponentError) => ({ ok: false, value: payload }),
  );
  expect(settled).toEqual(ok ? { ok, value: n } : { ok, value: "no" });
}

async function calls(
  e: Embedding,
  func: string,
  args: readonly unknown[],
  abort: number | null,
): Promise<void> {
  const controller = new AbortController();
  void abortAfter(abort, controller);
  try {
    await e.invoke(func, args, { signal: controller.signal });
  } catch (error) {
    expect(error === "enough" || error instanceof ComponentError).toBe(true);
  }
}

function does(e: Embedding, d: Deed): Promise<void> {
  switch (d.tag) {
    case "copy":
      return copies(e, d);
    case "back":
      return goesBack(e, d);
    case "obey":
      return calls(e, "A.obey", [], d.abort);
    default:
      return calls(e, `A.${d.tag}`, [d.n], d.abort);
  }
}

const systems = revisionNames.map((revision) => ({
  revision,
  system: systemOf(everything, parseRevision(revision)),
}));

/** Mostly a system that is built already, since to read a scenario back takes longer than its run. */
const embedded: fc.Arbitrary<{ readonly revision: string; readonly system?: System }> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...systems) },
  { weight: 1, arbitrary: fc.constantFrom(...revisionNames.map((revision) => ({ revision }))) },
);

test("a recording gives the same log, results and outcome, without JavaScript", async () => {
  const manner = fc.record({ delay, fails: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat({ max: 5 }), deed), { minLength: 1, maxLength: 6 }),
      fc.array(manner, { minLength: 1, maxLength: 4 }),
      fc.nat(),
      embedded,
      async (deeds, manners, seed, { revision, system }) => {
        const get = (n: number): unknown => {
          const { delay: wait, fails } = manners[n % manners.length] ?? {
            delay: null,
            fails: false,
          };
          const answer = (): number => {
            if (fails) throw new ComponentError("no");
            return n;
          };
          return wait === null ? answer() : hops(wait).then(answer);
        };
        const imports = { "host.get": get };
        const e = embed(system ?? everything, { imports, seed, revision });
        const done: Promise<void>[] = [];
        for (const [pause, one] of deeds) {
          await hops(pause);
          done.push(does(e, one));
        }
        await Promise.all(done);
        expectSameAgain(e, system);
      },
    ),
    runs(150),
  );
});

test("calls begin in the order in which they were made, however long JavaScript takes", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(delay, { maxLength: 8 }), async (delays) => {
      const imports = { "host.get": (n: number) => after(delays[n] ?? null, n) };
      const e = embed(systems[0]?.system ?? everything, { imports });
      await Promise.all(delays.map((_, n) => e.invoke("A.ask", [n])));
      const begun = e.log.filter((line) => line.startsWith("ask"));
      expect(begun).toEqual(delays.map((_, n) => `ask ${n}`));
    }),
    runs(100),
  );
});
