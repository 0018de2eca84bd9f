// How many ways lead to a node, exactly, and how likely they are. Mirrors spec/07.

import { type Components, isClosed } from "./components.ts";
import type { Arrows } from "./tree.ts";

/** The number of ways from node 0 to a node; null: infinitely many. */
export type Ways = (node: number) => bigint | null;

/** Numbers of ways are sums of 32-bit limbs, as many for each node as the greatest number needs. */
export function countWays(arrows: Arrows, components: Components): Ways {
  const endless = endlessNodes(arrows, components);
  for (let size = 4; ; size *= 2) {
    const limbs = sums(arrows, components, endless, size);
    if (limbs !== null) return (node) => (endless[node] === 1 ? null : toBigInt(limbs, node, size));
  }
}

function toBigInt(limbs: Uint32Array, node: number, size: number): bigint {
  let sum = 0n;
  for (let i = size - 1; i >= 0; i--) sum = (sum << 32n) | BigInt(limbs[node * size + i] ?? 0);
  return sum;
}

/** Nodes that are on a cycle, or that a cycle leads to. */
function endlessNodes(arrows: Arrows, components: Components): Uint8Array {
  const endless = new Uint8Array(components.of.length);
  for (let c = components.count - 1; c >= 0; c--) {
    const to = components.starts[c + 1] ?? 0;
    const cyclic = components.cyclic[c] === 1;
    for (let i = components.starts[c] ?? 0; i < to; i++) {
      const node = components.order[i] ?? 0;
      if (cyclic) endless[node] = 1;
      if (endless[node] === 1) markTargets(arrows, node, endless);
    }
  }
  return endless;
}

function markTargets({ offsets, targets }: Arrows, node: number, marks: Uint8Array): void {
  const to = offsets[node + 1] ?? 0;
  for (let edge = offsets[node] ?? 0; edge < to; edge++) {
    const target = targets[edge] ?? -1;
    if (target >= 0) marks[target] = 1;
  }
}

/** Null: some sum does not fit. */
function sums(
  { offsets, targets }: Arrows,
  { order }: Components,
  endless: Uint8Array,
  size: number,
): Uint32Array | null {
  const limbs = new Uint32Array(endless.length * size);
  if (limbs.length > 0) limbs[0] = 1;
  for (let i = order.length - 1; i >= 0; i--) {
    const node = order[i] ?? 0;
    if (endless[node] === 1) continue;
    const to = offsets[node + 1] ?? 0;
    for (let edge = offsets[node] ?? 0; edge < to; edge++) {
      const target = targets[edge] ?? -1;
      if (target >= 0 && !addTo(limbs, target, node, size)) return null;
    }
  }
  return limbs;
}

/** False: the sum does not fit. */
function addTo(limbs: Uint32Array, target: number, node: number, size: number): boolean {
  let carry = 0;
  for (let i = 0; i < size; i++) {
    const sum = (limbs[target * size + i] ?? 0) + (limbs[node * size + i] ?? 0) + carry;
    limbs[target * size + i] = sum;
    carry = sum > 0xffff_ffff ? 1 : 0;
  }
  return carry === 0;
}

/** What is left inside a component when its flow counts as settled. */
const settled = 1e-13;
/** Visits of nodes until a component that does not settle is left alone. */
const mostVisits = 100_000_000;

/**
 * How often a scheduler that takes each enabled action alike visits a node on the average: for a
 * node without edges, how likely it is to end there. For a node of a cyclic component that no edge
 * leaves: how likely it is to come in there, and so to stay for ever.
 */
export function visits(arrows: Arrows, components: Components): Float64Array {
  const flow = new Flow(arrows, components);
  for (let c = components.count - 1; c >= 0; c--) flow.settle(c);
  return flow.visits;
}

class Flow {
  readonly visits: Float64Array;
  readonly #arrows: Arrows;
  readonly #components: Components;
  /** what has come to a node of the component at hand and not yet gone on */
  readonly #waiting: Float64Array;

  constructor(arrows: Arrows, components: Components) {
    this.#arrows = arrows;
    this.#components = components;
    this.visits = new Float64Array(components.of.length);
    this.#waiting = new Float64Array(components.of.length);
    if (components.of.length > 0) this.#waiting[0] = 1;
  }

  settle(component: number): void {
    const from = this.#components.starts[component] ?? 0;
    const to = this.#components.starts[component + 1] ?? 0;
    if (this.#components.cyclic[component] === 0) {
      this.#hurry(this.#components.order[from] ?? 0);
    } else if (isClosed(this.#arrows, this.#components, component)) {
      for (let i = from; i < to; i++) this.#stay(this.#components.order[i] ?? 0);
    } else {
      const sweeps = Math.ceil(mostVisits / (to - from));
      for (let n = 0; n < sweeps && this.#sweep(from, to, component) > settled; n++);
      for (let i = from; i < to; i++) this.#leave(this.#components.order[i] ?? 0, component);
    }
  }

  /** A node that is not on a cycle passes on all that has come. */
  #hurry(node: number): void {
    this.#stay(node);
    const { offsets, targets } = this.#arrows;
    const from = offsets[node] ?? 0;
    const to = offsets[node + 1] ?? 0;
    const share = (this.visits[node] ?? 0) / (to - from);
    for (let edge = from; edge < to; edge++) {
      const target = targets[edge] ?? -1;
      if (target >= 0) this.#waiting[target] = (this.#waiting[target] ?? 0) + share;
    }
  }

  #stay(node: number): void {
    this.visits[node] = this.#waiting[node] ?? 0;
  }

  /** One round over the nodes of a component, against the order in which they were found. */
  #sweep(from: number, to: number, component: number): number {
    for (let i = to - 1; i >= from; i--) {
      this.#visit(this.#components.order[i] ?? 0, component);
    }
    let left = 0;
    for (let i = from; i < to; i++) left += this.#waiting[this.#components.order[i] ?? 0] ?? 0;
    return left;
  }

  /** All that waits at a node visits it and goes on, as far as that is inside. */
  #visit(node: number, component: number): void {
    const flow = this.#waiting[node] ?? 0;
    this.#waiting[node] = 0;
    this.visits[node] = (this.visits[node] ?? 0) + flow;
    this.#pass(node, component, flow, true);
  }

  /** What goes to other components. */
  #leave(node: number, component: number): void {
    this.#pass(node, component, this.visits[node] ?? 0, false);
  }

  #pass(node: number, component: number, flow: number, inside: boolean): void {
    const { offsets, targets } = this.#arrows;
    const from = offsets[node] ?? 0;
    const to = offsets[node + 1] ?? 0;
    const share = flow / (to - from);
    for (let edge = from; edge < to; edge++) {
      const target = targets[edge] ?? -1;
      if (target < 0 || (this.#components.of[target] === component) !== inside) continue;
      this.#waiting[target] = (this.#waiting[target] ?? 0) + share;
    }
  }
}
