// A run of the model as a trace: what can be seen of it, in the order in which it happens. Mirrors spec/15.

import { type Ctx, currentThread } from "../canon/machine.ts";
import type { InstanceId, MemoryId } from "../model/ids.ts";
import type { CoreFunc, CoreImport, Program } from "../model/program.ts";
import type { Memory, Store } from "../model/store.ts";
import type { Thread } from "../model/thread.ts";
import type { CoreValue } from "../model/values.ts";
import type { System } from "../scheduler/machine.ts";
import type { Schedule } from "../scheduler/model.ts";
import { type Outcome, outcomeOf } from "../scheduler/outcome.ts";
import { type Policy, run } from "../scheduler/run.ts";
import { coreEvent } from "./core-event.ts";
import { type Onlooker, observed } from "./crossings.ts";
import { refuseEarlier } from "./designs.ts";
import {
  type MemoryBytes,
  plainHeader,
  type RecordedTrace,
  type TraceEvent,
  type TraceHeader,
} from "./format/trace.ts";
import { type HostBehaviour, type HostEvent, hostOf } from "./host-functions.ts";
import { type KnownFunc, KnownNames } from "./known-names.ts";
import { changedBytes, memoriesIn } from "./memories.ts";
import { instanceNamed } from "./names.ts";
import type { HostSide } from "./recorded-imports.ts";
import { callNames, openRoots } from "./roots.ts";

export interface RecordOptions {
  /** false: what changes in memories is not recorded (default true) */
  readonly memory?: boolean;
  /** what the invocations are called in the header and the events, in WAVE, in the order of the roots */
  readonly calls?: readonly string[];
  /** choice points to pass at the most (default 10 000); a run that is cut off there has no end */
  readonly maxChoices?: number;
  /** what the functions do that a scenario's `unknownImports: "recorded"` leaves to the trace */
  readonly host?: HostBehaviour;
}

/** A recorded run, with what the model knows about it. */
export interface Recorded extends RecordedTrace {
  readonly events: readonly TraceEvent[];
  readonly schedule: Schedule;
  /** of the run as far as it went */
  readonly outcome: Outcome;
}

/** Remembers what the memories of each instance held when its core code stopped. */
class MemoryDiary {
  readonly #system: System;
  readonly #held = new Map<MemoryId, Readonly<Memory>>();

  constructor(system: System) {
    this.#system = system;
  }

  stops(c: Ctx, instance: InstanceId): void {
    const ids = memoriesIn(this.#system, c, instance);
    if (ids.length === 0) return;
    // from here on a write copies what it writes to
    const { memory } = c.edit.done().entities;
    for (const id of ids) {
      const now = memory[id];
      if (now) this.#held.set(id, now);
    }
  }

  /** What has changed since. */
  goesOn(c: Ctx, instance: InstanceId): readonly MemoryBytes[] {
    return memoriesIn(this.#system, c, instance).flatMap((id, number) => {
      const before = this.#held.get(id);
      const changed = before === undefined ? [] : changedBytes(before, c.edit.memory.read(id));
      return number === 0 ? changed : changed.map((bytes) => ({ ...bytes, memory: number }));
    });
  }
}

/** Writes down what it is told. */
class Recorder implements Onlooker {
  readonly events: TraceEvent[] = [];
  readonly #program: Program;
  readonly #calls: ReadonlyMap<string, string>;
  readonly #diary: MemoryDiary | null;
  readonly #names: KnownNames;
  /** by path, of the threads that were seen and have not ended */
  readonly #labels = new Map<string, string>();
  #threads = 0;
  readonly host?: HostSide;

