// Laws of runs on one token: what it keeps up to date is what a fresh look finds, and what accesses promise.

import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Store } from "../../src/model/store.ts";
import type { Scenario } from "../../src/scenario/ast.ts";
import { checkedScenarios } from "../../src/scenario/book.ts";
import { parseRevision } from "../../src/scenario/revision.ts";
import { systemOf } from "../../src/scenario/verify.ts";
import { AccessSet } from "../../src/scheduler/access.ts";
import { Encoding } from "../../src/scheduler/encoding/encoding.ts";
import { startRun } from "../../src/scheduler/live.ts";
import { type Action, enabled, macrostep, type System } from "../../src/scheduler/machine.ts";
import { machineModel } from "../../src/scheduler/machine-model.ts";
import type { Model } from "../../src/scheduler/model.ts";
import { uniform } from "../../src/scheduler/sampling/policies.ts";
import { anySystem } from "./arbitraries/systems.ts";
import { anyProgram, programText } from "./arbitraries/wasi-calls.ts";
import { anySeed, revisionNames, runs, systemUnder } from "./laws.ts";

/** A run of some 100 microsteps without a choice. */
const text = `scenario "t"
component A { export f: func() { repeat 40 { context.get 0 } } }
run A.f as x
`;

/** The operations of the host are ready when the guest goes, and then no more. */
const piping = `scenario "t"
wasi { stdin "abc" }
component A {
  import wasi:cli/stdin
  import wasi:cli/stdout
  export run: async func() stackful {
    let rx, _ = stdin.read-via-stream()
    stdout.write-via-stream(rx)
    task.return
    thread.yield
  }
}
run A.run
`;

function onlyScenario(source: string): Scenario {
  const [scenario] = checkedScenarios(source, "x.scn");
  if (scenario === undefined) throw new Error("no scenario");
  return scenario;
}

function spinning(): System {
  return systemOf(onlyScenario(text), parseRevision("d1daf829"));
}

const anyRevision = fc.constantFrom(...revisionNames);
const mostChoices = 200;

/** One random run; `look` sees each choice before it is taken. */
function walkLive(
  system: System,
  seed: number,
  look: (before: Store, actions: readonly Action[]) => void,
): Store {
  const policy = uniform(seed);
  const live = startRun(system);
  for (let n = 0; n < mostChoices && live.enabled().length > 0; n++) {
    look(live.snapshot(), live.enabled());
    live.take(policy(live.enabled()));
  }
  return live.snapshot();
}

/** The same run by macrosteps, each of which looks at everything anew. */
function walkAnew(system: System, seed: number): Store {
  const policy = uniform(seed);
  let store = macrostep(system, system.initial, null);
  for (let n = 0; n < mostChoices && enabled(system, store).length > 0; n++) {
    store = macrostep(system, store, policy(enabled(system, store)));
  }
  return store;
}

describe("a run on one token", () => {
  test("enables at each choice what its store, looked at anew, enables", () => {
    fc.assert(
      fc.property(anySystem, anyRevision, anySeed, (scenario, revision, seed) => {
        const system = systemUnder(scenario, revision);
        walkLive(system, seed, (store, actions) => expect(enabled(system, store)).toEqual(actions));
      }),
      runs(100),
    );
  });

  test("does so for hosts with WASI, whose threads wait for what they say themselves", () => {
    fc.assert(
      fc.property(anyProgram, anyRevision, anySeed, (program, revision, seed) => {
        const system = systemOf(onlyScenario(programText(program)), parseRevision(revision));
        const last = walkLive(system, seed, (store, actions) => {
          expect(enabled(system, store)).toEqual(actions);
        });
        expect(last).toEqual(walkAnew(system, seed));
      }),
      runs(40),
    );
  });

  test("learns that the last guest is gone, after which a host with WASI does no more", () => {
    const scenario = onlyScenario(piping);
    for (const revision of revisionNames) {
      const system = systemOf(scenario, parseRevision(revision));
      for (let seed = 0; seed < 40; seed++) {
        expect(walkLive(system, seed, () => {})).toEqual(walkAnew(system, seed));
      }
    }
  });

  test("gives stores that it does not change any more, and the ones that macrosteps give", () => {
    fc.assert(
      fc.property(anySystem, anyRevision, anySeed, (scenario, revision, seed) => {
        const system = systemUnder(scenario, revision);
        const kept: [Store, Store][] = [];
        const last = walkLive(system, seed, (now) => kept.push([now, structuredClone(now)]));
        for (const [store, copy] of kept)
          if (!isDeepStrictEqual(store, copy)) expect(store).toEqual(copy);
        const store = walkAnew(system, seed);
        if (!isDeepStrictEqual(last, store)) expect(last).toEqual(store);
      }),
      runs(60),
    );
  });

  test("is bounded between two choices only if it is told so", () => {
    const live = (bound: number): Store["ending"] =>
      startRun(spinning(), { bound }).snapshot().ending;
    expect(live(50)).toEqual({ tag: "limit", bound: "50 steps without a choice" });
    expect(live(1000)).toBeNull();
  });
});

type AbiModel = Model<Store, Action>;

/** Equal for states that behave alike. */
function keyOf(model: AbiModel, store: Store): string {
  const out = new Encoding();
  model.encode(store, out);
  return [...out.ints.subarray(0, out.length)].join();
}

/** Every two of some actions. */
function pairs(actions: readonly Action[]): [Action, Action][] {
  return actions.flatMap((a, i) => actions.slice(i + 1).map((b): [Action, Action] => [a, b]));
}

/** Whether two moves that do not conflict were compared; they have to lead to one state in either order. */
function commute(model: AbiModel, store: Store, [a, b]: readonly [Action, Action]): boolean {
  const accesses = [new AccessSet(), new AccessSet()] as const;
  const afterA = model.step(store, a, accesses[0]);
  const afterB = model.step(store, b, accesses[1]);
  if (accesses[0].conflicts(accesses[1])) return false;
  const thenB = model.enabled(afterA).find(({ name }) => name === b.name);
  const thenA = model.enabled(afterB).find(({ name }) => name === a.name);
  if (thenA === undefined || thenB === undefined) return false;
  const ab = keyOf(model, model.step(afterA, thenB));
  expect(keyOf(model, model.step(afterB, thenA))).toBe(ab);
  return true;
}

describe("two moves of the host whose accesses do not conflict", () => {
  test("lead to one state in either order, where both orders stop between the two", () => {
    let compared = 0;
    fc.assert(
      fc.property(anySystem, anyRevision, anySeed, (scenario, revision, seed) => {
        const system = systemUnder(scenario, revision);
        const model = machineModel(system);
        walkLive(system, seed, (store, actions) => {
          if (actions[0]?.tag !== "host") return;
          compared += pairs(actions).filter((pair) => commute(model, store, pair)).length;
        });
      }),
      runs(200),
    );
    expect(compared).toBeGreaterThan(100);
  });
});
