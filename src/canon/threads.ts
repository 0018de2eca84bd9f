// Threads: create, resume, block, switch, exit. Mirrors spec/02 and CanonicalABI.md, "Threads".

import type { Frame } from "../model/frames.ts";
import type { TaskId, ThreadId } from "../model/ids.ts";
import type { Cancellable, ReadyWhen } from "../model/store.ts";
import {
  amended,
  assert,
  type Choice,
  type Ctx,
  currentThread,
  finish,
  thread,
} from "./machine.ts";
import { isCancellable, isReady, waitIsOver } from "./ready.ts";
import type { ChoicesOf, Rules } from "./rule.ts";

/** A name no live thread has: the base itself, or the base with the least free number. */
function freshName(c: Ctx, base: string): string {
  const taken = new Set(c.edit.ids("thread").map((id) => c.edit.read("thread", id).name));
  if (!taken.has(base)) return base;
  let n = 2;
  while (taken.has(`${base}#${n}`)) n++;
  return `${base}#${n}`;
}

/** A new thread is suspended; `frames` is its continuation, the last one first to run. */
export function newThread(c: Ctx, base: string, task: TaskId | null, frames: Frame[]): ThreadId {
  return c.edit.add("thread", {
    name: freshName(c, base),
    task,
    state: { tag: "suspended" },
    frames,
    ret: null,
    index: null,
    storage: [0, 0],
    cancellable: "no",
  });
}

function stopWaiting(c: Ctx, id: ThreadId): void {
  const { globals } = c.edit;
  assert(globals.waiting.includes(id), "A07", "a waiting thread is on the waiting list");
  globals.waiting = globals.waiting.filter((other) => other !== id);
}

function startWaiting(c: Ctx, id: ThreadId, ready: ReadyWhen): void {
  const t = c.edit.edit("thread", id);
  assert(t.state.tag !== "waiting", "A06", "a thread is put on the waiting list at most once");
  t.state = { tag: "waiting", ready };
  c.edit.globals.waiting = [...c.edit.globals.waiting, id];
}

/** Makes a suspended thread ready (`Thread.resume_later`). */
export function resumeLater(c: Ctx, id: ThreadId): void {
  assert(
    c.edit.read("thread", id).state.tag === "suspended",
    "A08",
    "resume-later needs suspended",
  );
  startWaiting(c, id, { tag: "always" });
}

/** Runs a blocked thread on top of the current one, until it blocks or exits. */
export function resume(c: Ctx, id: ThreadId, cancelled = false): void {
  const before = c.edit.read("thread", id);
  assert(before.state.tag !== "running", "A09", "only a blocked thread is resumed");
  if (before.state.tag === "waiting") {
    assert(
      cancelled || amended(c, "CM#716") || isReady(c, id),
      "A07",
      "without a cancellation only a ready thread is resumed",
    );
    stopWaiting(c, id);
  }
  const t = c.edit.edit("thread", id);
  t.state = { tag: "running" };
  t.ret = { tag: "cancelled", cancelled: cancelled || deliverOnWake(c, id) };
  c.edit.globals.stack = [...c.edit.globals.stack, id];
}

/** CM#707 until CM#716: a thread that wakes up looks for a pending cancellation once more. */
function deliverOnWake(c: Ctx, id: ThreadId): boolean {
  const t = c.edit.read("thread", id);
  if (!amended(c, "CM#707") || amended(c, "CM#716") || t.task === null) return false;
  return deliverPendingCancel(c, t.task, t.cancellable);
}

/** Hands a pending cancellation over, if there is one and the thread may be told. */
export function deliverPendingCancel(c: Ctx, id: TaskId, cancellable: Cancellable): boolean {
  const task = c.edit.read("task", id);
  if (task.state !== "pending-cancel" || !isCancellable(c, task, cancellable)) return false;
  c.edit.edit("task", id).state = "cancel-delivered";
  return true;
}

