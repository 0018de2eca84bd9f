// What the front end says when a scenario is ill-formed: one place, one sentence, one hint.

import type { Pos } from "./ast-types.ts";

/** What is wrong, before the file is known. */
export class Fault extends Error {
  readonly pos: Pos;
  readonly expected: readonly string[];
  readonly hint: string | null;

  constructor(pos: Pos, message: string, hint: string | null, expected: readonly string[]) {
    super(message);
    this.pos = pos;
    this.hint = hint;
    this.expected = expected;
  }
}

/** An ill-formed scenario: `line` and `column` are 1-based, columns count UTF-16 units. */
export class ScenarioError extends Error {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** What could have stood there instead; empty when the mistake is not one of syntax. */
  readonly expected: readonly string[];
  readonly hint: string | null;

  constructor(file: string, cause: Fault) {
    super(cause.message);
    this.name = "ScenarioError";
    this.file = file;
    this.line = cause.pos.line;
    this.column = cause.pos.column;
    this.expected = cause.expected;
    this.hint = cause.hint;
  }
}

/** Stops with an error at `pos`. */
export function fault(
  pos: Pos,
  message: string,
  hint: string | null = null,
  expected: readonly string[] = [],
): never {
  throw new Fault(pos, message, hint, expected);
}

/** Runs `work`; a fault becomes a `ScenarioError` of this file. */
export function inFile<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Fault) throw new ScenarioError(file, error);
    if (!(error instanceof RangeError)) throw error;
    const start = { line: 1, column: 1 };
    throw new ScenarioError(file, new Fault(start, "nested too deeply", "split it up", []));
  }
}

/** What a terminal would act on instead of showing it. */
const unprintable = /(?!\t)[\p{Cc}\p{Bidi_Control}]/gu;

const widest = 120;

/** A text of somebody else's, so that it can be shown: no control characters, and not too long. */
export function printable(text: string): string {
  const shown = text.replace(unprintable, "\ufffd");
  return shown.length <= 2 * widest ? shown : `${shown.slice(0, widest)}..`;
}

/** The line, and the caret under the column; of a very long line only what is around it. */
function excerpt(
  line: string,
  column: number,
): { readonly source: string; readonly caret: string } {
  const start = line.length <= 2 * widest ? 0 : Math.max(0, column - widest);
  const before = start === 0 ? "" : "..";
  const after = line.length - start > 2 * widest ? ".." : "";
  const source = before + line.slice(start, start + 2 * widest) + after;
  const indent = source.slice(0, before.length + column - 1 - start);
  return { source, caret: `${indent.replace(/[^\t]/g, " ")}^` };
}

/** `file:line:column: message`, the offending line with a caret, and the hint if there is one. */
export function formatScenarioError(e: Omit<ScenarioError, "expected">, text: string): string {
  return formatError(e, text.split("\n")[e.line - 1] ?? "");
}

/** The same, where only the line is at hand. */
export function formatError(e: Omit<ScenarioError, "expected">, offending: string): string {
  const line = offending.replace(/\r/g, "").replace(unprintable, "\ufffd");
  const gutter = String(e.line);
  const { source, caret } = excerpt(line, e.column);
  const message = printable(e.message);
  const lines = [
    `${e.file}:${e.line}:${e.column}: ${message}`,
    `${gutter} | ${source}`,
    `${" ".repeat(gutter.length)} | ${caret}`,
  ];
  return [...lines, ...(e.hint === null ? [] : [`hint: ${e.hint}`])].join("\n");
}
