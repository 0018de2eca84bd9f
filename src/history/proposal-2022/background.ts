// What the host does between the stacks: copies, partial notifications, finding a deadlock. Mirrors spec/12.

import { Trap } from "../../canon/machine.ts";
import { copies, copy } from "./copying.ts";
import { done, type Here, type Next, type Rule, type State } from "./rule.ts";
import { hostInstance, present, type Tree, type TreeTask, taskAt, tasksOf } from "./tree.ts";
import { transfers } from "./words.ts";

const state = (at: string): State => ({ at, args: [] });

function chooseCopy({ tree }: Here): Next {
  return { do: "choose", options: transfers(tree, "copy", copies(tree)), state: state("copy") };
}

function copyChosen(h: Here): Next {
  copy(h, present(copies(h.tree)[h.pick], "copy that was chosen"));
  return { do: "wait", state: state("ready") };
}

/** Nothing but the end can come from this task. */
function isOver({ producer: { tag } }: TreeTask): boolean {
  return tag !== "waiting" && tag !== "writing" && tag !== "splicing";
}

/** What waits for more to be moved, though it could be told of less; a splice or skip also of nothing. */
function isPartialBelow(tree: Tree, { producer }: TreeTask): boolean {
  if (producer.tag === "writing") return producer.moved > 0 && !producer.done;
  if (producer.tag !== "splicing" || producer.done) return false;
  return producer.moved > 0 || isOver(taskAt(tree, producer.from));
}

function isPartialAbove(task: TreeTask): boolean {
  const { consumer } = task;
  if (consumer.tag === "listening") return consumer.moved > 0 && !consumer.done;
  if (consumer.tag !== "skipping" || consumer.done) return false;
  return consumer.moved > 0 || isOver(task);
}

/** The sides that can be told of a part: the number of the task, and whether it is its owner. */
function partials(tree: Tree): readonly (readonly [id: number, above: boolean])[] {
  return tasksOf(tree).flatMap(([id, task]) => {
    const below = isPartialBelow(tree, task) ? [[id, false] as const] : [];
    return isPartialAbove(task) ? [...below, [id, true] as const] : below;
  });
}

/** Only when nothing else can happen is a part told of; until then it may become the whole. */
function choosePartial({ tree }: Here): Next {
  const found = partials(tree);
  if (found.length === 0) return { do: "wait", state: state("some") };
  const below = found.map(([id, above], i) => {
    return `${above ? "listener" : "writer"} ${transfers(tree, "partial", [id])[0] ?? i}`;
  });
  return { do: "choose", options: below, state: state("tell") };
}

function tellPartial({ tree, pick }: Here): Next {
  const [id, above] = present(partials(tree)[pick], "part that was chosen");
  const task = taskAt(tree, id);
  const { producer } = task;
  const side = above ? task.consumer : producer;
  if ("done" in side) side.done = true;
  if (!above && producer.tag === "splicing") {
    taskAt(tree, producer.from).consumer = { tag: "not-listening" };
  }
  return { do: "wait", state: state("some") };
}

/** For ever: what nothing can change any more stays. A task of the host that has not ended may. */
function detect({ tree }: Here): Next {
  const open = tree.stacks.filter((stack) => stack !== null);
  const outstanding = open.some(({ instance }) => instance === hostInstance);
  if (open.length > 0 && !outstanding) throw new Trap("canon.wait.deadlock");
  return done();
}

/** After everything else that waits for that nothing happens. */
export const lastOfAll: bigint = 2n ** 62n;

export const backgroundRules: Readonly<Record<"copies" | "partials" | "deadlock", Rule>> = {
  copies: {
    steps: {
      ready: chooseCopy,
      copy: copyChosen,
    },
    ready: { ready: ({ tree }) => copies(tree).length > 0 },
    waits: () => "waits for data to move",
  },
  partials: {
    steps: {
      some: () => ({ do: "idle", until: 0n, state: state("idle") }),
      idle: choosePartial,
      tell: tellPartial,
    },
    ready: { some: ({ tree }) => partials(tree).length > 0 },
    waits: () => "waits for data to be moved in part",
  },
  deadlock: {
    steps: { idle: detect },
    waits: () => "waits for the end of all motion",
  },
};
