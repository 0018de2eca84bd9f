// Laws of blocking calls on a stack: what a guest sees of them, how often they switch, who runs meanwhile.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Store } from "../../src/model/store.ts";
import type { Scenario } from "../../src/scenario/ast.ts";
import { checkedScenarios } from "../../src/scenario/book.ts";
import { parseRevision } from "../../src/scenario/revision.ts";
import { verify } from "../../src/scenario/verify.ts";
import type { Outcome } from "../../src/scheduler/outcome.ts";
import { anySeed, revisionNames, runs, walk } from "./laws.ts";

/** One thing that a guest does: it calls a host function that is not ready so many times, or logs. */
type Act = { readonly call: number; readonly n: number } | { readonly log: number };

const anyAct: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ call: fc.nat(2), n: fc.nat(9) }),
  fc.record({ log: fc.nat(9) }),
);

const anyGuest: fc.Arbitrary<readonly Act[]> = fc.array(anyAct, { maxLength: 5 });

/** How often the guest's host functions say that they are not ready. */
function waits(guest: readonly Act[]): number {
  return guest.reduce((sum, act) => sum + ("call" in act ? act.call : 0), 0);
}

function lineOf(act: Act): string {
  if ("log" in act) return `    log "A {sum + ${act.log}}"`;
  return `    sum = sum + host.ready-after-${act.call}(${act.n})`;
}

function component(name: string, guest: readonly Act[]): string {
  return [
    `component ${name} {`,
    "  import host",
    "  var sum = 0",
    "  export run: func() -> u32 sync {",
    ...guest.map((act) => lineOf(act).replace('"A', `"${name}`)),
    "    return sum",
    "  }",
    "}",
  ].join("\n");
}

const await1 = "go = 0; await go == 1; ";

/** Host functions that are ready at the first, second or third poll; at once, where `waiting` is false. */
function functions(waiting: boolean): string {
  return [0, 1, 2]
    .map((n) => {
      const body = `${waiting ? await1.repeat(n) : ""}return n + ${n}`;
      return `  func ready-after-${n}: ${waiting ? "async " : ""}func(n: u32) -> u32 { ${body} }`;
    })
    .join("\n");
}

function parsed(text: string): Scenario {
  const [scenario] = checkedScenarios(text, "a law");
  if (scenario === undefined) throw new Error("there is no scenario");
  return scenario;
}

const polling = `
    while r == "pending" {
      log "pending"
      go = 1
      r = stack.poll f
    }
    log "= {r}"`;

function onStack(guest: readonly Act[], check = ""): Scenario {
  return parsed(`scenario "one guest on a stack"
${component("A", guest)}
host {
  var go = 0
${functions(true)}
  process driver {
    let s = stack.new
    let f = stack.call s A.run()
    let r = stack.poll f
${polling}
  }
}
${check}`);
}

function plainly(guest: readonly Act[]): Scenario {
  return parsed(`scenario "one guest, and functions that are ready at once"
${component("A", guest)}
host {
${functions(false)}
  process driver {
    let r = A.run()
    log "= {r}"
  }
}
always ok
`);
}

/** The outcomes under a revision, which may have settings. */
function outcomesOf(scenario: Scenario, revision: string): readonly Outcome[] {
  return verify(scenario, parseRevision(revision)).outcomes.map(({ outcome }) => outcome);
}

const endOf = ({ end }: Outcome): string => (end.tag === "traps" ? end.code : end.tag);

const isPending = (line: string): boolean => line === "pending";

/** The label of the rule that runs next, if a rule is what happens. */
function ruleIn({ entities, stack }: Store): string | null {
  const id = stack.at(-1);
  return id === undefined ? null : (entities.thread[id]?.frames.at(-1)?.tag ?? null);
}

/** The names of the threads from the host's own to the current one. */
function namesOn({ entities, stack }: Store): readonly string[] {
  return stack.map((id) => entities.thread[id]?.name ?? "");
}

/** Whether the thread that runs is a component's. */
function guestRuns({ entities, stack }: Store): boolean {
  const t = entities.thread[stack.at(-1) ?? -1];
  const task = t == null || t.task === null ? null : entities.task[t.task];
  return (task?.opts ?? null) !== null;
}

const anyRules = fc.constantFrom(
  "d1daf829",
  "6d28164",
  "d1daf829 with stacks fibers",
  "6d28164 with stacks fibers",
);

