// `explore`: every outcome of every scenario, its checks and standing properties.

import { Checkpoint } from "./checkpoint.ts";
import { mostClaims } from "./claims.ts";
import { complain, exitCodes, type Io, UsageError } from "./io.ts";
import { checkAsked, checkSettable, type Item, type Items, placeOf, readItems } from "./items.ts";
import { misfit, reduceOption } from "./options.ts";
import { headOf } from "./recorded.ts";
import { reportOn } from "./reporting.ts";
import { checkWritable } from "./saved-file.ts";
import { type ExploreOptions, placesOf } from "./searching.ts";
import { Seeker } from "./seeker.ts";
import { exploreShard } from "./shard.ts";

/** Why options cannot be combined; null: they can. */
function conflict(o: ExploreOptions): string | null {
  const { shard, output, json, checkpoint, checkpointEvery, workers = 1, maxStates = 0 } = o;
  if (shard === undefined && output !== undefined) {
    return "--output is for --shard: a report goes to standard output";
  }
  if (shard !== undefined && output === undefined) return "--shard needs --output FILE, for merge";
  if (shard !== undefined && json === true) return "--json is for merge: a shard has no report";
  if (shard !== undefined && o.whyAlive !== undefined) {
    return "--why-alive is for merge: a shard has no report";
  }
  if (checkpoint === undefined && checkpointEvery !== undefined) {
    return "--checkpoint-every needs --checkpoint FILE";
  }
  if (checkpoint !== undefined && checkpoint === output) {
    return "--checkpoint and --output are two files";
  }
  if (workers > 1 && maxStates > mostClaims) {
    return `--workers visit ${mostClaims} states at the most: lower --max-states`;
  }
  return unsuited(o);
}

/** Which ways to search cannot be shared out. */
function unsuited(o: ExploreOptions): string | null {
  const shared = [
    ...(o.shard === undefined ? [] : ["--shard"]),
    ...((o.workers ?? 1) > 1 ? ["--workers"] : []),
  ];
  const [kept] = o.checkpoint === undefined ? shared : [...shared, "--checkpoint"];
  if (kept === undefined) return null;
  if (o.exact === true) return `--exact does not go with ${kept}: only the states' hashes are kept`;
  if (reduceOption(o.reduce)?.symmetry === true) {
    return `--reduce symmetry does not go with ${kept}: which image of a state is kept depends on the order`;
  }
  if (shared.length > 0 && o.maxDeviations !== undefined) {
    return `--max-deviations does not go with ${kept}: no part knows the fewest deviations to a state`;
  }
  return null;
}

const everySeconds = 60;

function checkpointFor(o: ExploreOptions, items: Items): Checkpoint | null {
  if (o.checkpoint === undefined) return null;
  const every = 1000 * (o.checkpointEvery ?? everySeconds);
  return new Checkpoint(o.checkpoint, headOf(items, o), o.shard ?? null, every);
}

async function search(io: Io, items: Items, o: ExploreOptions, seeker: Seeker): Promise<number> {
  const { shard, output } = o;
  if (shard === undefined || output === undefined) return reportOn(io, items, o, seeker.seek);
  return exploreShard(io, items, headOf(items, o), { ...o, shard, output }, seeker.seek);
}

/** Throws `UsageError` for the first scenario that cannot be compiled for one of its searches. */
function checkFit(items: readonly Item[], options: ExploreOptions): void {
  const places = placesOf(items, options).flatMap(([, some]) => some);
  for (const { item, revision } of places) {
    const why = misfit(item.scenario, revision);
    if (why === null) continue;
    throw new UsageError(`${placeOf(item)}: ${why}`);
  }
}

/** Reports on all searches, or, with `shard`, writes them down. Throws `UsageError`. */
export async function explore(
  io: Io,
  paths: readonly string[],
  options: ExploreOptions,
): Promise<number> {
  const why = conflict(options);
  if (why !== null) throw new UsageError(why);
  for (const file of [options.checkpoint, options.output]) {
    if (file !== undefined) checkWritable(file);
  }
  const items = await readItems(io, paths, options);
  checkSettable(items.items, options);
  checkAsked(items.items, options);
  checkFit(items.items, options);
  if (options.shard !== undefined && items.invalid.length > 0) return exitCodes.invalid;
  const checkpoint = checkpointFor(options, items);
  const seeker = new Seeker(io, options, checkpoint);
  try {
    const code = await search(io, items, options, seeker);
    const count = placesOf(items.items, options).flatMap(([, places]) => places).length;
    const stays = checkpoint?.close(count) ?? false;
    if (stays) complain(io, `${options.checkpoint} holds what was found: the same command goes on`);
    return code;
  } finally {
    await seeker.close();
  }
}
