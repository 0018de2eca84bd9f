// The executor of stackless bodies: what its rules work with, and the tables they edit. Mirrors spec/11.

import { Trap } from "../../canon/machine.ts";
import type { FuncId, ResourceTypeId } from "../../model/ids.ts";
import type { BuiltinName, CanonicalOptions } from "../../model/program.ts";
import type { FuncType } from "../../model/types.ts";
import type { CoreValue } from "../../model/values.ts";
import type { Leaving, ScriptState } from "../code.ts";
import type { Place } from "../marshal.ts";
import type { Linked } from "../running.ts";
import { mismatch, type ScriptValue, tagOf } from "../script-values.ts";
import { type Call, type Executor, freeNumber, type Group, type Task, withEntry } from "./state.ts";
import type { After, Out, Step } from "./steps.ts";

/** A core function of the executor; its place in the list is `CoreFunc.code`. */
export type Entry = {
  readonly opts: CanonicalOptions;
  /** of an export, or of its half */
  readonly name: string;
} & (
  | {
      readonly entry: "start";
      readonly body: number;
      readonly onCancel: number | null;
      /** the whole function, with the types of the ABI */
      readonly ft: FuncType;
      /** split: the type of the half */
      readonly half: FuncType | null;
    }
  | { readonly entry: "result" | "poll"; readonly ft: FuncType }
  | { readonly entry: "callback" | "freed" }
);

interface Imported {
  readonly id: FuncId;
  readonly ft: FuncType;
}

/** What the executor of the split ABI uses of its host. */
export interface SplitImports {
  readonly makeTask: Imported;
  readonly state: Imported;
  readonly handles: Readonly<Record<"pending" | "cancel" | "ready", ResourceTypeId>>;
}

/** What differs between the two ABIs. */
export interface AbiRules {
  start(
    w: Work,
    task: number,
    script: ScriptState,
    instr: Leaving & { readonly op: "start-call" },
    args: readonly ScriptValue[],
  ): Out;
  copy(
    w: Work,
    task: number,
    script: ScriptState,
    instr: Leaving & { readonly op: "await-copy" },
    args: readonly ScriptValue[],
  ): Out;
  /** Nobody wants the result any more; `ending`: the body is over too. */
  giveUp(w: Work, call: number, ending: boolean): readonly Step[];
  drop(w: Work, call: number): readonly Step[];
  /** The result of a call that is over. */
  claim(w: Work, task: number, script: ScriptState, call: number): Out | null;
  /** `confirms`: the end of `on cancel`. */
  ended(w: Work, task: number, value: ScriptValue | null, confirms: boolean): void;
  /** What comes after a run of a task. */
  ran(task: number): readonly Step[];
}

export interface Engine {
  readonly linked: readonly Linked[];
  readonly entries: readonly Entry[];
  readonly abi: AbiRules;
  readonly split: SplitImports | null;
  /** spawned bodies do not begin at once */
  readonly later: boolean;
  /** messages of cancellation are not provided for */
  readonly unfinished: boolean;
}

/** One run of an entry up to its next call; the rules change `x` and `agenda`. */
export interface Work {
  readonly place: Place;
  readonly engine: Engine;
  readonly entry: number;
  x: Executor;
  agenda: readonly Step[];
}

/** Does these steps before all others. */
export function first(w: Work, ...steps: readonly Step[]): void {
  w.agenda = [...steps, ...w.agenda];
}

export function taskAt(w: Work, n: number): Task {
  const task = w.x.tasks[n];
  if (!task) throw new Error(`no task ${n}`);
  return task;
}

export function callAt(w: Work, n: number): Call {
  const call = w.x.calls[n];
  if (!call) throw new Error(`no call ${n}`);
  return call;
}

export function groupAt(w: Work, n: number): Group {
  const group = w.x.groups[n];
  if (!group) throw new Error(`no group ${n}`);
  return group;
}

export function editTask(w: Work, n: number, change: Partial<Task>): void {
  w.x = withEntry(w.x, "tasks", n, { ...taskAt(w, n), ...change });
}

