// Sampling: what is counted, what a run's seed is good for, and that keeping states changes nothing.

import { describe, expect, test } from "vitest";
import { checkedScenarios } from "../../src/scenario/book.ts";
import { select } from "../../src/scenario/revision.ts";
import { simulateScenario } from "../../src/scenario/simulated.ts";
import { systemOf, verify } from "../../src/scenario/verify.ts";
import { machineModel } from "../../src/scheduler/machine-model.ts";
import { execute, executeAlong } from "../../src/scheduler/minimize/execution.ts";
import { outcomeKey, outcomeOf } from "../../src/scheduler/outcome.ts";
import { chooser } from "../../src/scheduler/sampling/policies.ts";
import {
  estimatedLength,
  type SampleOptions,
  sample,
} from "../../src/scheduler/sampling/sample.ts";
import { simulate } from "../../src/scheduler/sampling/simulate.ts";
import { read } from "../book/files.ts";
import { type Toy, toyThreads } from "./toy-threads.ts";

const toy = toyThreads([2, 2]);
const byTrace: SampleOptions<Toy> = { final: ({ trace }) => trace };

function total(counts: readonly { readonly count: number }[]): number {
  return counts.reduce((sum, { count }) => sum + count, 0);
}

describe("a sample", () => {
  test("counts each end, and every run once", () => {
    const { runs, cut, ends, states, interrupted } = sample(toy, { ...byTrace, runs: 300 });
    expect({ runs, cut, interrupted }).toEqual({ runs: 300, cut: 0, interrupted: false });
    expect(total(ends)).toBe(300);
    // Two a's and two b's: 4! / (2! 2!) orders, and as many states as they have beginnings.
    expect(ends.map(({ fact }) => fact).sort()).toEqual([
      "aabb",
      "abab",
      "abba",
      "baab",
      "baba",
      "bbaa",
    ]);
    expect(states).toBe(1 + 2 + 4 + 6 + 6);
    expect(ends.map(({ count }) => count)).toEqual(ends.map((e) => e.count).sort((a, b) => b - a));
  });

  test("gives each end what its runs observed, although finals are alike", () => {
    const { ends } = sample(toy, { runs: 300 });
    expect(ends.map(({ observed }) => observed.join("")).sort()).toEqual([
      "aabb",
      "abab",
      "abba",
      "baab",
      "baba",
      "bbaa",
    ]);
  });

  test("is the same whether states are kept or executed again", () => {
    const options = { ...byTrace, runs: 100, seed: 3 } as const;
    const kept = sample(toy, options);
    expect(sample(toy, { ...options, maxKept: 0 })).toEqual(kept);
    expect(sample(toy, { ...options, maxKept: 5 })).toEqual(kept);
    expect(sample(toy, { ...options, seed: 4 })).not.toEqual(kept);
  });

  test("says of each end the run that met it first: its seed and its schedule make it again", () => {
    const length = estimatedLength(toy);
    for (const { fact, strategy, seed, schedule } of sample(toy, { ...byTrace, runs: 60 }).ends) {
      const again = execute(toy, chooser(strategy, seed, length));
      expect({ trace: again.state.trace, schedule: again.schedule }).toEqual({
        trace: fact,
        schedule,
      });
      expect(executeAlong(toy, schedule).state.trace).toBe(fact);
    }
  });

  test("shows broken properties with the schedule to the first state that breaks them", () => {
    const check = ({ trace }: Toy): string | null => (trace.includes("ba") ? "a-after-b" : null);
    const { broken, ends } = sample(toy, { ...byTrace, runs: 300, check });
    const bad = ends.filter(({ fact }) => fact.includes("ba"));
    expect(broken.map(({ property, count }) => [property, count])).toEqual([
      ["a-after-b", total(bad)],
    ]);
    const [first] = broken;
    expect(first?.state.trace.endsWith("ba")).toBe(true);
    expect(executeAlong(toy, first?.schedule ?? []).state.trace).toContain(first?.state.trace);
  });

  test("estimates what it has not seen from what it has seen once", () => {
    const once = sample(toyThreads([6, 6, 6]), { runs: 200, policy: "uniform" });
    const singles = once.ends.filter(({ count }) => count === 1).length;
    expect(once.unseen).toBe(singles / 200);
    expect(once.unseen).toBeGreaterThan(0.9);
    expect(sample(toy, { ...byTrace, runs: 300 }).unseen).toBe(0);
  });

  test("cuts off runs that are too long, and counts them", () => {
    const { runs, cut, ends } = sample(toy, { ...byTrace, runs: 10, maxChoices: 3 });
    expect({ runs, cut, ends }).toEqual({ runs: 10, cut: 10, ends: [] });
  });

  test("counts alternatives that were offered and those that were taken", () => {
    const name = (letter: string, i: number): string =>
      `${i === 0 ? "go-on" : "resume"} A.${letter}`;
    const { choices } = sample(toyThreads([1, 1, 1], name), { runs: 1, policy: "default" });
    expect(choices).toEqual([
      { kind: "go-on", offered: 1, taken: 1 },
      { kind: "resume", offered: 2, taken: 1 },
    ]);
  });

  test("stops when it is told to", () => {
    const told: number[] = [];
    const progress = (p: { readonly runs: number }): boolean => told.push(p.runs) < 2;
    const { runs, interrupted } = sample(toy, { runs: 1e6, progress });
    expect(told).toHaveLength(2);
    expect({ runs, interrupted }).toEqual({ runs: told[1], interrupted: true });
  });
});

