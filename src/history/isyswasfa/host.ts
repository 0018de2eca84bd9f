// How the functions of the split host are written: steps over its tasks. Mirrors spec/11.

import { type Ctx, Trap } from "../../canon/machine.ts";
import type { Frame, Ret } from "../../model/frames.ts";
import type { InstanceId } from "../../model/ids.ts";
import type { CaseValue, Value } from "../../model/values.ts";
import type { Wiring } from "./protocol.ts";
import { closeReceiver, settingOf, type Task, type Tasks, without } from "./tasks.ts";

/** What a step works on: the tasks, which it may change, and the machine beneath. */
export interface Host {
  readonly c: Ctx;
  /** the host's instance */
  readonly instance: InstanceId;
  readonly wiring: Wiring;
  readonly tasks: Tasks;
}

/** Where a function is: the label of its next step, and what it remembers, plain data. */
export interface State {
  readonly at: string;
  readonly [local: string]: unknown;
}

/** What a step asks for. */
export type Next =
  | { readonly do: "return"; readonly values: readonly Value[] }
  /** Goes on at the state's label once that step is ready. */
  | { readonly do: "wait"; readonly state: State }
  /** Goes on with the number of one of the options as input. */
  | { readonly do: "choose"; readonly options: readonly string[]; readonly state: State }
  /** Goes on with what a rule returns as input. */
  | { readonly do: "rule"; readonly frame: Frame; readonly state: State }
  | { readonly do: "go"; readonly state: State };

/** What a step is given: the pick after `choose`, the values that the rule returned after `rule`. */
export interface Given {
  readonly pick: number;
  readonly values: readonly Value[];
}

export interface Step {
  /** Whether a thread that waits at this step may go on. Reads only. */
  readonly ready?: (h: Host, s: State) => boolean;
  /** "waits for ..": what a thread that waits here waits for. */
  readonly explain?: (h: Host, s: State) => string;
  readonly run: (h: Host, s: State, given: Given) => Next;
}

/** A function: its steps by label. It begins at `start` with `args`. */
export type Body = Readonly<Record<string, Step>>;

export function givenBy(ret: Ret): Given {
  const values = ret?.tag === "core" || ret?.tag === "values" ? ret.values : [];
  return { pick: Number(ret?.tag === "core" ? (ret.values[0] ?? 0) : 0), values };
}

/** The arguments of a function at its step `start`. */
export function argsOf(s: State): readonly Value[] {
  return s.args as readonly Value[];
}

export function give(...values: readonly Value[]): Next {
  return { do: "return", values };
}

export function go(state: State): Next {
  return { do: "go", state };
}

/** A function that answers within the call. */
export function within(run: (h: Host, args: readonly Value[]) => readonly Value[]): Body {
  return { start: { run: (h, s) => give(...run(h, argsOf(s))) } };
}

export function caseOf(label: string, value: Value | null = null): CaseValue {
  return { tag: "case", label, value };
}

/** A line of the log, if the option `messages` asks for it. */
export function note({ c, tasks }: Host, level: "log" | "calls", text: () => string): void {
  const asked = settingOf(tasks, "messages");
  if (asked === level || asked === "calls") c.edit.log(text());
}

/** The task that a capability is on. A capability keeps its task. */
export function taskBehind({ tasks }: Host, id: number): Task {
  const task = tasks.tasks[id];
  if (task === undefined) throw new Error(`a capability on task ${id}, which is gone`);
  return task;
}

/** A claim in a phase that it is not for. */
export function unexpected(): never {
  throw new Trap("isyswasfa.unexpected-task-state");
}

/** H13: one capability less; the record goes with the last one. */
export function release(h: Host, id: number): void {
  const { tasks } = h;
  const task = taskBehind(h, id);
  if (task.refs > 1) {
    tasks.tasks = { ...tasks.tasks, [id]: { ...task, refs: task.refs - 1 } };
    return;
  }
  tasks.tasks = without(tasks.tasks, id);
  // a function of the host runs on, though nobody will hear of it
  tasks.futures = tasks.futures.map((f) => (f.task === id ? { ...f, task: null } : f));
  if (task.kind === "future" && task.ready?.tag === "end") {
    h.c.edit.waitable.remove(task.ready.waitable);
  }
  if (task.kind === "receive") closeReceiver(tasks, task.pair);
}

/** Drops a capability that nobody gets; as built some of them were forgotten instead. */
export function discard(h: Host, id: number): void {
  if (settingOf(h.tasks, "references") === "dropped") release(h, id);
}
