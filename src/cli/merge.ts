// `merge`: puts the shards of an exploration together and reports on it as `explore` does.

import { searchedOf } from "../scheduler/explore/checkpoint.ts";
import { mergeGraphs } from "../scheduler/explore/merge.ts";
import { graphFromJson } from "./graph-file.ts";
import { exitCodes, type Io, UsageError } from "./io.ts";
import { checkAsked, type Items, readItems } from "./items.ts";
import { headOf, optionsOf, unlike } from "./recorded.ts";
import { reportOn, type Seek } from "./reporting.ts";
import { reading, readSaved, type Saved } from "./saved-file.ts";
import { type ExploreOptions, type Place, placesOf } from "./searching.ts";

export interface MergeOptions {
  readonly json?: boolean;
  readonly whyAlive?: string;
}

/** What one shard wrote, and where it stands. */
interface Part {
  readonly path: string;
  readonly saved: Saved;
}

/** Throws `UsageError` unless the files are all shards of one exploration, each once. */
function readParts(paths: readonly string[]): readonly Part[] {
  const parts = paths.map((path) => ({ path, saved: readSaved(path, "shard") }));
  const [first] = parts;
  for (const part of parts) if (first !== undefined) checkAlike(first, part);
  const count = first?.saved.shard?.count ?? 0;
  for (let index = 1; index <= count; index++) checkOne(parts, index, count);
  return parts;
}

function checkAlike(first: Part, part: Part): void {
  const together = `${first.path} and ${part.path} do not go together`;
  const why = unlike(part.saved, first.saved, null);
  if (why !== null) throw new UsageError(`${together}: ${why}`);
  const [a = 0, b = 0] = [first, part].map(({ saved }) => saved.shard?.count);
  if (a !== b) throw new UsageError(`${together}: one is of ${a} shards, one of ${b}`);
}

function checkOne(parts: readonly Part[], index: number, count: number): void {
  const [one, two] = parts.filter(({ saved }) => saved.shard?.index === index);
  if (one === undefined) throw new UsageError(`shard ${index} of ${count} is missing`);
  if (two !== undefined) {
    throw new UsageError(`${one.path} and ${two.path} are both shard ${index} of ${count}`);
  }
}

/** The scenarios as they are now. Throws `UsageError` if they are not those that were searched. */
async function readAgain(io: Io, { saved }: Part, options: ExploreOptions): Promise<Items> {
  const files = saved.files.map(({ file }) => file);
  const items = await readItems(io, files, options);
  if (items.invalid.length > 0) return items;
  const why = unlike(headOf(items, options), saved, null);
  if (why !== null) throw new UsageError(`the shards are of something else: ${why}`);
  return items;
}

function checkPlace({ path, saved }: Part, { item, revision, number }: Place): void {
  const search = saved.searches[number];
  const isSame =
    search?.file === item.source.file &&
    search.line === item.scenario.pos.line &&
    search.revision === revision.label;
  if (!isSame) throw new UsageError(`${path} is damaged: its searches are not those of its files`);
}

function seekIn(parts: readonly Part[]): Seek {
  return async (_task, place) => {
    const graphs = parts.flatMap(({ path, saved }) => {
      const search = saved.searches[place.number];
      return search === undefined ? [] : [reading(path, () => graphFromJson(search.graph))];
    });
    return searchedOf(mergeGraphs(graphs));
  };
}

export async function merge(
  io: Io,
  paths: readonly string[],
  given: MergeOptions,
): Promise<number> {
  const parts = readParts(paths);
  const [first] = parts;
  if (first === undefined) return exitCodes.ok;
  const options = { ...optionsOf(first.saved.command), ...given };
  const items = await readAgain(io, first, options);
  if (items.invalid.length > 0) return exitCodes.invalid;
  checkAsked(items.items, given);
  for (const [, places] of placesOf(items.items, options)) {
    for (const place of places) for (const part of parts) checkPlace(part, place);
  }
  return reportOn(io, items, options, seekIn(parts));
}
