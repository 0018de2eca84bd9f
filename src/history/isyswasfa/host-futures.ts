// Functions of the host behind their halves, and exports that the host bridges: rules H1, H10, H12. Mirrors spec/11.

import { Trap } from "../../canon/machine.ts";
import { isResolved, readSubtask } from "../../canon/ready.ts";
import type { FuncId } from "../../model/ids.ts";
import type { EndValue } from "../../model/values.ts";
import { becomeReady } from "./events.ts";
import {
  argsOf,
  type Body,
  caseOf,
  give,
  type Host,
  type Next,
  note,
  release,
  type State,
  taskBehind,
  unexpected,
} from "./host.ts";
import { capability, capabilityName, taskOf } from "./messages.ts";
import { addFuture, addTask, type Future, type Outcome, setTask } from "./tasks.ts";

function isBridged({ c }: Host, func: FuncId): boolean {
  return c.program.funcs[func]?.tag === "lift";
}

/** An earlier call into the same instance is not over: it takes one at a time. */
function isBusy(h: Host, func: FuncId): boolean {
  if (!isBridged(h, func)) return false;
  const { funcs } = h.c.program;
  const runs = ({ args, func: other }: Future): boolean =>
    args === null && isBridged(h, other) && funcs[other]?.instance === funcs[func]?.instance;
  return h.tasks.futures.some(runs);
}

const remove = ({ tasks }: Host, id: number): void => {
  tasks.futures = tasks.futures.filter((f) => f.id !== id);
};

function change({ tasks }: Host, id: number, parts: Partial<Future>): void {
  tasks.futures = tasks.futures.map((f) => (f.id === id ? { ...f, ...parts } : f));
}

const isOver = ({ c }: Host, { waitable }: EndValue): boolean =>
  isResolved(readSubtask(c, waitable));

/** A task of a call that did not finish at once. */
function pendingTask(h: Host, name: string, future: number | null): Next {
  const id = addTask(h.tasks, {
    kind: "future",
    listen: null,
    refs: 1,
    ready: null,
    asked: false,
  });
  if (future !== null) change(h, future, { task: id });
  note(h, "calls", () => `${name} start -> ${capabilityName("pending", id)}`);
  return give(caseOf("error", capability(id)));
}

/** H1: calls the function, and looks at it once. One that the bridge cannot take yet waits in line. */
export function startHalf(name: string): Body {
  return {
    start: {
      run: (h, s) => {
        const func = funcOf(h, name);
        const args = argsOf(s);
        const busy = isBusy(h, func);
        const id = addFuture(h.tasks, {
          func,
          task: null,
          args: busy ? args : null,
          call: null,
          failed: null,
        });
        if (busy) return pendingTask(h, name, id);
        return callFuture(func, args, { at: "called", id });
      },
    },
    called: {
      run: (h, { id }, { values: [call] }) => {
        if (!isOver(h, call as EndValue)) {
          change(h, id as number, { call: call as EndValue });
          return pendingTask(h, name, id as number);
        }
        remove(h, id as number);
        return claim(call as EndValue, { at: "finished" });
      },
    },
    finished: {
      run: (h, _s, { values: [value] }) => {
        note(h, "calls", () => `${name} start -> ok`);
        return give(caseOf("ok", value ?? null));
      },
    },
  };
}

function funcOf({ wiring }: Host, name: string): FuncId {
  const func = wiring.hostFuncs[name];
  if (func === undefined) throw new Error(`the host has no function ${name}`);
  return func;
}

function callFuture(func: FuncId, args: Future["args"], state: State): Next {
  return { do: "rule", frame: { tag: "host.call", func, args, async: true }, state };
}

/** Takes the values of a call that is over. */
function claim({ waitable }: EndValue, state: State): Next {
  return { do: "rule", frame: { tag: "host.call.done", waitable }, state };
}

/** H12: the value, once. */
export function resultHalf(name: string): Body {
  return {
    start: {
      run: (h, s) => {
        const id = taskOf(argsOf(s)[0]);
        note(h, "calls", () => `${name} result ${capabilityName("ready", id)}`);
        const task = taskBehind(h, id);
        if (task.kind !== "future" || task.ready === null) unexpected();
        setTask(h.tasks, id, { ...task, ready: null });
        release(h, id);
        if (task.ready.tag === "failed") throw new Trap(`guest.${task.ready.reason}`);
        return claim(task.ready, { at: "claimed" });
      },
    },
    claimed: { run: (_h, _s, { values }) => give(...values) },
  };
}

const hasEnded = (h: Host, { call, failed }: Future): boolean =>
  call !== null && (failed !== null || isOver(h, call));

/** Whether a call is over that the host has not looked at since. */
export function hasFinished(h: Host): boolean {
  return h.tasks.futures.some((f) => hasEnded(h, f));
}

/** The functions that are not over, by name. */
export function callsOut({ c, tasks }: Host): readonly string[] {
  return tasks.futures.map(({ func }) => c.program.funcs[func]?.name ?? "a function");
}

/** H10: the calls that are over have their values. */
export function finish(h: Host): void {
  for (const f of h.tasks.futures) {
    const { id, task, call, failed } = f;
    if (call === null || !hasEnded(h, f)) continue;
    remove(h, id);
    if (failed !== null) abandon(h, call);
    const ready: Outcome = failed === null ? call : { tag: "failed", reason: failed };
    if (task !== null) resolve(h, task, ready);
    else if (failed === null) h.c.edit.waitable.remove(call.waitable);
  }
}

/** A right to cancel that the host has kept is the one to claim from now on. */
function resolve(h: Host, id: number, ready: Outcome): void {
  const task = taskBehind(h, id);
  if (task.kind !== "future") throw new Error(`task ${id} is no function's`);
  const refs = task.refs - (task.asked ? 1 : 0);
  becomeReady(h, id, { ...task, refs, ready, asked: false });
}

/** The first call at the bridge that can start now. */
export function startable(h: Host): Future | null {
  return h.tasks.futures.find(({ args, func }) => args !== null && !isBusy(h, func)) ?? null;
}

/** Starts a call that waited at the bridge; the call is then given to `started`. */
export function startNext(h: Host, { id, func, args }: Future, then: State): Next {
  change(h, id, { args: null });
  return callFuture(func, args, then);
}

export function started(h: Host, id: number, call: EndValue): void {
  change(h, id, { call });
}

/** H7: ends a call whatever it was doing; false if it runs over the bridge, where it has to end by itself. */
export function dropFuture(h: Host, task: number): boolean {
  const future = h.tasks.futures.find((f) => f.task === task);
  if (future === undefined) return true;
  if (future.args === null && isBridged(h, future.func)) return false;
  remove(h, future.id);
  if (future.call !== null) abandon(h, future.call);
  return true;
}

/** Takes a call away with the thread that runs it. */
function abandon({ c }: Host, { waitable }: EndValue): void {
  const { task, state } = readSubtask(c, waitable);
  c.edit.waitable.remove(waitable);
  if (task === null || state === "RETURNED") return;
  for (const id of c.edit.task.read(task).threads) c.edit.thread.remove(id);
  c.edit.task.remove(task);
}
