// Why nothing moves any more, in words: who waits for what, and what that waits for. Mirrors spec/07.

import { type Ctx, context } from "../canon/machine.ts";
import { describe, instanceName } from "../canon/names.ts";
import { hasPendingEvent, isResolved, needsExclusive } from "../canon/ready.ts";
import { editStore } from "../model/edit.ts";
import type { Frame } from "../model/frames.ts";
import type { InstanceId, SetId, TaskId, ThreadId, WaitableId } from "../model/ids.ts";
import type { CoreFunc } from "../model/program.ts";
import type { End, Store, Subtask } from "../model/store.ts";
import type { ReadyWhen, Thread } from "../model/thread.ts";
import type { System } from "./machine.ts";

/** Why a thread does not run, and the threads that it waits for. */
export interface Blocked {
  readonly why: string;
  readonly waitsFor: readonly ThreadId[];
}

/** A store with the names of its program: what the explanations and the rules' names read. */
export function readOnly(system: System, store: Store): Ctx {
  return context(system, editStore(store));
}

/** `A/set2`: the set by the handle that names it. */
function setName(c: Ctx, set: SetId): string {
  for (const id of c.edit.instance.ids()) {
    const { array } = c.edit.instance.read(id).handles;
    const index = array.findIndex((entry) => entry?.tag === "set" && entry.set === set);
    if (index !== -1) return `${instanceName(c, id)}/set${index}`;
  }
  return "a set that no handle names";
}

/** The name of the function that a subtask calls. */
function calleeName(c: Ctx, { func }: Readonly<Subtask>): string {
  return c.program.funcs[func]?.name ?? `function ${func}`;
}

function verb(end: Readonly<End>): string {
  return end.kind.startsWith("readable") ? "read" : "write";
}

function endState(c: Ctx, id: WaitableId, end: Readonly<End>): string {
  if (hasPendingEvent(c, id)) return "has an event";
  switch (end.state) {
    case "idle":
      return "is idle";
    case "done":
      return "is done";
    case "copying":
      return `has a ${verb(end)} pending`;
    case "cancelling":
      return `has a cancelled ${verb(end)} pending`;
  }
}

/** The thread of the host that answers for an end in the host's hands; none for other ends. */
function serversOf(c: Ctx, end: WaitableId | null): readonly ThreadId[] {
  if (end === null) return [];
  return c.edit.thread.ids().filter((id) => {
    const { state }: Readonly<Thread> = c.edit.thread.read(id);
    if (state.tag !== "waiting" || state.ready.tag !== "guest") return false;
    const { core, state: at } = state.ready;
    return c.guests[core.guest]?.serves?.(c, core, at).includes(end) ?? false;
  });
}

/** `B/w4`, `host/w`; `fs-read#3/w` where a thread of the host answers for it */
function peerName(c: Ctx, end: WaitableId): string {
  const [server] = serversOf(c, end);
  const name = describe(c, end);
  return server === undefined ? name : name.replace(/^host/, c.edit.thread.read(server).name);
}

/** `; its peer B/w4 is idle` */
function peerText(c: Ctx, { other }: Readonly<End>): string {
  if (other === null) return "; its peer is gone";
  const peer = c.edit.waitable.read(other);
  if (peer.tag !== "end") return "";
  return `; its peer ${peerName(c, other)} ${endState(c, other, peer)}`;
}

const subtaskStates: Readonly<Record<Subtask["state"], string>> = {
  STARTING: "has not started",
  STARTED: "has not resolved",
  RETURNED: "has returned",
  CANCELLED_BEFORE_STARTED: "is cancelled",
  CANCELLED_BEFORE_RETURNED: "is cancelled",
};

function waitableText(c: Ctx, id: WaitableId): string {
  const w = c.edit.waitable.read(id);
  if (w.tag === "end") return `${describe(c, id)} ${endState(c, id, w)}${peerText(c, w)}`;
  return `${describe(c, id)} (${calleeName(c, w)} ${subtaskStates[w.state]})`;
}

