// Calls and copies of stackless bodies under today's ABI: subtasks and ends, joined to a task's set. Mirrors spec/11.

import { blocked } from "../../canon/machine.ts";
import type { Ret } from "../../model/frames.ts";
import type { ValType } from "../../model/types.ts";
import { builtinCall, builtinResult, eventPayload } from "../builtins.ts";
import { coreOf, lowering } from "../calls.ts";
import type { ScriptState } from "../code.ts";
import { constants } from "../constants.ts";
import { letGo, type Range, releaseAll, taking } from "../heap.ts";
import { loadAt } from "../marshal.ts";
import type { ScriptValue } from "../script-values.ts";
import { onward } from "./bodies.ts";
import {
  type AbiRules,
  builtinStep,
  callAt,
  callsWhere,
  editCall,
  editGroup,
  editTask,
  first,
  groupAt,
  keepsBuffer,
  newCall,
  placeOf,
  remove,
  taskAt,
  type Work,
  wake,
} from "./engine.ts";
import type { Call } from "./state.ts";
import type { After, Step } from "./steps.ts";
import { dropValue } from "./unwanted.ts";

/** Calls asynchronously; arguments and result lie in memory of the call's own. */
export const start: AbiRules["start"] = (w, task, script, instr, args) => {
  const call = lowering(instr.start, true, w.place.opts);
  const { value, taken } = taking(w.place, () => call(w.place, args));
  const { move, temp } = value;
  return { move, after: { after: "started", task, script, ptr: temp, memory: taken } };
};

const returned = constants.RETURNED.value;

export function started(w: Work, after: After & { after: "started" }, ret: Ret): void {
  const status = Number(coreOf(ret)[0] ?? 0);
  const index = Math.floor(status / 16);
  const { task, script, ptr, memory } = after;
  if (index === 0) {
    const value = resultAt(w, placeOf(script), ptr);
    releaseAll(w.place, memory);
    newCallOf(w, after, { tag: "done", value }, []);
    return;
  }
  const n = newCallOf(w, { task, script }, { tag: "waitable", index, ptr }, memory);
  first(w, { step: "join", call: n });
}

/** A new call, which the body goes on with. */
function newCallOf(
  w: Work,
  { task, script }: { readonly task: number; readonly script: ScriptState },
  state: Call["state"],
  memory: readonly Range[],
): number {
  const { group } = taskAt(w, task);
  const n = newCall(w, { task, group, at: placeOf(script), wanted: true, state, memory });
  first(w, onward(task, script, { tag: "call", call: n }));
  return n;
}

function resultAt(w: Work, at: Call["at"], ptr: number | null): ScriptValue {
  const t = resultType(w, at);
  return t === null || ptr === null ? 0 : loadAt(w.place, t, ptr);
}

/** Starts a copy; a body that waits for it has no name for it. */
export const copy: AbiRules["copy"] = (w, task, script, { builtin }, args) => {
  const { move, temp } = builtinCall(w.place, builtin, args, keepsBuffer(w, script));
  const end = Number(args[0] ?? 0);
  return { move, after: { after: "copied", task, script, end, ptr: temp ?? 0 } };
};

export function copied(w: Work, after: After & { after: "copied" }, ret: Ret): void {
  const { task, script, end, ptr } = after;
  const core = coreOf(ret);
  const at = placeOf(script);
  const instr = w.engine.linked[at[0]]?.code.instrs[at[1]];
  if (instr?.op !== "await-copy") throw new Error("a copy that nobody started");
  if (core[0] !== blocked) {
    first(w, onward(task, script, builtinResult(w.place, instr.builtin, core, ptr)));
    return;
  }
  const { group } = taskAt(w, task);
  const state = { tag: "waitable", index: end, ptr } as const;
  const n = newCall(w, { task, group, at, wanted: true, state, memory: [] });
  editTask(w, task, { state: { tag: "waiting", script, on: { tag: "call", call: n } } });
  first(w, { step: "join", call: n });
}

/** Puts the waitable of a call into its group's set, which is made when it is first needed. */
export function joinStep(w: Work, step: Step & { step: "join" }): void {
  const { group, state } = callAt(w, step.call);
  const { set } = groupAt(w, group ?? 0);
  if (state.tag !== "waitable") throw new Error("only waitables are in sets");
  if (set !== null) first(w, builtinStep("waitable.join", [state.index, set]));
  else first(w, builtinStep("waitable-set.new", [], { after: "set", group: group ?? 0 }), step);
}

