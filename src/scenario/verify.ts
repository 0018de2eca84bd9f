// Explores a scenario under a revision and judges its checks: what the command line and tests call.

import type { AmendmentName } from "../model/amendments.ts";
import { revisions } from "../model/amendments.ts";
import type { Profile, Store } from "../model/store.ts";
import {
  type Coverage,
  type Exploration,
  type ExploreOptions,
  explore,
} from "../scheduler/explore.ts";
import { machineModel, type System } from "../scheduler/machine.ts";
import type { Schedule } from "../scheduler/model.ts";
import { type Outcome, outcomeKey, outcomeOf, runKey, showOutcome } from "../scheduler/outcome.ts";
import { brokenProperty } from "../scheduler/properties.ts";
import type { Check, Scenario } from "./ast.ts";
import { buildSystem, fullProfile } from "./build.ts";
import { holds, patternKey, patternText } from "./conditions.ts";
import { type Selection, select } from "./revision.ts";

/** An outcome with the fewest deviations from the default that lead there. */
export interface Allowed {
  readonly outcome: Outcome;
  readonly cost: number;
  readonly witness: Schedule;
}

/** A standing property that is broken somewhere. */
export interface Finding {
  readonly property: string;
  readonly detail: string;
  readonly cost: number;
  readonly witness: Schedule;
}

/**
 * `proved` and `violated` are exact; `bounded` holds as far as the search went; `unknown` was cut
 * off before it said anything.
 */
export type Verdict = "proved" | "violated" | "bounded" | "unknown";

export interface Judged {
  readonly check: Check;
  readonly verdict: Verdict;
  /** An outcome that shows it: a counterexample of always and never, a witness of sometimes. */
  readonly example: Allowed | null;
  /** exactly: outcomes that are expected and not possible */
  readonly missing: readonly string[];
  /** exactly: outcomes that are possible and not expected */
  readonly extra: readonly Allowed[];
}

export interface Result {
  readonly scenario: Scenario;
  readonly revision: Selection;
  readonly outcomes: readonly Allowed[];
  readonly checks: readonly Judged[];
  readonly findings: readonly Finding[];
  readonly states: number;
  readonly transitions: number;
  readonly coverage: Coverage;
  /** over all checks and findings */
  readonly verdict: Verdict;
}

export interface VerifyOptions {
  readonly profile?: Profile;
  readonly maxStates?: number;
  readonly maxDeviations?: number;
  readonly progress?: ExploreOptions<Store>["progress"];
  /** false: standing properties are not checked */
  readonly properties?: boolean;
}

const defaultMaxStates = 200_000;

/** The revisions that a scenario speaks of: the two supported ones, and those of its `under`s. */
export function revisionsOf(scenario: Scenario): readonly Selection[] {
  const named = Object.keys(revisions)
    .reverse()
    .map((name) => select(name, [], []));
  const written = scenario.checks.flatMap(({ under }) =>
    under === null ? [] : [select(under.base, under.plus, under.minus)],
  );
  const all = new Map([...named, ...written].map((s) => [setKey(s.amendments), s]));
  const { only } = scenario;
  return [...all.values()].filter(
    (s) => only === null || only.includes(s.label.split(" ")[0] ?? ""),
  );
}

const setKey = (names: readonly AmendmentName[]): string => names.join();

/** The checks that apply under a revision: its own, or else those without `under`. */
export function checksFor(scenario: Scenario, revision: Selection): readonly Check[] {
  const own = scenario.checks.filter(({ under }) => {
    if (under === null) return false;
    const { amendments } = select(under.base, under.plus, under.minus);
    return setKey(amendments) === setKey(revision.amendments);
  });
  return own.length > 0 ? own : scenario.checks.filter((check) => check.under === null);
}

/** The system of a scenario under a revision; the profile defaults to `full`. */
export function systemOf(scenario: Scenario, revision: Selection, profile?: Profile): System {
  return buildSystem(scenario, {
    amendments: revision.amendments,
    profile: profile ?? fullProfile,
  });
}

