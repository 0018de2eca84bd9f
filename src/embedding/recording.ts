// A run with JavaScript as plain JSON, and the same run again without JavaScript.

import { decode, encode, type Json } from "../model/json.ts";
import type { Scenario } from "../scenario/ast.ts";
import { parseScenarios } from "../scenario/parse.ts";
import { printScenario } from "../scenario/print.ts";
import { parseRevision } from "../scenario/revision.ts";
import { systemOf } from "../scenario/verify.ts";
import type { System } from "../scheduler/machine.ts";
import { follow, type Schedule } from "../scheduler/model.ts";
import type { Outcome } from "../scheduler/outcome.ts";
import type { Occurrence, Request } from "./arrivals.ts";
import { type CallResult, Session } from "./session.ts";
import { embeddedSystem } from "./system.ts";

/** Everything that a run depends on, as JSON data. */
export interface Recording {
  readonly version: 1;
  /** the text of the scenario; null: the system was made otherwise */
  readonly scenario: string | null;
  readonly revision: string;
  /** the host functions that JavaScript stood for */
  readonly imports: readonly string[];
  /** the choices that differ from the default ones */
  readonly schedule: Schedule;
  /** what came from JavaScript, in order; values as `storeToJson` writes them */
  readonly occurrences: Json;
}

/** What a system is made from. */
export interface Origin {
  readonly scenario: Scenario | null;
  readonly revision: string;
  readonly imports: readonly string[];
}

/** What a run came to. */
export interface Replayed {
  readonly log: readonly string[];
  /** if nothing more came from JavaScript */
  readonly outcome: Outcome;
  readonly results: readonly CallResult[];
  readonly schedule: Schedule;
}

/** A recording that does not fit its system: it was changed, or the system was. */
export class ReplayError extends Error {}

export function systemFor({ scenario, revision }: Origin): System {
  if (scenario === null) throw new ReplayError("a recording without a scenario needs its system");
  return systemOf(scenario, parseRevision(revision));
}

export function recordingOf({ scenario, revision, imports }: Origin, session: Session): Recording {
  return {
    version: 1,
    scenario: scenario === null ? null : printScenario(scenario),
    revision,
    imports,
    schedule: session.schedule,
    occurrences: encode(session.occurrences),
  };
}

function originOf({ scenario, revision, imports }: Recording): Origin {
  const [first = null] = scenario === null ? [] : parseScenarios(scenario, "recording");
  return { scenario: first, revision, imports };
}

/**
 * Runs a recording again, at once and without calling any JavaScript. A recording of a system that was
 * not made from a scenario needs that system. Throws `ReplayError`.
 */
export function replay(recording: Recording, system?: System): Replayed {
  if (recording.version !== 1) throw new ReplayError(`no recording of version 1`);
  const made = system ?? systemFor(originOf(recording));
  const follower = follow(recording.schedule);
  const session = new Session(embeddedSystem(made, recording.imports), (enabled) =>
    follower.pick(enabled),
  );
  const occurrences = decode(recording.occurrences) as readonly Occurrence[];
  let asked: Request | null = null;
  for (const occurrence of occurrences) asked = again(session, occurrence, asked);
  return replayed(session);
}

export function replayed(session: Session): Replayed {
  const { log, results, schedule } = session;
  return { log, outcome: session.outcome(), results, schedule };
}

/** `asked`: what the run stands at. */
function again(session: Session, occurrence: Occurrence, asked: Request | null): Request | null {
  const request = occurrence.tag === "reply" ? occurrence.request : null;
  if (request !== (asked?.request ?? null)) {
    const said = request === null ? "nothing" : `request ${request}`;
    throw new ReplayError(`the run asks ${asked?.func ?? "nothing"} where it answered ${said}`);
  }
  if (occurrence.tag === "turn") session.enter(occurrence.arrivals);
  else if (occurrence.tag === "reply") session.reply(occurrence.request, occurrence.answer);
  else {
    session.deadlock();
    return null;
  }
  const next = session.run();
  session.notices();
  return next;
}
