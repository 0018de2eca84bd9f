// The command line that shows a run again, ready to be pasted into a shell.

import { defaultRevision } from "../model/amendments.ts";
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

function options(run: Repeatable): readonly (readonly [string, string])[] {
  const { scenario, siblings, revision, profile, schedule } = run;
  return [
    ...(siblings.length > 1 ? [["--only", selector(scenario, siblings)] as const] : []),
    ...(revision === defaultRevision ? [] : [["--revision", revision] as const]),
    ...(profile === "full" ? [] : [["--profile", profile] as const]),
    ["--schedule", printSchedule(schedule)],
  ];
}

/** `canon-async replay FILE --only ID --schedule '...'`: the options that are not the defaults. */
export function replayCommand(run: Repeatable): string {
  const words = options(run).flatMap(([name, value]) => [name, shellWord(value)]);
  return ["canon-async", "replay", shellWord(run.file), ...words].join(" ");
}