/** Every outcome of a scenario under a revision, its checks judged and standing properties checked. */
export function verify(
  scenario: Scenario,
  revision: Selection,
  options: VerifyOptions = {},
): Result {
  const system = systemOf(scenario, revision, options.profile);
  const found = explore(machineModel(system), exploreOptions(options));
  const outcomes = allowedOutcomes(found);
  const certain = outcomes.filter((o) => o.outcome.end.tag !== "limit");
  const whole = found.coverage.tag === "all" && certain.length === outcomes.length;
  const checks = checksFor(scenario, revision).map((check) => judge(check, certain, whole));
  const findings = findingsOf(found).filter((f) => !isExpected(scenario, revision, f));
  const { states, transitions, coverage } = found;
  const verdict = overall(checks, findings, whole);
  return { scenario, revision, outcomes, checks, findings, states, transitions, coverage, verdict };
}

function exploreOptions(options: VerifyOptions): ExploreOptions<Store> {
  return {
    maxStates: options.maxStates ?? defaultMaxStates,
    distinct: (store) => outcomeKey(outcomeOf(store)),
    ...(options.maxDeviations === undefined ? {} : { maxDeviations: options.maxDeviations }),
    ...(options.progress === undefined ? {} : { progress: options.progress }),
    ...(options.properties === false
      ? {}
      : { check: (store, final) => brokenProperty(store, final)?.name ?? null }),
  };
}

function allowedOutcomes(found: Exploration<Store>): readonly Allowed[] {
  const byKey = new Map<string, Allowed>();
  for (const { state, tag, cost, witness } of found.finals) {
    const end = outcomeOf(state);
    const outcome: Outcome =
      tag === "end" ? end : { log: end.log, end: { tag: "diverges" }, leaks: [] };
    const known = byKey.get(outcomeKey(outcome));
    if (known === undefined || cost < known.cost) {
      byKey.set(outcomeKey(outcome), { outcome, cost, witness });
    }
  }
  const all = [...byKey.values()];
  return all.sort(
    (a, b) => a.cost - b.cost || compare(showOutcome(a.outcome), showOutcome(b.outcome)),
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function findingsOf(found: Exploration<Store>): readonly Finding[] {
  return found.violations.map(({ property, state, cost, witness }) => {
    const broken = brokenProperty(state, true);
    return { property, detail: broken?.detail ?? property, cost, witness };
  });
}

/** A scenario may be about a finding: `expect no-bug` etc., or an outcome that names the bug. */
function isExpected(scenario: Scenario, revision: Selection, { property }: Finding): boolean {
  if (scenario.expects.includes(property)) return true;
  const checks = checksFor(scenario, revision);
  const bugs = checks.some(
    (check) =>
      check.outcomes.some((o) => o.end.tag === "bug") ||
      (check.quantifier !== "never" && check.condition?.tag === "bug"),
  );
  return property === "no-bug" && bugs;
}

/** `outcomes`: those of runs that came to their end; `whole`: there can be no others. */
function judge(check: Check, outcomes: readonly Allowed[], whole: boolean): Judged {
  if (check.quantifier === "exactly") return judgeExactly(check, outcomes, whole);
  const { condition, quantifier } = check;
  if (condition === null) throw new Error(`${quantifier} without a condition`);
  const wanted = quantifier !== "always";
  const example = outcomes.find((o) => holds(condition, o.outcome) === wanted) ?? null;
  const found = example !== null;
  const decided = quantifier === "sometimes" ? found : !found;
  return { check, verdict: verdictOf(decided, found, whole), example, missing: [], extra: [] };
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
  return { check, verdict, example: extra[0] ?? null, missing, extra };
}

const severity: readonly Verdict[] = ["violated", "unknown", "bounded", "proved"];

/** `whole`: no bound was reached, neither by the search nor within a run. */
function overall(checks: readonly Judged[], findings: readonly Finding[], whole: boolean): Verdict {
  if (findings.length > 0) return "violated";
  const searched: Verdict = whole ? "proved" : "bounded";
  const verdicts = new Set([searched, ...checks.map((c) => c.verdict)]);
  return severity.find((v) => verdicts.has(v)) ?? "proved";
}
