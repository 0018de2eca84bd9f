// A toy for schedulers: threads that each take some steps, and a record of who ran when.

import type { Model, Named } from "../../src/scheduler/model.ts";

/** Steps left by thread, and the letters of the threads in the order in which they ran. */
export interface Toy {
  readonly left: readonly number[];
  readonly trace: string;
}

/**
 * Threads a, b, .. with so many steps each. `name` gives the name of thread i's action; threads of one
 * instance race. The trace is part of the state, and each step observes its letter.
 */
export function toyThreads(
  steps: readonly number[],
  name: (letter: string, i: number) => string = (letter) => `resume ${letter.toUpperCase()}.f`,
): Model<Toy, Named> {
  const letters = steps.map((_, i) => "abcdef".charAt(i));
  return {
    initial: { left: steps, trace: "" },
    enabled: ({ left }) =>
      letters
        .map((letter, i) => ({ name: name(letter, i), id: `resume ${i}` }))
        .filter((_, i) => (left[i] ?? 0) > 0),
    step: ({ left, trace }, { id }) => {
      const i = Number(id?.split(" ")[1]);
      return { left: left.map((n, j) => (j === i ? n - 1 : n)), trace: trace + letters[i] };
    },
    encode: ({ trace }, out) => out.text(trace),
    observed: ({ trace }) => (trace === "" ? [] : [trace.slice(-1)]),
  };
}
