// What an exploration found, as text: outcomes, checks, findings, and a line that sums up.

import type { Allowed, Judged } from "../scenario/judge.ts";
import { settingsKey } from "../scenario/settings.ts";
import type { Finding, Result } from "../scenario/verify.ts";
import type { Coverage } from "../scheduler/explore/graph.ts";
import { printSchedule, type Schedule } from "../scheduler/model.ts";
import { showOutcome } from "../scheduler/outcome.ts";
import { askedText, sameAnswers } from "./alive-asked.ts";
import { placeText, replayCommand } from "./command.ts";
import {
  checkText,
  count,
  countText,
  type Explored,
  outcomeTexts,
  sameOutcomes,
  shareText,
  tally,
  type Verdict,
  whyOpen,
} from "./explored.ts";
import { type Paint, plain } from "./paint.ts";

type Lines = readonly string[];

function indent(n: number, lines: Lines): Lines {
  return lines.map((line) => " ".repeat(n) + line);
}

/** A verdict in the colour that it deserves. */
function paintVerdict(verdict: Verdict, paint: Paint): string {
  if (verdict === "proved") return paint.good(verdict);
  return verdict === "violated" ? paint.bad(verdict) : paint.doubtful(verdict);
}

/** How far a search went, if it did not go all the way. */
function coverageText(coverage: Coverage): string {
  switch (coverage.tag) {
    case "all":
      return "";
    case "states":
      return `stopped at ${count(coverage.bound, "state")}`;
    case "deviations":
      return `up to ${count(coverage.bound, "deviation")}`;
    case "interrupted":
      return "interrupted";
  }
}

/** Leaks are facts beside an outcome: shown where they alone tell two outcomes apart. */
function outcomeTextsOf({ outcomes }: Result): Lines {
  const texts = outcomes.map(({ outcome }) => showOutcome(outcome));
  const last = new Map(texts.map((text, i) => [text, i]));
  const twins = new Set(texts.filter((text, i) => last.get(text) !== i));
  return outcomes.map(({ outcome: { leaks } }, i) => {
    const text = texts[i] ?? "";
    if (!twins.has(text)) return text;
    return `${text} (${leaks.length === 0 ? "no leaks" : `leaks ${leaks.join(", ")}`})`;
  });
}

function column(cells: Lines): number {
  return Math.max(...cells.map((cell) => cell.length));
}

/** Longer outcomes do not move the schedules of the others. */
const widest = 64;

function outcomeRows(explored: Explored, result: Result, paint: Paint): Lines {
  const texts = outcomeTextsOf(result);
  // Where the search stopped, more schedules than were counted may lead to an outcome.
  const more = result.coverage.tag === "all" ? "" : "+";
  const counts = result.outcomes.map((o) => countText(o.schedules) + more);
  const shares = result.outcomes.map((o) => shareText(o.probability) + more);
  const [many, share] = [column(["schedules", ...counts]), column(["p", ...shares])];
  const width = Math.min(widest, column(["outcome", ...texts]));
  const titles = ["cost", "schedules".padStart(many), "p".padStart(share), "outcome".padEnd(width)];
  const head = paint.faint([...titles, "schedule"].join("  "));
  const rows = result.outcomes.flatMap((allowed, i) => {
    const cells = [
      `${allowed.cost}`.padStart(4),
      (counts[i] ?? "").padStart(many),
      (shares[i] ?? "").padStart(share),
      (texts[i] ?? "").padEnd(width),
      paint.faint(printSchedule(allowed.witness)),
    ];
    const why = whyOpen(result, allowed, explored.profile);
    return [cells.join("  "), ...indent(8, [...why, ...askedText(explored.asked, allowed)])];
  });
  return [head, ...rows];
}

/** The command that shows a run of this result again. */
function command(explored: Explored, { revision }: Result, schedule: Schedule): string {
  return replayCommand({ ...explored, revision: revision.label, schedule });
}

function counterexample(explored: Explored, result: Result, word: string, found: Allowed): Lines {
  return [
    `${word}: ${showOutcome(found.outcome)}`,
    `  ${command(explored, result, found.witness)}`,
  ];
}

function whyNot(explored: Explored, result: Result, judged: Judged): Lines {
  const { verdict, example, missing, extra, check } = judged;
  if (verdict === "proved" || verdict === "bounded") return [];
  if (judged.why !== null) return [`it could not have failed: ${judged.why}`];
  if (check.quantifier === "exactly") {
    return [
      ...missing.map((text) => `expected, but not found: ${text}`),
      ...extra.flatMap((o) => counterexample(explored, result, "not expected", o)),
    ];
  }
  if (check.quantifier === "sometimes") return ["no outcome shows it"];
  return example === null ? [] : counterexample(explored, result, "counterexample", example);
}

