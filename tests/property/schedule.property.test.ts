// Schedules as values of fast-check: they replay, they shrink, and a failure prints all it takes.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  brokenUnder,
  modelSchedules,
  outcomeUnder,
  scenarioSchedules,
  schedules,
} from "../../src/fast-check.ts";
import type { Scenario } from "../../src/scenario/ast.ts";
import { checkedScenarios } from "../../src/scenario/book.ts";
import { select } from "../../src/scenario/revision.ts";
import { systemOf, verify } from "../../src/scenario/verify.ts";
import type { System } from "../../src/scheduler/machine.ts";
import { machineModel } from "../../src/scheduler/machine-model.ts";
import { execute, executeAlong } from "../../src/scheduler/minimize/execution.ts";
import { endGoal } from "../../src/scheduler/minimize/goals.ts";
import { minimize } from "../../src/scheduler/minimize/minimize.ts";
import { parseSchedule, printSchedule, type Schedule } from "../../src/scheduler/model.ts";
import { outcomeOf } from "../../src/scheduler/outcome.ts";
import { brokenProperty } from "../../src/scheduler/properties.ts";
import { replayPolicy, run } from "../../src/scheduler/run.ts";
import { pct, pos, uniform } from "../../src/scheduler/sampling/policies.ts";
import { readBook } from "../book/files.ts";
import { toyThreads } from "../unit/toy-threads.ts";
import { anySystem, smallSystem } from "./arbitraries/systems.ts";
import { anySeed, runs, systemUnder } from "./laws.ts";

const old = select("6d28164", [], []);
const recent = select("d1daf829", [], []);

/** An error that about one random run in a hundred shows. */
const [rare] = checkedScenarios(
  `scenario "a step that is lost"
component C {
  var stage = 0
  export a: async func() stackful {
    repeat 3 { thread.yield }
    if stage == 2 { stage = 3 }
    thread.yield
    if stage == 4 { log "lost" }
    task.return
  }
  export b: async func() stackful {
    thread.yield
    if stage == 0 { stage = 1 }
    repeat 2 { thread.yield }
    if stage == 3 { stage = 4 }
    task.return
  }
  export c: async func() stackful {
    repeat 2 { thread.yield }
    if stage == 1 { stage = 2 }
    thread.yield
    task.return
  }
}
run C.a as one
run C.b as two
run C.c as three`,
  "rare.scn",
);

function rareSystem(): System {
  return systemOf(rare!, recent);
}

function isLost(system: System, schedule: Schedule): boolean {
  return outcomeUnder(system, schedule).log.includes("lost");
}

/** What the command line does with a schedule: the property that its run breaks; strictly. */
function replayed(system: System, schedule: Schedule): string | null {
  const { policy, unused } = replayPolicy(schedule);
  let broken: string | null = null;
  const { store } = run(system, policy, {
    choice: (_, at) => {
      broken ??= brokenProperty(at, false)?.name ?? null;
    },
  });
  expect(unused()).toEqual([]);
  return broken ?? brokenProperty(store, true)?.name ?? null;
}

describe("an arbitrary schedule", () => {
  test("is a plain array, and the exact schedule of its run", () => {
    fc.assert(
      fc.property(
        anySystem.chain((scenario) => {
          const system = systemUnder(scenario, "d1daf829");
          return schedules(system).map((schedule) => ({ system, schedule }));
        }),
        ({ system, schedule }) => {
          expect(Array.isArray(schedule)).toBe(true);
          expect(schedule).toEqual([...schedule]);
          const again = executeAlong(machineModel(system), schedule);
          expect(again.schedule).toEqual(schedule);
        },
      ),
      runs(60),
    );
  });

  test("is made by `run` too: the same choices and the same outcome, whatever decides", () => {
    fc.assert(
      fc.property(anySystem, anySeed, (scenario, seed) => {
        const system = systemUnder(scenario, "6d28164");
        for (const choose of [uniform, pos, (n: number) => pct(3, n, 20)]) {
          const { schedule, stop } = execute(machineModel(system), choose(seed));
          if (stop !== "end") continue;
          const made = run(system, choose(seed));
          expect(made.schedule).toEqual(schedule);
          const { store } = run(system, replayPolicy(schedule).policy);
          expect(outcomeOf(store)).toEqual(outcomeOf(made.store));
          expect(outcomeUnder(system, schedule)).toEqual(outcomeOf(store));
        }
      }),
      runs(40),
    );
  });

  test("shrinks to runs that are simpler, each of them once", () => {
    const model = toyThreads([4, 4, 4]);
    const arbitrary = modelSchedules(model);
    const [value] = fc.sample(arbitrary, { numRuns: 1, seed: 5 });
    const shrunk = [...arbitrary.shrink(value!, undefined)].map((v) => v.value);
    expect(new Set(shrunk.map(printSchedule)).size).toBe(shrunk.length);
    for (const schedule of shrunk) expect(schedule.length).toBeLessThanOrEqual(value!.length);
    expect(shrunk[0]).toEqual([]);
  });

  test("is recognized without a context only if its entries are those of a schedule", () => {
    const arbitrary = modelSchedules(toyThreads([1, 1]));
    expect(arbitrary.canShrinkWithoutContext(["resume B.f#1"])).toBe(true);
    expect(arbitrary.canShrinkWithoutContext([])).toBe(true);
    for (const other of [["resume B.f"], ["resume B.f#0"], [1], "resume B.f#1", null]) {
      expect(arbitrary.canShrinkWithoutContext(other)).toBe(false);
    }
  });

  test("shrinks from an example, too: the run is made again", () => {
    const system = rareSystem();
    const [found] = fc.sample(
      schedules(system).filter((s) => isLost(system, s)),
      { numRuns: 1, seed: 3 },
    );
    const plain = [...found!];
    const failing = fc.property(schedules(system), (s) => !isLost(system, s));
    const { counterexample } = fc.check(failing, { numRuns: 1, examples: [[plain]] });
    expect(counterexample?.[0].length).toBeLessThan(plain.length);
  });
});

