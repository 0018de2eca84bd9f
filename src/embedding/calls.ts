// Calls of `invoke` that are not over, and how their promises are settled.

import type { ValType } from "../model/types.ts";
import type { Notice } from "./arrivals.ts";
import { settledToJs } from "./results.ts";
import type { Receiver } from "./to-js.ts";

interface Call {
  readonly result: ValType | null;
  readonly signal: AbortSignal | null;
  readonly abort: () => void;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export class Calls {
  readonly #receiver: Receiver;
  readonly #pending = new Map<number, Call>();

  constructor(receiver: Receiver) {
    this.#receiver = receiver;
  }

  get size(): number {
    return this.#pending.size;
  }

  /** Whether somebody may still ask to cancel a call. */
  get mayAbort(): boolean {
    return [...this.#pending.values()].some(({ signal }) => signal?.aborted === false);
  }

  /** `abort` is called when the signal aborts, until the call is over. */
  begin(
    call: number,
    result: ValType | null,
    signal: AbortSignal | null,
    abort: () => void,
  ): Promise<unknown> {
    signal?.addEventListener("abort", abort);
    return new Promise((resolve, reject) => {
      this.#pending.set(call, { result, signal, abort, resolve, reject });
    });
  }

  #take(call: number): Call | undefined {
    const found = this.#pending.get(call);
    this.#pending.delete(call);
    found?.signal?.removeEventListener("abort", found.abort);
    return found;
  }

  /** A call that was given up, because of its deadlock, has nobody who waits for it. */
  resolved({ call, state, values }: Notice & { tag: "resolved" }): void {
    const found = this.#take(call);
    if (found === undefined) return;
    if (state !== "RETURNED") {
      found.reject(found.signal?.reason);
      return;
    }
    try {
      found.resolve(settledToJs(this.#receiver, found.result, values[0]));
    } catch (error) {
      found.reject(error);
    }
  }

  reject(call: number, reason: unknown): void {
    this.#take(call)?.reject(reason);
  }

  rejectAll(error: Error): void {
    for (const call of [...this.#pending.keys()]) this.reject(call, error);
  }
}