export function editCall(w: Work, n: number, change: Partial<Call>): void {
  w.x = withEntry(w.x, "calls", n, { ...callAt(w, n), ...change });
}

export function editGroup(w: Work, n: number, change: Partial<Group>): void {
  w.x = withEntry(w.x, "groups", n, { ...groupAt(w, n), ...change });
}

/** Takes out a task, or a call. */
export function remove(w: Work, table: "tasks" | "calls" | "groups", n: number): void {
  w.x = withEntry(w.x, table, n, null);
}

export function newTask(w: Work, what: Pick<Task, "entry" | "spawned" | "group" | "args">): number {
  const n = freeNumber(w.x.tasks);
  const task: Task = {
    ...what,
    state: { tag: "running" },
    announced: false,
    ready: null,
    unheard: [],
  };
  w.x = withEntry(w.x, "tasks", n, task);
  return n;
}

export function newCall(w: Work, call: Call): number {
  const n = freeNumber(w.x.calls);
  w.x = withEntry(w.x, "calls", n, call);
  return n;
}

/** The numbers of the calls that `some` picks. */
export function callsWhere(w: Work, some: (call: Call) => boolean): readonly number[] {
  return w.x.calls.flatMap((call, n) => (call !== null && some(call) ? [n] : []));
}

/** Whether a call has its result, so that to await it is not to wait. */
export function isOver({ state }: Call): boolean {
  return state.tag === "done" || state.tag === "ready";
}

/** The call that a value of a body of `task` stands for: its own, and not given up. */
export function callOf(w: Work, task: number, v: ScriptValue | undefined): number {
  if (v === undefined || tagOf(v) !== "call") return mismatch();
  const { call: n } = v as { readonly call: number };
  const call = w.x.calls[n];
  return call?.task === task && call.wanted ? n : mismatch();
}

/** A call got its result: if its task waits for that, it may go on. */
export function wake(w: Work, n: number): void {
  const { task: owner } = callAt(w, n);
  const state = owner === null ? null : w.x.tasks[owner]?.state;
  if (owner === null || state?.tag !== "waiting" || state.on.tag === "turn") return;
  const waits = state.on.tag === "call" ? state.on.call === n : state.on.calls.includes(n);
  if (waits) makeRunnable(w, owner);
}

export function makeRunnable(w: Work, task: number): void {
  if (w.x.runnable.includes(task)) return;
  w.x = { ...w.x, runnable: [...w.x.runnable, task] };
}

/** Gives up what a task has started, in the order of numbers; `ending`: it is over itself. */
export function giveUpOwn(w: Work, task: number, ending: boolean): readonly Step[] {
  const own = callsWhere(w, (call) => call.task === task);
  return own.flatMap((n) => w.engine.abi.giveUp(w, n, ending));
}

/** What a task has started is nobody's. */
export function disown(w: Work, task: number): void {
  for (const n of callsWhere(w, (call) => call.task === task)) editCall(w, n, { task: null });
}

/** The instruction that a body left at. */
export function placeOf({ calls }: ScriptState): Call["at"] {
  const top = calls[calls.length - 1];
  return [top?.code ?? 0, top?.pc ?? 0];
}

/** Whether a body that left goes on to use the address of the buffer that it gets. */
export function keepsBuffer({ engine }: Work, script: ScriptState): boolean {
  const [code, pc] = placeOf(script);
  return engine.linked[code]?.code.instrs[pc + 1]?.op === "destructure";
}

/** A step that calls a built-in with plain operands. */
export function builtinStep(
  name: BuiltinName,
  args: readonly CoreValue[],
  after: After | null = null,
): Step {
  return { step: "builtin", name, args, t: null, rt: null, after };
}

/** A step that drops a capability of the split ABI. */
export function dropHandle(
  { engine }: Work,
  what: "pending" | "cancel" | "ready",
  handle: number,
): Step {
  const rt = engine.split?.handles[what];
  if (rt === undefined) throw new Error("the native ABI has no such handles");
  return { step: "builtin", name: "resource.drop", args: [handle], t: null, rt, after: null };
}

/** What generated code does when the other side breaks the protocol. */
export function unreachable(): never {
  throw new Trap("guest.unreachable");
}
