// The poll function of a component of the split ABI: rules G3 to G6. Mirrors spec/11.

import { alignment, elemSize } from "../../canon/values/layout.ts";
import type { ValType } from "../../model/types.ts";
import type { CoreValue, Value } from "../../model/values.ts";
import { release } from "../heap.ts";
import { mismatch, type ScriptValue, tagOf } from "../script-values.ts";
import { takeRunnable } from "./bodies.ts";
import {
  callsWhere,
  dropHandle,
  editCall,
  editTask,
  first,
  giveUpOwn,
  remove,
  unreachable,
  type Work,
  wake,
} from "./engine.ts";
import { answer, send, typeOf } from "./replies.ts";
import type { Call, Task } from "./state.ts";
import type { Step } from "./steps.ts";
import { dropValue } from "./unwanted.ts";

/** G3: every message is taken before anything runs. */
export function beginPoll(
  w: Work,
  inputs: readonly ScriptValue[],
  flat: readonly CoreValue[],
): void {
  const t = typeOf(w).params[0]?.t;
  if (t?.tag === "list") freeList(w, t.t, flat);
  first(w, ...inputs.map(inputOf), { step: "round", fresh: true });
}

/** The messages have been read: their memory is free. */
function freeList({ place }: Work, t: ValType, [ptr = 0, length = 0]: readonly CoreValue[]): void {
  const { address } = place.opts;
  if (alignment(t, address) > 0) release(place, Number(ptr), Number(length) * elemSize(t, address));
}

function inputOf(v: ScriptValue): Step {
  if (tagOf(v) !== "case") return mismatch();
  const { label, value } = v as { readonly label: string; readonly value: ScriptValue };
  if (tagOf(value) !== "record") return { step: "input", label, token: Number(value), handle: 0 };
  const { fields } = value as { readonly fields: Readonly<Record<string, Value>> };
  const { state, ...rest } = fields;
  const [handle = 0] = Object.values(rest);
  return { step: "input", label, token: Number(state), handle: Number(handle) };
}

const isFresh = ({ state }: Task): boolean =>
  state.tag === "waiting" && state.on.tag === "turn" && state.on.fresh;

/**
 * G3: takes what is runnable, all of it, until nothing is; then the outbox goes to the host. G10: what was
 * spawned within this poll call, and not begun, is left for the next.
 */
export function roundStep(w: Work, { fresh }: Step & { step: "round" }): void {
  const tasks = takeRunnable(w, (task) => fresh || !isFresh(task));
  if (tasks.length > 0) {
    first(w, { step: "take", tasks }, { step: "round", fresh: false });
    return;
  }
  const { result } = typeOf(w);
  if (result === null) throw new Error("a poll function gives messages");
  const messages = w.x.outbox.map(({ label, value }) => ({ tag: "case", label, value }));
  w.x = { ...w.x, outbox: [] };
  answer(w, result, messages as readonly ScriptValue[]);
}

export function inputStep(w: Work, { label, token, handle }: Step & { step: "input" }): void {
  // G11: the bindings of Python had no more than a note that this was to be done
  if (w.engine.unfinished && label.startsWith("cancel")) unreachable();
  switch (label) {
    case "listening":
      listening(w, token, handle);
      return;
    case "ready":
      readyCall(w, token, handle);
      return;
    case "cancel":
      cancelTask(w, token, handle);
      return;
    default:
      cancelComplete(w, token);
  }
}

function listened(
  w: Work,
  n: number,
): Call & { readonly state: Call["state"] & { tag: "listened" } } {
  const call = w.x.calls[n];
  if (call?.state.tag !== "listened") return unreachable();
  return { ...call, state: call.state };
}

/** G4: the right to cancel a call; one that nobody wants any more is cancelled at once. */
function listening(w: Work, n: number, handle: number): void {
  const { wanted, state } = listened(w, n);
  if (state.cancel !== null) unreachable();
  if (wanted) editCall(w, n, { state: { tag: "listened", cancel: handle } });
  else send(w, "cancel", handle);
}

/** G5: a call is done: whoever waits for it may go on; otherwise nobody claims the value. */
function readyCall(w: Work, n: number, handle: number): void {
  const { wanted, state, task } = listened(w, n);
  const drops = state.cancel === null ? [] : [dropHandle(w, "cancel", state.cancel)];
  if (wanted) {
    editCall(w, n, { state: { tag: "ready", ready: handle } });
    wake(w, n);
    first(w, ...drops);
    return;
  }
  remove(w, "calls", n);
  first(w, ...drops, dropHandle(w, "ready", handle));
  if (task !== null) confirm(w, task);
}

/** G6: the body is destroyed and what it had started given up; its end is told when that is over. */
function cancelTask(w: Work, n: number, handle: number): void {
  const task = w.x.tasks[n];
  if (!task || task.state.tag === "cancelled") unreachable();
  const { ready: held } = task;
  w.x = { ...w.x, runnable: w.x.runnable.filter((one) => one !== n) };
  editTask(w, n, { state: { tag: "cancelled", by: handle }, ready: null });
  if (held !== null) first(w, dropHandle(w, "ready", held));
  first(w, ...unclaimed(w, task), ...giveUpOwn(w, n, true));
  confirm(w, n);
}

/** The value of a task that is done is dropped, with the handles in it. */
function unclaimed({ engine }: Work, { entry: n, state }: Task): readonly Step[] {
  const entry = engine.entries[n];
  if (state.tag !== "done" || entry?.entry !== "start") return [];
  return dropValue(entry.ft.result, state.value ?? 0);
}

/** G6: a cancelled task has stopped when nothing that it had started is open. */
function confirm(w: Work, n: number): void {
  const task = w.x.tasks[n];
  if (task?.state.tag !== "cancelled" || callsWhere(w, (call) => call.task === n).length > 0)
    return;
  send(w, "cancel-complete", task.state.by ?? 0);
  remove(w, "tasks", n);
}

/** G6: a call that was given up has stopped. */
function cancelComplete(w: Work, n: number): void {
  const { task } = listened(w, n);
  remove(w, "calls", n);
  if (task !== null) confirm(w, task);
}
