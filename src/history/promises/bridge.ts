// The bridge between promises and futures: every microtask and every turn of the run queue. Mirrors spec/13.

import {
  type Act,
  type BridgeProgram,
  nothing,
  type Settled,
  show,
  type TaskAct,
  type TickSize,
} from "./program.ts";
import type {
  BridgeState,
  FutureState,
  Microtask,
  PromiseState,
  Reaction,
  TaskState,
} from "./state.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A state that one step works on: its lists are its own, what is in them is not. */
interface Work {
  readonly program: BridgeProgram;
  readonly size: TickSize;
  readonly microtasks: Microtask[];
  readonly queue: number[];
  readonly promises: PromiseState[];
  readonly futures: FutureState[];
  readonly tasks: TaskState[];
  readonly log: string[];
  scheduled: boolean;
}

/** Thrown by a task that panics: nothing of it goes on. */
class Panic extends Error {}

function change<T>(list: T[], i: number, part: Partial<T>): void {
  const before = list[i];
  if (before === undefined) throw new Error(`there is no number ${i}`);
  list[i] = { ...before, ...part };
}

function at<T>(list: readonly T[], i: number): T {
  const one = list[i];
  if (one === undefined) throw new Error(`there is no number ${i}`);
  return one;
}

/** A task is in the queue once; when the queue becomes non-empty, a turn is scheduled. */
function wake(w: Work, task: number): void {
  if (at(w.tasks, task).queued) return;
  change(w.tasks, task, { queued: true });
  w.queue.push(task);
  if (w.scheduled) return;
  w.scheduled = true;
  w.microtasks.push({ tag: "tick" });
}

function then(w: Work, promise: number, what: Reaction): void {
  const { settled, reactions } = at(w.promises, promise);
  if (settled === null) change(w.promises, promise, { reactions: [...reactions, what] });
  else w.microtasks.push({ tag: "react", reaction: what, with: settled });
}

function settle(w: Work, promise: number, settled: Settled): void {
  for (const waiting of at(w.promises, promise).reactions) {
    w.microtasks.push({ tag: "react", reaction: waiting, with: settled });
  }
  w.promises[promise] = { bound: true, settled, reactions: [] };
}

/** What a script of the host's language asks for: only an unbound promise is settled. */
function resolve(w: Work, promise: number, settled: Settled): void {
  if (!at(w.promises, promise).bound) settle(w, promise, settled);
}

function adopt(w: Work, promise: number, other: number): void {
  if (at(w.promises, promise).bound) return;
  // a promise that is resolved with itself would wait for ever: an error of type
  if (promise === other) settle(w, promise, { ok: false, value: -1 });
  else {
    change(w.promises, promise, { bound: true });
    w.microtasks.push({ tag: "adopt", promise, other });
  }
}

function act(w: Work, one: Act): void {
  switch (one.do) {
    case "log":
      w.log.push(one.text);
      return;
    case "from":
      if (at(w.futures, one.future).from !== null) return;
      w.futures[one.future] = { from: one.promise, outcome: null, waker: null, given: false };
      then(w, one.promise, { tag: "future", future: one.future });
      return;
    case "drop":
      change(w.futures, one.future, { waker: null });
      return;
    case "spawn":
      wake(w, one.task);
      return;
    case "promise":
      change(w.tasks, one.task, { promise: one.promise });
      wake(w, one.task);
      return;
    case "settle":
      resolve(w, one.promise, one.with);
      return;
    case "adopt":
      adopt(w, one.promise, one.other);
      return;
    case "then":
      then(w, one.promise, { tag: "log", text: one.text });
      return;
    case "microtask":
      w.microtasks.push({ tag: "log", text: one.text });
      return;
  }
}

/** What a task's act comes to: it goes on, waits, or is over. */
type Progress = "on" | "pending" | "over";

function awaits(w: Work, task: number, future: number): Progress {
  const { outcome, given } = at(w.futures, future);
  if (outcome === null || given) {
    change(w.futures, future, { waker: task });
    return "pending";
  }
  change(w.futures, future, { given: true });
  change(w.tasks, task, { got: outcome });
  w.log.push(`task ${task} got ${show(outcome)}`);
  return "on";
}

