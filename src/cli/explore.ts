// `explore`: every outcome of every scenario, its checks and standing properties.

import { exploredJson } from "../report/explore-json.ts";
import { exploredText, summaryText } from "../report/explore-text.ts";
import { type Explored, verdictOf, worst } from "../report/explored.ts";
import type { Scenario } from "../scenario/ast.ts";
import { profiles } from "../scenario/profiles.ts";
import type { Selection } from "../scenario/revision.ts";
import { type Result, revisionsOf, type VerifyOptions, verify } from "../scenario/verify.ts";
import { type Invalid, isInvalid, isMeant, notFound, readSources, type Source } from "./files.ts";
import { complain, exitCodes, type Io, paintOf, print } from "./io.ts";
import { type Common, concerns } from "./options.ts";
import { progress } from "./progress.ts";

export interface ExploreOptions extends Common {
  readonly json?: boolean;
  readonly maxStates?: number;
  readonly maxDeviations?: number;
  /** `--no-properties` */
  readonly properties: boolean;
  readonly progress?: boolean;
}

/** The bounds of a search that were given. */
export function bounds(
  options: Pick<ExploreOptions, "maxStates" | "maxDeviations">,
): Pick<VerifyOptions, "maxStates" | "maxDeviations"> {
  const { maxStates, maxDeviations } = options;
  return {
    ...(maxStates === undefined ? {} : { maxStates }),
    ...(maxDeviations === undefined ? {} : { maxDeviations }),
  };
}

/** The scenarios that are meant, of all files that can be read. Throws `UsageError` for none. */
function chosen(sources: readonly Source[], only: string | undefined): readonly Source[] {
  if (only === undefined) return sources;
  const some = sources
    .map((s) => ({ ...s, meant: s.scenarios.filter((x) => isMeant(x, only)) }))
    .filter(({ meant }) => meant.length > 0);
  if (some.length === 0 && sources.length > 0) throw notFound(only, sources);
  return some;
}

/** A scenario with its place, in the order of the files. */
export interface Item {
  readonly source: Source;
  readonly scenario: Scenario;
}

/** Everything that is meant and valid; what is invalid has been complained about. */
export function readItems(
  io: Io,
  paths: readonly string[],
  only: string | undefined,
): { readonly items: readonly Item[]; readonly invalid: readonly Invalid[] } {
  const all = readSources(paths);
  const invalid = all.filter(isInvalid);
  for (const { message } of invalid) complain(io, message);
  const sources = chosen(all.filter((s) => !isInvalid(s)) as readonly Source[], only);
  const items = sources.flatMap((source) =>
    source.scenarios
      .filter((scenario) => only === undefined || isMeant(scenario, only))
      .map((scenario) => ({ source, scenario })),
  );
  return { items, invalid };
}

function search(
  io: Io,
  { source, scenario }: Item,
  revision: Selection,
  o: ExploreOptions,
): Result {
  const what = `${source.file}:${scenario.pos.line} ${revision.label}`;
  const { tick, done } = progress(io, what, o.progress === true);
  const { properties } = o;
  const profile = profiles[o.profile];
  const result = verify(scenario, revision, { ...bounds(o), profile, properties, progress: tick });
  done();
  return result;
}

function exploreOne(io: Io, item: Item, options: ExploreOptions): Explored {
  const { source, scenario } = item;
  const named = options.revision;
  const revisions = named === undefined ? revisionsOf(scenario) : [named];
  const results = revisions
    .filter((revision) => concerns(scenario, revision))
    .map((revision) => search(io, item, revision, options));
  const { file, scenarios: siblings } = source;
  return { file, scenario, siblings, profile: options.profile, results };
}

const byVerdict = {
  proved: exitCodes.ok,
  violated: exitCodes.violated,
  bounded: exitCodes.incomplete,
  unknown: exitCodes.incomplete,
} as const;

function exitCode(all: readonly Explored[], invalid: number, skipped: number): number {
  if (invalid > 0) return exitCodes.invalid;
  const verdict = worst(all.map(verdictOf));
  return verdict === "proved" && skipped > 0 ? exitCodes.incomplete : byVerdict[verdict];
}

function jsonText(all: readonly Explored[], invalid: readonly Invalid[], skipped: number): string {
  const errors = invalid.map(({ file, error: { line, column, message, hint } }) => {
    return { file, line, column, message, hint };
  });
  const scenarios = all.map(exploredJson);
  const verdict = worst(all.map(verdictOf));
  return JSON.stringify({ verdict, skipped, scenarios, invalid: errors }, null, 2);
}

/**
 * Prints each scenario as soon as it is explored, or, with `json`, one document at the end: the worst
 * `verdict`, how many scenarios were `skipped`, the `scenarios`, and the `invalid` files.
 */
export function explore(io: Io, paths: readonly string[], options: ExploreOptions): number {
  const { items, invalid } = readItems(io, paths, options.only);
  const paint = paintOf(io);
  const all: Explored[] = [];
  for (const item of items) {
    if (io.stopped()) break;
    const explored = exploreOne(io, item, options);
    if (explored.results.length === 0) continue;
    all.push(explored);
    if (options.json !== true) print(io, [...exploredText(explored, paint), ""]);
  }
  const skipped = io.stopped() ? items.length - all.length : 0;
  if (options.json === true) print(io, [jsonText(all, invalid, skipped)]);
  else if (items.length > 0) print(io, [summaryText(all)]);
  if (skipped > 0) complain(io, `interrupted: ${skipped} scenarios were not explored`);
  return exitCode(all, invalid.length, skipped);
}
