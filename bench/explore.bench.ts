// How fast systems are explored and run, as ratios within one run: `npm run bench`.

import { readFileSync } from "node:fs";
import { bench, describe } from "vitest";
import { editStore } from "../src/model/edit.ts";
import { scenariosIn } from "../src/scenario/book.ts";
import { select } from "../src/scenario/revision.ts";
import { systemOf } from "../src/scenario/verify.ts";
import { explore } from "../src/scheduler/explore.ts";
import { sharedStoreKey, storeKey } from "../src/scheduler/key.ts";
import { machineModel } from "../src/scheduler/machine.ts";
import { brokenProperty } from "../src/scheduler/properties.ts";
import { defaultPolicy, run, uniformPolicy } from "../src/scheduler/run.ts";

const file = "spec/litmus/BP.scn";
const scenario = scenariosIn(readFileSync(file, "utf8"), file).find((s) => s.id === "BP-03");
if (scenario === undefined) throw new Error(`no BP-03 in ${file}`);
const system = systemOf(scenario, select("d1daf829", [], []));
const { store } = run(system, defaultPolicy);

describe("explore BP-03 exhaustively", () => {
  bench("outcomes only", () => {
    explore(machineModel(system));
  });
  bench("with the standing properties", () => {
    const check = (s: typeof store, final: boolean): string | null =>
      brokenProperty(s, final)?.name ?? null;
    explore(machineModel(system), { check });
  });
  bench("with keys that share nothing", () => {
    explore({ ...machineModel(system), key: storeKey });
  });
});

describe("run BP-03 once", () => {
  bench("by default", () => {
    run(system, defaultPolicy);
  });
  let seed = 0;
  bench("at random", () => {
    seed += 1;
    run(system, uniformPolicy(seed));
  });
});

describe("one store", () => {
  const shared = sharedStoreKey();
  bench("key, shared", () => {
    shared(store);
  });
  bench("key, alone", () => {
    storeKey(store);
  });
  bench("edit one thread", () => {
    const edit = editStore(store);
    for (const id of edit.ids("instance").slice(0, 1)) edit.edit("instance", id).backpressure = 0;
    edit.done();
  });
});
