// What judging a trace came to, as text: the verdict of each revision, and what it rests on.

import type { EventKind, TraceEvent } from "../oracle/format/trace.ts";
import type {
  JudgedUnder,
  JudgeVerdict,
  PlacedEvent,
  Rejection,
} from "../oracle/judging/judgement.ts";
import { printable } from "../scenario/errors.ts";
import { printSchedule } from "../scheduler/model.ts";
import { oneOf } from "../wit/spelling.ts";
import { placeText } from "./command.ts";
import { eventRows } from "./event-text.ts";
import { count } from "./explored.ts";
import { type Judged, sameJudgement, showingCommand } from "./judged.ts";
import { type Paint, plain } from "./paint.ts";

type Lines = readonly string[];

function indent(lines: Lines, by = 2): Lines {
  return lines.map((line) => " ".repeat(by) + line);
}

function painted(verdict: JudgeVerdict, paint: Paint): string {
  if (verdict === "allowed") return paint.good(verdict);
  return verdict === "unknown" ? paint.doubtful(verdict) : paint.bad(verdict);
}

function explainedText({ trace }: Judged, { explained }: JudgedUnder): string {
  if (explained < trace.count) return `${explained} of ${count(trace.count, "event")} explained`;
  if (trace.count === 0) return "there is no event to explain";
  return trace.count === 1 ? "its event is explained" : `all ${trace.count} events explained`;
}

/** How sure it is which run it was. */
function doubtText({ verdict, ambiguity, steps }: JudgedUnder): string {
  const tried = `${count(steps, "step")} of the model tried`;
  if (ambiguity > 1) return `after some event ${ambiguity} states are possible (${tried})`;
  return verdict === "unknown" ? tried : `after each event one state is possible (${tried})`;
}

function placedRows({ lines }: Judged, events: readonly PlacedEvent[]): Lines {
  const width = Math.max(...events.map(({ index }) => `${lines.get(index) ?? ""}`.length));
  return eventRows(
    events.map(({ index, event }) => {
      return { lead: `line ${`${lines.get(index) ?? ""}`.padStart(width)}`, event };
    }),
  );
}

/** Alternatives that are listed. */
const mostNext = 20;

function nextLines(head: string, next: readonly TraceEvent[], complete: boolean): Lines {
  const rows = eventRows(next.slice(0, mostNext).map((event) => ({ lead: "", event })));
  const left = next.length - mostNext;
  const more = left > 0 ? [`and ${left} more`] : [];
  const open = complete ? [] : ["there may be more"];
  return [head, ...indent([...rows, ...more, ...open])];
}

function insteadLines({ next, nextComplete }: JudgedUnder): Lines {
  if (next.length > 0) return nextLines("allowed there instead:", next, nextComplete);
  return nextComplete
    ? ["nothing at all is allowed there"]
    : ["what is allowed there is not known"];
}

function contextLines(judged: Judged, { event, context, shortest }: Rejection): Lines {
  if (event?.index === 0) return [];
  // what the host's functions return is never put aside: without it a run could not go on
  const host = judged.answered ? ["what functions of the host returned"] : [];
  const rest = shortest ? "" : ", and maybe without some of these";
  if (context.length > 0) {
    return [`because of${rest}:`, ...indent([...placedRows(judged, context), ...host])];
  }
  const but = host.map((what) => `, but for ${what}`).join("");
  return shortest ? [`it is not allowed, whatever the earlier events say${but}`] : [];
}

function rejectionLines(
  judged: Judged,
  under: JudgedUnder,
  rejection: Rejection,
  paint: Paint,
): Lines {
  const { event } = rejection;
  const what =
    event === null
      ? ["the trace ends here, and no run does: it has to go on"]
      : ["no schedule explains:", ...indent(placedRows(judged, [event]).map(paint.bad))];
  const instead = [...insteadLines(under), ...unrecordedLines(judged, under)];
  return [...what, ...instead, ...contextLines(judged, rejection)];
}

/** Kinds of which a recorder leaves out none that happens: a run may get to neither. */
const ends: readonly EventKind[] = ["trap", "end"];

/** Where all that is allowed is of kinds that the trace never has: they were not recorded, most likely. */
function unrecordedLines({ trace }: Judged, { next }: JudgedUnder): Lines {
  const kinds = [...new Set(next.map(({ event }) => event))];
  const isMissing = (kind: EventKind): boolean => !trace.kinds.has(kind) && !ends.includes(kind);
  if (kinds.length === 0 || !kinds.every(isMissing)) return [];
  return [`hint: no ${oneOf(kinds)} is in the trace; what was not recorded stands in "omits"`];
}

/** Why no command shows a run. */
const answered = "functions of the host answered as the trace says, which only judging can repeat";

/** A schedule that is longer is no use on a command line. */
const longestSchedule = 2000;

function scheduleLines(judged: Judged, under: JudgedUnder, paint: Paint): Lines {
  if (under.schedule === null) return [];
  const text = printSchedule(under.schedule);
  if (text.length > longestSchedule) {
    return [`schedule: ${under.schedule.length} choices, which --json prints`];
  }
  const head = under.verdict === "allowed" ? "schedule" : "schedule up to there";
  return [`${head} ${text}`, paint.faint(showingCommand(judged, under) ?? answered)];
}

function detailLines(judged: Judged, under: JudgedUnder, paint: Paint): Lines {
  const { verdict, rejection, next, nextComplete } = under;
  const after =
    verdict !== "not allowed" && next.length > 0
      ? nextLines("what may come next:", next, nextComplete)
      : [];
  return [
    ...(rejection === null ? [] : rejectionLines(judged, under, rejection, paint)),
    doubtText(under),
    ...after,
    ...scheduleLines(judged, under, paint),
  ];
}

function underLines(judged: Judged, under: JudgedUnder, paint: Paint): Lines {
  const { revision, verdict, bound } = under;
  const [first] = judged.judgement.revisions;
  const head = `${paint.strong(revision.label)}: ${painted(verdict, paint)}`;
  if (first !== undefined && first !== under && sameJudgement(first, under)) {
    return [`${head}, the same as under ${first.revision.label}`];
  }
  const why = bound === null ? "" : `, ${bound}`;
  return [
    `${head}${why}; ${explainedText(judged, under)}`,
    ...indent(detailLines(judged, under, paint)),
  ];
}

/** The line that says what can be relied on. */
function summary({ judgement: { verdict, revisions } }: Judged, paint: Paint): string {
  const labels = (wanted: JudgeVerdict): Lines =>
    revisions.filter((under) => under.verdict === wanted).map((under) => under.revision.label);
  const by = verdict === "not allowed" ? oneOf(labels(verdict)) : labels(verdict).join(", ");
  return `${painted(verdict, paint)} under ${by}`;
}

/** What was judged, what each revision says, and the verdict. */
export function judgedText(judged: Judged, paint: Paint = plain): Lines {
  const { scenario, trace, judgement } = judged;
  const { engine } = trace.header;
  const by = engine === undefined ? "" : ` by ${printable(engine)}`;
  return [
    `${paint.strong(scenario.title)}  ${paint.faint(placeText(judged))}`,
    `  ${trace.file}: ${count(trace.count, "event")}${by}`,
    ...judgement.revisions.flatMap((under) => indent(underLines(judged, under, paint))),
    "",
    summary(judged, paint),
  ];
}
