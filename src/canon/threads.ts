// Threads: create, resume, block, switch, exit. Mirrors spec/02 and CanonicalABI.md, "Threads".

import type { Frame, Ret } from "../model/frames.ts";
import type { TaskId, ThreadId } from "../model/ids.ts";
import type { Cancellable, ReadyWhen, Thread, ThreadState } from "../model/thread.ts";
import { amended, assert, type Ctx, currentThread, finish, thread } from "./machine.ts";
import { idleUntil, isCancellable, isReady, waitIsOver } from "./ready.ts";
import type { Choices, ChoicesOf, Rules } from "./rule.ts";

const running: ThreadState = { tag: "running" };
const suspended: ThreadState = { tag: "suspended" };
/** The condition of a wait that only gives way. */
export const always: ReadyWhen = { tag: "always" };
/** What a wait returns, without and with a cancellation. */
const woken: Ret = { tag: "cancelled", cancelled: false };
const told: Ret = { tag: "cancelled", cancelled: true };

/** The first of some texts, from the second on, that is not taken. */
function fresh(taken: ReadonlySet<string | undefined>, text: (n: number) => string): string {
  let n = 1;
  while (taken.has(text(n))) n++;
  return text(n);
}

function freshName(c: Ctx, base: string): string {
  const { list } = c.edit.thread;
  if (!list.some((t) => t !== null && t.name === base)) return base;
  return fresh(new Set(list.map((t) => t?.name)), (n) => `${base}#${n + 1}`);
}

/** One number of a path, written so that texts sort as numbers do: 0 .. 9, a10 .. a99, b100 .. */
export function pathNumber(n: number): string {
  const digits = String(n);
  return digits.length === 1 ? digits : "abcdefghijklmno".charAt(digits.length - 2) + digits;
}

/** The path of a thread that the running one creates; the host, when it creates one, has just one. */
function freshPath(c: Ctx): string {
  const parent = c.edit.running;
  if (parent === null) return "host";
  const { path } = c.edit.thread.read(parent);
  const first = `${path}.0`;
  const { list } = c.edit.thread;
  if (!list.some((t) => t !== null && t.path === first)) return first;
  return fresh(new Set(list.map((t) => t?.path)), (n) => `${path}.${pathNumber(n)}`);
}

const noStorage: Thread["storage"] = [0, 0];

/** A new thread is suspended; `frames` is its continuation, the last one first to run. */
export function newThread(c: Ctx, base: string, task: TaskId | null, frames: Frame[]): ThreadId {
  return c.edit.thread.add({
    name: freshName(c, base),
    path: freshPath(c),
    task,
    state: suspended,
    frames,
    ret: null,
    index: null,
    storage: noStorage,
    cancellable: "no",
  });
}

/**
 * A thread that nobody created: the `n`-th of the host's own, whose continuation is `frames`, and which
 * waits until `ready`.
 */
export function rootThread(
  name: string,
  n: number,
  frames: readonly Frame[],
  ready: ReadyWhen = always,
): Thread {
  return {
    name,
    path: pathNumber(n),
    task: null,
    state: { tag: "waiting", ready },
    frames,
    ret: null,
    index: null,
    storage: noStorage,
    cancellable: "no",
  };
}

function startWaiting(c: Ctx, id: ThreadId, ready: ReadyWhen): void {
  const t = c.edit.thread.edit(id);
  assert(t.state.tag !== "waiting", "A06", "a thread starts to wait once");
  t.state = { tag: "waiting", ready };
}

/** Makes a suspended thread ready (`Thread.resume_later`). */
export function resumeLater(c: Ctx, id: ThreadId): void {
  assert(c.edit.thread.read(id).state.tag === "suspended", "A08", "resume-later needs suspended");
  startWaiting(c, id, always);
}

/** Runs a blocked thread on top of the current one, until it blocks or exits. */
export function resume(c: Ctx, id: ThreadId, cancelled = false): void {
  const before = c.edit.thread.read(id);
  assert(before.state.tag !== "running", "A09", "only a blocked thread is resumed");
  if (before.state.tag === "waiting") {
    assert(
      cancelled || amended(c, "CM#716") || isReady(c, id) || idleUntil(before) !== null,
      "A07",
      "without a cancellation only a ready thread is resumed",
    );
  }
  const t = c.edit.thread.edit(id);
  t.state = running;
  t.ret = cancelled || deliverOnWake(c, id) ? told : woken;
  c.edit.enter(id);
}

