// The way on which each node was first met: a tree of picks. Mirrors spec/07.

import { Ints } from "./ints.ts";
import type { Picks } from "./replay.ts";

export class Ways {
  /** -1: no parent, the way is in `#given` */
  readonly #parents: Ints = new Ints();
  readonly #picks: Ints = new Ints();
  readonly #given: Map<number, Picks> = new Map();

  /** The way to the next node in number. */
  add(parent: number, pick: number): void {
    this.#parents.push(parent);
    this.#picks.push(pick);
  }

  /** The next node in number is where a search begins. */
  begin(picks: Picks): void {
    this.#given.set(this.#parents.length, picks);
    this.add(-1, 0);
  }

  change(node: number, parent: number, pick: number): void {
    this.#parents.set(node, parent);
    this.#picks.set(node, pick);
  }

  /** Nodes without a parent. */
  beginnings(): readonly number[] {
    return [...this.#given.keys()].filter((node) => this.#parents.at(node) < 0);
  }

  to(node: number): Picks {
    const picks: number[] = [];
    let at = node;
    for (; this.#parents.at(at) >= 0; at = this.#parents.at(at)) picks.push(this.#picks.at(at));
    return [...(this.#given.get(at) ?? []), ...picks.reverse()];
  }
}