/** An `exactly` repeats the table above it, so that its size is enough. */
function claim(check: Judged["check"]): string {
  const { quantifier, outcomes } = check;
  return quantifier === "exactly"
    ? `exactly ${count(outcomes.length, "outcome")}`
    : checkText(check);
}

function checkLines(explored: Explored, result: Result, judged: Judged, paint: Paint): Lines {
  const { check, verdict } = judged;
  const where = paint.faint(`line ${check.pos.line}`);
  const head = `${paintVerdict(verdict, paint)} ${claim(check)}  ${where}`;
  return [head, ...indent(2, whyNot(explored, result, judged))];
}

function findingLines(explored: Explored, result: Result, finding: Finding, paint: Paint): Lines {
  const { property, detail, witness } = finding;
  return [
    `${paint.bad("finding")} ${property}: ${detail}`,
    `  ${command(explored, result, witness)}`,
  ];
}

function searchText({ states, transitions, coverage, outcomesComplete }: Result): string {
  const parts = [
    count(states, "state"),
    count(transitions, "transition"),
    coverageText(coverage),
    outcomesComplete ? "" : "outcomes without end",
  ];
  return parts.filter((part) => part !== "").join(", ");
}

/** Why there are so many states: for a search that was cut off. */
function diversityLines({ coverage, diversity }: Result): Lines {
  if (coverage.tag === "all" || diversity.length === 0) return [];
  const parts = diversity.map(
    ({ field, values, sampled }) => `  ${field}: ${values} values in ${sampled} states`,
  );
  return ["what differs most from state to state:", ...parts];
}

/** Whether there could be checks: nothing is claimed of a component. */
function claims({ scenario }: Result): boolean {
  return scenario.binary === undefined;
}

function judgements(explored: Explored, result: Result, paint: Paint): Lines {
  const { checks, findings } = result;
  return [
    ...(checks.length === 0 && claims(result) ? ["no checks"] : []),
    ...checks.flatMap((judged) => checkLines(explored, result, judged, paint)),
    ...findings.flatMap((finding) => findingLines(explored, result, finding, paint)),
  ];
}

/** A revision that allows what the default one does, and whose checks all hold. */
function shortLine(result: Result, same: string): string {
  const { revision, checks } = result;
  const text = `${revision.label}: ${same}`;
  if (!claims(result)) return text;
  return `${text}; ${checks.length === 0 ? "no checks" : tally(checks)}`;
}

/** What a result allows, in a few words: as many outcomes as it has, or those of the first one. */
function allows(result: Result, first: Result | undefined): string {
  const same = first !== undefined && first !== result && sameOutcomes(first, result);
  if (same) return `the same outcomes as ${first.revision.label}`;
  return count(outcomeTexts(result).length, "outcome");
}

/** The first result under the same settings, and for that one the first of all. */
function comparedWith({ results }: Explored, result: Result): Result {
  const [first = result] = results;
  const key = settingsKey(result.revision.settings);
  const alike = results.find(({ revision }) => settingsKey(revision.settings) === key);
  return alike === undefined || alike === result ? first : alike;
}

function revisionLines(explored: Explored, result: Result, paint: Paint): Lines {
  const first = comparedWith(explored, result);
  const what = allows(result, first);
  const same = what.startsWith("the same") && sameAnswers(explored.asked, first, result);
  if (same && result.verdict === "proved") return [shortLine(result, what)];
  const head = `${paint.strong(result.revision.label)}: ${what} (${searchText(result)})`;
  const table = same ? [] : outcomeRows(explored, result, paint);
  const body = [...table, ...judgements(explored, result, paint), ...diversityLines(result)];
  return [head, ...indent(2, body)];
}

/** A scenario with its outcomes, checks and findings under each revision. */
export function exploredText(explored: Explored, paint: Paint = plain): Lines {
  const { scenario, results } = explored;
  const title = `${paint.strong(scenario.title)}  ${paint.faint(placeText(explored))}`;
  return [title, ...results.flatMap((r) => indent(2, revisionLines(explored, r, paint)))];
}

/** The last line: how many scenarios, searches, checks by verdict, findings. */
export function summaryText(all: readonly Explored[]): string {
  const results = all.flatMap((e) => e.results);
  const checks = results.flatMap((r) => r.checks);
  const findings = results.reduce((n, r) => n + r.findings.length, 0);
  const incomplete = results.filter((r) => r.coverage.tag !== "all").length;
  const omission = results.reduce((p, r) => p + r.omission, 0);
  const parts = [
    `${count(all.length, "scenario")}, ${count(results.length, "search")}`,
    checks.length === 0 ? "no checks" : `checks: ${tally(checks)}`,
    count(findings, "finding"),
    ...(incomplete === 0 ? [] : [`${count(incomplete, "search")} incomplete`]),
    ...(omission === 0 ? [] : [`chance that a state was missed: ${shareText(omission)}`]),
  ];
  return parts.join("; ");
}
