// Ways to decide at every choice point from a seed: uniform, POS, PCT, and a mix. Mirrors spec/07.

import { type Named, ScheduleError } from "../model.ts";
import { random } from "./random.ts";

/** Picks one of the enabled actions, the default first: a `Policy` for the actions of any model. */
export type Chooser = <A extends Named>(enabled: readonly A[]) => A;

/** How runs are sampled; `pct` is the depth, 1 or more. */
export type Strategy = "default" | "uniform" | "pos" | { readonly pct: number };

/** The name of a strategy, e.g. `pct 3`. */
export function strategyName(strategy: Strategy): string {
  return typeof strategy === "string" ? strategy : `pct ${strategy.pct}`;
}

function at<A>(enabled: readonly A[], index: number): A {
  const picked = enabled[index];
  if (picked === undefined) throw new ScheduleError("nothing is enabled");
  return picked;
}

/** Every alternative alike. */
export function uniform(seed: number): Chooser {
  const next = random(seed);
  return (enabled) => at(enabled, next() % enabled.length);
}

/** The first action with the highest priority. */
function highest<A>(enabled: readonly A[], priority: (action: A) => number): A {
  const all = enabled.map(priority);
  return at(enabled, all.indexOf(Math.max(...all)));
}

/**
 * Where an action happens, by its name: the instance of `resume B.f#2` and of `complete-cancel B/r1`
 * is B; what has no instance in its name is the host's.
 */
function siteOf(name: string): string {
  return /^\S+ ([^./#]+)[./]/.exec(name)?.[1] ?? "host";
}

/**
 * Partial order sampling: a pending action draws a priority and the highest one runs, so that
 * different orders of racing actions are met, and not many schedules of one order. Whatever may race
 * with the one that ran draws again; here that is all that happens in the same instance. Actions
 * without an id are pending for one choice only, and draw each time.
 */
export function pos(seed: number): Chooser {
  const next = random(seed);
  const pending = new Map<string, { readonly site: string; readonly priority: number }>();
  const priority = ({ id, name }: Named): number => {
    if (id === undefined) return next();
    const known = pending.get(id) ?? { site: siteOf(name), priority: next() };
    pending.set(id, known);
    return known.priority;
  };
  return (enabled) => {
    const picked = highest(enabled, priority);
    const site = siteOf(picked.name);
    for (const [id, action] of pending) if (action.site === site) pending.delete(id);
    return picked;
  };
}

/** The choice points at which something unexpected happens, with the rank that a thread falls to. */
function changePoints(depth: number, length: number, next: () => number): Map<number, number> {
  const points = new Map<number, number>();
  for (let rank = 1; rank < depth; rank++) points.set(next() % Math.max(1, length), rank);
  return points;
}

/**
 * Probabilistic concurrency testing: threads have random priorities and the highest one runs; at
 * `depth` - 1 random places among `length` choice points the thread that would run falls below all
 * others. A choice within a step takes the default, and at such a place another alternative. An
 * error that needs `depth` orderings of n threads shows with a chance of 1 / (n length^(depth - 1))
 * at least, if no run is longer than `length`.
 */
export function pct(depth: number, seed: number, length: number): Chooser {
  const next = random(seed);
  const changes = changePoints(depth, length, next);
  const priorities = new Map<string, number>();
  const priority = ({ id, name }: Named): number => {
    const key = id ?? name;
    const known = priorities.get(key) ?? depth + next();
    priorities.set(key, known);
    return known;
  };
  let n = 0;
  return (enabled) => {
    const rank = changes.get(n);
    n += 1;
    const [first] = enabled;
    if (first?.id === undefined) {
      return at(enabled, rank === undefined ? 0 : 1 + (next() % Math.max(1, enabled.length - 1)));
    }
    const picked = highest(enabled, priority);
    if (rank === undefined) return picked;
    priorities.set(picked.id ?? picked.name, rank);
    return highest(enabled, priority);
  };
}

/** A strategy with its seed; `length`: how many choice points a run has at the most, for `pct`. */
export function chooser(strategy: Strategy, seed: number, length: number): Chooser {
  if (strategy === "default") return (enabled) => at(enabled, 0);
  if (strategy === "uniform") return uniform(seed);
  return strategy === "pos" ? pos(seed) : pct(strategy.pct, seed, length);
}

/** Depths that a portfolio goes through. */
const depths = 5;

/** Run `n` of a mix: POS, uniform, PCT of a depth from 1 to 5, and again. */
export function portfolio(n: number): Strategy {
  if (n % 3 === 2) return { pct: 1 + (Math.floor(n / 3) % depths) };
  return n % 3 === 0 ? "pos" : "uniform";
}

/** A seed of its own for run `n` of a series: 0 .. 2^32 - 1. */
export function runSeed(seed: number, n: number): number {
  return random(Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) + n)();
}
