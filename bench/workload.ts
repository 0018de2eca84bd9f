// What is measured: a rate that has a counterpart in the reference, or a figure of our own.

/** What a number should come up to; nothing fails if it does not. */
export interface Target {
  /** `ratio`: of our rate to the reference's */
  readonly of: "value" | "ratio";
  readonly is: "at least" | "at most";
  readonly bound: number;
}

/** Something done `n` times, at which the reference can be made to work as well. */
export interface Rate {
  readonly tag: "rate";
  /** also what bench/reference.py calls it */
  readonly name: string;
  readonly unit: string;
  /** iterations of one of our runs */
  readonly n: number;
  /** iterations of one run of the reference: some tenths of a second */
  readonly referenceN: number;
  /** what one iteration copies, for the number `NAME.bytes`; null: nothing to speak of */
  readonly bytes: number | null;
  readonly target: Target | null;
  /** Gets ready; the run it gives does `n` iterations, once, and throws unless the result is right. */
  prepare(n: number): () => void;
}

/** A number that has no counterpart: how it is taken is its own business. */
export interface Figure {
  readonly tag: "figure";
  readonly name: string;
  readonly unit: string;
  readonly target: Target | null;
  /** `small`: in a moment, to see that it works; the number then means nothing. */
  measure(small: boolean): number;
}

export type Workload = Rate | Figure;

/** A workload went wrong: it would have measured something else. */
export function demand(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`a workload went wrong: ${what}`);
}
