// Reads what the user wrote after an option, or says in one line what is wrong with it.

import { InvalidArgumentError, Option } from "commander";
import type { Profile } from "../model/store.ts";
import { lackFor } from "../scenario/about.ts";
import type { Scenario } from "../scenario/ast.ts";
import { checkBinary } from "../scenario/binary.ts";
import { checkSettings } from "../scenario/check.ts";
import {
  parseRevision,
  RevisionError,
  type Selection,
  withSettings,
} from "../scenario/revision.ts";
import { joinSettings, meaningOf, parseSettings, type Setting } from "../scenario/settings.ts";
import { revisionsOf } from "../scenario/verify.ts";
import type { Shard } from "../scheduler/explore/shard.ts";
import { parseSchedule, type Schedule, ScheduleError } from "../scheduler/model.ts";
import { SettingError } from "../wasi/choice-points.ts";
import { Invalid } from "../wasm/invalid.ts";
import type { ProgramOptions } from "./program-options.ts";

/** An error of the library's readers as one of the command line's. */
function reading<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const known = [RevisionError, ScheduleError, SettingError];
    if (known.some((kind) => error instanceof kind))
      throw new InvalidArgumentError((error as Error).message);
    throw error;
  }
}

function integer(text: string): number {
  const n = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(n)) return n;
  throw new InvalidArgumentError("it is a whole number, 0 or more");
}

function positive(text: string): number {
  if (/^0*[1-9]\d*$/.test(text)) return integer(text);
  throw new InvalidArgumentError("it is a whole number, 1 or more");
}

function revision(text: string): Selection {
  return reading(() => parseRevision(text));
}

function settings(text: string, before: readonly Setting[] = []): readonly Setting[] {
  if (!/^[^=,\s]+=[^=,\s]+$/.test(text)) {
    throw new InvalidArgumentError("it is written NAME=VALUE: pin=op, profile=wasmtime, abi=split");
  }
  return joinSettings(
    before,
    reading(() => parseSettings(text.replace("=", " "))),
  );
}

function abi(value: string, before: readonly string[] = []): readonly string[] {
  reading(() => meaningOf({ name: "abi", value }));
  return [...before, value];
}

function schedule(text: string): Schedule {
  return reading(() => parseSchedule(text));
}

function shard(text: string): Shard {
  const [, index, count] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (index === undefined || count === undefined || index < 1 || index > count) {
    throw new InvalidArgumentError("it is written i/n, with i from 1 to n: 1/4, 2/4, 3/4, 4/4");
  }
  return { index, count };
}

/** The reductions by name. Symmetry is used only where it is asked for: see spec/07. */
const reductionNames = ["macrosteps", "dead", "coin", "sleep", "symmetry"] as const;

type ReductionName = (typeof reductionNames)[number];

export type ReductionSet = Readonly<Record<ReductionName, boolean>>;

function reductions(text: string): ReductionSet {
  const wanted = text.split(",").map((name) => name.trim());
  const odd = wanted.find((name) => !reductionNames.some((known) => known === name));
  if (odd !== undefined) {
    throw new InvalidArgumentError(`"${odd}" is none of ${reductionNames.join(", ")}`);
  }
  return onlyReductions(wanted);
}

function onlyReductions(wanted: readonly string[]): ReductionSet {
  const has = (name: ReductionName): boolean => wanted.includes(name);
  return {
    macrosteps: has("macrosteps"),
    dead: has("dead"),
    coin: has("coin"),
    sleep: has("sleep"),
    symmetry: has("symmetry"),
  };
}

/** What `--reduce LIST` and `--no-reduce` ask for; undefined: neither. */
export function reduceOption(value: ReductionSet | boolean | undefined): ReductionSet | undefined {
  if (typeof value === "object") return value;
  return value === false ? onlyReductions([]) : undefined;
}

type OptionName =
  | "only"
  | "invoke"
  | "fuel"
  | "revision"
  | "with"
  | "whyAlive"
  | "from"
  | "to"
  | "abi"
  | "json"
  | "profile"
  | "maxStates"
  | "maxDeviations"
  | "reduce"
  | "noReduce"
  | "exact"
  | "maxSteps"
  | "judgeSteps"
  | "engine"
  | "run"
  | "format"
  | "progress"
  | "seed"
  | "schedule"
  | "runs"
  | "policy"
  | "depth"
  | "target"
  | "shard"
  | "output"
  | "checkpoint"
  | "checkpointEvery"
  | "workers";

