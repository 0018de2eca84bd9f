// Explores one scenario that a test writes down, and keeps what its claims cannot say.

import { expect } from "vitest";
import { profiles } from "../../src/model/profiles.ts";
import type { Profile, Store } from "../../src/model/store.ts";
import type { Scenario } from "../../src/scenario/ast.ts";
import { checkedScenarios } from "../../src/scenario/book.ts";
import { parseRevision, type Selection } from "../../src/scenario/revision.ts";
import { systemOf, verify } from "../../src/scenario/verify.ts";
import { type Exploration, explore } from "../../src/scheduler/explore/explore.ts";
import type { Action } from "../../src/scheduler/machine.ts";
import { machineModel } from "../../src/scheduler/machine-model.ts";
import { printSchedule } from "../../src/scheduler/model.ts";
import { factOf, type Outcome, outcomeWith, showOutcome } from "../../src/scheduler/outcome.ts";

export interface Setting {
  /** default: the newest */
  readonly revision?: string;
  /** default: full */
  readonly profile?: Profile;
}

export interface Explored {
  /** the names of all alternatives that were offered beside others, sorted */
  readonly offered: readonly string[];
  /** each outcome with its shortest schedule: `[1] traps x.y  by go-on A.f#1` */
  readonly outcomes: readonly string[];
  /** the stores in which nothing can move any more */
  readonly finals: readonly Store[];
}

function shown(found: Exploration<Store>): readonly string[] {
  return found.outcomes.map(({ tag, observed, fact, witness }) => {
    const outcome: Outcome =
      tag === "end"
        ? outcomeWith(observed, fact)
        : { log: observed, end: { tag: "diverges" }, leaks: [] };
    return `${showOutcome(outcome)}  by ${printSchedule(witness)}`;
  });
}

/** Every run of the only scenario in a text. */
export function exploreText(text: string, setting: Setting = {}): Explored {
  const [scenario] = checkedScenarios(text, "test.scn");
  if (scenario === undefined) throw new Error("no scenario");
  const { revision = "d1daf829", profile = profiles.full } = setting;
  const model = machineModel(systemOf(scenario, parseRevision(revision), profile));
  const offered = new Set<string>();
  const enabled = (store: Store): readonly Action[] => {
    const actions = model.enabled(store);
    if (actions.length > 1) for (const { name } of actions) offered.add(name);
    return actions;
  };
  const finals: Store[] = [];
  const check = (store: Store, final: boolean): null => {
    if (final) finals.push(store);
    return null;
  };
  const found = explore({ ...model, enabled }, { maxStates: 10_000, final: factOf, check });
  expect(found.coverage.tag).toBe("all");
  return { offered: [...offered].sort(), outcomes: [...new Set(shown(found))].sort(), finals };
}

/** What is wrong with the claims of a scenario under a revision, or null. */
export function failure(scenario: Scenario, revision: Selection): string | null {
  const { verdict, outcomes, findings } = verify(scenario, revision);
  if (verdict === "proved") return null;
  const possible = outcomes.map((o) => `  ${showOutcome(o.outcome)}`);
  const broken = findings.map((f) => `  ${f.property}: ${f.detail}`);
  return [`${scenario.title} under ${revision.label}: ${verdict}`, ...broken, ...possible].join(
    "\n",
  );
}
