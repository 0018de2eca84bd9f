// Questions about a set of outcomes, answered so that a person sees why. Mirrors spec/15-oracle.md.

import type { Allowed } from "../../scenario/judge.ts";
import { whyVacuous } from "../../scenario/vacuity.ts";
import { printSchedule } from "../../scheduler/model.ts";
import { difference, nearest } from "./nearest.ts";
import type { OutcomeSet } from "./outcomes-of.ts";
import { describedBy, type OutcomeLike, outcomeText, type Pattern, patternOf } from "./patterns.ts";

type Lines = readonly string[];

/** The answer to one question; what was not searched to the end is only answered by what was found. */
export interface Answer {
  readonly verdict: "yes" | "no" | "unknown";
  /** what is asked of the program: `allow [BLOCKED]` */
  readonly claim: string;
  /** what shows that the verdict is right */
  readonly why: Lines;
  /** why a "no" says nothing: it could not have been otherwise; null: it does */
  readonly vacuous: string | null;
  /** what was asked for and what there is, for tools that show them side by side */
  readonly expected: Lines;
  readonly actual: Lines;
}

const textOf = ({ outcome }: Allowed): string => outcomeText(outcome);

function textsOf(outcomes: readonly Allowed[]): Lines {
  return [...new Set(outcomes.map(textOf))];
}

function indent(lines: Lines): Lines {
  return lines.map((line) => `  ${line}`);
}

/** An outcome and the schedule that leads there; outcomes that differ in their leaks alone are one. */
function shown(outcomes: readonly Allowed[]): Lines {
  const first = new Map([...outcomes].reverse().map((one) => [textOf(one), one]));
  return textsOf(outcomes).map((text) => {
    const witness = first.get(text)?.witness ?? [];
    return `${text}  by schedule ${printSchedule(witness)}`;
  });
}

/** A test may run against dozens of outcomes: the simplest ones are enough to see what is wrong. */
const mostShown = 20;

function shownSome(outcomes: readonly Allowed[], title: string): Lines {
  const lines = shown(outcomes);
  const more = lines.length - mostShown;
  if (lines.length === 0) return [`${title}: none`];
  const some = more > 0 ? [...lines.slice(0, mostShown), `and ${more} more`] : lines;
  return [`${title} (${lines.length}):`, ...indent(some)];
}

const signs = { both: " ", asked: "-", there: "+" } as const;

function nearestLines(pattern: Pattern, outcomes: readonly Allowed[]): Lines {
  const asked = describedBy(pattern.condition);
  if (asked === null) return [];
  const found = nearest(asked, outcomes, ({ outcome }) => outcome);
  if (found === undefined) return [];
  const lines = difference(asked, found.outcome).map(({ tag, text }) => `${signs[tag]} ${text}`);
  return [`the nearest, by schedule ${printSchedule(found.witness)}:`, ...indent(lines)];
}

/** What was found decides; what was not found decides only when all was searched. */
function verdictOf(
  found: boolean,
  { cutOff }: OutcomeSet,
  ifFound: "yes" | "no",
): Answer["verdict"] {
  if (found) return ifFound;
  if (cutOff !== null) return "unknown";
  return ifFound === "yes" ? "no" : "yes";
}

function vacuity({ scenario, outcomes }: OutcomeSet, { condition }: Pattern): string | null {
  if (condition === null || scenario.binary !== undefined) return null;
  return whyVacuous(
    scenario,
    condition,
    outcomes.map(({ outcome }) => outcome),
  );
}

/** Whether some schedule leads to an outcome like this. */
export function allowing(set: OutcomeSet, like: OutcomeLike): Answer {
  const pattern = patternOf(set.scenario, like);
  const found = set.outcomes.filter(({ outcome }) => pattern.holds(outcome));
  const verdict = verdictOf(found.length > 0, set, "yes");
  const absent = [...shownSome(set.outcomes, "allowed"), ...nearestLines(pattern, set.outcomes)];
  return {
    verdict,
    claim: `allow ${pattern.text}`,
    why: found.length > 0 ? shownSome(found, "it does") : absent,
    vacuous: verdict === "no" ? vacuity(set, pattern) : null,
    expected: [pattern.text],
    actual: textsOf(set.outcomes),
  };
}

