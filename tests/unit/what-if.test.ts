// A store changed by hand is a store to go on from.

import { expect, test } from "vitest";
import type { Store } from "../../src/model/store.ts";
import { checkedScenarios } from "../../src/scenario/book.ts";
import { parseRevision } from "../../src/scenario/revision.ts";
import { systemOf } from "../../src/scenario/verify.ts";
import { explore } from "../../src/scheduler/explore/explore.ts";
import { whatIf } from "../../src/scheduler/inspect.ts";
import type { System } from "../../src/scheduler/machine.ts";
import { machineModel } from "../../src/scheduler/machine-model.ts";
import { factOf } from "../../src/scheduler/outcome.ts";

const text = `
scenario "a call enters unless there is backpressure"
component A {
  export f: async func() stackful { task.return }
}
run A.f
`;

function system(): System {
  const [scenario] = checkedScenarios(text, "test.scn");
  if (scenario === undefined) throw new Error("no scenario");
  return systemOf(scenario, parseRevision("d1daf829"));
}

function facts(initial: Store): readonly string[] {
  return explore(machineModel({ ...system(), initial }), { final: factOf }).facts;
}

/** Instance 0 is the host, 1 is A. */
const a = 1;

test("with backpressure that nobody takes back the call never starts", () => {
  const { initial } = system();
  const { store, patches } = whatIf(initial, (draft) => {
    const inst = draft.entities.instance[a];
    if (inst) inst.backpressure = 1;
  });
  expect(patches).toEqual([
    { op: "replace", path: ["entities", "instance", a, "backpressure"], value: 1 },
  ]);
  expect(facts(initial)).toEqual([JSON.stringify([{ tag: "ok" }, []])]);
  expect(facts(store)).toEqual([
    JSON.stringify([{ tag: "stuck", roots: ["f"] }, ["task", "thread", "thread"]]),
  ]);
  expect(initial.entities.instance[a]?.backpressure).toBe(0);
});
