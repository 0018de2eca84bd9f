// A run of a component in an engine that is written in JavaScript, recorded. Mirrors spec/15.

import type { Callable, Linked } from "../../component/instantiate.ts";
import { callables } from "../../component/instantiate.ts";
import type { Linking } from "../../component/items.ts";
import { type Invocation, parseInvocation } from "../../wave/invocation.ts";
import { formatName, formatVersion, type TraceEvent, type TraceHeader } from "../format/trace.ts";
import { type CallOptions, type ExportCall, keeping, makeCalls, trapEvent } from "./calls.ts";
import { EngineError } from "./engine-error.ts";
import type { JsFunc } from "./host-imports.ts";
import { toHost } from "./host-values.ts";
import { linkedOf } from "./linked.ts";
import type { MemoryBounds } from "./memories.ts";
import { beginsOf, hiddenFuncs } from "./plan.ts";
import { newRecorder, type Recorder } from "./recorder.ts";
import { isTrap } from "./web-assembly.ts";

/** Functions of the host by the names of what is imported: `f`, or `a:b/c#f` without a version. */
export type JsFuncs = Readonly<Record<string, JsFunc>>;

/** What an engine is given for a run. */
export interface Subject {
  readonly bytes: Uint8Array;
  readonly linking: Linking;
  /** what it has to instantiate core modules with */
  readonly instantiateCore: Recorder["instantiateCore"];
  readonly imports: JsFuncs;
  readonly emit: (event: TraceEvent) => void;
  /** The run cannot be recorded: throws, and whatever becomes of that, so does `recordIn`. */
  readonly refuse: (message: string) => never;
}

/** The function that is exported by a path: `run`, `a:b/c@1.0.0#f`. Throws `EngineError`. */
export type ExportedFunc = (path: string) => JsFunc;

/** An engine. */
export interface Engine {
  /** its name for people */
  readonly name: string;
  /** and its version, for the header */
  readonly title: string;
  /** Makes an instance of a component. Throws `EngineError`, a trap, or what it throws that fails. */
  readonly instantiate: (subject: Subject) => Promise<ExportedFunc>;
}

export interface EngineRunOptions {
  /** in WAVE: `run()`, `a:b/c#f(1)` */
  readonly calls: readonly string[];
  readonly imports?: JsFuncs;
  /** all at once, which is the default, or one after the other */
  readonly order?: CallOptions["order"];
  /** when nothing has happened for so long, nothing will: milliseconds (default 200) */
  readonly idle?: number;
  /** of a run that goes on only the beginning is recorded (default 100 000 events) */
  readonly maxEvents?: number;
  /** false: memories are not recorded; default: the first MiB of each, and up to 4096 bytes an event */
  readonly memory?: Partial<MemoryBounds> | false;
}

/** A run of an engine: all its events are there, unless it was cut off, and has neither `trap` nor `end`. */
export interface EngineTrace {
  readonly header: TraceHeader;
  readonly events: readonly TraceEvent[];
}

function boundsOf(memory: EngineRunOptions["memory"]): MemoryBounds | null {
  return memory === false ? null : { watched: 2 ** 20, recorded: 4096, ...memory };
}

function requireAll({ name }: Engine, { missing }: Recorder): void {
  const [first] = missing();
  if (first === undefined) return;
  const message = `${name} has not instantiated ${first} as the component says`;
  throw new EngineError("unsupported", message);
}

/** The component's exports; null if its instantiation has trapped. */
async function instantiated(
  engine: Engine,
  recorder: Recorder,
  subject: Subject,
): Promise<ExportedFunc | null> {
  try {
    const exports = await engine.instantiate(subject);
    requireAll(engine, recorder);
    return exports;
  } catch (error) {
    if (error instanceof EngineError) throw error;
    if (!isTrap(error)) {
      const message = `${engine.name} does not instantiate the component: ${error}`;
      throw new EngineError("component", message, error);
    }
    subject.emit(trapEvent(error));
    return null;
  }
}

/** A call of an export. Throws `EngineError` for values that are not only data. */
function callOf(
  exports: ExportedFunc,
  linking: Linking,
  text: string,
  { callable: { path, ft, func }, args }: Invocation<Callable>,
): ExportCall {
  const called = exports(path);
  const values = args.flatMap((arg, i) => {
    const param = ft.params[i];
    return param === undefined ? [] : [toHost(param.t, arg)];
  });
  return { text, ft, begins: beginsOf(linking, func), make: () => called(...values) };
}

function headerOf(engine: string, calls: readonly string[], { linking }: Linked): TraceHeader {
  const omits = hiddenFuncs(linking);
  const header = {
    format: formatName,
    version: formatVersion,
    engine,
    calls,
    // JavaScript hears of a result some microtasks after it is there
    late: ["result"],
  } as const;
  return omits.length === 0 ? header : { ...header, omits };
}

/**
 * Runs a component in an engine and records what crosses between its core modules and the canonical ABI. Throws
 * `EngineError`; `Invalid` for bytes that are no component, `WaveError` for a call of what it does not export.
 */
export async function recordIn(
  engine: Engine,
  bytes: Uint8Array,
  options: EngineRunOptions,
): Promise<EngineTrace> {
  const { calls, imports = {}, order = "together", idle = 200, maxEvents = 100_000 } = options;
  const linked = linkedOf(bytes);
  const invocations = calls.map((text) => parseInvocation(text, callables(linked)));
  const events: TraceEvent[] = [];
  const sink = keeping(events, maxEvents);
  const { linking } = linked;
  const recorder = newRecorder(linking, sink.emit, { memory: boundsOf(options.memory) });
  const refused: EngineError[] = [];
  const refuse = (message: string): never => {
    const error = new EngineError("unsupported", message);
    refused.push(error);
    throw error;
  };
  const { instantiateCore } = recorder;
  const subject = { bytes, linking, instantiateCore, imports, emit: sink.emit, refuse };
  const exports = await instantiated(engine, recorder, subject);
  if (exports !== null) {
    const made = invocations.map((one, i) => callOf(exports, linking, calls[i] ?? "", one));
    await makeCalls(sink, made, { order, idle });
  }
  const [first] = refused;
  if (first !== undefined) throw first;
  return { header: headerOf(engine.title, calls, linked), events };
}
