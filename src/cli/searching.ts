// The searches of `explore`: which ones there are, and how each is done.

import { profiles } from "../model/profiles.ts";
import type { Scenario } from "../scenario/ast.ts";
import { type Selection, withSettings } from "../scenario/revision.ts";
import { revisionsOf, type VerifyOptions } from "../scenario/verify.ts";
import type { Shard } from "../scheduler/explore/shard.ts";
import type { Item } from "./items.ts";
import { type Common, concerns, type ReductionSet, reduceOption } from "./options.ts";
import type { Subject } from "./task.ts";

export interface ExploreOptions extends Common {
  readonly json?: boolean;
  readonly maxStates?: number;
  readonly maxDeviations?: number;
  readonly reduce?: ReductionSet | boolean;
  readonly exact?: boolean;
  /** `--no-properties` */
  readonly properties: boolean;
  readonly progress?: boolean;
  readonly shard?: Shard;
  readonly output?: string;
  readonly checkpoint?: string;
  /** seconds */
  readonly checkpointEvery?: number;
  readonly workers?: number;
}

type SearchOptions = Pick<VerifyOptions, "maxStates" | "maxDeviations" | "reduce" | "exact">;

/** How to search, as far as it was said. */
export function searchOptions(
  options: Pick<ExploreOptions, "maxStates" | "maxDeviations" | "reduce" | "exact">,
): SearchOptions {
  const { maxStates, maxDeviations, exact } = options;
  const reduce = reduceOption(options.reduce);
  return {
    ...(reduce === undefined ? {} : { reduce }),
    ...(exact === undefined ? {} : { exact }),
    ...(maxStates === undefined ? {} : { maxStates }),
    ...(maxDeviations === undefined ? {} : { maxDeviations }),
  };
}

/** One search of a command, and which one it is: from 0 on. */
export interface Place {
  readonly item: Item;
  readonly revision: Selection;
  readonly number: number;
}

/** All searches of a command, by scenario; scenarios that are not searched at all are left out. */
export function placesOf(
  items: readonly Item[],
  { revision: named, with: more }: Pick<ExploreOptions, "revision" | "with">,
): readonly (readonly [Item, readonly Place[]])[] {
  let number = 0;
  const all = items.map((item): readonly [Item, readonly Place[]] => {
    const revisions = named === undefined ? searchesOf(item.scenario, more) : [named];
    const some = revisions
      .map((revision) => withSettings(revision, more ?? []))
      .filter((revision) => concerns(item.scenario, revision));
    return [item, some.map((revision) => ({ item, revision, number: number++ }))];
  });
  return all.filter(([, places]) => places.length > 0);
}

/** Settings of one's own stand in for those that checks name. */
function searchesOf(scenario: Scenario, more: ExploreOptions["with"]): readonly Selection[] {
  const all = revisionsOf(scenario);
  return more === undefined ? all : all.filter(({ settings }) => settings.length === 0);
}

export function subjectOf({ item, revision }: Place, options: ExploreOptions): Subject {
  const { profile, properties } = options;
  const verify = { ...searchOptions(options), profile: profiles[profile], properties };
  return { scenario: item.scenario, revision, options: verify };
}