const chapter = "spec/06-cancellation.md";
const scenarios = checkedScenarios(read(chapter), chapter);
const old = select("6d28164", [], []);
const recent = select("d1daf829", [], []);

describe("a simulation", () => {
  test("meets only outcomes that an exploration finds, each by a schedule that leads there", () => {
    for (const scenario of scenarios) {
      const allowed = new Set(verify(scenario, recent).outcomes.map((o) => outcomeKey(o.outcome)));
      const model = machineModel(systemOf(scenario, recent));
      const { outcomes, cut } = simulate(systemOf(scenario, recent), { runs: 30 });
      expect(total(outcomes) + cut).toBe(30);
      for (const { outcome, schedule } of outcomes) {
        expect(allowed.has(outcomeKey(outcome))).toBe(true);
        const { state, observed } = executeAlong(model, schedule);
        expect(outcomeOf({ ...state, log: observed })).toEqual(outcome);
      }
    }
  });

  test("finds what the older revision breaks, and only if it looks", () => {
    const finding = scenarios.find(({ title }) => title.includes("a wait that outlives the peer"));
    const system = systemOf(finding!, old);
    const { failures } = simulate(system, { runs: 50 });
    expect(failures.map(({ property }) => property)).toEqual(["no-deaf-end"]);
    expect(simulate(system, { runs: 50, properties: false }).failures).toEqual([]);
    expect(simulate(systemOf(finding!, recent), { runs: 50 }).failures).toEqual([]);
  });

  test("says which rules fired and which traps it met", () => {
    const [scenario] = checkedScenarios(
      `scenario "t"
component A {
  export run: async func() stackful { thread.yield; unreachable }
}
run A.run`,
      "t.scn",
    );
    const { coverage } = simulate(systemOf(scenario!, recent), { runs: 20 });
    expect(coverage.traps).toEqual(["guest.unreachable"]);
    expect(coverage.rules).toContain("thread.yield");
    expect(coverage.rules).not.toContain("stream.new");
    expect(coverage.choices).toEqual([
      { kind: "block", offered: 1, taken: 1 },
      { kind: "go-on", offered: 1, taken: 1 },
    ]);
  });
});

describe("the checks of a scenario", () => {
  const text = `scenario "two runs"
component A {
  export f: func(n: u32) { log n }
}
run A.f(1) as one
run A.f(2) as two
`;

  function verdicts(claims: string): readonly string[] {
    const [scenario] = checkedScenarios(text + claims, "two.scn");
    const { checks, violated } = simulateScenario(scenario!, recent, { runs: 50 });
    expect(violated).toBe(checks.some((c) => c.verdict === "violated"));
    return checks.map(({ verdict }) => verdict);
  }

  test("are refuted, met, or left open", () => {
    const claims = ["always ok", "never log = [2, 1]", "sometimes log = [2, 1]"];
    expect(verdicts(claims.join("\n"))).toEqual(["bounded", "violated", "proved"]);
    expect(verdicts("sometimes log = [3]")).toEqual(["unknown"]);
  });

  test("with a set of outcomes are refuted by one that is not in it", () => {
    expect(verdicts("exactly {\n[1, 2]\n}")).toEqual(["violated"]);
    expect(verdicts("exactly {\n[1, 2]\n[2, 1]\n}")).toEqual(["bounded"]);
    expect(verdicts("exactly {\n[1, 2]\n[2, 1]\n[2]\n}")).toEqual(["unknown"]);
  });
});