/** Whether every schedule leads to an outcome like this. */
export function allowingOnly(set: OutcomeSet, like: OutcomeLike): Answer {
  const pattern = patternOf(set.scenario, like);
  const others = set.outcomes.filter(({ outcome }) => !pattern.holds(outcome));
  const isFound = others.length > 0;
  return {
    verdict: verdictOf(isFound, set, "no"),
    claim: `allow only ${pattern.text}`,
    why: shownSome(isFound ? others : set.outcomes, isFound ? "also allowed" : "allowed"),
    vacuous: null,
    expected: [pattern.text],
    actual: textsOf(set.outcomes),
  };
}

/** Whether each of these is allowed, and nothing else. */
export function allowingExactly(set: OutcomeSet, likes: readonly OutcomeLike[]): Answer {
  const patterns = likes.map((like) => patternOf(set.scenario, like));
  const { outcomes } = set;
  const missing = patterns.filter((p) => !outcomes.some(({ outcome }) => p.holds(outcome)));
  const extra = outcomes.filter(({ outcome }) => !patterns.some((p) => p.holds(outcome)));
  const isSame = missing.length === 0 && extra.length === 0;
  const open = set.cutOff !== null && extra.length === 0;
  const texts = patterns.map(({ text }) => text);
  const why = [
    ...missing.map(({ text }) => `not allowed: ${text}`),
    ...(extra.length === 0 ? [] : shownSome(extra, "allowed beside these")),
    ...shownSome(outcomes, "all that is allowed"),
  ];
  return {
    verdict: open ? "unknown" : isSame ? "yes" : "no",
    claim: `allow exactly { ${texts.join("; ")} }`,
    why,
    vacuous: null,
    expected: [...texts].sort(),
    actual: [...textsOf(outcomes)].sort(),
  };
}

/** Whether a test passes that claims this, or, `negated`, that it is not so. */
export function passes({ verdict, vacuous }: Answer, negated: boolean): boolean {
  if (!negated) return verdict === "yes";
  return verdict === "no" && vacuous === null;
}

/** What to tell who claimed it. */
export function tell(set: OutcomeSet, answer: Answer, negated: boolean): string {
  const { scenario, revision, cutOff } = set;
  const { verdict, claim, vacuous, why } = answer;
  const what = `"${scenario.title}" under ${revision.label}`;
  const head = `expected ${what} ${negated ? "not " : ""}to ${claim}`;
  const body = [
    ...(verdict === "unknown"
      ? [`not searched to the end: ${cutOff}; what was found says nothing`]
      : []),
    ...(vacuous === null ? [] : [`it never could: ${vacuous}`]),
    ...why,
  ];
  return [head, ...body].join("\n");
}

/** A question that a search which was cut off leaves open: raise its bound. */
export class NotSearched extends Error {
  constructor(set: OutcomeSet, answer: Answer) {
    super(tell(set, answer, false));
    this.name = "NotSearched";
  }
}

function decided(set: OutcomeSet, answer: Answer): boolean {
  if (answer.verdict === "unknown") throw new NotSearched(set, answer);
  return answer.verdict === "yes";
}

/** Whether some schedule leads to such an outcome. Throws `NotSearched`, `ScenarioError` for a pattern. */
export function allows(set: OutcomeSet, like: OutcomeLike): boolean {
  return decided(set, allowing(set, like));
}

/** Whether all schedules lead to such outcomes. Throws as `allows` does. */
export function allowsOnly(set: OutcomeSet, like: OutcomeLike): boolean {
  return decided(set, allowingOnly(set, like));
}

/** Whether these are allowed and nothing else is. Throws as `allows` does. */
export function allowsExactly(set: OutcomeSet, likes: readonly OutcomeLike[]): boolean {
  return decided(set, allowingExactly(set, likes));
}

/** By which schedule an outcome is allowed, or what is allowed instead and which of it is nearest. */
export function explainOutcome(set: OutcomeSet, like: OutcomeLike): string {
  const answer = allowing(set, like);
  const { revision, scenario, cutOff } = set;
  const words = { yes: "allows", no: "does not allow", unknown: "may or may not allow" };
  const head = `"${scenario.title}" under ${revision.label} ${words[answer.verdict]} ${answer.expected.join()}`;
  const open = answer.verdict === "unknown" ? [`not searched to the end: ${cutOff}`] : [];
  return [head, ...open, ...answer.why].join("\n");
}
