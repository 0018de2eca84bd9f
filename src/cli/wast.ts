// `wast`: runs the scripts of the official test suites, of core modules and of components.

import { scriptJson } from "../report/wast-json.ts";
import { scriptText, wastSummary } from "../report/wast-text.ts";
import { parseRevision, type Selection } from "../scenario/revision.ts";
import { textsOf } from "../wast/assembly.ts";
import { WastError } from "../wast/errors.ts";
import { parseScript } from "../wast/parse.ts";
import { runScript, type ScriptOptions, type ScriptResult } from "../wast/run.ts";
import type { Script } from "../wast/script.ts";
import { tallyOf } from "../wast/tally.ts";
import { assemble } from "./assembler.ts";
import { bytesOf, isFolder, shown, walk } from "./files.ts";
import { complain, exitCodes, type Io, paintOf, print, UsageError } from "./io.ts";
import { progress } from "./progress.ts";

export interface WastOptions {
  readonly revision?: Selection;
  readonly allSchedules?: boolean;
  readonly maxStates?: number;
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly progress?: boolean;
}

const defaultMaxStates = 200_000;

/** The scripts that the arguments mean, in order. Throws `UsageError`. */
export function wastFiles(paths: readonly string[]): readonly string[] {
  const all = paths.flatMap((path) => {
    if (!isFolder(path)) return [path];
    const found = walk(path, /\.wast$/);
    if (found.length === 0) throw new UsageError(`no .wast files under ${shown(path)}`);
    return found;
  });
  return [...new Map(all.map((path) => [shown(path), path])).values()];
}

function textOf(path: string): string {
  const bytes = bytesOf(path);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new WastError({ line: 1, column: 1 }, "this is not UTF-8 text");
  }
}

function read(path: string, file: string): Script | string {
  try {
    return parseScript(textOf(path), file);
  } catch (error) {
    if (!(error instanceof WastError)) throw error;
    const { line, column } = error.place;
    return `${file}:${line}:${column}: ${error.message}`;
  }
}

/** What became of a script; `invalid`: why it cannot be read. */
async function runFile(
  path: string,
  options: ScriptOptions,
): Promise<ScriptResult | { readonly invalid: string }> {
  const script = read(path, shown(path));
  if (typeof script === "string") return { invalid: script };
  return runScript(script, await assemble(textsOf(script)), options);
}

export interface WastRun {
  readonly results: readonly ScriptResult[];
  /** one line for each file that cannot be read */
  readonly invalid: readonly string[];
  /** false: the user asked to stop */
  readonly complete: boolean;
}

/** Runs scripts one after the other and tells of each as soon as it is over. Throws `UsageError`. */
export async function runWast(
  io: Io,
  files: readonly string[],
  o: WastOptions,
  tell: (result: ScriptResult) => void,
): Promise<WastRun> {
  const results: ScriptResult[] = [];
  const invalid: string[] = [];
  const options: ScriptOptions = {
    amendments: (o.revision ?? parseRevision("")).amendments,
    allSchedules: o.allSchedules === true,
    maxStates: o.maxStates ?? defaultMaxStates,
    goesOn: () => !io.stopped(),
  };
  const line = progress(io, "wast", o.progress === true);
  for (const [i, path] of files.entries()) {
    if (!line.say(`${i} of ${files.length} files, ${shown(path)}`, i)) break;
    const result = await runFile(path, options);
    line.done();
    if ("invalid" in result) invalid.push(result.invalid);
    else results.push(result);
    if (!("invalid" in result)) tell(result);
  }
  const complete = results.length + invalid.length === files.length;
  return { results, invalid, complete: complete && results.every((result) => result.complete) };
}

/** That something depends on the schedule is a failure only where all schedules were asked for. */
function exitCode({ results, invalid, complete }: WastRun, o: WastOptions): number {
  const { failed, dependent, bounded } = tallyOf(results);
  if (invalid.length > 0) return exitCodes.invalid;
  if (failed > 0 || (o.allSchedules === true && dependent > 0)) return exitCodes.violated;
  return complete && bounded === 0 ? exitCodes.ok : exitCodes.incomplete;
}

function jsonText({ results, invalid, complete }: WastRun): string {
  const files = results.map(scriptJson);
  return JSON.stringify({ complete, tally: tallyOf(results), files, invalid }, null, 2);
}

/** Runs scripts and prints what became of them. Throws `UsageError`. */
export async function wast(io: Io, paths: readonly string[], o: WastOptions): Promise<number> {
  const paint = paintOf(io);
  const verbose = o.verbose === true;
  const tell = (result: ScriptResult): void => {
    if (o.json !== true) print(io, scriptText(result, { verbose, paint }));
  };
  const run = await runWast(io, wastFiles(paths), o, tell);
  for (const line of run.invalid) complain(io, line);
  if (!run.complete) complain(io, "stopped before the end");
  if (o.json === true) print(io, [jsonText(run)]);
  else if (run.results.length > 1) print(io, ["", wastSummary(run.results)]);
  return exitCode(run, o);
}
