// Reads of the streams and futures of guests, while they are pending.

import type { WaitableId } from "../model/ids.ts";
import type { Value } from "../model/values.ts";
import type { Arrival, Given, Notice } from "./arrivals.ts";

/** What a read gave; `over`: nothing more will come. */
export interface Copied {
  readonly values: readonly Value[];
  readonly over: boolean;
}

interface Pending {
  readonly what: Given["what"];
  readonly resolve: (copied: Copied) => void;
  readonly reject: (error: Error) => void;
}

/** A read that has begun. */
export interface Read {
  readonly number: number;
  readonly done: Promise<Copied>;
}

export class Reads {
  readonly #arrive: (arrival: Arrival) => void;
  readonly #pending = new Map<number, Pending>();
  #next = 1;
  #failure: Error | null = null;
  /** streams that are neither over nor dropped nor given away */
  #open = 0;

  constructor(arrive: (arrival: Arrival) => void) {
    this.#arrive = arrive;
  }

  get size(): number {
    return this.#pending.size;
  }

  /** Whether JavaScript holds a stream that it could read, and does not. */
  get isIdle(): boolean {
    const reading = [...this.#pending.values()].filter(({ what }) => what === "stream");
    return this.#open > reading.length;
  }

  isPending(read: number): boolean {
    return this.#pending.has(read);
  }

  opened(): void {
    this.#open += 1;
  }

  closed(): void {
    this.#open -= 1;
  }

  start(end: WaitableId, what: Given["what"], most: number): Read {
    const number = this.#next;
    this.#next += 1;
    if (this.#failure !== null) return { number, done: Promise.reject(this.#failure) };
    const done = new Promise<Copied>((resolve, reject) => {
      this.#pending.set(number, { what, resolve, reject });
    });
    this.#arrive({ tag: "read", read: number, end, what, most });
    return { number, done };
  }

  /** The read ends with what it has; it may be over already. */
  cancel(read: number): void {
    if (this.isPending(read)) this.#arrive({ tag: "cancel-read", read });
  }

  drop(end: WaitableId): void {
    if (this.#failure === null) this.#arrive({ tag: "drop", end, what: "stream" });
  }

  copied({ read, values, over }: Notice & { tag: "copied" }): void {
    this.#pending.get(read)?.resolve({ values, over });
    this.#pending.delete(read);
  }

  /** Whoever waits will wait for ever. */
  reject(error: Error): void {
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }

  /** Nothing can be read any more. */
  fail(error: Error): void {
    this.#failure = error;
    this.reject(error);
  }
}
