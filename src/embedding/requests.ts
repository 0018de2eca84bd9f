// Calls of JavaScript functions by guests: answered at once, or when their promise settles.

import type { FuncDef } from "../model/program.ts";
import type { Value } from "../model/values.ts";
import type { Answer, Arrival, Request } from "./arrivals.ts";
import { within } from "./misfit.ts";
import { fulfilledFromJs, rejectedFromJs } from "./results.ts";
import { type Handing, isThenable } from "./sources.ts";
import { type Receiver, toJs } from "./to-js.ts";

/** What a JavaScript function gets after its arguments. */
export interface CallContext {
  /** aborts when the caller cancels the call, and when the run ends */
  readonly signal: AbortSignal;
}

/** A function that guests call: the arguments by position, then a `CallContext`. */
// biome-ignore lint/suspicious/noExplicitAny: its parameters are those of a WIT signature
export type HostFunction = (...args: any[]) => unknown;

/** A JavaScript function, and the host function that it stands for. */
export interface Import {
  readonly call: HostFunction;
  readonly def: FuncDef;
}

interface Parts {
  readonly imports: ReadonlyMap<string, Import>;
  readonly receiver: Receiver;
  readonly handing: () => Handing;
  readonly arrive: (arrival: Arrival) => void;
}

function isAbort(error: unknown, { aborted, reason }: AbortSignal): boolean {
  if (!aborted) return false;
  return error === reason || (error instanceof Error && error.name === "AbortError");
}

export class Requests {
  readonly #parts: Parts;
  readonly #pending = new Map<number, AbortController>();
  /** what a function threw that its type cannot say */
  cause: unknown = undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#pending.size;
  }

  /** Calls the function; null: it has given a promise. */
  call({ request, func, args }: Request): Answer | null {
    const { imports, receiver } = this.#parts;
    const found = imports.get(func);
    if (found === undefined) throw new Error(`no import is called ${func}`);
    const { call, def } = found;
    const { ft } = def;
    const controller = new AbortController();
    const { signal } = controller;
    try {
      const given = ft.params.map(({ t }, i) => toJs(receiver, t, args[i] ?? null));
      const result: unknown = call(...given, { signal });
      if (!isThenable(result) || ft.result?.tag === "future") return this.#returned(def, result);
      if (!ft.async) throw new TypeError(`${func} is not async, and gave a promise`);
      this.#pending.set(request, controller);
      this.#await(request, def, result, signal);
      return null;
    } catch (error) {
      return this.#thrown(def, error, signal);
    }
  }

  #await(request: number, def: FuncDef, result: PromiseLike<unknown>, signal: AbortSignal): void {
    const answer = (of: () => Answer): void => {
      if (!this.#pending.delete(request)) return;
      this.#parts.arrive({ tag: "answer", request, answer: of() });
    };
    result.then(
      (value) => answer(() => this.#returned(def, value)),
      (error) => answer(() => this.#thrown(def, error, signal)),
    );
  }

  #returned({ name, ft: { result } }: FuncDef, js: unknown): Answer {
    const g = this.#parts.handing();
    const converted = (): Value =>
      within(`what ${name} gives`, () => fulfilledFromJs(g, result, js));
    try {
      const values = result === null ? [] : [converted()];
      return { tag: "returned", handed: { values, given: g.given } };
    } catch (error) {
      return this.#threw(error);
    }
  }

  #thrown({ name, ft }: FuncDef, error: unknown, signal: AbortSignal): Answer {
    if (isAbort(error, signal)) return { tag: "cancelled" };
    const g = this.#parts.handing();
    try {
      const value = within(`what ${name} throws`, () => rejectedFromJs(g, ft.result, error));
      if (value === null) return this.#threw(error);
      return { tag: "returned", handed: { values: [value], given: g.given } };
    } catch (mismatch) {
      return this.#threw(mismatch);
    }
  }

  #threw(error: unknown): Answer {
    this.cause = error;
    return { tag: "threw" };
  }

  /** The caller asks to cancel: the function may answer all the same. */
  abort(request: number): void {
    this.#pending.get(request)?.abort();
  }

  /** Nobody waits for the answers any more. */
  abortAll(reason: Error): void {
    const controllers = [...this.#pending.values()];
    this.#pending.clear();
    for (const controller of controllers) controller.abort(reason);
  }
}
