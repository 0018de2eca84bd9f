// Standing properties: what must hold in every store of every exploration. Mirrors spec/07.

import type { Store } from "../model/store.ts";
import { invariants } from "./invariants.ts";
import { first, frames, isEnd, isParked, tasks, waitables } from "./survey.ts";

/** A property of single stores; `broken` says what is wrong, or null. */
export interface Property {
  readonly name: string;
  /** What must hold, in one sentence. */
  readonly text: string;
  /** `final`: only where nothing can move any more. */
  readonly when: "always" | "final";
  broken(store: Store): string | null;
}

/** CM#707: nothing keeps the task from being told, and yet it is not. */
function strandedCancel(s: Store): string | null {
  return first(
    tasks(s).map(([, task]) => {
      if (task.state !== "pending-cancel" || task.implicitThread === null) return null;
      const t = s.entities.thread[task.implicitThread];
      const inst = s.entities.instance[task.instance];
      if (!t || !isParked(t) || inst?.exclusiveThread !== null) return null;
      return `${task.name} is in its event loop with a cancellation that is never delivered`;
    }),
  );
}

/** CM#720: a thread waits for an end whose peer is gone, and nobody tells it. */
function deafEnd(s: Store): string | null {
  const waited = new Set(
    frames(s).flatMap((f): readonly unknown[] => {
      if (f.tag === "copy.waited") return [f.waitable];
      const set = f.tag === "waitable-set.waited" || f.tag === "lift.waited" ? f.set : null;
      return set === null ? [] : (s.entities.set[set as number]?.elems ?? []);
    }),
  );
  return first(
    waitables(s)
      .filter(isEnd)
      .map(([id, end]) => {
        const gone = end.other === null && end.state !== "done" && end.pendingEvent === null;
        return gone && waited.has(id) ? "a thread waits for an end whose peer is gone" : null;
      }),
  );
}

function bug(s: Store): string | null {
  if (s.ending?.tag !== "bug") return null;
  const { code, rule, detail } = s.ending;
  return `assertion ${code} failed in ${rule}: ${detail}`;
}

/** Those of the machine, in the order in which they are reported. */
export const standingProperties: readonly Property[] = [
  { name: "no-bug", text: "No assertion of the specification fails.", when: "always", broken: bug },
  {
    name: "no-stranded-cancel",
    text: "A pending cancellation reaches a task that waits in its event loop.",
    when: "final",
    broken: strandedCancel,
  },
  {
    name: "no-deaf-end",
    text: "A waiter whose peer is gone wakes up.",
    when: "final",
    broken: deafEnd,
  },
  ...invariants.map(
    ([name, text, check]): Property => ({
      name,
      text,
      when: "always",
      broken: (s) => (s.ending === null ? check(s) : null),
    }),
  ),
];

/** The first of some properties that a store breaks; `final`: nothing can move any more. */
export function brokenProperty(
  store: Store,
  final: boolean,
  properties: readonly Property[] = standingProperties,
): { readonly name: string; readonly detail: string } | null {
  for (const { name, when, broken } of properties) {
    if (when === "final" && !final) continue;
    const detail = broken(store);
    if (detail !== null) return { name, detail };
  }
  return null;
}
