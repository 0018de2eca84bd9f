// What is wrong with a WAVE text: one place, one sentence, one hint. Mirrors spec/14.

/** A text and a place in it: characters from 0 on. */
export interface Place {
  readonly source: string;
  readonly index: number;
}

/** An ill-formed WAVE text; `line` and `column` are 1-based, columns count UTF-16 units. */
export class WaveError extends Error {
  readonly line: number;
  readonly column: number;
  readonly hint: string | null;
  /** all of the text */
  readonly source: string;

  constructor({ source, index }: Place, message: string, hint: string | null) {
    super(message);
    const lines = source.slice(0, index).split("\n");
    this.name = "WaveError";
    this.line = lines.length;
    this.column = (lines.at(-1) ?? "").length + 1;
    this.hint = hint;
    this.source = source;
  }
}

/** Stops with an error at a place. */
export function fault(
  { source, index }: Place,
  message: string,
  hint: string | null = null,
): never {
  throw new WaveError({ source, index }, message, hint);
}
