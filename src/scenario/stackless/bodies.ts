// Runs bodies up to where they leave the script: a call, a wait, their end. Mirrors spec/11.

import { Trap } from "../../canon/machine.ts";
import type { Ret } from "../../model/frames.ts";
import { Limit } from "../../scheduler/machine.ts";
import type { Instr, Leaving, ScriptFrame, ScriptState } from "../code.ts";
import { fuel, reopen, save, step, takeResults } from "../interpret.ts";
import { linkedAt, pop, type Run, take } from "../running.ts";
import type { ScriptValue } from "../script-values.ts";
import { bound } from "./bound.ts";
import {
  callAt,
  callOf,
  editTask,
  first,
  isOver,
  keepsBuffer,
  makeRunnable,
  newTask,
  taskAt,
  type Work,
} from "./engine.ts";
import type { Task, Wait } from "./state.ts";
import type { Out, Step } from "./steps.ts";

type Stop =
  | { readonly tag: "call"; readonly out: Out["move"]; readonly script: ScriptState }
  | {
      readonly tag: "leave";
      readonly instr: Leaving;
      readonly operands: readonly ScriptValue[];
      readonly script: ScriptState;
    }
  | { readonly tag: "end"; readonly value: ScriptValue | null };

const leaving: ReadonlySet<Instr["op"]> = new Set<Leaving["op"]>([
  "start-call",
  "await-call",
  "block-call",
  "cancel-call",
  "drop-call",
  "await-first",
  "await-copy",
  "bindings",
  "spawn",
  "yield-task",
  "confirm-cancel",
]);

const isLeaving = (instr: Instr | undefined): instr is Leaving =>
  instr !== undefined && leaving.has(instr.op);

function operandsOf(instr: Leaving): number {
  switch (instr.op) {
    case "start-call":
    case "await-first":
    case "bindings":
      return instr.n;
    case "await-copy":
      return instr.builtin.n;
    case "await-call":
    case "block-call":
    case "cancel-call":
    case "drop-call":
      return 1;
    default:
      return 0;
  }
}

/** Locals that nothing will read are as good as 0: so that states which do the same are the same. */
function tidy(run: Run, script: ScriptState): ScriptState {
  const frames = script.calls.map((frame, i): ScriptFrame => {
    const top = i === script.calls.length - 1;
    const live = linkedAt(run.linked, frame.code).live[top ? frame.pc + 1 : frame.pc] ?? [];
    return { ...frame, locals: frame.locals.map((v, slot) => (live.includes(slot) ? v : 0)) };
  });
  return { ...script, calls: frames };
}

function runOn(run: Run): Stop {
  for (let n = 0; n < fuel; n++) {
    const instr = run.current.code.instrs[run.pc];
    if (isLeaving(instr)) {
      const operands = take(run, operandsOf(instr));
      return { tag: "leave", instr, operands, script: tidy(run, save(run, null)) };
    }
    if (instr?.op === "return" && run.calls.length === 0) {
      return { tag: "end", value: instr.value ? pop(run) : null };
    }
    const exit = step(run);
    if (exit === null) continue;
    const { move, temp } = exit;
    if (move.tag === "trap") throw new Trap(`guest.${move.reason}`);
    return { tag: "call", out: move, script: tidy(run, save(run, temp)) };
  }
  throw new Limit(`${fuel} instructions of a script without a call`);
}

function reopened(w: Work, script: ScriptState): Run {
  return reopen(w.place.c, w.engine.linked, w.place.instance, script);
}

/** Runs a body on; `value` is what the instruction that left gives. */
export function runStep(w: Work, { task, script, value }: Step & { step: "run" }): Out | null {
  const run = reopened(w, script);
  if (script.out) {
    run.stack.push(value ?? 0);
    run.pc += 1;
  }
  return stopped(w, task, runOn(run));
}

/** The results of a call that a body made by itself. */
export function resumeScript(w: Work, task: number, script: ScriptState, ret: Ret): Out | null {
  const run = reopened(w, script);
  takeResults(run, script, ret);
  return stopped(w, task, runOn(run));
}

function stopped(w: Work, task: number, stop: Stop): Out | null {
  switch (stop.tag) {
    case "call":
      return { move: stop.out, after: { after: "script", task, script: stop.script } };
    case "end":
      w.engine.abi.ended(w, task, stop.value, false);
      return null;
    case "leave":
      return leave(w, task, stop);
  }
}

/** The step in which a body goes on with a value. */
export function onward(task: number, script: ScriptState, value: ScriptValue): Step {
  return { step: "run", task, script, value };
}

