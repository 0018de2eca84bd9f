// canon splice, forward and task.new: streams and futures without a buffer in between. Mirrors spec/12.

import { copy } from "./copying.ts";
import {
  currentStack,
  done,
  type Here,
  isAbove,
  type Next,
  owningTask,
  ownTask,
  type Rule,
  type State,
  simple,
  subTask,
  trapIf,
} from "./rule.ts";
import {
  consumerInstance,
  dropIfOver,
  free,
  newTask,
  present,
  removeEdge,
  removeIndex,
  subTasks,
  type Tree,
  type TreeTask,
  tablesOf,
  taskAt,
  tasksOf,
} from "./tree.ts";

/** Whether elements that `id` gives would come from `source`. */
function comesFrom(tree: Tree, id: number, source: number): boolean {
  if (id === source) return true;
  const { producer } = taskAt(tree, id);
  const passes = producer.tag === "splicing" && !producer.done;
  return passes && comesFrom(tree, producer.from, source);
}

/** Whether somebody already takes, or has taken, what a task gives. */
function isTaken({ consumer, taken, told }: TreeTask): boolean {
  return consumer.tag !== "not-listening" || taken || told;
}

/** `splice(s, t, n)`: what s gives is what t writes; the result says whether all of it is there at once. */
function splice(h: Here, s = 0, t = 0, n = 0): Next {
  const { tree } = h;
  const [from, to] = [subTask(h, s, "splice"), ownTask(h, t, "splice")];
  const [source, target] = [taskAt(tree, from), taskAt(tree, to)];
  trapIf(!source.shape.stream || !target.shape.stream, "buffer.not-a-stream");
  trapIf(n === 0, "splice.empty");
  trapIf(source.shape.element !== target.shape.element, "splice.wrong-type");
  trapIf(isTaken(source), "splice.listening");
  trapIf(target.producer.tag !== "waiting", "splice.busy");
  trapIf(comesFrom(tree, from, to), "splice.self");
  source.consumer = { tag: "spliced" };
  const producer: TreeTask["producer"] = { tag: "splicing", from, n, moved: 0, done: false };
  target.producer = producer;
  if (!tree.mode.eager) return done(0);
  copy(h, to);
  if (!producer.done) return done(0);
  target.producer = { tag: "waiting" };
  return done(1);
}

/** `forward(s, t)`: whoever owns t owns the task of s instead, and t is gone. */
function forward(h: Here, s = 0, t = 0): Next {
  const { tree } = h;
  const [from, to] = [subTask(h, s, "forward"), ownTask(h, t, "forward")];
  const [source, target] = [taskAt(tree, from), taskAt(tree, to)];
  trapIf(!sameShape(source, target), "forward.wrong-type");
  trapIf(isTaken(source), "forward.listening");
  trapIf(target.producer.tag !== "waiting", "forward.busy");
  trapIf(isAbove(tree, from, to), "forward.self");
  trapIf(
    subTasks(tree, to).some((task) => task !== source),
    "forward.sub-tasks",
  );
  retarget(tree, from, to);
  return done();
}

function sameShape({ shape: a }: TreeTask, { shape: b }: TreeTask): boolean {
  const same = a.stream === b.stream && a.handle === b.handle;
  return same && a.element === b.element && a.value === b.value;
}

function retarget(tree: Tree, from: number, to: number): void {
  const [source, target] = [taskAt(tree, from), taskAt(tree, to)];
  removeEdge(tree, from);
  tablesOf(tree, consumerInstance(tree, target)).subtasks[target.edge - 1] = from;
  const { owner, edge, origin, consumer } = target;
  Object.assign(source, { owner, edge, origin, consumer });
  if (target.cancel === "asked" && source.cancel === "no") source.cancel = "asked";
  for (const [, { producer }] of tasksOf(tree)) {
    if (producer.tag === "splicing" && producer.from === to) producer.from = from;
  }
  removeIndex(tree, to);
  free(tree.tasks, to);
  dropIfOver(tree, from);
}

/** `task.new`: a task of this stack, which this instance owns itself; gives both its indices. */
function makeTask(h: Here, { shape }: State): Next {
  const id = newTask(h.tree, {
    instance: h.instance,
    stack: currentStack(h),
    owner: owningTask(h),
    origin: "new",
    shape: present(shape, "shape of a new task"),
    consumer: { tag: "not-listening" },
  });
  const { index, edge } = taskAt(h.tree, id);
  return done(index ?? 0, edge);
}

export const linkRules: Readonly<Record<"splice" | "forward" | "task.new", Rule>> = {
  splice: simple(splice),
  forward: simple(forward),
  "task.new": { steps: { start: makeTask } },
};
