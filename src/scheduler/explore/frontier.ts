// The states that a search still has to expand, by cost. Mirrors spec/07.

import { Ints } from "./ints.ts";
import { type Sleep, withIds } from "./sleep.ts";

/** A node to expand. Its state is held as long as it stands here, and no longer. */
export interface Pending<S> {
  readonly node: number;
  readonly state: S;
  readonly cost: number;
  readonly sleep: Sleep;
}

const notQueued = -1;

/**
 * Buckets by cost, the last one in is the first one out: a whole subtree without deviations is done
 * before the next one begins. A node that comes again at less cost is queued again; its old place is
 * found stale when its turn comes.
 */
export class Frontier<S> {
  readonly #buckets: Pending<S>[][] = [];
  /** the cost at which a node is queued */
  readonly #due: Ints = new Ints();
  #cost = 0;
  /** how many nodes stand here */
  size = 0;

  /** What it costs to come to the node as it is queued; negative: it is not. */
  costOf(node: number): number {
    return node < this.#due.length ? this.#due.at(node) : notQueued;
  }

  add(pending: Pending<S>): void {
    const { node, cost } = pending;
    while (this.#due.length <= node) this.#due.push(notQueued);
    if (this.#due.at(node) === notQueued) this.size += 1;
    this.#due.set(node, cost);
    while (this.#buckets.length <= cost) this.#buckets.push([]);
    this.#buckets[cost]?.push(pending);
    if (cost < this.#cost) this.#cost = cost;
  }

  /** Takes the cheapest one out, with those of its sleepers that `asleep` has; null: none is left. */
  next(asleep: (node: number) => readonly number[]): Pending<S> | null {
    for (; this.#cost < this.#buckets.length; this.#cost++) {
      const bucket = this.#buckets[this.#cost] ?? [];
      for (let p = bucket.pop(); p !== undefined; p = bucket.pop()) {
        if (this.#due.at(p.node) !== p.cost) continue;
        this.#due.set(p.node, notQueued);
        this.size -= 1;
        return p.sleep.length === 0 ? p : { ...p, sleep: withIds(p.sleep, asleep(p.node)) };
      }
    }
    return null;
  }

  /** Its place in the queue is found stale when its turn comes. */
  remove(node: number): void {
    this.#due.set(node, notQueued);
    this.size -= 1;
  }

  /** The nodes that are left, in no particular order. */
  rest(): readonly number[] {
    const queued = this.#buckets.flatMap((bucket, cost) =>
      bucket.filter((p) => this.#due.at(p.node) === cost),
    );
    return [...new Set(queued.map(({ node }) => node))];
  }
}
