// Functions of the host that fail after they have waited: the trap appears with the claim. Mirrors spec/11.

import { type Ctx, type Guest, type GuestMove, thread } from "../../canon/machine.ts";
import { readSubtask } from "../../canon/ready.ts";
import type { InstanceId } from "../../model/ids.ts";
import type { CoreFunc } from "../../model/program.ts";
import { type Tasks, tasksGlobal } from "./tasks.ts";

type Failure = (GuestMove & { readonly tag: "trap" })["reason"];

const hostInstance = 0 as InstanceId;

/** Where the running thread waits once it has failed: nothing ever gives this variable a value. */
const never: GuestMove = {
  tag: "host-call",
  frame: {
    tag: "host.await",
    ready: { tag: "variable", instance: hostInstance, name: "%never", equals: null },
  },
};

/** Marks the call that the running thread is the body of; false if the host does not wait for it. */
function fail(c: Ctx, reason: Failure): boolean {
  const { task } = thread(c);
  const tasks = c.edit.instance.read(hostInstance).globals[tasksGlobal] as Tasks;
  const failed = tasks.futures.find(
    ({ call }) => call !== null && readSubtask(c, call.waitable).task === task,
  );
  if (failed === undefined) return false;
  const futures = tasks.futures.map((f) => (f === failed ? { ...f, failed: reason } : f));
  const instance = c.edit.instance.edit(hostInstance);
  instance.globals = { ...instance.globals, [tasksGlobal]: { ...tasks, futures } };
  return true;
}

/** The interpreter of the host's own code, whose traps are kept until somebody claims the result. */
export function keepFailures(script: Guest): Guest {
  return {
    ...script,
    advance: (c, core: CoreFunc, state, input) => {
      const next = script.advance(c, core, state, input);
      const { move } = next;
      if (move.tag !== "trap" || core.instance !== hostInstance) return next;
      return fail(c, move.reason) ? { move: never, state } : next;
    },
  };
}
