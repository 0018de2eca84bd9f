// Judges what the runs of a group of components say of its steps. Mirrors spec/14.

import type { End } from "../scheduler/outcome.ts";
import { showEnd } from "../scheduler/outcome.ts";
import { printValue } from "../wave/print.ts";
import { labelOf, type Step } from "./component-plan.ts";
import { literalValue, Unfit } from "./component-values.ts";
import { type Expected, expectedOf, showExpected } from "./core-endings.ts";
import type { Literal } from "./literals.ts";
import { fitsDeadlock, fitsTrap, wordsOf } from "./trap-words.ts";
import { failed, passed, type Verdict } from "./verdict.ts";

/** What a run logged, and how it ended. */
export interface Run {
  readonly log: readonly string[];
  readonly end: End;
}

/** What became of a step: `over`: the run had ended before, at the step with this number. */
type Became =
  | { readonly tag: "done"; readonly text: string | null }
  | { readonly tag: "ended"; readonly end: End }
  | { readonly tag: "over"; readonly end: End; readonly at: number };

/** After a trap nothing of the store can be entered, which suites have these words for. */
const notEntered = "lift.may-not-enter";

/** What a step logged, if it came to its end. */
function doneIn(log: readonly string[], step: number): Became | null {
  const label = labelOf(step);
  const value = `${label} = `;
  const line = log.find((one) => one === label || one.startsWith(value));
  if (line === undefined) return null;
  return { tag: "done", text: line === label ? null : line.slice(value.length) };
}

function becameOf({ log, end }: Run, step: number): Became {
  const done = doneIn(log, step);
  if (done !== null) return done;
  let at = step;
  while (at > 0 && doneIn(log, at - 1) === null) at--;
  return at === step ? { tag: "ended", end } : { tag: "over", end, at };
}

function fitsText(text: string | null, l: Literal, step: Extract<Step, { tag: "call" }>): boolean {
  const { result } = step.ft;
  if (l.tag === "either") return l.any.some((one) => fitsText(text, one, step));
  if (result === null) return false;
  try {
    return printValue(literalValue(l, result), result) === text;
  } catch (error) {
    if (error instanceof Unfit) return false;
    throw error;
  }
}

function fitsReturn(text: string | null, results: readonly Literal[], step: Step): boolean {
  const [l] = results;
  if (step.tag === "instantiate" || l === undefined) return text === null && results.length === 0;
  return results.length === 1 && fitsText(text, l, step);
}

function fitsEnd(e: Expected, end: End): boolean {
  if (e.tag !== "trap") return false;
  if (end.tag === "stuck") return fitsDeadlock(e.message);
  return end.tag === "traps" && fitsTrap(end.code, e.message);
}

function fits(e: Expected, became: Became, step: Step): boolean {
  switch (became.tag) {
    case "done":
      return e.tag === "any" || (e.tag === "return" && fitsReturn(became.text, e.results, step));
    case "ended":
      return fitsEnd(e, became.end);
    case "over":
      return e.tag === "trap" && fitsTrap(notEntered, e.message);
  }
}

function shownEnd(end: End): string {
  if (end.tag === "traps") return `trap ${wordsOf(end.code) ?? end.code}`;
  return end.tag === "stuck" ? "a deadlock" : showEnd(end);
}

function shownBecame(became: Became): string {
  if (became.tag === "done") return became.text ?? "a return without a result";
  const end = shownEnd(became.end);
  return became.tag === "over" ? `nothing: the store has ended before, with ${end}` : end;
}

function codeOf(became: Became): string | null {
  return became.tag !== "done" && became.end.tag === "traps" ? became.end.code : null;
}

/** Whether a step did in this run what its command says. */
export function judgeStep(run: Run, steps: readonly Step[], index: number): Verdict {
  const step = steps[index];
  if (step === undefined) return passed;
  const expected = expectedOf(step.command);
  const became = becameOf(run, index);
  if (fits(expected, became, step)) return passed;
  const cause = became.tag === "over" ? (steps[became.at]?.command.place ?? null) : null;
  return failed(showExpected(expected), shownBecame(became), codeOf(became), cause);
}
