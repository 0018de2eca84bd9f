// What the host does with each message of a component: rules H4 to H8. Mirrors spec/11.

import { Trap } from "../../canon/machine.ts";
import { discard, type Host, release, taskBehind, unexpected } from "./host.ts";
import { dropFuture } from "./host-futures.ts";
import type { Output } from "./messages.ts";
import { seeOutput } from "./monitor.ts";
import { type GuestTask, setTask, settingOf, type Task, tell } from "./tasks.ts";

const isReady = (task: Task): boolean => task.ready !== null && task.ready !== false;

/** H4: says what is known; a task that is not announced yet has nothing to say. */
function listen(h: Host, component: number, token: number, id: number): void {
  const task = taskBehind(h, id);
  setTask(h.tasks, id, { ...task, listen: { component, token } });
  if (isReady(task)) tell(h.tasks, component, { tag: "ready", state: token, task: id });
  else if (task.kind === "guest" && task.cancel === null) release(h, id);
  else tell(h.tasks, component, { tag: "listening", state: token, task: id });
}

function guestTask(h: Host, id: number): GuestTask {
  const task = taskBehind(h, id);
  return task.kind === "guest" && task.ready === null ? task : unexpected();
}

/** H5: the right to cancel goes to the listener; the host never cancels a root call. */
function pending(h: Host, component: number, token: number, id: number): void {
  const task = guestTask(h, id);
  if (h.tasks.root === id) {
    release(h, id);
    return;
  }
  setTask(h.tasks, id, { ...task, cancel: { component, token } });
  if (task.listen === null) discard(h, id);
  else {
    const { component: listener, token: state } = task.listen;
    tell(h.tasks, listener, { tag: "listening", state, task: id });
  }
}

/** H6: the right to claim goes to the listener, or, of the root call, to the host. */
function ready(h: Host, token: number, id: number): void {
  const task = guestTask(h, id);
  setTask(h.tasks, id, { ...task, ready: token });
  if (h.tasks.root === id) h.tasks.done = true;
  else if (task.listen === null) discard(h, id);
  else {
    const { component, token: state } = task.listen;
    tell(h.tasks, component, { tag: "ready", state, task: id });
  }
}

/** H7: a wait of the host ends at once; a component is asked. */
function cancel(h: Host, id: number): void {
  const task = taskBehind(h, id);
  const { listen: listener } = task;
  if (listener === null) throw new Trap("isyswasfa.cancel-without-listener");
  if (isReady(task)) {
    lateCancel(h, id, task);
    return;
  }
  if (task.kind === "guest") {
    askToCancel(h, id, task);
    return;
  }
  if (task.kind === "future" && !dropFuture(h, id)) {
    setTask(h.tasks, id, { ...task, asked: true });
    return;
  }
  confirm(h, task);
  if (isForgotten(h, task)) release(h, id);
}

/** Nobody watches a pollable whose wait is cancelled; as built the host went on to. */
function isForgotten({ tasks }: Host, { kind }: Task): boolean {
  return kind !== "pollable" || settingOf(tasks, "terminal") === "one";
}

/** The listen is over: the host says so by itself. */
function confirm({ tasks }: Host, { listen: listener }: Task): void {
  if (listener === null) return;
  tell(tasks, listener.component, { tag: "cancel-complete", state: listener.token });
}

/** The request goes to the component of the task, with its token, or as built the listener's. */
function askToCancel(h: Host, id: number, { cancel: address, listen: listener }: GuestTask): void {
  if (address === null || listener === null) unexpected();
  const own = settingOf(h.tasks, "cancel-token") === "callee";
  const state = own ? address.token : listener.token;
  tell(h.tasks, address.component, { tag: "cancel", state, task: id });
}

/** The message `ready` is on its way already, and ends the listen: so nothing is left to do. */
function lateCancel(h: Host, id: number, task: Task): void {
  const { tasks } = h;
  if (task.kind === "guest" && settingOf(tasks, "late-cancel") === "panic") {
    throw new Trap("isyswasfa.cancel-when-ready");
  }
  if (task.kind !== "guest" && settingOf(tasks, "terminal") === "both") confirm(h, task);
  release(h, id);
}

/** H8: the component has stopped the task. */
function cancelComplete(h: Host, id: number): void {
  const task = taskBehind(h, id);
  if (task.listen === null) throw new Trap("isyswasfa.cancel-without-listener");
  confirm(h, task);
  discard(h, id);
}

/** Routes one message of a component. */
export function route(h: Host, component: number, output: Output): void {
  seeOutput(h, component, output);
  switch (output.tag) {
    case "listen":
      listen(h, component, output.state, output.task);
      return;
    case "pending":
      pending(h, component, output.state, output.task);
      return;
    case "ready":
      ready(h, output.state, output.task);
      return;
    case "cancel":
      cancel(h, output.task);
      return;
    case "cancel-complete":
      cancelComplete(h, output.task);
      return;
  }
}
