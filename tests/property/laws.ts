// How laws are run: how often and from which seed, along which steps, and what a failure prints.

import fc from "fast-check";
import { type RevisionName, revisions } from "../../src/model/amendments.ts";
import { profiles } from "../../src/model/profiles.ts";
import type { Profile, Store } from "../../src/model/store.ts";
import type { Scenario } from "../../src/scenario/ast.ts";
import { buildSystem } from "../../src/scenario/build.ts";
import { checkScenario } from "../../src/scenario/check.ts";
import { printScenario } from "../../src/scenario/print.ts";
import { type Action, enabled, type System, step } from "../../src/scheduler/machine.ts";
import { printSchedule, record, type Schedule } from "../../src/scheduler/model.ts";
import { random } from "../../src/scheduler/sampling/random.ts";

/** `CANON_RUNS` multiplies the number of cases; `CANON_SEED` begins elsewhere. */
const deeper = Number(process.env.CANON_RUNS ?? 1);
const seed = Number(process.env.CANON_SEED ?? 20260924);

export function runs<Ts>(n: number): fc.Parameters<Ts> {
  return { numRuns: Math.max(1, Math.round(n * deeper)), seed };
}

export const revisionNames: readonly RevisionName[] = ["d1daf829", "6d28164"];

/** A system under a revision; the scenario must pass the checker. */
export function systemUnder(
  scenario: Scenario,
  revision: RevisionName,
  profile: Profile = profiles.full,
): System {
  checkScenario(scenario, "a random system");
  return buildSystem(scenario, { amendments: revisions[revision].amendments, profile });
}

/** What a reader needs to see a failure again. */
export interface Case {
  readonly scenario: Scenario;
  readonly revision: RevisionName;
  readonly schedule: Schedule;
}

function replayCommand({ scenario, revision, schedule }: Case): string {
  return [
    "",
    "the scenario, in FILE:",
    printScenario(scenario),
    `canon-async replay FILE --revision ${revision} --schedule "${printSchedule(schedule)}"`,
  ].join("\n");
}

/** Runs `check`; whatever it throws says how to replay the case. */
export function replayable<T>(of: () => Case, check: () => T): T {
  try {
    return check();
  } catch (error) {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    throw new Error(`${why}\n${replayCommand(of())}`, { cause: error });
  }
}

/** One microstep of a walk. */
export interface Step {
  readonly before: Store;
  readonly actions: readonly Action[];
  readonly action: Action;
  readonly after: Store;
}

/** Microsteps of a walk at the most: random systems end before. */
const walkBound = 3000;

/** Where a walk got to, and how. */
export interface Walk {
  readonly store: Store;
  readonly schedule: Schedule;
  /** false: the bound came first */
  readonly complete: boolean;
}

/** Takes random microsteps to the end, tells `visit` of each, and makes every failure replayable. */
export function walk(
  scenario: Scenario,
  revision: RevisionName,
  policySeed: number,
  visit: (step: Step, system: System) => void,
): Walk {
  const system = systemUnder(scenario, revision);
  const next = random(policySeed);
  const recorder = record();
  const here = (): Case => ({ scenario, revision, schedule: recorder.schedule() });
  let store = system.initial;
  for (let n = 0; n < walkBound; n++) {
    const before = store;
    const actions = replayable(here, () => enabled(system, before));
    const action = actions[next() % Math.max(actions.length, 1)];
    if (action === undefined) return { store, schedule: recorder.schedule(), complete: true };
    recorder.record(actions, action);
    store = replayable(here, () => {
      const after = step(system, before, action);
      visit({ before, actions, action, after }, system);
      return after;
    });
  }
  return { store, schedule: recorder.schedule(), complete: false };
}

/** A seed for a random schedule. */
export const anySeed: fc.Arbitrary<number> = fc.nat(1_000_000);

/** Every value below `value`, frozen: a write to any of it throws. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  if (ArrayBuffer.isView(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) deepFreeze(inner);
  return value;
}
