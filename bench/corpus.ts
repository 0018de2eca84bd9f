// Scenarios of the book that are measured: one large one, and all those that are about a finding.

import { readFileSync } from "node:fs";
import { isInvalid, readSources } from "../src/cli/files.ts";
import type { Scenario } from "../src/scenario/ast.ts";
import { checkedScenarios } from "../src/scenario/book.ts";
import { parseRevision } from "../src/scenario/revision.ts";
import { revisionsOf, systemOf } from "../src/scenario/verify.ts";
import type { System } from "../src/scheduler/machine.ts";
import { demand } from "./workload.ts";

const litmusFile = "spec/litmus/explorer.scn";

/** Three producers, two consumers and a cancellation: the explorer's litmus test. */
export function litmus(): Scenario {
  const [scenario] = scenariosIn(litmusFile);
  demand(scenario?.id === "EXP-01", `${litmusFile} begins with EXP-01`);
  return scenario;
}

export function litmusSystem(): System {
  return systemOf(litmus(), parseRevision("d1daf829"));
}

/** The same with longer streams: too many states to visit all. */
export function longLitmusSystem(): System {
  const text = readFileSync(litmusFile, "utf8");
  const [scenario] = checkedScenarios(text.replace("repeat 2 {", "repeat 20 {"), litmusFile);
  demand(scenario !== undefined, `${litmusFile} is valid with longer streams`);
  return systemOf(scenario, parseRevision("d1daf829"));
}

/** Two components that append to one file, byte by byte: the largest scenario with a WASI host. */
export function appendersSystem(): System {
  const scenario = scenariosIn("spec/wasi/files.scn").find(({ id }) => id === "F41");
  demand(scenario !== undefined, "spec/wasi/files.scn has F41");
  return systemOf(scenario, parseRevision("d1daf829"));
}

function scenariosIn(path: string): readonly Scenario[] {
  return readSources([path]).flatMap((source) => {
    demand(!isInvalid(source), `${source.file} is valid`);
    return source.scenarios;
  });
}

/** The systems of the book in which a standing property is expected to break. */
export function systemsWithFindings(): readonly System[] {
  return scenariosIn("spec")
    .filter(({ expects }) => expects.length > 0)
    .flatMap((scenario) => revisionsOf(scenario).map((revision) => systemOf(scenario, revision)));
}
