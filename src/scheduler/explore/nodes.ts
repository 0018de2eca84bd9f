// The nodes of a search: which states were met, how, who sleeps there, and what is still to do. Mirrors spec/07.

import type { Model, Named } from "../model.ts";
import { Frontier, type Pending } from "./frontier.ts";
import type { Graph } from "./graph.ts";
import { Keyer } from "./keyer.ts";
import { deviations, type Picks } from "./replay.ts";
import { awake, idsOf, type Sleep, Sleeping } from "./sleep.ts";
import { cheapestTree } from "./tree.ts";
import { Ways } from "./ways.ts";

export class Nodes<S> {
  readonly frontier: Frontier<S> = new Frontier();
  readonly ways: Ways = new Ways();
  readonly sleeping: Sleeping = new Sleeping();
  readonly #keyer: Keyer<S>;
  /** of nodes that are expanded already and queued again */
  readonly #lost: Map<number, readonly number[]> = new Map();

  readonly #claim: (hi: number, lo: number) => boolean;

  constructor(
    model: Model<S, Named>,
    exact: boolean,
    symmetry: boolean,
    claim: (hi: number, lo: number) => boolean = () => true,
  ) {
    this.#claim = claim;
    this.#keyer = new Keyer(model, exact, symmetry);
  }

  get size(): number {
    return this.#keyer.visited.size;
  }

  keys(): Int32Array {
    return this.#keyer.visited.keys();
  }

  /** A node to begin with. */
  begin(state: S, picks: Picks, cost: number | null): void {
    const met = this.#keyer.visit(state);
    const node = met < 0 ? ~met : met;
    if (met < 0) this.ways.begin(picks);
    if (cost !== null) this.frontier.add({ node, state, cost, sleep: awake });
  }

  /** The next node to expand; null: none is left. */
  next(): Pending<S> | null {
    return this.frontier.next((node) => this.sleeping.of(node));
  }

  /** The ids that slept at a node when it was expanded and have to be awake now; null: it never was. */
  takeLost(node: number): readonly number[] | null {
    const lost = this.#lost.get(node) ?? null;
    if (lost !== null) this.#lost.delete(node);
    return lost;
  }

  /** Takes at most `most` nodes, and at most half of them all, out of the frontier; gives ways there. */
  spare(most: number): readonly Picks[] {
    const rest = this.frontier.rest();
    const every = Math.max(2, Math.ceil(rest.length / most));
    const nodes = rest.filter((_, i) => i % every === 1);
    for (const node of nodes) this.frontier.remove(node);
    return nodes.map((node) => this.ways.to(node));
  }

  /** All ids that slept too long somewhere where it could not be mended yet. */
  lost(): ReadonlySet<number> {
    return new Set([...this.#lost.values()].flat());
  }

  /** The nodes of a graph, with the numbers they have there. */
  load(graph: Graph): void {
    const { keys } = graph;
    const { parents, picks } = cheapestTree(graph);
    for (let node = 0; node < graph.nodes; node++) {
      this.#keyer.visited.visit({ hi: keys[2 * node] ?? 0, lo: keys[2 * node + 1] ?? 0 });
      const parent = parents[node] ?? -1;
      if (parent < 0) this.ways.begin([]);
      else this.ways.add(parent, picks[node] ?? 0);
    }
  }

  /**
   * The node of a state that the `pick`th action of the node `from` leads to, at some cost and past
   * some sleepers. It is queued if it is new.
   */
  arrive(state: S, from: number, pick: number, cost: number, sleep: Sleep): number {
    const met = this.#keyer.visit(state);
    if (met < 0) {
      const node = ~met;
      this.ways.add(from, pick);
      this.sleeping.put(node, idsOf(sleep));
      const { hi, lo } = this.#keyer.last;
      if (this.#claim(hi, lo)) this.frontier.add({ node, state, cost, sleep });
      return node;
    }
    const asleep = this.sleeping.of(met);
    if (asleep.length > 0) this.#wake(asleep, { node: met, state, cost, sleep });
    // Who sleeps there is told in terms of the state that is kept, whose entities may be numbered
    // in another way than those of an equal state: the two are replaced together.
    if (cost < this.frontier.costOf(met)) {
      this.frontier.add({ node: met, state, cost, sleep });
      if (!this.#lost.has(met)) this.ways.change(met, from, pick);
    }
    return met;
  }

  /**
   * Only who sleeps on every way to a node may sleep there. If the node is expanded already, it is
   * expanded again for those that wake up, from the state that is at hand now.
   */
  #wake(asleep: readonly number[], again: Pending<S>): void {
    const { node, sleep } = again;
    const left = asleep.filter((id) => sleep.some((z) => z.id === id));
    if (left.length === asleep.length) return;
    this.sleeping.put(node, left);
    const isQueued = this.frontier.costOf(node) >= 0;
    const before = this.#lost.get(node);
    if (isQueued && before === undefined) return;
    this.#lost.set(node, [...(before ?? []), ...asleep.filter((id) => !left.includes(id))]);
    if (!isQueued) this.frontier.add(again);
  }
}

/** Which states come first: with fewer deviations, the last ones that were met, or with fewer steps. */
export type Order = "cost" | "depth" | "breadth";

/** What a step costs in that order. */
export function priceOf(pick: number, order: Order): number {
  if (order === "cost") return pick === 0 ? 0 : 1;
  return order === "breadth" ? 1 : 0;
}

export function costOf(picks: Picks, order: Order): number {
  if (order === "cost") return deviations(picks);
  return order === "breadth" ? picks.length : 0;
}