/** Before CM#716: the check on entering a suspension with the `cancellable` immediate. */
export function deliverOnEntry(c: Ctx, cancellable: Cancellable): boolean {
  const { task } = thread(c);
  if (amended(c, "CM#716") || task === null) return false;
  return deliverPendingCancel(c, task, cancellable);
}

/** Leaves the current thread blocked; control returns to whoever resumed it, or goes to `other`. */
function block(c: Ctx, cancellable: Cancellable, other: ThreadId | null): void {
  const id = currentThread(c);
  finish(c, null);
  const t = c.edit.edit("thread", id);
  if (t.state.tag === "running") t.state = { tag: "suspended" };
  if (!amended(c, "CM#716")) t.cancellable = cancellable;
  c.edit.globals.stack = c.edit.globals.stack.slice(0, -1);
  if (other === null) return;
  assert(
    c.edit.read("thread", other).state.tag === "suspended",
    "A12",
    "switch target is suspended",
  );
  resume(c, other);
}

/** `Thread.suspend`, and with `other` `Thread.suspend_then_resume`. Ends the running rule. */
export function suspend(c: Ctx, cancellable: Cancellable, other: ThreadId | null): void {
  if (deliverOnEntry(c, cancellable)) finish(c, { tag: "cancelled", cancelled: true });
  else block(c, cancellable, other);
}

/** `Thread.yield_then_resume`. Ends the running rule. */
export function yieldThenResume(c: Ctx, cancellable: Cancellable, other: ThreadId): void {
  if (deliverOnEntry(c, cancellable)) {
    finish(c, { tag: "cancelled", cancelled: true });
    return;
  }
  startWaiting(c, currentThread(c), { tag: "always" });
  block(c, cancellable, other);
}

/** Takes a ready thread off the waiting list without running it: what promotion does first. */
export function promote(c: Ctx, other: ThreadId): void {
  stopWaiting(c, other);
  c.edit.edit("thread", other).state = { tag: "suspended" };
}

/** Ends the current thread; its frames are done. */
export function endThread(c: Ctx): void {
  const id = currentThread(c);
  c.edit.globals.stack = c.edit.globals.stack.slice(0, -1);
  c.edit.remove("thread", id);
}

/** A frame that waits: `Thread.wait_until`. Returns `cancelled`. */
export interface WaitUntil extends Frame {
  readonly tag: "wait-until";
  readonly ready: ReadyWhen;
  readonly cancellable: Cancellable;
}

export function waitUntil(ready: ReadyWhen, cancellable: Cancellable = "no"): WaitUntil {
  return { tag: "wait-until", ready, cancellable };
}

const blockChoice = 0;
const goOnChoice = 1;

/** The coin of `wait_until`: a thread whose condition already holds may go on or block. */
function waitChoices(c: Ctx, frame: WaitUntil): readonly Choice[] {
  const t = thread(c);
  const stay = { name: `block ${t.name}`, value: blockChoice };
  if (c.edit.globals.profile.name === "deterministic") return [stay];
  if (entryCancel(c, frame)) return [stay];
  if (!waitIsOver(c, null, frame.ready, "no")) return [stay];
  return [stay, { name: `go-on ${t.name}`, value: goOnChoice }];
}

function entryCancel(c: Ctx, frame: WaitUntil): boolean {
  const { task } = thread(c);
  if (amended(c, "CM#716") || task === null) return false;
  const t = c.edit.read("task", task);
  return t.state === "pending-cancel" && isCancellable(c, t, frame.cancellable);
}

export const threadRules: Rules = {
  "wait-until": (c, frame: WaitUntil, pick) => {
    if (deliverOnEntry(c, frame.cancellable)) {
      finish(c, { tag: "cancelled", cancelled: true });
    } else if (pick === goOnChoice) {
      finish(c, { tag: "cancelled", cancelled: false });
    } else {
      startWaiting(c, currentThread(c), frame.ready);
      block(c, frame.cancellable, null);
    }
  },
};

export const threadChoices: ChoicesOf = { "wait-until": waitChoices };
