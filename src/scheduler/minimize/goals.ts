// What a schedule is kept for while it is made simpler: an outcome, or a broken property. Mirrors spec/07.

import type { Store } from "../../model/store.ts";
import { type Outcome, outcomeOf, showOutcome } from "../outcome.ts";
import { brokenProperty, type Property } from "../properties.ts";

/** What a run is to show, at a choice point or at its end. */
export interface Goal<S> {
  /** `final`: nothing is enabled in `state`; `observed`: everything since the run began. */
  reached(state: S, final: boolean, observed: readonly string[]): boolean;
  /** false: `reached` does not look at `observed`, so that equal states are equally good */
  readonly history: boolean;
  /** false: no run that begins with these observations reaches it */
  possible?(observed: readonly string[]): boolean;
}

/** A run that ends in an outcome of which this is true. */
export function endGoal(holds: (outcome: Outcome) => boolean): Goal<Store> {
  return {
    reached: (store, final, log) => final && holds(outcomeOf({ ...store, log })),
    history: true,
  };
}

/** A run whose outcome is this in the words of `showOutcome`, whatever it leaves over. */
export function outcomeTextGoal(text: string): Goal<Store> {
  return {
    ...endGoal((outcome) => showOutcome(outcome) === text),
    possible: (log) => text.startsWith(`[${log.join(", ")}`),
  };
}

/** A run with the log and the end of this outcome, whatever it leaves over. */
export function outcomeGoal(outcome: Outcome): Goal<Store> {
  return outcomeTextGoal(showOutcome(outcome));
}

/** A run in which one of these properties, the standing ones unless said otherwise, breaks. */
export function propertyGoal(name: string, properties?: readonly Property[]): Goal<Store> {
  return {
    reached: (store, final) => brokenProperty(store, final, properties)?.name === name,
    history: false,
  };
}
