// The commands about recorded traces, and their options.

import type { Command } from "commander";
import { type CompareOptions, compareCommand } from "./compare.ts";
import type { Exit, Io } from "./io.ts";
import { type JudgeCommandOptions, judgeTrace } from "./judge.ts";
import { options } from "./options.ts";
import { type RecordCommandOptions, record } from "./record.ts";

function addRecord(program: Command, io: Io, exit: Exit): void {
  program
    .command("record")
    .description("write what can be seen of a run as a trace, of the model or of an engine")
    .argument("<file>", "a scenario file or a component")
    .addOption(options.only())
    .addOption(options.invoke())
    .addOption(options.fuel())
    .addOption(options.seed().conflicts("schedule"))
    .addOption(options.schedule())
    .addOption(options.revision())
    .addOption(options.with())
    .addOption(options.profile())
    .addOption(options.engine())
    .option("--no-memory", "without the bytes that memories hold")
    .option("--output <file>", "write the trace there, and print what was recorded")
    .action(async (file: string, o: RecordCommandOptions) => exit(await record(io, file, o)));
}

function addJudge(program: Command, io: Io, exit: Exit): void {
  program
    .command("judge")
    .description(
      "whether a recorded trace is allowed: by which schedule, or from which event on not",
    )
    .argument("<file>", "a scenario file or a component, called as the trace says")
    .argument("<trace>", "the trace, a line of JSON for each event; - for standard input")
    .addOption(options.run())
    .addOption(options.only())
    .addOption(options.invoke())
    .addOption(options.fuel())
    .addOption(options.revision())
    .addOption(options.with())
    .addOption(options.judgeSteps())
    .option("--no-schedule", "do not look for a schedule: less memory and time")
    .option("--no-context", "do not look for the earlier events that an error rests on")
    .option("--next", "also what may come after a trace that is allowed")
    .addOption(options.json())
    .addOption(options.progress())
    .addHelpText(
      "after",
      "\nExit codes: 0 allowed, 1 not allowed, 2 wrong usage or input, 3 unknown.",
    )
    .action(async (file: string, recorded: string, o: JudgeCommandOptions) => {
      exit(await judgeTrace(io, file, recorded, o));
    });
}

function addCompare(program: Command, io: Io, exit: Exit): void {
  program
    .command("compare")
    .description("what engines were seen to do, beside what the model allows")
    .argument("<model>", "what explore --json wrote")
    .argument("<engine...>", "for each engine a file of traces, or of outcomes, one a line")
    .addOption(options.only())
    .addOption(options.revision())
    .addOption(options.json())
    .option("--markdown", "print a table in Markdown")
    .action((model: string, engines: readonly string[], o: CompareOptions) =>
      exit(compareCommand(io, model, engines, o)),
    );
}

/** Adds them, in the order in which they are listed. */
export function addTraceCommands(program: Command, io: Io, exit: Exit): void {
  addRecord(program, io, exit);
  addJudge(program, io, exit);
  addCompare(program, io, exit);
}
