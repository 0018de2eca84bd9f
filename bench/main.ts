// The command line of the benchmarks: which workloads, against which reference, and how to tell.

import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { type Effort, measureRate } from "./measure.ts";
import { definitionsIn, NoReference, Reference } from "./reference.ts";
import { numbersOf, type Row, tableOf } from "./report.ts";
import type { Workload } from "./workload.ts";
import { workloads } from "./workloads.ts";

/** Where a run of the benchmarks writes. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
}

interface Options {
  readonly json?: true;
  readonly reference?: string;
  readonly only?: readonly string[];
}

/** A mistake in what was asked for. */
class UsageError extends Error {}

function program(io: Io): Command {
  return new Command("npm run bench --")
    .description(
      "Measures how fast the machine and its explorer are; every workload checks its result.",
    )
    .option("--json", "print one object, name to number, and nothing else")
    .option(
      "--reference <checkout>",
      "measure definitions.py of component-model too (needs python3)",
    )
    .option("--only <name...>", "only workloads whose names begin like this")
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.out(text), writeErr: (text) => io.err(text) });
}

/** The workloads that `names` begin; all of them without names. */
function chosen(names: readonly string[] | undefined): readonly Workload[] {
  if (names === undefined) return workloads;
  const odd = names.find((name) => !workloads.some((w) => w.name.startsWith(name)));
  if (odd !== undefined) {
    const known = workloads.map((w) => w.name).join(", ");
    throw new UsageError(`no workload begins with "${odd}" (there are ${known})`);
  }
  return workloads.filter((w) => names.some((name) => w.name.startsWith(name)));
}

async function started(checkout: string | undefined): Promise<Reference | null> {
  if (checkout === undefined) return null;
  return Reference.start(join(process.cwd(), "bench/reference.py"), definitionsIn(checkout));
}

async function measured(what: Workload, reference: Reference | null, effort: Effort): Promise<Row> {
  if (what.tag === "rate")
    return { workload: what, measured: await measureRate(what, reference, effort) };
  return { workload: what, measured: { ours: what.measure(false), theirs: null } };
}

async function measureAll(io: Io, options: Options, effort: Effort): Promise<void> {
  const wanted = chosen(options.only);
  const reference = await started(options.reference);
  const rows: Row[] = [];
  try {
    for (const what of wanted) {
      io.err(`${what.name}\n`);
      rows.push(await measured(what, reference, effort));
    }
  } finally {
    reference?.stop();
  }
  io.out(options.json ? `${JSON.stringify(numbersOf(rows), null, 2)}\n` : tableOf(rows));
}

/** The exit code: 0, or 2 if the options or the reference are no good. */
export async function main(args: readonly string[], io: Io, effort: Effort): Promise<number> {
  const command = program(io);
  try {
    command.parse(args, { from: "user" });
    await measureAll(io, command.opts<Options>(), effort);
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof UsageError || error instanceof NoReference)) throw error;
    io.err(`error: ${error.message}\n`);
    return 2;
  }
}
