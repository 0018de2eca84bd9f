// canon listen, skip, cancel and drop: the built-ins of the owner of a task. Mirrors spec/12.

import { copy } from "./copying.ts";
import {
  checkRange,
  done,
  type Here,
  type Next,
  type Rule,
  simple,
  subTask,
  trapIf,
} from "./rule.ts";
import { type Consumer, dropTask, type TreeTask, taskAt } from "./tree.ts";

/** One thing at a time is done with a task, and nothing when there is nothing to come. */
function checkTaking(task: TreeTask, name: "listen" | "skip"): void {
  trapIf(task.consumer.tag !== "not-listening", `${name}.listening`);
  trapIf(task.taken || task.told, `${name}.over`);
}

/** `listen(s, ptr [, size])`: lends a buffer; the results are whether it is back, and how many elements are in it. */
function listen(h: Here, s = 0, ptr = 0, size = 0): Next {
  const id = subTask(h, s, "listen");
  const task = taskAt(h.tree, id);
  const { shape } = task;
  trapIf(h.tree.mode.strict && task.origin === "lower", "listen.lower-result");
  checkTaking(task, "listen");
  trapIf(shape.stream && size < Math.max(shape.element, shape.value), "listen.too-small");
  const bytes = shape.stream ? size : shape.value;
  checkRange(h, ptr, bytes);
  const consumer: Consumer & { tag: "listening" } = {
    tag: "listening",
    ptr,
    size: bytes,
    moved: 0,
    value: false,
    done: false,
    calling: false,
  };
  task.consumer = consumer;
  if (!h.tree.mode.eager) return done(0, 0);
  copy(h, id);
  const { value, moved } = consumer;
  if (!value && moved === 0) return done(0, 0);
  task.consumer = { tag: "not-listening" };
  return done(1, moved);
}

/** `skip(s, n)`: discards elements; the end value stays. The result says whether all of them are gone at once. */
function skip(h: Here, s = 0, n = 0): Next {
  const id = subTask(h, s, "skip");
  const task = taskAt(h.tree, id);
  trapIf(!task.shape.stream, "buffer.not-a-stream");
  trapIf(n === 0, "skip.empty");
  checkTaking(task, "skip");
  const consumer: Consumer & { tag: "skipping" } = { tag: "skipping", n, moved: 0, done: false };
  task.consumer = consumer;
  if (!h.tree.mode.eager) return done(0);
  copy(h, id);
  if (!consumer.done) return done(0);
  task.consumer = { tag: "not-listening" };
  return done(1);
}

/** `cancel(s)`: asks; the task is told when it waits, and has to finish all the same. */
function cancel(h: Here, s = 0): Next {
  const task = taskAt(h.tree, subTask(h, s, "cancel"));
  trapIf(task.producer.tag === "finished", "cancel.finished");
  if (task.cancel === "no") task.cancel = "asked";
  return done();
}

/** `drop(s)`: the edge goes, once the task is over. */
function drop(h: Here, s = 0): Next {
  const id = subTask(h, s, "drop");
  trapIf(taskAt(h.tree, id).producer.tag !== "finished", "drop.unfinished");
  dropTask(h.tree, id);
  return done();
}

export const consumerRules: Readonly<Record<"listen" | "skip" | "cancel" | "drop", Rule>> = {
  listen: simple(listen),
  skip: simple(skip),
  cancel: simple(cancel),
  drop: simple(drop),
};