describe("a call on a stack", () => {
  test("is transparent: the guest sees what it sees of functions that are ready at once", () => {
    fc.assert(
      fc.property(anyGuest, anyRules, (guest, rules) => {
        const [found, ...more] = outcomesOf(onStack(guest, "always ok\n"), rules);
        const [plain] = outcomesOf(plainly(guest), "d1daf829");
        expect(more).toEqual([]);
        expect(found?.end).toEqual(plain?.end);
        expect(found?.log.filter((line) => !isPending(line))).toEqual(plain?.log);
      }),
      runs(80),
    );
  });

  test("is transparent with fuel too: wherever it runs out, the guest sees the same", () => {
    fc.assert(
      fc.property(fc.array(anyAct, { maxLength: 3 }), (guest) => {
        const fuel = "d1daf829 with stacks fibers, preempt on";
        const seen = outcomesOf(onStack(guest, "always ok\n"), fuel).map(({ log }) =>
          log.filter((line) => !isPending(line)).join(),
        );
        const [plain] = outcomesOf(plainly(guest), "d1daf829");
        expect(new Set(seen)).toEqual(new Set([plain?.log.join()]));
        const calls = guest.filter((act) => "call" in act).length;
        const most = Math.max(
          ...outcomesOf(onStack(guest, "always ok\n"), fuel).map(
            ({ log }) => log.filter(isPending).length,
          ),
        );
        // once before each call of the guest, beside the waits of the functions
        expect(most).toBe(waits(guest) + calls);
      }),
      runs(20),
    );
  });

  test("switches away as often as it answers that it is not ready, and as its functions are not", () => {
    fc.assert(
      fc.property(anyGuest, fc.constantFrom(...revisionNames), anySeed, (guest, revision, seed) => {
        const counted = { in: 0, out: 0 };
        const { store } = walk(onStack(guest), revision, seed, ({ before }) => {
          const rule = ruleIn(before);
          if (rule === "host.switch-out") counted.out += 1;
          if (rule === "host.switch-in") counted.in += 1;
        });
        expect(counted).toEqual({ in: waits(guest) + 1, out: waits(guest) });
        expect(store.log.filter(isPending)).toHaveLength(waits(guest));
      }),
      runs(60),
    );
  });

  test("runs guest code within a poll only", () => {
    fc.assert(
      fc.property(anyGuest, fc.constantFrom(...revisionNames), anySeed, (guest, revision, seed) => {
        walk(onStack(guest), revision, seed, ({ before }) => {
          if (!guestRuns(before)) return;
          expect(namesOn(before).slice(0, 2)).toEqual(["driver", "call 1"]);
        });
      }),
      runs(60),
    );
  });
});

/** Whose turn it is, true for the first: as given, and then in turn until both are surely done. */
function inTurns(a: readonly Act[], b: readonly Act[], turns: readonly boolean[]): boolean[] {
  const enough = 2 * waits([...a, ...b]) + 2;
  return [...turns, ...Array.from({ length: enough }, (_, i) => i % 2 === 0)];
}

/** Two guests whose calls are polled in the order of `turns`, then each to its end. */
function twoOnStacks(a: readonly Act[], b: readonly Act[], turns: readonly boolean[]): Scenario {
  const poll = (mine: string): string =>
    `    go = 1\n    if ${mine} == "pending" { ${mine} = stack.poll f${mine} }`;
  const rest = inTurns(a, b, turns);
  return parsed(
    `scenario "two guests on two stacks"
${component("A", a)}
${component("B", b)}
host {
  var go = 0
${functions(true)}
  process driver {
    let fa = stack.call stack.new A.run()
    let a = "pending"
    let fb = stack.call stack.new B.run()
    let b = "pending"
${rest.map((first) => poll(first ? "a" : "b")).join("\n")}
    log "A = {a}"
    log "B = {b}"
  }
}
always ok
`.replaceAll("stack.call stack.new", "stack.call (stack.new)"),
  );
}

/** Whether a poll comes while the other call is put aside; by counting, without the machine. */
function firstHeld(a: readonly Act[], b: readonly Act[], turns: readonly boolean[]): boolean {
  const left = [waits(a), waits(b)];
  const state = ["prepared", "prepared"];
  for (const first of inTurns(a, b, turns)) {
    const [own, other] = first ? ([0, 1] as const) : ([1, 0] as const);
    if (state[own] === "done") continue;
    if (state[other] === "aside") return true;
    state[own] = left[own] === 0 ? "done" : "aside";
    left[own]! -= 1;
  }
  return false;
}

