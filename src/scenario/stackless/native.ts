// Stackless bodies as callback exports of today's ABI: a waitable set for each task, an event at a time. Mirrors spec/11.

import { maxFlatParams } from "../../canon/values/flatten.ts";
import type { Ret } from "../../model/frames.ts";
import { readInt } from "../../model/memory.ts";
import { coreOf } from "../calls.ts";
import { constants } from "../constants.ts";
import { clear, releaseAll, scratch, taking } from "../heap.ts";
import { firstState } from "../interpret.ts";
import { flatten } from "../marshal.ts";
import type { ScriptValue } from "../script-values.ts";
import { takeRunnable } from "./bodies.ts";
import {
  type AbiRules,
  builtinStep,
  callsWhere,
  disown,
  type Entry,
  editGroup,
  editTask,
  first,
  giveUpOwn,
  groupAt,
  newTask,
  remove,
  taskAt,
  type Work,
} from "./engine.ts";
import { claim, copy, copyEvent, drop, giveUp, start, subtaskEvent } from "./native-calls.ts";
import { freeNumber, withEntry } from "./state.ts";
import type { After, Step } from "./steps.ts";

type Start = Entry & { readonly entry: "start" };

function startEntry({ engine }: Work, n: number): Start {
  const entry = engine.entries[n];
  if (entry?.entry !== "start") throw new Error(`no export ${n}`);
  return entry;
}

/** The core function of an export: its body runs up to its first wait. */
export function beginNative(w: Work, entry: Start, args: readonly ScriptValue[]): void {
  const group = freeNumber(w.x.groups);
  const kept = entry.onCancel === null ? [] : args;
  const main = newTask(w, { entry: w.entry, spawned: false, group, args: kept });
  const value = { entry: w.entry, set: null, stored: false, main };
  w.x = withEntry(w.x, "groups", group, value);
  const script = firstState(w.engine.linked, entry.body, args);
  first(w, { step: "run", task: main, script, value: null }, { step: "settle", group });
}

/** The callback: whose it is stands in the thread's storage. */
export function beginCallback(w: Work, [code = 0, p1 = 0, p2 = 0]: readonly number[]): void {
  first(w, builtinStep("context.get", [0], { after: "resumed", event: [code, p1, p2] }));
}

export function resumed(w: Work, { event }: After & { after: "resumed" }, ret: Ret): void {
  const group = Number(coreOf(ret)[0] ?? 0);
  const [code, p1, p2] = event;
  first(w, { step: "turn", group }, { step: "settle", group });
  if (code === constants.TASK_CANCELLED.value) cancelMain(w, group);
  else if (code === constants.NONE.value) look(w, group);
  else happened(w, code, p1, p2);
}

function happened(w: Work, code: number, p1: number, p2: number): void {
  if (code === constants.SUBTASK.value) subtaskEvent(w, p1, p2);
  else copyEvent(w, code, p1, p2);
}

/** The value has been taken out of memory. */
export function freed(w: Work, { memory }: After & { after: "freed" }): void {
  releaseAll(w.place, memory);
}

/** A task that gave way, and had its turn without an event, looks whether there is one all the same. */
function look(w: Work, group: number): void {
  const { set } = groupAt(w, group);
  const waits = callsWhere(w, (call) => call.group === group && call.state.tag === "waitable");
  if (set === null || waits.length === 0) return;
  first(w, builtinStep("waitable-set.poll", [set, scratch], { after: "looked" }));
}

export function looked(w: Work, _after: After & { after: "looked" }, ret: Ret): void {
  const code = Number(coreOf(ret)[0] ?? 0);
  const { c, opts } = w.place;
  if (opts.memory === null || code === constants.NONE.value) return;
  const memory = c.edit.memory.read(opts.memory);
  const [p1, p2] = [readInt(memory, scratch, 4), readInt(memory, scratch + 4, 4)];
  clear(w.place, scratch, 8);
  happened(w, code, p1, p2);
}

export function turnStep(w: Work, { group }: Step & { step: "turn" }): void {
  first(w, { step: "take", tasks: takeRunnable(w, (task) => task.group === group) });
}

/** What the callback says at the end of a turn: exit, yield or wait. */
export function settleStep(w: Work, { group: g }: Step & { step: "settle" }): void {
  const group = groupAt(w, g);
  const again: Step = { step: "settle", group: g };
  if (confirms(w, g)) {
    remove(w, "tasks", group.main ?? 0);
    editGroup(w, g, { main: null });
    first(w, builtinStep("task.cancel", []), again);
  } else if (!isBusy(w, g)) {
    remove(w, "groups", g);
    const drops = group.set === null ? [] : [builtinStep("waitable-set.drop", [group.set])];
    first(w, ...drops, { step: "leave", values: [0] });
  } else if (!group.stored) {
    editGroup(w, g, { stored: true });
    first(w, builtinStep("context.set", [0, g]), again);
  } else first(w, { step: "leave", values: [packed(w, g)] });
}

function isBusy(w: Work, group: number): boolean {
  return [...w.x.tasks, ...w.x.calls].some((one) => one?.group === group);
}

function packed(w: Work, g: number): number {
  if (w.x.runnable.some((n) => taskAt(w, n).group === g)) return 1;
  return 2 + (groupAt(w, g).set ?? 0) * 16;
}

/** The body of a cancelled task is destroyed, and everything that it had started is resolved. */
function confirms(w: Work, g: number): boolean {
  const { main } = groupAt(w, g);
  if (main === null || taskAt(w, main).state.tag !== "cancelled") return false;
  return callsWhere(w, (call) => call.task === main).length === 0;
}

/** TASK_CANCELLED: the body is destroyed; what it had started is given up; `on cancel` goes on. */
function cancelMain(w: Work, g: number): void {
  const { main } = groupAt(w, g);
  if (main === null) return;
  const { entry, args } = taskAt(w, main);
  const { onCancel } = startEntry(w, entry);
  w.x = { ...w.x, runnable: w.x.runnable.filter((n) => n !== main) };
  if (onCancel === null) editTask(w, main, { state: { tag: "cancelled", by: null } });
  else {
    const script = firstState(w.engine.linked, onCancel, args);
    editTask(w, main, { state: { tag: "running" } });
    first(w, { step: "run", task: main, script, value: null });
  }
  first(w, ...giveUpOwn(w, main, false));
}

/** The end of a body: what it had started and not awaited is given up, then it returns. */
function ended(w: Work, n: number, value: ScriptValue | null, confirming: boolean): void {
  const { spawned, group, entry } = taskAt(w, n);
  if (confirming) {
    editTask(w, n, { state: { tag: "cancelled", by: null } });
    first(w, ...giveUpOwn(w, n, false));
    return;
  }
  if (!spawned) {
    editGroup(w, group ?? 0, { main: null });
    first(w, taskReturn(w, startEntry(w, entry), value));
  }
  first(w, ...giveUpOwn(w, n, true));
  disown(w, n);
  remove(w, "tasks", n);
}

function taskReturn(w: Work, { ft }: Start, value: ScriptValue | null): Step {
  const { result: t } = ft;
  const { value: args, taken: memory } = taking(w.place, () =>
    t === null ? [] : flatten(w.place, [value ?? 0], [t], maxFlatParams),
  );
  const after: After = { after: "freed", memory };
  return { step: "builtin", name: "task.return", args, t, rt: null, after };
}

export const nativeRules: AbiRules = {
  start,
  copy,
  giveUp,
  drop,
  claim,
  ended,
  ran: () => [],
};
