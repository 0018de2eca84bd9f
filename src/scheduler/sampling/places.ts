// The states that many runs of a model come through, each of them executed once. Mirrors spec/07.

import { Keyer } from "../explore/keyer.ts";
import { type Picks, replay } from "../explore/replay.ts";
import { observedIn } from "../minimize/execution.ts";
import type { Model, Named, Schedule } from "../model.ts";
import type { Chooser } from "./policies.ts";

export interface PlaceOptions<S> {
  /** states to keep at the most (default 100 000); further ones are executed again when met again */
  readonly maxKept?: number;
  /** The facts that tell finals apart; without it all are alike. */
  readonly final?: (state: S) => string;
  /** The name of a property that a state breaks; `final`: nothing is enabled there. */
  readonly check?: (state: S, final: boolean) => string | null;
}

const defaultMaxKept = 100_000;

/** A state that runs come through: executed once, however many runs do. */
export interface Place<S, A> {
  readonly state: S;
  readonly enabled: readonly A[];
  readonly broken: string | null;
  readonly kept: boolean;
  /** by the action's place among `enabled`: the ones that were taken and lead to a kept place */
  readonly steps: Step<S, A>[];
  /** the `final` of a place where nothing is enabled */
  fact: string | null;
}

export interface Step<S, A> {
  readonly to: Place<S, A>;
  readonly observed: readonly string[];
}

/** One run: which places it came to, and by which picks. */
export interface Walk<S, A> {
  readonly picks: Picks;
  readonly last: Place<S, A>;
  readonly observed: readonly string[];
  /** broken properties with the number of picks before them */
  readonly broken: ReadonlyMap<string, { readonly at: number; readonly state: S }>;
  readonly complete: boolean;
}

/** The places of a model, found as they are met. */
export class Places<S, A extends Named> {
  readonly first: Place<S, A>;
  /** names of alternatives */
  readonly offered: Set<string> = new Set();
  readonly taken: Set<string> = new Set();
  readonly #model: Model<S, A>;
  readonly #options: PlaceOptions<S>;
  readonly #keyer: Keyer<S>;
  /** by node: the places that are kept */
  readonly #kept: Place<S, A>[] = [];

  constructor(model: Model<S, A>, options: PlaceOptions<S>) {
    this.#model = model;
    this.#options = options;
    this.#keyer = new Keyer(model, false, false);
    this.first = this.#place(model.initial);
  }

  get states(): number {
    return this.#keyer.visited.size;
  }

  step(from: Place<S, A>, pick: number): Step<S, A> {
    const known = from.steps[pick];
    if (known !== undefined) return known;
    const action = from.enabled[pick];
    if (action === undefined) throw new Error("a state enables what it enabled before");
    if (from.enabled.length > 1) this.taken.add(action.name);
    const state = this.#model.step(from.state, action);
    const made = { to: this.#place(state), observed: observedIn(this.#model, state) };
    if (from.kept && made.to.kept) from.steps[pick] = made;
    return made;
  }

  walk(choose: Chooser, maxChoices: number): Walk<S, A> {
    const picks: number[] = [];
    const observed = [...observedIn(this.#model, this.#model.initial)];
    const broken = new Map<string, { at: number; state: S }>();
    let place = this.first;
    for (;;) {
      const { broken: property, enabled, state } = place;
      const at = picks.length;
      if (property !== null && !broken.has(property)) broken.set(property, { at, state });
      const complete = enabled.length === 0;
      if (complete || at === maxChoices) return { picks, last: place, observed, broken, complete };
      const pick = enabled.length === 1 ? 0 : enabled.indexOf(choose(enabled));
      const step = this.step(place, pick);
      picks.push(pick);
      observed.push(...step.observed);
      place = step.to;
    }
  }

  /** Names are no part of a key, so that the schedule of a run is known when it is made again. */
  scheduleOf(picks: Picks): Schedule {
    return replay(this.#model, picks).witness;
  }

  factOf(place: Place<S, A>): string {
    place.fact ??= this.#options.final?.(place.state) ?? "";
    return place.fact;
  }

  #place(state: S): Place<S, A> {
    const node = this.#keyer.visit(state);
    const known = this.#kept[node];
    if (known !== undefined) return known;
    const enabled = this.#model.enabled(state);
    if (enabled.length > 1) for (const { name } of enabled) this.offered.add(name);
    const broken = this.#options.check?.(state, enabled.length === 0) ?? null;
    const kept = node < 0 && ~node < (this.#options.maxKept ?? defaultMaxKept);
    const place: Place<S, A> = { state, enabled, broken, kept, steps: [], fact: null };
    if (kept) this.#kept.push(place);
    return place;
  }
}
