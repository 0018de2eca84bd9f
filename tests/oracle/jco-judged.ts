// A recorded run of jco, held against what jco-runs.ts says of it.

import { readFileSync } from "node:fs";
import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { expect } from "vitest";
import { parseTrace } from "../../src/oracle/format/parse.ts";
import { judge } from "../../src/oracle/judging/judge.ts";
import type { JudgedUnder } from "../../src/oracle/judging/judgement.ts";
import { componentScenario } from "../../src/scenario/binary.ts";
import { parseRevision } from "../../src/scenario/revision.ts";
import { textOf } from "./jco-components.ts";
import { both, type JcoRun } from "./jco-run.ts";

/** What revisions say of the trace in a file. */
export async function judged(
  run: JcoRun,
  file: string,
  names: readonly string[],
): Promise<readonly JudgedUnder[]> {
  const bytes = await parse(readFileSync(textOf(run), "utf8"));
  const scenario = componentScenario(bytes, { invoke: run.calls, unknownImports: "recorded" });
  const revisions = names.map((name) => parseRevision(name));
  const trace = parseTrace(readFileSync(file, "utf8"), file);
  return judge(scenario, trace, { revisions, context: false }).revisions;
}

/**
 * The verdict of each revision. If they do not all allow it: the schedule of what is explained, and of one that does
 * not allow it the first event that it does not allow.
 */
export async function expectJudged(run: JcoRun, file: string): Promise<void> {
  for (const one of await judged(run, file, both)) {
    const { revision, verdict, explained, schedule, rejection, next } = one;
    const isAllowed = run.allowed.includes(revision.label);
    expect(verdict, file).toBe(isAllowed ? "allowed" : "not allowed");
    if (run.allowed.length < both.length) {
      expect(schedule, file).toEqual(run.schedules?.[revision.label] ?? []);
    }
    if (isAllowed || run.finding === null) continue;
    const { index, saw, instead } = run.finding;
    expect(explained, file).toBe(index);
    expect(rejection?.event?.event).toMatchObject(saw);
    expect(next, file).toContainEqual(expect.objectContaining(instead));
  }
}
