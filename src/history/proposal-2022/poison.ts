// Touching what is lent: the guest's own loads and stores are checked before they happen. Mirrors spec/12.

import { copies, copy } from "./copying.ts";
import { done, type Here, type Next, type Rule, type State, trapIf } from "./rule.ts";
import { consumerInstance, present, type TreeTask, tasksOf } from "./tree.ts";
import { transfers } from "./words.ts";

/** What a touch meets of the buffers that are lent. */
type Met = "offered" | "listening" | "nothing";

interface Range {
  readonly ptr: number;
  readonly size: number;
}

/** What the code of a task has lent. */
function offeredBy({ producer, shape }: TreeTask): Range | null {
  if (producer.tag === "writing") {
    return { ptr: producer.ptr, size: producer.n * shape.element };
  }
  if (producer.tag !== "returning" || producer.at.tag !== "memory") return null;
  return { ptr: producer.at.ptr, size: shape.value };
}

const overlap = (a: Range, b: Range): boolean => a.ptr < b.ptr + b.size && b.ptr < a.ptr + a.size;

/** Nobody writes what it offers, nor touches what it listens with: which of the two it is, if any. */
function met({ tree, instance }: Here, [ptr = 0, size = 0, stores = 0]: readonly number[]): Met {
  const touched = { ptr, size };
  for (const [, task] of tasksOf(tree)) {
    const lent = stores === 1 && task.instance === instance ? offeredBy(task) : null;
    if (lent !== null && overlap(lent, touched)) return "offered";
    const { consumer } = task;
    if (consumer.tag !== "listening" || consumerInstance(tree, task) !== instance) continue;
    if (overlap(consumer, touched)) return "listening";
  }
  return "nothing";
}

/** Where nobody is caught the copy may come before the touch, as at any other instant. */
function guard(h: Here, state: State): Next {
  const what = met(h, state.args);
  if (what === "nothing") return done();
  trapIf(h.tree.mode.poison, `poison.${what}`);
  const options = ["touch", ...transfers(h.tree, "copy", copies(h.tree))];
  return { do: "choose", options, state: { ...state, at: "chosen" } };
}

function chosen(h: Here, state: State): Next {
  if (h.pick === 0) return done();
  copy(h, present(copies(h.tree)[h.pick - 1], "copy that was chosen"));
  return { do: "go", state: { ...state, at: "start" } };
}

export const poisonRules: Readonly<Record<"guard", Rule>> = {
  guard: { steps: { start: guard, chosen } },
};
