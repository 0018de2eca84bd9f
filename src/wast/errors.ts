// What is wrong with the text of a script, and where. Mirrors spec/14.

/** A place in a text: both from 1; a column counts characters. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** The text is no script: what was expected, and what stands there. */
export class WastError extends Error {
  readonly place: Place;

  constructor(place: Place, message: string) {
    super(message);
    this.name = "WastError";
    this.place = place;
  }
}

/** A text that knows the place of each of its offsets. */
export interface SourceText {
  readonly text: string;
  readonly place: (offset: number) => Place;
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** The last line that starts at or before an offset. */
function lineOf(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

export function sourceText(text: string): SourceText {
  let starts: readonly number[] | null = null;
  return {
    text,
    place: (offset) => {
      starts ??= lineStarts(text);
      const line = lineOf(starts, offset);
      return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
    },
  };
}

export function fail(source: SourceText, offset: number, message: string): never {
  throw new WastError(source.place(offset), message);
}
