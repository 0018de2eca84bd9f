// What one step did, read off the stores before and after it: calls, results, events, waits, ends.

import type { Ctx } from "../canon/machine.ts";
import { instanceName } from "../canon/names.ts";
import type { EventTuple, Frame } from "../model/frames.ts";
import type { TaskId, ThreadId, WaitableId } from "../model/ids.ts";
import type { CoreFunc } from "../model/program.ts";
import type { Ending } from "../model/store.ts";
import type { Thread } from "../model/thread.ts";
import type { CoreValue, Value } from "../model/values.ts";
import { whyBlocked } from "../scheduler/explain.ts";
import { endName } from "../wasi/object-names.ts";
import { type AliveDeed, type Followed, holderChanges, releases } from "./alive-deeds.ts";
import { type Called, calledBy, resultText } from "./calls.ts";
import { copyText, eventText, valueTexts, wasiTexts } from "./show.ts";

/** Something that a reader of a trace wants to know. Names are those of threads, tasks, instances. */
export type Deed =
  | ({ readonly tag: "call" } & Called)
  /** `text` is empty for a call that returns nothing */
  | { readonly tag: "result"; readonly of: string; readonly text: string }
  /** a function of a component starts, on a task of its own */
  | { readonly tag: "start"; readonly task: string; readonly args: readonly string[] }
  | {
      readonly tag: "return";
      readonly task: string;
      readonly values: readonly string[];
      /** the caller's instance */
      readonly to: string;
    }
  | { readonly tag: "event"; readonly text: string }
  | { readonly tag: "cancel"; readonly task: string }
  | { readonly tag: "copy"; readonly n: number; readonly from: string; readonly to: string }
  | { readonly tag: "resume"; readonly thread: string }
  | { readonly tag: "wait"; readonly why: string }
  | { readonly tag: "exit" }
  | { readonly tag: "log"; readonly text: string }
  | AliveDeed
  | { readonly tag: "end"; readonly ending: Ending };

/** One step with what surrounds it; `open` are the calls that have not returned yet. */
export interface Moment {
  readonly before: Ctx;
  readonly after: Ctx;
  /** the thread that ran; null for the host */
  readonly thread: ThreadId | null;
  readonly frame: Frame | null;
  readonly open: Map<string, Frame>;
  /** the object of a WASI host whose holders are of interest; null: none */
  readonly followed: Followed | null;
}

function top(c: Ctx): ThreadId | null {
  const { stack } = c.edit.globals;
  return stack[stack.length - 1] ?? null;
}

function threadIn(c: Ctx, id: ThreadId | null): Readonly<Thread> | null {
  return id !== null && c.edit.has("thread", id) ? c.edit.read("thread", id) : null;
}

/** A call that is made at depth `d` returns to the guest's frame below it. */
function calls({ before, thread, frame, open }: Moment): readonly Deed[] {
  const called = frame === null ? null : calledBy(before, frame);
  const depth = threadIn(before, thread)?.frames.length ?? 0;
  if (called === null || frame === null) return [];
  open.set(`${thread}:${depth - 1}`, frame);
  return [{ tag: "call", ...called }];
}

function results({ after, thread, open }: Moment): readonly Deed[] {
  const t = threadIn(after, thread);
  const key = `${thread}:${t?.frames.length}`;
  const frame = open.get(key);
  if (t === null || frame === undefined || t.frames.at(-1)?.tag !== "guest") return [];
  if (t.ret === null || (t.ret.tag !== "core" && t.ret.tag !== "values")) return [];
  open.delete(key);
  return [{ tag: "result", of: nameOf(after, frame), text: returned(after, frame, t.ret) }];
}

function nameOf(c: Ctx, frame: Frame): string {
  return calledBy(c, frame)?.name ?? frame.tag;
}

function returned(c: Ctx, frame: Frame, ret: NonNullable<Thread["ret"]>): string {
  if (ret.tag === "values") return hostResult(c, frame, ret.values);
  return ret.tag === "core" ? resultText(c, frame, ret.values as readonly CoreValue[]) : "";
}

/** What an operation of the host's returned to it; a copy's result comes first. */
function hostResult(c: Ctx, { tag }: Frame, values: readonly Value[]): string {
  const [result, received] = values;
  if (!tag.endsWith("copy") || typeof result !== "number") return valueTexts(c, values).join(", ");
  const got = Array.isArray(received) && received.length > 0 ? valueTexts(c, [received]) : [];
  return [copyText(result), ...got].join(" ");
}

interface LoweredItem {
  readonly tag: string;
  readonly v?: Value;
  readonly values?: readonly Value[];
}

/** The functions of the WASI host have their arguments in their state; a destructor's is a bare rep. */
function wasiArguments(c: Ctx, frame: Frame | undefined): readonly string[] | null {
  if (frame?.tag !== "guest" || (frame.core as CoreFunc).guest !== "wasi") return null;
  const { code } = frame.core as CoreFunc;
  const { args } = frame.state as { readonly args: readonly Value[] };
  const drops = c.program.resourceTypes.some(({ dtor }) => {
    const def = c.program.funcs[dtor];
    return def?.core.guest === "wasi" && def.core.code === code;
  });
  if (!drops) return wasiTexts(c, args);
  return wasiTexts(
    c,
    args.map((rep) => ({ tag: "rep", rep: Number(rep) })),
  );
}

