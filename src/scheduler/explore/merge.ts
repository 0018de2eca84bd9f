// One graph of several that were found apart, as by searches that share the work. Mirrors spec/07.

import { type EdgeTable, unknown } from "./edges.ts";
import type { BrokenNode, Coverage, FinalNode, Graph, Took } from "./graph.ts";
import { Names, Observations } from "./names.ts";
import { Visited } from "./visited.ts";

/** The nodes that a search still has to expand, or has not expanded wholly. */
export function openNodes(graph: Graph): readonly number[] {
  const finals = new Set(graph.finals.map(({ node }) => node));
  const open: number[] = [];
  for (let node = 0; node < graph.nodes; node++) {
    const edges = graph.targets.subarray(graph.offsets[node], graph.offsets[node + 1]);
    const isWhole = edges.length > 0 ? !edges.includes(unknown) : finals.has(node);
    if (!isWhole) open.push(node);
  }
  return open;
}

/**
 * The union of graphs of one model, found without `exact`: nodes with one key are one. They are
 * numbered in the order in which they come in the first graph, then those that only the second one
 * has, and so on. What several graphs know of an edge the first one of them says. Steps are added up.
 */
export function mergeGraphs(graphs: readonly Graph[]): Graph {
  return new Merger(graphs).graph();
}

class Merger {
  readonly #graphs: readonly Graph[];
  readonly #visited: Visited = new Visited();
  readonly #names: Names = new Names();
  readonly #observations: Observations = new Observations();
  /** of each graph the new numbers of its nodes */
  readonly #numbers: readonly Int32Array[];

  constructor(graphs: readonly Graph[]) {
    this.#graphs = graphs;
    this.#numbers = graphs.map((graph) => this.#numbersOf(graph));
  }

  graph(): Graph {
    const offsets = this.#offsets();
    const edges = offsets[offsets.length - 1] ?? 0;
    const targets = new Int32Array(edges).fill(unknown);
    const labels = new Uint32Array(edges);
    const ids = new Uint32Array(edges);
    for (const [i, graph] of this.#graphs.entries()) {
      this.#putEdges(graph, this.#numbers[i] ?? new Int32Array(), {
        offsets,
        targets,
        labels,
        ids,
      });
    }
    const merged: Graph = {
      ...{ nodes: this.#visited.size, keys: this.#visited.keys(), offsets, targets, labels, ids },
      ...{ observations: this.#observations.all, names: this.#names.all },
      first: this.#observations.number(this.#first()),
      finals: this.#finals(),
      broken: this.#broken(),
      took: this.#took(),
      steps: this.#graphs.reduce((n, { steps }) => n + steps, 0),
      coverage: { tag: "all" },
    };
    return openNodes(merged).length === 0 ? merged : { ...merged, coverage: this.#coverage() };
  }

  #numbersOf({ nodes, keys }: Graph): Int32Array {
    return Int32Array.from({ length: nodes }, (_, node) => {
      const met = this.#visited.visit({ hi: keys[2 * node] ?? 0, lo: keys[2 * node + 1] ?? 0 });
      return met < 0 ? ~met : met;
    });
  }

  #offsets(): Uint32Array {
    const offsets = new Uint32Array(this.#visited.size + 1);
    for (const [i, graph] of this.#graphs.entries()) {
      for (let node = 0; node < graph.nodes; node++) {
        const degree = (graph.offsets[node + 1] ?? 0) - (graph.offsets[node] ?? 0);
        if (degree > 0) offsets[(this.#numbers[i]?.[node] ?? 0) + 1] = degree;
      }
    }
    for (let i = 1; i < offsets.length; i++) offsets[i] = (offsets[i] ?? 0) + (offsets[i - 1] ?? 0);
    return offsets;
  }

  #putEdges(graph: Graph, numbers: Int32Array, to: EdgeTable): void {
    const labels = graph.observations.map((observed) => this.#observations.number(observed));
    const names = graph.names.map((name) => this.#names.number(name));
    numbers.forEach((number, node) => {
      let place = to.offsets[number] ?? 0;
      const end = graph.offsets[node + 1] ?? 0;
      for (let edge = graph.offsets[node] ?? 0; edge < end; edge++, place++) {
        to.ids[place] = names[graph.ids[edge] ?? 0] ?? 0;
        const target = numbers[graph.targets[edge] ?? unknown];
        if (target === undefined || to.targets[place] !== unknown) continue;
        to.targets[place] = target;
        to.labels[place] = labels[graph.labels[edge] ?? 0] ?? 0;
      }
    });
  }

  #first(): readonly string[] {
    const [graph] = this.#graphs;
    return graph?.observations[graph.first] ?? [];
  }

  #finals(): readonly FinalNode[] {
    const all = this.#all(({ finals }) => finals);
    return [...new Map(all.map((final) => [final.node, final])).values()];
  }

  #broken(): readonly BrokenNode[] {
    const all = this.#all(({ broken }) => broken);
    return [...new Map(all.map((broken) => [broken.node, broken])).values()];
  }

  #took(): readonly Took[] {
    const all = this.#graphs.flatMap(({ took, names }, i) =>
      took.map(({ node, pick, ids }) => ({
        node: this.#numbers[i]?.[node] ?? 0,
        pick,
        ids: ids.map((id) => this.#names.number(names[id])),
      })),
    );
    return [...new Map(all.map((took) => [`${took.node} ${took.pick}`, took])).values()];
  }

  /** What all graphs say of their nodes, by the new numbers. */
  #all<T extends { readonly node: number }>(of: (graph: Graph) => readonly T[]): readonly T[] {
    return this.#graphs.flatMap((graph, i) =>
      of(graph).map((found) => ({ ...found, node: this.#numbers[i]?.[found.node] ?? 0 })),
    );
  }

  #coverage(): Coverage {
    const cut = this.#graphs.map(({ coverage }) => coverage).find(({ tag }) => tag !== "all");
    return cut ?? { tag: "interrupted" };
  }
}
