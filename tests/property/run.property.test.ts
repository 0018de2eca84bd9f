// Laws of runs, schedules and explorations, over random systems.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RevisionName } from "../../src/model/amendments.ts";
import type { Store } from "../../src/model/store.ts";
import type { Scenario } from "../../src/scenario/ast.ts";
import { parseScenarios } from "../../src/scenario/parse.ts";
import { printScenario } from "../../src/scenario/print.ts";
import { type Exploration, explore } from "../../src/scheduler/explore/explore.ts";
import { enabled, macrostep, type System, step } from "../../src/scheduler/machine.ts";
import { machineModel } from "../../src/scheduler/machine-model.ts";
import { follow, parseSchedule, printSchedule } from "../../src/scheduler/model.ts";
import {
  factOf,
  outcomeKey,
  outcomeOf,
  outcomeWith,
  showOutcome,
} from "../../src/scheduler/outcome.ts";
import { replayPolicy, run } from "../../src/scheduler/run.ts";
import { uniform } from "../../src/scheduler/sampling/policies.ts";
import { anySystem, smallSystem } from "./arbitraries/systems.ts";
import { anySeed, type Case, replayable, revisionNames, runs, systemUnder } from "./laws.ts";

const anyRevision: fc.Arbitrary<RevisionName> = fc.constantFrom(...revisionNames);

const maxChoices = 2000;
const maxStates = 1500;

function randomRun(system: System, policySeed: number): ReturnType<typeof run> {
  return run(system, uniform(policySeed), { maxChoices });
}

/** The store that microsteps along a schedule lead to. */
function foldMicrosteps(system: System, schedule: Case["schedule"]): Store {
  const follower = follow(schedule);
  let store = system.initial;
  for (;;) {
    const actions = enabled(system, store);
    if (actions.length === 0) return store;
    store = step(system, store, actions.length === 1 ? actions[0]! : follower.pick(actions));
  }
}

/** The store that macrosteps along a schedule lead to. */
function foldMacrosteps(system: System, schedule: Case["schedule"]): Store {
  const follower = follow(schedule);
  let store = macrostep(system, system.initial, null);
  for (;;) {
    const actions = enabled(system, store);
    if (actions.length === 0) return store;
    store = macrostep(system, store, follower.pick(actions));
  }
}

/** The outcomes of runs that come to an end. */
function keysOf({ outcomes }: Exploration<Store>): ReadonlySet<string> {
  const ends = outcomes.filter(({ tag }) => tag === "end");
  return new Set(ends.map(({ observed, fact }) => outcomeKey(outcomeWith(observed, fact))));
}

describe("a run", () => {
  test("is the fold of its microsteps, and of its macrosteps", () => {
    fc.assert(
      fc.property(anySystem, anyRevision, anySeed, (scenario, revision, policySeed) => {
        const system = systemUnder(scenario, revision);
        const { store, schedule, complete } = randomRun(system, policySeed);
        fc.pre(complete);
        replayable(
          () => ({ scenario, revision, schedule }),
          () => {
            expect(foldMicrosteps(system, schedule)).toEqual(store);
            expect(foldMacrosteps(system, schedule)).toEqual(store);
          },
        );
      }),
      runs(60),
    );
  });

  test("is repeated by its schedule, strictly: the same store, and no entry is left over", () => {
    fc.assert(
      fc.property(anySystem, anyRevision, anySeed, (scenario, revision, policySeed) => {
        const system = systemUnder(scenario, revision);
        const { store, schedule, complete } = randomRun(system, policySeed);
        fc.pre(complete);
        replayable(
          () => ({ scenario, revision, schedule }),
          () => {
            const replay = replayPolicy(parseSchedule(printSchedule(schedule)));
            const again = run(system, replay.policy, { maxChoices });
            expect(again.store).toEqual(store);
            expect(again.schedule).toEqual(schedule);
            expect(replay.unused()).toEqual([]);
          },
        );
      }),
      runs(100),
    );
  });

  test("is the same for the system that the printed scenario describes", () => {
    fc.assert(
      fc.property(anySystem, anyRevision, anySeed, (scenario, revision, policySeed) => {
        const [parsed] = parseScenarios(printScenario(scenario), "printed");
        const { store, schedule } = randomRun(systemUnder(scenario, revision), policySeed);
        replayable(
          () => ({ scenario, revision, schedule }),
          () => {
            const again = randomRun(systemUnder(parsed!, revision), policySeed);
            expect(again.store).toEqual(store);
          },
        );
      }),
      runs(40),
    );
  });

  test("ends in one of the outcomes that a complete exploration found", () => {
    fc.assert(
      fc.property(smallSystem, anyRevision, anySeed, (scenario, revision, policySeed) => {
        const system = systemUnder(scenario, revision);
        const found = explore(machineModel(system), { maxStates, final: factOf });
        fc.pre(found.coverage.tag === "all" && found.outcomesComplete);
        const allowed = keysOf(found);
        for (let n = 0; n < 5; n++) {
          const { store, schedule, complete } = randomRun(system, policySeed + n);
          if (!complete) continue;
          replayable(
            () => ({ scenario, revision, schedule }),
            () => {
              const outcome = outcomeOf(store);
              if (!allowed.has(outcomeKey(outcome))) expect(showOutcome(outcome)).toBeNull();
            },
          );
        }
      }),
      runs(100),
    );
  });
});

