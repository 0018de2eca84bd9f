// What was observed on the way to a state, every sequence once: a trie. Mirrors spec/07.

import { Ints } from "./ints.ts";
import { Names } from "./names.ts";
import { Visited } from "./visited.ts";

/** Sequences of texts by number; 0 is the empty one. */
export class Prefixes {
  readonly #texts: Names = new Names();
  readonly #children: Visited = new Visited();
  readonly #parents: Ints = new Ints();
  readonly #last: Ints = new Ints();
  readonly #lengths: Ints = new Ints();
  readonly #numbers: (readonly number[])[];

  /** The lists that will be appended, by number. */
  constructor(lists: readonly (readonly string[])[]) {
    // A text may be empty, which is no name.
    this.#numbers = lists.map((list) => list.map((text) => this.#texts.number(`.${text}`)));
    this.#add(-1, 0);
  }

  /** The sequence `prefix` with the `list`th list behind it. */
  append(prefix: number, list: number): number {
    let at = prefix;
    for (const text of this.#numbers[list] ?? []) at = this.#add(at, text);
    return at;
  }

  lengthOf(prefix: number): number {
    return this.#lengths.at(prefix);
  }

  texts(prefix: number): readonly string[] {
    const texts: string[] = [];
    for (let at = prefix; at > 0; at = this.#parents.at(at)) {
      texts.push((this.#texts.all[this.#last.at(at)] ?? "").slice(1));
    }
    return texts.reverse();
  }

  #add(parent: number, text: number): number {
    const met = this.#children.visit({ hi: parent, lo: text });
    if (met >= 0) return met;
    this.#parents.push(parent);
    this.#last.push(text);
    this.#lengths.push(parent < 0 ? 0 : this.#lengths.at(parent) + 1);
    return ~met;
  }
}
