// `explore --shard i/n --output FILE`: searches a part of each exploration and writes it down, for `merge`.

import { count } from "../report/explored.ts";
import type { Shard } from "../scheduler/explore/shard.ts";
import { savedSearch } from "./checkpoint.ts";
import { complain, exitCodes, type Io, print } from "./io.ts";
import type { Items } from "./items.ts";
import type { Seek } from "./reporting.ts";
import { type Head, type SavedSearch, writeSaved } from "./saved-file.ts";
import { type ExploreOptions, placesOf, subjectOf } from "./searching.ts";
import { reachedBy } from "./seeker.ts";
import { taskOf } from "./task.ts";

/** Which part, and where to. */
export interface ShardOutput {
  readonly shard: Shard;
  readonly output: string;
}

/** Writes nothing if it is interrupted. */
export async function exploreShard(
  io: Io,
  items: Items,
  head: Head,
  options: ExploreOptions & ShardOutput,
  seek: Seek,
): Promise<number> {
  const { shard, output } = options;
  const searches: SavedSearch[] = [];
  const [places, totals] = [placesOf(items.items, options).flatMap(([, some]) => some), [0, 0]];
  for (const place of places) {
    if (io.stopped()) break;
    const found = await seek(taskOf(subjectOf(place, options)), place);
    searches.push(savedSearch(place, reachedBy(found)));
    totals[0] = (totals[0] ?? 0) + found.states;
    if (found.coverage.tag !== "all") totals[1] = (totals[1] ?? 0) + 1;
  }
  if (io.stopped()) {
    complain(io, `interrupted: ${output} is not written`);
    return exitCodes.incomplete;
  }
  writeSaved(output, "shard", { ...head, shard, searches });
  return sayWritten(io, options, searches.length, totals);
}

function sayWritten(
  io: Io,
  { shard, output }: ShardOutput,
  searches: number,
  [states = 0, cut = 0]: readonly number[],
): number {
  const parts = [
    `shard ${shard.index} of ${shard.count}: ${count(searches, "search")}, ${count(states, "state")}`,
    ...(cut === 0 ? [] : [`${count(cut, "search")} incomplete`]),
    `written to ${output}`,
  ];
  print(io, [parts.join("; ")]);
  return cut === 0 ? exitCodes.ok : exitCodes.incomplete;
}
