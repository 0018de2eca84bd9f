// A trace as JSON, one object a line.

import { encode, type Json } from "../model/json.ts";
import { outcomeOf, showOutcome } from "../scheduler/outcome.ts";
import { historyJson, type ObjectHistory } from "./alive-history.ts";
import { deviates, type Trace, type TraceStep } from "./trace.ts";

function choiceOf({ choice }: TraceStep): Record<string, unknown> {
  if (choice === null) return {};
  const { picked, enabled } = choice;
  return { choice: { picked, enabled, deviates: deviates(choice) } };
}

function stepJson(step: TraceStep, patches: boolean): Json {
  const { n, thread, instance, rule, deeds } = step;
  return encode({
    step: n,
    thread,
    instance,
    rule,
    ...choiceOf(step),
    deeds,
    ...(patches ? { patches: step.patches } : {}),
  });
}

/**
 * One line for each step: `step`, `thread`, `instance`, `rule`, `choice` (`picked`, `enabled`,
 * `deviates`; only at choice points), `deeds` (each with its `tag`), `patches` (only when asked for:
 * `op`, `path`, `value`, as immer writes them, values as in `storeToJson`). The last line has the
 * `outcome` (text), whether the run is `complete`, its `log`, `end`, `leaks` and its `schedule`; of a
 * run that was cut off `outcome` and `end` are null. With an `answer` it also has `alive`: `object`,
 * `reasons`, `released` after which step.
 */
export function traceJson(
  trace: Trace,
  patches: boolean,
  answer: readonly ObjectHistory[] = [],
): readonly string[] {
  const { complete, schedule, store } = trace;
  const ended = complete ? outcomeOf(store) : { log: store.log, end: null, leaks: [] };
  const outcome = ended.end === null ? null : showOutcome(ended);
  const alive = answer.length === 0 ? {} : { alive: historyJson(answer) };
  const last = { outcome, complete, ...ended, schedule, ...alive };
  const steps = trace.steps.map((step) => stepJson(step, patches));
  return [...steps, encode(last)].map((line) => JSON.stringify(line));
}
