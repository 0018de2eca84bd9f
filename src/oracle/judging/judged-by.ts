// Judging for other test suites: a trace against whatever names a program, and a message that says why. Mirrors spec/15-oracle.md.

import type { Scenario } from "../../scenario/ast.ts";
import { parseRevision, type Selection, withSettings } from "../../scenario/revision.ts";
import { parseSettings } from "../../scenario/settings.ts";
import { printSchedule } from "../../scheduler/model.ts";
import { parseTrace } from "../format/parse.ts";
import { printEvent } from "../format/print.ts";
import type { RecordedTrace } from "../format/trace.ts";
import { type OutcomesOptions, type ProgramSource, scenarioOf } from "../outcomes/outcomes-of.ts";
import { judge } from "./judge.ts";
import type { JudgedUnder, Judgement, JudgeOptions, PlacedEvent } from "./judgement.ts";

/** How to judge, and as for `outcomesOf` which scenario, and the one revision that is asked about. */
export interface JudgedByOptions
  extends JudgeOptions,
    Pick<OutcomesOptions, "file" | "only" | "revision" | "settings"> {}

/** A judgement with what a message needs of its question. */
export interface JudgedBy {
  readonly scenario: Scenario;
  readonly judgement: Judgement;
  /** the events that were allowed where the trace went wrong, and the one that it has there */
  readonly expected: readonly string[];
  readonly actual: readonly string[];
}

function revisionsFor(options: JudgedByOptions): readonly Selection[] | undefined {
  const { revision, settings, revisions } = options;
  if (revision === undefined && settings === undefined) return revisions;
  const one = typeof revision === "object" ? revision : parseRevision(revision ?? "");
  return [settings === undefined ? one : withSettings(one, parseSettings(settings))];
}

/** A component is called as the trace says, and what nobody gives it behaves as the trace says, if nothing else is said. */
function withTrace(source: ProgramSource, { header }: RecordedTrace): ProgramSource {
  if (typeof source === "string" || !("bytes" in source)) return source;
  const { invoke = header.calls ?? [], unknownImports = "recorded" } = source;
  return { ...source, invoke, unknownImports };
}

/** The revision whose explanation goes furthest: it says most about what went wrong. */
function deepest({ revisions }: Judgement): JudgedUnder | undefined {
  return [...revisions].sort((a, b) => b.explained - a.explained)[0];
}

/** Throws what `outcomesOf`, `parseTrace` and `judge` throw. */
export function judgedBy(
  source: ProgramSource,
  trace: RecordedTrace | string,
  options: JudgedByOptions = {},
): JudgedBy {
  const { file: _file, only: _only, revision: _revision, settings: _settings, ...rest } = options;
  const recorded = typeof trace === "string" ? parseTrace(trace) : trace;
  const scenario = scenarioOf(withTrace(source, recorded), options);
  const revisions = revisionsFor(options);
  const how = revisions === undefined ? rest : { ...rest, revisions };
  const judgement = judge(scenario, recorded, how);
  const far = deepest(judgement);
  const event = far?.rejection?.event ?? null;
  return {
    scenario,
    judgement,
    expected: (far?.next ?? []).map(printEvent),
    actual: event === null ? [] : [printEvent(event.event)],
  };
}

const place = ({ index, event }: PlacedEvent): string => `event ${index + 1}: ${printEvent(event)}`;

function rejectionLines({
  rejection,
  next,
  nextComplete,
  explained,
}: JudgedUnder): readonly string[] {
  if (rejection === null) return [];
  const { event, context } = rejection;
  const more = nextComplete ? [] : ["  and maybe more"];
  const none = next.length === 0 && nextComplete ? ["  nothing: the run has ended"] : [];
  return [
    event === null ? "the trace ends where the run goes on" : `not allowed: ${place(event)}`,
    `after ${explained} events, what is allowed:`,
    ...next.map((one) => `  ${printEvent(one)}`),
    ...none,
    ...more,
    ...(context.length === 0 ? [] : ["because of:", ...context.map((one) => `  ${place(one)}`)]),
  ];
}

function underLines(under: JudgedUnder): readonly string[] {
  const { revision, verdict, schedule, bound, explained } = under;
  const head = `under ${revision.label}: ${verdict}`;
  if (verdict === "unknown") return [`${head}: ${bound} (${explained} events are explained)`];
  if (verdict === "not allowed") return [head, ...rejectionLines(under).map((line) => `  ${line}`)];
  return [schedule === null ? head : `${head} by schedule ${printSchedule(schedule)}`];
}

/** What to tell who claimed that a trace is allowed, or, `negated`, that it is not. */
export function tellJudged({ scenario, judgement }: JudgedBy, negated: boolean): string {
  const head = `expected the trace ${negated ? "not " : ""}to be allowed by "${scenario.title}"`;
  return [head, ...judgement.revisions.flatMap(underLines)].join("\n");
}
