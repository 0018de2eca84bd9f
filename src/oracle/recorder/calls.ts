// The invocations of a recorded run: made, awaited, and told of. Mirrors spec/15.

import type { FuncType } from "../../model/types.ts";
import type { TraceEvent } from "../format/trace.ts";
import { EngineError } from "./engine-error.ts";
import { isResultError, waveOfError, waveOfResult } from "./host-values.ts";

/** A call of an export. */
export interface ExportCall {
  /** as in the header */
  readonly text: string;
  readonly ft: FuncType;
  /** whether an event shows that it has begun: its core function is entered, or the `realloc` for its arguments */
  readonly begins: (event: TraceEvent) => boolean;
  /** makes it; it may throw, return, or give a promise */
  readonly make: () => unknown;
}

/** Takes events until the run is over. */
export interface Sink {
  readonly emit: (event: TraceEvent) => void;
  /**
   * A call is asked for. An engine may begin it later, and wait at its gate: `invoke` stands where it is seen to
   * have begun, or where it is over, or at the end. What has not begun when the run traps is not told.
   */
  readonly ask: (call: ExportCall) => void;
  /** A call is over, so it has begun. */
  readonly over: (call: ExportCall) => void;
  /** how many there are */
  readonly count: () => number;
  /** true after `trap` and `end`, and when there are too many events */
  readonly closed: () => boolean;
}

/** How calls are made. */
export interface CallOptions {
  /** one begins when the one before it has returned, or all are made at once */
  readonly order: "together" | "in-turn";
  /** when nothing has happened for so long, nothing will: milliseconds */
  readonly idle: number;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** The event of a run that something ended; the engine's words are a note. */
export function trapEvent(error: unknown): TraceEvent {
  const note = error instanceof Error ? error.message : String(error);
  return { event: "trap", note };
}

interface Going {
  readonly sink: Sink;
  readonly waiting: Set<string>;
  /** what makes the trace wrong */
  readonly broken: unknown[];
}

function returned({ text, ft: { result } }: ExportCall, js: unknown): TraceEvent {
  return { event: "result", call: text, value: waveOfResult(result, js) };
}

function threw({ text, ft: { result } }: ExportCall, error: unknown): TraceEvent {
  if (error instanceof EngineError) throw error;
  if (result === null || !isResultError(result, error)) return trapEvent(error);
  return { event: "result", call: text, value: waveOfError(result, error) };
}

/** What comes of a call. Throws what makes the trace wrong. */
async function outcomeOf(call: ExportCall): Promise<TraceEvent> {
  let js: unknown;
  try {
    js = await call.make();
  } catch (error) {
    return threw(call, error);
  }
  return returned(call, js);
}

async function settled({ sink, waiting, broken }: Going, call: ExportCall): Promise<void> {
  waiting.add(call.text);
  sink.ask(call);
  try {
    const outcome = await outcomeOf(call);
    sink.over(call);
    sink.emit(outcome);
  } catch (error) {
    broken.push(error);
  }
  waiting.delete(call.text);
}

async function all(
  going: Going,
  calls: readonly ExportCall[],
  { order }: CallOptions,
): Promise<void> {
  if (order === "together") {
    await Promise.all(calls.map((call) => settled(going, call)));
    return;
  }
  for (const call of calls) await settled(going, call);
}

/** Waits until nothing has been told for a while. */
async function quiet({ closed, count }: Sink, idle: number): Promise<void> {
  for (let before = -1; before !== count() && !closed(); ) {
    before = count();
    await sleep(idle);
  }
}

/**
 * Makes calls and waits until the run is over: it traps, or nothing happens any more. Throws what makes the
 * trace wrong, such as `EngineError` for a result that cannot be written.
 */
export async function makeCalls(
  sink: Sink,
  calls: readonly ExportCall[],
  options: CallOptions,
): Promise<void> {
  const going: Going = { sink, waiting: new Set(), broken: [] };
  void all(going, calls, options);
  await quiet(sink, options.idle);
  const [broken] = going.broken;
  if (broken !== undefined) throw broken;
  if (!sink.closed()) sink.emit({ event: "end", waiting: [...going.waiting] });
}

/** A sink that keeps what comes before the run is over, and of a run that goes on the first `most` events. */
export function keeping(events: TraceEvent[], most: number = Number.POSITIVE_INFINITY): Sink {
  let closed = false;
  let asked: readonly ExportCall[] = [];
  const begin = (begun: readonly ExportCall[]): void => {
    if (closed) return;
    for (const { text } of begun) events.push({ event: "invoke", call: text });
    asked = asked.filter((call) => !begun.includes(call));
  };
  return {
    ask: (call) => {
      asked = [...asked, call];
    },
    over: (call) => begin(asked.filter((one) => one === call)),
    emit: (event) => {
      if (closed) return;
      begin(begunBy(event, asked));
      events.push(event);
      closed = isLast(event) || events.length >= most;
    },
    count: () => events.length,
    closed: () => closed,
  };
}

function isLast({ event }: TraceEvent): boolean {
  return event === "trap" || event === "end";
}

/** The calls that an event shows to have begun, of those that are asked for. */
function begunBy(event: TraceEvent, asked: readonly ExportCall[]): readonly ExportCall[] {
  if (event.event === "end") return asked;
  return asked.filter(({ begins }) => begins(event)).slice(0, 1);
}
