// What the host does between two runs of guest code: Store.tick. Mirrors spec/02.

import type { ThreadId, WaitableId } from "../model/ids.ts";
import { completeCancel } from "./ends.ts";
import { enterFrom } from "./entering.ts";
import { amended, type Ctx } from "./machine.ts";
import { describe } from "./names.ts";
import { isReady } from "./ready.ts";
import { newThread, resume } from "./threads.ts";

/** One thing the host may do now. */
export type HostMove =
  | { readonly tag: "resume"; readonly thread: ThreadId; readonly name: string }
  | { readonly tag: "complete-cancel"; readonly waitable: WaitableId; readonly name: string };

/** Everything the host may do while no guest code runs: ready threads, oldest first, then its own. */
export function hostMoves(c: Ctx): HostMove[] {
  const ready = c.edit.globals.waiting.filter((id) => isReady(c, id));
  const moves: HostMove[] = ready.map((id) => ({
    tag: "resume",
    thread: id,
    name: `resume ${c.edit.read("thread", id).name}`,
  }));
  for (const id of c.edit.ids("waitable")) {
    if (isDeferredCancel(c, id)) {
      const name = `complete-cancel ${describe(c, id)}`;
      moves.push({ tag: "complete-cancel", waitable: id, name });
    }
  }
  return moves;
}

/**
 * A cancelled copy that its host peer has not answered. A guest peer never leaves one, but may have
 * been given the end since (see divergences, D-deferred-cancel).
 */
function isDeferredCancel(c: Ctx, id: WaitableId): boolean {
  const end = c.edit.read("waitable", id);
  if (end.tag !== "end" || end.state !== "cancelling" || end.pendingEvent !== null) return false;
  return end.other !== null;
}

/** `Store.tick` with its choice made. */
export function tick(c: Ctx, move: HostMove): void {
  if (move.tag === "complete-cancel") completeCancel(c, move.waitable);
  else resumeFromHost(c, move.thread);
}

function resumeFromHost(c: Ctx, id: ThreadId): void {
  const { task } = c.edit.read("thread", id);
  const guest = task !== null && c.edit.read("task", task).opts !== null;
  if (guest && !amended(c, "CM#705")) {
    const { instance } = c.edit.read("task", task);
    const leave = { tag: "lift.leave", instance, caller: null };
    resume(c, newThread(c, "tick", null, [{ tag: "host.end" }, leave]));
    enterFrom(c, instance, null);
  }
  resume(c, id);
}
