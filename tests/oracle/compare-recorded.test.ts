// Runs of the model itself beside the model: each recorded run is seen as the outcome that it had.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { assembleFile } from "../../src/cli/assembler.ts";
import { printTrace } from "../../src/oracle/format/print.ts";
import { compare, type Row } from "../../src/oracle/outcomes/compare.ts";
import { engineRuns } from "../../src/oracle/outcomes/engine-runs.ts";
import { modelSearch } from "../../src/oracle/outcomes/model-outcomes.ts";
import { recordRun } from "../../src/oracle/record.ts";
import { exploredJson } from "../../src/report/explore-json.ts";
import type { Scenario } from "../../src/scenario/ast.ts";
import { componentScenario } from "../../src/scenario/binary.ts";
import { checkedScenarios } from "../../src/scenario/book.ts";
import { parseRevision } from "../../src/scenario/revision.ts";
import { revisionsOf, systemOf, verify } from "../../src/scenario/verify.ts";
import { replayPolicy } from "../../src/scheduler/run.ts";

const revision = parseRevision("d1daf829");

interface Replayed {
  readonly outcomes: number;
  readonly rows: readonly Row[];
}

/** One run for each outcome that ends, along the schedule that the search gives with it. */
function replayed(scenario: Scenario, calls?: readonly string[]): Replayed {
  const result = verify(scenario, revision, { properties: false });
  const json = exploredJson({
    file: "x",
    scenario,
    siblings: [],
    profile: "full",
    results: [result],
  });
  const model = modelSearch({ scenarios: [json] }, {});
  const runs = result.outcomes
    .filter(({ outcome }) => !["diverges", "bug", "limit"].includes(outcome.end.tag))
    .map(({ witness }) => {
      const { policy } = replayPolicy(witness);
      const how = calls === undefined ? { memory: false } : { memory: false, calls };
      return printTrace(recordRun(systemOf(scenario, revision), policy, how));
    });
  if (runs.length === 0) return { outcomes: 0, rows: [] };
  const { rows } = compare(model, [{ name: "model", runs: engineRuns(runs.join(""), "model") }]);
  return { outcomes: runs.length, rows };
}

/** Each run is one outcome for sure; outcomes that differ in what is left over alone are one row. */
function expectSeen({ outcomes, rows }: Replayed): void {
  expect(rows.filter(({ standing }) => standing === "not allowed")).toEqual([]);
  const sure = rows.reduce((sum, { engines }) => sum + (engines[0]?.sure ?? 0), 0);
  const maybe = rows.reduce((sum, { engines }) => sum + (engines[0]?.maybe ?? 0), 0);
  expect([sure, maybe]).toEqual([outcomes, 0]);
  for (const { standing, end } of rows) {
    if (!/^(?:diverges|bug)/.test(end)) expect(standing).toBe("seen");
  }
}

describe("recorded runs of the model", () => {
  test.each(["03-calls", "05-streams-and-futures", "06-cancellation", "08-traps"])(
    "chapter %s",
    (chapter) => {
      const file = `spec/${chapter}.md`;
      const scenarios = checkedScenarios(readFileSync(file, "utf8"), file).filter((scenario) => {
        return revisionsOf(scenario).some(({ label }) => label === "d1daf829");
      });
      expect(scenarios.length).toBeGreaterThan(5);
      for (const scenario of scenarios) expectSeen(replayed(scenario));
    },
  );

  test("a component's, by the results of its calls", async () => {
    const file = "docs/account.wat";
    const bytes = await assembleFile(file, readFileSync(file, "utf8"));
    const invoke = ["deposit(100)", "deposit(20)"];
    const scenario = componentScenario(bytes, { invoke });
    const found = replayed(scenario, invoke);
    // both results are right or an update is lost, and either call may be the first: see the README
    expect(found.outcomes).toBe(6);
    expectSeen(found);
  });
});