/** CM#707 until CM#716: a thread that wakes up looks for a pending cancellation once more. */
function deliverOnWake(c: Ctx, id: ThreadId): boolean {
  const t = c.edit.thread.read(id);
  if (!amended(c, "CM#707") || amended(c, "CM#716") || t.task === null) return false;
  return deliverPendingCancel(c, t.task, t.cancellable);
}

/** Hands a pending cancellation over, if there is one and the thread may be told. */
export function deliverPendingCancel(c: Ctx, id: TaskId, cancellable: Cancellable): boolean {
  const task = c.edit.task.read(id);
  if (task.state !== "pending-cancel" || !isCancellable(c, task, cancellable)) return false;
  c.edit.task.edit(id).state = "cancel-delivered";
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
  const t = c.edit.thread.edit(id);
  if (t.state.tag === "running") t.state = suspended;
  if (!amended(c, "CM#716")) t.cancellable = cancellable;
  c.edit.leave();
  if (other === null) return;
  assert(c.edit.thread.read(other).state.tag === "suspended", "A12", "switch target is suspended");
  resume(c, other);
}

/** `Thread.suspend`, and with `other` `Thread.suspend_then_resume`. Ends the running rule. */
export function suspend(c: Ctx, cancellable: Cancellable, other: ThreadId | null): void {
  if (deliverOnEntry(c, cancellable)) finish(c, told);
  else block(c, cancellable, other);
}

/** `Thread.yield_then_resume`. Ends the running rule. */
export function yieldThenResume(c: Ctx, cancellable: Cancellable, other: ThreadId): void {
  if (deliverOnEntry(c, cancellable)) {
    finish(c, told);
    return;
  }
  startWaiting(c, currentThread(c), always);
  block(c, cancellable, other);
}

/** Ends the wait of a ready thread without running it: what promotion does first. */
export function promote(c: Ctx, other: ThreadId): void {
  c.edit.thread.edit(other).state = suspended;
}

/** Ends the current thread; its frames are done. */
export function endThread(c: Ctx): void {
  const id = currentThread(c);
  c.ended?.(c.edit.thread.read(id));
  c.edit.leave();
  c.edit.thread.remove(id);
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

const mustBlock: readonly number[] = [blockChoice];
const mayGoOn: readonly number[] = [blockChoice, goOnChoice];

/** The coin of `wait_until`: a thread whose condition already holds may go on or block. */
const waitChoices: Choices<WaitUntil> = {
  picks(c, frame) {
    // what the host waits for of its own accord, it is resumed for: to go on at once is the same
    if (frame.ready.tag === "guest" || frame.ready.tag === "outside") return mustBlock;
    if (c.edit.globals.profile.name === "deterministic") return mustBlock;
    if (entryCancel(c, frame)) return mustBlock;
    return waitIsOver(c, null, frame.ready, "no") ? mayGoOn : mustBlock;
  },
  name: (c, _frame, pick) => `${pick === goOnChoice ? "go-on" : "block"} ${thread(c).name}`,
  /** Where blocking gives control to the host, to go on is to block and to be resumed at once. */
  viaDefault(c, _frame, pick) {
    const toHost = c.edit.globals.stack.length === 1 && amended(c, "CM#716");
    return toHost && pick === goOnChoice ? resumeId(thread(c).path) : null;
  },
};

/** The canonical id of the move that resumes the thread with this path. */
export function resumeId(path: string): string {
  return `resume ${path}`;
}

function entryCancel(c: Ctx, frame: WaitUntil): boolean {
  const { task } = thread(c);
  if (amended(c, "CM#716") || task === null) return false;
  const t = c.edit.task.read(task);
  return t.state === "pending-cancel" && isCancellable(c, t, frame.cancellable);
}

export const threadRules: Rules = {
  "wait-until": (c, frame: WaitUntil, pick) => {
    if (deliverOnEntry(c, frame.cancellable)) {
      finish(c, told);
    } else if (pick === goOnChoice) {
      finish(c, woken);
    } else {
      startWaiting(c, currentThread(c), frame.ready);
      block(c, frame.cancellable, null);
    }
  },
};

export const threadChoices: ChoicesOf = { "wait-until": waitChoices };
