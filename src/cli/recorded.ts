// The options that decide what a search finds, as they are kept in files. The format is in docs/scale.md.

import { readFileSync } from "node:fs";
import type { Profile } from "../model/store.ts";
import { parseRevision } from "../scenario/revision.ts";
import { parseSettings, settingsText } from "../scenario/settings.ts";
import type { Items } from "./items.ts";
import { type ReductionSet, reduceOption } from "./options.ts";
import { type ProgramOptions, programOptions } from "./program-options.ts";
import { type Head, sha256 } from "./saved-file.ts";
import type { ExploreOptions } from "./searching.ts";
import { version } from "./version.ts";

/** null: the option was not given */
export interface Command {
  readonly only: string | null;
  readonly invoke: readonly string[] | null;
  readonly fuel: number | null;
  readonly program: ProgramOptions;
  readonly revision: string | null;
  /** `pin op, check call` */
  readonly with: string | null;
  readonly profile: Profile["name"];
  readonly properties: boolean;
  readonly reduce: ReductionSet | null;
  readonly maxDeviations: number | null;
  readonly maxStates: number | null;
}

function commandOf(o: ExploreOptions): Command {
  return {
    only: o.only ?? null,
    invoke: o.invoke ?? null,
    fuel: o.fuel ?? null,
    program: programOptions(o),
    revision: o.revision?.label ?? null,
    with: o.with === undefined ? null : settingsText(o.with),
    profile: o.profile,
    properties: o.properties,
    reduce: reduceOption(o.reduce) ?? null,
    maxDeviations: o.maxDeviations ?? null,
    maxStates: o.maxStates ?? null,
  };
}

/** The options that the files of a merge were made with. */
export function optionsOf(c: Command): ExploreOptions {
  return {
    profile: c.profile,
    properties: c.properties,
    ...(c.only === null ? {} : { only: c.only }),
    ...(c.invoke === null ? {} : { invoke: c.invoke }),
    ...(c.fuel === null ? {} : { fuel: c.fuel }),
    ...c.program,
    ...(c.revision === null ? {} : { revision: parseRevision(c.revision) }),
    ...(c.with === null ? {} : { with: parseSettings(c.with) }),
    ...(c.reduce === null ? {} : { reduce: c.reduce }),
    ...(c.maxDeviations === null ? {} : { maxDeviations: c.maxDeviations }),
    ...(c.maxStates === null ? {} : { maxStates: c.maxStates }),
  };
}

const flags: Readonly<Record<keyof Command, string>> = {
  only: "--only",
  invoke: "--invoke",
  fuel: "--fuel",
  program: "one of --unknown-imports, --arg, --env, --dir and --stdin",
  revision: "--revision",
  with: "--with",
  profile: "--profile",
  properties: "--no-properties",
  reduce: "--reduce",
  maxDeviations: "--max-deviations",
  maxStates: "--max-states",
};

/** The first option in which two commands differ; null: none. `but` may differ. */
function differentOption(a: Command, b: Command, but: keyof Command | null): string | null {
  const names = Object.keys(flags) as (keyof Command)[];
  const odd = names.find((name) => {
    return name !== but && JSON.stringify(a[name]) !== JSON.stringify(b[name]);
  });
  return odd === undefined ? null : flags[odd];
}

/** The first file that only one of two has, or that is not the same in both; null: none. */
function differentFile(a: Head["files"], b: Head["files"]): string | null {
  const [mine, theirs] = [a, b].map((files) => new Map(files.map((f) => [f.file, f.sha256])));
  const all = [...a, ...b].map(({ file }) => file);
  return all.find((file) => mine?.get(file) !== theirs?.get(file)) ?? null;
}

/** Why two files do not go together; null: they do. The option `but` may differ. */
export function unlike(a: Head, b: Head, but: keyof Command | null): string | null {
  if (a.tool !== b.tool) return `it is by version ${a.tool}, not ${b.tool}`;
  const option = differentOption(a.command, b.command, but);
  if (option !== null) return `${option} differs`;
  const file = differentFile(a.files, b.files);
  return file === null ? null : `${file} is not the same, or only one of them has it`;
}

/** What files are marked with that hold searches of these items. */
export function headOf({ items }: Items, options: ExploreOptions): Head {
  const names = [...new Set(items.map(({ source }) => source.file))];
  const files = names.map((file) => ({ file, sha256: sha256(readFileSync(file)) }));
  return { tool: version(), command: commandOf(options), files };
}
