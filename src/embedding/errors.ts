// What a promise of the embedding is rejected with.

import { traps } from "../canon/traps.ts";
import type { Ending } from "../model/store.ts";

/**
 * The `error` of a `result`: an export that returns one rejects with this, and a JavaScript function
 * throws it to return one. `payload` is the error as a value of its WIT type, undefined if it has none.
 */
export class ComponentError extends Error {
  override readonly name = "ComponentError";
  readonly payload: unknown;
  constructor(payload?: unknown) {
    super(`error(${typeof payload === "string" ? payload : typeof payload})`);
    this.payload = payload;
  }
}

/** A guest erred: nothing of the system runs any more. `cause`: what a JavaScript function threw. */
export class TrapError extends Error {
  override readonly name = "TrapError";
  /** one of the codes of spec/08 */
  readonly code: string;
  /** what the code means, in one sentence */
  readonly sentence: string;
  /** where it happened: the rule of the book, the component, the thread */
  readonly rule: string;
  readonly instance: string;
  readonly thread: string;
  constructor({ code, rule, instance, thread }: Ending & { tag: "trap" }, cause?: unknown) {
    const sentence = traps[code] ?? code;
    const why = cause instanceof Error || typeof cause === "string" ? ` (${cause})` : "";
    const options = cause === undefined ? {} : { cause };
    super(`${code} in ${instance}, thread ${thread}: ${sentence}${why}`, options);
    this.code = code;
    this.sentence = sentence;
    this.rule = rule;
    this.instance = instance;
    this.thread = thread;
  }
}

/** An assertion of the specification fails (`bug`), or a bound of this machine is reached (`limit`). */
export class MachineError extends Error {
  override readonly name = "MachineError";
  readonly tag: "bug" | "limit";
  constructor(ending: Exclude<Ending, { tag: "trap" }>) {
    super(ending.tag === "bug" ? `${ending.code}: ${ending.detail}` : ending.bound);
    this.tag = ending.tag;
  }
}

/** Nothing can go on, and JavaScript owes nothing: what is awaited will never come. */
export class DeadlockError extends Error {
  override readonly name = "DeadlockError";
  /** who waits for what, one sentence for each */
  readonly waiting: readonly string[];
  constructor(waiting: readonly string[]) {
    super(`nothing can go on: ${waiting.join("; ")}`);
    this.waiting = waiting;
  }
}

/** `thrown`: by a JavaScript function, if it did. */
export function endError(ending: Ending, thrown: unknown): Error {
  if (ending.tag !== "trap") return new MachineError(ending);
  return new TrapError(ending, ending.code === "guest.throw" ? thrown : undefined);
}
