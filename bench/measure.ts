// Rates as medians of short runs, ours and the reference's taken in turn.

import type { Reference } from "./reference.ts";
import type { Rate } from "./workload.ts";

export interface Effort {
  /** runs that are medianed */
  readonly rounds: number;
  /** how long one of our runs takes at the least, in seconds */
  readonly least: number;
}

export const fullEffort: Effort = { rounds: 5, least: 0.1 };

export interface Measured {
  /** iterations a second */
  readonly ours: number;
  /** null without a reference */
  readonly theirs: number | null;
}

/** How long something takes. */
export function seconds(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

/** Iterations a second over runs that last `least` seconds together; only the runs are timed. */
function sample({ prepare, n }: Rate, least: number): number {
  let spent = 0;
  let done = 0;
  while (spent < least) {
    spent += seconds(prepare(n));
    done += n;
  }
  return done / spent;
}

/** The middle one, or the mean of the two in the middle. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const [below = Number.NaN, above = Number.NaN] = [sorted[half - 1], sorted[half]];
  return sorted.length % 2 === 1 ? above : (below + above) / 2;
}

/** Measures a rate; our first runs do not count: the optimiser takes its time. */
export async function measureRate(
  what: Rate,
  reference: Reference | null,
  { rounds, least }: Effort,
): Promise<Measured> {
  sample(what, 20 * least);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(sample(what, least));
    if (reference === null) continue;
    theirs.push(what.referenceN / (await reference.seconds(what.name, what.referenceN)));
  }
  return { ours: median(ours), theirs: reference === null ? null : median(theirs) };
}
