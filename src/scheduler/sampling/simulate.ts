// Many random runs of a system: its outcomes by frequency, broken properties, coverage. Mirrors spec/07.

import type { Store } from "../../model/store.ts";
import { type Action, macrostep, type System, type Watch } from "../machine.ts";
import { machineModel } from "../machine-model.ts";
import type { Model } from "../model.ts";
import { factOf, type Outcome, outcomeWith } from "../outcome.ts";
import { brokenProperty, type Property } from "../properties.ts";
import {
  type Alternatives,
  estimatedLength,
  type SampleOptions,
  type Shown,
  sample,
} from "./sample.ts";

export interface SimulateOptions
  extends Pick<
    SampleOptions<Store>,
    "seed" | "runs" | "policy" | "maxChoices" | "maxKept" | "progress"
  > {
  /** What must hold in every store: the standing properties unless said otherwise, nothing for false. */
  readonly properties?: false | readonly Property[];
}

/** An outcome, how often it was met, and the run that met it first. */
export interface Sampled extends Shown {
  readonly outcome: Outcome;
}

/** A standing property that some run breaks; its schedule ends where it is broken. */
export interface Failure extends Shown {
  readonly property: string;
  readonly detail: string;
}

/** What runs exercised. */
export interface SimulationCoverage {
  /** labels of rules that fired, sorted */
  readonly rules: readonly string[];
  /** trap codes that runs ended with, sorted */
  readonly traps: readonly string[];
  readonly choices: readonly Alternatives[];
  /** distinct states at choice points and ends, by 64-bit keys */
  readonly states: number;
}

export interface Simulation {
  readonly runs: number;
  /** runs that were cut off at `maxChoices`: their outcome is unknown */
  readonly cut: number;
  /** the most frequent one first */
  readonly outcomes: readonly Sampled[];
  readonly failures: readonly Failure[];
  readonly coverage: SimulationCoverage;
  /** about the chance that one more run shows a new outcome (Good-Turing); 1 without runs */
  readonly unseen: number;
  readonly interrupted: boolean;
}

/** The model of a system that tells of every microstep. */
function watched(system: System, model: Model<Store, Action>, watch: Watch): Model<Store, Action> {
  return {
    ...model,
    initial: macrostep(system, system.initial, null, watch),
    step: (store, action) => macrostep(system, { ...store, log: [] }, action, watch),
  };
}

function trapsOf(outcomes: readonly Sampled[]): readonly string[] {
  const codes = outcomes.flatMap(({ outcome: { end } }) => (end.tag === "traps" ? [end.code] : []));
  return [...new Set(codes)].sort();
}

/**
 * Samples the runs of a system. Nothing that is found is proved to be all; the same options give
 * the same result everywhere.
 */
export function simulate(system: System, options: SimulateOptions = {}): Simulation {
  const { properties, ...common } = options;
  const rules = new Set<string>();
  const model = machineModel(system);
  const found = sample(
    watched(system, model, ({ rule }) => rules.add(rule)),
    {
      ...common,
      length: estimatedLength(model),
      final: factOf,
      ...(properties === false
        ? {}
        : { check: (store, final) => brokenProperty(store, final, properties)?.name ?? null }),
    },
  );
  const outcomes = found.ends.map(
    ({ fact, observed, ...shown }): Sampled => ({
      outcome: outcomeWith(observed, fact),
      ...shown,
    }),
  );
  const failures = found.broken.map(({ property, state, ...shown }): Failure => {
    const detail = brokenProperty(state, true, properties || undefined)?.detail ?? property;
    return { property, detail, ...shown };
  });
  const { runs, cut, states, choices, unseen, interrupted } = found;
  const coverage = { rules: [...rules].sort(), traps: trapsOf(outcomes), choices, states };
  return { runs, cut, outcomes, failures, coverage, unseen, interrupted };
}
