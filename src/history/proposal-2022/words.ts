// What stacks wait for, in words: the tasks concerned, and what each is at. Mirrors spec/12.

import { instanceName } from "../../canon/names.ts";
import type { Here } from "./rule.ts";
import {
  type Consumer,
  type Producer,
  stackAt,
  type Tree,
  type TreeTask,
  taskAt,
  tasksOf,
} from "./tree.ts";

const producers: Readonly<Record<Producer["tag"], string>> = {
  waiting: "has offered nothing",
  writing: "writes",
  splicing: "passes on what it gets",
  returning: "has offered its value",
  finishing: "has not finished",
  cancelling: "was told to stop",
  finished: "has finished",
};

const consumers: Readonly<Record<Consumer["tag"], string>> = {
  "not-listening": "nobody listens",
  listening: "its owner listens",
  skipping: "its owner skips",
  spliced: "a splice listens",
  host: "the host listens",
};

/** `B/1 has offered its value and nobody listens` */
function described({ c }: Here, { instance, index, producer, consumer }: TreeTask): string {
  const name = `${instanceName(c, instance)}/${index ?? "-"}`;
  return `${name} ${producers[producer.tag]} and ${consumers[consumer.tag]}`;
}

/** A task and what is below it, in the order of the tree. */
export function lineOf(h: Here, id: number): string {
  const below = tasksOf(h.tree).flatMap(([sub, task]) => (task.owner === id ? [sub] : []));
  const own = tasksOf(h.tree).find(([found]) => found === id);
  const texts = below.map((sub) => lineOf(h, sub));
  return [...(own === undefined ? [] : [described(h, own[1])]), ...texts].join("; ");
}

/** Names the transfers of a choice by the tasks whose data move. */
export function transfers(tree: Tree, what: string, ids: readonly number[]): readonly string[] {
  return ids.map((id) => {
    const { instance, index, owner, edge } = taskAt(tree, id);
    return `${what} ${instance}/${index ?? "-"} ${taskAt(tree, owner ?? 0).instance}/${edge}`;
  });
}

/** The tasks of a stack and what is below them. */
export function linesOf(h: Here, stack: number): string {
  const own = stackAt(h.tree, stack).tasks;
  const inner = own.filter((id) => !own.includes(h.tree.tasks[id]?.owner ?? -1));
  return inner.map((id) => lineOf(h, id)).join("; ");
}
