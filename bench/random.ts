// Random runs of the litmus test, and the way back from such a run to the simplest one.

import type { Store } from "../src/model/store.ts";
import type { System } from "../src/scheduler/machine.ts";
import { machineModel } from "../src/scheduler/machine-model.ts";
import { type Goal, outcomeGoal, propertyGoal } from "../src/scheduler/minimize/goals.ts";
import { minimize } from "../src/scheduler/minimize/minimize.ts";
import type { Schedule } from "../src/scheduler/model.ts";
import { run } from "../src/scheduler/run.ts";
import { uniform } from "../src/scheduler/sampling/policies.ts";
import { simulate } from "../src/scheduler/sampling/simulate.ts";
import { litmusSystem, systemsWithFindings } from "./corpus.ts";
import { seconds } from "./measure.ts";
import { demand, type Figure, type Target } from "./workload.ts";

const entries: ReadonlySet<string> = new Set(["6 elements", "CANCELLED|0", "CANCELLED|1"]);

/** One random run of the litmus test; throws unless it ends as it may. */
function randomRun(system: System, seed: number): void {
  const { store, complete } = run(system, uniform(seed));
  const known = store.log.every((entry) => entries.has(entry));
  demand(complete && store.ending === null && known, "a random run of the litmus test ends well");
}

interface Steps {
  readonly choices: number;
  readonly microsteps: number;
}

function stepsOf(system: System, seed: number): Steps {
  let [choices, microsteps] = [0, 0];
  run(system, uniform(seed), {
    watch: () => {
      microsteps += 1;
    },
    choice: () => {
      choices += 1;
    },
  });
  return { choices, microsteps };
}

/** Steps a second over the same runs that were counted before. */
function randomRate(what: keyof Steps, target: Target | null): Figure {
  const measure = (small: boolean): number => {
    const system = litmusSystem();
    const seeds = Array.from({ length: small ? 2 : 500 }, (_, i) => i + 1);
    const steps = seeds.reduce((n, seed) => n + stepsOf(system, seed)[what], 0);
    const spent = seconds(() => {
      for (const seed of seeds) randomRun(system, seed);
    });
    return steps / spent;
  };
  return { tag: "figure", name: `random-${what}`, unit: `${what}/s`, target, measure };
}

/** Something that a run showed, to be shown by the simplest one. */
interface Case {
  readonly system: System;
  readonly schedule: Schedule;
  readonly goal: Goal<Store>;
}

/** The findings of a system that random runs meet, each by the first run that does. */
function findings(system: System, runs: number): readonly Case[] {
  return simulate(system, { runs }).failures.map(({ property, schedule }) => {
    return { system, schedule, goal: propertyGoal(property) };
  });
}

/** The outcomes of the litmus test, each by the first random run that has it. */
function outcomes(): readonly Case[] {
  const system = litmusSystem();
  const met = simulate(system, { runs: 100, properties: false }).outcomes;
  demand(met.length === 3, "random runs meet all three outcomes");
  return met.map(({ outcome, schedule }) => ({ system, schedule, goal: outcomeGoal(outcome) }));
}

function minimized({ system, schedule, goal }: Case): number {
  return seconds(() => {
    const { least } = minimize(machineModel(system), schedule, goal);
    demand(least, "fewer deviations do not do");
  });
}

const slowestMinimization: Figure = {
  tag: "figure",
  name: "minimize-slowest",
  unit: "s",
  target: { of: "value", is: "at most", bound: 5 },
  measure: (small) => {
    const systems = systemsWithFindings().slice(0, small ? 2 : undefined);
    const cases = systems.flatMap((system) => findings(system, small ? 20 : 100));
    demand(cases.length > 0, "the book has findings");
    return Math.max(...[...cases, ...(small ? [] : outcomes())].map(minimized));
  },
};

export const randomFigures: readonly Figure[] = [
  randomRate("choices", null),
  randomRate("microsteps", { of: "value", is: "at least", bound: 150_000 }),
  slowestMinimization,
];
