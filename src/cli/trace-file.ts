// Recorded traces as files: read line by line, as often as they are gone through, and never held.

import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { onlyRun, type TraceItem, traceItems } from "../oracle/format/parse.ts";
import {
  type EventKind,
  plainHeader,
  type RecordedTrace,
  type TraceEvent,
  type TraceHeader,
} from "../oracle/format/trace.ts";
import { TraceError, type TraceLine } from "../oracle/format/trace-error.ts";
import { hasMagic } from "./component-file.ts";
import { attempt, shown } from "./files.ts";
import { UsageError } from "./io.ts";

/** A run of a file that was read once, so that everything in it is well-formed. */
export interface TraceFile extends RecordedTrace {
  /** as the user's shell would name it */
  readonly file: string;
  /** how many events there are */
  readonly count: number;
  /** those that there are */
  readonly kinds: ReadonlySet<EventKind>;
  /** The lines, from 1 on, in which the events with these places are. */
  linesOf(places: readonly number[]): ReadonlyMap<number, number>;
}

/** Bytes that are read at a time. */
const chunkSize = 65_536;
const lineFeed = 0x0a;
/** The descriptor of our own stdin. */
const ours = 0;

/** Pieces of a file, which are good until the next one is asked for. Throws `UsageError`. */
function* chunksOf(path: string): Generator<Uint8Array> {
  const file = attempt(path, () => openSync(path, "r"));
  const buffer = new Uint8Array(chunkSize);
  try {
    for (;;) {
      const length = attempt(path, () => readSync(file, buffer));
      if (length === 0) return;
      yield buffer.subarray(0, length);
    }
  } finally {
    closeSync(file);
  }
}

/** Throws `UsageError` for a component: it is easy to name the two files in the wrong order. */
function* noComponent(file: string, chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
  let isFirst = true;
  for (const chunk of chunks) {
    if (isFirst && hasMagic(chunk)) {
      throw new UsageError(`${file} is a component; the trace comes after it: judge FILE TRACE`);
    }
    isFirst = false;
    yield chunk;
  }
}

/** The bytes of each line, without its end. */
function* rowsOf(chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
  let open: readonly Uint8Array[] = [];
  for (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, start)) {
      yield joined([...open, chunk.subarray(start, end)]);
      open = [];
      start = end + 1;
    }
    if (start < chunk.length) open = [...open, chunk.slice(start)];
  }
  yield joined(open);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [first, ...more] = parts;
  return first !== undefined && more.length === 0 ? first : Buffer.concat(parts);
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });

function decoded(file: string, number: number, row: Uint8Array): TraceLine {
  try {
    return { number, text: strict.decode(row) };
  } catch {
    const text = lenient.decode(row);
    const index = Math.max(0, text.indexOf("\ufffd"));
    const problem = { index, message: "this is not UTF-8 text", hint: "save the file as UTF-8" };
    throw new TraceError(file, { number, text }, problem);
  }
}

/** The lines of a file; a byte order mark before the first is none of it. Throws `TraceError`. */
function* linesOf(file: string, chunks: Iterable<Uint8Array>): Generator<TraceLine> {
  let number = 1;
  for (const row of rowsOf(noComponent(file, chunks))) {
    const line = decoded(file, number, row);
    yield number === 1 ? { number, text: line.text.replace(/^\ufeff/, "") } : line;
    number += 1;
  }
}

/** Where the bytes come from, each time anew, and which run is meant. */
interface Origin {
  readonly file: string;
  readonly chunks: () => Iterable<Uint8Array>;
  /** from 1 on; null: the only one */
  readonly run: number | null;
}

/** What comes on standard input comes once, and is held. */
function originOf(path: string, run: number | null): Origin {
  if (path !== "-") return { file: shown(path), chunks: () => chunksOf(path), run };
  const all = [attempt("standard input", () => readFileSync(ours))];
  return { file: "standard input", chunks: () => all, run };
}

/** The header and the events of the run that is meant. Throws `TraceError`, and `UsageError` if there is none. */
function* itemsOf({ file, chunks, run }: Origin): Generator<TraceItem> {
  let current: TraceLine = { number: 1, text: "" };
  let runs = 0;
  const noted = function* (): Generator<TraceLine> {
    for (current of linesOf(file, chunks())) yield current;
  };
  for (const item of traceItems(noted(), file)) {
    if (item.tag === "header") runs += 1;
    if (run === null && runs > 1)
      throw onlyRun(file, current, "--run 1 is the first, --run 2 this");
    if (run === null || runs === run) yield item;
  }
  if (run !== null && runs < run) {
    throw new UsageError(`${file} has ${runs === 1 ? "1 run" : `${runs} runs`}, and no run ${run}`);
  }
}

function* eventsOf(origin: Origin): Generator<TraceEvent> {
  for (const item of itemsOf(origin)) if (item.tag === "event") yield item.event;
}

function linesIn(origin: Origin, places: readonly number[]): ReadonlyMap<number, number> {
  const wanted = new Set(places);
  const found = new Map<number, number>();
  let place = 0;
  for (const item of itemsOf(origin)) {
    if (found.size === wanted.size) break;
    if (item.tag === "header") continue;
    if (wanted.has(place)) found.set(place, item.line);
    place += 1;
  }
  return found;
}

/**
 * Reads all of a file once; `-` is standard input. Of several runs one is to be named, from 1 on. Throws
 * `UsageError` and `TraceError`.
 */
export function readTraceFile(path: string, run: number | null = null): TraceFile {
  const origin = originOf(path, run);
  let header: TraceHeader | null = null;
  let count = 0;
  const kinds = new Set<EventKind>();
  for (const item of itemsOf(origin)) {
    if (item.tag === "header") header = item.header;
    else {
      count += 1;
      kinds.add(item.event.event);
    }
  }
  return {
    file: origin.file,
    // without a header `itemsOf` has thrown
    header: header ?? plainHeader,
    count,
    kinds,
    events: { [Symbol.iterator]: () => eventsOf(origin) },
    linesOf: (places) => linesIn(origin, places),
  };
}
