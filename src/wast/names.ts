// What the names of a script stand for: the latest of a kind has none. Mirrors spec/14.

/** A thing, or why there is none: it could not be made, and what depends on it is skipped. */
export type Held<T> =
  | { readonly tag: "held"; readonly value: T }
  | { readonly tag: "missing"; readonly reason: string };

export function held<T>(value: T): Held<T> {
  return { tag: "held", value };
}

export function missing(reason: string): Held<never> {
  return { tag: "missing", reason };
}

export class Names<T> {
  readonly #what: string;
  readonly #named = new Map<string, Held<T>>();
  #latest: Held<T>;

  /** `what` they are: `module instance`. */
  constructor(what: string) {
    this.#what = what;
    this.#latest = missing(`there is no ${what} yet`);
  }

  add(name: string | null, thing: Held<T>): void {
    this.#latest = thing;
    if (name !== null) this.#named.set(name, thing);
  }

  has(name: string): boolean {
    return this.#named.has(name);
  }

  /** null: the latest */
  get(name: string | null): Held<T> {
    if (name === null) return this.#latest;
    return this.#named.get(name) ?? missing(`there is no ${this.#what} ${name}`);
  }
}
