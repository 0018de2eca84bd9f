// How long the host goes on once the guests are done. Mirrors spec/09.

import { type Host, settled } from "./host.ts";

/** Looked at one by one, so that whoever keeps what is ready learns that a task is gone. */
function guestsRun({ c }: Host): boolean {
  return c.edit.task.ids().some((id) => c.edit.task.read(id).opts !== null);
}

/** What an invocation waits for: its turn, the result, or what comes out of a stream or future in it. */
const waits: ReadonlySet<string> = new Set(["always", "subtask-resolved", "has-event"]);

/** An invocation that is not over; the host's own processes do not count. */
function invocationsRun({ c }: Host): boolean {
  return c.edit.globals.roots.some(({ thread }) => {
    if (thread === null) return false;
    const { state } = c.edit.thread.read(thread);
    return state.tag === "waiting" && waits.has(state.ready.tag);
  });
}

/** Whether the host's operations still run. */
export function isDriven(h: Host): boolean {
  const until = settled(h, "teardown");
  if (until === "when-idle" || invocationsRun(h)) return true;
  return until === "at-task-exit" && guestsRun(h);
}
