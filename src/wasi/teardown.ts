// How long the host goes on once the guests are done. Mirrors spec/09.

import { type Host, settled } from "./host.ts";

/** Looked at one by one, so that whoever keeps what is ready learns that a task is gone. */
function guestsRun({ c }: Host): boolean {
  return c.edit.task.ids().some((id) => c.edit.task.read(id).opts !== null);
}

/** An invocation that has not begun, or has not returned; the host's own processes do not count. */
function invocationsRun({ c }: Host): boolean {
  return c.edit.globals.roots.some(({ thread }) => {
    if (thread === null) return false;
    const { state } = c.edit.thread.read(thread);
    return (
      state.tag === "waiting" &&
      (state.ready.tag === "always" || state.ready.tag === "subtask-resolved")
    );
  });
}

/** Whether the host's operations still run. */
export function isDriven(h: Host): boolean {
  const until = settled(h, "teardown");
  if (until === "when-idle" || invocationsRun(h)) return true;
  return until === "at-task-exit" && guestsRun(h);
}
