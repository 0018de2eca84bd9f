// Numbers for the entities of a store in the order in which a walk meets them. Mirrors spec/07.

import type { Store } from "../../model/store.ts";

/** The kinds whose ids are made while a system runs; instances and memories belong to its program. */
const moving = ["thread", "task", "waitable", "set", "handle"] as const;

/** The place of each kind in `moving`. */
export const kindNumber = { thread: 0, task: 1, waitable: 2, set: 3, handle: 4 } as const;

/** What stands for an id whose entity was removed. */
const gone = -1;

/** Numbers from 1 for each kind, and the queue of what was met, in order. */
export class Numbering {
  readonly #numbers: Int32Array[] = moving.map(() => new Int32Array(64));
  readonly #counts = new Int32Array(moving.length);
  /** by kind: the entities of the store */
  readonly #slots: (readonly unknown[])[] = moving.map(() => []);
  /** Kinds and ids of everything met, in order: `count` of them are from this walk. */
  readonly kinds: number[] = [];
  readonly ids: number[] = [];
  count = 0;

  /** Forgets the walk before. */
  begin(entities: Store["entities"]): void {
    this.#counts.fill(0);
    this.count = 0;
    this.#start(kindNumber.thread, entities.thread);
    this.#start(kindNumber.task, entities.task);
    this.#start(kindNumber.waitable, entities.waitable);
    this.#start(kindNumber.set, entities.set);
    this.#start(kindNumber.handle, entities.handle);
  }

  /** The numbers of the walk before go, also those beyond the entities that there are now. */
  #start(kind: number, slots: readonly unknown[]): void {
    const before = this.#slots[kind]?.length ?? 0;
    this.#slots[kind] = slots;
    const numbers = this.#numbers[kind];
    if (numbers === undefined || numbers.length < slots.length) {
      this.#numbers[kind] = new Int32Array(slots.length * 2);
    } else for (let i = 0; i < before; i++) numbers[i] = 0;
  }

  /** The number of an entity; one that is met for the first time gets the next of its kind. */
  of(kind: number, id: number): number {
    const numbers = this.#numbers[kind];
    const known = numbers?.[id];
    if (known !== undefined && known !== 0) return known;
    return this.#meet(kind, id);
  }

  #meet(kind: number, id: number): number {
    if (!this.#slots[kind]?.[id]) return gone;
    const number = (this.#counts[kind] ?? 0) + 1;
    this.#counts[kind] = number;
    const numbers = this.#numbers[kind];
    if (numbers !== undefined) numbers[id] = number;
    this.kinds[this.count] = kind;
    this.ids[this.count] = id;
    this.count += 1;
    return number;
  }
}
