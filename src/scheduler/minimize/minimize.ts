// Makes a schedule simpler that shows something, by trial or to the provably fewest deviations. Mirrors spec/07.

import { Keyer } from "../explore/keyer.ts";
import { type Picks, replay } from "../explore/replay.ts";
import { type Model, type Named, printSchedule, type Schedule, ScheduleError } from "../model.ts";
import type { Chooser } from "../sampling/policies.ts";
import { along, type Execution, execute, observedIn, type Simplicity } from "./execution.ts";
import type { Goal } from "./goals.ts";
import { simplerRuns } from "./shrink.ts";

export interface MinimizeOptions {
  /** `exact` (the default) proves that fewer deviations do not do; `greedy` only tries */
  readonly mode?: "greedy" | "exact";
  /** states that the exact search may visit (default 200 000) */
  readonly maxStates?: number;
  /** choice points of one run at the most (default 10 000) */
  readonly maxChoices?: number;
  /** Told every so often how far the exact search is; returning false stops it. */
  readonly progress?: (p: { readonly states: number; readonly frontier: number }) => boolean;
}

export interface Minimized {
  readonly schedule: Schedule;
  readonly simplicity: Simplicity;
  /** true: proved that no schedule with fewer deviations shows the goal */
  readonly least: boolean;
  /** runs that were made to try something simpler */
  readonly tried: number;
  /** states that the exact search visited */
  readonly states: number;
}

/**
 * The simplest schedule found that reaches the goal as `schedule` does; it ends where the goal is
 * reached. Throws `ScheduleError` if `schedule`, as far as it applies, does not reach it.
 */
export function minimize<S, A extends Named>(
  model: Model<S, A>,
  schedule: Schedule,
  goal: Goal<S>,
  options: MinimizeOptions = {},
): Minimized {
  const greedy = new Greedy(model, goal, options);
  const first = greedy.run(along(schedule));
  if (first.stop !== "visit") throw new ScheduleError("this schedule does not show it");
  const found = greedy.simplest(first);
  if (options.mode === "greedy") return { ...greedy.result(found), least: false, states: 0 };
  const search = new Search(model, goal, options);
  const picks = search.below(found.simplicity.deviations);
  const { complete, states } = search;
  if (picks === null) return { ...greedy.result(found), least: complete, states };
  const least = greedy.simplest(greedy.run(along(replay(model, picks).witness)));
  return { ...greedy.result(least), least: true, states };
}

/** Takes what is simpler and still reaches the goal, until nothing that is tried is. */
class Greedy<S, A extends Named> {
  readonly #model: Model<S, A>;
  readonly #goal: Goal<S>;
  readonly #options: MinimizeOptions;
  readonly #failed = new Set<string>();
  #tried = 0;

  constructor(model: Model<S, A>, goal: Goal<S>, options: MinimizeOptions) {
    this.#model = model;
    this.#goal = goal;
    this.#options = options;
  }

  /** A run up to the goal, where it stops as `visit`, or to its end. */
  run(choose: Chooser): Execution<S> {
    const { maxChoices } = this.#options;
    return execute(this.#model, choose, {
      visit: (state, final, observed) => this.#goal.reached(state, final, observed),
      ...(maxChoices === undefined ? {} : { maxChoices }),
    });
  }

  simplest(run: Execution<S>): Execution<S> {
    let best = run;
    for (;;) {
      const simpler = this.#simpler(best);
      if (simpler === null) return best;
      best = simpler;
    }
  }

  result({ schedule, simplicity }: Execution<S>): Omit<Minimized, "least" | "states"> {
    return { schedule, simplicity, tried: this.#tried };
  }

  #simpler(run: Execution<S>): Execution<S> | null {
    const again = (choose: Chooser): Execution<S> => {
      this.#tried += 1;
      return this.run(choose);
    };
    for (const simpler of simplerRuns(run, this.#failed, again)) {
      if (simpler.stop === "visit") return simpler;
      this.#failed.add(printSchedule(simpler.schedule));
    }
    return null;
  }
}

