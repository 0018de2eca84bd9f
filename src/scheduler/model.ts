// The small interface that exploration is generic over. Mirrors spec/07.

/** One alternative: `name` says its kind and site and is stable over schedules. */
export interface Named {
  readonly name: string;
}

/**
 * A transition system over plain data. `enabled` lists every move in a fixed order, the default
 * first; `step` is total and deterministic; two states with one `key` behave alike.
 */
export interface Model<S, A extends Named> {
  readonly initial: S;
  enabled(state: S): readonly A[];
  step(state: S, action: A): S;
  key(state: S): string;
  /** Runs while exactly one action is enabled: a macrostep. */
  settle(state: S): S;
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
