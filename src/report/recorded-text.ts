// A run of the model that was recorded, as text: its outcome, and the commands that judge and replay it.

import type { Recorded } from "../oracle/record.ts";
import { printSchedule } from "../scheduler/model.ts";
import { showOutcome } from "../scheduler/outcome.ts";
import { judgeCommand, placeText, type Repeatable, replayCommand } from "./command.ts";
import { count } from "./explored.ts";
import { type Paint, plain } from "./paint.ts";

/** What was written to `output`. */
export function recordedText(
  run: Repeatable,
  { events, outcome }: Recorded,
  output: string,
  paint: Paint = plain,
): readonly string[] {
  const { scenario, revision, schedule } = run;
  const last = events.at(-1)?.event;
  const whole = last === "trap" || last === "end";
  return [
    `${paint.strong(scenario.title)}  ${paint.faint(placeText(run))}  under ${revision}`,
    `  ${count(events.length, "event")} in ${output}`,
    `  outcome ${whole ? paint.strong(showOutcome(outcome)) : "unknown"}`,
    `  schedule ${printSchedule(schedule)}`,
    `  ${paint.faint(replayCommand(run))}`,
    `  ${paint.faint(judgeCommand(run, output))}`,
  ];
}
