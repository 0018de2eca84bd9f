// Calls of the host's functions along a trace: it says what they return, and when. Mirrors spec/15.

import { type Ctx, currentThread } from "../../canon/machine.ts";
import type { InstanceId } from "../../model/ids.ts";
import type { Value } from "../../model/values.ts";
import type { EventKind, TraceEvent } from "../format/trace.ts";
import {
  answerOf,
  callEvent,
  callFits,
  type HostReturn,
  namesOfImport,
} from "../host-functions.ts";
import type { HostAnswer, HostFunc, HostSide } from "../recorded-imports.ts";
import type { Labels } from "./labels.ts";
import { mismatch } from "./signals.ts";
import type { Awaited } from "./window.ts";

/** What goes along the trace; see `Matcher`. */
export interface Follower {
  readonly labels: Labels;
  awaited(kind: EventKind): Awaited | null;
  take(c: Ctx, awaited: Awaited | null, instance: InstanceId | null, next: () => TraceEvent): void;
  meanwhile(): Awaited | null;
}

export class HostMatcher implements HostSide {
  readonly #follower: Follower;
  readonly #omits: ReadonlySet<string>;

  constructor(follower: Follower, omits: ReadonlySet<string>) {
    this.#follower = follower;
    this.#omits = omits;
  }

  call(c: Ctx, func: HostFunc, args: readonly Value[]): void {
    const omitted = this.#isOmitted("host-call", func);
    const awaited = omitted ? null : this.#follower.awaited("host-call");
    // it is open when its event is passed: its end may be the next one, but not one before
    const { path } = c.edit.thread.read(currentThread(c));
    if (func.ft.async) this.#follower.labels.opened(path, func);
    if (omitted) return;
    const { event } = awaited ?? {};
    const isFree = awaited?.free === true;
    const fits = isFree || (event?.event === "host-call" && callFits(event, func, args));
    this.#follower.take(c, fits ? awaited : null, null, () => callEvent(func, args));
  }

  /** Each of the ends that are announced and may be its own, and one more if the next event is one too. */
  ends(c: Ctx, func: HostFunc, mayCancel: boolean): number {
    if (this.#isOmitted("host-return", func)) return 1;
    const { event } = this.#follower.meanwhile() ?? {};
    // one that is not announced by now cancels the call
    const more = event?.event === "host-return" && answerOf(event, func, mayCancel) !== null;
    return this.#announced(c).length + (more ? 1 : 0);
  }

  return(c: Ctx, func: HostFunc, mayCancel: boolean, which: number): HostAnswer {
    const { labels } = this.#follower;
    const event = this.#announced(c)[which] ?? null;
    const thread = c.edit.thread.read(currentThread(c));
    if (event !== null && !labels.fits(event, null, thread)) throw mismatch;
    if (!labels.closed(thread.path, event)) throw mismatch;
    const known = event && answerOf(event, func, false);
    return known ?? this.#next(c, func, mayCancel);
  }

  /** The ends that were announced and may be those of the call that runs, each once. */
  #announced(c: Ctx): readonly HostReturn[] {
    const { path } = c.edit.thread.read(currentThread(c));
    const { announced } = this.#follower.labels.bindings.host;
    const events = new Map<string, HostReturn>();
    for (const { event, calls } of announced) {
      const text = JSON.stringify(event);
      if (calls.includes(path) && !events.has(text)) events.set(text, event);
    }
    return [...events.values()];
  }

  /** The call ends as the next event says. */
  #next(c: Ctx, func: HostFunc, mayCancel: boolean): HostAnswer {
    if (this.#isOmitted("host-return", func)) return { tag: "unrecorded" };
    const awaited = this.#follower.awaited("host-return");
    const { event } = awaited ?? {};
    const answer = event?.event === "host-return" ? answerOf(event, func, mayCancel) : null;
    const next = (): TraceEvent => ({ event: "host-return", func: func.name });
    this.#follower.take(c, answer === null ? null : awaited, null, next);
    return answer ?? { tag: "unrecorded" };
  }

  #isOmitted(kind: EventKind, { name }: HostFunc): boolean {
    return this.#omits.has(kind) || namesOfImport(name).some((one) => this.#omits.has(one));
  }
}
