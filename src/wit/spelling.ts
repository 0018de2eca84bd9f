// Which known word a misspelt one probably stands for.

/** How many letters must be changed, added, left out or swapped to turn `a` into `b`. */
function distance(a: string, b: string): number {
  let before: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = swapped ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      row[j] = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same, swap);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

/** `did you mean X?`, or null when no candidate is near. Long words are not compared. */
export function didYouMean(word: string, candidates: Iterable<string>): string | null {
  let best: string | null = null;
  let bound = Math.max(1, Math.ceil(word.length / 3)) + 1;
  for (const candidate of candidates) {
    if (candidate === word || Math.abs(candidate.length - word.length) >= bound) continue;
    if (word.length > 64) continue;
    const d = distance(word.toLowerCase(), candidate.toLowerCase());
    if (d >= bound || d >= Math.max(candidate.length, word.length)) continue;
    bound = d;
    best = candidate;
  }
  return best === null ? null : `did you mean \`${best}\`?`;
}

/** `a, b or c` */
export function oneOf(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
