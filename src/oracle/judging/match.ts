// Follows the model along a trace: each crossing has to be the next event that is recorded. Mirrors spec/15.

import { type Ctx, currentThread } from "../../canon/machine.ts";
import { toHex } from "../../model/hex.ts";
import type { InstanceId } from "../../model/ids.ts";
import type { CoreFunc, CoreImport } from "../../model/program.ts";
import type { Store } from "../../model/store.ts";
import type { Thread } from "../../model/thread.ts";
import type { CoreValue } from "../../model/values.ts";
import type { System } from "../../scheduler/machine.ts";
import { type CoreKind, coreEvent } from "../core-event.ts";
import type { Onlooker } from "../crossings.ts";
import type { EventKind, MemoryBytes, TraceEvent, TraceHeader } from "../format/trace.ts";
import { type KnownFunc, KnownNames } from "../known-names.ts";
import { heldBytes, holds, memoriesIn } from "../memories.ts";
import { instanceCalled } from "../names.ts";
import type { HostSide } from "../recorded-imports.ts";
import { callNames, openRoots } from "../roots.ts";
import { isWanted } from "../values.ts";
import { Labels, type Place, runningPlace } from "./labels.ts";
import { HostMatcher } from "./match-host.ts";
import { Offers } from "./offers.ts";
import { explained, mismatch } from "./signals.ts";
import type { Awaited, Window } from "./window.ts";

function valuesFit({ values: wants }: Awaited, values: readonly CoreValue[] | null): boolean {
  if (wants === null || values === null) return true;
  if (wants.length !== values.length) return false;
  for (let i = 0; i < wants.length; i++) {
    if (!isWanted(wants[i] ?? null, values[i] ?? 0)) return false;
  }
  return true;
}

export interface MatchOptions {
  /** go on behind the trace's last event, to see what may come next */
  readonly beyond: boolean;
}

/** Compares what happens with the trace; where it stands is set before each step, and read after it. */
export class Matcher implements Onlooker {
  position = 0;
  readonly labels: Labels;
  readonly offers: Offers = new Offers();
  /** the most ways that led over one event */
  mostWays = 1;
  readonly #system: System;
  readonly #window: Window;
  readonly #omits: ReadonlySet<string>;
  readonly #names: KnownNames;
  readonly #calls: ReadonlyMap<string, string>;
  readonly #beyond: boolean;
  /** whether a result may be told later than it is there */
  readonly #late: boolean;
  readonly host: HostSide;

