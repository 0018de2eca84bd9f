// Runs of hand-made systems to their end, by the default choices.

import type { Store } from "../src/model/store.ts";
import { startRun } from "../src/scheduler/live.ts";
import type { System } from "../src/scheduler/machine.ts";
import { resultOf } from "./system.ts";
import { demand } from "./workload.ts";

/** Runs to the end, where the host's call must have returned `expected`. */
export function finish(system: System, expected: number): Store {
  const live = startRun(system, { bound: Number.POSITIVE_INFINITY });
  for (;;) {
    const [first] = live.enabled();
    if (first === undefined) break;
    live.take(first);
  }
  const store = live.snapshot();
  demand(store.ending === null, `it ended with ${JSON.stringify(store.ending)}`);
  demand(resultOf(store) === expected, `it gave ${resultOf(store)} instead of ${expected}`);
  return store;
}
