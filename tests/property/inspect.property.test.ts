// Two ways to make the same step: the explorer's copies and the inspector's drafts.

import { readdirSync, readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { applyPatches, enablePatches } from "immer";
import { describe, expect, test } from "vitest";
import { storeFromJson, storeToJson } from "../../src/model/json.ts";
import type { Store } from "../../src/model/store.ts";
import type { Scenario } from "../../src/scenario/ast.ts";
import { checkedScenarios } from "../../src/scenario/book.ts";
import { revisionsOf, systemOf } from "../../src/scenario/verify.ts";
import { inspect } from "../../src/scheduler/inspect.ts";
import { enabled, type System, step } from "../../src/scheduler/machine.ts";
import { uniform } from "../../src/scheduler/sampling/policies.ts";

enablePatches();

const folder = "spec/litmus";
const files = readdirSync(folder).filter((file) => file.endsWith(".scn"));
const mostSteps = 400;
const often = 7;

function same(a: Store, b: Store): void {
  if (!isDeepStrictEqual(a, b)) expect(a).toEqual(b);
}

/** Both views at each step of one random run, and now and then patches and JSON; gives the steps. */
function walk(system: System, seed: number): number {
  const policy = uniform(seed);
  let store = system.initial;
  for (let n = 0; n < mostSteps; n++) {
    const actions = enabled(system, store);
    if (actions.length === 0) return n;
    const picked = policy(actions);
    const next = step(system, store, picked);
    const inspected = inspect(system, store, picked);
    same(inspected.store, next);
    if (n % often === 0) {
      same(applyPatches(store, [...inspected.patches]), next);
      same(storeFromJson(storeToJson(next)), next);
    }
    store = next;
  }
  return mostSteps;
}

function walkAll(scenario: Scenario): number {
  const revisions = revisionsOf(scenario);
  return revisions.reduce((n, revision, i) => n + walk(systemOf(scenario, revision), i), 0);
}

describe("inspect makes the step that step makes, and patches and JSON lead to the same store", () => {
  for (const file of files) {
    test(`along random runs of ${file}`, () => {
      const scenarios = checkedScenarios(readFileSync(`${folder}/${file}`, "utf8"), file);
      const steps = scenarios.map(walkAll);
      expect(Math.min(...steps)).toBeGreaterThan(10);
    });
  }
});

test("patches name only what changed", () => {
  const text = 'scenario "x"\ncomponent A {\n  export run: func() { log "a" }\n}\nrun A.run\n';
  const [scenario] = checkedScenarios(text, "x.scn");
  const [revision] = revisionsOf(scenario!);
  const system = systemOf(scenario!, revision!);
  const [first] = enabled(system, system.initial);
  const { patches } = inspect(system, system.initial, first!);
  expect(patches.map(({ path }) => path.join("."))).toEqual([
    "entities.thread.0.state",
    "entities.thread.0.ret",
    "stack",
  ]);
});