/** The arguments of a function that starts stand on the frame that lowers them for it. */
function argumentsOf(c: Ctx, id: ThreadId | null): readonly string[] {
  const frame = threadIn(c, id)?.frames.at(-1);
  const args = wasiArguments(c, frame);
  if (args !== null) return args;
  const todo = frame?.tag === "lower.values" ? (frame.todo as readonly LoweredItem[]) : [];
  const values = todo
    .toReversed()
    .flatMap(({ v, values: vs }) => vs ?? (v === undefined ? [] : [v]));
  return valueTexts(c, values);
}

function starts({ after, thread, frame }: Moment): readonly Deed[] {
  if (frame?.tag !== "lift.start" && frame?.tag !== "host.enter") return [];
  const task = frame.task as TaskId;
  if (!after.edit.has("task", task)) return [];
  return [
    { tag: "start", task: after.edit.read("task", task).name, args: argumentsOf(after, thread) },
  ];
}

function callerOf(c: Ctx, id: TaskId): string {
  const { caller, instance } = c.edit.read("task", id);
  if (caller.tag === "realloc") return instanceName(c, instance);
  if (!c.edit.has("waitable", caller.waitable)) return "host";
  const w = c.edit.read("waitable", caller.waitable);
  const core = w.tag === "subtask" && w.lowering.tag === "core" ? w.lowering.instance : null;
  return instanceName(c, core);
}

function returns({ before, frame }: Moment): readonly Deed[] {
  if (frame?.tag !== "task.resolve") return [];
  const id = frame.task as TaskId;
  const { name, opts } = before.edit.read("task", id);
  const texts = opts === null ? wasiTexts : valueTexts;
  const values = texts(before, frame.values as readonly Value[]);
  return [{ tag: "return", task: name, values, to: callerOf(before, id) }];
}

/** An event that goes to a callback; one that `waitable-set.wait` returns is that call's result. */
function events({ after, thread, frame }: Moment): readonly Deed[] {
  const t = threadIn(after, thread);
  if (frame?.tag !== "event" || t?.ret?.tag !== "event") return [];
  if (t.frames.at(-1)?.tag !== "lift.event") return [];
  const { event }: { readonly event: EventTuple } = t.ret;
  return [{ tag: "event", text: eventText(event) }];
}

function stateOf(c: Ctx, id: TaskId): string {
  return c.edit.has("task", id) ? c.edit.read("task", id).state : "none";
}

function cancellations({ before, after }: Moment): readonly Deed[] {
  return after.edit.ids("task").flatMap((id): readonly Deed[] => {
    const [was, is] = [stateOf(before, id), stateOf(after, id)];
    if (was === is) return [];
    if (is === "pending-cancel") return [{ tag: "cancel", task: after.edit.read("task", id).name }];
    return is === "cancel-delivered" ? [{ tag: "event", text: "TASK_CANCELLED" }] : [];
  });
}

function copies({ before, frame }: Moment): readonly Deed[] {
  if (frame === null || !frame.tag.startsWith("copy.moved")) return [];
  const id = frame.waitable as WaitableId;
  const end = before.edit.read("waitable", id);
  if (end.tag !== "end" || end.other === null) return [];
  const [mine, peer] = [endName(before, id), endName(before, end.other)];
  const [from, to] = end.kind.startsWith("writable") ? [mine, peer] : [peer, mine];
  return [{ tag: "copy", n: frame.n as number, from, to }];
}

function logs({ before, after }: Moment): readonly Deed[] {
  const known = before.edit.globals.log.length;
  return after.edit.globals.log.slice(known).map((text) => ({ tag: "log", text }));
}

/** The running thread gave way: it waits, is suspended, or is gone. */
function waits({ after, thread }: Moment): readonly Deed[] {
  if (thread === null || after.edit.globals.stack.includes(thread)) return [];
  const blocked = whyBlocked(after, thread);
  return [blocked === null ? { tag: "exit" } : { tag: "wait", why: blocked.why }];
}

/** A thread that had run before runs again. */
function resumes({ before, after }: Moment): readonly Deed[] {
  const now = top(after);
  if (now === null || before.edit.globals.stack.includes(now)) return [];
  const t = threadIn(before, now);
  return t === null ? [] : [{ tag: "resume", thread: t.name }];
}

function objects({ before, after, followed }: Moment): readonly Deed[] {
  const changes = followed === null ? [] : holderChanges(before, after, followed);
  return [...changes, ...releases(before, after)];
}

function ends({ after }: Moment): readonly Deed[] {
  const { ending } = after.edit.globals;
  return ending === null ? [] : [{ tag: "end", ending }];
}

/** Everything that a step did, in the order in which a reader wants to hear it. */
export function deedsOf(moment: Moment): readonly Deed[] {
  const kinds = [
    calls,
    starts,
    copies,
    returns,
    cancellations,
    results,
    events,
    logs,
    objects,
    waits,
    resumes,
    ends,
  ];
  return kinds.flatMap((of) => of(moment));
}
