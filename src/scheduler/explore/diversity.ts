// Why there are so many states: which parts of them have the most different values. Mirrors spec/07.

import type { Model, Named } from "../model.ts";
import type { Diversity } from "./explore.ts";
import type { Graph } from "./graph.ts";
import { replayAll } from "./replay.ts";
import { cheapestTree, wayTo } from "./tree.ts";

/** So many states of a graph are gone to. */
const sampled = 256;

/**
 * The 256 states of a graph whose keys are least, or all if there are fewer: the same ones however
 * the graph was found.
 */
export function sampleOf<S, A extends Named>(model: Model<S, A>, graph: Graph): readonly S[] {
  const tree = cheapestTree(graph);
  const first = (node: number): number => (graph.keys[2 * node] ?? 0) >>> 0;
  // Keys are spread evenly, so that twice as many are enough and not all have to be sorted.
  const bound = (2 ** 33 * sampled) / graph.nodes;
  const least = tree.order.filter((node) => first(node) < bound);
  const nodes = least.sort((a, b) => first(a) - first(b)).subarray(0, sampled);
  const states: S[] = [];
  const ways = Array.from(nodes, (node) => wayTo(tree, node));
  replayAll(model, ways, (state) => states.push(state));
  return states;
}

/** So many states are looked at, spread evenly over those that were kept. */
const looked = 2000;
const shown = 5;

export function diversityOf<S>(
  states: readonly S[],
  fields: (state: S) => Iterable<readonly [name: string, value: string]>,
): readonly Diversity[] {
  const every = Math.max(1, Math.floor(states.length / looked));
  const sample = states.filter((_, i) => i % every === 0);
  const values = new Map<string, Set<string>>();
  for (const state of sample) {
    for (const [name, value] of fields(state)) {
      values.set(name, (values.get(name) ?? new Set()).add(value));
    }
  }
  const all = [...values].map(([field, set]) => {
    return { field, values: set.size, sampled: sample.length };
  });
  return all.sort((a, b) => b.values - a.values || (a.field < b.field ? -1 : 1)).slice(0, shown);
}
