// How laws judge: within one bound, with a second look at what is said to be allowed.

import { expect } from "vitest";
import type { RecordedTrace, TraceEvent } from "../../src/oracle/format/trace.ts";
import { judgeSystem } from "../../src/oracle/judging/judge.ts";
import type { JudgedSystem, JudgeOptions } from "../../src/oracle/judging/judgement.ts";
import type { Recorded } from "../../src/oracle/record.ts";
import type { Scenario } from "../../src/scenario/ast.ts";
import { printScenario } from "../../src/scenario/print.ts";
import type { System } from "../../src/scheduler/machine.ts";
import { random } from "../../src/scheduler/sampling/random.ts";
import { mutations } from "./mutate.ts";
import { explainedBy } from "./witness.ts";

/** Steps of the model for one judgement: none of the traces here needs as many. */
export const maxSteps = 200_000;

export type Trace = RecordedTrace & { readonly events: readonly TraceEvent[] };

export function judged(system: System, trace: Trace, options: JudgeOptions = {}): JudgedSystem {
  return judgeSystem(system, trace, { maxSteps, context: false, ...options });
}

/** Adds to what `check` throws all that it takes to see it again. */
export function shown(scenario: Scenario, { header, events }: Trace, check: () => void): void {
  try {
    check();
  } catch (error) {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const lines = [header, ...events].map((line) => JSON.stringify(line));
    throw new Error([why, printScenario(scenario), ...lines].join("\n"), { cause: error });
  }
}

/** It is allowed, and the schedule that is said to explain it does. */
export function expectAllowed(system: System, trace: Trace, found: JudgedSystem): void {
  expect(found).toMatchObject({ verdict: "allowed", explained: trace.events.length });
  expect(found.ambiguity).toBeGreaterThanOrEqual(1);
  expect(found.schedule).not.toBeNull();
  expect(explainedBy(system, found.schedule!, trace.header, trace.events)).toEqual({
    explained: trace.events.length,
    unused: [],
  });
}

/** It is decided of each trace with one fault, and those that are allowed are shown to be. */
export function expectDecided(
  system: System,
  { header, events }: Recorded,
  seed: number,
  faults: number,
): void {
  for (const mutation of mutations(events, random(seed), faults)) {
    const trace = { header, events: mutation.events };
    const found = judged(system, trace);
    expect(found.verdict, mutation.words).not.toBe("unknown");
    if (found.verdict === "allowed") expectAllowed(system, trace, found);
  }
}
