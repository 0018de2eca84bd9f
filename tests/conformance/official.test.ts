// The official suites, where a checkout of them is named: every assertion holds, or stands on the list.

import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  divergencesOf,
  inScope,
  type Row,
  runSuite,
  suiteFolder,
  suiteRevision,
  unexplained,
} from "./suite.ts";

const root = join(import.meta.dirname, "../..");
const componentModel = process.env.CANON_COMPONENT_MODEL;
const core = process.env.CANON_SPEC;

/** What is wrong with a script: a line for each failure that nothing explains. */
function wrong(row: Row): readonly string[] {
  if (unexplained(row) === 0) return [];
  return row.result.judged.flatMap(({ place: { line }, what, verdict }) => {
    if (verdict.tag !== "failed" || row.explained.has(line)) return [];
    return [`${row.path}:${line} ${what}: expected ${verdict.expected}, got ${verdict.got}`];
  });
}

function folderOf(checkout: string | undefined, inside: string): string {
  const folder = suiteFolder(checkout ?? "", inside);
  if (folder === null) throw new Error(`${checkout} has no ${inside}`);
  return folder;
}

describe.skipIf(componentModel === undefined)(
  "the Component Model's suite (skipped without CANON_COMPONENT_MODEL)",
  () => {
    const folders = ["async", "resources", "values", "linking"];
    it.each(folders)(
      "%s holds, and nothing of it is skipped",
      { timeout: 600_000 },
      async (folder) => {
        const { rows, invalid } = await runSuite({
          title: folder,
          folder: join(folderOf(componentModel, "test"), folder),
          revision: suiteRevision,
          divergences: divergencesOf(root),
        });
        expect(invalid).toEqual([]);
        expect(rows.flatMap(wrong)).toEqual([]);
        expect(rows.flatMap(({ tally }) => tally.reasons)).toEqual([]);
        expect(
          rows.flatMap(({ path, outdated }) => outdated.map((line) => `${path}:${line}`)),
        ).toEqual([]);
        expect(rows.length).toBeGreaterThan(0);
      },
    );
    it.each(["validation", "binary"])("%s holds", { timeout: 600_000 }, async (folder) => {
      const { rows, invalid } = await runSuite({
        title: folder,
        folder: join(folderOf(componentModel, "test"), folder),
        revision: suiteRevision,
        divergences: divergencesOf(root),
      });
      expect(invalid).toEqual([]);
      expect(rows.flatMap(wrong)).toEqual([]);
      expect(rows.length).toBeGreaterThan(0);
    });
  },
);

describe.skipIf(core === undefined)("the core suite (skipped without CANON_SPEC)", () => {
  it("holds", { timeout: 1_200_000 }, async () => {
    const { rows, invalid } = await runSuite({
      title: "core",
      folder: folderOf(core, "test/core"),
      revision: suiteRevision,
      divergences: new Map(),
      only: inScope,
    });
    expect(invalid).toEqual([]);
    expect(rows.flatMap(wrong)).toEqual([]);
    expect(rows.length).toBeGreaterThan(0);
  });
});
