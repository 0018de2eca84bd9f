// The command line that shows a run again, ready to be pasted into a shell.

import { defaultRevision } from "../model/amendments.ts";
import type { Json } from "../model/json.ts";
import type { Scenario } from "../scenario/ast.ts";
import { printSchedule, type Schedule } from "../scheduler/model.ts";

/** A scenario and the file that holds it, maybe among others. */
export interface Located {
  /** as the reader's shell would name it */
  readonly file: string;
  readonly scenario: Scenario;
  /** every scenario of the file */
  readonly siblings: readonly Scenario[];
}

/** Where a scenario stands: `FILE:LINE`; a component is all of its file. */
export function placeText({ file, scenario }: Pick<Located, "file" | "scenario">): string {
  return scenario.binary === undefined ? `${file}:${scenario.pos.line}` : file;
}

/** The same as fields of JSON: `file` and `line`, or `file` and the calls that `invoke` a component. */
export function placeJson({ file, scenario }: Pick<Located, "file" | "scenario">): JsonFields {
  const { binary, pos } = scenario;
  return binary === undefined ? { file, line: pos.line } : { file, invoke: binary.invoke };
}

type JsonFields = Readonly<Record<string, Json>>;

/** A run that can be repeated; `revision` and `profile` are names as the command line takes them. */
export interface Repeatable extends Located {
  readonly revision: string;
  readonly profile: string;
  readonly schedule: Schedule;
}

/** A word as a POSIX shell reads it. */
export function shellWord(word: string): string {
  return /^[\w./:=+@,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** What `--only` calls a scenario: its id, or its title, or its line, whichever is its own. */
export function selector({ id, title, pos }: Scenario, siblings: readonly Scenario[]): string {
  if (id !== null && siblings.filter((other) => other.id === id).length === 1) return id;
  const unique = siblings.filter((other) => other.title === title).length === 1;
  return unique ? title : String(pos.line);
}

type Words = readonly (readonly [string, string])[];

/** What makes a component run; of a trace, its header says what is called. */
function given({ scenario: { binary } }: Located, calls: boolean): Words {
  const { invoke = [], fuel, words = [] } = binary ?? {};
  return [
    ...(calls ? invoke.map((call) => ["--invoke", call] as const) : []),
    ...(fuel === undefined ? [] : [["--fuel", `${fuel}`] as const]),
    ...words,
  ];
}

function named({ scenario, siblings, revision }: Omit<Repeatable, "schedule" | "profile">): Words {
  return [
    ...(siblings.length > 1 ? [["--only", selector(scenario, siblings)] as const] : []),
    ...(revision === defaultRevision ? [] : [["--revision", revision] as const]),
  ];
}

function text(verb: string, files: readonly string[], options: Words): string {
  const words = options.flatMap(([name, value]) => [name, shellWord(value)]);
  return ["canon-async", verb, ...files.map(shellWord), ...words].join(" ");
}

function commandLine(verb: string, run: Repeatable): string {
  const { file, profile, schedule } = run;
  return text(
    verb,
    [file],
    [
      ...given(run, true),
      ...named(run),
      ...(profile === "full" ? [] : [["--profile", profile] as const]),
      ["--schedule", printSchedule(schedule)],
    ],
  );
}

/** `canon-async replay FILE --only ID --schedule '...'`: the options that are not the defaults. */
export function replayCommand(run: Repeatable): string {
  return commandLine("replay", run);
}

/** The same for `canon-async trace`, which shows the run step by step. */
export function traceCommand(run: Repeatable): string {
  return commandLine("trace", run);
}

/** `canon-async judge FILE TRACE`, for a trace whose header says what is called. */
export function judgeCommand(run: Omit<Repeatable, "schedule" | "profile">, trace: string): string {
  return text("judge", [run.file, trace], [...given(run, false), ...named(run)]);
}
