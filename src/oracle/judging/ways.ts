// The choices that led somewhere, as small integers; branches share what they have in common. Mirrors spec/15.

/** A choice and those before it, or a chunk of choices. */
export interface Way {
  readonly before: Way | null;
  /** index of an alternative; of a chunk, all its indices in order */
  readonly picks: number | Uint8Array | Uint32Array;
  /** how many single choices stand before the next chunk, this one included */
  readonly loose: number;
}

/** So many single choices become a chunk, which takes a byte for each. */
const chunk = 512;

/** The way with one more choice. */
export function further(before: Way | null, pick: number): Way {
  const way: Way = { before, picks: pick, loose: (before?.loose ?? 0) + 1 };
  return way.loose < chunk ? way : packed(way);
}

function packed(last: Way): Way {
  const picks: number[] = [];
  let way: Way | null = last;
  for (; way !== null && typeof way.picks === "number"; way = way.before) picks.push(way.picks);
  picks.reverse();
  const all = picks.some((pick) => pick > 255) ? Uint32Array.from(picks) : Uint8Array.from(picks);
  return { before: way, picks: all, loose: 0 };
}

/** All choices of a way, from the first one on. */
export function* picksOf(last: Way | null): Generator<number> {
  const links: Way[] = [];
  for (let way = last; way !== null; way = way.before) links.push(way);
  for (const { picks } of links.reverse()) {
    if (typeof picks === "number") yield picks;
    else yield* picks;
  }
}
