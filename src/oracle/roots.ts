// What the invocations of a run are called in a trace, and which of them have not returned. Mirrors spec/15.

import type { Store } from "../model/store.ts";
import type { System } from "../scheduler/machine.ts";

/** What each invocation is called in a trace: as the header's `calls` say, or as the model calls its root. */
export function callNames(
  { initial: { roots } }: Pick<System, "initial">,
  calls: readonly string[] = [],
): ReadonlyMap<string, string> {
  // before the invocations of a scenario come the processes of its host
  const first = roots.length - calls.length;
  return new Map(roots.map(({ name }, i) => [name, calls[i - first] ?? name]));
}

/** The invocations that have not returned. */
export function openRoots({ roots }: Pick<Store, "roots">): readonly string[] {
  return roots.filter(({ thread }) => thread !== null).map(({ name }) => name);
}
