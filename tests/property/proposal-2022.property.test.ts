// Laws of the proposal of June 2022, over all schedules of small programs, or all states of some.

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  hostInstance,
  type Producer,
  type Tree,
  treeKey,
} from "../../src/history/proposal-2022/tree.ts";
import type { Store } from "../../src/model/store.ts";
import type { Scenario } from "../../src/scenario/ast.ts";
import { checkedScenarios } from "../../src/scenario/book.ts";
import { select } from "../../src/scenario/revision.ts";
import { verify } from "../../src/scenario/verify.ts";
import { showOutcome } from "../../src/scheduler/outcome.ts";
import {
  anyPipe2022,
  anyTree,
  type Between,
  pipeText,
  skippingPipe,
  type TreeOptions,
  talkingTree,
  treeText,
} from "./arbitraries/proposal-2022.ts";
import { anySeed, runs, type Step, walk } from "./laws.ts";

function scenarioOf(text: string): Scenario {
  const [scenario] = checkedScenarios(text, "program.scn");
  if (scenario === undefined) throw new Error("no scenario");
  return scenario;
}

/** Everything that can happen, as texts; `settings` as after `with`. */
function outcomes(
  text: string,
  settings: Readonly<Record<string, string>> = {},
): readonly string[] {
  const list = Object.entries(settings).map(([name, value]) => ({ name, value }));
  const found = verify(scenarioOf(text), select("d1daf829", [], [], list));
  expect(found.coverage.tag).toBe("all");
  expect(found.findings).toEqual([]);
  return [...new Set(found.outcomes.map(({ outcome }) => showOutcome(outcome)))].sort();
}

/** What can be logged on lines that begin so, over all schedules: one text for each way. */
function logged(
  text: string,
  prefix: string,
  settings: Readonly<Record<string, string>> = {},
): readonly string[] {
  const entries = (outcome: string): string =>
    [...outcome.matchAll(new RegExp(`${prefix}[^,\\]]*`, "g"))].map(([entry]) => entry).join();
  return [...new Set(outcomes(text, settings).map(entries))].sort();
}

function treeOf({ entities }: Store): Tree {
  return entities.instance[0]?.globals[treeKey] as Tree;
}

const book = "spec/history/proposal-2022.scn";

/** The scenarios of the book that are about this design. */
const inBook = checkedScenarios(
  readFileSync(new URL(`../../${book}`, import.meta.url), "utf8"),
  book,
).filter(({ design }) => design?.name === "proposal-2022");

/** A state of a producer as it was drawn: to splice is to write. */
function drawn(tag: Producer["tag"]): string {
  return tag === "splicing" ? "writing" : tag;
}

const plain: TreeOptions = { lift: "stackful", type: "future<u32>" };

/** Walks through the microsteps of a program at random. */
function walking(text: string, seed: number, visit: (step: Step) => void): Store {
  const { store, complete } = walk(scenarioOf(text), "d1daf829", seed, visit);
  expect(complete).toBe(true);
  return store;
}

/** The owners of a task, itself first: a list that would be endless in a cycle. */
function lineage({ tasks }: Tree, id: number): readonly number[] {
  const line: number[] = [];
  for (let at: number | null = id; at !== null && line.length <= tasks.length; ) {
    line.push(at);
    at = tasks[at]?.owner ?? null;
  }
  return line;
}

