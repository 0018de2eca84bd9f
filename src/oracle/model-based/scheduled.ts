// fast-check's scheduler decides which thread of a program goes on. Mirrors spec/15.

import type { Scheduler } from "fast-check";
import type { Choose } from "./turns.ts";

/**
 * Lets a scheduler of fast-check choose: each thread that may go on is a task, and the one that is
 * released goes on. A thread that is not ready any more when it is released stays where it is.
 */
export function takingTurns(scheduler: Scheduler): Choose {
  const waiting = new Set<string>();
  let released: string | null = null;
  const add = (name: string): void => {
    if (waiting.has(name)) return;
    waiting.add(name);
    scheduler.schedule(Promise.resolve(), name).then(() => {
      waiting.delete(name);
      released = name;
    });
  };
  return async (ready) => {
    for (;;) {
      for (const name of ready) add(name);
      await scheduler.waitOne();
      const chosen = released;
      if (chosen !== null && ready.includes(chosen)) return chosen;
    }
  };
}
