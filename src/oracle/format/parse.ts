// Traces as text: lines to headers and events, and what is wrong with those that are none. Mirrors spec/15.

import type { Json } from "../../model/json.ts";
import { eventOf, headerOf, isHeaderLine, Misfit } from "./fields.ts";
import { jsonFault, lossIn, placeIn } from "./json-scan.ts";
import { plainHeader, type RecordedTrace, type TraceEvent, type TraceHeader } from "./trace.ts";
import { type Problem, TraceError, type TraceLine } from "./trace-error.ts";

/** A trace whose events are at hand. */
export interface ParsedTrace extends RecordedTrace {
  readonly events: readonly TraceEvent[];
}

/** A line that is not blank, read. */
export type TraceItem =
  | { readonly tag: "header"; readonly line: number; readonly header: TraceHeader }
  | { readonly tag: "event"; readonly line: number; readonly event: TraceEvent };

/** What a file is called that nobody named. */
const unnamed = "trace";

/** The line ends before what it says does. */
class Cut extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

function jsonOf(file: string, line: TraceLine): Json {
  const json = jsonIn(file, line);
  const loss = lossIn(line.text, json);
  if (loss !== null) throw new TraceError(file, line, loss);
  return json;
}

function jsonIn(file: string, line: TraceLine): Json {
  try {
    return JSON.parse(line.text);
  } catch {
    const fault = jsonFault(line.text) ?? { index: 0, message: "this is no JSON", hint: null };
    if ("cut" in fault && fault.cut) throw new Cut(fault);
    throw new TraceError(file, line, fault);
  }
}

/** What `read` makes of a line; a misfit becomes an error with its place. */
function reading<T>(file: string, line: TraceLine, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    const { message, hint, path, of } = error;
    throw new TraceError(file, line, { index: placeIn(line.text, path, of), message, hint });
  }
}

function whole(file: string, line: TraceLine): Json {
  try {
    return jsonOf(file, line);
  } catch (error) {
    if (error instanceof Cut) throw new TraceError(file, line, error.problem);
    throw error;
  }
}

/** The header that a line is. Throws `TraceError`. */
export function parseHeaderLine(text: string, file: string = unnamed, line = 1): TraceHeader {
  const at = { number: line, text };
  const json = whole(file, at);
  return reading(file, at, () => headerOf(json));
}

/** The event that a line is. Throws `TraceError`. */
export function parseEventLine(text: string, file: string = unnamed, line = 1): TraceEvent {
  const at = { number: line, text };
  const json = whole(file, at);
  return reading(file, at, () => eventOf(json));
}

const blank = /^[ \t\r]*$/;

/** How far the reader is: which run it is in, and what of it was read. */
interface Progress {
  /** line of the header of this run; null: there was none yet */
  header: number | null;
  /** lines of the first and the last event of this run */
  first: number | null;
  last: number;
  events: number;
  /** the kind of the event that ended this run */
  over: string | null;
}

function readSoFar({ header, first, last, events }: Progress): string {
  if (header === null) return "nothing was read before it";
  if (first === null) return "only the header was read before it";
  const lines = first === last ? `line ${first}` : `lines ${first} to ${last}`;
  return `read before it: ${events === 1 ? "1 event" : `${events} events`}, ${lines}`;
}

/** The recorder was stopped in the middle of a line: what stands before it is good. */
function cutOff(file: string, line: TraceLine, { problem }: Cut, so: Progress): TraceError {
  const hint = `${readSoFar(so)}; without the line the rest is a trace`;
  const { index, message } = problem;
  return new TraceError(file, line, { index, message, hint: so.events > 0 ? hint : readSoFar(so) });
}

function itemOf(file: string, line: TraceLine, so: Progress): TraceItem {
  const json = jsonOf(file, line);
  const { number } = line;
  return reading(file, line, (): TraceItem => {
    if (so.header === null || isHeaderLine(json)) {
      return { tag: "header", line: number, header: headerOf(json) };
    }
    if (so.over !== null) {
      throw new Misfit([], `the event "${so.over}" is the last one`, "nothing comes after it");
    }
    return { tag: "event", line: number, event: eventOf(json) };
  });
}

function goOn(so: Progress, item: TraceItem): void {
  if (item.tag === "header") {
    Object.assign(so, { header: item.line, first: null, last: 0, events: 0, over: null });
    return;
  }
  const { event } = item.event;
  so.first ??= item.line;
  so.last = item.line;
  so.events += 1;
  if (event === "trap" || event === "end") so.over = event;
}

/**
 * Reads the lines of a file one by one: headers, each of which begins a run, and the events of each run.
 * Throws `TraceError` as soon as a line is none of them, and at the end if there was no header.
 */
export function* traceItems(lines: Iterable<TraceLine>, file: string): Generator<TraceItem> {
  const so: Progress = { header: null, first: null, last: 0, events: 0, over: null };
  let end: TraceLine = { number: 1, text: "" };
  for (const line of lines) {
    end = line;
    if (blank.test(line.text)) continue;
    try {
      const item = itemOf(file, line, so);
      goOn(so, item);
      yield item;
    } catch (error) {
      throw error instanceof Cut ? cutOff(file, line, error, so) : error;
    }
  }
  if (so.header !== null) return;
  const problem = { index: 0, message: "there is no trace here", hint: "it begins with a header" };
  throw new TraceError(file, end, problem);
}

/** The lines of a text; a byte order mark before the first is none of it. */
export function* linesOf(text: string): Generator<TraceLine> {
  let number = 1;
  for (const line of text.replace(/^\ufeff/, "").split("\n")) {
    yield { number, text: line };
    number += 1;
  }
}

/** All runs of a text, each of which begins with a header. Throws `TraceError`. */
export function parseRuns(text: string, file: string = unnamed): readonly ParsedTrace[] {
  const runs: { readonly header: TraceHeader; readonly events: TraceEvent[] }[] = [];
  for (const item of traceItems(linesOf(text), file)) {
    if (item.tag === "header") runs.push({ header: item.header, events: [] });
    else runs.at(-1)?.events.push(item.event);
  }
  return runs;
}

/** Throws for a second run, where one was asked for. */
export function onlyRun(file: string, line: TraceLine, hint: string): TraceError {
  const message = "a second run begins here, and only one is read";
  return new TraceError(file, line, { index: 0, message, hint });
}

/** The one run of a text. Throws `TraceError`. */
export function parseTrace(text: string, file: string = unnamed): ParsedTrace {
  let header: TraceHeader | null = null;
  const events: TraceEvent[] = [];
  for (const item of traceItems(linesOf(text), file)) {
    if (item.tag === "event") events.push(item.event);
    else if (header === null) header = item.header;
    else {
      const source = text.split("\n")[item.line - 1] ?? "";
      throw onlyRun(file, { number: item.line, text: source }, "parseRuns reads all of them");
    }
  }
  // without a header `traceItems` has thrown
  return { header: header ?? plainHeader, events };
}
