// What is said of a recorded run of jco's, and shorter ways to say it.

import type { JsFuncs } from "../../src/jco.ts";
import type { TraceEvent } from "../../src/oracle/format/trace.ts";

/** What a trace says that a revision does not allow, and what it allows there. */
export interface Finding {
  /** of the event, 0 for the first */
  readonly index: number;
  readonly saw: Partial<TraceEvent>;
  readonly instead: Partial<TraceEvent>;
}

export interface JcoRun {
  /** a file of components/, without `.wat` */
  readonly component: string;
  /** what the trace is called; default: its first call */
  readonly as?: string;
  /** functions that the component is given */
  readonly hosts?: JsFuncs;
  readonly calls: readonly string[];
  readonly allowed: readonly string[];
  /** under the revisions that do not allow it */
  readonly finding: Finding | null;
  /** of what the revisions explain, by revision, if one of them does not allow it; default: nothing is chosen */
  readonly schedules?: Readonly<Record<string, readonly string[]>>;
  /** of the specification, or of what is told by the finding */
  readonly why: string;
}

export const old = "6d28164";
export const today = "d1daf829";
export const both: readonly string[] = [old, today];

export function allowed(
  component: string,
  calls: readonly string[],
  why: string,
): readonly JcoRun[] {
  return calls.map((call) => ({ component, calls: [call], allowed: both, finding: null, why }));
}

/** A run that is not allowed under any revision but `under`. */
export function diverges(
  component: string,
  call: string,
  finding: Finding,
  why: string,
  under: readonly string[] = [],
): JcoRun {
  return { component, calls: [call], allowed: under, finding, why };
}

export function returned(index: number, func: string, result: number, expected: number): Finding {
  const place = { event: "return", func } as const;
  const saw = { ...place, results: [result] };
  return { index, saw, instead: { ...place, results: [expected] } };
}

/** A call of the ABI that should have trapped has returned. */
export function noTrap(
  index: number,
  func: string,
  code: string,
  results: readonly number[] = [],
): Finding {
  return { index, saw: { event: "return", func, results }, instead: { event: "trap", code } };
}

export function trapped(index: number, note: string, instead: Partial<TraceEvent>): Finding {
  return { index, saw: { event: "trap", note }, instead };
}
