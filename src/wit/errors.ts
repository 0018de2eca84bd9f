// What the WIT front end says when a text is ill-formed: one place, one sentence, one hint.

import type { Pos } from "./ast.ts";

/** What is wrong, before the file is known. */
class Fault extends Error {
  readonly pos: Pos;
  readonly hint: string | null;

  constructor(pos: Pos, message: string, hint: string | null) {
    super(message);
    this.pos = pos;
    this.hint = hint;
  }
}

/** An ill-formed WIT text: `line` and `column` are 1-based, columns count UTF-16 units. */
export class WitError extends Error {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly hint: string | null;

  constructor(file: string, { line, column }: Pos, message: string, hint: string | null) {
    super(message);
    this.name = "WitError";
    this.file = file;
    this.line = line;
    this.column = column;
    this.hint = hint;
  }
}

/** Stops with an error at `pos` of the file that the nearest `inFile` around it names. */
export function fault(pos: Pos, message: string, hint: string | null = null): never {
  throw new Fault(pos, message, hint);
}

/** Runs `work`; a fault becomes a `WitError` of this file. */
export function inFile<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Fault) throw new WitError(file, error.pos, error.message, error.hint);
    throw error;
  }
}