function end(w: Work, task: number, how: Settled | null): Progress {
  const { got, promise } = at(w.tasks, task);
  change(w.tasks, task, { over: true });
  if (promise !== null) resolve(w, promise, how ?? got ?? nothing);
  return "over";
}

function taskAct(w: Work, task: number, one: TaskAct): Progress {
  switch (one.do) {
    case "await":
      return awaits(w, task, one.future);
    case "yield":
      wake(w, task);
      return "pending";
    case "panic":
      change(w.tasks, task, { over: true });
      throw new Panic(`task ${task} panics`);
    case "end":
      return end(w, task, one.with);
    default:
      act(w, one);
      return "on";
  }
}

/** Polls a task: it runs until it waits or is over; a wake after its end does nothing. */
function poll(w: Work, task: number): void {
  if (at(w.tasks, task).over) return;
  change(w.tasks, task, { queued: false });
  const script = at(w.program.tasks, task);
  for (;;) {
    const here = at(w.tasks, task).at;
    const one = script[here] ?? { do: "end", with: null };
    // whoever gave way goes on behind it; whoever waits polls again
    if (one.do !== "await") change(w.tasks, task, { at: here + 1 });
    const progress = taskAct(w, task, one);
    if (progress !== "on") return;
    if (one.do === "await") change(w.tasks, task, { at: here + 1 });
  }
}

/** A turn of the run queue. A panic ends it, and leaves behind it what the queue still holds. */
function tick(w: Work): void {
  if (w.size === "batch") w.scheduled = false;
  try {
    for (let left = w.queue.length; left > 0 && w.queue.length > 0; ) {
      const task = w.queue.shift();
      if (task !== undefined) poll(w, task);
      left = w.size === "drain" ? w.queue.length : left - 1;
    }
    if (w.size === "drain") w.scheduled = false;
  } catch (error) {
    if (!(error instanceof Panic)) throw error;
    w.log.push(error.message);
  }
}

function react(w: Work, what: Reaction, settled: Settled): void {
  switch (what.tag) {
    case "log":
      w.log.push(`${what.text} ${show(settled)}`);
      return;
    case "settle":
      settle(w, what.promise, settled);
      return;
    case "future": {
      const { waker } = at(w.futures, what.future);
      change(w.futures, what.future, { outcome: settled, waker: null });
      if (waker !== null) wake(w, waker);
    }
  }
}

function microtask(w: Work, one: Microtask): void {
  switch (one.tag) {
    case "log":
      w.log.push(one.text);
      return;
    case "tick":
      tick(w);
      return;
    case "adopt":
      then(w, one.other, { tag: "settle", promise: one.promise });
      return;
    case "react":
      react(w, one.reaction, one.with);
      return;
  }
}

/** What happens in one step of the host: its main script, an event, or the first microtask. */
export type Step =
  | { readonly tag: "main" }
  | { readonly tag: "microtask" }
  | { readonly tag: "event"; readonly n: number };

function perform(w: Work, step: Step): void {
  if (step.tag === "microtask") {
    const first = w.microtasks.shift();
    if (first !== undefined) microtask(w, first);
    return;
  }
  const script = step.tag === "main" ? w.program.main : at(w.program.events, step.n);
  for (const one of script) act(w, one);
}

/** The state after a step; its log is what that step logged. */
export function stepped(
  program: BridgeProgram,
  size: TickSize,
  state: BridgeState,
  step: Step,
): BridgeState {
  const own: Mutable<Work> = {
    program,
    size,
    microtasks: [...state.microtasks],
    queue: [...state.queue],
    promises: [...state.promises],
    futures: [...state.futures],
    tasks: [...state.tasks],
    log: [],
    scheduled: state.scheduled,
  };
  perform(own, step);
  const { microtasks, queue, promises, futures, tasks, log, scheduled } = own;
  const events = step.tag === "event" ? state.events.filter((n) => n !== step.n) : state.events;
  return { started: true, microtasks, queue, scheduled, promises, futures, tasks, events, log };
}
