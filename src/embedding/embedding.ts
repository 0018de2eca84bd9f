// A system in the hands of JavaScript: its exports give promises, its host functions may be JavaScript's.

import type { FuncDef } from "../model/program.ts";
import type { ValType } from "../model/types.ts";
import type { System } from "../scheduler/machine.ts";
import type { Outcome } from "../scheduler/outcome.ts";
import type { Policy } from "../scheduler/run.ts";
import type { Arrival, Handed, Notice, Request } from "./arrivals.ts";
import { Calls } from "./calls.ts";
import { DeadlockError, endError } from "./errors.ts";
import { Hands } from "./hands.ts";
import { shown } from "./misfit.ts";
import { Reads } from "./reads.ts";
import { type Origin, type Recording, type Replayed, recordingOf, replayed } from "./recording.ts";
import { type HostFunction, type Import, Requests } from "./requests.ts";
import { Session } from "./session.ts";
import { type Handing, Sources } from "./sources.ts";
import { embeddedSystem } from "./system.ts";

export type Imports = Readonly<Record<string, HostFunction>>;

/** What `invoke` may be told. */
export interface InvokeOptions {
  /** its abort asks the callee to cancel the call */
  readonly signal?: AbortSignal;
}

/** What an embedding is made of. */
export interface Parts {
  readonly system: System;
  readonly origin: Origin;
  readonly imports: Imports;
  readonly policy: Policy;
  readonly deadlock: "reject" | "wait";
  readonly onLost: (error: unknown) => void;
}

/** Microtasks that JavaScript has to react, before a run that cannot go on counts as a deadlock. */
const patience = 64;

/** The host functions that JavaScript stands for. Throws `TypeError` for one that the system lacks, or that is none. */
function importsOf({ program }: System, imports: Imports): ReadonlyMap<string, Import> {
  const known = program.funcs.filter(({ tag }) => tag === "host");
  return new Map(
    Object.entries(imports).map(([name, call]) => {
      const def = known.find((f) => f.name === name);
      if (def === undefined) {
        const names = known.map((f) => f.name).join(", ");
        throw new TypeError(`the host has no function ${name}; it has: ${names}`);
      }
      if (typeof call !== "function") throw new TypeError(`${name} is ${shown(call)}, no function`);
      return [name, { call, def }];
    }),
  );
}

/** A running system. See docs/embedding.md. */
export class Embedding {
  readonly #parts: Parts;
  readonly #session: Session;
  readonly #hands: Hands;
  readonly #calls: Calls;
  readonly #reads: Reads;
  readonly #sources: Sources;
  readonly #requests: Requests;
  #queue: Arrival[] = [];
  #scheduled = false;
  #turns = 0;
  #nextCall = 1;
  #failure: Error | null = null;

  /** Made by `embed`. */
  constructor(parts: Parts) {
    const { system, policy, imports, onLost } = parts;
    const functions = importsOf(system, imports);
    this.#parts = parts;
    this.#session = new Session(embeddedSystem(system, [...functions.keys()]), policy);
    const arrive = (arrival: Arrival): void => this.#arrive(arrival);
    const handing = (): Handing => this.#hands.handing();
    const drop = (dtor: string, rep: number): Promise<unknown> =>
      this.#invoke(dtor, null, { values: [rep], given: [] }, null);
    const sources = new Sources({ arrive, handing, lose: onLost });
    this.#sources = sources;
    this.#reads = new Reads(arrive);
    const { program } = system;
    this.#hands = new Hands({ program, reads: this.#reads, drop, sources });
    const { receiver } = this.#hands;
    this.#calls = new Calls(receiver);
    this.#requests = new Requests({ imports: functions, receiver, handing, arrive });
    this.#schedule();
  }

  /** The log so far. */
  get log(): readonly string[] {
    return this.#session.log;
  }

