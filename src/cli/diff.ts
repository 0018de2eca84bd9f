// `diff`: which outcome sets move between two revisions, and by which amendment.

import { profiles } from "../model/profiles.ts";
import { diffSummary, type Moved, movedJson, movedText } from "../report/diff.ts";
import { movesBetween } from "../scenario/moves.ts";
import { parseRevision, type Selection, withSettings } from "../scenario/revision.ts";
import { complain, exitCodes, type Io, paintOf, print, UsageError } from "./io.ts";
import { checkSettable, type Item, placeOf, readItems } from "./items.ts";
import { type Common, concerns, misfit } from "./options.ts";
import { progress } from "./progress.ts";
import { searchOptions } from "./searching.ts";

export interface DiffOptions extends Common {
  readonly from?: Selection;
  readonly to?: Selection;
  /** two ABIs to compare */
  readonly abi?: readonly string[];
  readonly json?: boolean;
  readonly maxStates?: number;
  readonly progress?: boolean;
}

type Sides = Readonly<Record<"from" | "to", Selection>>;

/** What is compared: two revisions, or two ABIs under one. Throws `UsageError`. */
function sidesOf({ from, to, abi = [], with: more = [] }: DiffOptions): Sides {
  if (abi.length === 0) {
    if (from === undefined || to === undefined) {
      throw new UsageError("what to compare: --from and --to, or --abi twice");
    }
    return { from: withSettings(from, more), to: withSettings(to, more) };
  }
  const [first, second, odd] = abi.map((value) => [...more, { name: "abi", value }]);
  if (first === undefined || second === undefined || odd !== undefined) {
    throw new UsageError("--abi is given twice, once for each side");
  }
  const one = from ?? to ?? parseRevision("");
  return { from: withSettings(from ?? one, first), to: withSettings(to ?? one, second) };
}

/** Those that can be compared. Throws `UsageError` if something could have been, and nothing can. */
function comparable(io: Io, items: readonly Item[], sides: Sides): readonly Item[] {
  const left = items.map(
    ({ scenario }) => misfit(scenario, sides.from) ?? misfit(scenario, sides.to),
  );
  const [why] = left;
  if (why != null && !left.includes(null)) throw new UsageError(why);
  for (const [i, item] of items.entries()) {
    const reason = left[i] ?? null;
    if (reason !== null) complain(io, `${placeOf(item)}: left out: ${reason}`);
  }
  return items.filter((_, i) => left[i] === null);
}

function diffOne(io: Io, item: Item, options: DiffOptions & Sides): Moved {
  const { from, to } = options;
  const { source, scenario } = item;
  const { tick, done } = progress(io, placeOf(item), options.progress === true);
  const profile = profiles[options.profile];
  const moves = movesBetween(scenario, from, to, {
    ...searchOptions(options),
    profile,
    progress: tick,
  });
  done();
  return { file: source.file, moves };
}

function report(io: Io, all: readonly Moved[], { from, to, json }: DiffOptions & Sides): void {
  if (json !== true) {
    print(io, [`from ${from.label} to ${to.label}: ${diffSummary(all)}`]);
    return;
  }
  const scenarios = all.map(movedJson);
  print(io, [JSON.stringify({ from: from.label, to: to.label, scenarios }, null, 2)]);
}

/**
 * Prints the scenarios that move. Those that do not speak of both revisions, or have nothing that is set,
 * are not meant; those that cannot be compiled for one of the sides are left out, with a word.
 */
export async function diff(io: Io, paths: readonly string[], given: DiffOptions): Promise<number> {
  const options = { ...given, ...sidesOf(given) };
  const { from, to } = options;
  const { items, invalid } = await readItems(io, paths, options);
  for (const revision of [from, to]) checkSettable(items, { revision });
  const speaking = items.filter(
    ({ scenario }) => concerns(scenario, from) && concerns(scenario, to),
  );
  const both = comparable(io, speaking, options);
  const paint = paintOf(io);
  const all: Moved[] = [];
  for (const item of both) {
    if (io.stopped()) break;
    const moved = diffOne(io, item, options);
    all.push(moved);
    const silent = options.json === true || !(moved.moves.moved || !moved.moves.complete);
    if (!silent) print(io, [...movedText(moved, paint), ""]);
  }
  if (items.length > 0 || options.json === true) report(io, all, options);
  const left = both.length - all.length;
  if (left > 0) complain(io, `interrupted: ${left} scenarios were not compared`);
  if (invalid.length > 0) return exitCodes.invalid;
  const whole = left === 0 && all.every(({ moves }) => moves.complete);
  return whole ? exitCodes.ok : exitCodes.incomplete;
}
