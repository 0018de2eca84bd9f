// What judging a trace came to, as JSON with a stable order of fields.

import type { Json } from "../model/json.ts";
import { printEvent } from "../oracle/format/print.ts";
import type { TraceEvent } from "../oracle/format/trace.ts";
import type { JudgedUnder, PlacedEvent, Rejection } from "../oracle/judging/judgement.ts";
import { printSchedule } from "../scheduler/model.ts";
import { placeJson } from "./command.ts";
import { type Judged, showingCommand } from "./judged.ts";

/** With its fields in the order in which they are written. */
function eventJson(event: TraceEvent): Json {
  return JSON.parse(printEvent(event));
}

function placedJson({ lines }: Judged, { index, event }: PlacedEvent): Json {
  return { index, line: lines.get(index) ?? null, event: eventJson(event) };
}

function rejectionJson(judged: Judged, { event, context, shortest }: Rejection): Json {
  return {
    event: event === null ? null : placedJson(judged, event),
    context: context.map((placed) => placedJson(judged, placed)),
    shortest,
  };
}

function underJson(judged: Judged, under: JudgedUnder): Json {
  const { revision, verdict, bound, explained, ambiguity, steps } = under;
  const { schedule, rejection, next, nextComplete } = under;
  return {
    revision: revision.label,
    amendments: revision.amendments,
    settings: revision.settings.map((setting) => ({ ...setting })),
    verdict,
    bound,
    explained,
    ambiguity,
    steps,
    schedule: schedule === null ? null : printSchedule(schedule),
    command: showingCommand(judged, under),
    rejection: rejection === null ? null : rejectionJson(judged, rejection),
    next: next.map(eventJson),
    nextComplete,
  };
}

/**
 * `file`, `line` (of a component `invoke`: its calls), `id`, `title`, `trace` (`file`, `engine` or null,
 * `events`: how many), `verdict`, and `revisions`, each with its `amendments`, `settings`, `verdict`, `bound`
 * (null unless the verdict is "unknown"), `explained`, `ambiguity`, `steps`, `schedule` and the `command` that
 * shows it (null: not asked for; the `command` also where the trace says what functions of the host answer),
 * `rejection` (null unless "not allowed": `event` and `context` with `index` from 0 on and `line` from 1 on,
 * `shortest`), `next` and `nextComplete`.
 */
export function judgedJson(judged: Judged): Json {
  const { scenario, trace, judgement } = judged;
  return {
    ...placeJson(judged),
    id: scenario.id,
    title: scenario.title,
    trace: { file: trace.file, engine: trace.header.engine ?? null, events: trace.count },
    verdict: judgement.verdict,
    revisions: judgement.revisions.map((under) => underJson(judged, under)),
  };
}
