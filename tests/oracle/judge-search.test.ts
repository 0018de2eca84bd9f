// The search behind the judge: bounds, loops that tell nothing, doubt, and how much it holds.

import { describe, expect, test } from "vitest";
import type { TraceEvent, TraceHeader } from "../../src/oracle/format/trace.ts";
import { Open } from "../../src/oracle/judging/open.ts";
import { type Held, Search } from "../../src/oracle/judging/search.ts";
import { further, picksOf, type Way } from "../../src/oracle/judging/ways.ts";
import { Window } from "../../src/oracle/judging/window.ts";
import { systemOf } from "../../src/scenario/verify.ts";
import {
  judgedNow,
  newest,
  scenarioOf,
  traceOf,
  twoYield,
  yieldsForever,
} from "./judge-harness.ts";

const calls = { omits: ["invoke", "enter", "leave"] };
const logs = { omits: ["invoke", "enter", "leave", "call", "return", "end"] };

function* yields(n: number): Generator<TraceEvent> {
  for (let i = 0; i < n; i++) {
    yield { event: "call", instance: "C", thread: "t", func: "thread.yield", args: [] };
    yield { event: "return", instance: "C", thread: "t", func: "thread.yield", results: [0] };
  }
}

/** Judges, and gives the most that was held at a time. */
function mostHeld(
  events: Iterable<TraceEvent>,
  scenario = yieldsForever,
  header: Partial<TraceHeader> = calls,
): readonly [boolean | null, Held] {
  let most: Held = { events: 0, runs: 0, keys: 0 };
  const searching: Search = new Search(systemOf(scenario, newest), traceOf(events, header), {
    ...{ maxSteps: 1000, schedule: true, next: false, inspect: () => {}, says: () => true },
    progress: () => {
      const now = searching.held;
      most = {
        events: Math.max(most.events, now.events),
        runs: Math.max(most.runs, now.runs),
        keys: Math.max(most.keys, now.keys),
      };
      return false;
    },
  });
  return [searching.run().allowed, most];
}

describe("what is held", () => {
  test("does not grow with a trace of 200 000 events", () => {
    const [short, few] = mostHeld(yields(5000));
    const [long, many] = mostHeld(yields(100_000));
    expect([short, long]).toEqual([true, true]);
    // keys are let go by the table, so that how many there are varies a little
    expect(many).toEqual({ ...few, keys: many.keys });
    expect(many.events).toBeLessThan(1000);
    expect(many.runs).toBeLessThan(4);
    expect(many.keys).toBeLessThan(1000);
  });

  test("of a way is a byte or so for each choice", () => {
    let way: Way | null = null;
    for (let i = 0; i < 10_000; i++) way = further(way, i % 7);
    let links = 0;
    for (let at: Way | null = way; at !== null; at = at.before) links += 1;
    expect(links).toBeLessThan(10_000 / 512 + 512);
    expect([...picksOf(way)]).toEqual(Array.from({ length: 10_000 }, (_, i) => i % 7));
  });

  test("of a way also keeps choices among very many", () => {
    let way: Way | null = null;
    for (let i = 0; i < 1000; i++) way = further(way, 300 * i);
    expect([...picksOf(way)].at(-1)).toBe(299_700);
  });

  test("of a trace is what is looked at", () => {
    const window = new Window(yields(5000), () => {});
    for (let i = 0; i < 9000; i++) {
      expect(window.at(i)?.kind).toBe(i % 2 === 0 ? "call" : "return");
      window.drop(i);
    }
    expect(window.size).toBeLessThan(600);
    expect(window.at(10_000)).toBeNull();
  });
});

describe("a loop that tells nothing", () => {
  const silent = { omits: [...calls.omits, "thread.yield"] };

  test("ends the search: what it does not come to is not allowed", () => {
    const never: TraceEvent = { event: "call", func: "task.return" };
    const { verdict, explained, next } = judgedNow(yieldsForever, [never], silent);
    expect([verdict, explained, next]).toEqual(["not allowed", 0, []]);
  });

  test("is no end", () => {
    expect(judgedNow(yieldsForever, [{ event: "end" }], silent).verdict).toBe("not allowed");
  });
});

