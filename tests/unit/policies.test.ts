// How schedules are sampled: what each strategy favours, and that a seed is a run.

import { describe, expect, test } from "vitest";
import { execute } from "../../src/scheduler/minimize/execution.ts";
import { type Named, ScheduleError } from "../../src/scheduler/model.ts";
import {
  type Chooser,
  chooser,
  pct,
  portfolio,
  pos,
  runSeed,
  strategyName,
  uniform,
} from "../../src/scheduler/sampling/policies.ts";
import { toyThreads } from "./toy-threads.ts";

const seeds = Array.from({ length: 6000 }, (_, seed) => seed);

/** How often each order of steps is met. */
function traces(
  steps: readonly number[],
  choose: (seed: number) => Chooser,
  name?: (letter: string, i: number) => string,
): ReadonlyMap<string, number> {
  const model = toyThreads(steps, name);
  const counts = new Map<string, number>();
  for (const seed of seeds) {
    const { trace } = execute(model, choose(seed)).state;
    counts.set(trace, (counts.get(trace) ?? 0) + 1);
  }
  return counts;
}

/** Expects a share of all seeds, give or take four standard deviations. */
function expectShare(count: number, share: number): void {
  const sigma = Math.sqrt(share * (1 - share) * seeds.length);
  expect(Math.abs(count - share * seeds.length)).toBeLessThan(4 * sigma);
}

describe("uniform", () => {
  test("takes every alternative alike", () => {
    const counts = traces([1, 1, 1], uniform);
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expectShare(count, 1 / 6);
  });

  test("rarely keeps one of two threads waiting", () => {
    expectShare(traces([5, 1], uniform).get("aaaaab") ?? 0, 1 / 32);
  });
});

describe("POS", () => {
  test("keeps the priority of what is independent: it waits while others draw lower ones", () => {
    const counts = traces([5, 1], pos);
    // After j others: the lowest of j + 1 priorities so far, and then the next draw is lower still.
    for (let j = 0; j < 5; j++) {
      const trace = `${"a".repeat(j)}b${"a".repeat(5 - j)}`;
      expectShare(counts.get(trace) ?? 0, 1 / ((j + 1) * (j + 2)));
    }
    expectShare(counts.get("aaaaab") ?? 0, 1 / 6);
  });

  test("draws again what may race: in one instance it is uniform", () => {
    const counts = traces([5, 1], pos, (letter) => `resume A.${letter}`);
    expectShare(counts.get("aaaaab") ?? 0, 1 / 32);
    expectShare(counts.get("baaaaa") ?? 0, 1 / 2);
  });

  test("tosses a coin each time where actions have no id", () => {
    const enabled: readonly Named[] = [{ name: "block A.f" }, { name: "go-on A.f" }];
    const choose = pos(1);
    const picked = seeds.filter(() => choose(enabled) === enabled[0]);
    expectShare(picked.length, 1 / 2);
  });
});

describe("PCT", () => {
  test("of depth 1 runs each thread to its end before another, in every order alike", () => {
    const counts = traces([2, 2, 2], (seed) => pct(1, seed, 6));
    expect([...counts.keys()].sort()).toEqual([
      "aabbcc",
      "aaccbb",
      "bbaacc",
      "bbccaa",
      "ccaabb",
      "ccbbaa",
    ]);
    for (const count of counts.values()) expectShare(count, 1 / 6);
  });

  /** An error that needs two orderings: the second thread runs within the first one, at one place. */
  const within = (trace: string): boolean => /^aaab+aaa/.test(trace);

  test("of depth 2 finds what needs two orderings as often as its bound says", () => {
    const length = 12;
    const found = [...traces([6, 6], (seed) => pct(2, seed, length))]
      .filter(([trace]) => within(trace))
      .reduce((sum, [, count]) => sum + count, 0);
    expectShare(found, 1 / (2 * length));
    const shallow = traces([6, 6], (seed) => pct(1, seed, length));
    expect([...shallow.keys()].filter(within)).toEqual([]);
  });

  test("takes the default within a step, and an alternative at a change", () => {
    const enabled: readonly Named[] = [{ name: "block A.f" }, { name: "go-on A.f" }];
    const picks = (depth: number): readonly number[] => {
      const choose = pct(depth, 7, 10);
      return Array.from({ length: 10 }, () => enabled.indexOf(choose(enabled)));
    };
    expect(picks(1)).toEqual(new Array(10).fill(0));
    expect(picks(2).filter((place) => place === 1)).toHaveLength(1);
  });
});

describe("a strategy", () => {
  test("is the same run for the same seed, and another one for another", () => {
    const model = toyThreads([4, 4, 4]);
    for (const strategy of ["uniform", "pos", { pct: 3 }] as const) {
      const run = (seed: number): string => execute(model, chooser(strategy, seed, 12)).state.trace;
      expect(run(5)).toBe(run(5));
      expect(new Set(Array.from({ length: 50 }, (_, seed) => run(seed))).size).toBeGreaterThan(10);
    }
  });

  test("by default is the first alternative everywhere", () => {
    expect(execute(toyThreads([2, 2]), chooser("default", 1, 4)).state.trace).toBe("aabb");
  });

  test("cannot choose from nothing", () => {
    for (const strategy of ["default", "uniform", "pos", { pct: 2 }] as const) {
      expect(() => chooser(strategy, 1, 4)([])).toThrow(ScheduleError);
    }
  });

  test("of a portfolio goes through all of them, and PCT through depths 1 to 5", () => {
    const names = Array.from({ length: 18 }, (_, n) => strategyName(portfolio(n)));
    expect(names.slice(0, 6)).toEqual(["pos", "uniform", "pct 1", "pos", "uniform", "pct 2"]);
    expect(names.filter((name) => name.startsWith("pct"))).toEqual([
      "pct 1",
      "pct 2",
      "pct 3",
      "pct 4",
      "pct 5",
      "pct 1",
    ]);
  });

  test("has a seed of its own for each run of each series", () => {
    const all = [1, 2, 3].flatMap((seed) => seeds.map((n) => runSeed(seed, n)));
    expect(new Set(all).size).toBeGreaterThan(all.length - 3);
    expect(all.every((seed) => Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32)).toBe(true);
  });
});
