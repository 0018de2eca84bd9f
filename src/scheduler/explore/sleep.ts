// Sleep sets: actions that need not be executed, since another order of them was. Mirrors spec/07.

import type { AccessSet } from "../access.ts";
import { Ints } from "./ints.ts";

/** An action that sleeps, with what its step reads and writes. */
export interface Sleeper {
  /** number of the action's id */
  readonly id: number;
  readonly access: AccessSet;
  /** whether its step observes something: two that do are never reordered */
  readonly observes: boolean;
}

export type Sleep = readonly Sleeper[];

export const awake: Sleep = [];
const none: readonly number[] = [];

/** Who sleeps on past a step. */
export function asleepAfter(sleep: Sleep, step: Sleeper): Sleep {
  if (sleep.length === 0) return awake;
  return sleep.filter((z) => !(step.observes && z.observes) && !z.access.conflicts(step.access));
}

export function withIds(sleep: Sleep, ids: readonly number[]): Sleep {
  return sleep.filter(({ id }) => ids.includes(id));
}

/** Sets of ids by number: most nodes share theirs with many others; 0 is the empty set. */
class IdSets {
  readonly #sets: (readonly number[])[] = [[]];
  readonly #numbers = new Map<string, number>([["", 0]]);

  /** `ids` without repetition, in any order. */
  number(ids: readonly number[]): number {
    if (ids.length === 0) return 0;
    const sorted = [...ids].sort((a, b) => a - b);
    const key = sorted.join();
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#sets.length);
    this.#sets.push(sorted);
    return this.#sets.length - 1;
  }

  of(number: number): readonly number[] {
    return this.#sets[number] ?? none;
  }
}

/** Which ids sleep at which node. */
export class Sleeping {
  readonly #sets: IdSets = new IdSets();
  readonly #setOf: Ints = new Ints();

  of(node: number): readonly number[] {
    return node < this.#setOf.length ? this.#sets.of(this.#setOf.at(node)) : none;
  }

  put(node: number, ids: readonly number[]): void {
    if (ids.length === 0 && node >= this.#setOf.length) return;
    while (this.#setOf.length <= node) this.#setOf.push(0);
    this.#setOf.set(node, this.#sets.number(ids));
  }
}

export const idsOf = (sleep: Sleep): readonly number[] =>
  sleep.length === 0 ? none : sleep.map(({ id }) => id);
