// What may come at once or later. Code that got everything at once goes on without giving way. Mirrors spec/15.

/** A value, or a promise of it. */
export type Promising<T> = T | PromiseLike<T>;

export function isPromise<T>(value: Promising<T>): value is PromiseLike<T> {
  return typeof value === "object" && value !== null && "then" in value;
}

/** Goes on with a value: at once if it is there, as `await` never does. */
export function andThen<T, U>(value: Promising<T>, go: (value: T) => Promising<U>): Promising<U> {
  return isPromise(value) ? value.then(go) : go(value);
}