  /**
   * Calls an export by its name, `Component.function`, with arguments by position. Nothing of it runs
   * before this returns. The promise is fulfilled with the result; it is rejected with `ComponentError`
   * if that is an `error`, with the reason of `signal` if the callee was cancelled, with `TypeError` if
   * the arguments do not fit, and with `TrapError`, `MachineError` or `DeadlockError`.
   */
  invoke(
    func: string,
    args: readonly unknown[] = [],
    { signal }: InvokeOptions = {},
  ): Promise<unknown> {
    if (signal?.aborted === true) return Promise.reject(signal.reason);
    try {
      const def = this.#exportNamed(func);
      return this.#invoke(func, def.ft.result, this.#hands.hand(def, args), signal ?? null);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** What the run has come to, as `replay` of its recording gives it. */
  state(): Replayed {
    return replayed(this.#session);
  }

  /** How the run would end if nothing more came from JavaScript. */
  outcome(): Outcome {
    return this.#session.outcome();
  }

  /** Who waits for what, one sentence for each; none if nobody waits. */
  explain(): readonly string[] {
    return this.#session.explain();
  }

  /** Everything that this run depends on, as JSON data: `replay` makes the same run of it. */
  recording(): Recording {
    return recordingOf(this.#parts.origin, this.#session);
  }

  #exportNamed(name: string): FuncDef {
    const { funcs, resourceTypes } = this.#parts.system.program;
    const dtors = new Set(resourceTypes.map(({ dtor }) => funcs[dtor]));
    const exported = funcs.filter((f) => f.tag === "lift" && !dtors.has(f));
    const found = exported.find((f) => f.name === name);
    if (found !== undefined) return found;
    const names = exported.map((f) => f.name).join(", ");
    throw new TypeError(`there is no export ${name}; there are: ${names}`);
  }

  #invoke(
    func: string,
    result: ValType | null,
    handed: Handed,
    signal: AbortSignal | null,
  ): Promise<unknown> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    const call = this.#nextCall;
    this.#nextCall += 1;
    this.#arrive({ tag: "invoke", call, func, handed });
    return this.#calls.begin(call, result, signal, () => this.#cancel(call, signal?.reason));
  }

  /** A call that has not entered yet never happens. */
  #cancel(call: number, reason: unknown): void {
    const isIt = (a: Arrival): boolean => a.tag === "invoke" && a.call === call;
    const early = this.#queue.find(isIt);
    if (early?.tag !== "invoke") {
      this.#arrive({ tag: "cancel", call });
      return;
    }
    this.#queue = this.#queue.filter((a) => a !== early);
    for (const { source } of early.handed.given) this.#sources.close(source);
    this.#calls.reject(call, reason);
  }

  #arrive(arrival: Arrival): void {
    if (this.#failure !== null) return;
    this.#queue.push(arrival);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => this.#turn());
  }

  /** A turn that goes wrong, because a policy throws say, leaves nobody waiting. */
  #turn(): void {
    try {
      this.#takeTurn();
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** Everything that has arrived by now enters, and the system runs until nothing can go on. */
  #takeTurn(): void {
    const arrivals = this.#queue.filter((a) => {
      return a.tag !== "cancel-read" || this.#reads.isPending(a.read);
    });
    this.#queue = [];
    this.#scheduled = false;
    this.#turns += 1;
    this.#session.enter(arrivals);
    for (let asked = this.#run(); asked !== null; asked = this.#run()) {
      this.#session.reply(asked.request, this.#requests.call(asked));
    }
    const { ending } = this.#session;
    if (ending !== null) this.#fail(endError(ending, this.#requests.cause));
    else if (this.#session.isUnfinished) this.#schedule();
    else if (this.#parts.deadlock === "reject") this.#watch(this.#turns, patience);
  }

  #run(): Request | null {
    const asked = this.#session.run();
    for (const notice of this.#session.notices()) this.#tell(notice);
    return asked;
  }

  #tell(notice: Notice): void {
    switch (notice.tag) {
      case "resolved":
        this.#calls.resolved(notice);
        return;
      case "copied":
        this.#reads.copied(notice);
        return;
      case "abort":
        this.#requests.abort(notice.request);
        return;
      case "pull":
        this.#sources.pull(notice.source, notice.most);
        return;
      case "close":
        this.#sources.close(notice.source);
    }
  }

  #fail(error: Error): void {
    this.#failure = error;
    this.#queue = [];
    this.#calls.rejectAll(error);
    this.#reads.fail(error);
    this.#sources.closeAll();
    this.#requests.abortAll(error);
  }

  /** Whether somebody waits and nothing that JavaScript owes could change that. */
  #isDead(): boolean {
    const waits = this.#calls.size > 0 || this.#reads.size > 0;
    const owed =
      this.#requests.size > 0 ||
      this.#calls.mayAbort ||
      this.#sources.isAwaited ||
      this.#reads.isIdle;
    return waits && !owed && !this.#scheduled && this.#failure === null;
  }

  #watch(turn: number, left: number): void {
    if (turn !== this.#turns || !this.#isDead()) return;
    if (left > 0) {
      queueMicrotask(() => this.#watch(turn, left - 1));
      return;
    }
    const error = new DeadlockError(this.#session.deadlock());
    this.#calls.rejectAll(error);
    this.#reads.reject(error);
  }
}
