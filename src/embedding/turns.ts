// The choices that an embedding makes by default: the default ones, except that ready threads take turns.

import { defaultPolicy, type Policy } from "../scheduler/run.ts";

/**
 * Of the host's moves the one that was made least recently, so that a guest that polls does not keep
 * others from running; everywhere else the default.
 */
export function takingTurns(): Policy {
  const made = new Map<string, number>();
  let moves = 0;
  return (enabled) => {
    const first = defaultPolicy(enabled);
    if (first.tag !== "host") return first;
    const since = (name: string): number => made.get(name) ?? -1;
    const picked = enabled.reduce(
      (best, a) => (since(a.name) < since(best.name) ? a : best),
      first,
    );
    made.set(picked.name, moves++);
    return picked;
  };
}
