// Whether a recorded trace is one of those that the specification allows, revision by revision. Mirrors spec/15.

import type { Scenario } from "../../scenario/ast.ts";
import type { Selection } from "../../scenario/revision.ts";
import { revisionsOf, systemOf } from "../../scenario/verify.ts";
import type { System } from "../../scheduler/machine.ts";
import { refuseEarlier, refuseSplit } from "../designs.ts";
import { JudgeError } from "../errors.ts";
import type { RecordedTrace, TraceEvent, TraceHeader } from "../format/trace.ts";
import { shortestContext } from "./context.ts";
import { inspector } from "./inspect.ts";
import type {
  JudgedSystem,
  JudgedUnder,
  Judgement,
  JudgeOptions,
  JudgeVerdict,
  PlacedEvent,
  Rejection,
} from "./judgement.ts";
import { type Found, type SearchOptions, search } from "./search.ts";

const defaultMaxSteps = 1_000_000;
/** Steps to try for one question about the context of a rejection: many are asked. */
const contextSteps = 20_000;

function checkCalls({ calls = [] }: TraceHeader, runs: number): void {
  if (calls.length === 0 || calls.length === runs) return;
  const there = runs === 1 ? "1 invocation" : `${runs} invocations`;
  throw new JudgeError(`the header names ${calls.length} calls, the scenario has ${there}`);
}

const verdicts = { true: "allowed", false: "not allowed", null: "unknown" } as const;

function* firstOf(events: Iterable<TraceEvent>, count: number): Generator<TraceEvent> {
  let left = count;
  for (const event of events) {
    if (left === 0) return;
    left -= 1;
    yield event;
  }
}

/** Why the trace is rejected at the event that the search could not explain. */
function rejectionOf(
  system: System,
  { header, events }: RecordedTrace,
  { explained, stop }: Found,
  options: JudgeOptions,
  how: SearchOptions,
): Rejection {
  const event = stop === null ? null : { index: explained, event: stop };
  if (options.context === false) return { event, context: [], shortest: false };
  const known = [...firstOf(events, explained + 1)];
  const rejects = (says: (index: number) => boolean): boolean | null => {
    const isSaid = (index: number): boolean => index >= explained || says(index);
    const less = { schedule: false, next: false, maxSteps: contextSteps, says: isSaid };
    const { allowed } = search(system, { header, events: known }, { ...how, ...less });
    return allowed === null ? null : !allowed;
  };
  const { events: places, shortest } = shortestContext(explained, rejects);
  const context = places.flatMap((index): PlacedEvent[] => {
    const needed = known[index];
    return needed === undefined ? [] : [{ index, event: needed }];
  });
  return { event, context, shortest };
}

function judgeUnder(
  system: System,
  trace: RecordedTrace,
  options: JudgeOptions,
  revision: string,
): JudgedSystem {
  refuseEarlier(system);
  const { maxSteps = defaultMaxSteps, schedule = true, next = false, progress } = options;
  const how: SearchOptions = {
    ...{ maxSteps, schedule, next },
    progress: (explained) => progress?.({ revision, explained }) ?? false,
    inspect: inspector(trace.header, system),
    says: () => true,
  };
  const found = search(system, trace, how);
  const { allowed, stop: _, ...rest } = found;
  const rejection = allowed === false ? rejectionOf(system, trace, found, options, how) : null;
  return { verdict: verdicts[`${allowed}`], ...rest, rejection };
}

/**
 * Whether some run of a system could have been recorded as this trace. Throws `JudgeError` for a system of an
 * earlier design, and for events that no trace may hold.
 */
export function judgeSystem(
  system: System,
  trace: RecordedTrace,
  options: JudgeOptions = {},
): JudgedSystem {
  const { calls = [] } = trace.header;
  const { length: roots } = system.initial.roots;
  // some of them may be processes of the host
  if (calls.length > roots) checkCalls(trace.header, roots);
  return judgeUnder(system, trace, options, "");
}

function judgeRevision(
  scenario: Scenario,
  revision: Selection,
  trace: RecordedTrace,
  options: JudgeOptions,
): JudgedUnder {
  refuseSplit(scenario, revision);
  const system = systemOf(scenario, revision);
  return { revision, ...judgeUnder(system, trace, options, revision.label) };
}

function overall(revisions: readonly JudgedUnder[]): JudgeVerdict {
  const all = revisions.map(({ verdict }) => verdict);
  if (all.includes("allowed")) return "allowed";
  return all.length > 0 && all.every((verdict) => verdict === "not allowed")
    ? "not allowed"
    : "unknown";
}

/**
 * Whether a recorded trace is one of a scenario's, or of a component's (`componentScenario`), under each of the
 * revisions. Throws `JudgeError` for a scenario of an earlier design, for `calls` that do not fit it, and for
 * events that no trace may hold; what `systemOf` throws.
 */
export function judge(
  scenario: Scenario,
  trace: RecordedTrace,
  options: JudgeOptions = {},
): Judgement {
  checkCalls(trace.header, scenario.runs.length);
  const { revisions = revisionsOf(scenario) } = options;
  const judged = revisions.map((revision) => judgeRevision(scenario, revision, trace, options));
  return { verdict: overall(judged), revisions: judged };
}
