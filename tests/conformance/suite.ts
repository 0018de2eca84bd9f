// The official test suites: their scripts in a checkout, run, and held against the list of divergences.

import { existsSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { runWast, type WastOptions, wastFiles } from "../../src/cli/wast.ts";
import { parseRevision } from "../../src/scenario/revision.ts";
import type { ScriptResult } from "../../src/wast/run.ts";
import { type Tally, tallyOf } from "../../src/wast/tally.ts";

/** The revision of component-model at which its suite is run: what it was written for. */
export const suiteRevision = "6d28164";

/** One script of a suite; `path` is relative to the suite, with slashes. */
export interface Row {
  readonly path: string;
  readonly result: ScriptResult;
  readonly tally: Tally;
  /** the divergence that explains each failure there is, by its line */
  readonly explained: ReadonlyMap<number, string>;
  /** lines that a divergence speaks of although nothing fails there */
  readonly outdated: readonly number[];
}

export interface Suite {
  readonly title: string;
  readonly rows: readonly Row[];
  /** scripts that are none */
  readonly invalid: readonly string[];
  /** false: it was stopped */
  readonly complete: boolean;
}

/** How a divergence names assertions: `x.wast:12, 34 and 56`. */
const mention = /([a-z0-9-]+\.wast):(\d+(?:(?:,\s+|\s+and\s+)\d+)*)/g;

/** Script and line of an assertion, to the id of the divergence that speaks of it. */
export type Divergences = ReadonlyMap<string, string>;

/** Reads the list: entries begin with their id, and name scripts with lines. */
export function readDivergences(text: string): Divergences {
  const found = new Map<string, string>();
  for (const section of text.split(/^### /m).slice(1)) {
    const [id = ""] = section.split("\n");
    for (const [, file, lines = ""] of section.matchAll(mention)) {
      for (const [line] of lines.matchAll(/\d+/g)) found.set(`${file}:${line}`, id);
    }
  }
  return found;
}

/** A failure that an earlier one brought about is explained with it. */
function explain(path: string, result: ScriptResult, known: Divergences): Row["explained"] {
  const file = path.split("/").at(-1);
  return new Map(
    result.judged.flatMap(({ verdict, place }) => {
      if (verdict.tag !== "failed") return [];
      const { line } = verdict.cause ?? place;
      const id = known.get(`${file}:${line}`);
      return id === undefined ? [] : [[place.line, id] as const];
    }),
  );
}

function outdated(path: string, { judged }: ScriptResult, known: Divergences): Row["outdated"] {
  const file = path.split("/").at(-1);
  const lines = judged.flatMap(({ verdict, place: { line } }) =>
    verdict.tag !== "failed" && known.has(`${file}:${line}`) ? [line] : [],
  );
  return [...new Set(lines)];
}

/** How many failures no divergence explains. */
export function unexplained({ tally, explained }: Row): number {
  return tally.failed - explained.size;
}

export interface SuiteOptions {
  readonly title: string;
  /** the folder with the scripts */
  readonly folder: string;
  readonly revision: string;
  readonly divergences: Divergences;
  readonly allSchedules?: boolean;
  readonly maxStates?: number;
  /** which scripts are run, by their path; all without it */
  readonly only?: (path: string) => boolean;
  readonly tell?: (text: string) => void;
  readonly stopped?: () => boolean;
}

function pathIn(folder: string, file: string): string {
  return relative(folder, file).split(sep).join("/");
}

/** Runs the scripts of a suite. */
export async function runSuite(options: SuiteOptions): Promise<Suite> {
  const { title, folder, divergences, tell = () => {} } = options;
  const { only = () => true, stopped = () => false } = options;
  const files = wastFiles([folder]).filter((file) => only(pathIn(folder, file)));
  const io = { out: tell, err: tell, color: false, terminal: false, stopped };
  const more: WastOptions = {
    revision: parseRevision(options.revision),
    allSchedules: options.allSchedules === true,
    ...(options.maxStates === undefined ? {} : { maxStates: options.maxStates }),
  };
  const rows: Row[] = [];
  const { invalid, complete } = await runWast(io, files, more, (result) => {
    const path = pathIn(folder, join(process.cwd(), result.file));
    rows.push({
      path,
      result,
      tally: tallyOf([result]),
      explained: explain(path, result, divergences),
      outdated: outdated(path, result, divergences),
    });
    tell(`${path}\n`);
  });
  return { title, rows, invalid, complete };
}

/** Folders of the core suite that speak of what is not supported. */
const beyond = ["simd/", "relaxed-simd/", "gc/"];

/** The part of a core suite that this package is about. */
export function inScope(path: string): boolean {
  return beyond.every((folder) => !path.startsWith(folder));
}

/** The folder of a checkout that has the scripts; null: it has none. */
export function suiteFolder(checkout: string, inside: string): string | null {
  const folders = [join(checkout, inside), checkout];
  return folders.find((folder) => existsSync(folder)) ?? null;
}

export function divergencesOf(root: string): Divergences {
  return readDivergences(readFileSync(join(root, "spec/divergences.md"), "utf8"));
}
