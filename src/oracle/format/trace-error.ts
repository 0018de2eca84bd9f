// What is wrong with a trace: one place, one sentence, one hint. Mirrors spec/15.

import { formatError } from "../../scenario/errors.ts";

/** A line of a file; `text` is all of it, without its end. */
export interface TraceLine {
  /** from 1 on */
  readonly number: number;
  readonly text: string;
}

/** What is wrong, before the file is known; `index`: UTF-16 units from the start of the line. */
export interface Problem {
  readonly index: number;
  readonly message: string;
  readonly hint: string | null;
}

/** An ill-formed trace; `line` and `column` are 1-based, columns count UTF-16 units. */
export class TraceError extends Error {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly hint: string | null;
  /** what is wrong, without the place */
  readonly problem: string;
  /** the line that it is in */
  readonly source: string;

  constructor(file: string, { number: line, text }: TraceLine, problem: Problem) {
    const column = problem.index + 1;
    const hint = problem.hint === null ? "" : ` (${problem.hint})`;
    super(`${file}:${line}:${column}: ${problem.message}${hint}`);
    this.name = "TraceError";
    this.file = file;
    this.line = line;
    this.column = column;
    this.hint = problem.hint;
    this.problem = problem.message;
    this.source = text;
  }
}

/** `file:line:column: problem`, the line with a caret, and the hint if there is one. */
export function formatTraceError(e: TraceError): string {
  return formatError({ ...e, message: e.problem }, e.source);
}
