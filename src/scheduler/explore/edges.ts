// The edges that a search finds, as they come in, and how they are put in order. Mirrors spec/07.

import type { Took } from "./graph.ts";
import { Ints } from "./ints.ts";

/** A target that is not known: a bound kept the search from going there. */
export const unknown: number = -1;
/** A target that is derived after the search: the action slept. */
export const asleep: number = -2;
/** The same of a redundant coin. */
export const coin: number = -3;

/** A redundant coin: its edge is made of the default's and the one with the id `via` after it. */
export interface Coin {
  readonly node: number;
  readonly pick: number;
  /** number of an id; 0: the default's step has taken that action already */
  readonly via: number;
}

/** An edge that was executed only when its node was expanded again, for the `round`th time. */
export interface Late {
  readonly node: number;
  readonly pick: number;
  readonly round: number;
}

/** Edges by node: those of `n` stand at `offsets[n]` up to `offsets[n + 1]`. */
export interface EdgeTable {
  readonly offsets: Uint32Array;
  readonly targets: Int32Array;
  readonly labels: Uint32Array;
  readonly ids: Uint32Array;
}

export class Edges {
  /** first edge of a node plus one; 0: it has none yet */
  readonly #start: Ints = new Ints();
  readonly #degree: Ints = new Ints();
  /** plus one, so that 0 is a target that is not known */
  readonly #targets: Ints = new Ints();
  /** not as long as the targets, if there are only zeros from there on */
  readonly #labels: Ints = new Ints();
  readonly #ids: Ints = new Ints();
  readonly coins: Coin[] = [];
  readonly late: Late[] = [];
  readonly took: Took[] = [];

  /** Makes room for the edges of a node, in the order of its actions; gives nothing if it has some. */
  open(node: number, degree: number): void {
    while (this.#start.length <= node) {
      this.#start.push(0);
      this.#degree.push(0);
    }
    if (this.has(node)) return;
    this.#start.set(node, this.#targets.length + 1);
    this.#degree.set(node, degree);
    this.#targets.extend(degree);
  }

  /** Whether there is room for the edges of a node. */
  has(node: number): boolean {
    return this.#start.at(node) !== 0;
  }

  target(node: number, pick: number): number {
    return this.#targets.at(this.#edge(node, pick)) - 1;
  }

  /** No target is known, but which action it is. */
  leave(node: number, pick: number, id: number): void {
    if (id !== 0) this.#ids.put(this.#edge(node, pick), id);
  }

  set(node: number, pick: number, target: number, label: number, id: number): void {
    const edge = this.#edge(node, pick);
    this.#targets.set(edge, target + 1);
    if (label !== 0) this.#labels.put(edge, label);
    if (id !== 0) this.#ids.put(edge, id);
  }

  /** All edges of another table, whose nodes have the same numbers. */
  load({ offsets, targets, labels, ids }: EdgeTable): void {
    for (let node = 0; node + 1 < offsets.length; node++) {
      const from = offsets[node] ?? 0;
      const degree = (offsets[node + 1] ?? 0) - from;
      if (degree > 0) this.open(node, degree);
    }
    for (let edge = 0; edge < targets.length; edge++) {
      this.#targets.set(edge, (targets[edge] ?? unknown) + 1);
      this.#labels.put(edge, labels[edge] ?? 0);
      this.#ids.put(edge, ids[edge] ?? 0);
    }
  }

  /** In the order of nodes, of which there are `nodes`. */
  table(nodes: number): EdgeTable {
    const offsets = new Uint32Array(nodes + 1);
    const { length } = this.#targets;
    const targets = new Int32Array(length);
    const labels = new Uint32Array(length);
    const ids = new Uint32Array(length);
    let to = 0;
    for (let node = 0; node < nodes; node++) {
      offsets[node] = to;
      const from = this.#start.at(node) - 1;
      const degree = from < 0 ? 0 : this.#degree.at(node);
      for (let i = from; i < from + degree; i++, to++) {
        targets[to] = this.#targets.at(i) - 1;
        if (i < this.#labels.length) labels[to] = this.#labels.at(i);
        if (i < this.#ids.length) ids[to] = this.#ids.at(i);
      }
    }
    offsets[nodes] = to;
    return { offsets, targets, labels, ids };
  }

  #edge(node: number, pick: number): number {
    return this.#start.at(node) - 1 + pick;
  }
}
