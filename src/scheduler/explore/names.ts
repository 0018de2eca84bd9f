// Numbers for the texts that edges carry: ids of actions, and what was observed. Mirrors spec/07.

/** Texts by number; 0 is the absence of one. */
export class Names {
  readonly all: string[] = [""];
  readonly #numbers = new Map<string, number>([["", 0]]);

  constructor(names: readonly string[] = []) {
    for (const name of names) this.number(name);
  }

  number(name: string | undefined): number {
    if (name === undefined) return 0;
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.all.length);
    this.all.push(name);
    return this.all.length - 1;
  }
}

/** What was observed on steps, by number; 0 is nothing. */
export class Observations {
  readonly all: (readonly string[])[] = [[]];
  readonly #numbers = new Map<string, number>();

  constructor(observations: readonly (readonly string[])[] = []) {
    for (const observed of observations) this.number(observed);
  }

  number(observed: readonly string[]): number {
    if (observed.length === 0) return 0;
    const key = JSON.stringify(observed);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.all.length);
    this.all.push(observed);
    return this.all.length - 1;
  }

  /** One after the other. */
  both(first: number, second: number): number {
    if (first === 0) return second;
    if (second === 0) return first;
    return this.number([...(this.all[first] ?? []), ...(this.all[second] ?? [])]);
  }

  /** What comes in `whole` after `first`, with which it begins. */
  after(first: number, whole: number): number {
    if (first === 0) return whole;
    return this.number((this.all[whole] ?? []).slice(this.all[first]?.length));
  }
}
