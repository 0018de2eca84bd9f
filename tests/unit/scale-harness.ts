// What the tests of shards, checkpoints and workers share: a fixture, a folder, and what they compare.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { Scenario } from "../../src/scenario/ast.ts";
import { checkedScenarios } from "../../src/scenario/book.ts";

export const scaleFile: string = "tests/cli/fixtures/scale.scn";

export function scaleScenario(id: string): Scenario {
  const all = checkedScenarios(readFileSync(scaleFile, "utf8"), scaleFile);
  const found = all.find((scenario) => scenario.id === id);
  if (found === undefined) throw new Error(`${scaleFile} has no ${id}`);
  return found;
}

/** A folder that is gone after the tests. */
export function folder(): (name: string) => string {
  const path = mkdtempSync(join(tmpdir(), "canon-async-"));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return (name) => join(path, name);
}

/** A JSON report without what may differ: how many steps were executed. */
export function withoutSteps(json: string): unknown {
  return JSON.parse(json, (key, value: unknown) => (key === "steps" ? null : value));
}
