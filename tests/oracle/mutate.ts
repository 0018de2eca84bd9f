// Recorded traces with one thing changed: what an engine with one fault might have shown.

import type { CoreJson, TraceEvent } from "../../src/oracle/format/trace.ts";

/** A trace that says one thing else, and what that is. */
export interface Mutation {
  readonly words: string;
  readonly events: readonly TraceEvent[];
}

/** Gives a number from 0 up to `n`, at random. */
type Pick = (n: number) => number;

/** One way to change a trace at random; null: there is nothing of the kind in it. */
type Mutator = (events: readonly TraceEvent[], pick: Pick) => Mutation | null;

const blocked = 0xffff_ffff;

function placesOf(
  events: readonly TraceEvent[],
  has: (event: TraceEvent) => boolean,
): readonly number[] {
  return events.flatMap((event, i) => (has(event) ? [i] : []));
}

function oneOf<T>(list: readonly T[], pick: Pick): T | null {
  return list[pick(Math.max(list.length, 1))] ?? null;
}

/** What a change of one event is made of: which events it is for, and the other event. */
interface Change {
  readonly words: string;
  readonly has: (event: TraceEvent) => boolean;
  readonly other: (event: TraceEvent, pick: Pick, events: readonly TraceEvent[]) => TraceEvent;
}

function changing({ words, has, other }: Change): Mutator {
  return (events, pick) => {
    const place = oneOf(placesOf(events, has), pick);
    const event = events[place ?? -1];
    if (place === null || event === undefined) return null;
    return {
      words: `${words} at ${place}`,
      events: events.with(place, other(event, pick, events)),
    };
  };
}

/** 32-bit numbers stay unsigned; texts are 64-bit integers or no numbers. */
function plus(value: CoreJson, n: number): CoreJson {
  if (typeof value === "number") return Number.isInteger(value) ? (value + n) >>> 0 : value + n;
  if (value === null || !/^\d+$/.test(value)) return n;
  return String(BigInt.asUintN(64, BigInt(value) + BigInt(n)));
}

function someOf(values: readonly CoreJson[] | undefined): values is readonly CoreJson[] {
  return values !== undefined && values.length > 0;
}

type Returning = Extract<TraceEvent, { readonly event: "return" | "leave" }>;
type Calling = Extract<TraceEvent, { readonly event: "call" | "enter" }>;

function hasResults(event: TraceEvent): event is Returning {
  return (event.event === "return" || event.event === "leave") && someOf(event.results);
}

function hasArgs(event: TraceEvent): event is Calling {
  return (event.event === "call" || event.event === "enter") && someOf(event.args);
}

function result(words: string, change: (value: CoreJson, pick: Pick) => CoreJson): Mutator {
  return changing({
    words,
    has: hasResults,
    other: (event, pick) => {
      if (!hasResults(event)) return event;
      const values = event.results ?? [];
      const i = pick(values.length);
      return { ...event, results: values.with(i, change(values[i] ?? null, pick)) };
    },
  });
}

function argument(
  words: string,
  which: (args: readonly CoreJson[], pick: Pick) => number,
  by: number,
): Mutator {
  return changing({
    words,
    has: hasArgs,
    other: (event, pick) => {
      if (!hasArgs(event)) return event;
      const values = event.args ?? [];
      const i = which(values, pick);
      return { ...event, args: values.with(i, plus(values[i] ?? null, by)) };
    },
  });
}

function flipByte(bytes: string, i: number): string {
  const byte = Number.parseInt(bytes.slice(2 * i, 2 * i + 2), 16) ^ 1;
  return bytes.slice(0, 2 * i) + byte.toString(16).padStart(2, "0") + bytes.slice(2 * i + 2);
}

const memoryByte: Mutator = changing({
  words: "another byte in memory",
  has: (event) => "memory" in event && (event.memory ?? []).length > 0,
  other: (event, pick) => {
    if (!("memory" in event)) return event;
    const memory = event.memory ?? [];
    const k = pick(memory.length);
    return {
      ...event,
      memory: memory.map((one, i) => {
        return i === k ? { ...one, bytes: flipByte(one.bytes, pick(one.bytes.length / 2)) } : one;
      }),
    };
  },
});

const func: Mutator = changing({
  words: "another function",
  has: (event) => "func" in event && event.func !== undefined,
  other: (event, pick, events) => {
    if (!("func" in event)) return event;
    const others = events.flatMap((one) => {
      return one.event === event.event && "func" in one && one.func !== event.func
        ? [one.func]
        : [];
    });
    const other = oneOf(others, pick) ?? "stream.new";
    return { ...event, func: other };
  },
});

function label(of: "instance" | "thread"): Mutator {
  return changing({
    words: `another ${of}`,
    has: (event) => event[of] !== undefined,
    other: (event, pick, events) => {
      const known = events.flatMap((one) => one[of] ?? []).filter((one) => one !== event[of]);
      const other = pick(4) === 0 ? "somebody" : (oneOf(known, pick) ?? "somebody");
      return { ...event, [of]: other };
    },
  });
}

