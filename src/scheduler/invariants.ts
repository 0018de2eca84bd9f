// Invariants: counters and links of a store that must agree after every step. Mirrors spec/07.

import type { Frame } from "../model/frames.ts";
import type { SetId, TaskId, WaitableId } from "../model/ids.ts";
import type { Store, Table } from "../model/store.ts";
import type { Thread } from "../model/thread.ts";
import {
  count,
  first,
  frames,
  handles,
  isEnd,
  isParked,
  isSubtask,
  live,
  tasks,
  threads,
  waitables,
} from "./survey.ts";

function paths(s: Store): string | null {
  const all = threads(s).map(([, t]) => t.path);
  return new Set(all).size === all.length ? null : "two threads have one path";
}

function runningStack(s: Store): string | null {
  const stack = new Set<number>(s.stack);
  return first(
    threads(s).map(([id, t]) =>
      stack.has(id) === (t.state.tag === "running") ? null : `${t.name} is ${t.state.tag}`,
    ),
  );
}

function exclusive(s: Store): string | null {
  return first(
    s.entities.instance.map((inst) => {
      if (!inst || inst.exclusiveThread === null) return null;
      const t = s.entities.thread[inst.exclusiveThread];
      if (!t) return "the exclusive lock is held by a thread that is gone";
      const task = t.task === null ? null : s.entities.task[t.task];
      if (task?.implicitThread !== inst.exclusiveThread) return `${t.name} is no implicit thread`;
      return isParked(t) ? `${t.name} holds the lock in its event loop` : null;
    }),
  );
}

function counters(s: Store): string | null {
  const all = frames(s);
  const enterings = threads(s).filter(([, t]) => t.frames.some((f) => f.tag === "lift.entered"));
  const waitingToEnter = first(
    s.entities.instance.map((inst, i) => {
      const n = count(enterings, ([, t]) => instanceOf(s, t) === i);
      return inst && inst.numWaitingToEnter !== n ? `${n} tasks wait to enter` : null;
    }),
  );
  const onSets = live(s.entities.set).map(([id, set]) => {
    const waits = (f: Frame): boolean =>
      (f.tag === "waitable-set.waited" || f.tag === "lift.waited") && f.set === id;
    const n = count(all, waits);
    return set.numWaiting === n ? null : `${n} threads wait on a set that counts ${set.numWaiting}`;
  });
  return waitingToEnter ?? first(onSets);
}

function instanceOf(s: Store, t: Readonly<Thread>): number | null {
  return t.task === null ? null : (s.entities.task[t.task]?.instance ?? null);
}

function membership(s: Store): string | null {
  const inward = waitables(s).map(([id, w]) =>
    w.set === null || s.entities.set[w.set]?.elems.includes(id as WaitableId)
      ? null
      : "a waitable is in a set that does not list it",
  );
  const outward = live(s.entities.set).flatMap(([id, set]) =>
    set.elems.map((w) =>
      s.entities.waitable[w]?.set === (id as SetId)
        ? null
        : "a set lists a waitable of no or another set",
    ),
  );
  return first([...inward, ...outward]);
}

const claims: ReadonlySet<string> = new Set([
  "copy.waited",
  "subtask.cancel.requested",
  "subtask.cancel.done",
]);

function syncWaiters(s: Store): string | null {
  const claimed = new Set(
    frames(s)
      .filter((f) => claims.has(f.tag))
      .map((f) => f.waitable),
  );
  return first(
    waitables(s).map(([id, w]) =>
      w.hasSyncWaiter && !claimed.has(id) ? "a waitable is claimed by nobody" : null,
    ),
  );
}

function endBuffers(s: Store): string | null {
  return first(
    waitables(s)
      .filter(isEnd)
      .map(([, end]) => {
        const busy = end.state === "copying" || end.state === "cancelling";
        return !busy && end.buffer !== null ? `an end that is ${end.state} has a buffer` : null;
      }),
  );
}

function peers(s: Store): string | null {
  return first(
    waitables(s)
      .filter(isEnd)
      .map(([id, end]) => {
        if (end.other === null) return null;
        const peer = s.entities.waitable[end.other];
        return peer?.tag === "end" && peer.other === id
          ? null
          : "two ends do not point at each other";
      }),
  );
}

function lends(s: Store): string | null {
  const lent = waitables(s)
    .filter(isSubtask)
    .flatMap(([, sub]) => [...(sub.lenders ?? [])]);
  return first(
    live(s.entities.handle).map(([id, h]) => {
      const n = count(lent, (x) => x === id);
      return h.numLends === n ? null : `a handle is lent ${n} times but counts ${h.numLends}`;
    }),
  );
}

function borrows(s: Store): string | null {
  const held = handles(s).flatMap((e) =>
    e.tag === "resource" ? [s.entities.handle[e.handle]] : [],
  );
  return first(
    tasks(s).map(([id, task]) => {
      const n = count(held, (h) => h?.task === (id as TaskId));
      return task.numBorrows === n
        ? null
        : `${task.name} holds ${n} borrows but counts ${task.numBorrows}`;
    }),
  );
}

/** While a subtask is on its way into the table, or claimed by a cancel, its event may be taken. */
function resolutions(s: Store): string | null {
  return first(
    waitables(s)
      .filter(isSubtask)
      .map(([, sub]) => {
        const resolved = sub.state !== "STARTING" && sub.state !== "STARTED";
        if (sub.index === null || sub.hasSyncWaiter) return null;
        const delivered = sub.lenders === null;
        if (resolved && !delivered && !sub.pendingEvent) return "a resolution is lost";
        return delivered && sub.pendingEvent ? "a delivered subtask has an event" : null;
      }),
  );
}

function tables(s: Store): string | null {
  const all = s.entities.instance.flatMap((inst): Table<unknown>[] =>
    inst ? [inst.handles, inst.threads] : [],
  );
  return first(
    all.map(({ array, free }) => {
      if (array[0] !== null) return "index 0 is in use";
      if (new Set(free).size !== free.length) return "an index is free twice";
      if (free.some((i) => array[i] !== null || i === 0)) return "a used index is free";
      const empty = count(array.slice(1), (e) => e === null);
      return empty === free.length ? null : "an empty index is not free";
    }),
  );
}

/** Before a step of the run ended it, every counter and link of a store agrees with the others. */
export const invariants: readonly [string, string, (s: Store) => string | null][] = [
  ["G01", "No two threads have one path.", paths],
  ["G01b", "A thread is on the stack iff it runs.", runningStack],
  ["G02", "The exclusive lock is free or held by a turn in progress.", exclusive],
  ["G04", "The counters of waiters are the numbers of waiters.", counters],
  ["G05", "A waitable is in a set iff the set lists it.", membership],
  ["G06", "A claimed waitable has a thread that claims it.", syncWaiters],
  ["G07", "An end without a copy has no buffer.", endBuffers],
  ["G07b", "Two ends point at each other.", peers],
  ["G09", "A handle counts as often as it is lent.", lends],
  ["G10", "A task counts the borrows it holds.", borrows],
  ["G12", "A resolution is pending or delivered, not both and not neither.", resolutions],
  ["G15", "Index 0 is never used and free lists hold the free indices.", tables],
];
