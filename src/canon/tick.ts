// What the host does between two runs of guest code: Store.tick. Mirrors spec/02.

import type { ThreadId, WaitableId } from "../model/ids.ts";
import { completeCancel } from "./ends.ts";
import { enterFrom } from "./entering.ts";
import { amended, type Ctx } from "./machine.ts";
import { describe } from "./names.ts";
import { readEnd } from "./pairs.ts";
import { idleUntil, isReady, waitsOutside } from "./ready.ts";
import { newThread, resume, resumeId } from "./threads.ts";

/** One thing the host may do now; `id` says which in every state that behaves alike. */
export type HostMove =
  | {
      readonly tag: "resume";
      readonly thread: ThreadId;
      readonly name: string;
      readonly id: string;
    }
  | {
      readonly tag: "complete-cancel";
      readonly waitable: WaitableId;
      readonly name: string;
      /** null for an end that no table holds */
      readonly id: string | null;
    };

/** Everything the host may do while no guest code runs: ready threads by path, then its own. */
export function hostMoves(c: Ctx): readonly HostMove[] {
  const ready = readyThreads(c);
  const moves = resumptionsOf(c, ready);
  const deferred = c.edit.waitable.ids().filter((id) => isDeferredCancel(c, id));
  if (deferred.length > 0) return [...moves, ...completions(c, deferred)];
  // what is no part of the model may never come, so that what happens last may happen before it
  const idle = ready.every((id) => waitsOutside(c.edit.thread.read(id)));
  return idle ? [...moves, ...idleMoves(c)] : moves;
}

function readyThreads(c: Ctx): ThreadId[] {
  const ready: ThreadId[] = [];
  const { list } = c.edit.thread;
  for (let id = 0; id < list.length; id++) {
    const waits = list[id]?.state.tag === "waiting";
    if (waits && isReady(c, id as ThreadId)) ready.push(id as ThreadId);
  }
  return ready;
}

/** By path. */
function resumptionsOf(c: Ctx, ready: ThreadId[]): readonly HostMove[] {
  const { list } = c.edit.thread;
  if (ready.length > 1) {
    ready.sort((a, b) => ((list[a]?.path ?? "") < (list[b]?.path ?? "") ? -1 : 1));
  }
  return ready.map((id) => resumption(c, id));
}

/** What the host may do when there is nothing else: the threads that waited for that the shortest. */
export function idleMoves(c: Ctx): readonly HostMove[] {
  let least: bigint | null = null;
  let ready: ThreadId[] = [];
  for (const [id, t] of c.edit.thread.list.entries()) {
    const until = t === null ? null : idleUntil(t);
    if (until === null || (least !== null && until > least)) continue;
    if (until !== least) ready = [];
    least = until;
    ready.push(id as ThreadId);
  }
  return resumptionsOf(c, ready);
}

/** The move that resumes a ready thread. */
export function resumption(c: Ctx, id: ThreadId): HostMove {
  const { name, path } = c.edit.thread.read(id);
  return { tag: "resume", thread: id, name: `resume ${name}`, id: resumeId(path) };
}

/** The moves that complete deferred cancels, by owner and index: no order of making counts. */
export function completions(c: Ctx, deferred: readonly WaitableId[]): readonly HostMove[] {
  const place = (id: WaitableId): number => {
    const { owner, index } = readEnd(c, id);
    return (owner ?? -1) * 2 ** 28 + (index ?? 0);
  };
  return deferred.toSorted((a, b) => place(a) - place(b)).map((id) => completion(c, id));
}

function completion(c: Ctx, waitable: WaitableId): HostMove {
  const { owner, index } = readEnd(c, waitable);
  const name = `complete-cancel ${describe(c, waitable)}`;
  const id = owner === null ? null : `complete-cancel ${owner}/${index}`;
  return { tag: "complete-cancel", waitable, name, id };
}

/**
 * A cancelled copy that its host peer has not answered. A guest peer never leaves one, but may have
 * been given the end since (see divergences, D-deferred-cancel).
 */
export function isDeferredCancel(c: Ctx, id: WaitableId): boolean {
  const end = c.edit.waitable.read(id);
  if (end.tag !== "end" || end.state !== "cancelling" || end.pendingEvent !== null) return false;
  return end.other !== null;
}

/** `Store.tick` with its choice made. */
export function tick(c: Ctx, move: HostMove): void {
  if (move.tag === "complete-cancel") completeCancel(c, move.waitable);
  else resumeFromHost(c, move.thread);
}

/** That nothing else could happen depends on every thread and every end: whoever observes has to know. */
function lookAround(c: Ctx): void {
  for (const id of c.edit.thread.ids()) c.edit.thread.read(id);
  for (const id of c.edit.waitable.ids()) c.edit.waitable.read(id);
}

function resumeFromHost(c: Ctx, id: ThreadId): void {
  if (idleUntil(c.edit.thread.read(id)) !== null) lookAround(c);
  const { task } = c.edit.thread.read(id);
  const guest = task !== null && c.edit.task.read(task).opts !== null;
  if (guest && !amended(c, "CM#705")) {
    const { instance } = c.edit.task.read(task);
    const leave = { tag: "lift.leave", instance, caller: null };
    resume(c, newThread(c, "tick", null, [{ tag: "host.end" }, leave]));
    enterFrom(c, instance, null);
  }
  resume(c, id);
}
