// Ways to look over a whole store: live entities by kind, frames, handles.

import type { Frame } from "../model/frames.ts";
import type { End, HandleEntry, Store, Subtask, Task, Waitable } from "../model/store.ts";
import type { Thread } from "../model/thread.ts";

export function live<E>(slots: readonly (E | null)[]): [number, E][] {
  return [...slots.entries()].filter((slot): slot is [number, E] => slot[1] !== null);
}

export const threads = (s: Store): [number, Readonly<Thread>][] => live(s.entities.thread);
export const waitables = (s: Store): [number, Readonly<Waitable>][] => live(s.entities.waitable);
export const tasks = (s: Store): [number, Readonly<Task>][] => live(s.entities.task);

export function isEnd(slot: [number, Readonly<Waitable>]): slot is [number, Readonly<End>] {
  return slot[1].tag === "end";
}

export function isSubtask(slot: [number, Readonly<Waitable>]): slot is [number, Readonly<Subtask>] {
  return slot[1].tag === "subtask";
}

export function frames(s: Store): Frame[] {
  return threads(s).flatMap(([, t]) => [...t.frames]);
}

export function handles(s: Store): HandleEntry[] {
  return s.entities.instance.flatMap((inst) =>
    (inst?.handles.array ?? []).filter((e): e is HandleEntry => e !== null),
  );
}

export function count<X>(xs: readonly X[], p: (x: X) => boolean): number {
  return xs.filter(p).length;
}

/** The first problem found among many. */
export function first(problems: Iterable<string | null>): string | null {
  for (const problem of problems) if (problem !== null) return problem;
  return null;
}

const parked: ReadonlySet<string> = new Set(["lift.yielded", "lift.waited"]);

export function isParked(t: Readonly<Thread>): boolean {
  return t.state.tag === "waiting" && parked.has(t.frames[t.frames.length - 1]?.tag ?? "");
}
