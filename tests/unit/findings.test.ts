// What the explorer finds by itself: spec/06's findings, with nothing in the scenarios that asks for them.

import { describe, expect, test } from "vitest";
import type { Scenario } from "../../src/scenario/ast.ts";
import { checkedScenarios } from "../../src/scenario/book.ts";
import { select } from "../../src/scenario/revision.ts";
import { type Finding, verify } from "../../src/scenario/verify.ts";
import { read } from "../book/files.ts";

const chapter = "spec/06-cancellation.md";

/** The section of that name and nothing before it; blank lines keep the line numbers. */
function section(text: string, heading: string): string {
  const lines = text.split("\n");
  const from = lines.indexOf(heading);
  const to = lines.findIndex((line, i) => i > from && line.startsWith("## "));
  return lines.map((line, i) => (i > from && (to === -1 || i < to) ? line : "")).join("\n");
}

const scenarios: readonly Scenario[] = checkedScenarios(
  section(read(chapter), "## Findings"),
  chapter,
);

/** A program alone: it neither expects a finding nor claims an outcome that names one. */
function findingsOf(scenario: Scenario, revision: string): readonly Finding[] {
  const bare: Scenario = { ...scenario, expects: [], checks: [] };
  return verify(bare, select(revision, [], [])).findings;
}

const found: Readonly<Record<string, { readonly property: string; readonly detail: string }>> = {
  "finding: a cancellation that nobody delivers": {
    property: "no-stranded-cancel",
    detail: "in its event loop with a cancellation that is never delivered",
  },
  "finding: a refused future fails an assertion": {
    property: "no-bug",
    detail: "assertion A40 failed in future.drop-readable",
  },
  "finding: a synchronous cancel that an old event ends": {
    property: "no-bug",
    detail: "assertion A58 failed in subtask.cancel.done",
  },
  "finding: an event that is taken twice": {
    property: "no-bug",
    detail: "assertion A56 failed in subtask.cancel.done",
  },
  "finding: a wait that outlives the peer": {
    property: "no-deaf-end",
    detail: "a thread waits for an end whose peer is gone",
  },
};

describe("findings", () => {
  test("are those of the chapter", () => {
    expect(scenarios.map(({ title }) => title)).toEqual(Object.keys(found));
  });
  for (const scenario of scenarios) {
    test(`6d28164 has one: ${scenario.title}`, () => {
      const findings = findingsOf(scenario, "6d28164");
      expect(findings.map(({ property }) => property)).toEqual([found[scenario.title]?.property]);
      expect(findings[0]?.detail).toContain(found[scenario.title]?.detail);
    });
    test(`d1daf829 has none: ${scenario.title}`, () => {
      expect(findingsOf(scenario, "d1daf829")).toEqual([]);
    });
  }
});
