// The three capabilities on a task: made together, dropped one by one: rules H12 and H13. Mirrors spec/11.

import { type Body, note, release, taskBehind, unexpected, within } from "./host.ts";
import { capability, capabilityName, taskOf } from "./messages.ts";
import { addTask } from "./tasks.ts";

/** A task of a component, with one reference for each capability. */
export const makeTask: Body = within((h) => {
  const task = { kind: "guest", listen: null, refs: 3, cancel: null, ready: null } as const;
  const id = addTask(h.tasks, task);
  note(h, "calls", () => `make-task -> ${capabilityName("pending", id)}`);
  return [[capability(id), capability(id), capability(id)]];
});

/** The destructor of each of them. */
export const dropCapability: Body = within((h, [rep]) => {
  release(h, Number(rep));
  return [];
});

/** H12: the token of a task that has its result. */
export const readyState: Body = within((h, [self]) => {
  const id = taskOf(self);
  const task = taskBehind(h, id);
  if (task.kind !== "guest" || task.ready === null) return unexpected();
  const { ready } = task;
  note(h, "calls", () => `ready.state ${capabilityName("ready", id)} -> k${ready}`);
  return [ready];
});
