// Matchers for the `expect` of any test suite: outcomes that are allowed, traces that are. Mirrors spec/15-oracle.md.

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

/** What a matcher is told by the suite, as `this`. */
interface Asked {
  /** behind `.not` */
  readonly isNot?: boolean;
}

/** What a matcher answers; behind `.not`, `pass` means failure. */
interface Matched {
  readonly pass: boolean;
  readonly message: () => string;
}

/** What `expect` gets; `R` is what its functions return. */
export interface OutcomeMatchers<R = void> {
  /** Of what `outcomesOf` gives: some schedule leads to such an outcome. */
  toAllow(outcome: OutcomeLike): R;
  /** Of what `outcomesOf` gives: every schedule leads to such an outcome. */
  toAllowOnly(outcome: OutcomeLike): R;
  /** Of what `outcomesOf` gives: each of these is allowed, and nothing else. */
  toAllowExactly(...outcomes: readonly OutcomeLike[]): R;
  /** Of a recorded trace, or its text: some run of the scenario or component explains it. */
  toBeAllowedBy(source: ProgramSource, options?: JudgedByOptions): R;
}

function isOutcomeSet(value: unknown): value is OutcomeSet {
  return typeof value === "object" && value !== null && "outcomes" in value && "cutOff" in value;
}

function isTrace(value: unknown): value is RecordedTrace | string {
  if (typeof value === "string") return true;
  return typeof value === "object" && value !== null && "header" in value && "events" in value;
}

/** What was not searched to the end fails either way. */
function matched(passed: boolean, isNot: boolean, message: () => string): Matched {
  return { pass: passed !== isNot, message };
}

function about(
  { isNot = false }: Asked,
  received: unknown,
  ask: (set: OutcomeSet) => Answer,
): Matched {
  if (!isOutcomeSet(received)) {
    throw new TypeError("this matcher is for what outcomesOf gives: expect(outcomesOf(..))");
  }
  const answer = ask(received);
  return matched(passes(answer, isNot), isNot, () => tell(received, answer, isNot));
}

/** The type of `matchers`, as `expect.extend` of vitest and jest takes it. */
export interface Matchers {
  toAllow(this: Asked, received: unknown, outcome: OutcomeLike): Matched;
  toAllowOnly(this: Asked, received: unknown, outcome: OutcomeLike): Matched;
  toAllowExactly(this: Asked, received: unknown, ...outcomes: readonly OutcomeLike[]): Matched;
  toBeAllowedBy(
    this: Asked,
    received: unknown,
    source: ProgramSource,
    options?: JudgedByOptions,
  ): Matched;
}

/** `expect.extend(matchers)`: what `canon-async/vitest` and `canon-async/jest` do. */
export const matchers: Matchers = {
  toAllow(received, outcome) {
    return about(this, received, (set) => allowing(set, outcome));
  },
  toAllowOnly(received, outcome) {
    return about(this, received, (set) => allowingOnly(set, outcome));
  },
  toAllowExactly(received, ...outcomes) {
    return about(this, received, (set) => allowingExactly(set, outcomes));
  },
  toBeAllowedBy(received, source, options) {
    const { isNot = false } = this;
    if (!isTrace(received)) {
      throw new TypeError("toBeAllowedBy is for a recorded trace or its text");
    }
    const judged = judgedBy(source, received, options);
    const wanted = isNot ? "not allowed" : "allowed";
    return matched(judged.judgement.verdict === wanted, isNot, () => tellJudged(judged, isNot));
  },
};
