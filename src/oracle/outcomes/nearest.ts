// The outcome that comes nearest to one that is not allowed, and where the two differ. Mirrors spec/15-oracle.md.

import { type Outcome, showEnd } from "../../scheduler/outcome.ts";

type Facts = Pick<Outcome, "log" | "end">;

/** One line of a difference: in both, only in what was asked for, or only in what is there. */
export interface DiffLine {
  readonly tag: "both" | "asked" | "there";
  readonly text: string;
}

/** `table[i][j]`: the fewest lines to take out or put in between `a` from i on and `b` from j on. */
function distances(a: readonly string[], b: readonly string[]): readonly (readonly number[])[] {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  const at = (i: number, j: number): number => table[i]?.[j] ?? 0;
  for (let i = a.length; i >= 0; i--) {
    for (let j = b.length; j >= 0; j--) {
      const row = table[i];
      if (row === undefined) continue;
      if (i === a.length || j === b.length) row[j] = a.length - i + b.length - j;
      else if (a[i] === b[j]) row[j] = at(i + 1, j + 1);
      else row[j] = 1 + Math.min(at(i + 1, j), at(i, j + 1));
    }
  }
  return table;
}

function linesOf({ log, end }: Facts): readonly string[] {
  return [...log, `end ${showEnd(end) || "ok"}`];
}

/** How an outcome differs from the one that was asked for, line by line, its end last. */
export function difference(asked: Facts, there: Facts): readonly DiffLine[] {
  const [a, b] = [linesOf(asked), linesOf(there)];
  const table = distances(a, b);
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const less = (table[i + 1]?.[j] ?? Infinity) <= (table[i]?.[j + 1] ?? Infinity);
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ tag: "both", text: a[i] ?? "" });
      i += 1;
      j += 1;
    } else if (i < a.length && (j === b.length || less)) {
      lines.push({ tag: "asked", text: a[i] ?? "" });
      i += 1;
    } else {
      lines.push({ tag: "there", text: b[j] ?? "" });
      j += 1;
    }
  }
  return lines;
}

/** The first of those that differ least from what was asked for; undefined: there is none. */
export function nearest<T>(
  asked: Facts,
  all: readonly T[],
  factsOf: (one: T) => Facts,
): T | undefined {
  const target = linesOf(asked);
  const ranked = all.map((one) => {
    return { one, far: distances(target, linesOf(factsOf(one)))[0]?.[0] ?? 0 };
  });
  return ranked.sort((x, y) => x.far - y.far)[0]?.one;
}