describe("two calls on two stacks", () => {
  test("leave each guest with what it sees alone, in whatever order they are polled", () => {
    fc.assert(
      fc.property(anyGuest, anyGuest, fc.array(fc.boolean(), { maxLength: 6 }), (a, b, turns) => {
        const [found, ...more] = outcomesOf(twoOnStacks(a, b, turns), "d1daf829");
        expect(more).toEqual([]);
        for (const [name, guest] of [
          ["A", a],
          ["B", b],
        ] as const) {
          const own = found?.log.filter((line) => line.startsWith(name));
          const [plain] = outcomesOf(plainly(guest), "d1daf829");
          expect(own?.map((line) => line.replace(`${name} `, ""))).toEqual(
            plain?.log.map((line) => line.replace("A ", "")),
          );
        }
      }),
      runs(40),
    );
  });

  test("are never both put aside in blocking calls of fibers: the store is kept by the first", () => {
    fc.assert(
      fc.property(anyGuest, anyGuest, fc.array(fc.boolean(), { maxLength: 6 }), (a, b, turns) => {
        const fibers = outcomesOf(twoOnStacks(a, b, turns), "d1daf829 with stacks fibers");
        expect(fibers.map(endOf)).toEqual([firstHeld(a, b, turns) ? "stack.store-held" : "ok"]);
      }),
      runs(40),
    );
  });
});

/** What a plain entry and one on a stack give for a guest that calls no async function. */
describe("a guest that reaches no async host function", () => {
  test("gives the same by a plain entry and on a stack", () => {
    const anyQuiet = fc.array(fc.record({ log: fc.nat(9) }), { maxLength: 4 });
    fc.assert(
      fc.property(anyQuiet, anyGuest, (quiet, guest) => {
        const entry = (how: string, acts: readonly Act[]): readonly Outcome[] =>
          outcomesOf(
            parsed(`scenario "an entry"
${component("A", acts)}
host {
  var go = 0
${functions(true)}
  process driver {
${how}
  }
}
always ok
`),
            "d1daf829",
          );
        const stack = "    let f = stack.call (stack.new) A.run()\n    log stack.poll f";
        const plain = "    log stack.plain A.run()";
        expect(entry(plain, quiet)).toEqual(entry(stack, quiet));
        const reaches = guest.some((act) => "call" in act);
        const found = entry(plain, guest).map(endOf);
        expect(found).toEqual([reaches ? "stack.no-switch-record" : "ok"]);
      }),
      runs(30),
    );
  });
});

/** A verb of a driver: a call of a guest whose host function waits so often, or a number of a call. */
type Verb =
  | { readonly do: "call"; readonly stack: number; readonly waits: number }
  | { readonly do: "poll" | "drop"; readonly f: number };

function verbLine(verb: Verb): string {
  if (verb.do === "call") return `    stack.call ${verb.stack} A.run${verb.waits}()`;
  if (verb.do === "drop") return `    stack.drop ${verb.f}`;
  return `    go = 1\n    log "{stack.poll ${verb.f}} of ${verb.f}"`;
}

function driven(verbs: readonly Verb[]): Scenario {
  const runsOf = [0, 1, 2].map(
    (n) => `  export run${n}: func() -> u32 sync {
    let got = host.wait${n}()
    log "the guest goes on"
    return got
  }`,
  );
  const waitsOf = [0, 1, 2].map(
    (n) =>
      `  func wait${n}: async func() -> u32 { stack.guard A.closed(); ${await1.repeat(n)}return ${n} }`,
  );
  return parsed(`scenario "two stacks and what a driver does with them"
component A {
  import host
${runsOf.join("\n")}
  export closed: func() sync { log "closed" }
}
host {
  var go = 0
${waitsOf.join("\n")}
  process driver {
    stack.new
    stack.new
${verbs.map(verbLine).join("\n")}
  }
}
always ok
`);
}

interface Driven {
  readonly calls: readonly { stack: number; waits: number; left: number; state: string }[];
  readonly log: readonly string[];
  /** null while nothing trapped */
  readonly end: string | null;
  /** how many calls were dropped half way, and went away with their guards */
  readonly unwound: number;
}