/** The threads of a task that has yet to resolve, also the one that waits to enter. */
function threadsOf(c: Ctx, task: TaskId | null): readonly ThreadId[] {
  if (task === null || !c.edit.task.has(task)) return [];
  const { threads, implicitThread } = c.edit.task.read(task);
  const all = new Set(implicitThread === null ? threads : [implicitThread, ...threads]);
  return [...all].filter((id) => c.edit.thread.has(id));
}

/** The threads that an event of a waitable may come from, as far as they are known. */
function causes(c: Ctx, id: WaitableId): readonly ThreadId[] {
  const w = c.edit.waitable.read(id);
  if (w.tag === "end") return serversOf(c, w.other);
  return isResolved(w) ? [] : threadsOf(c, w.task);
}

function members(c: Ctx, set: SetId): string {
  const { elems } = c.edit.set.read(set);
  if (elems.length === 0) return "it has no members";
  const texts = elems.map((id) => waitableText(c, id));
  return `its ${elems.length === 1 ? "only member" : "members"}: ${texts.join(", ")}`;
}

function inSet(c: Ctx, set: SetId): Blocked {
  const { elems } = c.edit.set.read(set);
  const waitsFor = elems.flatMap((id) => causes(c, id));
  return { why: `waits for an event in ${setName(c, set)}; ${members(c, set)}`, waitsFor };
}

/** Who holds the exclusive lock of an instance; null when it is free. */
function lockHolder(c: Ctx, id: InstanceId): ThreadId | null {
  const { exclusiveThread } = c.edit.instance.read(id);
  return exclusiveThread !== null && c.edit.thread.has(exclusiveThread) ? exclusiveThread : null;
}

function heldBy(c: Ctx, id: InstanceId): string {
  const holder = lockHolder(c, id);
  return holder === null ? " is free" : ` is held by ${c.edit.thread.read(holder).name}`;
}

function toEnter(c: Ctx, id: TaskId): Blocked {
  const task = c.edit.task.read(id);
  const name = instanceName(c, task.instance);
  const { backpressure } = c.edit.instance.read(task.instance);
  const holder = lockHolder(c, task.instance);
  const locked = holder !== null && needsExclusive(task);
  const reasons = [
    ...(backpressure > 0 ? [`backpressure of ${name} is ${backpressure}`] : []),
    ...(locked ? [`the exclusive lock of ${name}${heldBy(c, task.instance)}`] : []),
  ];
  const because = reasons.length === 0 ? " after others" : `: ${reasons.join(", and ")}`;
  const why = `waits to enter ${name}${because}`;
  return { why, waitsFor: locked && holder !== null ? [holder] : [] };
}

function forLock(c: Ctx, id: InstanceId): Blocked {
  const holder = lockHolder(c, id);
  const why = `waits for the exclusive lock of ${instanceName(c, id)}, which${heldBy(c, id)}`;
  return { why, waitsFor: holder === null ? [] : [holder] };
}

/** A callback task may wait for its event, or have one and wait for the lock. */
function inEventLoop(c: Ctx, ready: ReadyWhen & { tag: "callback-event" }): Blocked {
  const event = inSet(c, ready.set);
  if (lockHolder(c, ready.instance) === null) return event;
  const lock = forLock(c, ready.instance);
  return {
    why: `${event.why}; it also ${lock.why}`,
    waitsFor: [...event.waitsFor, ...lock.waitsFor],
  };
}

function forSubtask(c: Ctx, id: WaitableId): Blocked {
  const w = c.edit.waitable.read(id);
  if (w.tag !== "subtask") return { why: `waits for ${describe(c, id)}`, waitsFor: [] };
  return { why: `waits for ${calleeName(c, w)} to resolve`, waitsFor: causes(c, id) };
}

