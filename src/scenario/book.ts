// Scenarios out of files: a whole .scn file, or the `scenario` fences of a Markdown chapter.

import { trapCodes } from "../canon/traps.ts";
import type { Scenario } from "./ast.ts";
import { checkScenario } from "./check.ts";
import type { CheckOptions } from "./check-names.ts";
import { Fault, ScenarioError } from "./errors.ts";
import { parseScenarios } from "./parse.ts";
import { allProperties } from "./properties.ts";

/** What a scenario may name besides its own things: trap codes and standing properties. */
export const knownWords: CheckOptions = {
  trapCodes,
  expects: new Set(allProperties.map((property) => property.name)),
};

/** A fenced block of Markdown; `line` is the 1-based line of its opening fence. */
interface Fence {
  readonly info: string;
  readonly line: number;
  readonly body: readonly string[];
  /** false: it goes on to the end of the text */
  readonly closed: boolean;
}

const opening = /^ {0,3}(`{3,}|~{3,})[ \t]*([^`]*)$/;

function closes(line: string, mark: string): boolean {
  const text = line.trim();
  return text.length >= mark.length && text === mark.charAt(0).repeat(text.length);
}

/** Text without the byte order mark that some editors put in front. */
function withoutMark(text: string): string {
  return text.replace(/^\ufeff/, "");
}

function fencesIn(text: string): readonly Fence[] {
  const lines = withoutMark(text)
    .split("\n")
    .map((line) => line.replace(/\r$/, ""));
  const fences: Fence[] = [];
  for (let at = 0; at < lines.length; at++) {
    const [, mark, info = ""] = opening.exec(lines[at] ?? "") ?? [];
    if (mark === undefined) continue;
    const found = lines.findIndex((line, i) => i > at && closes(line, mark));
    const end = found === -1 ? lines.length : found;
    const body = lines.slice(at + 1, end);
    fences.push({ info: info.trim(), line: at + 1, body, closed: found !== -1 });
    at = end;
  }
  return fences;
}

function isScenario({ info }: Fence): boolean {
  return info.split(/\s/)[0] === "scenario";
}

/** Whether scenarios are fences in this file, and the rest prose. */
function isMarkdown(file: string): boolean {
  return file.toLowerCase().endsWith(".md");
}

/** Whether a file can have scenarios at all: any text but a chapter without a `scenario` fence. */
export function holdsScenarios(text: string, file: string): boolean {
  return !isMarkdown(file) || fencesIn(text).some(isScenario);
}

/**
 * The scenarios of a file, in order, with the positions that they have in it: blank lines stand for
 * the prose before a fence. They are parsed, not checked. Throws one `ScenarioError`.
 */
export function scenariosIn(text: string, file: string): readonly Scenario[] {
  if (!isMarkdown(file)) return parseScenarios(withoutMark(text), file);
  return fencesIn(text)
    .filter(isScenario)
    .flatMap((fence) => scenariosOf(fence, file));
}

/** What comes after a fence that somebody forgot to close is rarely a scenario: then that is it. */
function scenariosOf({ line, body, closed }: Fence, file: string): readonly Scenario[] {
  try {
    return parseScenarios("\n".repeat(line) + body.join("\n"), file);
  } catch (error) {
    if (closed || !(error instanceof ScenarioError)) throw error;
    const { message, expected } = error;
    const pos = { line: error.line, column: error.column };
    const hint = `the fence of line ${line} is not closed`;
    throw new ScenarioError(file, new Fault(pos, message, hint, expected));
  }
}

/** The scenarios of a file, parsed and checked. Throws one `ScenarioError`. */
export function checkedScenarios(text: string, file: string): readonly Scenario[] {
  const scenarios = scenariosIn(text, file);
  for (const scenario of scenarios) checkScenario(scenario, file, knownWords);
  return scenarios;
}
