// Recorded traces that say less: fields, values, kinds of events and functions left out, labels of one's own.

import {
  type CoreJson,
  eventKinds,
  type TraceEvent,
  type TraceHeader,
} from "../../src/oracle/format/trace.ts";

type Next = () => number;

export interface Thinned {
  readonly header: TraceHeader;
  readonly events: readonly TraceEvent[];
}

/** What an event can do without. */
const optional: readonly string[] = [
  ...["instance", "thread", "func", "args", "results", "memory"],
  ...["value", "code", "waiting"],
];

function someUnknown(values: readonly CoreJson[], next: Next): readonly CoreJson[] {
  return values.map((value) => (next() % 3 === 0 ? null : value));
}

function thinValues(event: TraceEvent, next: Next): TraceEvent {
  if ("args" in event && (event.event === "call" || event.event === "enter")) {
    return { ...event, args: someUnknown(event.args ?? [], next) };
  }
  if ("results" in event) return { ...event, results: someUnknown(event.results ?? [], next) };
  return event;
}

/** Leaves out each field that may be left out with a chance of one in `odds`, and some of the values. */
function thinEvent(event: TraceEvent, next: Next, odds: number): TraceEvent {
  const kept = Object.entries(event).filter(([name]) => {
    return !(optional.includes(name) && next() % odds === 0);
  });
  return thinValues(Object.fromEntries(kept) as TraceEvent, next);
}

/** The same trace in which each event says less. */
export function thinned(
  events: readonly TraceEvent[],
  next: Next,
  odds: number,
): readonly TraceEvent[] {
  return events.map((event) => thinEvent(event, next, odds));
}

/** The same trace with labels that the model does not know; a thread has one of several by chance. */
export function relabelled(events: readonly TraceEvent[], next: Next): readonly TraceEvent[] {
  return events.map((event) => ({
    ...event,
    ...(event.instance !== undefined && { instance: `the ${event.instance}` }),
    ...(event.thread !== undefined && { thread: `${event.thread} no ${next() % 3}` }),
  }));
}

const omittable = eventKinds.filter((kind) => !kind.startsWith("host"));

/** The same trace without some kinds of events and without one function. */
export function omitting(header: TraceHeader, events: readonly TraceEvent[], next: Next): Thinned {
  const kinds = omittable.filter(() => next() % 6 === 0);
  const funcs = events.flatMap((event) => ("func" in event && event.func ? [event.func] : []));
  const func = next() % 2 === 0 ? funcs[next() % Math.max(funcs.length, 1)] : undefined;
  const omits = [...kinds, ...(func === undefined ? [] : [func])];
  const left = events.filter((event) => {
    return (
      !omits.includes(event.event) &&
      !("func" in event && event.func !== undefined && event.func === func)
    );
  });
  return { header: { ...header, omits }, events: left };
}
