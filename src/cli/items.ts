// The scenarios that a command with several files is about.

import { placeText } from "../report/command.ts";
import { lackFor } from "../scenario/about.ts";
import type { Scenario } from "../scenario/ast.ts";
import { usesWasi } from "../scenario/wasi-names.ts";
import { type Invalid, isInvalid, isMeant, notFound, type Source } from "./files.ts";
import { complain, type Io, UsageError } from "./io.ts";
import type { Common } from "./options.ts";
import { type Meant, readAll } from "./sources.ts";

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

export function placeOf({ source: { file }, scenario }: Item): string {
  return placeText({ file, scenario });
}

/** Throws `UsageError` where something is set that no scenario has. */
export function checkSettable(
  items: readonly Item[],
  { revision, with: more = [] }: Pick<Common, "revision" | "with">,
): void {
  for (const one of [...(revision?.settings ?? []), ...more]) {
    const lacks = items.map(({ scenario }) => lackFor(scenario, one));
    const [lack] = lacks;
    if (lack === undefined || lack === null || lacks.includes(null)) continue;
    throw new UsageError(`no scenario here has a ${lack.what}, so nothing of it is set`);
  }
}

/** Throws `UsageError` where somebody asks about an object, and no scenario has a host with any. */
export function checkAsked(
  items: readonly Pick<Item, "scenario">[],
  { whyAlive }: Pick<Common, "whyAlive">,
): void {
  if (whyAlive === undefined || items.length === 0) return;
  if (items.some(({ scenario }) => usesWasi(scenario))) return;
  throw new UsageError(`no scenario here has a WASI host, so there is no "${whyAlive}"`);
}

/** What a command is about, and what could not be read. */
export interface Items {
  readonly items: readonly Item[];
  readonly invalid: readonly Invalid[];
}

/** Everything that is meant and valid; what is invalid has been complained about. */
export async function readItems(io: Io, paths: readonly string[], meant: Meant): Promise<Items> {
  const { only } = meant;
  const all = await readAll(paths, meant);
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
