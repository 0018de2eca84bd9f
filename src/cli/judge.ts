// `judge`: whether a recorded trace is one of those that the specification allows.

import { JudgeError } from "../oracle/errors.ts";
import { judge } from "../oracle/judging/judge.ts";
import type { Judgement, JudgeOptions } from "../oracle/judging/judgement.ts";
import { judgedJson } from "../report/judge-json.ts";
import { judgedText } from "../report/judge-text.ts";
import { type Judged, placesIn } from "../report/judged.ts";
import { printable } from "../scenario/errors.ts";
import type { Selection } from "../scenario/revision.ts";
import { isComponent } from "./component-file.ts";
import { bytesOf } from "./files.ts";
import { type Io, paintOf, print, UsageError, verdictCodes } from "./io.ts";
import { checkSettable, type Item, placeOf } from "./items.ts";
import { type Common, misfit } from "./options.ts";
import { progress } from "./progress.ts";
import { placesOf } from "./searching.ts";
import { type One, readOne } from "./sources.ts";
import { readTraceFile, type TraceFile } from "./trace-file.ts";

export interface JudgeCommandOptions extends Omit<Common, "profile"> {
  /** which one of the trace, from 1 on */
  readonly run?: number;
  readonly maxSteps?: number;
  /** `--no-schedule` */
  readonly schedule: boolean;
  /** `--no-context` */
  readonly context: boolean;
  readonly next?: boolean;
  readonly json?: boolean;
  readonly progress?: boolean;
}

/** A component is called as the header says, unless an option says something else. */
async function readSubject(
  path: string,
  trace: TraceFile,
  options: JudgeCommandOptions,
): Promise<readonly [One, TraceFile]> {
  const meant = { ...options, unknownByDefault: "recorded" } as const;
  const { invoke } = options;
  if (invoke !== undefined) {
    const header = { ...trace.header, calls: invoke };
    return [await readOne(path, meant), { ...trace, header }];
  }
  const { calls } = trace.header;
  if (calls === undefined || !isComponent(path, bytesOf(path))) {
    return [await readOne(path, meant), trace];
  }
  const calledBy = `calls of ${trace.file}`;
  return [await readOne(path, { ...meant, invoke: calls, calledBy }), trace];
}

/** Throws `UsageError` where there is nothing to judge under. */
function revisionsFor(item: Item, options: JudgeCommandOptions): readonly Selection[] {
  checkSettable([item], options);
  const revisions = placesOf([item], options).flatMap(([, places]) =>
    places.map(({ revision }) => revision),
  );
  if (revisions.length === 0) {
    throw new UsageError(
      `${placeOf(item)} is not about ${options.revision?.label ?? "a revision"}`,
    );
  }
  for (const revision of revisions) {
    const why = misfit(item.scenario, revision);
    if (why !== null) throw new UsageError(`${placeOf(item)}: ${why}`);
  }
  return revisions;
}

/** What is wrong with a trace; of an event with its line. */
function errorText({ file, linesOf }: TraceFile, { event, problem }: JudgeError): string {
  const place = event === null ? "" : `:${linesOf([event.index]).get(event.index) ?? 1}`;
  const text = `${file}${place}: ${printable(problem)}`;
  const hint = event?.hint ?? null;
  return hint === null ? text : `${text}\nhint: ${printable(hint)}`;
}

/** Steps of the model between two looks at how far it is, more or less. */
const triedAtATime = 1024;

function judged(io: Io, item: Item, trace: TraceFile, options: JudgeCommandOptions): Judgement {
  const revisions = revisionsFor(item, options);
  const { maxSteps, schedule, context, next = false } = options;
  const { say, done } = progress(io, trace.file, options.progress === true);
  let tried = 0;
  const how: JudgeOptions = {
    revisions,
    schedule,
    context,
    next,
    ...(maxSteps === undefined ? {} : { maxSteps }),
    progress: ({ revision, explained }) => {
      tried += triedAtATime;
      return !say(`${revision}: ${explained} of ${trace.count} events explained`, tried);
    },
  };
  try {
    return judge(item.scenario, trace, how);
  } catch (error) {
    if (error instanceof JudgeError) throw new UsageError(errorText(trace, error));
    throw error;
  } finally {
    done();
  }
}

/** Whether the scenario lacks functions, so that the trace has to say what they return. */
function isAnswered({ scenario }: One, { revisions }: Judgement): boolean {
  const { binary } = scenario;
  const [first] = revisions;
  if (binary?.unknownImports !== "recorded" || first === undefined) return false;
  const alone = { ...scenario, binary: { ...binary, unknownImports: "refuse" } } as const;
  return misfit(alone, first.revision) !== null;
}

function report(io: Io, found: Judged, json: boolean): void {
  print(io, json ? [JSON.stringify(judgedJson(found), null, 2)] : judgedText(found, paintOf(io)));
}

/** Prints the judgement. Throws `UsageError`, and `TraceError` for a trace that is none. */
export async function judgeTrace(
  io: Io,
  file: string,
  tracePath: string,
  options: JudgeCommandOptions,
): Promise<number> {
  const whole = readTraceFile(tracePath, options.run ?? null);
  const [one, trace] = await readSubject(file, whole, options);
  const item = { source: { file: one.file, scenarios: one.siblings }, scenario: one.scenario };
  const judgement = judged(io, item, trace, options);
  const lines = trace.linesOf(placesIn(judgement));
  const answered = isAnswered(one, judgement);
  report(io, { ...one, trace, judgement, answered, lines }, options.json === true);
  return verdictCodes[judgement.verdict];
}
