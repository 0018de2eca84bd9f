// Stackless bodies as pairs of functions: the rules of a component of the split ABI, G1 to G11. Mirrors spec/11.

import type { Ret } from "../../model/frames.ts";
import type { CoreImport } from "../../model/program.ts";
import type { Value } from "../../model/values.ts";
import { lowering, syncResult } from "../calls.ts";
import type { Lowered } from "../code.ts";
import { releaseAll, taking } from "../heap.ts";
import { firstState } from "../interpret.ts";
import { loadAt } from "../marshal.ts";
import { mismatch, type ScriptValue, tagOf } from "../script-values.ts";
import { onward } from "./bodies.ts";
import {
  type AbiRules,
  callAt,
  disown,
  dropHandle,
  type Entry,
  editCall,
  editTask,
  first,
  giveUpOwn,
  newCall,
  newTask,
  placeOf,
  remove,
  type SplitImports,
  taskAt,
  unreachable,
  type Work,
} from "./engine.ts";
import { answer, record, send, typeOf } from "./replies.ts";
import type { Call } from "./state.ts";
import type { After, Out, Step } from "./steps.ts";
import { dropValue } from "./unwanted.ts";

function imports({ engine }: Work): SplitImports {
  if (engine.split === null) throw new Error("the native ABI has no halves");
  return engine.split;
}

/** A function of the host as this component calls it. */
function imported(w: Work, { id, ft }: SplitImports["makeTask"]): Lowered {
  const call: CoreImport = { tag: "lower", func: id, opts: { ...w.place.opts, async: false } };
  return { import: call, ft };
}

/** G1: the body runs up to its first wait inside the start half. */
export function beginStart(
  w: Work,
  entry: Entry & { readonly entry: "start" },
  args: readonly ScriptValue[],
): void {
  const task = newTask(w, { entry: w.entry, spawned: false, group: null, args: [] });
  const script = firstState(w.engine.linked, entry.body, args);
  first(w, { step: "run", task, script, value: null }, { step: "ran", task, replies: true });
}

/**
 * After a run of a task. One that ended in its first run has no identity and sends nothing; one that
 * waits gets its identity once, and in every run its new interests are sent.
 */
export function ranStep(w: Work, { task: n, replies }: Step & { step: "ran" }): Out | null {
  const { state, announced, spawned } = taskAt(w, n);
  if (state.tag === "done") {
    if (!announced || spawned) remove(w, "tasks", n);
    if (!announced && replies) reply(w, "ok", state.value);
    return null;
  }
  if (announced) {
    listen(w, n);
    return null;
  }
  const call = lowering(imported(w, imports(w).makeTask), false, w.place.opts);
  const { move, temp } = call(w.place, []);
  return { move, after: { after: "made", task: n, replies, ptr: temp ?? 0 } };
}

/** What a start half gives: the value, or the right to hear of it. */
function reply(w: Work, label: "ok" | "error", value: ScriptValue | null): void {
  const entry = w.engine.entries[w.entry];
  const t = entry?.entry === "start" ? entry.half?.result : null;
  if (t?.tag !== "result") throw new Error("a start half gives a result");
  const payload = (label === "ok" ? t.ok : t.error) === null ? null : (value ?? 0);
  answer(w, t, { tag: "case", label, value: payload as Value | null });
}

/** The new task has its capabilities: its interests are sent, then that it exists. */
export function made(w: Work, { task, replies, ptr }: After & { after: "made" }, ret: Ret): void {
  const handles = syncResult(w.place, imports(w).makeTask.ft, ret, ptr);
  const [pending = 0, cancel = 0, ready = 0] = handles as readonly number[];
  editTask(w, task, { announced: true, ready });
  listen(w, task);
  send(w, "pending", record({ state: task, cancel }));
  // G10: nobody listens to a spawned task
  if (taskAt(w, task).spawned) first(w, dropHandle(w, "pending", pending));
  else if (replies) reply(w, "error", pending);
}

/** The host hears of the calls that a task has started in this run, also of those given up since. */
function listen(w: Work, n: number): void {
  for (const call of taskAt(w, n).unheard) {
    const { state } = callAt(w, call);
    if (state.tag !== "pending") throw new Error("the host has heard of this call");
    send(w, "listen", record({ state: call, pending: state.pending }));
    editCall(w, call, { state: { tag: "listened", cancel: null } });
  }
  editTask(w, n, { unheard: [] });
}

/** G2: an import is called by its start half; a function that is not split is done at once. */
const start: AbiRules["start"] = (w, task, script, instr, args) => {
  const call = lowering(instr.start, false, w.place.opts);
  const { value, taken } = taking(w.place, () => call(w.place, args));
  const after = { after: "begun", task, script, ptr: value.temp, memory: taken } as const;
  return { move: value.move, after };
};

