// A run as it happens, on one token: what is enabled, one action after the other, and stores on the way. Mirrors spec/07.

import { type Ctx, context } from "../canon/machine.ts";
import { editStore } from "../model/edit.ts";
import type { Store } from "../model/store.ts";
import { Agenda } from "./agenda.ts";
import { type Action, macrostepBound, type System, settle, stepIn, type Watch } from "./machine.ts";

export interface LiveOptions {
  /** the store to go on from (default: the system's first) */
  readonly from?: Store;
  /** told of each microstep */
  readonly watch?: Watch | null;
  /** microsteps without a choice before the run ends as `limit` (default 100 000); may be Infinity */
  readonly bound?: number;
}

/** A run that stands where there is a choice, or at its end. */
export interface Live {
  /** What is possible now, the default first; empty at the end. Good until the next `take`. */
  enabled(): readonly Action[];
  /** Takes one of `enabled`, and runs on to the next choice. */
  take(action: Action): void;
  /** The store as it is now; the run goes on and does not change it. */
  snapshot(): Store;
  /** To look at: the run's own store, which changes under the onlooker. */
  readonly now: Ctx;
}

/** Starts a run and takes it to its first choice. */
export function startRun(system: System, options: LiveOptions = {}): Live {
  const { from = system.initial, watch = null, bound = macrostepBound } = options;
  const edit = editStore(from);
  const c = context(system, edit);
  const agenda = new Agenda(c, edit);
  const settling = { bound, watch, host: () => agenda.actions() };
  let actions = settle(c, settling);
  return {
    now: c,
    enabled: () => actions,
    take(action) {
      stepIn(c, action, watch);
      actions = settle(c, settling);
    },
    snapshot: () => edit.done(),
  };
}
