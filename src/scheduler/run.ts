// Single runs: by default, at random, or along a schedule, with every microstep recorded. Mirrors spec/07.

import type { Ctx } from "../canon/machine.ts";
import type { Store } from "../model/store.ts";
import { type Action, machineModel, macrostep, type StepEvent, type System } from "./machine.ts";
import { follow, record, type Schedule, ScheduleError } from "./model.ts";

/** Decides at every choice point; `enabled` has at least two actions, the default first. */
export type Policy = (enabled: readonly Action[]) => Action;

/** Always the default: the deterministic profile's choice where there is one. */
export const defaultPolicy: Policy = (enabled) => {
  const [first] = enabled;
  if (first === undefined) throw new ScheduleError("nothing is enabled");
  return first;
};

/** A 32-bit generator (mulberry32): the same numbers for the same seed everywhere. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
}

/** Every alternative alike, from a seed. */
export function uniformPolicy(seed: number): Policy {
  const next = random(seed);
  return (enabled) => {
    const picked = enabled[next() % enabled.length];
    if (picked === undefined) throw new ScheduleError("nothing is enabled");
    return picked;
  };
}

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
}

export interface RunResult {
  readonly store: Store;
  readonly schedule: Schedule;
  /** false: `maxChoices` was reached */
  readonly complete: boolean;
}

/** Runs a system to its end under a policy. */
export function run(system: System, policy: Policy, options: RunOptions = {}): RunResult {
  const watch = options.watch ?? null;
  const model = machineModel(system);
  const recorder = record();
  let store = macrostep(system, system.initial, null, watch);
  for (let n = 0; n < (options.maxChoices ?? 10_000); n++) {
    const enabled = model.enabled(store);
    if (enabled.length === 0) return { store, schedule: recorder.schedule(), complete: true };
    const picked = policy(enabled);
    recorder.record(enabled, picked);
    options.choice?.({ enabled: enabled.map((a) => a.name), picked: picked.name }, store);
    store = macrostep(system, store, picked, watch);
  }
  return { store, schedule: recorder.schedule(), complete: false };
}
