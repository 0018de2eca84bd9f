// `compare`: what engines were seen to do, beside what the model allows.

import { basename } from "node:path";
import { type Comparison, compare, type Engine } from "../oracle/outcomes/compare.ts";
import { type EngineRun, engineRuns } from "../oracle/outcomes/engine-runs.ts";
import { ModelError, type ModelSearch, modelSearch } from "../oracle/outcomes/model-outcomes.ts";
import { comparedJson } from "../report/compare-json.ts";
import { comparedMarkdown, comparedText } from "../report/compare-text.ts";
import type { Selection } from "../scenario/revision.ts";
import { bytesOf, shown } from "./files.ts";
import { type Io, paintOf, print, UsageError, verdictCodes } from "./io.ts";

export interface CompareOptions {
  readonly only?: string;
  readonly revision?: Selection;
  readonly json?: boolean;
  readonly markdown?: boolean;
}

function textOf(path: string): string {
  return new TextDecoder().decode(bytesOf(path));
}

/** Throws `UsageError` for a file that `explore --json` did not write. */
function readModel(path: string, { only, revision }: CompareOptions): ModelSearch {
  const text = textOf(path);
  try {
    return modelSearch(JSON.parse(text), { only, revision: revision?.label });
  } catch (error) {
    if (error instanceof ModelError) throw new UsageError(`${shown(path)}: ${error.message}`);
    if (!(error instanceof SyntaxError)) throw error;
    throw new UsageError(`${shown(path)} is no JSON; explore --json writes it`);
  }
}

/** The files' names without folder and ending, where that tells them apart. */
function namesOf(paths: readonly string[]): readonly string[] {
  const short = paths.map((path) => basename(path).replace(/\.[^.]*$/, ""));
  return new Set(short).size === short.length ? short : paths.map(shown);
}

/** Whether two programs call the same, in whatever order and however it is spaced. */
function isSame(a: readonly string[], b: readonly string[]): boolean {
  const key = (calls: readonly string[]): string => {
    return JSON.stringify(calls.map((call) => call.replaceAll(/\s/g, "")).sort());
  };
  return key(a) === key(b);
}

/** Throws `UsageError` for a run of something else: each of its outcomes would be one that is not allowed. */
function checkCalls(file: string, runs: readonly EngineRun[], { calls }: ModelSearch): void {
  for (const [i, run] of runs.entries()) {
    if (calls === null || run.calls === null || isSame(run.calls, calls)) continue;
    const other = `run ${i + 1} is of ${run.calls.join(", ") || "no calls"}`;
    throw new UsageError(`${file}: ${other}, the model's of ${calls.join(", ")}`);
  }
}

function readEngines(paths: readonly string[], model: ModelSearch): readonly Engine[] {
  const names = namesOf(paths);
  return paths.map((path, i) => {
    const runs = engineRuns(textOf(path), shown(path));
    checkCalls(shown(path), runs, model);
    return { name: names[i] ?? path, runs };
  });
}

function report(io: Io, compared: Comparison, { json, markdown }: CompareOptions): void {
  if (json === true) print(io, [JSON.stringify(comparedJson(compared), null, 2)]);
  else if (markdown === true) print(io, comparedMarkdown(compared));
  else print(io, comparedText(compared, paintOf(io)));
}

/**
 * Prints the table: 1 if something was seen that is not allowed, 3 if the model's search cannot tell. Throws
 * `UsageError` and `TraceError`.
 */
export function compareCommand(
  io: Io,
  model: string,
  engines: readonly string[],
  options: CompareOptions,
): number {
  const search = readModel(model, options);
  const compared = compare(search, readEngines(engines, search));
  report(io, compared, options);
  return verdictCodes[compared.verdict];
}
