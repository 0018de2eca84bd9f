// How a run ended: the facts that outcome sets are made of. Mirrors spec/07.

import type { HandleEntry, Store } from "../model/store.ts";
import type { Thread } from "../model/thread.ts";

/** `ok`: every invocation returned; `stuck`: some did not and nothing can move. */
export type End =
  | { readonly tag: "ok" }
  | { readonly tag: "traps"; readonly code: string }
  | { readonly tag: "bug"; readonly code: string }
  | { readonly tag: "limit"; readonly bound: string }
  | { readonly tag: "stuck"; readonly roots: readonly string[] }
  | { readonly tag: "diverges" };

export interface Outcome {
  readonly log: readonly string[];
  readonly end: End;
  /** What is left over in a run that ended `ok` or `stuck`, e.g. `subtask`: sorted, with repeats. */
  readonly leaks: readonly string[];
}

/** The outcome of a store in which nothing is enabled. */
export function outcomeOf(store: Store): Outcome {
  const end = endOf(store);
  const whole = end.tag === "ok" || end.tag === "stuck";
  return { log: store.log, end, leaks: whole ? leaksOf(store) : [] };
}

/** What a search keeps of a final: everything about its outcome but the log, as a text. */
export function factOf(store: Store): string {
  const { end, leaks } = outcomeOf(store);
  return JSON.stringify([end, leaks]);
}

/** The outcome of a run that observed `log` and came to a final with this `factOf`. */
export function outcomeWith(log: readonly string[], fact: string): Outcome {
  const [end, leaks] = JSON.parse(fact) as [End, readonly string[]];
  return { log, end, leaks };
}

function endOf({ ending, roots }: Store): End {
  if (ending?.tag === "trap") return { tag: "traps", code: ending.code };
  if (ending?.tag === "bug") return { tag: "bug", code: ending.code };
  if (ending?.tag === "limit") return { tag: "limit", bound: ending.bound };
  const open = roots.filter((root) => root.thread !== null).map((root) => root.name);
  return open.length === 0 ? { tag: "ok" } : { tag: "stuck", roots: open };
}

function leaksOf({ entities }: Store): readonly string[] {
  const handles = entities.instance
    .flatMap((inst) => inst?.handles.array ?? [])
    .flatMap((entry) => (entry === null ? [] : [handleKind(entities, entry)]));
  const threads = entities.thread.filter((t) => t !== null && !isHosts(t)).map(() => "thread");
  const tasks = entities.task.filter((t) => t !== null).map(() => "task");
  return [...handles, ...threads, ...tasks].sort();
}

/** A thread of the host that waits for work: it is not left over, it is always there. */
function isHosts({ task, state }: Readonly<Thread>): boolean {
  return task === null && state.tag === "waiting" && state.ready.tag === "guest";
}

function handleKind(entities: Store["entities"], entry: HandleEntry): string {
  if (entry.tag === "resource") return entities.handle[entry.handle]?.own ? "own" : "borrow";
  return entry.tag === "waitable" ? (entities.waitable[entry.waitable]?.tag ?? "end") : entry.tag;
}

/** The end in the words of the scenario language; nothing for `ok`. */
export function showEnd(end: End): string {
  switch (end.tag) {
    case "ok":
      return "";
    case "traps":
      return `traps ${end.code}`;
    case "bug":
      return `bug ${end.code}`;
    case "limit":
      return `limit ${end.bound}`;
    case "stuck":
      return `stuck ${end.roots.join(", ")}`;
    case "diverges":
      return "diverges";
  }
}

/** One line that identifies an outcome by log and end (leaks are facts beside it). */
export function showOutcome(outcome: Outcome): string {
  const end = showEnd(outcome.end);
  return `[${outcome.log.join(", ")}]${end === "" ? "" : ` ${end}`}`;
}

/** The identity of an outcome: what deduplicates them. */
export function outcomeKey(outcome: Outcome): string {
  return JSON.stringify([outcome.log, outcome.end, outcome.leaks]);
}

/** How a run went, without what is left over: two runs that `exactly` takes for the same have it. */
export function runKey({ log, end }: Outcome): string {
  return JSON.stringify([log, showEnd(end)]);
}
