// Simpler schedules: what greedy trial finds, and what the exact search proves.

import { describe, expect, test } from "vitest";
import type { Store } from "../../src/model/store.ts";
import type { Scenario } from "../../src/scenario/ast.ts";
import { allProperties } from "../../src/scenario/properties.ts";
import type { Selection } from "../../src/scenario/revision.ts";
import { type Result, revisionsOf, systemOf, verify } from "../../src/scenario/verify.ts";
import type { System } from "../../src/scheduler/machine.ts";
import { machineModel } from "../../src/scheduler/machine-model.ts";
import { execute } from "../../src/scheduler/minimize/execution.ts";
import {
  type Goal,
  outcomeGoal,
  outcomeTextGoal,
  propertyGoal,
} from "../../src/scheduler/minimize/goals.ts";
import {
  type Minimized,
  type MinimizeOptions,
  minimize,
} from "../../src/scheduler/minimize/minimize.ts";
import { type Schedule, ScheduleError } from "../../src/scheduler/model.ts";
import { showOutcome } from "../../src/scheduler/outcome.ts";
import type { Chooser } from "../../src/scheduler/sampling/policies.ts";
import { simulate } from "../../src/scheduler/sampling/simulate.ts";
import { type Entry, readBook } from "../book/files.ts";
import { type Toy, toyThreads } from "./toy-threads.ts";

const toy = toyThreads([3, 3, 3]);
const greedy: MinimizeOptions = { mode: "greedy" };

/** A run whose trace begins like this. */
function traceGoal(wanted: string): Goal<Toy> {
  return { reached: ({ trace }) => trace === wanted, history: false };
}

/** The schedule of the run of the toy in which the threads take turns like this. */
function scheduleFor(trace: string): Schedule {
  const letters = [...trace];
  const choose: Chooser = (enabled) => {
    const name = `resume ${letters.shift()?.toUpperCase()}.f`;
    const found = enabled.find((action) => action.name === name);
    if (found === undefined) throw new Error(`${name} is not enabled`);
    return found;
  };
  const visit = (): boolean => letters.length === 0;
  return execute(toy, choose, { visit }).schedule;
}

function simplest(trace: string, goal: Goal<Toy>, options?: MinimizeOptions): Minimized {
  return minimize(toy, scheduleFor(trace), goal, options);
}

describe("a schedule of the toy", () => {
  test("keeps what it takes to reach the goal, and ends there", () => {
    expect(simplest("cbacbacba", traceGoal("c"), greedy).schedule).toEqual(["resume C.f#1"]);
    expect(simplest("cbacbacba", traceGoal("cba"), greedy).schedule).toEqual([
      "resume C.f#1",
      "resume B.f#2",
    ]);
  });

  test("is the default if that reaches the goal", () => {
    const goal: Goal<Toy> = { reached: (_, final) => final, history: false };
    expect(simplest("bbbacacac", goal, greedy).schedule).toEqual([]);
    expect(simplest("bbbacacac", goal)).toMatchObject({ schedule: [], least: true });
  });

  /** b runs before the last a: by default all a's come first, so one deviation is needed. */
  const early: Goal<Toy> = {
    reached: ({ trace }, final) => final && /b.*a/.test(trace),
    history: false,
  };

  test("has provably fewest deviations, or says that this was not tried", () => {
    const exact = simplest("cbbcabcaa", early);
    expect({ n: exact.schedule.length, least: exact.least }).toEqual({ n: 1, least: true });
    expect(simplest("cbbcabcaa", early, greedy)).toMatchObject({ least: false, states: 0 });
  });

  test("is found by the search where trial stops too early", () => {
    // Trial sees no simpler run in which c is third; the search does.
    const goal: Goal<Toy> = {
      reached: ({ trace }, final) => final && (trace === "aacbbbacc" || trace === "bcbcbcaaa"),
      history: false,
    };
    expect(simplest("bcbcbcaaa", goal, greedy).schedule).toHaveLength(6);
    expect(simplest("bcbcbcaaa", goal)).toMatchObject({ least: true });
    expect(simplest("bcbcbcaaa", goal).schedule).toEqual(scheduleFor("aacbbbacc"));
  });

  test("is refused if it does not show the goal", () => {
    expect(() => minimize(toy, [], traceGoal("b"))).toThrow(ScheduleError);
  });

  test("is not called least if the search was cut off or stopped", () => {
    const goal = traceGoal("cbcaaabbc");
    expect(simplest("cbcaaabbc", goal).least).toBe(true);
    expect(simplest("cbcaaabbc", goal, { maxStates: 5 }).least).toBe(false);
    expect(simplest("cbcaaabbc", goal, { progress: () => false }).least).toBe(false);
  });

  test("may depend on what was observed: equal states with other pasts are kept apart", () => {
    const forgetful: typeof toy = {
      ...toy,
      encode: ({ left }, out) => {
        for (const n of left) out.push(n);
      },
    };
    const goal: Goal<Toy> = {
      reached: (_, final, observed) => final && observed.join("") === "abacbacbc",
      history: true,
    };
    const made = minimize(forgetful, scheduleFor("abacbacbc"), goal);
    expect(made).toMatchObject({ schedule: scheduleFor("abacbacbc"), least: true });
  });
});

