// Corners that the book does not show: every claim of every scenario in `corners` is proved.

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checkedScenarios } from "../../src/scenario/book.ts";
import { revisionsOf } from "../../src/scenario/verify.ts";
import { failure } from "./scenario-harness.ts";

const folder = new URL("./corners/", import.meta.url);

for (const file of readdirSync(folder).sort()) {
  describe(file, () => {
    for (const scenario of checkedScenarios(readFileSync(new URL(file, folder), "utf8"), file)) {
      test(scenario.title, () => {
        const failures = revisionsOf(scenario).map((revision) => failure(scenario, revision));
        expect(failures.filter((text) => text !== null)).toEqual([]);
        expect(failures.length).toBeGreaterThan(0);
      });
    }
  });
}
