// Throwing and catching: which handler takes an exception. Mirrors the core specification, "Exception Handling".

import { entryAt, type Handler } from "./code.ts";
import type { Exception } from "./program.ts";
import { burn } from "./run-fuel.ts";
import { type Machine, trap } from "./run-machine.ts";

/** Reads what a `throw` throws: its arguments lie from word `at` on. */
export function throwNew(m: Machine, tag: number, at: number, count: number): boolean {
  const words = Array.from(m.words.subarray(at, at + count));
  return unwind(m, { tag, words }, null);
}

/** Throws the exception that a reference refers to. */
export function throwAgain(m: Machine, ref: number): boolean {
  const exception = m.exceptions[ref - 1];
  if (exception === undefined) return trap("null-reference");
  return unwind(m, exception, ref);
}

function handlerAt(m: Machine, place: number, tag: number): Handler | null {
  const { handlers } = entryAt(m.code, place);
  burn(m, 1 + handlers.length);
  return (
    handlers.find(({ start, end, tag: caught }) => {
      return place >= start && place < end && (caught === null || caught === tag);
    }) ?? null
  );
}

/**
 * Goes on where the exception is caught, and tells whether it is: then `place`, `base` and `depth` are set. An
 * exception has a number only once code has a reference to it.
 */
function unwind(m: Machine, exception: Exception, ref: number | null): boolean {
  let { place, base, depth } = m;
  while (place > 0) {
    const handler = handlerAt(m, place, exception.tag);
    if (handler !== null) {
      Object.assign(m, { base, depth, place: handler.target });
      enterHandler(m, handler, exception, ref);
      return true;
    }
    depth -= 2;
    // the instruction behind the call may lie beyond the block that the call is in
    place = (m.calls[depth] ?? 0) - 1;
    base = m.calls[depth + 1] ?? 0;
  }
  m.thrown = exception;
  return false;
}

function enterHandler(
  m: Machine,
  handler: Handler,
  exception: Exception,
  ref: number | null,
): void {
  const into = m.base + handler.into;
  const words = handler.tag === null ? [] : exception.words;
  m.words.set(words, into);
  if (handler.ref) m.words[into + words.length] = ref ?? keep(m, exception);
}

function keep(m: Machine, exception: Exception): number {
  burn(m, m.exceptions.length);
  m.exceptions = [...m.exceptions, exception];
  return m.exceptions.length;
}
