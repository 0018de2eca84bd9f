// Loops in which a run can stay: whether somebody starves there, and the way round. Mirrors spec/07.

import type { Components } from "./components.ts";
import type { Graph } from "./graph.ts";
import type { Product } from "./product.ts";
import type { Picks } from "./replay.ts";

/** An edge of the product, by its node and its place there. */
interface Step {
  readonly at: number;
  readonly pick: number;
}

export interface Loop {
  /** from the entry round to the entry */
  readonly picks: Picks;
  /** whether no action that stays enabled is left out for ever */
  readonly fair: boolean;
}

/**
 * A way round in a cyclic component: the shortest one; if that is not fair, one that is, if there is
 * any.
 *
 * Fairness is weak: an action that is enabled in all states of the loop is taken on some edge of it.
 * Actions without an id are choices of the thread that runs. Where there are only such ones the host
 * is not asked, so these states do not count; a loop of nothing else is not fair, since it never gives
 * the host its turn.
 */
export function loopFrom(
  graph: Graph,
  product: Product,
  components: Components,
  entry: number,
): Loop {
  const inside = new Inside(graph, product, components, components.of[entry] ?? -1);
  const round = inside.walk(entry, (_, target) => target === entry);
  let trip = inside.asks(round) ? round : [...round, ...inside.turnOfHost(entry)];
  if (!inside.asks(trip)) return { picks: picksOf(round), fair: false };
  for (let id = inside.starving(trip); id !== null; id = inside.starving(trip)) {
    const relief = inside.relief(entry, id);
    if (relief === null) return { picks: picksOf(round), fair: false };
    trip = [...trip, ...relief];
  }
  return { picks: picksOf(trip), fair: true };
}

const picksOf = (steps: readonly Step[]): Picks => steps.map(({ pick }) => pick);

class Inside {
  readonly #graph: Graph;
  readonly #product: Product;
  readonly #components: Components;
  readonly #component: number;

  constructor(graph: Graph, product: Product, components: Components, component: number) {
    this.#graph = graph;
    this.#product = product;
    this.#components = components;
    this.#component = component;
  }

  /** The least id that is enabled wherever any is on the trip, and not taken; null: there is none. */
  starving(trip: readonly Step[]): number | null {
    const taken = new Set(trip.map((step) => this.#idOf(step)));
    const offers = trip.map(({ at }) => this.#ids(at)).filter((ids) => this.#isTurn(ids));
    const [first = [], ...others] = offers;
    const always = first.filter((id) => id !== 0 && others.every((ids) => ids.includes(id)));
    return always.find((id) => !taken.has(id)) ?? null;
  }

  /** Whether the host has a turn on the trip. */
  asks(trip: readonly Step[]): boolean {
    return trip.some(({ at }) => this.#isTurn(this.#ids(at)));
  }

  /** Round from the entry and by a turn of the host; empty if there is none in the component. */
  turnOfHost(entry: number): readonly Step[] {
    return this.#roundBy(entry, (_, target) => this.#isTurn(this.#ids(target))) ?? [];
  }

  /** Round from the entry and by a place where an action is taken, or where others are but not it. */
  relief(entry: number, id: number): readonly Step[] | null {
    return this.#roundBy(entry, (step, target) => {
      const ids = this.#ids(target);
      return this.#idOf(step) === id || (!ids.includes(id) && this.#isTurn(ids));
    });
  }

  /** In a model without ids every state is one. */
  #isTurn(ids: readonly number[]): boolean {
    return this.#graph.names.length === 1 || ids.some((id) => id !== 0);
  }

  #roundBy(
    entry: number,
    isWanted: (step: Step, target: number) => boolean,
  ): readonly Step[] | null {
    const there = this.walk(entry, isWanted);
    const last = there[there.length - 1];
    if (last === undefined) return null;
    const place = this.#target(last);
    if (place === entry) return there;
    return [...there, ...this.walk(place, (_, end) => end === entry)];
  }

  /** The shortest way that ends with a step that is wanted, empty if there is none. */
  walk(from: number, isWanted: (step: Step, target: number) => boolean): readonly Step[] {
    const before = new Map<number, Step>();
    const queue = [from];
    for (const at of queue) {
      for (let pick = 0; pick < this.#ids(at).length; pick++) {
        const step = { at, pick };
        const target = this.#target(step);
        if (this.#components.of[target] !== this.#component) continue;
        if (isWanted(step, target)) return wayOf(before, from, step);
        if (target === from || before.has(target)) continue;
        before.set(target, step);
        queue.push(target);
      }
    }
    return [];
  }

  /** Of all actions in order, 0 for those without one. */
  #ids(at: number): readonly number[] {
    const node = this.#product.node(at);
    const { offsets, ids } = this.#graph;
    return [...ids.subarray(offsets[node], offsets[node + 1])];
  }

  #idOf({ at, pick }: Step): number {
    return this.#ids(at)[pick] ?? 0;
  }

  #target({ at, pick }: Step): number {
    return this.#product.targets[(this.#product.offsets[at] ?? 0) + pick] ?? -1;
  }
}

function wayOf(before: ReadonlyMap<number, Step>, from: number, last: Step): readonly Step[] {
  const way: Step[] = [last];
  for (let { at } = last; at !== from; ) {
    const step = before.get(at);
    if (step === undefined) throw new Error("a node that was met has a way");
    way.push(step);
    at = step.at;
  }
  return way.reverse();
}
