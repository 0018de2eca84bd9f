// The graph once for everything that may have been observed on the way to a state. Mirrors spec/07.

import type { Graph } from "./graph.ts";
import { Ints } from "./ints.ts";
import { longestObserved } from "./longest.ts";
import { Prefixes } from "./prefixes.ts";
import type { Arrows } from "./tree.ts";
import { Visited } from "./visited.ts";

/** Its nodes are pairs of a node of the graph and what was observed; 0 is the initial one. */
export interface Product extends Arrows {
  readonly size: number;
  readonly node: (at: number) => number;
  /** number of the sequence that was observed */
  readonly prefix: (at: number) => number;
  readonly texts: (prefix: number) => readonly string[];
  /** false: there are more pairs */
  readonly complete: boolean;
}

/**
 * At most `most` pairs, those with fewer steps first, and of a cycle that observes something only a
 * few rounds; where nothing is observed, the graph itself.
 */
export function productOf(graph: Graph, most: number): Product {
  const { nodes: size, offsets, targets } = graph;
  if (graph.labels.some((label) => label !== 0)) return new Pairs(graph, most).product();
  const node = (at: number): number => at;
  const prefix = (): number => 0;
  const texts = (): readonly string[] => graph.observations[graph.first] ?? [];
  return { size, offsets, targets, node, prefix, texts, complete: true };
}

class Pairs {
  readonly #graph: Graph;
  readonly #most: number;
  readonly #longest: number;
  readonly #prefixes: Prefixes;
  readonly #pairs: Visited = new Visited();
  readonly #node: Ints = new Ints();
  readonly #prefix: Ints = new Ints();
  readonly #offsets: Ints = new Ints();
  readonly #targets: Ints = new Ints();
  #complete = true;

  constructor(graph: Graph, most: number) {
    this.#graph = graph;
    this.#most = most;
    this.#longest = longestObserved(graph);
    this.#prefixes = new Prefixes(graph.observations);
  }

  product(): Product {
    if (this.#graph.nodes > 0) this.#meet(0, this.#prefixes.append(0, this.#graph.first));
    for (let at = 0; at < this.#node.length; at++) this.#expand(at);
    this.#offsets.push(this.#targets.length);
    return {
      size: this.#node.length,
      offsets: this.#offsets.view(),
      targets: this.#targets.view(),
      node: (at) => this.#node.at(at),
      prefix: (at) => this.#prefix.at(at),
      texts: (prefix) => this.#prefixes.texts(prefix),
      complete: this.#complete,
    };
  }

  #expand(at: number): void {
    const { offsets, targets, labels } = this.#graph;
    this.#offsets.push(this.#targets.length);
    const node = this.#node.at(at);
    const to = offsets[node + 1] ?? 0;
    for (let edge = offsets[node] ?? 0; edge < to; edge++) {
      const target = targets[edge] ?? -1;
      const prefix = this.#prefixes.append(this.#prefix.at(at), labels[edge] ?? 0);
      this.#targets.push(target < 0 ? -1 : this.#meet(target, prefix));
    }
  }

  #meet(node: number, prefix: number): number {
    const pair = { hi: node, lo: prefix };
    const isTooLong = this.#prefixes.lengthOf(prefix) > this.#longest;
    if (isTooLong || this.#node.length >= this.#most) {
      const known = this.#pairs.find(pair);
      if (known < 0) this.#complete = false;
      return known;
    }
    const met = this.#pairs.visit(pair);
    if (met >= 0) return met;
    this.#node.push(node);
    this.#prefix.push(prefix);
    return ~met;
  }
}
