// Strongly connected components: Tarjan's algorithm without recursion. Mirrors spec/07.

import { Ints } from "./ints.ts";
import type { Arrows } from "./tree.ts";

export interface Components {
  readonly count: number;
  /** component of a node; -1: no way leads there from node 0 */
  readonly of: Int32Array;
  /** all nodes; those of component `c` stand at `starts[c]` up to `starts[c + 1]` */
  readonly order: Int32Array;
  readonly starts: Int32Array;
  /** 1: a run can stay in the component */
  readonly cyclic: Uint8Array;
}

/** Of what node 0 leads to. An edge leads to a component with a smaller number or stays inside. */
export function componentsOf(arrows: Arrows): Components {
  return new Tarjan(arrows).run();
}

class Tarjan {
  readonly #arrows: Arrows;
  readonly #of: Int32Array;
  readonly #low: Int32Array;
  /** when a node was entered, from 1 on; 0: not yet */
  readonly #entered: Int32Array;
  readonly #nextEdge: Int32Array;
  /** 1: the node has an edge to itself */
  readonly #circular: Uint8Array;
  readonly #order: Ints = new Ints();
  readonly #starts: Ints = new Ints();
  readonly #stack: Ints = new Ints();
  readonly #calls: Ints = new Ints();
  #clock = 0;

  constructor(arrows: Arrows) {
    const nodes = arrows.offsets.length - 1;
    this.#arrows = arrows;
    this.#of = new Int32Array(nodes).fill(-1);
    this.#low = new Int32Array(nodes);
    this.#entered = new Int32Array(nodes);
    this.#nextEdge = new Int32Array(nodes);
    this.#circular = new Uint8Array(nodes);
  }

  run(): Components {
    if (this.#of.length > 0) this.#enter(0);
    while (this.#calls.length > 0) this.#advance(this.#calls.at(this.#calls.length - 1));
    const count = this.#starts.length;
    this.#starts.push(this.#order.length);
    const starts = this.#starts.view();
    const cyclic = Uint8Array.from({ length: count }, (_, c) => this.#isCyclic(c));
    return { count, of: this.#of, order: this.#order.view(), starts, cyclic };
  }

  #enter(node: number): void {
    this.#clock += 1;
    this.#entered[node] = this.#clock;
    this.#low[node] = this.#clock;
    this.#nextEdge[node] = this.#arrows.offsets[node] ?? 0;
    this.#stack.push(node);
    this.#calls.push(node);
  }

  #advance(node: number): void {
    const edge = this.#nextEdge[node] ?? 0;
    if (edge === this.#arrows.offsets[node + 1]) {
      this.#leave(node);
      return;
    }
    this.#nextEdge[node] = edge + 1;
    const target = this.#arrows.targets[edge] ?? -1;
    if (target < 0) return;
    if (target === node) this.#circular[node] = 1;
    const entered = this.#entered[target] ?? 0;
    if (entered === 0) this.#enter(target);
    else if (this.#of[target] === -1) this.#lower(node, entered);
  }

  #leave(node: number): void {
    this.#calls.length -= 1;
    const low = this.#low[node] ?? 0;
    if (this.#calls.length > 0) this.#lower(this.#calls.at(this.#calls.length - 1), low);
    if (low !== this.#entered[node]) return;
    const component = this.#starts.push(this.#order.length);
    for (let last = -1; last !== node; ) {
      this.#stack.length -= 1;
      last = this.#stack.at(this.#stack.length);
      this.#of[last] = component;
      this.#order.push(last);
    }
  }

  #isCyclic(component: number): number {
    const from = this.#starts.at(component);
    const isSingle = this.#starts.at(component + 1) === from + 1;
    return isSingle ? (this.#circular[this.#order.at(from)] ?? 0) : 1;
  }

  #lower(node: number, low: number): void {
    this.#low[node] = Math.min(this.#low[node] ?? 0, low);
  }
}

/** Whether no edge leaves a component, not even one whose target is not known. */
export function isClosed(arrows: Arrows, components: Components, component: number): boolean {
  const to = components.starts[component + 1] ?? 0;
  for (let i = components.starts[component] ?? 0; i < to; i++) {
    const node = components.order[i] ?? 0;
    const end = arrows.offsets[node + 1] ?? 0;
    for (let edge = arrows.offsets[node] ?? 0; edge < end; edge++) {
      if (components.of[arrows.targets[edge] ?? -1] !== component) return false;
    }
  }
  return true;
}
