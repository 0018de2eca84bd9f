// A recorded trace: what an engine, or this model, lets be seen of a run. Mirrors spec/15.

import type { Json } from "../../model/json.ts";

/** What the first line of a file says that it is. */
export const formatName = "canon-async trace";
export const formatVersion = 1;

/**
 * A core value: an integer up to 32 bits or a float as a number; a 64-bit integer as a decimal text; `NaN`,
 * `Infinity` and `-Infinity` as texts. Integers may be signed or not. Null: the recorder does not know it.
 */
export type CoreJson = number | string | null;

/** Bytes that a memory holds at the moment of the event. */
export interface MemoryBytes {
  readonly at: number;
  /** two hexadecimal digits a byte */
  readonly bytes: string;
  /** which memory of the component instance, in the order in which they are made (default 0) */
  readonly memory?: number;
}

/**
 * Where an event happened, in the recorder's own names. An instance may have the name that the model gives
 * it; any other name stands for one instance throughout the trace. A name of a thread stands for one thread;
 * a thread may have several names.
 */
interface Where {
  readonly instance?: string;
  readonly thread?: string;
  /** for people: anything, never judged */
  readonly note?: Json;
}

/** Core code and the canonical ABI: each crossing of the boundary between them. */
type Crossing = Where & {
  /**
   * `enter`, `leave`: a function of core code, by its name or that of its core export. `call`, `return`: a
   * built-in by its canonical name, or a lowered function as `INSTANCE.NAME` or `NAME`.
   */
  readonly func?: string;
};

/** One line of a trace. A field that is left out, and a null among values, is not known. */
export type TraceEvent =
  /** The ABI calls core code: an export, a callback, `realloc`, a destructor, `post-return`, a thread's function. */
  | (Crossing & {
      readonly event: "enter";
      readonly args?: readonly CoreJson[];
      readonly memory?: readonly MemoryBytes[];
    })
  /** Such a function returns. */
  | (Crossing & { readonly event: "leave"; readonly results?: readonly CoreJson[] })
  /** Core code calls a built-in or a lowered function. */
  | (Crossing & { readonly event: "call"; readonly args?: readonly CoreJson[] })
  /** It gets the results. */
  | (Crossing & {
      readonly event: "return";
      readonly results?: readonly CoreJson[];
      readonly memory?: readonly MemoryBytes[];
    })
  /** The host calls an export: `call` as in the header's `calls`, or what a scenario's invocation is called. */
  | (Where & { readonly event: "invoke"; readonly call: string })
  /** It gets the result, in WAVE; null: there is none. */
  | (Where & { readonly event: "result"; readonly call: string; readonly value?: string | null })
  /** Core code, or a lifted function, calls a function of the host; the arguments in WAVE. */
  | (Where & {
      readonly event: "host-call";
      readonly func: string;
      readonly args?: readonly (string | null)[];
    })
  /**
   * A function of the host returns; the result in WAVE. `value` is needed where there is a result. `cancelled`:
   * its caller asked to cancel it, and it does: there is no result. `trapped`: it threw what is no result, so
   * that the run traps, now or later, or the call never returns.
   */
  | (Where & {
      readonly event: "host-return";
      readonly func: string;
      readonly value?: string;
      readonly cancelled?: true;
      readonly trapped?: true;
    })
  /** A line that a scenario logs, or the model's host. */
  | (Where & { readonly event: "log"; readonly line: string })
  /** The run has trapped; `code` as chapter 8 names it. Nothing comes after it. */
  | (Where & { readonly event: "trap"; readonly code?: string })
  /** Nothing can go on any more; `waiting`: the invocations that have not returned. Nothing comes after it. */
  | (Where & { readonly event: "end"; readonly waiting?: readonly string[] });

export type EventKind = TraceEvent["event"];

/** The kinds of events. */
export const eventKinds: readonly EventKind[] = [
  "enter",
  "leave",
  "call",
  "return",
  "invoke",
  "result",
  "host-call",
  "host-return",
  "log",
  "trap",
  "end",
];

/** The first line of a trace. */
export interface TraceHeader {
  readonly format: typeof formatName;
  readonly version: typeof formatVersion;
  /** who recorded it: `jco 0.14.0` */
  readonly engine?: string;
  /** the invocations of a component, in WAVE: all that the host calls, in any order */
  readonly calls?: readonly string[];
  /**
   * What is not recorded: kinds of events, and functions by name (`realloc`, `context.get`), whose `enter`,
   * `leave`, `call` and `return` are left out. Everything else is recorded whenever it happens.
   */
  readonly omits?: readonly string[];
  /**
   * What the recorder hears of some time after it happened: `result`, the only kind that may be here. Such an
   * event stands anywhere behind its own place, before the `end`.
   */
  readonly late?: readonly "result"[];
  /** for people: anything, never judged */
  readonly note?: Json;
}

/** All that a header needs. */
export const plainHeader: TraceHeader = { format: formatName, version: formatVersion };

/** A trace whose events can be gone through more than once. */
export interface RecordedTrace {
  readonly header: TraceHeader;
  readonly events: Iterable<TraceEvent>;
}
