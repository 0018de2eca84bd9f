// Looks for a run of the model that a trace could have been recorded of. Mirrors spec/15.

import { resumeId } from "../../canon/threads.ts";
import type { Store } from "../../model/store.ts";
import type { Action, System } from "../../scheduler/machine.ts";
import type { Schedule } from "../../scheduler/model.ts";
import type { RecordedTrace, TraceEvent } from "../format/trace.ts";
import type { Bindings } from "./bindings.ts";
import { type FollowOptions, follow, scheduleOf } from "./following.ts";
import type { Matcher } from "./match.ts";
import { Met } from "./met.ts";
import { Open } from "./open.ts";
import { explained, mismatch } from "./signals.ts";
import type { Stand, Stepper } from "./stepper.ts";
import { further, type Way } from "./ways.ts";
import type { Window } from "./window.ts";

export interface SearchOptions extends FollowOptions {
  /** steps to try since the trace was last explained further than before */
  readonly maxSteps: number;
  readonly schedule: boolean;
  /** called now and then; true stops the search */
  readonly progress: (explained: number) => boolean;
}

/** What a search comes to. */
export interface Found {
  /** null: a bound was reached before it was known */
  readonly allowed: boolean | null;
  readonly explained: number;
  readonly next: readonly TraceEvent[];
  readonly nextComplete: boolean;
  /** the event at which no way goes on; null: the trace ends there */
  readonly stop: TraceEvent | null;
  readonly schedule: Schedule | null;
  readonly ambiguity: number;
  readonly steps: number;
  readonly bound: string | null;
}

/** A run that explains the trace so far and stands where there is a choice. */
interface Node extends Stand {
  /** how many events are explained */
  readonly position: number;
  readonly bindings: Bindings;
  /** null at the beginning, or if nobody wants to know */
  readonly way: Way | null;
  /** how many steps it went without passing an event */
  readonly silent: number;
}

/** What a search holds at a time. */
export interface Held {
  readonly events: number;
  readonly runs: number;
  readonly keys: number;
}

/** To go on where blocking gives way to the host: that comes of the default, without an event in between. */
function isCoin(action: Action, pick: number): boolean {
  return pick > 0 && action.tag === "pick" && action.viaDefault !== undefined;
}

/** Where nothing is undecided, a state is looked up once in so many steps that pass no event. */
const silentSteps = 8;
/** A run that has passed no event for so many steps, or twice as many, and so on, lets the others go first. */
const patience = 256;

/** One that counts on for ever would never be met again. */
function isLong(silent: number): boolean {
  return silent >= patience && Number.isInteger(Math.log2(silent / patience));
}

/** How often somebody is asked whether to go on: in steps, or in events if there are many in each. */
const stepsBetween = 1024;
const eventsBetween = 16_384;

export class Search {
  readonly #window: Window;
  readonly #matcher: Matcher;
  readonly #stepper: Stepper;
  readonly #options: SearchOptions;
  readonly #met: Met;
  readonly #open = new Open<Node>();
  #steps = 0;
  /** the way of the run that explains most, and when it was found */
  #deepest = 0;
  #deepestWay: Way | null = null;
  #deepestStep = 0;
  #isExplained = false;
  /** when somebody is asked next whether to go on, in steps and in events */
  #asked = stepsBetween;
  #askedBehind = eventsBetween;
  /** what was not followed, because of a bound of the model; null: nothing */
  #limit: string | null = null;

  constructor(system: System, trace: RecordedTrace, options: SearchOptions) {
    const { window, matcher, stepper } = follow(system, trace, options);
    this.#window = window;
    this.#matcher = matcher;
    this.#stepper = stepper;
    this.#options = options;
    this.#met = new Met(system);
  }