describe("the tasks", () => {
  test("are a tree: each but the root has one owner, and nothing owns itself", () => {
    fc.assert(
      fc.property(anyTree, anySeed, (tree, seed) => {
        walking(treeText(tree, plain), seed, ({ after }) => {
          const now = treeOf(after);
          for (const [id, task] of now.tasks.entries()) {
            if (task === null) continue;
            const line = lineage(now, id);
            expect(new Set(line).size).toBe(line.length);
            expect(line.at(-1)).toBe(0);
            const edges = now.tables.flatMap(({ subtasks }) => subtasks.filter((s) => s === id));
            expect(edges.length).toBe(id === 0 ? 0 : 1);
          }
        });
      }),
      runs(60),
    );
  });

  test("finish after their sub-tasks", () => {
    let refused = 0;
    fc.assert(
      fc.property(anyTree, fc.boolean(), anySeed, (tree, hasty, seed) => {
        const { ending } = walking(treeText(tree, { ...plain, hasty }), seed, ({ after }) => {
          const { tasks } = treeOf(after);
          const owners = new Set(tasks.map((task) => task?.owner ?? 0));
          for (const [id, task] of tasks.entries()) {
            if (task?.producer.tag === "finished") expect(owners.has(id)).toBe(false);
          }
          for (const id of owners) expect(tasks[id]).not.toBeNull();
        });
        if (ending?.tag === "trap") {
          expect([hasty, ending.code]).toEqual([true, "canon.finish.sub-tasks"]);
          refused += 1;
        }
      }),
      runs(80),
    );
    expect(refused).toBeGreaterThan(0);
  });

  test("change along the edges that were drawn, and no others", () => {
    const seen = new Set<string>();
    const follow = ({ before, after }: Step): void => {
      const old = treeOf(before).tasks;
      for (const [id, task] of treeOf(after).tasks.entries()) {
        const was = old[id];
        // tasks of the host have no code; a place that was freed may be another's by now
        if (was == null || task === null || was.instance === hostInstance) continue;
        if (task.index !== was.index && task.index !== null) continue;
        const edge = [was, task].map(({ producer: { tag } }) => drawn(tag));
        if (edge[0] !== edge[1]) seen.add(edge.join(" "));
      }
    };
    for (const scenario of inBook) {
      for (const seed of [1, 2, 3, 4]) walk(scenario, "d1daf829", seed, follow);
    }
    expect([...seen].sort()).toEqual([
      "cancelling finished",
      "finishing cancelling",
      "finishing finished",
      "returning cancelling",
      "returning finishing",
      "waiting cancelling",
      "waiting returning",
      "waiting writing",
      "writing cancelling",
      "writing waiting",
    ]);
  });

  test("that the host was given are gone once they are over", () => {
    let given = 0;
    for (const scenario of inBook.filter(({ title }) => /^P22-M(43|64|66) /.test(title))) {
      for (let seed = 0; seed < 20; seed++) {
        walk(scenario, "d1daf829", seed, ({ after }) => {
          const ofHost = treeOf(after).tasks.filter((t) => t?.owner === 0 && t.origin === "given");
          given += ofHost.length;
          expect(ofHost.map((task) => task?.producer.tag)).not.toContain("finished");
        });
      }
    }
    expect(given).toBeGreaterThan(0);
  });

  test("give the same to a stack as to a callback", () => {
    let several = 0;
    fc.assert(
      fc.property(anyTree, (tree) => {
        const stack = outcomes(treeText(tree, plain));
        if (stack.length > 1) several += 1;
        expect(outcomes(treeText(tree, { ...plain, lift: "callback" }))).toEqual(stack);
      }),
      runs(15),
    );
    expect(several).toBeGreaterThan(0);
  });

  test("give the same as a future and as a stream of no elements", () => {
    fc.assert(
      fc.property(anyTree, (tree) => {
        const future = outcomes(treeText(tree, plain));
        expect(outcomes(treeText(tree, { ...plain, type: "stream<u8, u32>" }))).toEqual(future);
      }),
      runs(25),
    );
  });

  test("show nothing with the eager option that they cannot show without", () => {
    // how it ends: the value of the root, or that there is none
    const value = (end: string): string =>
      /(\d+)\]$/.exec(end)?.[1] ?? end.slice(end.lastIndexOf("]") + 1);
    let several = 0;
    fc.assert(
      fc.property(anyTree, fc.constantFrom("stackful", "callback"), (tree, lift) => {
        const text = treeText(tree, { ...plain, lift });
        const without = new Set(outcomes(text).map(value));
        if (without.size > 1) several += 1;
        for (const end of outcomes(text, { eager: "on" })) expect(without).toContain(value(end));
      }),
      runs(20),
    );
    expect(several).toBeGreaterThan(0);
  });

  test("that all return come to an end", () => {
    fc.assert(
      fc.property(talkingTree, (tree) => {
        const ends = outcomes(treeText(tree, plain));
        expect(ends.filter((end) => !end.endsWith("]"))).toEqual([]);
      }),
      runs(25),
    );
  });
});

