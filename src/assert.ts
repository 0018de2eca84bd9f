// Assertions for suites without `expect`, such as node:test. Mirrors spec/15-oracle.md.

import type { RecordedTrace } from "./oracle/format/trace.ts";
import { type JudgedByOptions, judgedBy, tellJudged } from "./oracle/judging/judged-by.ts";
import {
  type Answer,
  allowing,
  allowingExactly,
  allowingOnly,
  passes,
  tell,
} from "./oracle/outcomes/answers.ts";
import type { OutcomeSet, ProgramSource } from "./oracle/outcomes/outcomes-of.ts";
import type { OutcomeLike } from "./oracle/outcomes/patterns.ts";

/** An assertion that does not hold: with the properties of Node's error of this name, which show as a difference. */
export class AssertionError extends Error {
  readonly code = "ERR_ASSERTION";
  readonly generatedMessage = false;
  readonly operator: string;
  readonly expected: unknown;
  readonly actual: unknown;

  constructor(
    operator: string,
    message: string,
    { expected, actual }: Pick<AssertionError, "expected" | "actual">,
  ) {
    super(message);
    this.name = "AssertionError";
    this.operator = operator;
    this.expected = expected;
    this.actual = actual;
  }
}

function demand(operator: string, set: OutcomeSet, answer: Answer, negated: boolean): void {
  if (!passes(answer, negated))
    throw new AssertionError(operator, tell(set, answer, negated), answer);
}

/** Some schedule leads to such an outcome. Throws `AssertionError`, and `ScenarioError` for a pattern that is wrong. */
export function assertAllows(outcomes: OutcomeSet, outcome: OutcomeLike): void {
  demand("assertAllows", outcomes, allowing(outcomes, outcome), false);
}

/** No schedule leads to such an outcome, though it could have been. Throws as `assertAllows` does. */
export function assertDoesNotAllow(outcomes: OutcomeSet, outcome: OutcomeLike): void {
  demand("assertDoesNotAllow", outcomes, allowing(outcomes, outcome), true);
}

/** Every schedule leads to such an outcome. Throws as `assertAllows` does. */
export function assertAllowsOnly(outcomes: OutcomeSet, outcome: OutcomeLike): void {
  demand("assertAllowsOnly", outcomes, allowingOnly(outcomes, outcome), false);
}

/** Each of these is allowed, and nothing else. Throws as `assertAllows` does. */
export function assertAllowsExactly(
  outcomes: OutcomeSet,
  ...expected: readonly OutcomeLike[]
): void {
  demand("assertAllowsExactly", outcomes, allowingExactly(outcomes, expected), false);
}

/**
 * Some run of the scenario or component explains the trace. Throws `AssertionError` where none does or where a bound
 * was reached before it was known, and what `judge` and `parseTrace` throw.
 */
export function assertTraceAllowed(
  source: ProgramSource,
  trace: RecordedTrace | string,
  options: JudgedByOptions = {},
): void {
  const judged = judgedBy(source, trace, options);
  const { expected, actual, judgement } = judged;
  if (judgement.verdict === "allowed") return;
  throw new AssertionError("assertTraceAllowed", tellJudged(judged, false), { expected, actual });
}
