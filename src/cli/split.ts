// `split`: a world of WIT with start and result halves, as isyswasfa would have it.

import { randomUUID } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { InvalidArgumentError } from "commander";
import { SplitError } from "../history/split/choice.ts";
import { type Quirk, quirks } from "../history/split/names.ts";
import { asOneFile } from "../history/split/packages.ts";
import type { SplitOptions } from "../history/split/plan.ts";
import { split } from "../history/split/split.ts";
import { formatScenarioError } from "../scenario/errors.ts";
import type { WitFile } from "../wit/ast.ts";
import { WitError } from "../wit/errors.ts";
import { parseWit } from "../wit/parse.ts";
import { printWit } from "../wit/print.ts";
import { didYouMean } from "../wit/spelling.ts";
import { exitCodes, type Io, UsageError } from "./io.ts";

export interface SplitCommandOptions extends Omit<SplitOptions, "quirks"> {
  readonly quirk?: SplitOptions["quirks"];
  /** a folder that is new or empty */
  readonly output?: string;
}

/** One more `--quirk`. */
export function addQuirk(text: string, before: readonly Quirk[] = []): readonly Quirk[] {
  const found = quirks.find((one) => one === text);
  if (found !== undefined) return [...before, found];
  const hint = didYouMean(text, quirks);
  const known = `it is one of ${quirks.join(", ")}`;
  throw new InvalidArgumentError(hint === null ? known : `${hint} ${known}`);
}

interface Text {
  readonly file: string;
  readonly text: string;
}

function shown(path: string): string {
  return relative(process.cwd(), path).split(sep).join("/") || ".";
}

function attempt<T>(doing: string, path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "there is no such file or folder" : (code ?? message);
    throw new UsageError(`cannot ${doing} ${shown(path)}: ${why}`);
  }
}

/** A file, or every .wit file under a folder. */
function filesAt(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path];
  const names = readdirSync(path, { recursive: true, encoding: "utf8" }).sort();
  const found = names.filter((name) => name.endsWith(".wit")).map((name) => join(path, name));
  if (found.length === 0) throw new UsageError(`no .wit files under ${shown(path)}`);
  return found;
}

function textOf(path: string): Text {
  const bytes = readFileSync(path);
  try {
    return { file: shown(path), text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    throw new UsageError(`${shown(path)} is not UTF-8 text`);
  }
}

/** What the arguments name, each file once. */
function textsOf(paths: readonly string[]): readonly Text[] {
  const all = paths.flatMap((path) => attempt("read", path, () => filesAt(path)));
  const once = new Map(all.map((path) => [shown(path), path]));
  return [...once.values()].map((path) => attempt("read", path, () => textOf(path)));
}

/** `work`, whose errors about the texts or the options become ones of the command line. */
function reporting<T>(texts: readonly Text[], work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof SplitError) throw new UsageError(error.message);
    if (!(error instanceof WitError)) throw error;
    const { text = "" } = texts.find(({ file }) => file === error.file) ?? {};
    throw new UsageError(formatScenarioError(error, text));
  }
}

function checkNew(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new UsageError(`cannot write ${shown(folder)}: it is there and not empty`);
  }
}

function writeAll(folder: string, files: readonly WitFile[]): void {
  for (const file of files) {
    const path = join(folder, file.file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, printWit(file));
  }
}

/** All files or none: they are written elsewhere, and then moved at once. */
function writeFolder(folder: string, files: readonly WitFile[]): void {
  const temporary = `${resolve(folder)}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    writeAll(temporary, files);
    if (existsSync(folder)) rmdirSync(folder);
    renameSync(temporary, folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Prints the split world as one text, or writes it as a folder of packages. Throws `UsageError`. */
export function splitCommand(io: Io, paths: readonly string[], o: SplitCommandOptions): number {
  const { output, world, suffix, quirk } = o;
  const texts = textsOf(paths);
  const files = reporting(texts, () =>
    split(
      texts.map(({ file, text }) => parseWit(text, file)),
      { world, suffix, quirks: quirk },
    ),
  );
  if (output === undefined) io.out(printWit(asOneFile(files)));
  else {
    attempt("write", output, () => {
      checkNew(output);
      writeFolder(output, files);
    });
  }
  return exitCodes.ok;
}
