// Judges claims against the outcomes that a search found: how far each one can be trusted.

import type { Schedule } from "../scheduler/model.ts";
import { type Outcome, runKey } from "../scheduler/outcome.ts";
import type { Check, Condition, Scenario } from "./ast.ts";
import { holds, patternKey, patternText } from "./conditions.ts";
import { whyVacuous } from "./vacuity.ts";

/** An outcome with the fewest deviations from the default that lead there. */
export interface Allowed {
  readonly outcome: Outcome;
  readonly cost: number;
  readonly witness: Schedule;
  /** how many schedules lead there; null: infinitely many */
  readonly schedules: bigint | null;
  /** under a scheduler that takes every enabled action alike */
  readonly probability: number;
  /** diverges: also under a host that starves no thread */
  readonly fair: boolean;
}

/**
 * `proved` and `violated` are exact; a `vacuous` claim holds, but could not have failed; `bounded`
 * holds as far as the search went; `unknown` was cut off before it said anything.
 */
export type Verdict = "proved" | "violated" | "vacuous" | "bounded" | "unknown";

export interface Judged {
  readonly check: Check;
  readonly verdict: Verdict;
  /** An outcome that shows it: a counterexample of always and never, a witness of sometimes. */
  readonly example: Allowed | null;
  /** exactly: outcomes that are expected and not possible */
  readonly missing: readonly string[];
  /** exactly: outcomes that are possible and not expected */
  readonly extra: readonly Allowed[];
  /** vacuous: why the claim could not have failed */
  readonly why: string | null;
}

/** `outcomes`: those of runs that came to their end; `whole`: there can be no others. */
export function judge(
  scenario: Scenario,
  check: Check,
  outcomes: readonly Allowed[],
  whole: boolean,
): Judged {
  const { condition } = check;
  if (condition === null) return judgeExactly(check, outcomes, whole);
  const judged = judgeCondition(check, condition, outcomes, whole);
  const certain = check.quantifier === "never" && judged.verdict === "proved";
  return certain ? unlessVacuous(scenario, judged, condition, outcomes) : judged;
}

function judgeCondition(
  check: Check,
  condition: Condition,
  outcomes: readonly Allowed[],
  whole: boolean,
): Judged {
  const { quantifier } = check;
  const wanted = quantifier !== "always";
  const example = outcomes.find((o) => holds(condition, o.outcome) === wanted) ?? null;
  const found = example !== null;
  const decided = quantifier === "sometimes" ? found : !found;
  const verdict = verdictOf(decided, found, whole);
  return { check, verdict, example, missing: [], extra: [], why: null };
}

/** What is found is found; what is not found is only proved absent by a whole search. */
function verdictOf(decided: boolean, found: boolean, whole: boolean): Verdict {
  if (found || whole) return decided ? "proved" : "violated";
  return decided ? "bounded" : "unknown";
}

function judgeExactly(check: Check, outcomes: readonly Allowed[], whole: boolean): Judged {
  const expected = new Set(check.outcomes.map(patternKey));
  const possible = new Set(outcomes.map((o) => runKey(o.outcome)));
  const absent = check.outcomes.filter((pattern) => !possible.has(patternKey(pattern)));
  const missing = [...new Set(absent.map(patternText))];
  const extra = outcomes.filter((o) => !expected.has(runKey(o.outcome)));
  const incomplete: Verdict = whole ? "violated" : "unknown";
  const clean: Verdict = whole ? "proved" : "bounded";
  const verdict = extra.length > 0 ? "violated" : missing.length > 0 ? incomplete : clean;
  return { check, verdict, example: extra[0] ?? null, missing, extra, why: null };
}

/** A `never` that holds because nothing like it can happen at all says nothing. */
function unlessVacuous(
  scenario: Scenario,
  judged: Judged,
  condition: Condition,
  outcomes: readonly Allowed[],
): Judged {
  const why = whyVacuous(
    scenario,
    condition,
    outcomes.map((o) => o.outcome),
  );
  return why === null ? judged : { ...judged, verdict: "vacuous", why };
}

const severity: readonly Verdict[] = ["violated", "vacuous", "unknown", "bounded", "proved"];

/** `whole`: no bound was reached, neither by the search nor within a run. */
export function overall(checks: readonly Judged[], findings: number, whole: boolean): Verdict {
  if (findings > 0) return "violated";
  const searched: Verdict = whole ? "proved" : "bounded";
  const verdicts = new Set([searched, ...checks.map((c) => c.verdict)]);
  return severity.find((v) => verdicts.has(v)) ?? "proved";
}
