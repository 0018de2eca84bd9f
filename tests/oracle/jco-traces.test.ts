// Recorded runs of jco, judged: on any Node, as the traces are there. spec/15, "What jco does".

import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { traces } from "./jco-components.ts";
import { expectJudged, judged } from "./jco-judged.ts";
import { both, type JcoRun } from "./jco-run.ts";
import { jcoRuns, runName } from "./jco-runs.ts";

function fileOf(run: JcoRun): string {
  return `${traces}/${runName(run)}.jsonl`;
}

for (const run of jcoRuns) {
  const verdict = run.allowed.length === 0 ? "not allowed" : `allowed by ${run.allowed.join(", ")}`;
  test(`${runName(run)} is ${verdict}: ${run.why}`, () => expectJudged(run, fileOf(run)));
}

test("a run that no published revision allows is one of the revision between two merges", async () => {
  const [run] = jcoRuns.filter(({ calls }) => calls[0] === "two-revisions()");
  if (run === undefined) throw new Error("it is not recorded");
  const all = await judged(run, fileOf(run), [...both, "6d28164 + CM#708 + CM#719"]);
  expect(all.map(({ verdict }) => verdict)).toEqual(["not allowed", "not allowed", "allowed"]);
});

test("the chapter says how many runs there are, and how many of them are allowed", () => {
  const chapter = readFileSync(new URL("../../spec/15-oracle.md", import.meta.url), "utf8");
  const allowed = (n: number) => jcoRuns.filter((run) => run.allowed.length === n).length;
  expect(chapter).toContain(`the ${jcoRuns.length} traces`);
  expect(chapter).toContain(`${allowed(2)} of the traces are allowed under both`);
  // "One revision alone allows four, and none allows the other 25"
  expect([allowed(1), allowed(0)]).toEqual([4, 25]);
});

test("every trace is of a run, and every run has a trace", () => {
  const files = readdirSync(traces).sort();
  expect(files).toEqual(jcoRuns.map((run) => `${runName(run)}.jsonl`).sort());
});
