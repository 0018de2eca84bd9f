// The command line: which commands there are, their options, and how errors become exit codes.

import { Argument, Command, CommanderError, Option } from "commander";
import { JudgeError } from "../oracle/errors.ts";
import { formatTraceError, TraceError } from "../oracle/format/trace-error.ts";
import { SettingError } from "../wasi/choice-points.ts";
import { Invalid } from "../wasm/invalid.ts";
import { type DiffOptions, diff } from "./diff.ts";
import { explore } from "./explore.ts";
import { complain, type Exit, exitCodes, type Io, UsageError } from "./io.ts";
import { list, tableNames } from "./list.ts";
import { type MergeOptions, merge } from "./merge.ts";
import { type MinimizeCommandOptions, minimize } from "./minimize.ts";
import { options } from "./options.ts";
import { addProgramOptions } from "./program-options.ts";
import type { ExploreOptions } from "./searching.ts";
import { type SimulateCommandOptions, simulate } from "./simulate.ts";
import {
  type ReplayOptions,
  type RunOptions,
  replay,
  runOnce,
  type TraceCommandOptions,
  trace,
} from "./single.ts";
import { addQuirk, type SplitCommandOptions, splitCommand } from "./split.ts";
import { addTraceCommands } from "./trace-commands.ts";
import { version } from "./version.ts";
import { type WastOptions, wast } from "./wast.ts";

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
    .argument(
      "<path...>",
      "scenario files (.scn, .md) and folders of them, components (.wasm, .wat)",
    )
    .addOption(options.revision())
    .addOption(options.with())
    .addOption(options.only())
    .addOption(options.invoke())
    .addOption(options.fuel())
    .addOption(options.profile())
    .addOption(options.maxStates())
    .addOption(options.maxDeviations())
    .addOption(options.reduce())
    .addOption(options.noReduce())
    .addOption(options.exact())
    .option("--no-properties", "do not check the standing properties")
    .addOption(options.json())
    .addOption(options.progress())
    .addOption(options.workers())
    .addOption(options.checkpoint())
    .addOption(options.checkpointEvery())
    .addOption(options.shard())
    .addOption(options.output())
    .addOption(options.whyAlive())
    .action(async (paths: readonly string[], o: ExploreOptions) => {
      exit(await explore(io, paths, o));
    });
}

function addMerge(program: Command, io: Io, exit: Exit): void {
  program
    .command("merge")
    .description("put the shards of an exploration together and report on all of it")
    .argument("<file...>", "what explore --shard wrote, all shards of it")
    .addOption(options.json())
    .addOption(options.whyAlive())
    .action(async (files: readonly string[], o: MergeOptions) => exit(await merge(io, files, o)));
}

function addRun(program: Command, io: Io, exit: Exit): void {
  program
    .command("run")
    .description("make one run of a scenario: by default, at random, or along a schedule")
    .argument("<file>", "a scenario file or a component")
    .addOption(options.only())
    .addOption(options.invoke())
    .addOption(options.fuel())
    .addOption(options.seed().conflicts(["schedule", "default"]))
    .addOption(options.schedule().conflicts("default"))
    .option("--default", "always take the default choice (also without this option)")
    .addOption(options.revision())
    .addOption(options.with())
    .addOption(options.profile())
    .addOption(options.whyAlive())
    .action(async (file: string, o: RunOptions) => exit(await runOnce(io, file, o)));
}

function addReplay(program: Command, io: Io, exit: Exit): void {
  program
    .command("replay")
    .description("repeat a run along a schedule")
    .argument("<file>", "a scenario file or a component")
    .addOption(options.schedule().makeOptionMandatory())
    .option("--strict", "fail if a part of the schedule never applies (the default)")
    .addOption(
      new Option("--nearest", "follow the schedule as far as it applies").conflicts("strict"),
    )
    .option("--step", "show every step, and what could have been chosen instead")
    .addOption(options.only())
    .addOption(options.invoke())
    .addOption(options.fuel())
    .addOption(options.revision())
    .addOption(options.with())
    .addOption(options.profile())
    .addOption(options.maxSteps())
    .addOption(options.whyAlive())
    .action(async (file: string, o: ReplayOptions) => exit(await replay(io, file, o)));
}

function addSimulate(program: Command, io: Io, exit: Exit): void {
  program
    .command("simulate")
    .description("make many random runs: outcomes by frequency, and what was covered")
    .argument("<file>", "a scenario file or a component")
    .addOption(options.only())
    .addOption(options.invoke())
    .addOption(options.fuel())
    .addOption(options.seed().default(1))
    .addOption(options.runs())
    .addOption(options.policy())
    .addOption(options.depth())
    .option("--no-properties", "do not check the standing properties")
    .addOption(options.revision())
    .addOption(options.with())
    .addOption(options.profile())
    .addOption(options.json())
    .addOption(options.progress())
    .action(async (file: string, o: SimulateCommandOptions) => exit(await simulate(io, file, o)));
}

