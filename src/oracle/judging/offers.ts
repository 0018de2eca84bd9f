// What the model would have done where its ways left the trace: at the deepest place that one of them came to. Mirrors spec/15.

import type { TraceEvent } from "../format/trace.ts";

/** Different events that are told at the most. */
const mostEvents = 1000;
/** So many may be alike before it is looked whether they are. */
const mostWaiting = 256;

export class Offers {
  /** how many events are explained there */
  deepest = 0;
  /** false: there were more than can be told */
  complete = true;
  #waiting: (() => TraceEvent)[] = [];
  #events = new Map<string, TraceEvent>();

  /** A way has come further than all before. */
  reach(position: number): void {
    this.deepest = position;
    this.complete = true;
    if (this.#waiting.length > 0) this.#waiting = [];
    if (this.#events.size > 0) this.#events = new Map();
  }

  /** An event that the model offers at the deepest place; it is made only if somebody asks. */
  add(make: () => TraceEvent): void {
    this.#waiting.push(make);
    if (this.#waiting.length > mostWaiting) this.#compare();
  }

  /** The events, each once. */
  events(): readonly TraceEvent[] {
    this.#compare();
    return [...this.#events.values()];
  }

  #compare(): void {
    for (const make of this.#waiting) {
      const event = make();
      const text = JSON.stringify(event);
      if (this.#events.size < mostEvents) this.#events.set(text, event);
      else if (!this.#events.has(text)) this.complete = false;
    }
    this.#waiting = [];
  }
}
