// Many random runs of any model: how often each end was met, and what was covered. Mirrors spec/07.

import { defaultMaxChoices, execute } from "../minimize/execution.ts";
import type { Model, Named, Schedule } from "../model.ts";
import { type PlaceOptions, Places, type Walk } from "./places.ts";
import { chooser, portfolio, runSeed, type Strategy } from "./policies.ts";

export interface SampleOptions<S> extends PlaceOptions<S> {
  /** default 1 */
  readonly seed?: number;
  /** default 1000 */
  readonly runs?: number;
  /** default: a mix of all */
  readonly policy?: Strategy | "portfolio";
  /** choice points of one run at the most (default 10 000) */
  readonly maxChoices?: number;
  /** what `pct` takes for the length of a run (default: `estimatedLength`) */
  readonly length?: number;
  /** Told every so often how far the sampling is; returning false stops it. */
  readonly progress?: (p: Progress) => boolean;
}

export interface Progress {
  readonly runs: number;
  readonly states: number;
}

/** Something that runs showed, with the first run that did. */
export interface Shown {
  /** how many runs did */
  readonly count: number;
  /** 0 for the first run of all */
  readonly run: number;
  readonly strategy: Strategy;
  /** the seed of that run alone: see `chooser` */
  readonly seed: number;
  readonly schedule: Schedule;
}

/** An end that runs came to: the facts of the final and what was observed on the way. */
export interface Met extends Shown {
  readonly fact: string;
  readonly observed: readonly string[];
}

export interface Broken<S> extends Shown {
  readonly property: string;
  readonly state: S;
}

/** The alternatives of one kind of choice, by the first word of their names. */
export interface Alternatives {
  readonly kind: string;
  readonly offered: number;
  readonly taken: number;
}

export interface Sample<S> {
  readonly runs: number;
  /** runs that met `maxChoices` */
  readonly cut: number;
  /** the most frequent one first */
  readonly ends: readonly Met[];
  readonly broken: readonly Broken<S>[];
  /** distinct states, by 64-bit keys */
  readonly states: number;
  readonly choices: readonly Alternatives[];
  /** Good-Turing: about the chance that one more run ends in a way that none did; 1 without runs */
  readonly unseen: number;
  readonly interrupted: boolean;
}

/** What was met how often, and who met it first. */
class Counts<T extends object> {
  readonly #all = new Map<string, T & { count: number }>();

  add(key: string, first: () => T): void {
    const known = this.#all.get(key);
    if (known === undefined) this.#all.set(key, { ...first(), count: 1 });
    else known.count += 1;
  }

  /** By count; what is met alike often, in the order in which it was met first. */
  sorted(): readonly (T & { readonly count: number })[] {
    return [...this.#all.values()].sort((a, b) => b.count - a.count);
  }

  get singletons(): number {
    return [...this.#all.values()].filter(({ count }) => count === 1).length;
  }
}

function kindOf(name: string): string {
  return name.split(" ")[0] ?? name;
}

function tally(names: Iterable<string>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(kindOf(name), (counts.get(kindOf(name)) ?? 0) + 1);
  return counts;
}

function alternatives(offered: Iterable<string>, taken: Iterable<string>): readonly Alternatives[] {
  const used = tally(taken);
  return [...tally(offered)]
    .map(([kind, n]) => ({ kind, offered: n, taken: used.get(kind) ?? 0 }))
    .sort((a, b) => (a.kind < b.kind ? -1 : 1));
}

/** Runs by default and at random that say how long runs are, for `pct`. */
const probes = 8;
const longestProbe = 1000;

/** The longest of a few runs, whatever the seed: in choice points, 1 .. 1000. */
export function estimatedLength<S, A extends Named>(model: Model<S, A>): number {
  const all = Array.from({ length: probes }, (_, n) => {
    const choose = chooser(n === 0 ? "default" : "uniform", n, 0);
    return execute(model, choose, { maxChoices: longestProbe }).simplicity.length;
  });
  return Math.max(1, ...all);
}

/** How run `n` of a series chooses. */
function plan(
  { policy = "portfolio", seed = 1 }: Pick<SampleOptions<unknown>, "policy" | "seed">,
  n: number,
): { readonly strategy: Strategy; readonly seed: number } {
  const strategy = policy === "portfolio" ? portfolio(n) : policy;
  return { strategy, seed: runSeed(seed, n) };
}

/** Choice points between two reports of progress. */
const progressEvery = 4096;

/** Collects what runs show. */
class Sampler<S, A extends Named> {
  readonly #options: SampleOptions<S>;
  readonly #places: Places<S, A>;
  readonly #maxChoices: number;
  readonly #length: number;
  readonly #ends = new Counts<Omit<Met, "count">>();
  readonly #broken = new Counts<Omit<Broken<S>, "count">>();
  #runs = 0;
  #cut = 0;
  #work = 0;

  constructor(model: Model<S, A>, options: SampleOptions<S>) {
    const { maxChoices = defaultMaxChoices, length } = options;
    this.#options = options;
    this.#places = new Places(model, options);
    this.#maxChoices = maxChoices;
    this.#length = length ?? estimatedLength(model);
  }

  /** Makes one more run; false: it is time to stop. */
  run(): boolean {
    const { strategy, seed } = plan(this.#options, this.#runs);
    const walk = this.#places.walk(chooser(strategy, seed, this.#length), this.#maxChoices);
    const first = { run: this.#runs, strategy, seed };
    this.#runs += 1;
    for (const [property, { at, state }] of walk.broken) {
      this.#broken.add(property, () => {
        const schedule = this.#places.scheduleOf(walk.picks.slice(0, at));
        return { property, state, ...first, schedule };
      });
    }
    if (walk.complete) this.#end(walk, first);
    else this.#cut += 1;
    return this.#goesOn(walk.picks.length);
  }

  result(interrupted: boolean): Sample<S> {
    const { offered, taken, states } = this.#places;
    return {
      runs: this.#runs,
      cut: this.#cut,
      ends: this.#ends.sorted(),
      broken: this.#broken.sorted(),
      states,
      choices: alternatives(offered, taken),
      unseen: this.#runs === 0 ? 1 : this.#ends.singletons / this.#runs,
      interrupted,
    };
  }

  #end({ last, observed, picks }: Walk<S, A>, first: Omit<Shown, "count" | "schedule">): void {
    const fact = this.#places.factOf(last);
    this.#ends.add(JSON.stringify([fact, observed]), () => {
      return { fact, observed, ...first, schedule: this.#places.scheduleOf(picks) };
    });
  }

  #goesOn(work: number): boolean {
    this.#work += work + 1;
    if (this.#work < progressEvery) return true;
    this.#work = 0;
    const { progress } = this.#options;
    return progress?.({ runs: this.#runs, states: this.#places.states }) ?? true;
  }
}

/** Runs a model many times; the same options give the same runs everywhere. */
export function sample<S, A extends Named>(
  model: Model<S, A>,
  options: SampleOptions<S> = {},
): Sample<S> {
  const sampler = new Sampler(model, options);
  for (let n = options.runs ?? 1000; n > 0; n--) {
    if (!sampler.run()) return sampler.result(n > 1);
  }
  return sampler.result(false);
}