  constructor(system: System, { memory = true, calls, host }: RecordOptions) {
    if (host !== undefined) this.host = hostOf(host, (c, event) => this.#hostDoes(c, event));
    this.#program = system.program;
    this.#names = new KnownNames(system.program, new Set());
    this.#calls = callNames(system, calls);
    this.#diary = memory ? new MemoryDiary(system) : null;
  }

  enter(c: Ctx, core: CoreFunc, args: readonly CoreValue[] | null): void {
    this.#goesOn(c, "enter", core, this.#names.ofCore(c, core), args);
  }

  leave(c: Ctx, core: CoreFunc, results: readonly CoreValue[]): void {
    this.#stops(c, "leave", core, this.#names.ofCore(c, core), results);
  }

  call(c: Ctx, core: CoreFunc, callee: CoreImport, args: readonly CoreValue[]): void {
    this.#stops(c, "call", core, this.#names.ofImport(callee), args);
  }

  return(c: Ctx, core: CoreFunc, callee: CoreImport, results: readonly CoreValue[]): void {
    this.#goesOn(c, "return", core, this.#names.ofImport(callee), results);
  }

  invoke(c: Ctx, call: string): void {
    this.events.push({ event: "invoke", thread: this.#thread(c), call: this.callName(call) });
  }

  result(c: Ctx, call: string, value: string | null): void {
    const thread = this.#thread(c);
    this.events.push({ event: "result", thread, call: this.callName(call), value });
  }

  log(c: Ctx, line: string): void {
    this.events.push({ event: "log", thread: this.#thread(c), line });
  }

  ended({ path }: Readonly<Thread>): void {
    this.#labels.delete(path);
  }

  #hostDoes(c: Ctx, event: HostEvent): void {
    this.events.push({ ...event, thread: this.#thread(c) });
  }

  callName(root: string): string {
    return this.#calls.get(root) ?? root;
  }

  label(path: string): string {
    const known = this.#labels.get(path);
    if (known !== undefined) return known;
    this.#threads += 1;
    const label = `t${this.#threads}`;
    this.#labels.set(path, label);
    return label;
  }

  #thread(c: Ctx): string {
    return this.label(c.edit.thread.read(currentThread(c)).path);
  }

  #goesOn(
    c: Ctx,
    kind: "enter" | "return",
    core: CoreFunc,
    func: KnownFunc,
    values: readonly CoreValue[] | null,
  ): void {
    const changes = this.#diary?.goesOn(c, core.instance) ?? [];
    this.#cross(c, core, coreEvent(kind, func.name, values, changes));
  }

  #stops(
    c: Ctx,
    kind: "leave" | "call",
    core: CoreFunc,
    func: KnownFunc,
    values: readonly CoreValue[],
  ): void {
    this.#cross(c, core, coreEvent(kind, func.name, values, []));
    this.#diary?.stops(c, core.instance);
  }

  #cross(c: Ctx, { instance }: CoreFunc, event: TraceEvent): void {
    const name = instanceNamed(this.#program, instance);
    this.events.push({ ...event, instance: name, thread: this.#thread(c) });
  }
}

/** How the run ended; nothing for one that was cut off, by a bound or otherwise. */
function lastEvents(recorder: Recorder, store: Store, complete: boolean): readonly TraceEvent[] {
  const { ending, stack, entities } = store;
  if (ending?.tag === "trap") {
    const path = entities.thread[stack[stack.length - 1] ?? -1]?.path;
    const { code, instance } = ending;
    const thread = path === undefined ? {} : { thread: recorder.label(path) };
    return [{ event: "trap", ...(instance !== "host" && { instance }), ...thread, code }];
  }
  if (!complete || ending !== null) return [];
  return [{ event: "end", waiting: openRoots(store).map((root) => recorder.callName(root)) }];
}

/**
 * Runs a system under a policy and records it. Instances have the names that the model gives them, threads
 * are t1, t2 .. in the order in which they are first seen; integers are unsigned. With `memory`, an event at
 * which core code goes on says what has changed in the memories of its instance since it ran last. A run that
 * ends with a `bug` or a `limit`, or at `maxChoices`, gives a trace without an end. Throws `JudgeError` for a
 * system of an earlier design.
 */
export function recordRun(system: System, policy: Policy, options: RecordOptions = {}): Recorded {
  const { calls, maxChoices } = options;
  refuseEarlier(system);
  const recorder = new Recorder(system, options);
  const bounds = maxChoices === undefined ? {} : { maxChoices };
  const { store, schedule, complete } = run(observed(system, recorder), policy, bounds);
  const events = [...recorder.events, ...lastEvents(recorder, store, complete)];
  return { header: headerOf(calls), events, schedule, outcome: outcomeOf(store) };
}

function headerOf(calls: readonly string[] | undefined): TraceHeader {
  const header = { ...plainHeader, engine: "canon-async" };
  return calls === undefined ? header : { ...header, calls };
}
