// The proposal of June 2022 as people meet it: its text, its traces, what it says of those who wait, its options.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { trapCodes, traps } from "../../src/canon/traps.ts";
import { designOptions } from "../../src/history/options.ts";
import { eventCodes } from "../../src/history/proposal-2022/events.ts";
import { proposal2022Options } from "../../src/history/proposal-2022/options.ts";
import { firstTree, free, put, type Tree, treeKey } from "../../src/history/proposal-2022/tree.ts";
import { traceOf } from "../../src/report/trace.ts";
import { traceText } from "../../src/report/trace-text.ts";
import type { Scenario } from "../../src/scenario/ast.ts";
import { checkedScenarios } from "../../src/scenario/book.ts";
import { constants } from "../../src/scenario/constants.ts";
import { parseScenarios } from "../../src/scenario/parse.ts";
import { printScenario } from "../../src/scenario/print.ts";
import { names2022, shape2022 } from "../../src/scenario/proposal-2022/names.ts";
import { select } from "../../src/scenario/revision.ts";
import { systemOf } from "../../src/scenario/verify.ts";
import { explainStuck } from "../../src/scheduler/explain.ts";
import { defaultPolicy, run } from "../../src/scheduler/run.ts";

const file = "spec/history/proposal-2022.scn";
const text = readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
const scenarios = checkedScenarios(text, file);

function named(id: string): Scenario {
  const found = scenarios.find(({ title }) => title.startsWith(`${id} `));
  if (found === undefined) throw new Error(`no scenario ${id}`);
  return found;
}

const system = (id: string) => systemOf(named(id), select("d1daf829", [], []));

/** Without where things stand. */
function bare(scenario: Scenario): unknown {
  return JSON.parse(
    JSON.stringify(scenario, (key, value: unknown) => {
      if (key === "pos") return null;
      return typeof value === "bigint" ? `${value}n` : value;
    }),
  );
}

describe("a scenario about June 2022", () => {
  test.each(scenarios.map((s) => [s.title, s] as const))("%s prints as it is read", (_, s) => {
    const [again] = parseScenarios(printScenario(s), file);
    expect(again === undefined ? null : bare(again)).toEqual(bare(s));
  });

  test("is about the newest revision alone, unless it says otherwise", () => {
    expect(named("P22-S1").only).toEqual(["d1daf829"]);
    expect(named("P22-D1b").only).toBeNull();
  });

  test("uses every built-in of the proposal", () => {
    expect(names2022.filter((name) => !new RegExp(`${name}[ <\\n]`).test(text))).toEqual([]);
    expect(shape2022("canon.unlisten")).toBeNull();
  });
});

describe("the events", () => {
  test("have one number each, in scripts and in rules", () => {
    const inScripts = Object.keys(eventCodes).map((name) => [
      name,
      constants[name as keyof typeof constants].value,
    ]);
    expect(Object.fromEntries(inScripts)).toEqual(eventCodes);
  });
});

describe("a trace", () => {
  test("names built-ins with their operands, and events by name", () => {
    const { steps } = traceOf(system("P22-S4a"), defaultPolicy);
    const lines = traceText(steps).map((line) => line.replace(/ +/g, " ").trim());
    const canon = lines.filter((line) => line.includes("canon."));
    // L waits before R has its index; R asks it to stop, and drops it at once
    expect(canon.map((line) => line.replace(/^\d+ /, ""))).toEqual([
      "L.lookup guest canon.wait",
      "R.render guest canon.cancel 1",
      "R.render guest canon.drop 1",
      `R.render guest traps canon.drop.unfinished: ${traps["canon.drop.unfinished"]}`,
    ]);
  });

  test("shows what a wait gave", () => {
    const { steps } = traceOf(system("P22-M29"), defaultPolicy);
    const lines = traceText(steps).filter((line) => line.includes("= "));
    expect(lines.some((line) => line.endsWith("canon.wait = TASK_CANCELLED 1 0"))).toBe(true);
    expect(lines.some((line) => line.endsWith("canon.wait = FINISHED 1 0"))).toBe(true);
  });
});

describe("a stack that waits", () => {
  test("says what its tasks and their sub-tasks are at", () => {
    const stuck = system("P22-D2a");
    const { store } = run(stuck, defaultPolicy);
    const why = explainStuck(stuck, store).join("\n");
    expect(why).toContain(
      "main waits for the end of a task: A/1 has offered nothing and the host listens; " +
        "B/1 has offered its value and nobody listens",
    );
  });
});

describe("a run to the end", () => {
  test("leaves nothing behind: no task of the tree, no stack, nothing of today's machine", () => {
    for (const id of ["P22-S1", "P22-S3", "P22-S4", "P22-M22", "P22-M23", "P22-M43", "P22-M64"]) {
      const { store } = run(system(id), defaultPolicy);
      expect([id, store.roots.map(({ thread }) => thread)]).toEqual([
        id,
        store.roots.map(() => null),
      ]);
      const tree = store.entities.instance[0]?.globals[treeKey] as Tree;
      expect(tree.tasks.length).toBe(1);
      expect(tree.stacks).toEqual([]);
      expect(tree.tables.flatMap((table) => [...table.tasks, ...table.subtasks])).toEqual([]);
      expect([...store.entities.waitable, ...store.entities.task]).toEqual([]);
      expect(store.entities.thread.map((t) => t?.name)).toEqual(
        expect.arrayContaining(["2022:copies", "2022:partials"]),
      );
    }
  });
});

describe("the options", () => {
  test("are known by their names, the default first", () => {
    for (const [name, option] of Object.entries(proposal2022Options)) {
      expect(designOptions[name as keyof typeof proposal2022Options]).toEqual(option);
    }
    expect(firstTree({}, 1).mode).toEqual({
      eager: false,
      strict: false,
      wide: false,
      poison: true,
      reentry: false,
    });
    const all = {
      eager: "on",
      "strict-listen": "on",
      "wait-scope": "instance",
      poison: "ignore",
      reentry: "allow",
    };
    expect(firstTree(all, 1).mode).toEqual({
      eager: true,
      strict: true,
      wide: true,
      poison: false,
      reentry: true,
    });
  });
});

describe("a table", () => {
  test("uses the least free place again, and forgets free places at its end", () => {
    const table: (string | null)[] = [];
    expect(["a", "b", "c"].map((item) => put(table, item))).toEqual([0, 1, 2]);
    free(table, 1);
    free(table, 0);
    expect(table).toEqual([null, null, "c"]);
    expect(put(table, "d")).toBe(0);
    free(table, 2);
    expect(table).toEqual(["d"]);
  });
});

describe("the trap codes", () => {
  test("are each named by a scenario", () => {
    const codes = [...trapCodes].filter((code) => code.startsWith("canon."));
    expect(codes.length).toBe(51);
    expect(codes.filter((code) => !text.includes(`traps ${code}`))).toEqual([]);
  });
});
