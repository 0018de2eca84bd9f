// The model of a system along a trace, and the schedule of a run that went along it. Mirrors spec/15.

import type { System } from "../../scheduler/machine.ts";
import { record, type Schedule } from "../../scheduler/model.ts";
import { observed } from "../crossings.ts";
import type { RecordedTrace } from "../format/trace.ts";
import { Matcher } from "./match.ts";
import { mismatch } from "./signals.ts";
import { type Stand, Stepper } from "./stepper.ts";
import { picksOf, type Way } from "./ways.ts";
import { type Inspect, type Says, Window } from "./window.ts";

/** How a trace is read. */
export interface FollowOptions {
  /** go on behind the last event, to see what may come next */
  readonly next: boolean;
  readonly inspect: Inspect;
  readonly says: Says;
}

/** A step that an onlooker ends leaves nothing behind, so that any step may come next. */
export interface Following {
  readonly window: Window;
  readonly matcher: Matcher;
  readonly stepper: Stepper;
}

export function follow(system: System, trace: RecordedTrace, options: FollowOptions): Following {
  const { next, inspect, says } = options;
  const window = new Window(trace.events, inspect, says);
  const matcher = new Matcher(system, trace.header, window, { beyond: next });
  const stepper = new Stepper(observed(system, matcher), {
    atRest: (c, outside) => matcher.end(c, outside),
    explained: () => matcher.position,
  });
  return { window, matcher, stepper };
}

/** The names of the choices along a way, which explains the trace up to somewhere. */
export function scheduleOf(
  system: System,
  trace: RecordedTrace,
  options: FollowOptions,
  way: Way | null,
): Schedule {
  const { window, matcher, stepper } = follow(system, trace, { ...options, next: true });
  const recorder = record();
  let stand: Stand | null = null;
  try {
    if (way !== null) stand = stepper.begin();
    for (const pick of picksOf(way)) {
      const action = stand?.actions[pick];
      if (stand === null || action === undefined) throw new Error("a way that was gone is there");
      recorder.record(stand.actions, action);
      stand = stepper.step(stand.store, action);
      window.drop(matcher.position);
    }
  } catch (signal) {
    // the last step may lead away from the trace
    if (signal !== mismatch) throw signal;
  }
  return recorder.schedule();
}
