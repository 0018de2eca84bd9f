// Whether the run of a schedule shows what a trace says: looked at with the ordinary machine, without the judge.

import { observed } from "../../src/oracle/crossings.ts";
import type { TraceEvent, TraceHeader } from "../../src/oracle/format/trace.ts";
import type { System } from "../../src/scheduler/machine.ts";
import type { Schedule } from "../../src/scheduler/model.ts";
import { replayPolicy, run } from "../../src/scheduler/run.ts";
import { Reading } from "./reading.ts";
import { Lookout, lastSighting } from "./sightings.ts";

/** The events that the run of a schedule explains, from the first on, and the choices that it did not offer. */
export function explainedBy(
  system: System,
  schedule: Schedule,
  header: TraceHeader,
  events: readonly TraceEvent[],
): { readonly explained: number; readonly unused: readonly string[] } {
  const reading = new Reading(system, header, events);
  const lookout = new Lookout(system, (seen) => reading.see(seen));
  const { policy, unused } = replayPolicy(schedule);
  const { store, complete } = run(observed(system, lookout), policy);
  const last = complete ? lastSighting(store) : null;
  if (last !== null) reading.see({ tag: "event", at: last });
  return { explained: reading.explained, unused: unused() };
}
