// Every scenario of the book is a test: each of its checks is proved, under each of its revisions.

import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Allowed, Judged } from "../../src/scenario/judge.ts";
import type { Result } from "../../src/scenario/verify.ts";
import { revisionsOf, verify } from "../../src/scenario/verify.ts";
import { showOutcome } from "../../src/scheduler/outcome.ts";
import { type Entry, readBook, root } from "./files.ts";

const { entries, broken } = readBook();

function witness({ outcome, witness: schedule }: Allowed): string {
  const how = schedule.length === 0 ? "by default" : `by ${JSON.stringify(schedule)}`;
  return `${showOutcome(outcome)}  ${how}`;
}

function explain({ check, verdict, example, missing, extra }: Judged): readonly string[] {
  if (verdict === "proved") return [];
  return [
    `  line ${check.pos.line}: ${check.quantifier} is ${verdict}`,
    ...missing.map((text) => `    expected, but not possible: ${text}`),
    ...extra.map((one) => `    possible, but not expected: ${witness(one)}`),
    ...(example !== null && extra.length === 0 ? [`    for example: ${witness(example)}`] : []),
  ];
}

function report({ revision, verdict, checks, findings, coverage, outcomes }: Result): string {
  return [
    `under ${revision.label}: ${verdict} (searched ${coverage.tag})`,
    ...checks.flatMap(explain),
    ...findings.map((f) => `  ${f.property}: ${f.detail}  by ${JSON.stringify(f.witness)}`),
    "  possible:",
    ...outcomes.slice(0, 20).map((one) => `    ${witness(one)}`),
  ].join("\n");
}

/** An error that points into the book. */
function failure(file: string, line: number, message: string): Error {
  const error = new Error(message);
  error.stack = `${error.name}: ${message}\n    at ${join(root, file)}:${line}:1`;
  return error;
}

function prove({ file, scenario }: Entry): void {
  const results = revisionsOf(scenario).map((revision) => verify(scenario, revision));
  const bad = results.filter((r) => r.verdict !== "proved");
  const first = bad[0]?.checks.find((c) => c.verdict !== "proved");
  if (bad.length === 0) return;
  const line = first?.check.pos.line ?? scenario.pos.line;
  throw failure(file, line, [`${file}:${line}`, ...bad.map(report)].join("\n"));
}

describe("the book", () => {
  for (const { file, line, message } of broken) {
    test(`${file}:${line} makes sense`, () => {
      throw failure(file, line, message);
    });
  }
  for (const entry of entries) {
    const { file, scenario } = entry;
    test(`${file}:${scenario.pos.line} ${scenario.title}`, () => prove(entry));
  }
  test("claims something in every scenario", () => {
    const silent = entries.filter(({ scenario }) => scenario.checks.length === 0);
    expect(silent.map(({ file, scenario }) => `${file}:${scenario.pos.line}`)).toEqual([]);
  });
});
