// The part of a trace that is looked at: events are taken as they are needed and let go when nobody comes back. Mirrors spec/15.

import { fromHex } from "../../model/hex.ts";
import { JudgeError } from "../errors.ts";
import type { CoreJson, EventKind, TraceEvent } from "../format/trace.ts";
import { type Wanted, wanted } from "../values.ts";

/** Bytes that a memory has to hold. */
export interface WantedBytes {
  readonly memory: number;
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** An event ready to compare. */
export interface Awaited {
  readonly event: TraceEvent;
  readonly kind: EventKind;
  /** null: not known */
  readonly func: string | null;
  /** any event of its kind is meant, whatever it says */
  readonly free: boolean;
  /** arguments or results; null: not known */
  readonly values: readonly Wanted[] | null;
  readonly memory: readonly WantedBytes[];
  /** how many ways led over it so far */
  ways: number;
}

const noBytes: readonly WantedBytes[] = [];

function valuesOf(event: TraceEvent): readonly CoreJson[] | undefined {
  if (event.event === "enter" || event.event === "call") return event.args;
  return event.event === "leave" || event.event === "return" ? event.results : undefined;
}

function memoryOf(event: TraceEvent): readonly WantedBytes[] {
  const memory = event.event === "enter" || event.event === "return" ? event.memory : undefined;
  if (memory === undefined) return noBytes;
  return memory.map(({ at, bytes, memory: n = 0 }) => ({ memory: n, at, bytes: fromHex(bytes) }));
}

function free(event: TraceEvent): Awaited {
  const any = { kind: event.event, func: null, free: true, values: null, memory: noBytes, ways: 0 };
  return { ...any, event };
}

function ready(event: TraceEvent): Awaited {
  const func = "func" in event ? (event.func ?? null) : null;
  const values = valuesOf(event)?.map(wanted) ?? null;
  const memory = memoryOf(event);
  return { event, kind: event.event, func, free: false, values, memory, ways: 0 };
}

/** Looks at each event once, as it is taken; throws for one that no trace may hold. */
export type Inspect = (event: TraceEvent, index: number) => void;

/** Whether what an event says counts, by its place; of others only the kind does. */
export type Says = (index: number) => boolean;

export class Window {
  readonly #source: Iterator<TraceEvent>;
  readonly #inspect: Inspect;
  readonly #says: Says;
  #items: Awaited[] = [];
  /** place of the first item */
  #first = 0;
  #closed = false;

  constructor(events: Iterable<TraceEvent>, inspect: Inspect, says: Says = () => true) {
    this.#says = says;
    this.#source = events[Symbol.iterator]();
    this.#inspect = inspect;
  }

  /** How many events are held. */
  get size(): number {
    return this.#items.length;
  }

  /** The event at a place that was not let go; null: the trace ends before. */
  at(index: number): Awaited | null {
    const i = index - this.#first;
    return i < this.#items.length ? (this.#items[i] ?? null) : this.#take(index);
  }

  #take(index: number): Awaited | null {
    while (!this.#closed && this.#first + this.#items.length <= index) this.#pull();
    return this.#items[index - this.#first] ?? null;
  }

  #pull(): void {
    const next = this.#source.next();
    if (next.done === true) {
      this.#closed = true;
      return;
    }
    const event = next.value;
    const at = this.#first + this.#items.length;
    const last = this.#items[this.#items.length - 1]?.kind;
    if (last === "end" || last === "trap") {
      throw new JudgeError(`it comes after the ${last} of the trace`, { index: at, hint: null });
    }
    this.#inspect(event, at);
    // without what a function of the host returned its caller could not go on
    const says = event.event === "host-return" || this.#says(at);
    this.#items.push(says ? ready(event) : free(event));
  }

  /** Lets the events before a place go. */
  drop(before: number): void {
    const n = Math.min(before - this.#first, this.#items.length - 1);
    if (n < 256 && n < this.#items.length / 2) return;
    this.#items = this.#items.slice(n);
    this.#first += n;
  }
}