const otherWords: Mutator = changing({
  words: "other words",
  has: ({ event }) => event === "log" || event === "result",
  other: (event, pick, events) => {
    if (event.event === "result") return { ...event, value: event.value === "1" ? "2" : "1" };
    if (event.event !== "log") return event;
    const lines = events.flatMap((one) => (one.event === "log" ? [one.line] : []));
    const line = oneOf(
      lines.filter((one) => one !== event.line),
      pick,
    );
    return { ...event, line: line ?? `${event.line}1` };
  },
});

/** Two functions return what the other one did. */
const swapResults: Mutator = (events, pick) => {
  const places = placesOf(events, (event) => event.event === "return" && hasResults(event));
  const [i, k] = [oneOf(places, pick) ?? -1, oneOf(places, pick) ?? -1];
  const [one, other] = [events[i], events[k]];
  if (one?.event !== "return" || other?.event !== "return") return null;
  const [mine, theirs] = [one.results ?? [], other.results ?? []];
  const swapped = events.with(i, { ...one, results: theirs }).with(k, { ...other, results: mine });
  return { words: `the results at ${i} and ${k} swapped`, events: swapped };
};

function swap(words: string, distance: (pick: Pick) => number): Mutator {
  return (events, pick) => {
    const i = pick(Math.max(events.length, 1));
    const k = i + distance(pick);
    const [one, other] = [events[i], events[k]];
    if (one === undefined || other === undefined) return null;
    return { words: `${words} at ${i} and ${k}`, events: events.with(i, other).with(k, one) };
  };
}

const drop: Mutator = (events, pick) => {
  const i = pick(Math.max(events.length, 1));
  return { words: `without the event at ${i}`, events: events.toSpliced(i, 1) };
};

const repeat: Mutator = (events, pick) => {
  const i = pick(Math.max(events.length, 1));
  const event = events[i];
  if (event === undefined) return null;
  return { words: `the event at ${i} twice`, events: events.toSpliced(i, 0, event) };
};

const move: Mutator = (events, pick) => {
  const [from, to] = [pick(Math.max(events.length, 1)), pick(Math.max(events.length, 1))];
  const event = events[from];
  if (event === undefined) return null;
  const without = events.toSpliced(from, 1);
  return { words: `the event at ${from} moved to ${to}`, events: without.toSpliced(to, 0, event) };
};

function isLast({ event }: TraceEvent): boolean {
  return event === "end" || event === "trap";
}

/** Nothing may come behind the end of a run: that is no trace. */
function isTrace(events: readonly TraceEvent[]): boolean {
  return events.every((event, i) => !isLast(event) || i === events.length - 1);
}

const append: Mutator = (events, pick) => {
  const i = pick(Math.max(events.length, 1));
  const event = events[i];
  if (event === undefined) return null;
  const end = placesOf(events, isLast)[0] ?? events.length;
  return {
    words: `the event at ${i} once more at the end`,
    events: events.toSpliced(end, 0, event),
  };
};

const cut: Mutator = (events, pick) => {
  const n = pick(events.length + 1);
  return { words: `the first ${n} events`, events: events.slice(0, n) };
};

const otherEnd: Mutator = changing({
  words: "another end",
  has: isLast,
  other: (event, pick) => {
    if (event.event === "end" && pick(2) === 0) {
      const waiting = event.waiting ?? [];
      return { ...event, waiting: waiting.length === 0 ? ["main"] : [] };
    }
    return event.event === "end" ? { event: "trap" } : { event: "end" };
  },
});

/** The run ends somewhere on its way. */
const earlyEnd: Mutator = (events, pick) => {
  const n = pick(Math.max(events.length, 1));
  const last: TraceEvent = pick(2) === 0 ? { event: "end" } : { event: "trap" };
  return { words: `${last.event} after ${n} events`, events: [...events.slice(0, n), last] };
};

/** Statuses are the low four bits of what copies return. */
function otherStatus(value: CoreJson, pick: Pick): CoreJson {
  return typeof value === "number" ? (value ^ (1 + pick(3))) >>> 0 : plus(value, 1);
}

const mutators: readonly Mutator[] = [
  result("a result more by 1", (value) => plus(value, 1)),
  result("a result less by 1", (value) => plus(value, -1)),
  result("BLOCKED as a result", () => blocked),
  result("another status", otherStatus),
  swapResults,
  argument("an argument more by 1", (args, pick) => pick(args.length), 1),
  argument("an argument less by 1", (args, pick) => pick(args.length), -1),
  argument("another handle", () => 0, 1),
  memoryByte,
  func,
  label("instance"),
  label("thread"),
  otherWords,
  swap("adjacent events", () => 1),
  swap("distant events", (pick) => 2 + pick(8)),
  drop,
  repeat,
  move,
  append,
  cut,
  otherEnd,
  earlyEnd,
];

/** Up to `n` mutations of a trace, by every mutator in turn; none of them is the trace itself. */
export function mutations(
  events: readonly TraceEvent[],
  next: () => number,
  n: number,
): readonly Mutation[] {
  const before = JSON.stringify(events);
  const start = next();
  return Array.from({ length: n }, (_, i) => mutators[(start + i) % mutators.length]).flatMap(
    (mutator) => {
      const mutation = mutator?.(events, (m) => next() % m) ?? null;
      if (mutation === null || !isTrace(mutation.events)) return [];
      return JSON.stringify(mutation.events) === before ? [] : [mutation];
    },
  );
}
