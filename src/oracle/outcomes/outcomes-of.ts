// Every outcome of a program, for other test suites to ask about. Mirrors spec/15-oracle.md.

import { profiles } from "../../model/profiles.ts";
import type { Profile } from "../../model/store.ts";
import type { Scenario } from "../../scenario/ast.ts";
import { type Calls, componentScenario } from "../../scenario/binary.ts";
import { checkedScenarios } from "../../scenario/book.ts";
import { fault, inFile } from "../../scenario/errors.ts";
import type { Allowed } from "../../scenario/judge.ts";
import {
  parseRevision,
  RevisionError,
  type Selection,
  withSettings,
} from "../../scenario/revision.ts";
import { parseSettings } from "../../scenario/settings.ts";
import { type Result, revisionsOf, type VerifyOptions, verify } from "../../scenario/verify.ts";

/** The bytes of a component, and what is called of it, as for `componentScenario`. */
export interface ComponentCalls extends Partial<Calls> {
  readonly bytes: Uint8Array;
}

/** A text that holds a scenario, a scenario that has been checked, or a component with its calls. */
export type ProgramSource = string | Scenario | ComponentCalls;

/** How to find a scenario in a text. */
interface InText {
  /** what messages call the text; the scenarios of one that ends in `.md` are its fences (`scenario.scn`) */
  readonly file?: string;
  /** which of several scenarios: its id or its title */
  readonly only?: string;
}

export interface OutcomesOptions
  extends InText,
    Pick<VerifyOptions, "maxStates" | "maxDeviations"> {
  /** as `parseRevision` reads it: `6d28164 + CM#707` (default: the first that the scenario speaks of) */
  readonly revision?: string | Selection;
  /** on top of those of the revision, as `with` writes them: `pin op, check call` */
  readonly settings?: string;
  /** default `full` */
  readonly profile?: Profile["name"];
}

/** What a search found. */
export interface OutcomeSet {
  readonly scenario: Scenario;
  readonly revision: Selection;
  /** those of runs that came to their end, the simplest schedule first */
  readonly outcomes: readonly Allowed[];
  /** why there may be more outcomes: `stopped at 10 states`; null: these are all */
  readonly cutOff: string | null;
}

function scenarioIn(text: string, { file = "scenario.scn", only }: InText): Scenario {
  const all = checkedScenarios(text, file);
  const meant = all.filter(({ id, title }) => only === undefined || only === id || only === title);
  const [scenario, second] = meant;
  return inFile(file, () => {
    const pos = { line: 1, column: 1 };
    if (scenario === undefined && only !== undefined) {
      return fault(pos, `no scenario is called "${only}"`);
    }
    if (scenario === undefined) return fault(pos, "there is no scenario here");
    if (second === undefined) return scenario;
    return fault(second.pos, "there are several scenarios", "say which one: only: its id or title");
  });
}

/** The scenario that is meant. Throws what `checkedScenarios` and `componentScenario` throw. */
export function scenarioOf(source: ProgramSource, options: InText = {}): Scenario {
  if (typeof source === "string") return scenarioIn(source, options);
  if (!("bytes" in source)) return source;
  const { bytes, ...calls } = source;
  return componentScenario(bytes, { ...calls, invoke: calls.invoke ?? [] });
}

function selectionOf(scenario: Scenario, { revision, settings }: OutcomesOptions): Selection {
  const named = typeof revision === "string" ? parseRevision(revision) : revision;
  const selected = named ?? revisionsOf(scenario)[0] ?? parseRevision("");
  const { only, binary } = scenario;
  const speaks = only === null || only.includes(selected.label.split(" ")[0] ?? "");
  if (!speaks && binary === undefined) {
    throw new RevisionError(`this scenario is only for ${only.join(", ")}, not ${selected.label}`);
  }
  return settings === undefined ? selected : withSettings(selected, parseSettings(settings));
}

function whyCutOff({ coverage, outcomes, outcomesComplete }: Result): string | null {
  if (coverage.tag === "states") return `stopped at ${coverage.bound} states`;
  if (coverage.tag === "deviations") return `up to ${coverage.bound} deviations`;
  if (coverage.tag === "interrupted") return "interrupted";
  const ends = outcomes.map(({ outcome }) => outcome.end);
  const limit = ends.find((end) => end.tag === "limit");
  if (limit !== undefined) return `a run was stopped at its bound: ${limit.bound}`;
  return outcomesComplete ? null : "there are outcomes without end";
}

/**
 * Explores a program. Throws `ScenarioError` for a text that is wrong or does not say which scenario,
 * `RevisionError` and `SettingError` for what it cannot be searched under; of a component what
 * `componentScenario` throws.
 */
export function outcomesOf(source: ProgramSource, options: OutcomesOptions = {}): OutcomeSet {
  const scenario = scenarioOf(source, options);
  const revision = selectionOf(scenario, options);
  const { profile = "full", maxStates, maxDeviations } = options;
  const result = verify(scenario, revision, {
    profile: profiles[profile],
    properties: false,
    ...(maxStates === undefined ? {} : { maxStates }),
    ...(maxDeviations === undefined ? {} : { maxDeviations }),
  });
  const outcomes = result.outcomes.filter(({ outcome }) => outcome.end.tag !== "limit");
  return { scenario, revision, outcomes, cutOff: whyCutOff(result) };
}
