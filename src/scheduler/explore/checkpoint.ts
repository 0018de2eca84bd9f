// A graph that was found before, as what a search gives back. Mirrors spec/07.

import type { Graph } from "./graph.ts";
import { openNodes } from "./merge.ts";
import type { Picks } from "./replay.ts";
import type { Searched } from "./search.ts";
import { cheapestTree, type Tree, wayTo } from "./tree.ts";

/** As if it had been searched just now; no state is at hand. */
export function searchedOf<S>(graph: Graph): Searched<S> {
  let tree: Tree | null = null;
  const way = (node: number): Picks => {
    tree ??= cheapestTree(graph);
    return wayTo(tree, node);
  };
  const first = new Map([...graph.broken].reverse().map((b) => [b.property, b.node]));
  return {
    ...{ graph, states: graph.nodes, steps: graph.steps, coverage: graph.coverage },
    transitions: graph.targets.reduce((n, target) => (target < 0 ? n : n + 1), 0),
    repaired: 0,
    facts: [...new Set(graph.finals.map(({ fact }) => fact))].sort(),
    broken: [...first].map(([property, node]) => ({ property, picks: way(node) })),
    frontier: () => openNodes(graph).map(way),
    sample: [],
  };
}
