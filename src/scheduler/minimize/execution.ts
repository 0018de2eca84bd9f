// One run of any model: what was picked, what it observed, and how simple it is. Mirrors spec/07.

import { follow, type Model, type Named, type Schedule } from "../model.ts";
import type { Chooser } from "../sampling/policies.ts";

/** How simple a run is, by what counts most; less is simpler. */
export interface Simplicity {
  /** choices that differ from the default */
  readonly deviations: number;
  /** how often an action with another id follows: the host turns to another thread */
  readonly switches: number;
  /** steps: choice points, in a model of macrosteps */
  readonly length: number;
  /** the places of the picks among the alternatives, added up */
  readonly places: number;
}

/** What was picked at one step, so that a run that differs elsewhere may know it. */
export interface Pick {
  /** the action's id, or else its name */
  readonly key: string;
  readonly deviates: boolean;
  /** see `Named` */
  readonly viaDefault: string | null;
}

export interface Execution<S> {
  /** after the last step */
  readonly state: S;
  readonly observed: readonly string[];
  readonly schedule: Schedule;
  /** for each entry of the schedule those of the alternatives between the default and it */
  readonly lower: readonly Schedule[];
  readonly picks: readonly Pick[];
  readonly simplicity: Simplicity;
  /** why it is over: nothing is enabled, `visit` had seen enough, or `maxChoices` */
  readonly stop: "end" | "visit" | "bound";
}

/** Looks at every state of a run; `final`: nothing is enabled there. True: this is enough. */
export type Visit<S> = (state: S, final: boolean, observed: readonly string[]) => boolean;

export interface ExecuteOptions<S> {
  readonly visit?: Visit<S>;
  /** steps at the most */
  readonly maxChoices?: number;
}

export const defaultMaxChoices = 10_000;

/** What an action is called in a run that differs elsewhere. */
export function keyOf({ id, name }: Named): string {
  return id ?? name;
}

/** What `record` keeps of the picks, and what makes them simple. */
class Trail {
  readonly schedule: string[] = [];
  readonly lower: Schedule[] = [];
  readonly picks: Pick[] = [];
  #switches = 0;
  #places = 0;
  #last: string | null = null;
  readonly #offered = new Map<string, number>();

  add(enabled: readonly Named[], picked: Named): void {
    const entries = enabled.slice(1).map(({ name }) => this.#entry(name));
    const place = enabled.indexOf(picked);
    const entry = entries[place - 1];
    if (entry !== undefined) {
      this.schedule.push(entry);
      this.lower.push(entries.slice(0, place - 1));
    }
    this.#places += place;
    const { viaDefault = null } = picked;
    this.picks.push({ key: keyOf(picked), deviates: place > 0, viaDefault });
    if (picked.id === undefined) return;
    if (this.#last !== null && this.#last !== picked.id) this.#switches += 1;
    this.#last = picked.id;
  }

  get simplicity(): Simplicity {
    const deviations = this.schedule.length;
    const { length } = this.picks;
    return { deviations, switches: this.#switches, length, places: this.#places };
  }

  #entry(name: string): string {
    const k = (this.#offered.get(name) ?? 0) + 1;
    this.#offered.set(name, k);
    return `${name}#${k}`;
  }
}

/** Runs a model to its end; `choose` is asked wherever more than one action is enabled. */
export function execute<S, A extends Named>(
  model: Model<S, A>,
  choose: Chooser,
  { visit, maxChoices = defaultMaxChoices }: ExecuteOptions<S> = {},
): Execution<S> {
  const trail = new Trail();
  let state = model.initial;
  const observed = [...observedIn(model, state)];
  const done = (stop: Execution<S>["stop"]): Execution<S> => {
    const { schedule, lower, picks, simplicity } = trail;
    return { state, observed, schedule, lower, picks, simplicity, stop };
  };
  for (;;) {
    const enabled = model.enabled(state);
    const [only] = enabled;
    if (visit?.(state, only === undefined, observed) === true) return done("visit");
    if (only === undefined) return done("end");
    if (trail.picks.length === maxChoices) return done("bound");
    const picked = enabled.length === 1 ? only : choose(enabled);
    trail.add(enabled, picked);
    state = model.step(state, picked);
    observed.push(...observedIn(model, state));
  }
}

/** The choices of a schedule as far as they apply, the default elsewhere. */
export function along(schedule: Schedule): Chooser {
  const follower = follow(schedule);
  return (enabled) => follower.pick(enabled);
}

/** A run along a schedule as far as it applies: nearest replay. */
export function executeAlong<S, A extends Named>(
  model: Model<S, A>,
  schedule: Schedule,
  options: ExecuteOptions<S> = {},
): Execution<S> {
  return execute(model, along(schedule), options);
}

/** What was observed on the step to a state. */
export function observedIn<S, A extends Named>(model: Model<S, A>, state: S): readonly string[] {
  return model.observed?.(state) ?? [];
}

/** Less than 0: `a` is simpler than `b`. */
export function compareSimplicity(a: Simplicity, b: Simplicity): number {
  return (
    a.deviations - b.deviations ||
    a.switches - b.switches ||
    a.length - b.length ||
    a.places - b.places
  );
}
