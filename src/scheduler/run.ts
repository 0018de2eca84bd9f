// Single runs: by default, at random, or along a schedule, with every microstep recorded. Mirrors spec/07.

import type { Ctx } from "../canon/machine.ts";
import type { Store } from "../model/store.ts";
import { startRun } from "./live.ts";
import { type Action, macrostepBound, type StepEvent, type System } from "./machine.ts";
import { follow, record, type Schedule, ScheduleError } from "./model.ts";

/** Decides at every choice point; `enabled` has at least two actions, the default first. */
export type Policy = (enabled: readonly Action[]) => Action;

/** Always the default. */
export const defaultPolicy: Policy = (enabled) => {
  const [first] = enabled;
  if (first === undefined) throw new ScheduleError("nothing is enabled");
  return first;
};

/** The choices of a schedule, the default elsewhere; see `Follower.unused` for strictness. */
export function replayPolicy(schedule: Schedule): { policy: Policy; unused(): readonly string[] } {
  const follower = follow(schedule);
  return { policy: (enabled) => follower.pick(enabled), unused: () => follower.unused() };
}

/** A choice that was made, for a trace. */
export interface ChoicePoint {
  readonly enabled: readonly string[];
  readonly picked: string;
}

export interface RunOptions {
  /** told of each microstep, and of each choice just before it is taken */
  readonly watch?: (event: StepEvent, c: Ctx) => void;
  readonly choice?: (point: ChoicePoint, store: Store) => void;
  /** choice points to pass at the most (default 10 000) */
  readonly maxChoices?: number;
  /** microsteps without a choice before the run ends as `limit` (default 100 000); may be Infinity */
  readonly bound?: number;
}

export interface RunResult {
  readonly store: Store;
  readonly schedule: Schedule;
  /** false: `maxChoices` was reached */
  readonly complete: boolean;
}

/** Runs a system to its end under a policy. */
export function run(system: System, policy: Policy, options: RunOptions = {}): RunResult {
  const { choice, maxChoices = 10_000 } = options;
  const { watch = null, bound = macrostepBound } = options;
  const live = startRun(system, { watch, bound });
  const recorder = record();
  for (let n = 0; n < maxChoices && live.enabled().length > 0; n++) {
    const enabled = live.enabled();
    const picked = policy(enabled);
    recorder.record(enabled, picked);
    choice?.({ enabled: enabled.map((a) => a.name), picked: picked.name }, live.snapshot());
    live.take(picked);
  }
  const complete = live.enabled().length === 0;
  return { store: live.snapshot(), schedule: recorder.schedule(), complete };
}
