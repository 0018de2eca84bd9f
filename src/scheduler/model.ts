// The small interface that exploration is generic over. Mirrors spec/07.

import type { AccessSet } from "./access.ts";
import type { Encoding } from "./encoding/encoding.ts";

/** One alternative: `name` says its kind and site, for people and schedules. */
export interface Named {
  readonly name: string;
  /**
   * Says in all states of one key which action this is, and goes on saying so as long as the action
   * stays enabled. Sleep sets are made of ids; an action without one is never put to sleep.
   */
  readonly id?: string;
  /**
   * A redundant coin: to take this action is to take the default here and then the action with this
   * id, unless the default's step has already done so.
   */
  readonly viaDefault?: string;
}

/**
 * A transition system over plain data. `enabled` lists every move in a fixed order, the default
 * first; `step` is total and deterministic; two states with one encoding behave alike and enable the
 * same actions in the same order.
 */
export interface Model<S, A extends Named> {
  readonly initial: S;
  enabled(state: S): readonly A[];
  /** `access`, if given, is told what the step reads and writes. */
  step(state: S, action: A, access?: AccessSet): S;
  /** Writes everything that the future of `state` depends on, canonically, as integers. */
  encode(state: S, out: Encoding): void;
  /** What was observed on the step that led to this state: never part of its encoding. */
  observed?(state: S): readonly string[];
  readonly symmetry?: Symmetry<S>;
  /**
   * Actions with an id are turns of the scheduler; the others are choices of what runs. A loop of these
   * alone is not fair, even if no id was met at all.
   */
  readonly turns?: boolean;
}

/**
 * Declared symmetry: `encode` with `k` = 0 .. `size` - 1 writes the images of a state under every
 * permutation that maps runs to runs; 0 is the identity. The least image is the key of all.
 */
export interface Symmetry<S> {
  readonly size: number;
  encode(state: S, k: number, out: Encoding): void;
}

/**
 * A schedule names the choices that differ from the default: `NAME#k` takes NAME at the k-th point
 * at which it is offered as an alternative to the default.
 */
export type Schedule = readonly string[];

/** A run over a schedule stopped being possible: strict replay reports it. */
export class ScheduleError extends Error {}

/**
 * Picks along a schedule: counts how often each alternative was offered. `unused` lists the entries
 * that no point offered so far.
 */
export interface Follower {
  pick<A extends Named>(enabled: readonly A[]): A;
  unused(): readonly string[];
}

export function follow(schedule: Schedule): Follower {
  const offered = new Map<string, number>();
  const left = new Set(schedule);
  return {
    pick<A extends Named>(enabled: readonly A[]): A {
      const [first, ...others] = enabled;
      if (first === undefined) throw new ScheduleError("nothing is enabled");
      let picked: A | null = null;
      for (const action of others) {
        const k = (offered.get(action.name) ?? 0) + 1;
        offered.set(action.name, k);
        if (picked === null && left.delete(`${action.name}#${k}`)) picked = action;
      }
      return picked ?? first;
    },
    unused: () => [...left],
  };
}

/** The inverse of `follow`: from the picks that were made to the schedule that names them. */
export interface Recorder {
  record<A extends Named>(enabled: readonly A[], picked: A): void;
  schedule(): Schedule;
}

export function record(): Recorder {
  const offered = new Map<string, number>();
  const entries: string[] = [];
  return {
    record(enabled, picked) {
      for (const action of enabled.slice(1)) {
        const k = (offered.get(action.name) ?? 0) + 1;
        offered.set(action.name, k);
        if (action === picked) entries.push(`${action.name}#${k}`);
      }
    },
    schedule: () => entries,
  };
}

/** One line, to paste after `--schedule`; the empty schedule is `default`. */
export function printSchedule(schedule: Schedule): string {
  return schedule.length === 0 ? "default" : schedule.join("; ");
}

/** Reads `printSchedule`'s form; throws `ScheduleError` with the entry that is none. */
export function parseSchedule(text: string): Schedule {
  const trimmed = text.trim();
  if (trimmed === "default" || trimmed === "") return [];
  return trimmed.split(";").map((part) => {
    const entry = part.trim();
    if (!/^\S.*#[1-9][0-9]*$/.test(entry)) {
      throw new ScheduleError(
        `"${entry}" is not a choice: expected NAME#k as printed by explore, e.g. "go-on A.run#1"`,
      );
    }
    return entry;
  });
}

/** What is said of a run that goes on for so many microsteps without a choice. */
export function boundText(bound: number): string {
  return `${bound} steps without a choice`;
}