export function begun(w: Work, after: After & { after: "begun" }, ret: Ret): void {
  const { task, script, ptr, memory } = after;
  const at = placeOf(script);
  const instr = startAt(w, at);
  const { ft } = instr.start;
  // the memory of the arguments is that of the result too
  const lies = ptr !== null && ft.result !== null;
  const value = lies ? loadAt(w.place, ft.result, ptr) : syncResult(w.place, ft, ret, null);
  releaseAll(w.place, memory);
  const state = instr.result === null ? ({ tag: "done", value } as const) : begunState(value);
  const n = newCall(w, { task, group: null, at, wanted: true, state, memory: [] });
  if (state.tag === "pending") editTask(w, task, { unheard: [...taskAt(w, task).unheard, n] });
  first(w, onward(task, script, { tag: "call", call: n }));
}

function begunState(v: ScriptValue): Call["state"] {
  if (tagOf(v) !== "case") return mismatch();
  const { label, value } = v as { readonly label: string; readonly value: ScriptValue | null };
  if (label === "ok") return { tag: "done", value: value ?? 0 };
  return { tag: "pending", pending: Number(value) };
}

function startAt(
  { engine }: Work,
  [code, pc]: Call["at"],
): { start: Lowered; result: Lowered | null } {
  const instr = engine.linked[code]?.code.instrs[pc];
  if (instr?.op !== "start-call") throw new Error("a call that nobody started");
  return instr;
}

/** G2: the value of a call that is done is fetched from the callee by the result half. */
const claim: AbiRules["claim"] = (w, task, script, n) => {
  const { state, at } = callAt(w, n);
  remove(w, "calls", n);
  if (state.tag === "done") {
    first(w, onward(task, script, state.value));
    return null;
  }
  const { result } = startAt(w, at);
  if (state.tag !== "ready" || result === null) throw new Error("a call that has no result");
  const { move, temp } = lowering(result, false, w.place.opts)(w.place, [state.ready]);
  return { move, after: { after: "claimed", task, script, at, ptr: temp } };
};

export function claimed(w: Work, after: After & { after: "claimed" }, ret: Ret): void {
  const { result } = startAt(w, after.at);
  if (result === null) throw new Error("only split functions have result halves");
  const value = syncResult(w.place, result.ft, ret, after.ptr);
  first(w, onward(after.task, after.script, value));
}

/**
 * G7: what becomes of a call that nobody wants depends on how far it got. Before the host has heard of
 * it, and if the body ends in the same run, the callee goes on unheard; otherwise it is cancelled as
 * soon as the right to do so is here; what is done is not claimed.
 */
const giveUp: AbiRules["giveUp"] = (w, n, ending) => {
  const { state, wanted, at } = callAt(w, n);
  switch (state.tag) {
    case "pending":
      if (!ending) {
        editCall(w, n, { wanted: false });
        return [];
      }
      remove(w, "calls", n);
      return [dropHandle(w, "pending", state.pending)];
    case "listened":
      if (wanted && state.cancel !== null) send(w, "cancel", state.cancel);
      editCall(w, n, { wanted: false, state: { tag: "listened", cancel: null } });
      return [];
    case "ready":
      remove(w, "calls", n);
      return [dropHandle(w, "ready", state.ready)];
    case "done": {
      const { start: half, result } = startAt(w, at);
      remove(w, "calls", n);
      return dropValue((result ?? half).ft.result, state.value);
    }
    default:
      throw new Error("only today's ABI has subtasks");
  }
};

/** G8: the end of a body; a task that has an identity says so, and keeps the value. */
function ended(w: Work, n: number, value: ScriptValue | null): void {
  const { announced, ready: handle } = taskAt(w, n);
  first(w, ...giveUpOwn(w, n, true));
  disown(w, n);
  editTask(w, n, { state: { tag: "done", value }, ready: null, unheard: [] });
  if (announced) send(w, "ready", record({ state: n, ready: handle ?? 0 }));
}

/** G9: the result half: whose value it is the host says. */
export function beginResult(w: Work, [handle]: readonly ScriptValue[]): Out {
  const ready = Number(handle ?? 0);
  const { move } = lowering(imported(w, imports(w).state), false, w.place.opts)(w.place, [ready]);
  return { move, after: { after: "identified", ready } };
}

export function identified(w: Work, after: After & { after: "identified" }, ret: Ret): void {
  const n = Number(syncResult(w.place, imports(w).state.ft, ret, null));
  const state = w.x.tasks[n]?.state;
  if (state?.tag !== "done") unreachable();
  remove(w, "tasks", n);
  const { result: t } = typeOf(w);
  if (t === null) first(w, { step: "leave", values: [] });
  else answer(w, t, state.value ?? 0);
  first(w, dropHandle(w, "ready", after.ready));
}

export const splitRules: AbiRules = {
  start,
  copy: () => {
    throw new Error("a copy is a call of the split ABI");
  },
  giveUp,
  drop: (w, n) => giveUp(w, n, false),
  claim,
  ended,
  ran: (task) => [{ step: "ran", task, replies: false }],
};