const undriven: Driven = { calls: [], log: [], end: null, unwound: 0 };

/** What the rules say of one verb, without the machine: there is one state for each call. */
function after(d: Driven, verb: Verb, fibers: boolean): Driven {
  const ends = (code: string): Driven => ({ ...d, end: `stack.${code}` });
  if (verb.do === "call") {
    const { stack, waits: left } = verb;
    if (d.calls.some((call) => call.stack === stack && call.state !== "over")) return ends("busy");
    return { ...d, calls: [...d.calls, { stack, waits: left, left, state: "prepared" }] };
  }
  const at = verb.f - 1;
  const one = d.calls[at];
  if (one === undefined) return ends("no-such-call");
  const aside = (other: typeof one): boolean => other.state === "aside";
  if (verb.do === "drop") {
    if (one.state === "over") return ends("no-such-call");
    const unwinds = aside(one) && fibers;
    const log = unwinds ? [...d.log, "closed"] : d.log;
    const calls = d.calls.with(at, { ...one, state: "over" });
    return { ...d, calls, log, unwound: d.unwound + (unwinds ? 1 : 0) };
  }
  if (one.state === "over") return ends("polled-again");
  if (fibers && d.calls.some((other) => other !== one && aside(other))) return ends("store-held");
  if (one.left > 0) {
    const calls = d.calls.with(at, { ...one, state: "aside", left: one.left - 1 });
    return { ...d, calls, log: [...d.log, `pending of ${verb.f}`] };
  }
  const calls = d.calls.with(at, { ...one, state: "over" });
  const log = [...d.log, "closed", "the guest goes on", `${one.waits} of ${verb.f}`];
  return { ...d, calls, log };
}

/** Every verb there is: a stack and a number of waits, or a call that was made or is next. */
function everyVerb({ calls }: Driven): readonly Verb[] {
  const made = [...calls.keys(), calls.length].map((i) => i + 1);
  return [
    ...[1, 2].flatMap((stack) =>
      [0, 1, 2].map((often): Verb => ({ do: "call", stack, waits: often })),
    ),
    ...made.flatMap((f): Verb[] => [
      { do: "poll", f },
      { do: "drop", f },
    ]),
  ];
}

/** Numbers as verbs: nearly always one that does not trap. */
function verbsOf(plan: readonly (readonly [number, number])[], fibers: boolean): readonly Verb[] {
  const verbs: Verb[] = [];
  let d = undriven;
  for (const [pick, odd] of plan) {
    const all = everyVerb(d);
    const now = d;
    const endOfVerb = (one: Verb): string | null => after(now, one, fibers).end;
    const traps = [...new Set(all.map(endOfVerb))].filter((end) => end !== null);
    const wanted = odd === 0 ? traps[pick % traps.length] : null;
    const from = all.filter((one) => endOfVerb(one) === wanted);
    const verb = from[(pick >> 2) % from.length];
    if (verb === undefined || d.end !== null) break;
    verbs.push(verb);
    d = after(d, verb, fibers);
  }
  return verbs;
}

const anyPlan = fc.array(fc.tuple(fc.nat(400), fc.nat(9)), { maxLength: 16, size: "max" });

describe("two stacks and a driver", () => {
  test("do what one state for each call says: one call at a time, guards gone once or never", () => {
    const ended = new Set<string>();
    let unwound = 0;
    fc.assert(
      fc.property(anyPlan, fc.boolean(), (plan, fibers) => {
        const verbs = verbsOf(plan, fibers);
        const expected = verbs.reduce((d, verb) => after(d, verb, fibers), undriven);
        const end = expected.end ?? "ok";
        ended.add(end);
        unwound += expected.unwound;
        const found = outcomesOf(
          driven(verbs),
          fibers ? "d1daf829 with stacks fibers" : "d1daf829",
        );
        expect(found.map((one) => [one.log, endOf(one)])).toEqual([[expected.log, end]]);
      }),
      runs(200),
    );
    expect(unwound).toBeGreaterThan(10);
    expect([...ended].sort()).toEqual([
      "ok",
      "stack.busy",
      "stack.no-such-call",
      "stack.polled-again",
      "stack.store-held",
    ]);
  });
});
