// Counts what became of the commands of a script. Mirrors spec/14.

import type { ScriptResult } from "./run.ts";
import type { Judged } from "./verdict.ts";

/** Assertions, and of the other commands those that did not work. */
export interface Tally {
  readonly assertions: number;
  readonly passed: number;
  /** of those that passed: what the assembler decided */
  readonly byAssembler: number;
  readonly failed: number;
  readonly skipped: number;
  /** assertions that hold under some schedules only */
  readonly dependent: number;
  /** searches that came to a bound */
  readonly bounded: number;
  /** why how many were skipped, the most frequent reason first */
  readonly reasons: readonly (readonly [reason: string, count: number])[];
}

/** A command that only has to work counts when it does not. */
function counts({ assertion, verdict }: Judged): boolean {
  return assertion || verdict.tag !== "passed";
}

function reasonsOf(all: readonly Judged[]): Tally["reasons"] {
  const reasons = new Map<string, number>();
  for (const { verdict } of all) {
    if (verdict.tag !== "skipped") continue;
    reasons.set(verdict.reason, (reasons.get(verdict.reason) ?? 0) + 1);
  }
  return [...reasons].sort(([, a], [, b]) => b - a);
}

function isBounded({ scope }: Judged): boolean {
  return scope.tag !== "one-schedule" && !scope.complete;
}

export function tallyOf(results: readonly ScriptResult[]): Tally {
  const all = results.flatMap(({ judged }) => judged).filter(counts);
  const number = (test: (one: Judged) => boolean): number => all.filter(test).length;
  return {
    assertions: number(({ assertion }) => assertion),
    passed: number(({ verdict }) => verdict.tag === "passed"),
    byAssembler: number(({ verdict }) => verdict.tag === "passed" && verdict.by === "assembler"),
    failed: number(({ verdict }) => verdict.tag === "failed"),
    skipped: number(({ verdict }) => verdict.tag === "skipped"),
    dependent: number(({ scope }) => scope.tag === "some"),
    bounded: number(isBounded),
    reasons: reasonsOf(all),
  };
}
