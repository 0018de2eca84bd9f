// Explores a scenario under a revision and judges its checks: what the command line and tests call.

import type { AmendmentName } from "../model/amendments.ts";
import { revisions } from "../model/amendments.ts";
import { profiles } from "../model/profiles.ts";
import type { Profile, Store } from "../model/store.ts";
import {
  type Exploration,
  type ExploreOptions,
  explore,
  type Found,
  type Reductions,
} from "../scheduler/explore/explore.ts";
import { storeFields } from "../scheduler/fields.ts";
import type { System } from "../scheduler/machine.ts";
import { type ModelReductions, machineModel } from "../scheduler/machine-model.ts";
import type { Schedule } from "../scheduler/model.ts";
import { factOf, type Outcome, outcomeWith, showOutcome } from "../scheduler/outcome.ts";
import { brokenProperty } from "../scheduler/properties.ts";
import type { Check, Scenario } from "./ast.ts";
import { binarySystem } from "./binary.ts";
import { buildSystem } from "./build.ts";
import { checkSettings } from "./check.ts";
import { withImages } from "./images.ts";
import { type Allowed, type Judged, judge, overall, type Verdict } from "./judge.ts";
import { allProperties } from "./properties.ts";
import { type Selection, select, selectionKey, withSettings } from "./revision.ts";
import { meaningOfAll, settingsKey } from "./settings.ts";

/** A standing property that is broken somewhere. */
export interface Finding {
  readonly property: string;
  readonly detail: string;
  readonly cost: number;
  readonly witness: Schedule;
}

/** How the search went, as the explorer says it. */
type Search = Pick<
  Exploration<Store>,
  "states" | "transitions" | "steps" | "coverage" | "outcomesComplete" | "omission" | "diversity"
>;

export interface Result extends Search {
  readonly scenario: Scenario;
  readonly revision: Selection;
  readonly outcomes: readonly Allowed[];
  readonly checks: readonly Judged[];
  readonly findings: readonly Finding[];
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
  /** which reductions to use: all but symmetry, unless said otherwise */
  readonly reduce?: Partial<Reductions & ModelReductions>;
  /** true: compare whole states, not only their 64-bit hashes */
  readonly exact?: boolean;
}

const defaultMaxStates = 200_000;

/**
 * What a scenario is searched under: the two supported revisions, and what its checks name by `under`
 * and `with`.
 */
export function revisionsOf(scenario: Scenario): readonly Selection[] {
  const named = Object.keys(revisions)
    .reverse()
    .map((name) => select(name, [], []));
  const written = scenario.checks.flatMap(({ under, settings }): readonly Selection[] => {
    if (under !== null) return [select(under.base, under.plus, under.minus, settings)];
    return settings.length === 0 ? [] : named.map((s) => withSettings(s, settings));
  });
  const all = new Map<string, Selection>();
  for (const one of [...named, ...written]) {
    const key = selectionKey(one);
    if (!all.has(key)) all.set(key, one);
  }
  const { only } = scenario;
  return [...all.values()].filter(
    (s) => only === null || only.includes(s.label.split(" ")[0] ?? ""),
  );
}

const setKey = (names: readonly AmendmentName[]): string => names.join();

/**
 * The checks that apply under a revision and settings: those of the same settings that name the
 * revision, or else those of them without `under`.
 */
export function checksFor(scenario: Scenario, revision: Selection): readonly Check[] {
  const key = settingsKey(revision.settings);
  const some = scenario.checks.filter(({ settings }) => settingsKey(settings) === key);
  const own = some.filter(({ under }) => {
    if (under === null) return false;
    const { amendments } = select(under.base, under.plus, under.minus);
    return setKey(amendments) === setKey(revision.amendments);
  });
  return own.length > 0 ? own : some.filter((check) => check.under === null);
}

/**
 * The system of a scenario under a revision and settings; the profile defaults to `full`. Throws
 * `SettingError` for settings that do not fit the scenario.
 */