describe("what is undecided", () => {
  test("shows as the number of ways that led over an event", () => {
    // whether f yields by blocking or goes on is not seen until somebody else runs
    const { verdict, ambiguity } = judgedNow(twoYield, [{ event: "log", line: "f" }], logs);
    expect(verdict).toBe("allowed");
    expect(ambiguity).toBe(1);
    const events: readonly TraceEvent[] = [
      { event: "log", line: "f" },
      { event: "log", line: "f" },
    ];
    const rejected = judgedNow(twoYield, events, logs);
    expect(rejected.verdict).toBe("not allowed");
    // f before g was invoked, or behind its yield; each as a state of its own
    expect(rejected.ambiguity).toBeGreaterThan(1);
  });

  test("is brought up: the last of all comes first, when the furthest is far ahead", () => {
    const open = new Open<{ readonly position: number; readonly name: string }>();
    open.push({ position: 0, name: "behind" });
    open.push({ position: 100, name: "ahead" });
    expect(open.take()?.name).toBe("behind");
    open.push({ position: 90, name: "coming" });
    expect(open.take()?.name).toBe("coming");
    expect(open.floor).toBe(90);
    open.push({ position: 101, name: "there" });
    expect(open.take()?.name).toBe("there");
    expect(open.take()?.name).toBe("ahead");
    expect(open.take()).toBeUndefined();
  });

  test("is left alone where there is too much of it", () => {
    const open = new Open<{ readonly position: number }>();
    for (let i = 0; i < 10_000; i++) open.push({ position: 0 });
    open.push({ position: 100 });
    let taken = 0;
    while (open.take()?.position === 0) taken += 1;
    expect(taken).toBe(2048);
    expect(open.size).toBe(10_000 - 2048);
  });
});

describe("unknown is", () => {
  const never: TraceEvent = { event: "log", line: "never" };

  test("what takes more steps than are allowed, with the bound in words", () => {
    const { verdict, bound, rejection, steps } = judgedNow(twoYield, [never], logs, {
      maxSteps: 3,
    });
    expect([verdict, rejection]).toEqual(["unknown", null]);
    expect(bound).toBe("3 steps of the model were tried after the last event that is explained");
    expect(steps).toBeLessThan(10);
  });

  test("what somebody stops", () => {
    const asked: number[] = [];
    const progress = ({ explained }: { readonly explained: number }): boolean => {
      asked.push(explained);
      return true;
    };
    const { verdict, bound } = judgedNow(yieldsForever, yields(5000), calls, { progress });
    expect([verdict, bound]).toEqual(["unknown", "the search was stopped"]);
    expect(asked).toHaveLength(1);
  });

  test("what only a run that reaches a bound of the model could tell", () => {
    const scenario = scenarioOf(`
scenario "core code runs on for ever"
component A {
  var x = 0
  export run: async func() stackful {
    while x == 0 {
      x = 0
    }
    log "never"
    task.return
  }
}
run A.run
never ok
`);
    const { verdict, bound } = judgedNow(scenario, [never], logs);
    expect(verdict).toBe("unknown");
    expect(bound).toBe("20000 instructions of a script without a call");
  });
});

/** A task counts on until another one stops it: no two states of it are the same. */
const countsOn = scenarioOf(`
scenario "a task counts until it is stopped"
component C {
  var stop = 0
  var n = 0
  export count: async func() stackful {
    while stop == 0 {
      n = n + 1
      thread.yield
    }
    task.return
  }
  export halt: async func() stackful {
    thread.yield
    stop = 1
    task.return
  }
}
run C.count
run C.halt
never ok
`);

test("a run that could go on for ever without an event keeps no other from being found", () => {
  // "thread.yield" may let anybody go on, so that the other invocation is free to start whenever it does
  const events = [
    { event: "invoke", call: "count" },
    { event: "invoke", call: "halt" },
    { event: "end", waiting: [] },
  ] as const;
  const omits = ["enter", "leave", "call", "return"] as const;
  expect(judgedNow(countsOn, events, { omits }, { maxSteps: 10_000 })).toMatchObject({
    verdict: "allowed",
    explained: 3,
  });
});

describe("a long run without a choice", () => {
  // one function that calls `context.get` so often: there is nothing that could go otherwise
  const times = 100_000;
  const counting = scenarioOf(`
scenario "a loop"
component C {
  export run: func() {
    repeat ${times} { context.get 0 }
  }
}
run C.run
`);
  const [header, rest] = [{ omits: ["invoke", "enter", "leave"] }, { instance: "C", thread: "t" }];

  function* gets(n: number): Generator<TraceEvent> {
    for (let i = 0; i < n; i++) {
      yield { event: "call", ...rest, func: "context.get", args: [] };
      yield { event: "return", ...rest, func: "context.get", results: [0] };
    }
  }

  test("is followed for as long as it explains events", () => {
    const events = [...gets(times), { event: "end", waiting: [] } as const];
    expect(judgedNow(counting, events, header)).toMatchObject({
      verdict: "allowed",
      explained: 2 * times + 1,
    });
  });

  test("is forgotten as it goes on", () => {
    const [allowed, held] = mostHeld(gets(times), counting, header);
    expect(allowed).toBe(true);
    // of 200 000 events
    expect(held.events).toBeGreaterThan(0);
    expect(held.events).toBeLessThan(25_000);
  });

  test("is cut off where it explains none", () => {
    const omits = [...header.omits, "context.get"];
    expect(judgedNow(counting, [{ event: "end", waiting: [] }], { omits })).toMatchObject({
      verdict: "unknown",
      bound: "100000 steps without a choice",
    });
  });
});
