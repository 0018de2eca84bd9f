// Streams that are pulled, one item at a time: an async iterator as a stream, and a stream as one. Mirrors spec/13.

/** What an iterator answers a request with, or a source gives. */
export type Answer =
  | { readonly tag: "item"; readonly value: number }
  /** `value` is what it returns at last */
  | { readonly tag: "end"; readonly value: number }
  | { readonly tag: "error"; readonly value: number };

/** An async iterator as a stream. */
export interface Pulled {
  /** how often `next` was called */
  readonly asked: number;
  /** how often `return` was called */
  readonly returned: number;
  /** a request is on its way */
  readonly waiting: boolean;
  /** what it brought and nobody has taken */
  readonly answer: Answer | null;
  readonly ended: boolean;
}

export const unpulled: Pulled = {
  asked: 0,
  returned: 0,
  waiting: false,
  answer: null,
  ended: false,
};

/** What a poll of the stream gives. */
export type Polled =
  | { readonly tag: "pending" }
  | { readonly tag: "end" }
  | { readonly tag: "item" | "error"; readonly value: number };

/** A stream and what its poll gave. */
export type Next = readonly [Pulled, Polled];

function taken(s: Pulled, answer: Answer): Next {
  const after: Pulled = { ...s, waiting: false, answer: null, ended: answer.tag !== "item" };
  return answer.tag === "end" ? [after, { tag: "end" }] : [after, answer];
}

/**
 * Polls the stream: asks for an item only if none is on its way. `throws`: what `next` throws if it is
 * called; null: it gives a promise.
 */
export function poll(s: Pulled, throws: number | null): Next {
  if (s.ended) return [s, { tag: "end" }];
  if (s.answer !== null) return taken(s, s.answer);
  if (s.waiting) return [s, { tag: "pending" }];
  const asked: Pulled = { ...s, asked: s.asked + 1, waiting: true };
  if (throws !== null) return taken(asked, { tag: "error", value: throws });
  return [asked, { tag: "pending" }];
}

/** The request on its way is answered. */
export function answered(s: Pulled, answer: Answer): Pulled {
  return s.waiting && s.answer === null ? { ...s, answer } : s;
}

/** The stream is dropped: nobody tells the iterator. */
export function dropped(s: Pulled): Pulled {
  return { ...s, ended: true, answer: null };
}

/** A stream as an async iterator: requests wait in line. */
export interface Serving {
  /** by number, in the order in which they were made */
  readonly requests: readonly { readonly n: number; readonly call: "next" | "return" }[];
  readonly made: number;
  /** the source is gone */
  readonly ended: boolean;
}

export const unserved: Serving = { requests: [], made: 0, ended: false };

/** How a request ended. */
export type Served =
  | { readonly n: number; readonly tag: "item" | "error"; readonly value: number }
  | { readonly n: number; readonly tag: "done" };

/** An iterator and the requests that were settled, in order. */
export type Line = readonly [Serving, readonly Served[]];

/** Settles what needs nothing of the source: whatever stands behind its end, and a `return` in front. */
function settled(s: Serving, before: readonly Served[] = []): Line {
  const [first, ...requests] = s.requests;
  if (first === undefined || !(s.ended || first.call === "return")) return [s, before];
  return settled({ ...s, requests, ended: true }, [...before, { n: first.n, tag: "done" }]);
}

/** `next` or `return` is called. */
export function request(s: Serving, call: "next" | "return"): Line {
  const requests = [...s.requests, { n: s.made, call }];
  return settled({ ...s, requests, made: s.made + 1 });
}

/** The source gives something to the first in line; nobody there: it is not asked. */
export function give(s: Serving, answer: Answer): Line {
  const [first, ...requests] = s.requests;
  if (first === undefined || s.ended) return [s, []];
  const { n } = first;
  const { tag } = answer;
  if (tag === "item") return settled({ ...s, requests }, [{ n, tag, value: answer.value }]);
  const over: Served = tag === "end" ? { n, tag: "done" } : { n, tag, value: answer.value };
  return settled({ ...s, requests, ended: true }, [over]);
}
