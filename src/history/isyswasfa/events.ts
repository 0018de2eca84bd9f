// What happens when a wait of the host is over: rule H10, for all tasks of its own. Mirrors spec/11.

import type { Host } from "./host.ts";
import { setTask, settingOf, type Task, tell } from "./tasks.ts";

/** The task is ready from now on; whoever listens gets the right to claim. */
export function becomeReady(h: Host, id: number, task: Task): void {
  const { listen } = task;
  const minted = listen !== null || settingOf(h.tasks, "references") === "leaked";
  setTask(h.tasks, id, { ...task, refs: task.refs + (minted ? 1 : 0) });
  if (listen === null) return;
  tell(h.tasks, listen.component, { tag: "ready", state: listen.token, task: id });
}