/** The picks that led somewhere, the last one first. */
interface Way {
  readonly pick: number;
  readonly before: Way | null;
}

/** A state, and what was observed on the way if that counts. */
interface Past<S> {
  readonly state: S;
  readonly observed: readonly string[];
}

interface Node<S> extends Past<S> {
  readonly id: number;
  readonly way: Way | null;
}

/** Tells pasts apart as far as the goal needs; exactly, because what is found is called proved. */
function pasts<S, A extends Named>(model: Model<S, A>, goal: Goal<S>): Keyer<Past<S>> {
  const encode: Model<Past<S>, A>["encode"] = ({ state, observed }, out) => {
    model.encode(state, out);
    if (!goal.history) return;
    out.push(observed.length);
    for (const entry of observed) out.text(entry);
  };
  return new Keyer({ encode }, true, false);
}

const progressEvery = 256;

/** Visits states, with what was observed if that counts, by the number of deviations. */
class Search<S, A extends Named> {
  complete = true;
  readonly #model: Model<S, A>;
  readonly #goal: Goal<S>;
  readonly #options: MinimizeOptions;
  readonly #keyer: Keyer<Past<S>>;
  readonly #buckets: Node<S>[][] = [];
  /** by node: the fewest deviations so far */
  readonly #costs: number[] = [];
  #expanded = 0;

  constructor(model: Model<S, A>, goal: Goal<S>, options: MinimizeOptions) {
    this.#model = model;
    this.#goal = goal;
    this.#options = options;
    this.#keyer = pasts(model, goal);
  }

  get states(): number {
    return this.#costs.length;
  }

  /** The picks of a run that reaches the goal with the fewest deviations; null: not below `bound`. */
  below(bound: number): Picks | null {
    const { initial } = this.#model;
    const observed = observedIn(this.#model, initial);
    if (bound > 0) this.#add({ state: initial, observed }, null, 0);
    for (let cost = 0; cost < this.#buckets.length; cost++) {
      for (const node of this.#buckets[cost] ?? []) {
        if (this.#costs[node.id] !== cost) continue;
        if (this.#stopped()) return null;
        if (this.#expand(node, cost, bound)) return picksOf(node.way);
      }
      this.#buckets[cost] = [];
    }
    return null;
  }

  /** Whether the node is a goal; if not, its successors come in. */
  #expand({ state, observed, way }: Node<S>, cost: number, bound: number): boolean {
    const enabled = this.#model.enabled(state);
    if (this.#goal.reached(state, enabled.length === 0, observed)) return true;
    for (const [pick, action] of enabled.entries()) {
      const next = cost + Math.min(pick, 1);
      if (next >= bound) break;
      const to = this.#model.step(state, action);
      const more = this.#goal.history ? observedIn(this.#model, to) : [];
      const all = more.length === 0 ? observed : [...observed, ...more];
      this.#add({ state: to, observed: all }, { pick, before: way }, next);
    }
    return false;
  }

  #add(past: Past<S>, way: Way | null, cost: number): void {
    if (this.#goal.possible?.(past.observed) === false) return;
    const node = this.#keyer.visit(past);
    const id = node < 0 ? ~node : node;
    if (cost >= (this.#costs[id] ?? Number.POSITIVE_INFINITY)) return;
    this.#costs[id] = cost;
    for (let i = this.#buckets.length; i <= cost; i++) this.#buckets.push([]);
    this.#buckets[cost]?.push({ ...past, id, way });
  }

  #stopped(): boolean {
    const { maxStates = 200_000, progress } = this.#options;
    this.#expanded += 1;
    if (this.states > maxStates) this.complete = false;
    else if (this.#expanded % progressEvery === 0 && progress !== undefined) {
      const { states } = this;
      this.complete = progress({ states, frontier: states - this.#expanded });
    }
    return !this.complete;
  }
}

function picksOf(way: Way | null): Picks {
  const picks: number[] = [];
  for (let at = way; at !== null; at = at.before) picks.push(at.pick);
  return picks.reverse();
}
