// Dropping a call that is under way: a fiber's threads end as after a trap. Mirrors spec/13.

import { threadAt } from "../../canon/host-stacks.ts";
import type { Ctx } from "../../canon/machine.ts";
import { tableRemove } from "../../canon/table.ts";
import type { TaskId, ThreadId, WaitableId } from "../../model/ids.ts";

/** What the call of a task borrowed is its lenders' own again. */
function forgetCall(c: Ctx, waitable: WaitableId): void {
  const subtask = c.edit.waitable.read(waitable);
  if (subtask.tag !== "subtask") return;
  for (const handle of subtask.lenders ?? []) c.edit.handle.edit(handle).numLends -= 1;
  c.edit.waitable.remove(waitable);
}

function leaveTask(c: Ctx, id: TaskId, thread: ThreadId): void {
  const task = c.edit.task.edit(id);
  const { index } = c.edit.thread.read(thread);
  task.threads = task.threads.filter((other) => other !== thread);
  if (index !== null) tableRemove(c.edit.table(task.instance, "threads"), index);
  if (c.edit.instance.read(task.instance).exclusiveThread === thread) {
    c.edit.instance.edit(task.instance).exclusiveThread = null;
  }
  if (task.threads.length > 0) return;
  if (task.caller.tag === "subtask") forgetCall(c, task.caller.waitable);
  c.edit.task.remove(id);
}

/** Ends the threads of a stack that was put aside, the uppermost first. */
export function unwind(c: Ctx, segment: readonly string[]): void {
  for (const path of segment.toReversed()) {
    const id = threadAt(c, path);
    if (id === null) continue;
    const { task } = c.edit.thread.read(id);
    if (task !== null) leaveTask(c, task, id);
    c.edit.thread.remove(id);
  }
}