  constructor(system: System, header: TraceHeader, window: Window, { beyond }: MatchOptions) {
    this.#system = system;
    this.labels = new Labels(system.program);
    this.#window = window;
    this.#omits = new Set(header.omits);
    this.#names = new KnownNames(system.program, this.#omits);
    this.#calls = callNames(system, header.calls);
    this.#beyond = beyond;
    this.#late = header.late?.includes("result") ?? false;
    this.host = new HostMatcher(this, this.#omits);
  }

  enter(c: Ctx, core: CoreFunc, args: readonly CoreValue[] | null): void {
    this.#cross(c, "enter", core, this.#names.ofCore(c, core), args);
  }

  leave(c: Ctx, core: CoreFunc, results: readonly CoreValue[]): void {
    this.#cross(c, "leave", core, this.#names.ofCore(c, core), results);
  }

  call(c: Ctx, core: CoreFunc, callee: CoreImport, args: readonly CoreValue[]): void {
    this.#cross(c, "call", core, this.#names.ofImport(callee), args);
  }

  return(c: Ctx, core: CoreFunc, callee: CoreImport, results: readonly CoreValue[]): void {
    this.#cross(c, "return", core, this.#names.ofImport(callee), results);
  }

  invoke(c: Ctx, call: string): void {
    if (this.#omits.has("invoke")) return;
    const awaited = this.awaited("invoke");
    const { event } = awaited ?? {};
    const says = event?.event === "invoke" && this.#isCall(event.call, call);
    const fits = says || awaited?.free === true;
    const next = (): TraceEvent => ({ event: "invoke", call: this.#callName(call) });
    this.take(c, fits ? awaited : null, null, next);
  }

  log(c: Ctx, line: string): void {
    if (this.#omits.has("log")) return;
    const awaited = this.awaited("log");
    const says = awaited?.event.event === "log" && awaited.event.line === line;
    const fits = says || awaited?.free === true;
    this.take(c, fits ? awaited : null, null, () => ({ event: "log", line }));
  }

  result(c: Ctx, call: string, value: string | null): void {
    if (this.#omits.has("result")) return;
    const awaited = this.awaited("result");
    const fits = awaited?.free === true || this.#says(awaited, call, value);
    if (!fits && this.#late) this.labels.owe(call, value);
    else this.take(c, fits ? awaited : null, null, () => this.#resultEvent(call, value));
  }

  #says(awaited: Awaited | null, call: string, value: string | null): boolean {
    const event = awaited?.event;
    if (event?.event !== "result" || !this.#isCall(event.call, call)) return false;
    return event.value === undefined || event.value === value;
  }

  #resultEvent(call: string, value: string | null): TraceEvent {
    return { event: "result", call: this.#callName(call), value };
  }

  /** Results that are late are told as soon as the trace has them. */
  #takeOwed(): void {
    const awaited = this.awaited("result");
    if (awaited === null) return;
    for (const [call, value] of this.labels.bindings.owed) {
      if (!this.#says(awaited, call, value)) continue;
      this.labels.tell(call);
      this.#pass(awaited);
      return;
    }
  }

  ended({ path }: Readonly<Thread>): void {
    this.labels.ended(path);
  }

  /** The run has ended with a trap: always throws. */
  trap({ ending, stack, entities }: Store): never {
    if (ending?.tag !== "trap" || this.#omits.has("trap")) throw mismatch;
    const { code } = ending;
    const { program } = this.#system;
    const instance = ending.instance === "host" ? null : instanceCalled(program, ending.instance);
    const thread = entities.thread[stack[stack.length - 1] ?? -1] ?? null;
    const awaited = this.awaited("trap");
    const fits = awaited?.event.event === "trap" && (awaited.event.code ?? code) === code;
    this.#takeAt({ instance, thread }, fits ? awaited : null, () => ({ event: "trap", code }));
    throw mismatch;
  }

  /** Nothing of the model can go on; throws, unless something that is no part of it may (`outside`). */
  end(c: Ctx, outside: boolean): void {
    const { owed, host } = this.labels.bindings;
    // the caller of who threw may never hear of it
    const heard = host.announced.every(({ event }) => event.trapped);
    if (owed.size > 0) this.#offerOwed();
    else if (heard && !this.#omits.has("end")) this.#end(c, outside);
    if (!outside) throw mismatch;
  }

  #end(c: Ctx, outside: boolean): void {
    const open = openRoots(c.edit.globals);
    const awaited = this.#window.at(this.position);
    const { event } = awaited ?? {};
    const fits = event?.event === "end" && this.#areOpen(event.waiting, open);
    const next = (): TraceEvent => ({
      event: "end",
      waiting: open.map((root) => this.#callName(root)),
    });
    try {
      this.#takeAt({ instance: null, thread: null }, fits ? awaited : null, next);
    } catch (signal) {
      if (signal !== mismatch || !outside) throw signal;
    }
  }

  /** The same invocations, in any order. */
  #areOpen(waiting: readonly string[] | undefined, open: readonly string[]): boolean {
    if (waiting === undefined) return true;
    const left = [...waiting];
    for (const root of open) {
      const at = left.findIndex((call) => this.#isCall(call, root));
      if (at < 0) return false;
      left.splice(at, 1);
    }
    return left.length === 0;
  }

  #callName(root: string): string {
    return this.#calls.get(root) ?? root;
  }

  #isCall(recorded: string, root: string): boolean {
    return recorded === root || recorded === this.#callName(root);
  }

  /** The event that comes next, if it is of this kind. */
  awaited(kind: EventKind): Awaited | null {
    const awaited = kind === "host-return" ? this.#window.at(this.position) : this.meanwhile();
    return awaited?.kind === kind ? awaited : null;
  }

  /** The event that comes next behind what functions of the host return meanwhile. */
  meanwhile(): Awaited | null {
    let awaited = this.#window.at(this.position);
    while (awaited !== null && this.#announces(awaited)) awaited = this.#window.at(this.position);
    return awaited;
  }

  /** Whether it is the end of a call of the host's; then that is passed, and its thread takes it when it runs. */
  #announces(awaited: Awaited): boolean {
    const { event } = awaited;
    // a call that is cancelled hears of it at once
    if (event.event !== "host-return" || event.cancelled) return false;
    const known = this.labels.announce(event);
    if (known) this.#pass(awaited);
    return known;
  }

  #cross(
    c: Ctx,
    kind: CoreKind,
    { instance }: CoreFunc,
    { name, names, omitted }: KnownFunc,
    values: readonly CoreValue[] | null,
  ): void {
    if (omitted || this.#omits.has(kind)) return;
    const awaited = this.awaited(kind);
    const fits =
      awaited !== null &&
      (awaited.func === null || names.has(awaited.func)) &&
      valuesFit(awaited, values) &&
      this.#memoryFits(c, awaited, instance);
    if (fits && this.#passes(awaited, instance, c.edit.thread.read(currentThread(c)))) return;
    const held = fits || awaited === null ? [] : this.#held(c, awaited, instance);
    this.#offer(runningPlace(c, instance), () => coreEvent(kind, name, values, held));
  }

  /** What the memories hold where an event says what they do. */
  #held(c: Ctx, { memory }: Awaited, instance: InstanceId): readonly MemoryBytes[] {
    const ids = memoriesIn(this.#system, c, instance);
    return memory.flatMap(({ memory: n, at, bytes }) => {
      const id = ids[n];
      const held = id === undefined ? null : heldBytes(c.edit.memory.read(id), at, bytes.length);
      return held === null ? [] : [{ at, bytes: toHex(held), ...(n > 0 && { memory: n }) }];
    });
  }

  #memoryFits(c: Ctx, { memory }: Awaited, instance: InstanceId): boolean {
    if (memory.length === 0) return true;
    const ids = memoriesIn(this.#system, c, instance);
    return memory.every(({ memory: n, at, bytes }) => {
      const id = ids[n];
      return id !== undefined && holds(c.edit.memory.read(id), at, bytes);
    });
  }

  take(c: Ctx, awaited: Awaited | null, instance: InstanceId | null, next: () => TraceEvent): void {
    this.#takeAt(runningPlace(c, instance), awaited, next);
  }

  #takeAt(place: Place, awaited: Awaited | null, next: () => TraceEvent): void {
    if (awaited !== null && this.#passes(awaited, place.instance, place.thread)) return;
    this.#offer(place, next);
  }

  /** Passes the event if it may mean this place. */
  #passes(awaited: Awaited, instance: InstanceId | null, thread: Place["thread"]): boolean {
    const fits = awaited.free || this.labels.fits(awaited.event, instance, thread);
    if (fits) this.#pass(awaited);
    return fits;
  }

  /** The model does something else than the trace says. */
  #offer(place: Place, next: () => TraceEvent): never {
    if (this.position === this.offers.deepest) {
      const { bindings } = this.labels;
      this.offers.add(() => ({ ...next(), ...this.labels.where(place, bindings) }));
      this.#offerOwed();
    }
    throw mismatch;
  }

  #offerOwed(): void {
    if (this.position !== this.offers.deepest) return;
    for (const [call, value] of this.labels.bindings.owed) {
      this.offers.add(() => this.#resultEvent(call, value));
    }
  }

  #pass(awaited: Awaited): void {
    awaited.ways += 1;
    if (awaited.ways > this.mostWays) this.mostWays = awaited.ways;
    this.position += 1;
    if (this.position > this.offers.deepest) this.offers.reach(this.position);
    if (!this.#beyond && this.#window.at(this.position) === null) throw explained;
    if (this.#late && this.labels.bindings.owed.size > 0) this.#takeOwed();
  }
}
