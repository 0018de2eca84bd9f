// A schedule that was made simpler, as text: what it shows, how far it could be proved, its command.

import type { Minimized } from "../scheduler/minimize/minimize.ts";
import { printSchedule, type Schedule } from "../scheduler/model.ts";
import { placeText, type Repeatable, replayCommand } from "./command.ts";
import { count } from "./explored.ts";
import { type Paint, plain } from "./paint.ts";

/** What is told of a minimized schedule. */
export type Told = Pick<Minimized, "schedule" | "least" | "tried" | "states">;

/** What the result is worth, in words. */
function proofText({ least, tried, states }: Told, exact: boolean): string {
  if (least)
    return `no schedule with fewer deviations shows it (${count(states, "state")} searched)`;
  const greedy = `nothing simpler was found in ${count(tried, "run")}`;
  return exact ? `${greedy}; the search was cut off at ${count(states, "state")}` : greedy;
}

/** The goal, the numbers before and after, the schedule, and the command that replays it. */
export function minimizedText(
  run: Omit<Repeatable, "schedule">,
  goal: string,
  given: Schedule,
  made: Told,
  exact: boolean,
  paint: Paint = plain,
): readonly string[] {
  const { scenario, revision } = run;
  const { schedule } = made;
  const proof = proofText(made, exact);
  return [
    `${paint.strong(scenario.title)}  ${paint.faint(placeText(run))}  under ${revision}`,
    `  shows ${paint.strong(goal)}`,
    `  ${count(schedule.length, "deviation")} instead of ${given.length}: ${made.least ? paint.good(proof) : proof}`,
    `  schedule ${printSchedule(schedule)}`,
    `  ${paint.faint(replayCommand({ ...run, schedule }))}`,
  ];
}
