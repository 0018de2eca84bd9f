// Every trace of a small system, by trying every choice of the scheduler: no reduction, and nothing remembered.

import type { Store } from "../../src/model/store.ts";
import { observed } from "../../src/oracle/crossings.ts";
import type { TraceEvent, TraceHeader } from "../../src/oracle/format/trace.ts";
import { enabled, type System, step } from "../../src/scheduler/machine.ts";
import { Reading } from "./reading.ts";
import { keyOf, Lookout, lastSighting, type Seen } from "./sightings.ts";

/** What is seen of one run from its beginning to its end. */
export type Sight = readonly Seen[];

export interface Bounds {
  /** microsteps in all */
  readonly steps: number;
  /** runs */
  readonly runs: number;
}

/** Thrown where a bound is reached, or where a run ends without an end: by a `limit` or a `bug`. */
class TooLarge extends Error {}

class Enumeration {
  readonly runs: Sight[] = [];
  readonly #system: System;
  readonly #bounds: Bounds;
  #steps = 0;
  /** what the step that is taken shows */
  #seen: Seen[] = [];

  constructor(system: System, bounds: Bounds) {
    const lookout = new Lookout(system, (one) => {
      this.#seen.push(one);
    });
    this.#system = observed(system, lookout);
    this.#bounds = bounds;
  }

  /** All that can come after a store. */
  from(store: Store, before: Sight): void {
    const seen = [...before];
    let at = store;
    let actions = enabled(this.#system, at);
    for (let [only] = actions; only !== undefined && actions.length === 1; [only] = actions) {
      at = this.#step(at, only);
      seen.push(...this.#seen);
      actions = enabled(this.#system, at);
    }
    if (actions.length === 0) this.#ends(at, seen);
    for (const action of actions) {
      const after = this.#step(at, action);
      this.from(after, [...seen, ...this.#seen]);
    }
  }

  #step(store: Store, action: Parameters<typeof step>[2]): Store {
    this.#steps += 1;
    if (this.#steps > this.#bounds.steps) throw new TooLarge();
    this.#seen = [];
    return step(this.#system, store, action);
  }

  #ends(store: Store, seen: Sight): void {
    const at = lastSighting(store);
    if (at === null || this.runs.length === this.#bounds.runs) throw new TooLarge();
    this.runs.push([...seen, { tag: "event", at }]);
  }
}

/** What is seen of every run of a system; null: there are too many, or some are cut off. */
export function allRuns(system: System, bounds: Bounds): readonly Sight[] | null {
  const enumeration = new Enumeration(system, bounds);
  try {
    enumeration.from(system.initial, []);
  } catch (error) {
    if (error instanceof TooLarge) return null;
    throw error;
  }
  return enumeration.runs;
}

/** What all runs together say about a trace. */
export interface Truth {
  /** the longest prefix that a run explains */
  readonly explained: number;
  readonly allowed: boolean;
  /** what the runs that explain that prefix show behind it, as `keyOf` writes it; none behind the end */
  readonly next: ReadonlySet<string>;
}

/** Looks a trace up among all runs, as far as its events say something. Its memory is not looked at. */
export function truthOf(
  system: System,
  runs: readonly Sight[],
  header: TraceHeader,
  events: readonly TraceEvent[],
  says?: (index: number) => boolean,
): Truth {
  const readings = runs.map((seen) => {
    const reading = new Reading(system, header, events, says);
    for (const one of seen) reading.see(one);
    return reading;
  });
  const explained = Math.max(...readings.map((reading) => reading.explained));
  const farthest = readings.filter((reading) => reading.explained === explained);
  const next = farthest.flatMap(({ instead }) => (instead === null ? [] : [instead]));
  return {
    explained,
    allowed: explained === events.length,
    next: new Set(next.map(keyOf)),
  };
}