describe("an exploration", () => {
  test("gives each outcome a witness that replays to it", () => {
    fc.assert(
      fc.property(smallSystem, anyRevision, (scenario, revision) => {
        const system = systemUnder(scenario, revision);
        const found = explore(machineModel(system), { maxStates: 300, final: factOf });
        for (const { tag, fact, observed, witness, cost } of found.outcomes) {
          if (tag !== "end") continue;
          replayable(
            () => ({ scenario, revision, schedule: witness }),
            () => {
              const replay = replayPolicy(witness);
              const { store } = run(system, replay.policy, { maxChoices });
              expect(outcomeOf(store)).toEqual(outcomeWith(observed, fact));
              expect(replay.unused()).toEqual([]);
              expect(witness.length).toBe(cost);
            },
          );
        }
      }),
      runs(60),
    );
  });
});

/**
 * The deterministic profile settles whether a wait that is over blocks, when a cancelled copy
 * answers, and what an error context says. It does not settle which ready thread runs, which
 * event a set delivers, and what scripts choose: those are the host's and the guests' to say.
 */
describe("the deterministic profile", () => {
  const open = /^(?:resume|drive|event|choose) /;

  function profileOf(scenario: Scenario): System {
    const system = systemUnder(scenario, "d1daf829");
    const { profile } = system.initial;
    return {
      ...system,
      initial: { ...system.initial, profile: { ...profile, name: "deterministic" } },
    };
  }

  test("leaves open only which thread runs, which event comes, and what is chosen", () => {
    fc.assert(
      fc.property(anySystem, anySeed, (scenario, policySeed) => {
        run(profileOf(scenario), uniform(policySeed), {
          maxChoices,
          choice: ({ enabled: names }) => expect(names.filter((n) => !open.test(n))).toEqual([]),
        });
      }),
      runs(100),
    );
  });

  test("has only outcomes that the full profile has", () => {
    fc.assert(
      fc.property(smallSystem, anySeed, (scenario, policySeed) => {
        const model = machineModel(systemUnder(scenario, "d1daf829"));
        const full = explore(model, { maxStates, final: factOf });
        fc.pre(full.coverage.tag === "all" && full.outcomesComplete);
        const allowed = keysOf(full);
        const { store, complete } = randomRun(profileOf(scenario), policySeed);
        if (complete) expect(allowed.has(outcomeKey(outcomeOf(store)))).toBe(true);
      }),
      runs(60),
    );
  });
});

describe("a schedule", () => {
  const entry = fc
    .tuple(fc.stringMatching(/^[a-z][a-z /.-]{0,12}[a-z]$/), fc.integer({ min: 1, max: 99 }))
    .map(([name, k]) => `${name}#${k}`);

  test("is itself again after printing and parsing", () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 6 }), (schedule) => {
        expect(parseSchedule(printSchedule(schedule))).toEqual(schedule);
      }),
      runs(200),
    );
  });
});
