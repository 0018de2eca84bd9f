// canon return, write and finish: the built-ins of the code of a task. Mirrors spec/12.

import { copy } from "./copying.ts";
import {
  checkRange,
  done,
  type Here,
  type Next,
  ownTask,
  type Rule,
  simple,
  trapIf,
} from "./rule.ts";
import { endTask, subTasks, type TreeTask, taskAt } from "./tree.ts";

/** An offer is made while there is none: after the end value, or a cancellation, there is none any more. */
function checkOffer({ producer: { tag } }: TreeTask, name: "return" | "write"): void {
  trapIf(tag === "writing" || tag === "splicing", `${name}.writing`);
  trapIf(tag === "returning" || tag === "finishing", `${name}.returned`);
  trapIf(tag === "cancelling", `${name}.cancelled`);
}

/** `return(t, ptr)`: offers the end value; the result says whether it was received at once. */
function offerValue(h: Here, t = 0, ptr = 0): Next {
  const id = ownTask(h, t, "return");
  const task = taskAt(h.tree, id);
  checkOffer(task, "return");
  checkRange(h, ptr, task.shape.value);
  const producer = { tag: "returning", at: { tag: "memory", ptr }, done: false } as const;
  task.producer = { ...producer };
  if (!h.tree.mode.eager) return done(0);
  copy(h, id);
  if (!task.producer.done) return done(0);
  task.producer = { tag: "finishing" };
  return done(1);
}

/** `write(t, ptr, n)`: offers elements; the result says how many were received at once. */
function offerElements(h: Here, t = 0, ptr = 0, n = 0): Next {
  const id = ownTask(h, t, "write");
  const task = taskAt(h.tree, id);
  trapIf(!task.shape.stream, "buffer.not-a-stream");
  trapIf(n === 0, "write.empty");
  checkOffer(task, "write");
  checkRange(h, ptr, n * task.shape.element);
  const producer: TreeTask["producer"] = { tag: "writing", ptr, n, moved: 0, done: false };
  task.producer = producer;
  if (!h.tree.mode.eager) return done(0);
  copy(h, id);
  const { moved } = producer;
  if (moved > 0) task.producer = { tag: "waiting" };
  return done(moved);
}

/** `finish(t)`: the end of the task; sub-tasks never outlive it. */
function finishTask(h: Here, t = 0): Next {
  const id = ownTask(h, t, "finish");
  const task = taskAt(h.tree, id);
  const over = task.producer.tag === "finishing" || task.producer.tag === "cancelling";
  trapIf(!over, "finish.too-early");
  trapIf(subTasks(h.tree, id).length > 0, "finish.sub-tasks");
  endTask(h.tree, id);
  return done();
}

export const producerRules: Readonly<Record<"return" | "write" | "finish", Rule>> = {
  return: simple(offerValue),
  write: simple(offerElements),
  finish: simple(finishTask),
};
