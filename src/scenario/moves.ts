// Which outcomes of a scenario move between two revisions, and which amendments move them.

import { type AmendmentName, amendmentNames } from "../model/amendments.ts";
import { showOutcome } from "../scheduler/outcome.ts";
import type { Scenario } from "./ast.ts";
import type { Allowed } from "./judge.ts";
import type { Selection } from "./revision.ts";
import { settingsKey } from "./settings.ts";
import { type Result, type VerifyOptions, verify } from "./verify.ts";

/** One amendment that changes the outcome set where it is applied, or taken back; or the settings. */
export interface Move {
  /** null: the settings of the WASI host change, all at once */
  readonly amendment: AmendmentName | null;
  /** false: it is taken back */
  readonly applied: boolean;
  readonly disappear: readonly Allowed[];
  readonly appear: readonly Allowed[];
}

export interface Moves {
  readonly scenario: Scenario;
  /** the outcome sets of the two revisions differ, as far as they were searched */
  readonly moved: boolean;
  /** in the order of the way; empty when nothing moved between its two ends */
  readonly moves: readonly Move[];
  readonly states: number;
  /** every search on the way was complete */
  readonly complete: boolean;
}

interface Leg {
  readonly amendment: AmendmentName | null;
  readonly applied: boolean;
  readonly revision: Selection;
}

/**
 * The way from one revision to another, one amendment at a time: what has to go is taken back, the
 * newest first, then what is missing is applied, the oldest first. Every set on the way is closed. The
 * settings change last.
 */
function wayBetween(from: Selection, to: Selection): readonly Leg[] {
  const [old, next] = [new Set(from.amendments), new Set(to.amendments)];
  const gone = amendmentNames.filter((name) => old.has(name) && !next.has(name)).toReversed();
  const fresh = amendmentNames.filter((name) => next.has(name) && !old.has(name));
  const set = new Set(old);
  const legs = [...gone, ...fresh].map((amendment): Leg => {
    const applied = !set.delete(amendment);
    if (applied) set.add(amendment);
    const list = amendmentNames.filter((name) => set.has(name));
    const revision = { label: `at ${amendment}`, amendments: list, settings: from.settings };
    return { amendment, applied, revision };
  });
  if (settingsKey(from.settings) === settingsKey(to.settings)) return legs;
  return [...legs, { amendment: null, applied: true, revision: to }];
}

/** The outcomes of `a` that `b` certainly does not have: none while the search of `b` is cut off. */
function without(a: Result, b: Result): readonly Allowed[] {
  if (b.coverage.tag !== "all") return [];
  const known = new Set(b.outcomes.map((o) => showOutcome(o.outcome)));
  return a.outcomes.filter((o) => !known.has(showOutcome(o.outcome)));
}

function differ(a: Result, b: Result): boolean {
  return without(a, b).length > 0 || without(b, a).length > 0;
}

function movesOf(legs: readonly Leg[], results: readonly Result[]): readonly Move[] {
  return legs.flatMap(({ amendment, applied }, i): readonly Move[] => {
    const [before, after] = [results[i], results[i + 1]];
    if (before === undefined || after === undefined || !differ(before, after)) return [];
    const [disappear, appear] = [without(before, after), without(after, before)];
    return [{ amendment, applied, disappear, appear }];
  });
}

/** Compares the outcome sets under two revisions and finds the amendments that matter. */
export function movesBetween(
  scenario: Scenario,
  from: Selection,
  to: Selection,
  options: VerifyOptions = {},
): Moves {
  const search = (revision: Selection): Result => {
    return verify(scenario, revision, { ...options, properties: false });
  };
  const ends = [search(from), search(to)] as const;
  const moved = differ(...ends);
  const legs = moved ? wayBetween(from, to) : [];
  const between = legs.slice(0, -1).map((leg) => search(leg.revision));
  const results = [ends[0], ...between, ends[1]];
  const states = results.reduce((n, r) => n + r.states, 0);
  const complete = results.every((r) => r.coverage.tag === "all");
  return { scenario, moved, moves: movesOf(legs, results), states, complete };
}