/** Checks from many seeds that the planted error does not happen, and how each failure shrank. */
function failures(
  system: System,
): readonly { readonly schedule: Schedule; readonly tried: number }[] {
  return Array.from({ length: 30 }, (_, seed) => seed).flatMap((seed) => {
    let tried = -1;
    const property = fc.property(schedules(system), (schedule) => {
      const lost = isLost(system, schedule);
      if (lost || tried >= 0) tried += 1;
      return !lost;
    });
    const { counterexample } = fc.check(property, { seed, numRuns: 3000 });
    return counterexample === null ? [] : [{ schedule: counterexample[0], tried }];
  });
}

describe("a rare error", () => {
  test("shrinks within 40 attempts on average, to not much more than the fewest deviations", () => {
    const system = rareSystem();
    const all = failures(system);
    expect(all).toHaveLength(30);
    const goal = endGoal((outcome) => outcome.log.includes("lost"));
    const exact = minimize(machineModel(system), all[0]!.schedule, goal);
    expect(exact.least).toBe(true);
    const mean = (of: (failure: (typeof all)[number]) => number): number =>
      all.reduce((sum, failure) => sum + of(failure), 0) / all.length;
    expect(mean(({ tried }) => tried)).toBeLessThan(40);
    expect(mean(({ schedule }) => schedule.length)).toBeLessThan(exact.schedule.length + 3);
    for (const { schedule } of all) {
      expect(schedule.length).toBeGreaterThanOrEqual(exact.schedule.length);
    }
  });

  test("comes back by seed and path alone, as it was shrunk, 20 times out of 20", () => {
    const system = rareSystem();
    const property = fc.property(schedules(system), (s) => !isLost(system, s));
    for (let seed = 100; seed < 120; seed++) {
      const first = fc.check(property, { seed, numRuns: 3000 });
      const { counterexample, counterexamplePath } = first;
      expect(counterexample).not.toBeNull();
      const again = fc.check(property, {
        seed,
        path: counterexamplePath ?? "",
        endOnFailure: true,
      });
      expect(again.counterexample).toEqual(counterexample);
      expect(again.numRuns).toBe(1);
    }
  });
});

/** The schedule that the report of a failing property prints, as a reader would copy it. */
function copied(report: string): Schedule {
  const command = /^ +canon-async replay FILE .*--schedule (?:'(.*)'|(\S+))$/m.exec(report);
  const literal = command?.[1] ?? command?.[2] ?? "no command";
  expect(report.split("\n").map((line) => line.trim())).toContain(literal);
  return parseSchedule(literal);
}

/** A property test of one standing property, as a user would write it; its report if it fails. */
function reportOf(scenario: Scenario, property: string): string | null {
  const system = systemOf(scenario, old);
  const holds = fc.property(scenarioSchedules(scenario, old), (schedule) => {
    return brokenUnder(system, schedule) !== property;
  });
  const details = fc.check(holds, runs(200));
  return details.failed ? (fc.defaultReportMessage(details) ?? "") : null;
}

/** Every scenario of the book that breaks a standing property at the older revision, with each one. */
function findings(): readonly { readonly scenario: Scenario; readonly property: string }[] {
  return readBook().entries.flatMap(({ scenario }) => {
    if (scenario.only !== null && !scenario.only.includes("6d28164")) return [];
    const bare: Scenario = { ...scenario, expects: [], checks: [] };
    const found = verify(bare, old).findings;
    return found.map(({ property }) => ({ scenario, property }));
  });
}

describe("a failing property", () => {
  test("prints a schedule that reproduces it, for every finding of the book", () => {
    const all = findings();
    const missed: string[] = [];
    for (const { scenario, property } of all) {
      const report = reportOf(scenario, property);
      if (report === null) missed.push(`${scenario.title}: ${property}`);
      else expect(replayed(systemOf(scenario, old), copied(report))).toBe(property);
    }
    expect(missed).toEqual([]);
    expect(all.length).toBeGreaterThan(10);
  });

  test("prints a schedule that reproduces it, for random systems", () => {
    let reproduced = 0;
    fc.assert(
      fc.property(smallSystem, (scenario) => {
        const system = systemUnder(scenario, "6d28164");
        const calm = outcomeUnder(system, []);
        const same = fc.property(scenarioSchedules(scenario, old), (other) => {
          return outcomeUnder(system, other).log.join() === calm.log.join();
        });
        const details = fc.check(same, { numRuns: 20, seed: 1 });
        if (!details.failed) return;
        const schedule = copied(fc.defaultReportMessage(details) ?? "");
        expect(schedule).toEqual(details.counterexample?.[0]);
        const { policy, unused } = replayPolicy(schedule);
        const { store } = run(system, policy);
        expect(store.log.join()).not.toBe(calm.log.join());
        expect(unused()).toEqual([]);
        reproduced += 1;
      }),
      runs(200),
    );
    expect(reproduced).toBeGreaterThan(20);
  });
});
