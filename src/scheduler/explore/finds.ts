// What a search finds in states: ends, and properties that do not hold. Mirrors spec/07.

import type { BrokenNode, FinalNode } from "./graph.ts";

export class Finds {
  readonly finals: FinalNode[] = [];
  readonly broken: BrokenNode[] = [];
  readonly #facts: Set<string> = new Set();
  readonly #first: Map<string, number> = new Map();
  readonly #all: boolean;

  /** `all`: keep every node, not only the first one of each kind. */
  constructor(all: boolean) {
    this.#all = all;
  }

  final(node: number, fact: string): void {
    this.#facts.add(fact);
    if (this.#all) this.finals.push({ node, fact });
  }

  breaks(node: number, property: string): void {
    if (!this.#first.has(property)) this.#first.set(property, node);
    if (this.#all) this.broken.push({ node, property });
  }

  /** Sorted. */
  facts(): readonly string[] {
    return [...this.#facts].sort();
  }

  /** Property and node. */
  first(): readonly (readonly [string, number])[] {
    return [...this.#first];
  }
}
