// One run as text: its log, how it ended and why, and the schedule that repeats it.

import type { Store } from "../model/store.ts";
import { explainStuck } from "../scheduler/explain.ts";
import type { System } from "../scheduler/machine.ts";
import { printSchedule } from "../scheduler/model.ts";
import { type Outcome, outcomeOf, showOutcome } from "../scheduler/outcome.ts";
import { historyText, type ObjectHistory } from "./alive-history.ts";
import { placeText, type Repeatable, replayCommand } from "./command.ts";
import { type Paint, plain } from "./paint.ts";
import { endingText } from "./trace-text.ts";

/** How a run went. `diverges`: a state came back, so that it would go on like this forever. */
export interface Ran {
  readonly store: Store;
  /** false: the bound on choices was reached */
  readonly complete: boolean;
  readonly diverges: boolean;
  /** what became of an object of the WASI host, if that was asked */
  readonly answer?: readonly ObjectHistory[];
}

/** What is known of the outcome of a run; null for one that was cut off. */
function ranOutcome({ store, complete, diverges }: Ran): Outcome | null {
  if (diverges) return { log: store.log, end: { tag: "diverges" }, leaks: [] };
  return complete ? outcomeOf(store) : null;
}

function why(system: System, { store, complete, diverges }: Ran): readonly string[] {
  if (diverges) return ["a state comes back: under these choices it goes on forever"];
  if (!complete) return ["cut off before its end"];
  if (store.ending !== null) return [endingText(store.ending)];
  return explainStuck(system, store);
}

/** The log, the outcome, what explains it, what is left over, the schedule and its command. */
export function runText(
  system: System,
  ran: Ran,
  run: Repeatable,
  paint: Paint = plain,
): readonly string[] {
  const { scenario, revision } = run;
  const outcome = ranOutcome(ran);
  const leaks = outcome?.leaks ?? [];
  return [
    `${paint.strong(scenario.title)}  ${paint.faint(placeText(run))}  under ${revision}`,
    ...ran.store.log.map((entry) => `  log ${entry}`),
    `  outcome ${outcome === null ? "unknown" : paint.strong(showOutcome(outcome))}`,
    ...why(system, ran).map((line) => `    ${line}`),
    ...(leaks.length === 0 ? [] : [`  leaks ${leaks.join(", ")}`]),
    ...historyText(ran.answer ?? []).map((line) => `  ${line}`),
    `  schedule ${printSchedule(run.schedule)}`,
    `  ${paint.faint(replayCommand(run))}`,
  ];
}
