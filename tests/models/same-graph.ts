// A graph without the accidents of the search that found it: to compare two of them.

import type { Graph } from "../../src/scheduler/explore/graph.ts";

export interface PlainNode {
  readonly key: string;
  /** of each edge: the number of its target, what is observed, the action's id */
  readonly edges: readonly (readonly [number, string, string])[];
  readonly fact: string | null;
  readonly broken: string | null;
}

/** The nodes in breadth-first order from the initial one, edges in their order. */
export function plainGraph(graph: Graph): readonly PlainNode[] {
  const numbers = new Map([[0, 0]]);
  const queue = [0];
  const facts = new Map(graph.finals.map(({ node, fact }) => [node, fact]));
  const broken = new Map(graph.broken.map(({ node, property }) => [node, property]));
  const nodes: PlainNode[] = [];
  for (const node of queue) {
    const edges: [number, string, string][] = [];
    for (let edge = graph.offsets[node]!; edge < graph.offsets[node + 1]!; edge++) {
      const target = graph.targets[edge]!;
      if (target >= 0 && !numbers.has(target)) {
        numbers.set(target, numbers.size);
        queue.push(target);
      }
      const observed = JSON.stringify(graph.observations[graph.labels[edge]!]);
      edges.push([numbers.get(target) ?? -1, observed, graph.names[graph.ids[edge]!]!]);
    }
    nodes.push({
      key: `${graph.keys[2 * node]} ${graph.keys[2 * node + 1]}`,
      edges,
      fact: facts.get(node) ?? null,
      broken: broken.get(node) ?? null,
    });
  }
  return nodes;
}
