// The cheapest way to each node of a graph: 0-1 breadth first. Mirrors spec/07.

import { Ints } from "./ints.ts";
import type { Picks } from "./replay.ts";

/** Edges by node; `targets` below 0 lead nowhere. */
export interface Arrows {
  readonly offsets: ArrayLike<number>;
  readonly targets: ArrayLike<number>;
}

export interface Tree {
  /** fewest edges that are not their node's first one; -1 where no way leads */
  readonly costs: Int32Array;
  /** -1: none */
  readonly parents: Int32Array;
  /** place of the edge among the parent's */
  readonly picks: Int32Array;
  /** the nodes that a way leads to, the cheaper ones first */
  readonly order: Int32Array;
}

/**
 * From node 0. Of ways that cost the same it takes the one that it meets first, edges in their order:
 * so the tree does not depend on how nodes are numbered.
 */
export function cheapestTree({ offsets, targets }: Arrows): Tree {
  const nodes = offsets.length - 1;
  const costs = new Int32Array(nodes).fill(-1);
  const parents = new Int32Array(nodes).fill(-1);
  const picks = new Int32Array(nodes);
  const done = new Uint8Array(nodes);
  const order = new Ints();
  let now = new Ints();
  let next = new Ints();

  function offer(to: number, from: number, pick: number, cost: number): void {
    const old = costs[to] ?? -1;
    if (old >= 0 && old <= cost) return;
    costs[to] = cost;
    parents[to] = from;
    picks[to] = pick;
    (pick === 0 ? now : next).push(to);
  }

  function expand(node: number, cost: number): void {
    if (done[node] === 1) return;
    done[node] = 1;
    order.push(node);
    const from = offsets[node] ?? 0;
    const to = offsets[node + 1] ?? 0;
    for (let edge = from; edge < to; edge++) {
      const target = targets[edge] ?? -1;
      if (target >= 0) offer(target, node, edge - from, edge === from ? cost : cost + 1);
    }
  }

  if (nodes > 0) offer(0, -1, 0, 0);
  for (let cost = 0; now.length > 0; cost++) {
    for (let i = 0; i < now.length; i++) expand(now.at(i), cost);
    now = next;
    next = new Ints();
  }
  return { costs, parents, picks, order: order.view() };
}

/** The picks that lead to a node. */
export function wayTo({ parents, picks }: Tree, node: number): Picks {
  const way: number[] = [];
  for (let at = node; (parents[at] ?? -1) >= 0; at = parents[at] ?? -1) way.push(picks[at] ?? 0);
  return way.reverse();
}
