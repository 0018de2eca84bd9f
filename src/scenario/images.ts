// The outcomes that a symmetric one stands for: equal invocations may stand in for each other.

import { type Outcome, outcomeKey } from "../scheduler/outcome.ts";
import type { Allowed } from "./judge.ts";

/** Every way to choose `n` of the names, in their order. */
function choices(names: readonly string[], n: number): readonly (readonly string[])[] {
  if (n === 0) return [[]];
  const [first, ...rest] = names;
  if (first === undefined) return [];
  return [...choices(rest, n - 1).map((some) => [first, ...some]), ...choices(rest, n)];
}

/** The sets of stuck invocations that `roots` stands for. */
function rootSets(
  roots: readonly string[],
  classes: readonly (readonly string[])[],
): readonly (readonly string[])[] {
  const fixed = roots.filter((root) => !classes.some((c) => c.includes(root)));
  return classes.reduce(
    (sets, c) => {
      const n = roots.filter((root) => c.includes(root)).length;
      return sets.flatMap((set) => choices(c, n).map((some) => [...set, ...some]));
    },
    [fixed] as readonly (readonly string[])[],
  );
}

function imagesOf(
  outcome: Outcome,
  classes: readonly (readonly string[])[],
  order: readonly string[],
): readonly Outcome[] {
  const { end } = outcome;
  if (end.tag !== "stuck") return [outcome];
  return rootSets(end.roots, classes).map((set) => {
    return { ...outcome, end: { tag: "stuck", roots: order.filter((name) => set.includes(name)) } };
  });
}

function join(a: Allowed, b: Allowed): Allowed {
  const schedules = a.schedules === null || b.schedules === null ? null : a.schedules + b.schedules;
  return { ...(b.cost < a.cost ? b : a), schedules, probability: a.probability + b.probability };
}

/**
 * All outcomes for those of one of each orbit: the schedules are shared out evenly; cost and witness
 * are those of the one that was found. `classes` are names of interchangeable invocations, `order`
 * the names of all.
 */
export function withImages(
  found: readonly Allowed[],
  classes: readonly (readonly string[])[],
  order: readonly string[],
): readonly Allowed[] {
  const all = new Map<string, Allowed>();
  for (const one of found) {
    const images = imagesOf(one.outcome, classes, order);
    for (const outcome of images) {
      const schedules = one.schedules === null ? null : one.schedules / BigInt(images.length);
      const image = { ...one, outcome, schedules, probability: one.probability / images.length };
      const known = all.get(outcomeKey(outcome));
      all.set(outcomeKey(outcome), known === undefined ? image : join(known, image));
    }
  }
  return [...all.values()];
}
