// What JavaScript does with the streams and futures of guests: a thread for each read and each drop.

import { blocked, type Ctx, type Guest } from "../canon/machine.ts";
import { copyResults, editEnd } from "../canon/pairs.ts";
import { hasPendingEvent } from "../canon/ready.ts";
import type { Frame, Ret } from "../model/frames.ts";
import type { WaitableId } from "../model/ids.ts";
import type { Value } from "../model/values.ts";
import {
  type At,
  type Body,
  give,
  interpreter,
  type Next,
  returned,
  rule,
  wait,
} from "./bodies.ts";
import { change, desk, tell } from "./desk.ts";

interface ReadableState extends At {
  readonly end: WaitableId;
  readonly what: "stream" | "future";
}

/** One read, which ends early if it is told to. */
export interface ReadState extends ReadableState {
  readonly at: "start" | "copied" | "pending" | "taken" | "dropped";
  readonly read: number;
  readonly most: number;
  readonly values: readonly Value[];
}

function onEnd({ end, what }: ReadableState, tag: string, more: object = {}): Frame {
  return { tag, waitable: end, kind: `readable-${what}`, ...more };
}

/** Drops the end for good: JavaScript does not name it again, so that its id becomes free. */
function forget<S extends ReadableState>(c: Ctx, s: S): Frame {
  editEnd(c, s.end).known = false;
  return onEnd(s, "host.drop");
}

function isEnded(c: Ctx, { read }: ReadState): boolean {
  return desk(c).ended.includes(read);
}

function answered(c: Ctx, s: ReadState, ret: Ret): Next<ReadState> {
  const [given, values = []] = returned(ret);
  const result = Number(given);
  if (result === blocked) return wait({ ...s, at: "pending" });
  change(c, { ended: desk(c).ended.filter((read) => read !== s.read) });
  const got: ReadState = { ...s, at: "dropped", values: values as readonly Value[] };
  const over = s.what === "future" || (result & 0xf) === copyResults.DROPPED;
  return over ? rule(forget(c, s), got) : done(c, got, false);
}

function done(c: Ctx, { read, values }: ReadState, over: boolean): Next<ReadState> {
  tell(c, { tag: "copied", read, over, values });
  return give();
}

function pending(c: Ctx, s: ReadState): Next<ReadState> {
  const next: ReadState = { ...s, at: "taken" };
  if (hasPendingEvent(c, s.end)) return rule({ tag: "host.copy.done", waitable: s.end }, next);
  change(c, { ended: desk(c).ended.filter((read) => read !== s.read) });
  return rule(onEnd(s, "host.cancel-copy"), next);
}

const readBody: Body<ReadState> = {
  start: {
    run: (_c, s) => {
      const more = { t: null, values: [], length: s.most, async: true };
      return rule(onEnd(s, "host.copy", more), { ...s, at: "copied" });
    },
  },
  copied: { run: answered },
  pending: {
    ready: (c, s) => hasPendingEvent(c, s.end) || isEnded(c, s),
    explain: (_c, { what }) => `waits for somebody to write to its ${what}`,
    run: pending,
  },
  taken: { run: answered },
  dropped: { run: (c, s) => done(c, s, true) },
};

export const readGuest: Guest = interpreter<ReadState>({ body: readBody });

export interface DropState extends ReadableState {
  readonly at: "start" | "done";
}

const dropBody: Body<DropState> = {
  start: { run: (c, s) => rule(forget(c, s), { ...s, at: "done" }) },
  done: { run: () => give() },
};

export const dropGuest: Guest = interpreter<DropState>({ body: dropBody });
