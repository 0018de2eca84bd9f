// One exploration shared out among searches that do not talk to each other. Mirrors spec/07.

import type { Model, Named } from "../model.ts";
import type { ExploreOptions } from "./explore.ts";
import type { Graph } from "./graph.ts";
import { compareWays } from "./replay.ts";
import { type Searched, type Start, search } from "./search.ts";

/** The `index`th of `count` parts; the first one is 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** Nothing is known, and everything is to be done. */
export const fromTheBeginning: Start = { frontier: [[]] };

/** States that all shards know, for each of them: so many that no shard is left with little to do. */
const known = 512;

/**
 * Where one of several searches begins: all know the same first states, found breadth first, and each
 * goes on from a part of those that are still to be expanded. Neighbours in the order of their ways go
 * to one shard, since most of what comes after them is the same. The graphs of all shards together
 * (`mergeGraphs`) are that of a search that is not shared out, if no bound was met. `states`: how many
 * all of them know, about.
 */
export function shardStart<S, A extends Named>(
  model: Model<S, A>,
  options: ExploreOptions<S>,
  { index, count }: Shard,
  states: number = known * count,
): Start {
  const start = widen(model, options, fromTheBeginning, states);
  const ways = [...start.frontier].sort(compareWays);
  const from = Math.ceil((ways.length * (index - 1)) / count);
  return { ...start, frontier: ways.slice(from, Math.ceil((ways.length * index) / count)) };
}

/** Goes on breadth first for about `more` states. */
export function widen<S, A extends Named>(
  model: Model<S, A>,
  options: ExploreOptions<S>,
  start: Start,
  more: number,
): Required<Pick<Start, "graph" | "frontier">> {
  const states = (start.graph?.nodes ?? 0) + more;
  const { progress: _, maxStates = states, ...rest } = options;
  const bound = Math.min(states, maxStates);
  const searched = search(model, { ...rest, order: "breadth", maxStates: bound }, start);
  return { graph: graphOf(searched), frontier: searched.frontier() };
}

/** Throws an Error if the graph was not kept. */
export function graphOf<S>({ graph }: Searched<S>): Graph {
  if (graph === null) throw new Error("a search that is shared out keeps its graph");
  return graph;
}
