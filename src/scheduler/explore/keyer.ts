// From a state to its node: encoding, least image, hash, table. Mirrors spec/07.

import { Encoding, type Key } from "../encoding/encoding.ts";
import type { Model, Named } from "../model.ts";
import { Visited } from "./visited.ts";

type Encoded<S> = Pick<Model<S, Named>, "encode" | "symmetry">;

export class Keyer<S> {
  readonly visited: Visited;
  readonly #model: Encoded<S>;
  readonly #images: number;
  readonly #encoding: Encoding;
  readonly #key: Key = { hi: 0, lo: 0 };

  constructor(model: Encoded<S>, exact: boolean, symmetry: boolean) {
    this.#model = model;
    this.#images = symmetry ? (model.symmetry?.size ?? 1) : 1;
    this.visited = new Visited(exact);
    this.#encoding = new Encoding(exact);
  }

  /** The state's node, or the complement (`~`) of the number that it has got now. */
  visit(state: S): number {
    return this.visited.visit(this.key(state), this.#encoding);
  }

  /** The key of the state that was visited last. */
  get last(): Key {
    return this.#key;
  }

  /** Good until the next call. */
  key(state: S): Key {
    const encoding = this.#encoding;
    encoding.clear();
    this.#model.encode(state, encoding);
    for (let k = 1; k < this.#images; k++) this.#tryImage(state, k);
    encoding.hash(this.#key);
    return this.#key;
  }

  /** Writes the image behind the least one so far, and moves it to the front if it is less. */
  #tryImage(state: S, k: number): void {
    const encoding = this.#encoding;
    const from = encoding.length;
    this.#model.symmetry?.encode(state, k, encoding);
    const length = encoding.length - from;
    if (!isLess(encoding.ints, from, length)) {
      encoding.length = from;
      return;
    }
    encoding.ints.copyWithin(0, from, encoding.length);
    encoding.length = length;
  }
}

/** Whether the `length` integers at `from` come before the `from` integers at 0. */
function isLess(ints: Int32Array, from: number, length: number): boolean {
  if (length !== from) return length < from;
  for (let i = 0; i < length; i++) {
    const x = ints[from + i] ?? 0;
    const y = ints[i] ?? 0;
    if (x !== y) return x < y;
  }
  return false;
}
