// A run that JavaScript takes part in, without its clock: arrivals in, notices and requests out, one step after the other.

import { type Ctx, context } from "../canon/machine.ts";
import { editStore, type Token } from "../model/edit.ts";
import type { Ending } from "../model/store.ts";
import type { Value } from "../model/values.ts";
import { Agenda } from "../scheduler/agenda.ts";
import { explainStuck } from "../scheduler/explain.ts";
import {
  type Action,
  macrostepBound,
  type Settling,
  type System,
  settle,
  stepIn,
} from "../scheduler/machine.ts";
import { type Recorder, record, type Schedule } from "../scheduler/model.ts";
import { type Outcome, outcomeOf } from "../scheduler/outcome.ts";
import type { Policy } from "../scheduler/run.ts";
import type { Answer, Arrival, Notice, Occurrence, Request } from "./arrivals.ts";
import { change, desk } from "./desk.ts";
import { enter } from "./entering.ts";
import { askOptions, type RequestState } from "./requests-in.ts";

/** How a call of `invoke` ended, or that it has not: its values as the machine has them. */
export interface CallResult {
  readonly call: number;
  readonly func: string;
  readonly end: "returned" | "cancelled" | "ended" | "deadlock" | "pending";
  /** none, or one */
  readonly values: readonly Value[];
}

/** Choices of one turn, at the most: a guest that polls would never let anything in. */
const turnChoices = 100;

/** Turns of that length in a row in which nothing arrived, before the run ends as `limit`. */
const idleTurns = 200;

/** A run and what JavaScript did with it. */
export class Session {
  readonly #system: System;
  readonly #policy: Policy;
  readonly #edit: Token;
  readonly #c: Ctx;
  readonly #settling: Settling;
  readonly #recorder: Recorder = record();
  readonly #occurrences: Occurrence[] = [];
  readonly #results = new Map<number, CallResult>();
  /** choices of this turn */
  #choices = 0;
  #idle = 0;

  /** `system` as `embeddedSystem` makes it. */
  constructor(system: System, policy: Policy) {
    this.#system = system;
    this.#policy = policy;
    this.#edit = editStore(system.initial);
    this.#c = context(system, this.#edit);
    const agenda = new Agenda(this.#c, this.#edit);
    this.#settling = { bound: macrostepBound, watch: null, host: () => agenda.actions() };
  }

  get ending(): Ending | null {
    return this.#edit.globals.ending;
  }

  get log(): readonly string[] {
    return [...this.#edit.globals.log];
  }

  get schedule(): Schedule {
    return [...this.#recorder.schedule()];
  }

  get occurrences(): readonly Occurrence[] {
    return [...this.#occurrences];
  }

  /** Of all calls, in the order of their numbers. */
  get results(): readonly CallResult[] {
    const all = [...this.#results.values()];
    if (this.ending === null) return all;
    return all.map((result) => (result.end === "pending" ? { ...result, end: "ended" } : result));
  }

  outcome(): Outcome {
    return outcomeOf(this.#edit.done());
  }

  /** The turn ended before nothing could go on: there has to be another one. */
  get isUnfinished(): boolean {
    return this.#choices === turnChoices && this.ending === null;
  }

  /** Begins a turn with what has arrived, in this order; then `run` goes on. */
  enter(arrivals: readonly Arrival[]): void {
    this.#occurrences.push({ tag: "turn", arrivals });
    this.#idle = this.isUnfinished && arrivals.length === 0 ? this.#idle + 1 : 0;
    this.#choices = 0;
    if (this.#idle === idleTurns) {
      const bound = `${idleTurns} turns of ${turnChoices} choices in which nothing arrived`;
      this.#edit.globals.ending = { tag: "limit", bound };
    }
    for (const arrival of arrivals) {
      if (arrival.tag === "invoke") this.#setResult(arrival.call, arrival.func, "pending", []);
      enter(this.#c, arrival);
    }
  }

  /** Runs until JavaScript is asked something; null: until nothing can go on, or the turn is over. */
  run(): Request | null {
    let actions = settle(this.#c, this.#settling);
    while (actions.length > 0) {
      const request = this.#request();
      if (request !== null) return request;
      if (this.isUnfinished) break;
      actions = this.#take(actions);
    }
    return null;
  }

  /** Answers what `run` gave; null: later, in an arrival. Then `run` goes on. */
  reply(request: number, answer: Answer | null): void {
    this.#occurrences.push({ tag: "reply", request, answer });
    if (answer !== null) {
      change(this.#c, { answers: { ...desk(this.#c).answers, [request]: answer } });
    }
    const option = askOptions[answer === null ? 1 : 0] ?? "";
    stepIn(this.#c, { tag: "pick", name: option, value: answer === null ? 1 : 0 }, null);
  }

  /** What JavaScript is to be told, in order; the next time, only what came after that. */
  notices(): readonly Notice[] {
    const { notices } = desk(this.#c);
    if (notices.length > 0) change(this.#c, { notices: [] });
    for (const notice of notices) if (notice.tag === "resolved") this.#resolve(notice);
    return notices;
  }

  /** Whoever still waits is told so; gives who waits for what, in words. */
  deadlock(): readonly string[] {
    this.#occurrences.push({ tag: "deadlock" });
    for (const { call, func, end } of this.#results.values()) {
      if (end === "pending") this.#setResult(call, func, "deadlock", []);
    }
    return this.explain();
  }

  /** Who waits for what: the calls that are not over, the reads, and whom they wait for. */
  explain(): readonly string[] {
    const store = this.#edit.done();
    const reads = store.entities.thread.flatMap((t, id) => {
      return t?.name.startsWith("read ") ? [{ name: t.name, thread: id }] : [];
    });
    const roots = [...store.roots, ...reads] as typeof store.roots;
    return explainStuck(this.#system, { ...store, roots });
  }

  #take(actions: readonly Action[]): readonly Action[] {
    this.#choices += 1;
    const picked = this.#policy(actions);
    this.#recorder.record(actions, picked);
    stepIn(this.#c, picked, null);
    return settle(this.#c, this.#settling);
  }

  /** What the thread that stands at a choice point asks JavaScript; null if it asks a policy. */
  #request(): Request | null {
    const { running } = this.#edit;
    if (running === null) return null;
    const { frames } = this.#edit.thread.read(running);
    const [below, top] = frames.slice(-2);
    const isRequest = top?.tag === "guest.choose" && top.options === askOptions;
    if (below === undefined || !isRequest) return null;
    const { request, func, args } = below.state as RequestState;
    return { request, func, args };
  }

  #setResult(call: number, func: string, end: CallResult["end"], values: readonly Value[]): void {
    this.#results.set(call, { call, func, end, values });
  }

  #resolve({ call, state, values }: Notice & { tag: "resolved" }): void {
    const known = this.#results.get(call);
    if (known?.end !== "pending") return;
    this.#setResult(call, known.func, state === "RETURNED" ? "returned" : "cancelled", values);
  }
}
