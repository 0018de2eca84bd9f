// What must hold in every store of every exploration of a split system. Mirrors spec/11.

import type { Frame } from "../../model/frames.ts";
import type { CoreFunc } from "../../model/program.ts";
import type { ResourceHandle, Store } from "../../model/store.ts";
import type { Property } from "../../scheduler/properties.ts";
import { type Tasks, tasksGlobal } from "./tasks.ts";

/** The capabilities in the order of their resource types. */
const kinds = ["pending", "cancel", "ready"] as const;

/** How many capabilities of each kind there are on each task, in tables and inboxes: `cancel 2`. */
function capabilities({ entities }: Store, tasks: Tasks): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const count = (kind: string | undefined, task: number): void => {
    if (kind === undefined) return;
    const key = `${kind} ${task}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  };
  const owned = entities.handle.filter((h): h is ResourceHandle => h?.own === true);
  for (const { rt, rep } of owned) count(kinds[rt - tasks.firstResource], rep);
  for (const input of tasks.inboxes.flat()) {
    if (input.tag === "ready") count("ready", input.task);
    else if (input.tag !== "cancel-complete") count("cancel", input.task);
  }
  return counts;
}

function isTwice(store: Store, tasks: Tasks): string | null {
  const twice = [...capabilities(store, tasks)].find(([, n]) => n > 1);
  return twice === undefined ? null : `there are ${twice[1]} of \`${twice[0]}\``;
}

/**
 * What the host itself holds: on the root call the right to wait, then also the one to claim; on a call that
 * could not be cancelled the right to do so.
 */
function heldByHost({ tasks, root, done }: Tasks, id: number): number {
  const task = tasks[id];
  if (task?.kind === "future" && task.asked) return 1;
  if (root !== id) return 0;
  return done ? 2 : 1;
}

/** While nobody runs every capability lies in a table or an inbox. */
function isMiscounted(store: Store, tasks: Tasks): string | null {
  if (store.stack.length > 0) return null;
  const counts = capabilities(store, tasks);
  for (const [key, { refs }] of Object.entries(tasks.tasks)) {
    const id = Number(key);
    const inTables = kinds.map((kind) => counts.get(`${kind} ${id}`) ?? 0);
    const live = inTables.reduce((a, b) => a + b, heldByHost(tasks, id));
    if (live !== refs) return `task ${id} counts ${refs} capabilities and has ${live}`;
  }
  return null;
}

/** The host looks at its own events, and ends a call, only when all messages are delivered. */
function isUndelivered({ stack }: Store, { inboxes }: Tasks): string | null {
  const late = stack.length === 0 && inboxes.some((inbox) => inbox.length > 0);
  return late ? "nobody runs, but a component has not been told everything" : null;
}

function isRoot({ frames }: { readonly frames: readonly Frame[] }): boolean {
  const cores = frames.flatMap(({ core }) => (core === undefined ? [] : [core as CoreFunc]));
  return cores.some(({ guest, code }) => guest === "isyswasfa" && code === -1);
}

/** A poll function is called by a root call's thread, beneath which nobody runs. */
function isReentered({ stack, entities }: Store): string | null {
  const above = stack.slice(1).map((id) => entities.thread[id]);
  return above.some((t) => t != null && isRoot(t))
    ? "a root call runs while guest code does"
    : null;
}

function law(
  name: string,
  text: string,
  broken: (store: Store, tasks: Tasks) => string | null,
): Property {
  return {
    name,
    text,
    when: "always",
    broken: (store) => {
      const tasks = store.entities.instance[0]?.globals[tasksGlobal] as Tasks | undefined;
      return tasks === undefined || store.ending !== null ? null : broken(store, tasks);
    },
  };
}

/** All of them, in the order in which they are reported. */
export const isyswasfaLaws: readonly Property[] = [
  law(
    "I01",
    "Each token has its messages in an order that the protocol allows.",
    (_s, t) => t.broken,
  ),
  law("I02", "A capability on a task exists at most once.", isTwice),
  law("I03", "A task counts the capabilities on it.", isMiscounted),
  law("I04", "While the host waits every message is delivered.", isUndelivered),
  law("I05", "The host calls a component only while no guest code runs.", isReentered),
];
