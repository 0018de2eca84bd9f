// Going along a path again: the state there, and the schedule that names the way. Mirrors spec/07.

import type { Model, Named, Schedule } from "../model.ts";
import { record } from "../model.ts";

/** Indices among the enabled actions, from the initial state on: a pick that is not 0 deviates. */
export type Picks = readonly number[];

export const deviations = (picks: Picks): number => picks.filter((pick) => pick !== 0).length;

/** Where a way leads, and how it is named. */
export interface Gone<S> {
  readonly state: S;
  readonly witness: Schedule;
}

/**
 * Goes several ways, in the order of their picks: what two neighbours have in common is gone once.
 * Throws like `replay`.
 */
export function replayAll<S, A extends Named>(
  model: Model<S, A>,
  ways: readonly Picks[],
  visit: (state: S, picks: Picks) => void,
): void {
  const states: S[] = [model.initial];
  let before: Picks = [];
  for (const picks of [...ways].sort(compareWays)) {
    states.length = 1 + sameBeginning(before, picks);
    let state = states[states.length - 1] ?? model.initial;
    for (const pick of picks.slice(states.length - 1)) {
      state = model.step(state, picked(model.enabled(state), pick));
      states.push(state);
    }
    visit(state, picks);
    before = picks;
  }
}

/** By the first pick that differs; what goes on comes after its beginning. */
export function compareWays(a: Picks, b: Picks): number {
  const at = sameBeginning(a, b);
  return (a[at] ?? -1) - (b[at] ?? -1);
}

/** How many picks two ways have in common at first. */
function sameBeginning(a: Picks, b: Picks): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return i;
  return length;
}

function picked<A>(actions: readonly A[], pick: number): A {
  const action = actions[pick];
  if (action === undefined) throw new Error("a state enables what it enabled before");
  return action;
}

/** Throws if a pick is not enabled: the picks are not those of this model. */
export function replay<S, A extends Named>(model: Model<S, A>, picks: Picks): Gone<S> {
  const recorder = record();
  let state = model.initial;
  for (const pick of picks) {
    const actions = model.enabled(state);
    const action = picked(actions, pick);
    recorder.record(actions, action);
    state = model.step(state, action);
  }
  return { state, witness: recorder.schedule() };
}
