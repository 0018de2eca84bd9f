// Finds and reads scenario files: what is named, and everything under a folder, in sorted order.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { selector } from "../report/command.ts";
import type { Scenario } from "../scenario/ast.ts";
import { checkedScenarios, holdsScenarios } from "../scenario/book.ts";
import { fault, formatScenarioError, inFile, ScenarioError } from "../scenario/errors.ts";
import { UsageError } from "./io.ts";

/** A file with its scenarios (a component is one); `file` is relative to the working directory, with slashes. */
export interface Source {
  readonly file: string;
  readonly scenarios: readonly Scenario[];
}

/** A file whose text is no scenario: the error, and how to print it. */
export interface Invalid {
  readonly file: string;
  readonly error: ScenarioError;
  readonly message: string;
}

/** Relative, so that the output does not depend on where the project lies. */
export function shown(path: string): string {
  return relative(process.cwd(), path).split(sep).join("/") || ".";
}

function reason(error: unknown): string {
  const code = (error as { readonly code?: unknown }).code;
  const known: Readonly<Record<string, string>> = {
    ENOENT: "there is no such file",
    EACCES: "it may not be read",
    EISDIR: "it is a directory",
  };
  return known[String(code)] ?? String(code ?? error);
}

/** Does what reads a file or folder; an error of the machine becomes a `UsageError` that says why. */
export function attempt<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`cannot read ${shown(path)}: ${reason(error)}`);
  }
}

/** The text of a file, without a byte order mark; what is not UTF-8 reads as U+FFFD. */
function textOf(path: string): string {
  return new TextDecoder().decode(bytesOf(path));
}

export function bytesOf(path: string): Uint8Array {
  return attempt(path, () => readFileSync(path));
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Stops at the first place of `text` that is not UTF-8 in the file, if there is one. */
function checkEncoding(text: string, bytes: Uint8Array): void {
  if (isUtf8(bytes)) return;
  const before = text.slice(0, Math.max(0, text.indexOf("\ufffd"))).split("\n");
  const pos = { line: before.length, column: (before.at(-1) ?? "").length + 1 };
  fault(pos, "this is not UTF-8 text", "save the file as UTF-8");
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}

function hidden(name: string): boolean {
  return name.startsWith(".") || name === "node_modules";
}

/** The files under a folder whose names end like this, in sorted order. Throws `UsageError`. */
export function walk(folder: string, ending: RegExp): readonly string[] {
  const entries = attempt(folder, () => readdirSync(folder, { withFileTypes: true }));
  return entries.sort(byName).flatMap((entry) => {
    if (hidden(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return walk(path, ending);
    return ending.test(entry.name) ? [path] : [];
  });
}

export function isFolder(path: string): boolean {
  return attempt(path, () => statSync(path).isDirectory());
}

/** The files that the arguments mean, each once, in order. */
export function filesOf(args: readonly string[]): readonly string[] {
  const all = args.flatMap((path) => {
    if (!isFolder(path)) return [path];
    const some = walk(path, /\.(scn|md)$/);
    const found = some.filter((file) => holdsScenarios(textOf(file), file));
    if (found.length === 0) throw new UsageError(`no scenarios under ${shown(path)}`);
    return found;
  });
  return [...new Map(all.map((path) => [shown(path), path])).values()];
}

/** The scenarios of a file that says it has some. Throws one `ScenarioError`. */
function scenariosOf(path: string, file: string, text: string): readonly Scenario[] {
  inFile(file, () => checkEncoding(text, bytesOf(path)));
  const scenarios = checkedScenarios(text, file);
  if (scenarios.length > 0) return scenarios;
  const hint = 'a file holds scenarios: scenario "title", then its lines';
  return inFile(file, () => fault({ line: 1, column: 1 }, "there is no scenario here", hint));
}

/** A file of scenarios. Throws `UsageError` if it cannot be read, or says that it has none. */
export function sourceOf(path: string): Source | Invalid {
  const [file, text] = [shown(path), textOf(path)];
  if (!holdsScenarios(text, file)) throw new UsageError(`no \`scenario\` fence in ${file}`);
  try {
    return { file, scenarios: scenariosOf(path, file, text) };
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return { file, error, message: formatScenarioError(error, text) };
  }
}

/** All scenarios of files and folders; components are left to `sources.ts`. Throws `UsageError`. */
export function readSources(args: readonly string[]): readonly (Source | Invalid)[] {
  return filesOf(args).map(sourceOf);
}

export function isInvalid(source: Source | Invalid): source is Invalid {
  return "error" in source;
}

/** What `--only` accepts: an id, a title, or the line that a scenario begins at. */
export function isMeant({ id, title, pos }: Scenario, only: string): boolean {
  return id === only || title === only || String(pos.line) === only;
}

/** Says which names there are, when none or too many are meant. */
export function notFound(only: string, sources: readonly Source[]): UsageError {
  const names = sources.flatMap((s) => s.scenarios.map((x) => selector(x, s.scenarios)));
  const some = names.slice(0, 40);
  const more = names.length > some.length ? `, and ${names.length - some.length} more` : "";
  return new UsageError(`no scenario is called "${only}"; there are: ${some.join(", ")}${more}`);
}
