// Streams whose errors travel beside them, in a future: the pattern of WASI, for the streams of JavaScript.

import { ComponentError } from "./errors.ts";

/** Anything with items that JavaScript can iterate over, at once or in time. */
export type ItemSource<T> = AsyncIterable<T> | Iterable<T>;

/** A stream that only ends, and what tells how: the arguments for `stream<T>, future<result<_, E>>`. */
export interface Companions<T> {
  readonly items: AsyncIterable<T>;
  readonly ended: Promise<void>;
}

/**
 * Splits a source that may throw in two. `ended` is fulfilled when the source is at its end or its
 * reader has left, and rejected with a `ComponentError` when it throws; `payloadOf` makes the error of
 * the WIT type out of what was thrown.
 */
export function companions<T>(
  source: ItemSource<T>,
  payloadOf: (thrown: unknown) => unknown,
): Companions<T> {
  let settle: (error: ComponentError | null) => void = () => {};
  const ended = new Promise<void>((resolve, reject) => {
    settle = (error) => (error === null ? resolve() : reject(error));
  });
  // whoever does not look at the future does not want to know
  ended.catch(() => {});
  const items = { [Symbol.asyncIterator]: () => closing(told(source, payloadOf, settle), settle) };
  return { items, ended };
}

/** A generator that never began does not notice that it is closed. */
function closing<T>(
  inner: AsyncGenerator<T, void, undefined>,
  settle: (error: null) => void,
): AsyncIterator<T, void, undefined> {
  return {
    next: () => inner.next(),
    return: async () => {
      await inner.return();
      settle(null);
      return { done: true, value: undefined };
    },
  };
}

async function* told<T>(
  source: ItemSource<T>,
  payloadOf: (thrown: unknown) => unknown,
  settle: (error: ComponentError | null) => void,
): AsyncGenerator<T, void, undefined> {
  try {
    yield* source;
  } catch (thrown) {
    settle(new ComponentError(payloadOf(thrown)));
  } finally {
    settle(null);
  }
}

/** The inverse: the items of a stream, and at its end the error of the future beside it, if it has one. */
export async function* joined<T>(
  items: ItemSource<T>,
  ended: PromiseLike<unknown>,
): AsyncGenerator<T, void, undefined> {
  yield* items;
  await ended;
}