export function systemOf(scenario: Scenario, revision: Selection, profile?: Profile): System {
  checkSettings(scenario, revision.settings);
  const options = {
    amendments: revision.amendments,
    profile: profile ?? profiles.full,
    ...meaningOfAll(revision.settings),
  };
  const { binary } = scenario;
  return binary === undefined ? buildSystem(scenario, options) : binarySystem(binary, options);
}

/** Every outcome of a scenario under a revision, its checks judged and standing properties checked. */
export function verify(
  scenario: Scenario,
  revision: Selection,
  options: VerifyOptions = {},
): Result {
  const system = systemOf(scenario, revision, options.profile);
  const model = machineModel(system, options.reduce);
  const found = explore(model, exploreOptions(system, options));
  return judged(scenario, revision, found, options.reduce?.symmetry ?? false);
}

/** What an exploration says about a scenario; `symmetry`: one outcome stands for its images. */
export function judged(
  scenario: Scenario,
  revision: Selection,
  found: Exploration<Store>,
  symmetry: boolean,
): Result {
  const outcomes = allowedOutcomes(scenario, found, symmetry);
  const certain = outcomes.filter((o) => o.outcome.end.tag !== "limit");
  const { states, transitions, steps, coverage, outcomesComplete, omission, diversity } = found;
  const whole = coverage.tag === "all" && outcomesComplete && certain.length === outcomes.length;
  const checks = checksFor(scenario, revision).map((check) =>
    judge(scenario, check, certain, whole),
  );
  const findings = findingsOf(found).filter((f) => !isExpected(scenario, revision, f));
  const verdict = overall(checks, findings.length, whole);
  return {
    scenario,
    revision,
    outcomes,
    checks,
    findings,
    states,
    transitions,
    steps,
    coverage,
    outcomesComplete,
    omission,
    diversity,
    verdict,
  };
}

/** How a scenario's machine is explored under these options. */
export function exploreOptions(system: System, options: VerifyOptions): ExploreOptions<Store> {
  const { maxStates, maxDeviations, progress, reduce, exact } = options;
  return {
    maxStates: maxStates ?? defaultMaxStates,
    final: factOf,
    fields: storeFields(system),
    ...(reduce === undefined ? {} : { reduce }),
    ...(exact === undefined ? {} : { exact }),
    ...(maxDeviations === undefined ? {} : { maxDeviations }),
    ...(progress === undefined ? {} : { progress }),
    ...(options.properties === false
      ? {}
      : { check: (store, final) => brokenProperty(store, final, allProperties)?.name ?? null }),
  };
}

function allowedOutcomes(
  { symmetric, host, runs }: Scenario,
  found: Exploration<Store>,
  symmetry: boolean,
): readonly Allowed[] {
  const all = found.outcomes.map(allowed);
  const order = [...(host?.processes ?? []), ...runs].map((root) => root.name);
  const classes = symmetry ? symmetric.map(({ names }) => names) : [];
  return [...withImages(all, classes, order)].sort(
    (a, b) => a.cost - b.cost || compare(showOutcome(a.outcome), showOutcome(b.outcome)),
  );
}

function allowed({ tag, fact, observed, ...rest }: Found): Allowed {
  const outcome: Outcome =
    tag === "end"
      ? outcomeWith(observed, fact)
      : { log: observed, end: { tag: "diverges" }, leaks: [] };
  return { outcome, ...rest };
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function findingsOf(found: Exploration<Store>): readonly Finding[] {
  return found.violations.map(({ property, state, cost, witness }) => {
    const broken = brokenProperty(state, true, allProperties);
    return { property, detail: broken?.detail ?? property, cost, witness };
  });
}

/** A scenario may be about a finding: `expect no-bug` etc., or an outcome that names the bug. */
export function isExpected(
  scenario: Scenario,
  revision: Selection,
  { property }: Pick<Finding, "property">,
): boolean {
  if (scenario.expects.includes(property)) return true;
  const checks = checksFor(scenario, revision);
  const bugs = checks.some(
    (check) =>
      check.outcomes.some((o) => o.end.tag === "bug") ||
      (check.quantifier !== "never" && check.condition?.tag === "bug"),
  );
  return property === "no-bug" && bugs;
}
