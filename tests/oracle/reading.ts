// What a trace says of a run: a reader of its own, for tests that judge without the judge.

import type { CoreValue } from "../../src/model/values.ts";
import type { CoreJson, TraceEvent, TraceHeader } from "../../src/oracle/format/trace.ts";
import type { System } from "../../src/scheduler/machine.ts";
import type { Seen, Sighting } from "./sightings.ts";

/** Whether a recorder that omits so much would have left it out. */
function isOmitted({ omits = [] }: TraceHeader, { kind, names }: Sighting): boolean {
  return omits.includes(kind) || names.some((name) => omits.includes(name));
}

function sameNumber(want: number, value: number): boolean {
  const small = (n: number): boolean => Number.isInteger(n) && Math.abs(n) < 2 ** 32;
  if (small(want) && small(value)) return want >>> 0 === value >>> 0;
  return want === value;
}

function sameValue(want: CoreJson, value: CoreValue | undefined): boolean {
  if (want === null) return true;
  if (value === undefined) return false;
  if (typeof value === "bigint") {
    if (typeof want === "string" && !/^-?\d+$/.test(want)) return false;
    return BigInt.asUintN(64, BigInt(want)) === BigInt.asUintN(64, value);
  }
  return typeof want === "number" ? sameNumber(want, value) : want === String(value);
}

function sameValues(
  want: readonly CoreJson[] | undefined,
  values: readonly CoreValue[] | null,
): boolean {
  if (want === undefined || values === null) return true;
  return want.length === values.length && want.every((one, i) => sameValue(one, values[i]));
}

function sameList(want: readonly string[], have: readonly string[]): boolean {
  return [...want].sort().join() === [...have].sort().join();
}

/** What an event says apart from where: functions, values, memory, words. */
function sameFacts(event: TraceEvent, at: Sighting): boolean {
  switch (event.event) {
    case "enter":
    case "call":
      return isCalled(event.func, at) && sameValues(event.args, at.values) && inMemory(event, at);
    case "leave":
    case "return":
      return (
        isCalled(event.func, at) && sameValues(event.results, at.values) && inMemory(event, at)
      );
    case "invoke":
      return event.call === at.words[0];
    case "result":
      return event.call === at.words[0] && isResult(event.value, at);
    case "log":
      return event.line === at.words[0];
    case "trap":
      return event.code === undefined || event.code === at.words[0];
    case "end":
      return event.waiting === undefined || sameList(event.waiting, at.words);
    default:
      return false;
  }
}

function isResult(value: string | null | undefined, { words }: Sighting): boolean {
  return value === undefined || (value ?? "") === words[1];
}

function isCalled(func: string | undefined, { names }: Sighting): boolean {
  return func === undefined || names.includes(func);
}

function inMemory(event: TraceEvent, at: Sighting): boolean {
  return !("memory" in event) || (event.memory ?? []).every((bytes) => at.holds(bytes));
}

/** Reads a trace beside a run, event by event; labels mean what they meant when they were first seen. */
export class Reading {
  /** events that the run explains so far */
  explained = 0;
  /** what the run showed where the trace said something else; null: that is not so yet */
  instead: Sighting | null = null;
  readonly #header: TraceHeader;
  readonly #events: readonly TraceEvent[];
  readonly #says: (index: number) => boolean;
  readonly #instanceNames: ReadonlySet<string>;
  readonly #instances = new Map<string, string>();
  readonly #threads = new Map<string, string>();

  /** Of events that `says` leaves out, only the kind counts. */
  constructor(
    system: System,
    header: TraceHeader,
    events: readonly TraceEvent[],
    says: (index: number) => boolean = () => true,
  ) {
    this.#says = says;
    this.#header = header;
    this.#events = events;
    this.#instanceNames = new Set(system.program.instances.map(({ name }) => name));
  }

  /** Nothing more is read behind the end of the trace, or where it went wrong. */
  see(seen: Seen): void {
    if (this.instead !== null) return;
    if (seen.tag === "ended") this.#forget(seen.thread);
    else if (!isOmitted(this.#header, seen.at)) this.#read(seen.at);
  }

  #read(at: Sighting): void {
    const event = this.#events[this.explained];
    if (event !== undefined && this.#fits(event, at)) this.explained += 1;
    else this.instead = at;
  }

  #fits(event: TraceEvent, at: Sighting): boolean {
    if (event.event !== at.kind) return false;
    if (!this.#says(this.explained)) return true;
    return sameFacts(event, at) && this.#isIn(event, at) && this.#by(event, at);
  }

  #isIn({ instance }: TraceEvent, at: Sighting): boolean {
    if (instance === undefined) return true;
    if (this.#instanceNames.has(instance)) return instance === at.instance;
    return at.instance !== null && bound(this.#instances, instance, at.instance);
  }

  #by({ thread }: TraceEvent, at: Sighting): boolean {
    if (thread === undefined) return true;
    return at.thread !== null && bound(this.#threads, thread, at.thread);
  }

  #forget(thread: string): void {
    for (const [label, meant] of this.#threads) if (meant === thread) this.#threads.delete(label);
  }
}

function bound(labels: Map<string, string>, label: string, meant: string): boolean {
  const known = labels.get(label) ?? meant;
  labels.set(label, known);
  return known === meant;
}