  get held(): Held {
    return { events: this.#window.size, runs: this.#open.size, keys: this.#met.size };
  }

  /** The way of the run that explains most. */
  get way(): Way | null {
    return this.#deepestWay;
  }

  /** All but the schedule. */
  run(): Omit<Found, "schedule"> {
    if (this.#window.at(0) === null && !this.#options.next) return this.#found(true, null);
    const first = this.#go(() => this.#stepper.begin(), null, -1);
    if (first !== null) this.#open.push(first);
    while (!this.#isExplained) {
      const node = this.#open.take();
      if (node === undefined) return this.#exhausted();
      const bound = this.#bound();
      if (bound !== null) return this.#found(this.#isAllAllowed() || null, bound);
      this.#forget();
      this.#expand(node);
    }
    return this.#found(true, null);
  }

  /** The bound that is reached now. */
  #bound(): string | null {
    const { maxSteps, progress } = this.#options;
    if (this.#steps - this.#deepestStep >= maxSteps) {
      return `${maxSteps} steps of the model were tried after the last event that is explained`;
    }
    if (this.#steps < this.#asked && this.#deepest < this.#askedBehind) return null;
    this.#asked = this.#steps + stepsBetween;
    this.#askedBehind = this.#deepest + eventsBetween;
    return progress(this.#deepest) ? "the search was stopped" : null;
  }

  #isAllAllowed(): boolean {
    return this.#window.at(this.#deepest) === null;
  }

  #exhausted(): Omit<Found, "schedule"> {
    if (this.#isAllAllowed()) return this.#found(true, null);
    return this.#found(this.#limit === null ? false : null, this.#limit);
  }

  #found(allowed: boolean | null, bound: string | null): Omit<Found, "schedule"> {
    const { offers, mostWays } = this.#matcher;
    const last = this.#deepest === 0 ? null : this.#window.at(this.#deepest - 1);
    const isOver = allowed === true && (last?.kind === "end" || last?.kind === "trap");
    const looked = allowed === false || (allowed === true && this.#options.next);
    const complete = bound === null && this.#limit === null && offers.complete;
    return {
      allowed,
      explained: this.#deepest,
      next: isOver || (allowed === true && !looked) ? [] : offers.events(),
      nextComplete: isOver || (looked && complete),
      stop: this.#window.at(this.#deepest)?.event ?? null,
      ambiguity: mostWays,
      steps: this.#steps,
      bound: allowed === null ? bound : null,
    };
  }

  /** Lets go what nobody comes back to. */
  #forget(): void {
    const { floor } = this.#open;
    // the last event that was explained is asked for in the end
    this.#window.drop(floor - 1);
    this.#met.drop(floor);
  }

  /** Tries every alternative at once: mostly the next event leaves just one. */
  #expand(node: Node): void {
    const first = this.#preferred(node);
    const next: Node[] = [];
    this.#try(node, first, next);
    for (let pick = 0; pick < node.actions.length; pick++) {
      if (pick !== first && !this.#isExplained) this.#try(node, pick, next);
    }
    const undecided = next.length > 1 || this.#open.size > 0;
    for (const child of next.reverse()) if (this.#isNew(child, undecided)) this.#keep(child);
  }

  #keep(node: Node): void {
    if (isLong(node.silent)) this.#open.defer(node);
    else this.#open.push(node);
  }

  #try(node: Node, pick: number, next: Node[]): void {
    const action = node.actions[pick];
    if (action === undefined || isCoin(action, pick)) return;
    const child = this.#go(() => this.#stepper.step(node.store, action), node, pick);
    if (child !== null) next.push(child);
  }

  /** The alternative that resumes the thread of the next event, or else the default. */
  #preferred({ actions, position, bindings }: Node): number {
    const label = this.#window.at(position)?.event.thread;
    const path = label === undefined ? undefined : bindings.threads.get(label);
    if (path === undefined) return 0;
    const id = resumeId(path);
    return Math.max(
      0,
      actions.findIndex((action) => action.tag === "host" && action.id === id),
    );
  }

  #isNew({ store, position, bindings, silent }: Node, undecided: boolean): boolean {
    const loops = silent > 0 && silent % silentSteps === 0;
    return !(undecided || loops) || this.#met.isNew(store, position, bindings);
  }

  /** Goes a step from a node; null: no run goes on from there. */
  #go(step: () => Stand, from: Node | null, pick: number): Node | null {
    const { labels } = this.#matcher;
    this.#steps += 1;
    this.#matcher.position = from?.position ?? 0;
    if (from !== null) labels.bindings = from.bindings;
    const stand = this.#stand(step);
    this.#note(from, pick);
    if (stand === null) return null;
    const { position } = this.#matcher;
    const silent = position === from?.position ? from.silent + 1 : 0;
    const { store, actions } = stand;
    const way = this.#wayTo(from, pick);
    return { store, actions, position, bindings: labels.bindings, way, silent };
  }

  #wayTo(from: Node | null, pick: number): Way | null {
    return from === null || !this.#options.schedule ? null : further(from.way, pick);
  }

  /** A run that has come further than all others. */
  #note(from: Node | null, pick: number): void {
    const { deepest } = this.#matcher.offers;
    if (deepest === this.#deepest) return;
    this.#deepest = deepest;
    this.#deepestStep = this.#steps;
    this.#deepestWay = this.#wayTo(from, pick);
  }

  /** Where a step leads; null: away from the trace, to its end, or to a bound of the model. */
  #stand(step: () => Stand): Stand | null {
    try {
      const stand = step();
      return this.#goesOn(stand.store) ? stand : null;
    } catch (signal) {
      if (signal === explained) this.#isExplained = true;
      else if (signal !== mismatch) throw signal;
      return null;
    }
  }

  #goesOn(store: Store): boolean {
    const { ending } = store;
    if (ending === null) return true;
    if (ending.tag === "trap") this.#matcher.trap(store);
    this.#limit ??=
      ending.tag === "limit" ? ending.bound : `${ending.tag} ${ending.code} of the model`;
    return false;
  }
}

/** Searches the runs of a system for one that explains the trace. */
export function search(system: System, trace: RecordedTrace, options: SearchOptions): Found {
  const searching = new Search(system, trace, options);
  const found = searching.run();
  const { schedule } = options;
  return {
    ...found,
    schedule: schedule ? scheduleOf(system, trace, options, searching.way) : null,
  };
}
