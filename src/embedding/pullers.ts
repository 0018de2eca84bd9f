// What JavaScript calls a stream, as one thing that can be asked for the next item.

import { Misfit, shown } from "./misfit.ts";

/** A step of an iterator. */
export interface Pulled {
  readonly done?: boolean | undefined;
  readonly value?: unknown;
}

export interface Puller {
  readonly isAsync: boolean;
  next(): Pulled | PromiseLike<Pulled>;
  /** No more is wanted. Never throws, nor leaves a rejection behind. */
  close(): void;
}

interface Reader {
  read(): PromiseLike<Pulled>;
  cancel(): PromiseLike<unknown>;
}

type Iteration = Iterator<unknown> | AsyncIterator<unknown>;

/** A source that fails while it is closed has nobody to tell. */
function quietly(close: () => unknown): void {
  try {
    Promise.resolve(close()).catch(() => {});
  } catch {
    // nobody to tell
  }
}

/** Gives what `begin` gives, which is called when that is asked for first. */
function lazily<X>(begin: () => X): () => X {
  let begun: X | null = null;
  return () => {
    begun ??= begin();
    return begun;
  };
}

/** Nothing is asked of a source before somebody reads it. */
function iterating(isAsync: boolean, begin: () => Iteration): Puller {
  const iteration = lazily(begin);
  return {
    isAsync,
    next: () => iteration().next(),
    close: () => quietly(() => iteration().return?.()),
  };
}

function reading(begin: () => Reader): Puller {
  const reader = lazily(begin);
  return {
    isAsync: true,
    next: () => reader().read(),
    close: () => quietly(() => reader().cancel()),
  };
}

/** A `ReadableStream`, `AsyncIterable` or `Iterable` object. Throws `TypeError` for anything else. */
export function pullerOf(js: unknown): Puller {
  if (typeof js !== "object" || js === null) throw new Misfit(`${shown(js)} is no stream`);
  if ("getReader" in js) {
    return reading(() => (js as { getReader(): Reader }).getReader());
  }
  if (Symbol.asyncIterator in js) {
    return iterating(true, () => (js as AsyncIterable<unknown>)[Symbol.asyncIterator]());
  }
  if (Symbol.iterator in js) {
    return iterating(false, () => (js as Iterable<unknown>)[Symbol.iterator]());
  }
  throw new Misfit("object is no stream");
}