/** The options by name; each command adds those that it takes. */
export const options: Readonly<Record<OptionName, () => Option>> = {
  only: () => new Option("--only <id>", "the scenario with this id, title or line"),
  invoke: () =>
    new Option(
      "--invoke <call>",
      "of a component: call this export, e.g. 'f(1, \"x\")'; repeated: all at once",
    ).argParser((call: string, before: readonly string[] = []) => [...before, call]),
  fuel: () =>
    new Option(
      "--fuel <n>",
      "of a component: core instructions between two calls out at the most",
    ).argParser(positive),
  revision: () =>
    new Option("--revision <revision>", "e.g. 6d28164 or '6d28164 + CM#707'").argParser(revision),
  with: () =>
    new Option(
      "--with <name=value>",
      "a setting of the WASI host or of an earlier design, on top of the scenario's; may be repeated",
    ).argParser(settings),
  whyAlive: () =>
    new Option(
      "--why-alive <object>",
      "why a file or socket of the WASI host is open, or when it was released",
    ),
  from: () => new Option("--from <revision>", "the first revision").argParser(revision),
  to: () => new Option("--to <revision>", "the second revision").argParser(revision),
  abi: () =>
    new Option("--abi <name>", "an ABI of stackless bodies; twice: the two to compare").argParser(
      abi,
    ),
  json: () => new Option("--json", "print JSON"),
  profile: () =>
    new Option("--profile <name>", "which choices are open")
      .choices(["full", "deterministic"])
      .default("full"),
  maxStates: () =>
    new Option("--max-states <n>", "states to visit at the most (200000)").argParser(positive),
  maxDeviations: () =>
    new Option("--max-deviations <n>", "non-default choices to follow at the most").argParser(
      integer,
    ),
  reduce: () =>
    new Option(
      "--reduce <list>",
      `only these reductions, of ${reductionNames.join(", ")} (default: all but symmetry)`,
    ).argParser(reductions),
  noReduce: () => new Option("--no-reduce", "no reductions: slower, the same result"),
  exact: () =>
    new Option("--exact", "compare whole states instead of 64-bit hashes: more memory, no doubt"),
  maxSteps: () =>
    new Option("--max-steps <n>", "steps to show at the most").argParser(positive).default(5000),
  judgeSteps: () =>
    new Option(
      "--max-steps <n>",
      "steps of the model to try until another event is explained (1000000)",
    ).argParser(positive),
  run: () =>
    new Option("--run <n>", "which run of a trace that has several, from 1 on").argParser(positive),
  engine: () =>
    new Option("--engine <name>", "whose run to record; jco needs Node 24 and an optional package")
      .choices(["model", "jco"])
      .default("model"),
  format: () =>
    new Option("--format <format>", "how to show it")
      .choices(["text", "mermaid", "json"])
      .default("text"),
  progress: () => new Option("--progress", "show progress even where stderr is no terminal"),
  seed: () => new Option("--seed <n>", "choose at random from this seed").argParser(integer),
  schedule: () =>
    new Option("--schedule <schedule>", "the choices to make, as explore prints them").argParser(
      schedule,
    ),
  runs: () => new Option("--runs <n>", "how many runs to make").argParser(positive).default(1000),
  policy: () =>
    new Option("--policy <name>", "how runs are chosen; a portfolio takes all by turns")
      .choices(["uniform", "pos", "pct", "portfolio"])
      .default("portfolio"),
  depth: () =>
    new Option("--depth <d>", "pct: how many orderings an error needs (3)").argParser(positive),
  target: () =>
    new Option("--target <what>", "an outcome as explore prints it, or a standing property"),
  shard: () =>
    new Option("--shard <i/n>", "only the i-th of n parts, for merge; needs --output").argParser(
      shard,
    ),
  output: () => new Option("--output <file>", "where to write a shard"),
  checkpoint: () =>
    new Option("--checkpoint <file>", "keep the progress there, and go on from it if it exists"),
  checkpointEvery: () =>
    new Option("--checkpoint-every <seconds>", "how often to save it (60)").argParser(integer),
  workers: () =>
    new Option("--workers <n>", "threads that search together (1)").argParser(positive),
};

/** What several commands take. */
export interface Common extends ProgramOptions {
  readonly only?: string;
  /** calls of a component, in WAVE */
  readonly invoke?: readonly string[];
  /** core instructions of a component */
  readonly fuel?: number;
  readonly revision?: Selection;
  /** settings on top of those of a scenario */
  readonly with?: readonly Setting[];
  /** the object that the user asks about */
  readonly whyAlive?: string;
  readonly profile: Profile["name"];
}

/** What a run is under: what was named, or the scenario's first revision. */
export function revisionFor(
  scenario: Scenario,
  { revision: named, with: more = [] }: Pick<Common, "revision" | "with">,
): Selection {
  const [first] = revisionsOf(scenario);
  return withSettings(named ?? first ?? parseRevision(""), more);
}

/** Why a scenario cannot be compiled for a search, or a component is not valid for it; null: it can. */
export function misfit(scenario: Scenario, selection: Selection): string | null {
  const { binary } = scenario;
  try {
    checkSettings(scenario, selection.settings);
    if (binary !== undefined) checkBinary(binary, selection);
    return null;
  } catch (error) {
    if (error instanceof SettingError || error instanceof Invalid) return error.message;
    throw error;
  }
}

/**
 * Whether a scenario speaks of a revision, which `only` may deny, and has what the settings set. A
 * component speaks of every revision that is asked for; see `misfit`.
 */
export function concerns(scenario: Scenario, { label, settings: all }: Selection): boolean {
  const only = scenario.binary === undefined ? scenario.only : null;
  const speaks = only === null || only.includes(label.split(" ")[0] ?? label);
  return speaks && all.every((one) => lackFor(scenario, one) === null);
}