/** Deviations that `explore` needs for an outcome with this text, whatever it leaves over. */
function costs({ outcomes }: Result): ReadonlyMap<string, number> {
  const all = new Map<string, number>();
  for (const { outcome, cost } of outcomes) {
    const text = showOutcome(outcome);
    all.set(text, Math.min(cost, all.get(text) ?? cost));
  }
  return all;
}

/** An outcome or a finding that was reached by some schedule, and the least cost of it. */
interface Shown {
  readonly what: string;
  readonly schedule: Schedule;
  readonly goal: Goal<Store>;
  readonly cost: number;
}

/** What the explorer found, by its own witnesses; what goes on for ever has no end to aim at. */
function explored(result: Result): readonly Shown[] {
  const least = costs(result);
  const ends = result.outcomes.filter(({ outcome }) => outcome.end.tag !== "diverges");
  const outcomes = ends.map(({ outcome, witness }): Shown => {
    const what = showOutcome(outcome);
    return { what, schedule: witness, goal: outcomeGoal(outcome), cost: least.get(what) ?? -1 };
  });
  const findings = result.findings.map(({ property, witness, cost }): Shown => {
    return { what: property, schedule: witness, goal: propertyGoal(property, allProperties), cost };
  });
  return [...outcomes, ...findings];
}

/** The same outcomes by random runs. */
function sampled(result: Result, system: System): readonly Shown[] {
  const least = costs(result);
  return simulate(system, { runs: 20, properties: false }).outcomes.map(({ outcome, schedule }) => {
    const what = showOutcome(outcome);
    return { what, schedule, goal: outcomeTextGoal(what), cost: least.get(what) ?? -1 };
  });
}

interface Tried {
  readonly wrong: readonly string[];
  readonly count: number;
}

const results = new Map<string, Result>();

/** Explores a scenario as a bare program, so that nothing that it finds is expected; once. */
function bareResult(scenario: Scenario, revision: Selection): Result {
  const key = `${scenario.title} ${revision.label}`;
  const result = results.get(key) ?? verify({ ...scenario, expects: [], checks: [] }, revision);
  results.set(key, result);
  return result;
}

function tryAll(
  entries: readonly Entry[],
  shown: (result: Result, system: System) => readonly Shown[],
): Tried {
  const wrong: string[] = [];
  let count = 0;
  for (const { scenario } of entries) {
    for (const revision of revisionsOf(scenario)) {
      const system = systemOf(scenario, revision);
      for (const { what, schedule, goal, cost } of shown(bareResult(scenario, revision), system)) {
        const made = minimize(machineModel(system), schedule, goal);
        count += 1;
        if (made.least && made.schedule.length === cost) continue;
        wrong.push(`${scenario.title} under ${revision.label}: ${what} ${made.schedule} / ${cost}`);
      }
    }
  }
  return { wrong, count };
}

describe("exact minimization", () => {
  const { entries } = readBook();
  const litmus = [...new Set(entries.map(({ file }) => file))].filter((file) =>
    file.startsWith("spec/litmus/"),
  );

  describe.each(litmus)("of %s", (name) => {
    const own = entries.filter(({ file }) => file === name);

    test("costs as much as exploration says, for every outcome and finding", () => {
      const { wrong, count } = tryAll(own, explored);
      expect(wrong).toEqual([]);
      expect(count).toBeGreaterThanOrEqual(own.length);
    });

    test("comes there from random runs too", () => {
      const { wrong, count } = tryAll(own, sampled);
      expect(wrong).toEqual([]);
      expect(count).toBeGreaterThanOrEqual(own.length);
    });
  });

  const timeout = 300_000;

  test("costs as much as exploration says, for every finding of the chapters", { timeout }, () => {
    const chapters = entries.filter(({ file }) => !/^spec\/(litmus|wasi)\//.test(file));
    const { wrong, count } = tryAll(chapters, (result) => {
      return explored({ ...result, outcomes: [] });
    });
    expect(wrong).toEqual([]);
    expect(count).toBeGreaterThan(4);
  });
});
