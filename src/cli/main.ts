// The command line: which commands there are, their options, and how errors become exit codes.

import { readFileSync } from "node:fs";
import { Argument, Command, CommanderError, Option } from "commander";
import { type DiffOptions, diff } from "./diff.ts";
import { type ExploreOptions, explore } from "./explore.ts";
import { complain, exitCodes, type Io, UsageError } from "./io.ts";
import { list, tableNames } from "./list.ts";
import { options } from "./options.ts";
import {
  type ReplayOptions,
  type RunOptions,
  replay,
  runOnce,
  type TraceCommandOptions,
  trace,
} from "./single.ts";

/** Hands the exit code of the command that ran to `main`. */
type Exit = (code: number) => void;

function version(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}

function newProgram(io: Io): Command {
  return new Command("canon-async")
    .description(
      "Which outcomes the async Canonical ABI of the WebAssembly Component Model allows, under " +
        "which revision, by which schedule, and why.",
    )
    .version(version())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.out(text),
      writeErr: (text) => io.err(text),
      getOutHasColors: () => io.color,
      getErrHasColors: () => io.terminal,
    })
    .showHelpAfterError("(canon-async --help shows what there is)")
    .addHelpText(
      "after",
      "\nExit codes: 0 proved or done, 1 violated, 2 wrong usage or input, 3 not searched to the end.",
    );
}

function addExplore(program: Command, io: Io, exit: Exit): void {
  program
    .command("explore")
    .description("enumerate every outcome of every scenario and judge its checks")
    .argument("<path...>", "scenario files (.scn, .md) and folders of them")
    .addOption(options.revision())
    .addOption(options.only())
    .addOption(options.profile())
    .addOption(options.maxStates())
    .addOption(options.maxDeviations())
    .option("--no-properties", "do not check the standing properties")
    .addOption(options.json())
    .addOption(options.progress())
    .action((paths: readonly string[], o: ExploreOptions) => exit(explore(io, paths, o)));
}

function addRun(program: Command, io: Io, exit: Exit): void {
  program
    .command("run")
    .description("make one run of a scenario: by default, at random, or along a schedule")
    .argument("<file>", "a scenario file")
    .addOption(options.only())
    .addOption(options.seed().conflicts(["schedule", "default"]))
    .addOption(options.schedule().conflicts("default"))
    .option("--default", "always take the default choice (also without this option)")
    .addOption(options.revision())
    .addOption(options.profile())
    .action((file: string, o: RunOptions) => exit(runOnce(io, file, o)));
}

function addReplay(program: Command, io: Io, exit: Exit): void {
  program
    .command("replay")
    .description("repeat a run along a schedule")
    .argument("<file>", "a scenario file")
    .addOption(options.schedule().makeOptionMandatory())
    .option("--strict", "fail if a part of the schedule never applies (the default)")
    .addOption(
      new Option("--nearest", "follow the schedule as far as it applies").conflicts("strict"),
    )
    .option("--step", "show every step, and what could have been chosen instead")
    .addOption(options.only())
    .addOption(options.revision())
    .addOption(options.profile())
    .addOption(options.maxSteps())
    .action((file: string, o: ReplayOptions) => exit(replay(io, file, o)));
}

function addTrace(program: Command, io: Io, exit: Exit): void {
  program
    .command("trace")
    .description("show what happens in a run, step by step")
    .argument("<file>", "a scenario file")
    .addOption(options.schedule())
    .addOption(options.format())
    .option("--verbose", "show every step, and in a diagram also the built-ins")
    .option("--patches", "json: with the exact difference that each step makes")
    .addOption(options.only())
    .addOption(options.revision())
    .addOption(options.profile())
    .addOption(options.maxSteps())
    .action((file: string, o: TraceCommandOptions) => exit(trace(io, file, o)));
}

function addDiff(program: Command, io: Io, exit: Exit): void {
  program
    .command("diff")
    .description("which outcome sets move between two revisions, and by which amendment")
    .argument("<path...>", "scenario files (.scn, .md) and folders of them")
    .addOption(options.from().makeOptionMandatory())
    .addOption(options.to().makeOptionMandatory())
    .addOption(options.only())
    .addOption(options.profile())
    .addOption(options.maxStates())
    .addOption(options.json())
    .addOption(options.progress())
    .action((paths: readonly string[], o: DiffOptions) => exit(diff(io, paths, o)));
}

function addList(program: Command, io: Io, exit: Exit): void {
  program
    .command("list")
    .description(`tables: ${tableNames.join(", ")}`)
    .addArgument(new Argument("[table]", "which one; all of them otherwise").choices(tableNames))
    .action((name: string | undefined) => exit(list(io, name)));
}

/** Commander has printed its own errors; `--help` and `--version` are none. */
function exitOf(io: Io, error: unknown): number {
  if (error instanceof CommanderError)
    return error.exitCode === 0 ? exitCodes.ok : exitCodes.invalid;
  if (!(error instanceof UsageError)) throw error;
  complain(io, error.message);
  return exitCodes.invalid;
}

/** Runs a command line (without the names of node and of the script) and gives its exit code. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  let code: number = exitCodes.ok;
  const program = newProgram(io);
  const exit: Exit = (c) => {
    code = c;
  };
  for (const add of [addExplore, addRun, addReplay, addTrace, addDiff, addList]) {
    add(program, io, exit);
  }
  try {
    await program.parseAsync([...argv], { from: "user" });
    return code;
  } catch (error) {
    return exitOf(io, error);
  }
}
