// The events of the proposal of June 2022: what a stack can be told, and what follows from telling. Mirrors spec/12.

import type { InstanceId } from "../../model/ids.ts";
import type { Producer, Tree, TreeTask } from "./tree.ts";
import { taskAt, tasksOf } from "./tree.ts";

/** The codes of the events. */
export const eventCodes = {
  RETURN_COMPLETE: 1,
  RETURNED: 2,
  WRITE_COMPLETE: 3,
  WRITTEN: 4,
  FINISHED: 5,
  TASK_CANCELLED: 6,
} as const;

export type EventName = keyof typeof eventCodes;

/** An event, and the task that it is about; `index`: as whoever is told knows it. */
export interface TreeEvent {
  readonly name: EventName;
  readonly task: number;
  readonly index: number;
  /** elements, for those that tell of elements */
  readonly n: number;
}

/** Events for the code of a task. */
function eventsBelow(id: number, { producer, index, cancel }: TreeTask): readonly TreeEvent[] {
  if (index === null) return [];
  const event = (name: EventName, n = 0): TreeEvent => ({ name, task: id, index, n });
  const out: TreeEvent[] = [];
  if (producer.tag === "returning" && producer.done) out.push(event("RETURN_COMPLETE"));
  const writes = producer.tag === "writing" || producer.tag === "splicing";
  if (writes && producer.done) out.push(event("WRITE_COMPLETE", producer.moved));
  if (cancel === "asked") out.push(event("TASK_CANCELLED"));
  return out;
}

/** A buffer with elements in it comes back before the end is told; an empty one with the end. */
function mayEnd({ consumer }: TreeTask): boolean {
  if (consumer.tag === "listening") return consumer.moved === 0;
  return consumer.tag === "not-listening";
}

/** Events for the owner of a task. */
function eventsAbove(id: number, task: TreeTask): readonly TreeEvent[] {
  const { consumer, producer, edge: index } = task;
  if (consumer.tag === "listening" && consumer.done && !consumer.calling) {
    const name = consumer.value ? "RETURNED" : "WRITTEN";
    return [{ name, task: id, index, n: consumer.moved }];
  }
  if (consumer.tag === "skipping" && consumer.done) {
    return [{ name: "WRITTEN", task: id, index, n: consumer.moved }];
  }
  const ended = producer.tag === "finished" && !task.told && mayEnd(task);
  return ended ? [{ name: "FINISHED", task: id, index, n: 0 }] : [];
}

/** Whether a wait of this stack is told of this task's own events. */
function isHeard(tree: Tree, task: TreeTask, stack: number, instance: InstanceId): boolean {
  if (task.stack === null) return false;
  return tree.mode.wide ? task.instance === instance : task.stack === stack;
}

/** What a wait of a stack can deliver now: events of its tasks, and of their sub-tasks. */
export function eventsFor(tree: Tree, stack: number, instance: InstanceId): readonly TreeEvent[] {
  return tasksOf(tree).flatMap(([id, task]) => {
    const own = isHeard(tree, task, stack, instance) ? eventsBelow(id, task) : [];
    const above = task.owner === null ? null : taskAt(tree, task.owner);
    const heard = above !== null && isHeard(tree, above, stack, instance);
    return heard ? [...own, ...eventsAbove(id, task)] : own;
  });
}

/** The source of a splice that is over belongs to its owner again. */
function release(tree: Tree, producer: Producer): void {
  if (producer.tag !== "splicing" || producer.done) return;
  taskAt(tree, producer.from).consumer = { tag: "not-listening" };
}

/** What is different once a stack has been told. */
export function deliver(tree: Tree, { name, task: id }: TreeEvent): void {
  const task = taskAt(tree, id);
  switch (name) {
    case "RETURN_COMPLETE":
      task.producer = { tag: "finishing" };
      return;
    case "WRITE_COMPLETE":
      task.producer = { tag: "waiting" };
      return;
    case "TASK_CANCELLED":
      release(tree, task.producer);
      task.producer = { tag: "cancelling" };
      task.cancel = "told";
      return;
    case "FINISHED":
      task.told = true;
      task.consumer = { tag: "not-listening" };
      return;
    default:
      task.consumer = { tag: "not-listening" };
  }
}
