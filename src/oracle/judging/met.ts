// Which states were met at which place of a trace, for as long as somebody may come there again. Mirrors spec/15.

import type { Store } from "../../model/store.ts";
import { Encoding, type Key } from "../../scheduler/encoding/encoding.ts";
import { type StoreEncoder, storeEncoder } from "../../scheduler/encoding/store.ts";
import { Visited } from "../../scheduler/explore/visited.ts";
import type { System } from "../../scheduler/machine.ts";
import { type Bindings, hashOf } from "./bindings.ts";

/** So many places share a table, as a power of 2; tables are let go as a whole. */
const tableBits = 7;

export class Met {
  readonly #encoder: StoreEncoder;
  readonly #encoding = new Encoding();
  readonly #key: Key = { hi: 0, lo: 0 };
  readonly #tables = new Map<number, Visited>();

  constructor(system: System) {
    this.#encoder = storeEncoder(system, { dead: true });
  }

  /** How many keys are held. */
  get size(): number {
    let sum = 0;
    for (const { size } of this.#tables.values()) sum += size;
    return sum;
  }

  /** Whether a state is met there for the first time. */
  isNew(store: Store, position: number, bindings: Bindings): boolean {
    const { hi, lo } = hashOf(bindings);
    const encoding = this.#encoding;
    encoding.clear();
    this.#encoder.encode(store, encoding);
    for (const n of [position, hi, lo]) encoding.push(n);
    encoding.hash(this.#key);
    return this.#table(position).visit(this.#key) < 0;
  }

  /** Forgets what was met before a place, as far as whole tables go. */
  drop(before: number): void {
    const first = before >>> tableBits;
    for (const n of this.#tables.keys()) {
      if (n < first) this.#tables.delete(n);
    }
  }

  #table(position: number): Visited {
    const n = position >>> tableBits;
    const known = this.#tables.get(n);
    if (known !== undefined) return known;
    const table = new Visited();
    this.#tables.set(n, table);
    return table;
  }
}
