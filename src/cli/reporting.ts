// Prints what the searches of a command found, and says how it ends: for `explore` and for `merge`.

import type { Store } from "../model/store.ts";
import { type Asked, ask, isFound } from "../report/alive-asked.ts";
import { neverCalled } from "../report/alive-history.ts";
import { exploredJson } from "../report/explore-json.ts";
import { exploredText, summaryText } from "../report/explore-text.ts";
import { type Explored, verdictOf, worst } from "../report/explored.ts";
import type { Result } from "../scenario/verify.ts";
import { usesWasi } from "../scenario/wasi-names.ts";
import type { Searched } from "../scheduler/explore/search.ts";
import type { Invalid } from "./files.ts";
import { complain, exitCodes, type Io, paintOf, print, UsageError } from "./io.ts";
import type { Item, Items } from "./items.ts";
import { type ExploreOptions, type Place, placesOf, subjectOf } from "./searching.ts";
import { resultOf, type Task, taskOf } from "./task.ts";

/** Searches, or gives what was found before. */
export type Seek = (task: Task, place: Place) => Promise<Searched<Store>>;

const byVerdict = {
  proved: exitCodes.ok,
  violated: exitCodes.violated,
  vacuous: exitCodes.violated,
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

async function resultsOf(
  places: readonly Place[],
  options: ExploreOptions,
  seek: Seek,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const place of places) {
    const task = taskOf(subjectOf(place, options));
    results.push(resultOf(task, await seek(task, place)));
  }
  return results;
}

/** What was found of a scenario; with `whyAlive` also what became of that object. */
function exploredOf(
  { source: { file, scenarios: siblings }, scenario }: Item,
  { profile, whyAlive }: ExploreOptions,
  results: readonly Result[],
): Explored {
  const explored = { file, scenario, siblings, profile, results };
  if (whyAlive === undefined || !usesWasi(scenario)) return explored;
  return { ...explored, asked: ask(results, profile, whyAlive) };
}

/** Throws `UsageError` if there never was an object of the name that was asked for. */
function checkFound(all: readonly Explored[]): void {
  const asked: readonly Asked[] = all.flatMap((one) => one.asked ?? []);
  const [first] = asked;
  if (first === undefined || asked.some(isFound)) return;
  const known = new Set(asked.flatMap((one) => one.known));
  throw new UsageError(neverCalled(first.name, [...known]));
}

/**
 * Prints each scenario as soon as it is explored, or, with `json`, one document at the end: the worst
 * `verdict`, how many scenarios were `skipped`, the `scenarios`, and the `invalid` files. Throws
 * `UsageError` if no run has the object that `whyAlive` names.
 */
export async function reportOn(
  io: Io,
  { items, invalid }: Items,
  options: ExploreOptions,
  seek: Seek,
): Promise<number> {
  const paint = paintOf(io);
  const all: Explored[] = [];
  const places = placesOf(items, options);
  for (const [item, some] of places) {
    if (io.stopped()) break;
    const explored = exploredOf(item, options, await resultsOf(some, options, seek));
    all.push(explored);
    if (options.json !== true) print(io, [...exploredText(explored, paint), ""]);
  }
  if (!io.stopped()) checkFound(all);
  const skipped = io.stopped() ? places.length - all.length : 0;
  if (options.json === true) print(io, [jsonText(all, invalid, skipped)]);
  else if (items.length > 0) print(io, [summaryText(all)]);
  if (skipped > 0) complain(io, `interrupted: ${skipped} scenarios were not explored`);
  return exitCode(all, invalid.length, skipped);
}