export function setMade(w: Work, { group }: After & { after: "set" }, ret: Ret): void {
  editGroup(w, group, { set: Number(coreOf(ret)[0] ?? 0) });
}

function callByIndex(w: Work, index: number): number {
  const [n] = callsWhere(w, ({ state }) => state.tag === "waitable" && state.index === index);
  if (n === undefined) throw new Error(`no call of ${index}`);
  return n;
}

export function subtaskEvent(w: Work, index: number, state: number): void {
  if (state >= returned) resolved(w, callByIndex(w, index), state);
}

/** A subtask is resolved, and whoever is to know has been told: it is dropped. */
function resolved(w: Work, n: number, status: number): void {
  const { state, at, memory, wanted } = callAt(w, n);
  if (state.tag !== "waitable") throw new Error("a call is resolved once");
  const value = status === returned ? resultAt(w, at, state.ptr) : 0;
  const unwanted = status === returned && !wanted ? dropValue(resultType(w, at), value) : [];
  first(w, builtinStep("subtask.drop", [state.index]), ...unwanted);
  releaseAll(w.place, memory);
  if (!wanted) {
    remove(w, "calls", n);
    return;
  }
  editCall(w, n, { state: { tag: "done", value }, memory: [] });
  wake(w, n);
}

export function copyEvent(w: Work, code: number, index: number, p2: number): void {
  const n = callByIndex(w, index);
  const { state, wanted } = callAt(w, n);
  const ptr = state.tag === "waitable" ? (state.ptr ?? 0) : 0;
  const result = eventPayload(w.place, code, index, p2);
  first(w, builtinStep("waitable.join", [index, 0]));
  if (!wanted) {
    remove(w, "calls", n);
    return;
  }
  editCall(w, n, { state: { tag: "done", value: { tag: "multi", values: [result, ptr] } } });
  wake(w, n);
}

/** A call whose future is dropped is cancelled; if that takes time, the runtime waits, not the body. */
export function giveUp(w: Work, n: number): readonly Step[] {
  const { state, wanted } = callAt(w, n);
  if (!wanted) return [];
  if (state.tag !== "waitable") return forget(w, n);
  editCall(w, n, { wanted: false });
  const after: After = { after: "cancelled", call: n };
  return [builtinStep("waitable.join", [state.index, 0]), cancelStep(w, n, state.index, after)];
}

function cancelStep(w: Work, n: number, index: number, after: After): Step {
  const [code, pc] = callAt(w, n).at;
  const instr = w.engine.linked[code]?.code.instrs[pc];
  if (instr?.op !== "await-copy") return builtinStep("subtask.cancel", [index], after);
  const { name, import: imported } = instr.builtin;
  const cancels = name.replace(".", ".cancel-") as typeof name;
  const t = imported.tag === "builtin" ? imported.t : null;
  return { step: "builtin", name: cancels, args: [index], t, rt: null, after };
}

export function cancelled(w: Work, { call: n }: After & { after: "cancelled" }, ret: Ret): void {
  const [status = 0] = coreOf(ret);
  if (status === blocked) {
    first(w, { step: "join", call: n });
    return;
  }
  const { at, state } = callAt(w, n);
  const instr = w.engine.linked[at[0]]?.code.instrs[at[1]];
  if (instr?.op === "start-call") resolved(w, n, Number(status));
  else {
    if (state.tag === "waitable") letGo(w.place, state.index);
    remove(w, "calls", n);
  }
}

/** `subtask.drop`, which traps unless the call is over. */
export function drop(w: Work, n: number): readonly Step[] {
  const { state } = callAt(w, n);
  if (state.tag !== "waitable") return forget(w, n);
  remove(w, "calls", n);
  return [builtinStep("subtask.drop", [state.index])];
}

/** A call is over, and nobody takes its result. */
function forget(w: Work, n: number): readonly Step[] {
  const { state, at } = callAt(w, n);
  remove(w, "calls", n);
  return state.tag === "done" ? dropValue(resultType(w, at), state.value) : [];
}

function resultType({ engine }: Work, [code, pc]: Call["at"]): ValType | null {
  const instr = engine.linked[code]?.code.instrs[pc];
  return instr?.op === "start-call" ? instr.start.ft.result : null;
}

export const claim: AbiRules["claim"] = (w, task, script, n) => {
  const { state } = callAt(w, n);
  if (state.tag !== "done") throw new Error("a call that has no result");
  remove(w, "calls", n);
  first(w, onward(task, script, state.value));
  return null;
};