describe("a deadlock", () => {
  test("is found exactly where the program is stuck, and stays", () => {
    let stuck = 0;
    fc.assert(
      fc.property(anyTree, (tree) => {
        const text = treeText(tree, plain);
        const left = outcomes(text);
        if (left.some((end) => end.endsWith("stuck main"))) stuck += 1;
        const expected = left.map((end) => end.replace("stuck main", "traps canon.wait.deadlock"));
        expect(outcomes(text, { deadlock: "trap" })).toEqual(expected.sort());
      }),
      runs(25),
    );
    expect(stuck).toBeGreaterThan(0);
  });
});

/** Bytes 1 .. n as digits, and the end value. */
function allBytes(writes: readonly number[], from = 0): string {
  const total = writes.reduce((sum, n) => sum + n, 0);
  const digits = Array.from({ length: total }, (_, k) => k + 1).slice(from);
  return `C ${Number(digits.join("") || "0")} 9`;
}

describe("a stream", () => {
  test("gives its elements in order, each once, and then its end value", () => {
    fc.assert(
      fc.property(anyPipe2022, (pipe) => {
        expect(logged(pipeText(pipe), "C ")).toEqual([allBytes(pipe.writes)]);
      }),
      runs(40),
    );
  });

  test("gives what it gives with the eager option and without", () => {
    fc.assert(
      fc.property(anyPipe2022, (pipe) => {
        const expected = [allBytes(pipe.writes)];
        expect(logged(pipeText(pipe), "C ", { eager: "on" })).toEqual(expected);
      }),
      runs(40),
    );
  });

  test("returns each buffer that it was lent exactly once", () => {
    const count = (end: string, word: string): number => end.split(word).length - 1;
    for (const eager of ["off", "on"]) {
      fc.assert(
        fc.property(anyPipe2022, (pipe) => {
          for (const end of outcomes(pipeText(pipe), { eager })) {
            expect(end.endsWith("]")).toBe(true);
            expect(count(end, "back")).toBe(count(end, "lends"));
          }
        }),
        runs(25),
      );
    }
  });

  test("gives the same through an instance that forwards, splices or copies", () => {
    const ways: readonly Between[] = ["forward", "splice", "copy"];
    fc.assert(
      fc.property(
        anyPipe2022,
        fc.constantFrom(...ways),
        fc.constantFrom("off", "on"),
        (pipe, way, eager) => {
          const text = pipeText(pipe, way);
          expect(logged(text, "C ", { eager })).toEqual([allBytes(pipe.writes)]);
          for (const end of outcomes(text, { eager })) expect(end.endsWith("]")).toBe(true);
        },
      ),
      runs(40),
    );
  });

  test("gives after a skip what it gives after elements that are ignored", () => {
    fc.assert(
      fc.property(skippingPipe, fc.constantFrom("off", "on"), (pipe, eager) => {
        const expected = [allBytes(pipe.writes, pipe.skips)];
        expect(logged(pipeText(pipe, "nothing", "ignore"), "C ", { eager })).toEqual(expected);
        expect(logged(pipeText(pipe), "C ", { eager })).toEqual(expected);
      }),
      runs(40),
    );
  });
});

/** Whether this step tells somebody of a part. */
function tellsPart({ before, after }: Step): boolean {
  const [old, now] = [treeOf(before), treeOf(after)];
  return now.tasks.some((task, id) => {
    const was = old.tasks[id];
    const sides = [
      [was?.producer, task?.producer],
      [was?.consumer, task?.consumer],
    ] as const;
    return sides.some(([a, b]) => {
      const told = a !== undefined && b !== undefined && "done" in a && "done" in b;
      return (
        told &&
        !a.done &&
        b.done &&
        "moved" in a &&
        "moved" in b &&
        a.moved === b.moved &&
        a.moved > 0
      );
    });
  });
}

test("nobody is told of a part while anything else can happen", () => {
  let parts = 0;
  fc.assert(
    fc.property(anyPipe2022, anySeed, (pipe, seed) => {
      let quiet = true;
      walking(pipeText(pipe), seed, (step) => {
        const isTick = step.before.stack.length === 0;
        if (isTick) quiet = step.actions.every(({ name }) => name === "resume 2022:partials");
        if (!tellsPart(step)) return;
        parts += 1;
        expect(quiet).toBe(true);
        const waits = step.before.entities.thread.filter((t) => t?.state.tag === "waiting");
        expect(waits.length).toBeGreaterThan(0);
      });
    }),
    runs(60),
  );
  expect(parts).toBeGreaterThan(0);
});
