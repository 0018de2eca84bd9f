// Calls: canon lower, what canon lift adds around the code of an export, and calls that the host makes. Mirrors spec/12.

import { currentThread, task as machineTask } from "../../canon/machine.ts";
import type { Frame } from "../../model/frames.ts";
import type { InstanceId } from "../../model/ids.ts";
import type { Value } from "../../model/values.ts";
import { copy, moveEdge } from "./copying.ts";
import {
  type CallOperands,
  checkRange,
  currentStack,
  done,
  type Here,
  type Next,
  owningTask,
  passed,
  type Rule,
  type State,
  trapIf,
} from "./rule.ts";
import {
  type Consumer,
  dropTask,
  endTask,
  free,
  hostInstance,
  newTask,
  present,
  put,
  stackAt,
  type Tree,
  tablesOf,
  taskAt,
} from "./tree.ts";
import { lineOf } from "./words.ts";

/** Whether code of an instance is on a stack that does not wait: it has called, and is not back. */
function isRunning({ stacks }: Tree, instance: InstanceId): boolean {
  if (instance === hostInstance) return false;
  return stacks.some((stack) => stack?.instance === instance && !stack.waiting);
}

/** The tasks that are passed, each once, by the places of their arguments; the call is made below `owner`. */
function handlesOf(
  h: Here,
  { values, handles }: CallOperands,
  owner: number,
): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  for (const place of handles) {
    const id = passed(h, Number(values[place]), owner);
    trapIf([...found.values()].includes(id), "pass.not-a-subtask");
    found.set(place, id);
  }
  return found;
}

/** Makes the task, the stack and the edge of a call; gives the frame that runs the callee up to its first wait. */
function call(h: Here, state: State, owner: number, consumer: Consumer): Next {
  const { tree, c } = h;
  const operands = present(state.call, "operands of a call");
  const { instance } = present(c.program.funcs[operands.func], "function that is called");
  trapIf(!tree.mode.reentry && isRunning(tree, instance), "lower.running");
  const given = handlesOf(h, operands, owner);
  const stack = put(tree.stacks, { instance, callback: false, waiting: false, tasks: [] });
  const shape = present(state.shape, "shape of a result");
  const id = newTask(tree, { instance, stack, owner, origin: "lower", shape, consumer });
  const values: Value[] = [...operands.values];
  for (const [place, handle] of given) values[place] = moveEdge(tree, handle, id);
  const { index, edge } = taskAt(tree, id);
  const args = [...values, index ?? 0];
  const frame: Frame = { tag: "host.call", func: operands.func, args, async: false };
  return { do: "frame", frame, state: { at: "called", args: [], edge } };
}

/** An eager call listens with its out-buffer until control is back. */
function lower(h: Here, state: State): Next {
  const owner = owningTask(h);
  const { out } = present(state.call, "operands of a call");
  const shape = present(state.shape, "shape of a result");
  if (out === null || !h.tree.mode.eager) return call(h, state, owner, { tag: "not-listening" });
  const size = shape.stream ? out.size : shape.value;
  checkRange(h, out.ptr, size);
  const listening = { tag: "listening", ptr: out.ptr, size, moved: 0, value: false } as const;
  return call(h, state, owner, { ...listening, done: false, calling: true });
}

/** Gives the index, or 0 if nothing is left to be told; then how many elements are in the out-buffer. */
function called({ tree, instance }: Here, { edge = 0 }: State): Next {
  const id = tablesOf(tree, instance).subtasks[edge - 1] ?? null;
  // other code of the instance may have dropped it by now, where it may be entered while it runs
  if (id === null) return done(0, 0);
  const task = taskAt(tree, id);
  const { consumer } = task;
  if (consumer.tag !== "listening" || !consumer.calling) return done(edge, 0);
  const { moved, value } = consumer;
  if (value && task.producer.tag === "finished") {
    dropTask(tree, id);
    return done(0, moved);
  }
  task.consumer = value ? { ...consumer, calling: false } : { tag: "not-listening" };
  return done(edge, moved);
}