function leave(w: Work, task: number, stop: Stop & { tag: "leave" }): Out | null {
  const { instr, operands, script } = stop;
  const { abi } = w.engine;
  switch (instr.op) {
    case "start-call":
      return abi.start(w, task, script, instr, operands);
    case "await-copy":
      return abi.copy(w, task, script, instr, operands);
    case "await-call":
    case "block-call":
      return awaitCall(w, task, script, callOf(w, task, operands[0]), instr.op === "block-call");
    case "await-first":
      awaitFirst(w, task, script, operands);
      return null;
    case "cancel-call":
    case "drop-call": {
      const call = callOf(w, task, operands[0]);
      const does = instr.op === "cancel-call" ? abi.giveUp(w, call, false) : abi.drop(w, call);
      first(w, ...does, onward(task, script, 0));
      return null;
    }
    case "bindings":
      first(w, onward(task, script, bound(w.place, instr, operands, keepsBuffer(w, script))));
      return null;
    case "spawn":
      spawn(w, task, script);
      return null;
    case "yield-task":
      suspend(w, task, script, { tag: "turn", fresh: false });
      makeRunnable(w, task);
      return null;
    case "confirm-cancel":
      abi.ended(w, task, null, true);
      return null;
  }
}

function suspend(w: Work, task: number, script: ScriptState, on: Wait): void {
  editTask(w, task, { state: { tag: "waiting", script, on } });
}

function awaitCall(
  w: Work,
  task: number,
  script: ScriptState,
  call: number,
  blocks: boolean,
): Out | null {
  if (isOver(callAt(w, call))) return w.engine.abi.claim(w, task, script, call);
  if (blocks) throw new Trap("guest.would-block");
  suspend(w, task, script, { tag: "call", call });
  return null;
}

/** Where the first of some calls stands that has its result; -1: none has. */
function firstOver(w: Work, calls: readonly number[]): number {
  return calls.findIndex((n) => isOver(callAt(w, n)));
}

function awaitFirst(
  w: Work,
  task: number,
  script: ScriptState,
  operands: readonly ScriptValue[],
): void {
  const calls = operands.map((v) => callOf(w, task, v));
  const at = firstOver(w, calls);
  if (at === -1) suspend(w, task, script, { tag: "first", calls });
  else first(w, onward(task, script, at));
}

/** G10: a task of its own with copies of the locals, which nothing that befalls its creator touches. */
function spawn(w: Work, task: number, script: ScriptState): void {
  const { entry, group } = taskAt(w, task);
  const child = newTask(w, { entry, group, spawned: true, args: [] });
  first(w, onward(task, script, false));
  if (!w.engine.later) {
    first(w, onward(child, script, true), ...w.engine.abi.ran(child));
    return;
  }
  suspend(w, child, script, { tag: "turn", fresh: true });
  makeRunnable(w, child);
}

/** Runs some tasks, each once: their order is open. */
export function takeStep(w: Work, { tasks }: Step & { step: "take" }): Out | null {
  const [only, ...others] = tasks;
  if (only === undefined) return null;
  if (others.length === 0 && !gaveWay(w, only)) return picked(w, tasks, 0);
  const options = tasks.map((n) => `task ${n}`);
  return { move: { tag: "choose", options }, after: { after: "picked", tasks } };
}

/** A task that has given way, and may do so for ever: each time is a step of its own. */
function gaveWay(w: Work, task: number): boolean {
  const { state } = taskAt(w, task);
  return state.tag === "waiting" && state.on.tag === "turn";
}

export function picked(w: Work, tasks: readonly number[], pick: number): Out | null {
  const task = tasks[pick];
  if (task === undefined) throw new Error("a task that nobody offered");
  const rest = tasks.filter((n) => n !== task);
  if (rest.length > 0) first(w, { step: "take", tasks: rest });
  return goOn(w, task);
}

/** A task that waits no longer goes on. */
function goOn(w: Work, task: number): Out | null {
  const { state } = taskAt(w, task);
  if (state.tag !== "waiting") throw new Error("a task that cannot go on");
  const { script, on } = state;
  first(w, ...w.engine.abi.ran(task));
  editTask(w, task, { state: { tag: "running" } });
  if (on.tag === "call") return w.engine.abi.claim(w, task, script, on.call);
  const value = on.tag === "first" ? firstOver(w, on.calls) : on.fresh;
  first(w, onward(task, script, value));
  return null;
}

/** Takes out of the runnable tasks those that `some` picks. */
export function takeRunnable(w: Work, some: (task: Task) => boolean): readonly number[] {
  const tasks = w.x.runnable.filter((n) => some(taskAt(w, n)));
  w.x = { ...w.x, runnable: w.x.runnable.filter((n) => !tasks.includes(n)) };
  return tasks;
}
