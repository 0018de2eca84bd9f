// The schedules that a group of components is run under when not all are explored. Mirrors spec/07 and spec/14.

import type { ReadyWhen } from "../model/thread.ts";
import { type Live, startRun } from "../scheduler/live.ts";
import type { Action, System } from "../scheduler/machine.ts";
import { outcomeOf } from "../scheduler/outcome.ts";
import type { Run } from "./component-endings.ts";

/** Decides at one choice after the other of a run; there is at least one action. */
type Decide = (live: Live, enabled: readonly Action[]) => Action | undefined;

export interface Policy {
  /** what to say of an assertion that holds under it and not by default; null: it is the default */
  readonly name: string | null;
  /** Begins a run. */
  readonly begin: () => Decide;
}

const first: Decide = (_live, [action]) => action;

/** What a thread waits for that is to come: not for its turn. */
const events: readonly ReadyWhen["tag"][] = [
  "has-event",
  "set-has-event",
  "callback-event",
  "subtask-resolved",
  "no-backpressure",
];

function waitsForEvent({ now: { edit } }: Live): boolean {
  const thread = edit.globals.stack.at(-1);
  const frame = thread === undefined ? undefined : edit.thread.read(thread).frames.at(-1);
  if (frame?.tag !== "wait-until" || !("ready" in frame)) return false;
  const { tag } = frame.ready as ReadyWhen;
  return events.includes(tag);
}

/** Who waits for what is there already does not block: engines do so. */
const eager: Decide = (live, enabled) => {
  const goesOn = enabled.find(({ tag, name }) => tag === "pick" && name.startsWith("go-on "));
  return goesOn !== undefined && waitsForEvent(live) ? goesOn : enabled[0];
};

/** Of what may run, that which ran least often so far, so that no thread goes round for ever alone. */
function fair(): Decide {
  const turns = new Map<string, number>();
  const taken = ({ name }: Action): number => turns.get(name) ?? 0;
  return (_live, enabled) => {
    const picked = enabled.every(({ tag }) => tag === "host")
      ? enabled.reduce((best, one) => (taken(one) < taken(best) ? one : best))
      : enabled[0];
    if (picked !== undefined) turns.set(picked.name, taken(picked) + 1);
    return picked;
  };
}

/** The default first. */
export const policies: readonly Policy[] = [
  { name: null, begin: () => first },
  { name: "a thread that waits for what is there goes on", begin: () => eager },
  { name: "threads take turns", begin: fair },
];

/** Choices of a run: only one that goes round for ever has more. */
export const mostChoices = 2_000;

/** Microsteps from choice to choice: a component may call a lot. */
const mostSteps = 5_000_000;

/** Runs a system to its end, or as far as the bounds allow. */
export function runUnder(system: System, { begin }: Policy): Run {
  const decide = begin();
  const live = startRun(system, { bound: mostSteps });
  for (let n = 0; n < mostChoices; n++) {
    const enabled = live.enabled();
    const action = enabled.length === 0 ? undefined : decide(live, enabled);
    if (action === undefined) return outcomeOf(live.snapshot());
    live.take(action);
  }
  return { log: live.snapshot().log, end: { tag: "limit", bound: `${mostChoices} choices` } };
}
