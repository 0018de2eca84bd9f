// Laws of the split ABI over random components: what holds in every state, and what the messages of every run show.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Tasks, tasksGlobal } from "../../src/history/isyswasfa/tasks.ts";
import type { Store } from "../../src/model/store.ts";
import type { Scenario } from "../../src/scenario/ast.ts";
import { checkedScenarios } from "../../src/scenario/book.ts";
import { parseRevision } from "../../src/scenario/revision.ts";
import { systemOf, verify } from "../../src/scenario/verify.ts";
import { explore } from "../../src/scheduler/explore/explore.ts";
import { machineModel } from "../../src/scheduler/machine-model.ts";
import { factOf, showOutcome } from "../../src/scheduler/outcome.ts";
import { anySplitProgram, type SplitProgram, splitScenario } from "./arbitraries/split.ts";
import { runs } from "./laws.ts";

const orders = ["declared", "reversed"] as const;

const settings = (order: string): string =>
  `d1daf829 with abi split, messages calls, rounds idle, component-order ${order}`;

function scenarioOf(program: SplitProgram, open = false): { text: string; scenario: Scenario } {
  const text = splitScenario(program, open);
  const [scenario] = checkedScenarios(text, "random.scn");
  if (scenario === undefined) throw new Error(text);
  return { text, scenario };
}

/** The stores in which the runs of a program end. */
function finalStores(program: SplitProgram, order: string): readonly Store[] {
  const { text, scenario } = scenarioOf(program);
  const finals: Store[] = [];
  const check = (store: Store, final: boolean): null => {
    if (final) finals.push(store);
    return null;
  };
  const model = machineModel(systemOf(scenario, parseRevision(settings(order))));
  const found = explore(model, { maxStates: 20_000, final: factOf, check });
  expect(found.coverage.tag, text).toBe("all");
  expect(finals.length).toBeGreaterThan(0);
  return finals;
}

type Log = readonly string[];

/** A poll call as the log shows it. */
interface Poll {
  readonly component: string;
  readonly told: readonly string[];
  readonly said: readonly string[];
}

const parts = (text: string): readonly string[] => (text === "" ? [] : text.split(", "));

function pollsIn(log: Log): readonly Poll[] {
  return log.flatMap((line) => {
    const [, component = "", told = "", said = ""] =
      /^(\w+)\.poll\[(.*)\] -> \[(.*)\]$/.exec(line) ?? [];
    return component === "" ? [] : [{ component, told: parts(told), said: parts(said) }];
  });
}

/** Checks the log of every run of random programs, in both orders of the components. */
function everyLog(n: number, law: (log: Log, order: (typeof orders)[number]) => void): void {
  fc.assert(
    fc.property(anySplitProgram, fc.constantFrom(...orders), (program, order) => {
      const { outcomes } = verify(scenarioOf(program).scenario, parseRevision(settings(order)));
      for (const { outcome } of outcomes) law(outcome.log, order);
    }),
    runs(n),
  );
}

describe("a split system", () => {
  test("keeps the standing properties, and every run ends well", () => {
    fc.assert(
      fc.property(anySplitProgram, fc.constantFrom(...orders), (program, order) => {
        const { text, scenario } = scenarioOf(program);
        const { findings, outcomes } = verify(scenario, parseRevision(settings(order)));
        expect(
          findings.map((f) => `${f.property}: ${f.detail}`),
          text,
        ).toEqual([]);
        const bad = outcomes.filter(({ outcome }) => outcome.end.tag !== "ok");
        expect(
          bad.map(({ outcome }) => showOutcome(outcome)),
          text,
        ).toEqual([]);
      }),
      runs(40),
    );
  });
  test("polls each component once in a round, in their order", () => {
    everyLog(30, (log, order) => {
      const round = order === "declared" ? ["M", "S"] : ["S", "M"];
      const polled = pollsIn(log).map(({ component }) => component);
      expect(polled.length % 2).toBe(0);
      expect(polled).toEqual(polled.map((_, i) => round[i % 2]));
    });
  });
  test("tells a listener that its task is ready with its next poll", () => {
    everyLog(30, (log) => {
      const polls = pollsIn(log);
      for (const [i, { component, said }] of polls.entries()) {
        if (component !== "S") continue;
        const next = polls.slice(i + 1).find((poll) => poll.component === "M");
        for (const message of said) {
          const [, task = ""] = /^ready k\d+ R(\d+)$/.exec(message) ?? [];
          if (task === "" || !isListening(polls.slice(0, i + 1), task)) continue;
          expect(next?.told.some((one) => one.endsWith(` R${task}`))).toBe(true);
        }
      }
    });
  });
  test("claims at most one result for each message that says there is one", () => {
    everyLog(30, (log) => {
      const count = (line: RegExp): number => log.filter((one) => line.test(one)).length;
      const messages = pollsIn(log).flatMap(({ told }) =>
        told.filter((one) => one.startsWith("ready")),
      );
      const claims = count(/^(host\.f|block) result /) + count(/^ready\.state /);
      // one claim is the host's own, of its root call
      expect(claims).toBeLessThanOrEqual(messages.length + 1);
    });
  });
  test("keeps no record of a task once nothing is left to do", () => {
    fc.assert(
      fc.property(anySplitProgram, fc.constantFrom(...orders), (program, order) => {
        for (const store of finalStores(program, order)) {
          const tasks = store.entities.instance[0]?.globals[tasksGlobal] as Tasks;
          const capabilities = store.entities.handle.filter(
            (h) => h?.own === true && h.rt - tasks.firstResource < 3,
          );
          const held = capabilities.map((h) => h?.rep);
          const lost = Object.keys(tasks.tasks).filter((id) => !held.includes(Number(id)));
          expect(lost).toEqual([]);
          expect([tasks.inboxes.flat(), tasks.futures]).toEqual([[], []]);
        }
      }),
      runs(30),
    );
  });
  test("sends no message where every call is over at once", () => {
    const eager = anySplitProgram.map((program) => ({
      ...program,
      bodies: program.bodies.map((body) =>
        body.map((what) => (what === "a" ? "a" : "b") as "a" | "b"),
      ),
      spawned: [],
    }));
    fc.assert(
      fc.property(eager, (program) => {
        const { text, scenario } = scenarioOf(program, true);
        const revision = parseRevision("d1daf829 with abi split, messages calls");
        const { outcomes } = verify(scenario, revision);
        for (const { outcome } of outcomes) {
          expect(
            outcome.log.filter((line) => /poll|make-task|-> P/.test(line)),
            text,
          ).toEqual([]);
        }
      }),
      runs(40),
    );
  });
});

/** Whether M has said that it listens to this task, and has not been told that it is over. */
function isListening(polls: readonly Poll[], task: string): boolean {
  const tokens = new Map<string, string>();
  for (const { component, told, said } of polls) {
    if (component !== "M") continue;
    for (const one of told) {
      const [, token = ""] = /^(?:ready|cancel-complete) (l\d+)/.exec(one) ?? [];
      tokens.delete(token);
    }
    for (const one of said) {
      const [, token = "", of = ""] = /^listen (l\d+) P(\d+)$/.exec(one) ?? [];
      if (token !== "") tokens.set(token, of);
    }
  }
  return [...tokens.values()].includes(task);
}
