// The laws of judging on what others wrote: every scenario of the book, and our own components.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { assemble } from "../../src/cli/assembler.ts";
import { judge } from "../../src/oracle/judging/judge.ts";
import { recordRun } from "../../src/oracle/record.ts";
import type { Scenario } from "../../src/scenario/ast.ts";
import { componentScenario, Uncalled } from "../../src/scenario/binary.ts";
import type { Selection } from "../../src/scenario/revision.ts";
import { revisionsOf, systemOf } from "../../src/scenario/verify.ts";
import { uniform } from "../../src/scheduler/sampling/policies.ts";
import { Invalid } from "../../src/wasm/invalid.ts";
import { bytesOfWat, textsOf } from "../../src/wast/assembly.ts";
import { parseScript } from "../../src/wast/parse.ts";
import type { Script } from "../../src/wast/script.ts";
import { bookFiles, readBook, root } from "../book/files.ts";
import { expectAllowed, expectDecided, judged } from "../oracle/judging.ts";
import { runs } from "./laws.ts";

/** Traces with one fault for each run. */
const faults = 2;

/** Random schedules under each revision. */
const { numRuns: schedules = 1 } = runs(1);

/** Faults in traces that are longer than this are the same over and over again. */
const longest = 2000;

/** Records random schedules of a scenario and judges them. */
function judgesUnder(scenario: Scenario, revision: Selection): void {
  const system = systemOf(scenario, revision);
  for (let seed = 1; seed <= schedules; seed++) {
    const trace = recordRun(system, uniform(seed), { maxChoices: 500 });
    expectAllowed(system, trace, judged(system, trace));
    if (trace.events.length <= longest) expectDecided(system, trace, seed, faults);
  }
}

const nothing = { header: { format: "canon-async trace", version: 1 }, events: [] } as const;

/** Whether there are no traces of its design. */
function isRefused(scenario: Scenario, revision: Selection): boolean {
  try {
    judge(scenario, nothing, { revisions: [revision] });
    return false;
  } catch (error) {
    expect(String(error)).toContain("there are no traces of an earlier design");
    return true;
  }
}

/** Chapters and files that speak of earlier designs. */
const aboutEarlier = /^spec\/(?:00|11|12|13|history\/)/;

const withScenarios = bookFiles.filter((file) => readBook([file]).entries.length > 0);

describe("what a scenario of the book does is allowed, and its faults are decided", () => {
  test.each(withScenarios)(
    "%s",
    (file) => {
      for (const { scenario } of readBook([file]).entries) {
        for (const revision of revisionsOf(scenario)) {
          const isEarlier = isRefused(scenario, revision);
          if (isEarlier) expect(file).toMatch(aboutEarlier);
          else judgesUnder(scenario, revision);
        }
      }
    },
    300_000,
  );
});

/** Functions of a component that take nothing, as calls; none if it imports what it is not given. */
function callsOf(bytes: Uint8Array): readonly string[] {
  try {
    componentScenario(bytes, { invoke: [] });
    return ["run"];
  } catch (error) {
    if (error instanceof Invalid) return [];
    if (!(error instanceof Uncalled)) throw error;
    return error.exports.flatMap((words) => {
      const [, name] = /^([^:]+): (?:async )?func\(\)/.exec(words) ?? [];
      return name === undefined ? [] : [`${name}()`];
    });
  }
}

/** Each call alone, and each together with the next one; programs are called by themselves. */
function invocationsOf(bytes: Uint8Array): readonly (readonly string[])[] {
  const calls = callsOf(bytes);
  if (calls[0] === "run") return [[]];
  return calls.flatMap((call, i) => [[call], calls.slice(i, i + 2)]);
}

function componentsOf(
  script: Script,
  assembly: Awaited<ReturnType<typeof assemble>>,
): Uint8Array[] {
  return script.commands.flatMap((command) => {
    if (command.tag !== "define" && command.tag !== "load") return [];
    const assembled = bytesOfWat(command.wat, assembly);
    const isOne = command.wat.layer === "component" && assembled.tag === "bytes";
    return isOne ? [assembled.bytes] : [];
  });
}

const folders = ["tests/components", "tests/oracle/components"];
const texts = folders.flatMap((folder) => {
  const names = readdirSync(join(root, folder)).filter((name) => /\.was?t$/.test(name));
  return names.map((name) => `${folder}/${name}`);
});

describe("what a component of ours does is allowed, and its faults are decided", () => {
  const components = new Map<string, readonly Uint8Array[]>();

  beforeAll(async () => {
    for (const file of texts) {
      const script = parseScript(readFileSync(join(root, file), "utf8"), file);
      components.set(file, componentsOf(script, await assemble(textsOf(script))));
    }
  });

  test.each(texts)("%s", (file) => {
    for (const bytes of components.get(file) ?? []) {
      for (const invoke of invocationsOf(bytes)) {
        const scenario = componentScenario(bytes, { invoke });
        for (const revision of revisionsOf(scenario)) judgesUnder(scenario, revision);
      }
    }
  });

  test("there are enough of them", () => {
    const all = [...components.values()].flat().flatMap(invocationsOf);
    expect(all.length).toBeGreaterThan(150);
  });
});
