// From ways in the graph back to states and schedules. Mirrors spec/07.

import type { Model, Named } from "../model.ts";
import { record } from "../model.ts";
import type { Graph } from "./graph.ts";
import { Keyer } from "./keyer.ts";
import { type Gone, type Picks, replay } from "./replay.ts";

export interface Guide<S> {
  /** Goes a way again; throws if the graph is not one of this model. */
  readonly go: (picks: Picks) => Gone<S>;
}

export function guide<S, A extends Named>(
  model: Model<S, A>,
  graph: Graph,
  symmetry: boolean,
): Guide<S> {
  if (!symmetry) return { go: (picks) => replay(model, picks) };
  return { go: (picks) => lift(model, graph, picks) };
}

/**
 * Under symmetry a node stands for all images of its states, and the edges are those of one of them.
 * From a state at hand the way goes on by any action that leads to an image of the next node.
 */
function lift<S, A extends Named>(model: Model<S, A>, graph: Graph, picks: Picks): Gone<S> {
  const keyer = new Keyer(model, false, true);
  const recorder = record();
  let state = model.initial;
  let node = 0;
  for (const pick of picks) {
    node = graph.targets[(graph.offsets[node] ?? 0) + pick] ?? -1;
    const actions = model.enabled(state);
    const before = state;
    const action = actions.find((a) => {
      const { hi, lo } = keyer.key(model.step(before, a));
      return hi === graph.keys[2 * node] && lo === graph.keys[2 * node + 1];
    });
    if (action === undefined) throw new Error("an image of a state has the same successors");
    recorder.record(actions, action);
    state = model.step(state, action);
  }
  return { state, witness: recorder.schedule() };
}
