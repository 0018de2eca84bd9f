// Simpler runs than a given one, by making parts of it again. Mirrors spec/07.

import { type Named, printSchedule, ScheduleError } from "../model.ts";
import type { Chooser } from "../sampling/policies.ts";
import { along, compareSimplicity, type Execution, keyOf, type Pick } from "./execution.ts";

/** Beginnings of a schedule: after them the default. */
function* beginnings({ schedule }: Execution<unknown>): Generator<Chooser> {
  const n = schedule.length;
  const quarters = [0, n >> 2, n >> 1, (3 * n) >> 2];
  const lengths = new Set([...quarters, n - 4, n - 3, n - 2, n - 1]);
  for (const k of lengths) if (k >= 0 && k < n) yield along(schedule.slice(0, k));
}

/** A schedule without one half, one quarter, and so on down to one entry. */
function* omissions({ schedule }: Execution<unknown>): Generator<Chooser> {
  for (let size = schedule.length >> 1; size >= 1; size >>= 1) {
    for (let from = 0; from < schedule.length; from += size) {
      yield along([...schedule.slice(0, from), ...schedule.slice(from + size)]);
    }
  }
}

/** A schedule with one entry replaced by an alternative that stands before it. */
function* replacements({ schedule, lower }: Execution<unknown>): Generator<Chooser> {
  for (const [i, entries] of lower.entries()) {
    for (const entry of entries) yield along(schedule.with(i, entry));
  }
}

/** What to pick, by id or name; null is the default. */
type Wish = string | null;

/** Makes picks in their order, but each one as soon as it is possible; afterwards the default. */
function inOrder(wishes: readonly Wish[]): Chooser {
  const left = [...wishes];
  return <A extends Named>(enabled: readonly A[]): A => {
    const keys = enabled.map(keyOf);
    const next = left.findIndex((key) => key === null || keys.includes(key));
    const [wish = null] = next === -1 ? [] : left.splice(next, 1);
    const picked = enabled[wish === null ? 0 : keys.indexOf(wish)];
    if (picked === undefined) throw new ScheduleError("nothing is enabled");
    return picked;
  };
}

/** No coin that is redundant: the default instead, and then what the coin stands for. */
function* withoutCoins({ picks }: Execution<unknown>): Generator<Chooser> {
  if (picks.every(({ viaDefault }) => viaDefault === null)) return;
  const wishes = picks.map(({ key, viaDefault }) =>
    viaDefault === null ? [key] : [null, viaDefault],
  );
  yield inOrder(wishes.flat());
}

/** The default before one of the picks that deviate, so that this and all others come later. */
function* delays({ picks }: Execution<unknown>): Generator<Chooser> {
  const keys = picks.map(({ key }: Pick) => key);
  for (const [i, { deviates }] of picks.entries()) {
    if (deviates) yield inOrder([...keys.slice(0, i), null, ...keys.slice(i)]);
  }
}

/** The boldest first. This order takes the fewest attempts to arrive at few deviations. */
const attempts = [beginnings, withoutCoins, delays, omissions, replacements] as const;

/**
 * Runs that are strictly simpler than `run`, each once and none whose printed schedule is among
 * `known`. What does not apply in a changed run is left out, so that an attempt counts as what it
 * comes to when `again` makes it.
 */
export function* simplerRuns<S>(
  run: Execution<S>,
  known: ReadonlySet<string>,
  again: (choose: Chooser) => Execution<S>,
): Generator<Execution<S>> {
  const seen = new Set<string>(known);
  for (const attempt of attempts) {
    for (const choose of attempt(run)) {
      const simpler = again(choose);
      const printed = printSchedule(simpler.schedule);
      if (seen.has(printed)) continue;
      seen.add(printed);
      if (compareSimplicity(simpler.simplicity, run.simplicity) < 0) yield simpler;
    }
  }
}