/** A sync copy or cancel, or a cancel before the sync-cancel fix. */
function forEvent(c: Ctx, id: WaitableId): Blocked {
  const w = c.edit.waitable.read(id);
  if (w.tag !== "end") {
    return { why: `waits for an event of ${waitableText(c, id)}`, waitsFor: causes(c, id) };
  }
  const what = w.state === "cancelling" ? `the cancel of its ${verb(w)}` : `its ${verb(w)}`;
  const why = `waits for ${what} on ${describe(c, id)}${peerText(c, w)}`;
  return { why, waitsFor: causes(c, id) };
}

function forVariable(c: Ctx, { instance, name, equals }: ReadyWhen & { tag: "variable" }): Blocked {
  const value = Number(c.edit.instance.read(instance).globals[name] ?? 0);
  const wanted = equals === null ? `${name} is not 0` : `${name} is ${equals}`;
  return { why: `waits until ${wanted}; it is ${value}`, waitsFor: [] };
}

function guestWaits(c: Ctx, { core, state }: ReadyWhen & { tag: "guest" }): string {
  return c.guests[core.guest]?.explain?.(c, core, state) ?? "waits for the host";
}

function forCondition(c: Ctx, ready: ReadyWhen): Blocked {
  switch (ready.tag) {
    case "always":
      return { why: "gives way, and is ready", waitsFor: [] };
    case "no-backpressure":
      return toEnter(c, ready.task);
    case "has-event":
      return forEvent(c, ready.waitable);
    case "set-has-event":
      return inSet(c, ready.set);
    case "not-exclusive":
      return forLock(c, ready.instance);
    case "callback-event":
      return inEventLoop(c, ready);
    case "subtask-resolved":
      return forSubtask(c, ready.waitable);
    case "variable":
      return forVariable(c, ready);
    case "cancel-requested":
      return { why: "waits for its caller to cancel it", waitsFor: [] };
    case "guest":
      return { why: guestWaits(c, ready), waitsFor: [] };
    case "idle":
      return { why: "waits until nothing else can happen", waitsFor: [] };
    case "outside":
      return { why: "waits for what is no part of the model", waitsFor: [] };
  }
}

const born: ReadonlySet<string> = new Set(["guest", "lift.enter", "host.enter"]);

/** What the interpreter of a guest says of a thread that was suspended in its code; null: nothing. */
function guestSays(c: Ctx, frame: Frame | undefined): string | null {
  if (frame?.tag !== "guest") return null;
  const core = frame.core as CoreFunc;
  return c.guests[core.guest]?.explain?.(c, core, frame.state) ?? null;
}

function suspended(c: Ctx, frames: readonly Frame[]): string {
  const top = frames[frames.length - 1];
  const said = guestSays(c, top);
  if (said !== null) return said;
  const fresh = born.has(top?.tag ?? "");
  const how = fresh ? "was created suspended" : "suspended itself";
  return `${how}, and no thread resumes it`;
}

/** Why this thread does not run now; null for one that does, or that is gone. */
export function whyBlocked(c: Ctx, id: ThreadId): Blocked | null {
  if (!c.edit.thread.has(id)) return null;
  const { state, frames }: Readonly<Thread> = c.edit.thread.read(id);
  if (state.tag === "running") return null;
  if (state.tag === "suspended") return { why: suspended(c, frames), waitsFor: [] };
  return forCondition(c, state.ready);
}

/**
 * One sentence for each blocked thread that an unfinished invocation waits for, directly or through
 * others, in the order in which a walk from the invocations meets them; empty when all returned.
 */
export function explainStuck(system: System, store: Store): readonly string[] {
  const c = readOnly(system, store);
  const roots = store.roots.flatMap(({ thread }) => (thread === null ? [] : [thread]));
  const todo = [...roots];
  const seen = new Set<ThreadId>();
  const sentences: string[] = [];
  for (let id = todo.shift(); id !== undefined; id = todo.shift()) {
    const blocked = seen.has(id) ? null : whyBlocked(c, id);
    seen.add(id);
    if (blocked === null) continue;
    sentences.push(`${c.edit.thread.read(id).name} ${blocked.why}`);
    todo.unshift(...blocked.waitsFor);
  }
  return sentences;
}
