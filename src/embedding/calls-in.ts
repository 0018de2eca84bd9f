// Calls of exports from JavaScript: a thread for each call, and one for the wish to cancel it.

import type { Ctx, Guest } from "../canon/machine.ts";
import { readEnd } from "../canon/pairs.ts";
import { isResolved, readSubtask } from "../canon/ready.ts";
import type { FuncId, WaitableId } from "../model/ids.ts";
import type { SubtaskState } from "../model/store.ts";
import type { Value } from "../model/values.ts";
import type { Handed } from "./arrivals.ts";
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
import { change, desk, tell, without } from "./desk.ts";
import { endsFor } from "./sources-in.ts";

/** A call of an export. */
export interface CallState extends At {
  readonly at: "start" | "called" | "resolved" | "done" | "unused";
  readonly call: number;
  readonly func: FuncId;
  readonly handed: Handed;
  readonly waitable: WaitableId | null;
  readonly state: SubtaskState;
  /** the readable ends among the arguments */
  readonly ends: readonly WaitableId[];
}

function endsOf(v: Value): readonly WaitableId[] {
  if (typeof v !== "object") return [];
  if (!("tag" in v)) return v.flatMap(endsOf);
  if (v.tag === "end") return [v.waitable];
  if (v.tag === "case") return v.value === null ? [] : endsOf(v.value);
  return v.tag === "record" ? Object.values(v.fields).flatMap(endsOf) : [];
}

function called(c: Ctx, s: CallState, end: Value | undefined): Next<CallState> {
  const waitable = (end as { readonly waitable: WaitableId }).waitable;
  const next: CallState = { ...s, at: "resolved", waitable };
  if (isResolved(readSubtask(c, waitable))) return wait(next);
  change(c, { calls: { ...desk(c).calls, [s.call]: waitable } });
  return rule({ tag: "host.await", ready: { tag: "subtask-resolved", waitable } }, next);
}

function resolved(c: Ctx, s: CallState): Next<CallState> {
  const { waitable, call } = s;
  if (waitable === null) throw new Error("a call without its subtask");
  change(c, { calls: without(desk(c).calls, call) });
  const { state } = readSubtask(c, waitable);
  return rule({ tag: "host.call.done", waitable }, { ...s, at: "done", state });
}

/** A call that never started did not take its streams and futures: nobody will read them. */
function dropUnused(c: Ctx, s: CallState): Next<CallState> {
  const [waitable, ...ends] = s.state === "CANCELLED_BEFORE_STARTED" ? s.ends : [];
  if (waitable === undefined) return give();
  const { kind } = readEnd(c, waitable);
  return rule({ tag: "host.drop", waitable, kind }, { ...s, at: "unused", ends });
}

const callBody: Body<CallState> = {
  start: {
    run: (c, s) => {
      const args = endsFor(c, s.handed);
      const frame = { tag: "host.call", func: s.func, args, async: true };
      return rule(frame, { ...s, at: "called", ends: args.flatMap(endsOf) });
    },
  },
  called: { run: (c, s, ret) => called(c, s, returned(ret)[0]) },
  resolved: { run: resolved },
  done: {
    run: (c, s, ret) => {
      tell(c, { tag: "resolved", call: s.call, state: s.state, values: returned(ret) });
      return dropUnused(c, s);
    },
  },
  unused: { run: dropUnused },
};

export const callGuest: Guest = interpreter<CallState>({ body: callBody });

/** The wish to cancel a call, which may be over by now. */
export interface CancelState extends At {
  readonly at: "start" | "done";
  readonly call: number;
}

const cancelBody: Body<CancelState> = {
  start: {
    run: (c, s) => {
      const waitable = desk(c).calls[s.call];
      if (waitable === undefined) return give();
      return rule({ tag: "host.cancel", waitable }, { ...s, at: "done" });
    },
  },
  done: { run: () => give() },
};

export const cancelGuest: Guest = interpreter<CancelState>({ body: cancelBody });
