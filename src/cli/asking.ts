// `--why-alive` for one run: what became of an object of the WASI host.

import { historyOf, namesIn, neverCalled, type ObjectHistory } from "../report/alive-history.ts";
import { type Trace, traceOf } from "../report/trace.ts";
import type { System } from "../scheduler/machine.ts";
import type { Schedule } from "../scheduler/model.ts";
import { replayPolicy } from "../scheduler/run.ts";
import { UsageError } from "./io.ts";

/** The answer that a trace gives. Throws `UsageError` if a whole run never had such an object. */
export function answerIn(
  system: System,
  trace: Trace,
  whyAlive: string | null,
): readonly ObjectHistory[] {
  if (whyAlive === null) return [];
  const found = historyOf(system, trace, whyAlive);
  if (found.length > 0 || !trace.complete) return found;
  throw new UsageError(neverCalled(whyAlive, namesIn(system, trace)));
}

/** The answer for a run along a schedule; throws as `answerIn` does. */
export function answerAlong(
  system: System,
  schedule: Schedule,
  whyAlive: string | null,
): readonly ObjectHistory[] {
  if (whyAlive === null) return [];
  return answerIn(system, traceOf(system, replayPolicy(schedule).policy), whyAlive);
}
