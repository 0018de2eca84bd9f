// Conditions over outcomes: what `always`, `sometimes`, `never` and `exactly` compare.

import { type End, type Outcome, runKey, showOutcome } from "../scheduler/outcome.ts";
import type { Condition, OutcomePattern } from "./ast.ts";
import type { Expr } from "./ast-exprs.ts";
import { entryText } from "./literals.ts";

function sameLog(log: readonly string[], expected: readonly Expr[]): boolean {
  return log.length === expected.length && expected.every((e, i) => entryText(e) === log[i]);
}

function patternEnd(end: OutcomePattern["end"]): End {
  return end;
}

function outcomeOf(pattern: OutcomePattern): Outcome {
  return { log: pattern.log.map(entryText), end: patternEnd(pattern.end), leaks: [] };
}

/** The text of a pattern, for people. */
export function patternText(pattern: OutcomePattern): string {
  return showOutcome(outcomeOf(pattern));
}

/** The `runKey` of the outcomes that a pattern means. */
export function patternKey(pattern: OutcomePattern): string {
  return runKey(outcomeOf(pattern));
}

function before(log: readonly string[], first: Expr, second: Expr): boolean {
  const at = log.indexOf(entryText(first));
  return at !== -1 && log.indexOf(entryText(second), at + 1) !== -1;
}

function endHolds(end: End, condition: Condition): boolean {
  switch (condition.tag) {
    case "traps":
      return end.tag === "traps" && (condition.code === null || end.code === condition.code);
    case "bug":
      return end.tag === "bug" && (condition.code === null || end.code === condition.code);
    case "stuck":
      return end.tag === "stuck" && (condition.root === null || end.roots.includes(condition.root));
    default:
      return end.tag === condition.tag;
  }
}

/** Whether a condition holds of one outcome. */
export function holds(condition: Condition, outcome: Outcome): boolean {
  switch (condition.tag) {
    case "outcome":
      return patternKey(condition.outcome) === runKey(outcome);
    case "log":
      return sameLog(outcome.log, condition.log);
    case "contains":
      return outcome.log.includes(entryText(condition.entry));
    case "before":
      return before(outcome.log, condition.first, condition.second);
    case "leaks":
      return condition.what === null
        ? outcome.leaks.length > 0
        : outcome.leaks.includes(condition.what);
    case "not":
      return !holds(condition.of, outcome);
    case "and":
      return holds(condition.left, outcome) && holds(condition.right, outcome);
    case "or":
      return holds(condition.left, outcome) || holds(condition.right, outcome);
    default:
      return endHolds(outcome.end, condition);
  }
}