function addMinimize(program: Command, io: Io, exit: Exit): void {
  program
    .command("minimize")
    .description("find the simplest schedule that shows what a schedule shows")
    .argument("<file>", "a scenario file or a component")
    .addOption(options.schedule().makeOptionMandatory())
    .addOption(options.target())
    .option("--exact", "prove that no schedule with fewer deviations does (the default)")
    .addOption(new Option("--greedy", "only try what is simpler").conflicts("exact"))
    .addOption(options.only())
    .addOption(options.invoke())
    .addOption(options.fuel())
    .addOption(options.revision())
    .addOption(options.with())
    .addOption(options.profile())
    .addOption(options.maxStates())
    .addOption(options.progress())
    .action(async (file: string, o: MinimizeCommandOptions) => exit(await minimize(io, file, o)));
}

function addTrace(program: Command, io: Io, exit: Exit): void {
  program
    .command("trace")
    .description("show what happens in a run, step by step")
    .argument("<file>", "a scenario file or a component")
    .addOption(options.schedule())
    .addOption(options.format())
    .option("--verbose", "show every step, and in a diagram also the built-ins")
    .option("--patches", "json: with the exact difference that each step makes")
    .addOption(options.only())
    .addOption(options.invoke())
    .addOption(options.fuel())
    .addOption(options.revision())
    .addOption(options.with())
    .addOption(options.profile())
    .addOption(options.maxSteps())
    .addOption(options.whyAlive())
    .action(async (file: string, o: TraceCommandOptions) => exit(await trace(io, file, o)));
}

function addDiff(program: Command, io: Io, exit: Exit): void {
  program
    .command("diff")
    .description("which outcome sets move between two revisions or ABIs, and by which amendment")
    .argument(
      "<path...>",
      "scenario files (.scn, .md) and folders of them, components (.wasm, .wat)",
    )
    .addOption(options.from())
    .addOption(options.to())
    .addOption(options.abi())
    .addOption(options.with())
    .addOption(options.only())
    .addOption(options.invoke())
    .addOption(options.fuel())
    .addOption(options.profile())
    .addOption(options.maxStates())
    .addOption(options.json())
    .addOption(options.progress())
    .action(async (paths: readonly string[], o: DiffOptions) => exit(await diff(io, paths, o)));
}

function addWast(program: Command, io: Io, exit: Exit): void {
  program
    .command("wast")
    .description("run scripts of the official test suites, of core modules and of components")
    .argument("<path...>", ".wast files and folders of them")
    .addOption(options.revision())
    .option("--all-schedules", "every assertion on components under every schedule")
    .addOption(options.maxStates())
    .addOption(options.json())
    .option("--verbose", "also why each assertion was skipped, and where only the words differ")
    .addOption(options.progress())
    .action(async (paths: readonly string[], o: WastOptions) => exit(await wast(io, paths, o)));
}

function addSplit(program: Command, io: Io, exit: Exit): void {
  program
    .command("split")
    .description("WIT with a start and a result half for each function, as isyswasfa had it")
    .argument("<path...>", ".wit files and folders of them, with all packages that are needed")
    .option("--world <world>", "which world: w, a:b/w or a:b/w@1.0.0")
    .option("--suffix <suffix>", "export a poll function with this suffix to its name")
    .option("--quirk <name>", "do as the original did where it is odd; may be repeated", addQuirk)
    .option("--output <folder>", "write one file for each package to a new folder")
    .action((paths: readonly string[], o: SplitCommandOptions) => exit(splitCommand(io, paths, o)));
}

function addList(program: Command, io: Io, exit: Exit): void {
  program
    .command("list")
    .description(`tables: ${tableNames.join(", ")}`)
    .addArgument(new Argument("[table]", "which one; all of them otherwise").choices(tableNames))
    .action((name: string | undefined) => exit(list(io, name)));
}

const commands = [
  addExplore,
  addMerge,
  addSimulate,
  addRun,
  addReplay,
  addMinimize,
  addTrace,
  addDiff,
  addWast,
  addTraceCommands,
  addSplit,
  addList,
];

/** Commander has printed its own errors; `--help` and `--version` are none. */
function exitOf(io: Io, error: unknown): number {
  if (error instanceof CommanderError)
    return error.exitCode === 0 ? exitCodes.ok : exitCodes.invalid;
  const known = [UsageError, SettingError, Invalid, TraceError, JudgeError];
  if (!(error instanceof Error && known.some((kind) => error instanceof kind))) throw error;
  complain(io, error instanceof TraceError ? formatTraceError(error) : error.message);
  return exitCodes.invalid;
}

/** Runs a command line (without the names of node and of the script) and gives its exit code. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  let code: number = exitCodes.ok;
  const program = newProgram(io);
  const exit: Exit = (c) => {
    code = c;
  };
  for (const add of commands) {
    add(program, io, exit);
  }
  for (const command of program.commands) {
    if (command.options.some(({ long }) => long === "--invoke")) addProgramOptions(command);
  }
  try {
    await program.parseAsync([...argv], { from: "user" });
    return code;
  } catch (error) {
    return exitOf(io, error);
  }
}
