// A judged trace, with what a report says about it: its lines, and the runs that explain it.

import type { EventKind, TraceHeader } from "../oracle/format/trace.ts";
import type { JudgedUnder, Judgement, PlacedEvent } from "../oracle/judging/judgement.ts";
import { printSchedule } from "../scheduler/model.ts";
import { type Located, traceCommand } from "./command.ts";

/** What was judged, and what came of it. */
export interface Judged extends Located {
  readonly trace: {
    readonly file: string;
    readonly header: TraceHeader;
    /** how many events there are */
    readonly count: number;
    /** those that there are */
    readonly kinds: ReadonlySet<EventKind>;
  };
  readonly judgement: Judgement;
  /** functions of the host answered as the trace says: without it there is no such run */
  readonly answered: boolean;
  /** the lines of the events that the judgement names, from 1 on, by their places */
  readonly lines: ReadonlyMap<number, number>;
}

/** The events that a judgement names. */
export function placesIn({ revisions }: Judgement): readonly number[] {
  const all = revisions.flatMap(({ rejection }): readonly (PlacedEvent | null)[] => {
    return rejection === null ? [] : [rejection.event, ...rejection.context];
  });
  return all.flatMap((placed) => (placed === null ? [] : [placed.index]));
}

/** The command that shows the run; null: there is no schedule, or no command that does. */
export function showingCommand(judged: Judged, under: JudgedUnder): string | null {
  const { file, scenario, siblings } = judged;
  const { schedule, revision } = under;
  if (schedule === null || judged.answered) return null;
  const run = { file, scenario, siblings, revision: revision.label, profile: "full", schedule };
  return traceCommand(run);
}

/** Whether two revisions say the same; how many steps that took does not count. */
export function sameJudgement(a: JudgedUnder, b: JudgedUnder): boolean {
  const facts = ({ revision: _, steps: __, schedule, ...rest }: JudgedUnder): string => {
    return JSON.stringify({
      ...rest,
      schedule: schedule === null ? null : printSchedule(schedule),
    });
  };
  return facts(a) === facts(b);
}
