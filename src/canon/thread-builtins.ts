// thread.*: cooperative threads of a task. Mirrors spec/02 and CanonicalABI.md, "canon thread.*".

import type { Frame } from "../model/frames.ts";
import type { TaskId, ThreadId } from "../model/ids.ts";
import type { GuestTable, TableEntry } from "../model/program.ts";
import type { CoreType } from "../model/types.ts";
import type { CoreValue } from "../model/values.ts";
import { guestFrame } from "./guest.ts";
import {
  amended,
  assert,
  become,
  type Ctx,
  currentTask,
  currentThread,
  instance,
  results,
  Trap,
  takeCancelled,
  task,
  thread,
  trapIf,
  trapUnlessMayLeave,
} from "./machine.ts";
import { isReady } from "./ready.ts";
import type { Rules } from "./rule.ts";
import { tableGet } from "./table.ts";
import { endTaskThread, registerThread, unregisterThread } from "./tasks.ts";
import {
  always,
  deliverOnEntry,
  newThread,
  promote,
  resumeLater,
  suspend,
  waitUntil,
  yieldThenResume,
} from "./threads.ts";

interface ThreadFrame extends Frame {
  readonly args: readonly CoreValue[];
  readonly cancellable: boolean;
  readonly table: readonly TableEntry[] | GuestTable;
}

interface SwitchFrame extends Frame {
  readonly cancellable: boolean;
  readonly thread: ThreadId;
}

const arg = (frame: ThreadFrame, i: number): number => Number(frame.args[i] ?? 0);
const flag = (frame: { readonly cancellable: boolean }): "yes" | "no" =>
  frame.cancellable ? "yes" : "no";

const oneWord: readonly CoreType[] = ["i32"];

/** The entry of a table as it is now, and the parameters that it has to have. */
function entryAt(
  c: Ctx,
  { table }: ThreadFrame,
  i: number,
): readonly [TableEntry, readonly CoreType[]] {
  const real = "tag" in table;
  const entry = real
    ? c.guests[table.guest]?.element?.(c, table.instance, table.table, i)
    : table[i];
  if (!entry) throw new Trap("thread.new-indirect.no-such-function");
  return [entry, real ? table.params : oneWord];
}

function newIndirect(c: Ctx, frame: ThreadFrame): void {
  trapUnlessMayLeave(c);
  const [entry, params] = entryAt(c, frame, arg(frame, 0));
  const same = String(entry.params) === String(params) && (entry.results ?? []).length === 0;
  trapIf(c, !same, "wrong-type");
  const id = currentTask(c);
  const exit: Frame = { tag: "thread.exit", task: id };
  const start = guestFrame(c, entry.core, [frame.args[1] ?? 0]);
  const created = newThread(c, `${task(c).name}/thread`, id, [exit, start]);
  results(c, registerThread(c, id, created));
}

/** The thread an index names in the current instance. */
function getThread(c: Ctx, i: number): ThreadId {
  return tableGet(instance(c).threads, i);
}

function getSuspended(c: Ctx, i: number): ThreadId {
  const other = getThread(c, i);
  trapIf(c, c.edit.thread.read(other).state.tag !== "suspended", "not-suspended");
  assert(other !== currentThread(c), "A12", "a running thread is not suspended");
  return other;
}

/** A thread to promote: any other one; before CM#687 also the running thread. */
function getOther(c: Ctx, i: number): ThreadId {
  trapIf(c, amended(c, "CM#687") && i === thread(c).index, "self");
  return getThread(c, i);
}

const switched: Frame = { tag: "thread.switched" };

function thenPromote(c: Ctx, frame: ThreadFrame, go: "suspend" | "yield"): void {
  trapUnlessMayLeave(c);
  const other = getOther(c, arg(frame, 0));
  const { cancellable } = frame;
  const tag = `thread.${go}-then` as const;
  if (deliverOnEntry(c, flag(frame))) {
    results(c, 1);
  } else if (isReady(c, other)) {
    promote(c, other);
    become(c, switched, { tag, cancellable, thread: other });
  } else if (go === "suspend") {
    become(c, switched, { tag: "thread.suspending", cancellable });
  } else {
    become(c, switched, waitUntil(always, flag(frame)));
  }
}

function thenResume(c: Ctx, frame: ThreadFrame, go: "suspend" | "yield"): void {
  trapUnlessMayLeave(c);
  const other = getSuspended(c, arg(frame, 0));
  become(c, switched, { tag: `thread.${go}-then`, cancellable: frame.cancellable, thread: other });
}

export const threadBuiltinRules: Rules = {
  "thread.index": (c) => {
    trapUnlessMayLeave(c);
    const { index } = thread(c);
    assert(index !== null, "A64", "a running guest thread is registered");
    results(c, index);
  },
  "thread.new-indirect": newIndirect,
  "thread.exit": (c, frame: Frame & { task: TaskId }) => {
    unregisterThread(c, frame.task, currentThread(c));
    endTaskThread(c, frame.task);
  },
  "thread.resume-later": (c, frame: ThreadFrame) => {
    trapUnlessMayLeave(c);
    resumeLater(c, getSuspended(c, arg(frame, 0)));
    results(c);
  },
  "thread.suspend": (c, frame: ThreadFrame) => {
    trapUnlessMayLeave(c);
    become(c, switched, { tag: "thread.suspending", cancellable: frame.cancellable });
  },
  "thread.yield": (c, frame: ThreadFrame) => {
    trapUnlessMayLeave(c);
    become(c, switched, waitUntil(always, flag(frame)));
  },
  "thread.suspend-then-resume": (c, frame: ThreadFrame) => thenResume(c, frame, "suspend"),
  "thread.yield-then-resume": (c, frame: ThreadFrame) => thenResume(c, frame, "yield"),
  "thread.suspend-then-promote": (c, frame: ThreadFrame) => thenPromote(c, frame, "suspend"),
  "thread.yield-then-promote": (c, frame: ThreadFrame) => thenPromote(c, frame, "yield"),
  "thread.suspending": (c, frame: SwitchFrame) => suspend(c, flag(frame), null),
  "thread.suspend-then": (c, frame: SwitchFrame) => suspend(c, flag(frame), frame.thread),
  "thread.yield-then": (c, frame: SwitchFrame) => yieldThenResume(c, flag(frame), frame.thread),
  "thread.switched": (c) => results(c, takeCancelled(c) ? 1 : 0),
};