/** The first thing on a new stack: today's task returns at once, so that the tree alone knows of the call. */
function enter(h: Here, { args: [t = 0, callback = 0] }: State): Next {
  const { c, tree, instance } = h;
  const id = present(tablesOf(tree, instance).tasks[t - 1], "task of a new stack");
  const stack = present(taskAt(tree, id).stack, "stack of a new task");
  stackAt(tree, stack).callback = callback === 1;
  c.edit.thread.edit(currentThread(c)).storage = [stack, 0];
  const { opts } = machineTask(c);
  const host: Frame = { tag: "host.resolve", values: [] };
  const unused = { args: [], t: null, rt: null, cancellable: false, table: [] };
  const frame: Frame = opts === null ? host : { tag: "task.return", ...unused, opts };
  const at = opts === null ? "linger" : "entered";
  return { do: "frame", frame, state: { at, args: [] } };
}

/** When a task of the host makes progress is the host's affair: at once, or at any time later. */
function linger(): Next {
  const frame: Frame = { tag: "host.await", ready: { tag: "always" } };
  return { do: "frame", frame, state: { at: "entered", args: [] } };
}

/** A stack ends when all its tasks have. */
function exit(h: Here): Next {
  const stack = currentStack(h);
  trapIf(stackAt(h.tree, stack).tasks.length > 0, "lift.unfinished");
  free(h.tree.stacks, stack);
  return done();
}

/** The host calls: it listens from the start, and drops the task when that has finished. */
function invoke(h: Here, state: State): Next {
  return call(h, state, 0, { tag: "host", bytes: null });
}

const invoked = ({ tree }: Here, { edge = 0 }: State): number =>
  present(tablesOf(tree, hostInstance).subtasks[edge - 1], "task that the host called");

function dropInvoked(h: Here, state: State): Next {
  const id = invoked(h, state);
  const { consumer } = taskAt(h.tree, id);
  dropTask(h.tree, id);
  return done(...(consumer.tag === "host" ? (consumer.bytes ?? []) : []));
}

/** A task of the host offers its value, which is in nobody's memory, and finishes when it was received. */
function hostReturn(h: Here, { args }: State): Next {
  const id = owningTask(h);
  const task = taskAt(h.tree, id);
  const next: State = { at: "received", args: [], task: id };
  if (task.cancel !== "no") return { do: "go", state: next };
  task.producer = { tag: "returning", at: { tag: "bytes", bytes: args }, done: false };
  if (h.tree.mode.eager) copy(h, id);
  return task.producer.done ? { do: "go", state: next } : { do: "wait", state: next };
}

function received(h: Here, { task: id = 0 }: State): Next {
  endTask(h.tree, id);
  return done();
}

export const callRules: Readonly<
  Record<"lower" | "enter" | "exit" | "invoke" | "host-return", Rule>
> = {
  lower: { steps: { start: lower, called } },
  enter: { steps: { start: enter, linger, entered: () => done() } },
  exit: { steps: { start: exit } },
  invoke: {
    steps: {
      start: invoke,
      called: (_h, { edge = 0 }) => ({ do: "wait", state: { at: "finished", args: [], edge } }),
      finished: dropInvoked,
    },
    ready: {
      finished: (h, state) => taskAt(h.tree, invoked(h, state)).producer.tag === "finished",
    },
    waits: (h, state) => `waits for the end of a task: ${lineOf(h, invoked(h, state))}`,
  },
  "host-return": {
    steps: { start: hostReturn, received },
    ready: {
      received: ({ tree }, { task: id = 0 }) => {
        const { producer, cancel } = taskAt(tree, id);
        return cancel === "asked" || (producer.tag === "returning" && producer.done);
      },
    },
    waits: () => "waits until its value is received",
  },
};
