// Components by the library: the short way, as a scenario, and the long way, piece by piece.

import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { assembleFile } from "../../src/cli/assembler.ts";
import {
  callables,
  checkComponent,
  componentScenario,
  componentSystem,
  decodeComponent,
  defaultPolicy,
  explore,
  Invalid,
  linkComponents,
  machineModel,
  outcomeOf,
  parseInvocation,
  parseRevision,
  printWave,
  run,
  showOutcome,
  Uncalled,
  verify,
  WaveError,
} from "../../src/index.ts";

const file = "docs/account.wat";
let bytes = new Uint8Array();

beforeAll(async () => {
  bytes = Uint8Array.from(await assembleFile(file, readFileSync(file, "utf8")));
});

const revision = parseRevision("d1daf829");

describe("componentScenario", () => {
  test("makes a scenario that verify explores as any other", () => {
    const scenario = componentScenario(bytes, { invoke: ["deposit(1)", "deposit(2)"] });
    const { outcomes, verdict } = verify(scenario, revision);
    const texts = outcomes.map(({ outcome }) => showOutcome(outcome));
    // 1 then 3, 2 then 3, or an update is lost; either result may be the first one to be logged.
    expect(texts.toSorted()).toEqual([
      "[deposit(1) = 1, deposit(2) = 2]",
      "[deposit(1) = 1, deposit(2) = 3]",
      "[deposit(1) = 3, deposit(2) = 2]",
      "[deposit(2) = 2, deposit(1) = 1]",
      "[deposit(2) = 2, deposit(1) = 3]",
      "[deposit(2) = 3, deposit(1) = 1]",
    ]);
    expect(verdict).toBe("proved");
  });

  test("tells calls apart that are written alike", () => {
    const scenario = componentScenario(bytes, { invoke: ["deposit(1)", " deposit( 1 )"] });
    expect(scenario.title).toBe("deposit(1), deposit(1)");
    expect(scenario.runs.map(({ name }) => name)).toEqual(["deposit(1)", "deposit(1) again"]);
  });

  test("throws what is wrong: the bytes, a call, or that nothing is called", () => {
    const of = (content: Uint8Array, ...invoke: readonly string[]) => {
      return () => componentScenario(content, { invoke });
    };
    expect(of(bytes.subarray(0, 100), "deposit(1)")).toThrow(Invalid);
    expect(of(bytes, "deposit(x)")).toThrow(WaveError);
    expect(of(bytes)).toThrow(Uncalled);
  });
});

describe("the pieces", () => {
  test("decode, check, link, call and run a component", () => {
    const component = decodeComponent(bytes);
    checkComponent(component, new Set(revision.amendments));
    const linked = linkComponents([{ name: "bank", component }]);
    const { callable, args } = parseInvocation("deposit(5)", callables(linked));
    const { func } = callable;
    // Steps of one root come one after the other: 5, then 10.
    const steps = ["first", "second"].map((label) => ({ tag: "call", func, args, label }) as const);
    const system = componentSystem(linked, {
      roots: [{ name: "main", steps }],
      amendments: revision.amendments,
      show: (value, t) => `<${printWave(value, t)}>`,
    });
    const { store } = run(system, defaultPolicy);
    expect(outcomeOf(store).log).toEqual(["first = <5>", "second = <10>"]);
    const { outcomes } = explore(machineModel(system), { maxStates: 1000, final: () => "" });
    expect(outcomes.map(({ observed }) => observed)).toEqual([["first = <5>", "second = <10>"]]);
  });
});
