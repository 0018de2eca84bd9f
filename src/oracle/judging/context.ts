// The shortest context of a rejection: which earlier events an event contradicts. Mirrors spec/15.

/**
 * Judges the trace up to the rejected event once more, whose earlier events say no more than their kind, but
 * for those that `says` picks by their place. True: it is rejected as before; null: a bound came first.
 */
export type Rejects = (says: (index: number) => boolean) => boolean | null;

export interface Context {
  /** places in the trace, in order */
  readonly events: readonly number[];
  /** whether without what any one of them says there would be no rejection; false: that is not known */
  readonly shortest: boolean;
}

/**
 * Forgets as much as it can, the first half of the events at once, then halves of what is still needed. Who
 * knows less rejects less, so that an event which was needed once is needed by any part of what was known
 * then: one pass over the events is enough.
 */
class Forgetting {
  readonly #rejects: Rejects;
  readonly #said: boolean[];
  #calls: number;
  #certain = true;

  constructor(count: number, rejects: Rejects, maxCalls: number) {
    this.#rejects = rejects;
    this.#said = new Array<boolean>(count).fill(true);
    this.#calls = maxCalls;
  }

  /** Whether these events, from one place up to another, can be forgotten too; null: that is not known. */
  #forgets(from: number, to: number): boolean | null {
    if (this.#calls === 0) return null;
    this.#calls -= 1;
    const rejected = this.#rejects((index) => {
      return this.#said[index] === true && (index < from || index >= to);
    });
    if (rejected === true) this.#said.fill(false, from, to);
    return rejected;
  }

  /** Gives whether all of them are forgotten; `known`: what asking for them would say, if that is known. */
  part(from: number, to: number, known?: boolean | null): boolean {
    if (from === to) return true;
    const forgotten = known === undefined ? this.#forgets(from, to) : known;
    if (forgotten === true) return true;
    if (to - from > 1) {
      const middle = (from + to) >>> 1;
      const first = this.part(from, middle);
      // without the first half, the second one is asked for what both were
      this.part(middle, to, first ? forgotten : undefined);
    } else if (forgotten === null) this.#certain = false;
    return false;
  }

  context(): Context {
    const events = this.#said.flatMap((said, index) => (said ? [index] : []));
    return { events, shortest: this.#certain };
  }
}

/**
 * Of the `count` events before the one that was rejected, those that are enough for it. What could not be
 * decided at a bound counts as needed; `maxCalls` is how often `rejects` may be asked.
 */
export function shortestContext(count: number, rejects: Rejects, maxCalls = 256): Context {
  const forgetting = new Forgetting(count, rejects, maxCalls);
  forgetting.part(0, count);
  return forgetting.context();
}
