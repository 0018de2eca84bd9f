// What became of .wast scripts, as text: a line for each file, and what failed. Mirrors spec/14.

import { printSchedule } from "../scheduler/model.ts";
import type { ScriptResult } from "../wast/run.ts";
import { type Tally, tallyOf } from "../wast/tally.ts";
import type { Judged } from "../wast/verdict.ts";
import { type Paint, plain } from "./paint.ts";

type Lines = readonly string[];

export interface WastTextOptions {
  /** also which assertions passed with a note, and each that was skipped */
  readonly verbose: boolean;
  readonly paint?: Paint;
}

function some(n: number, what: string): Lines {
  return n === 0 ? [] : [`${n} ${what}`];
}

/** `12 passed (2 by the assembler), 1 failed, 3 skipped`. */
function tallyText(t: Tally): string {
  const assembler = t.byAssembler === 0 ? "" : ` (${t.byAssembler} by the assembler)`;
  return [
    `${t.passed} passed${assembler}`,
    ...some(t.failed, "failed"),
    ...some(t.skipped, "skipped"),
    ...some(t.dependent, "schedule-dependent"),
    ...some(t.bounded, "not searched to the end"),
  ].join(", ");
}

function failureText(file: string, { place, what, verdict }: Judged, paint: Paint): Lines {
  if (verdict.tag !== "failed") return [];
  const { expected, got, code, cause } = verdict;
  const why = cause === null ? "" : `, in line ${cause.line}`;
  return [
    `  ${file}:${place.line}:${place.column}: ${what} ${paint.bad("failed")}`,
    `    expected ${expected}`,
    `    got      ${got}${code === null ? "" : ` [${code}]`}${why}`,
  ];
}

/** Under which schedule an assertion fails that holds under others. */
function scopeText(file: string, { place, what, scope }: Judged, paint: Paint): Lines {
  if (scope.tag !== "some") return [];
  const at = `  ${file}:${place.line}:${place.column}: ${what}`;
  const how = `${paint.doubtful("holds under some schedules only")}; it fails under`;
  return [`${at} ${how}`, `    ${printSchedule(scope.witness)}`];
}

function noteText(file: string, { place, what, verdict }: Judged, paint: Paint): Lines {
  if (verdict.tag === "failed") return [];
  const note = verdict.tag === "skipped" ? `skipped: ${verdict.reason}` : verdict.note;
  if (note === null) return [];
  return [`  ${file}:${place.line}:${place.column}: ${what} ${paint.faint(note)}`];
}

function reasonText([reason, count]: readonly [string, number], paint: Paint): string {
  return `  ${paint.faint(`skipped ${count}: ${reason}`)}`;
}

/** Reasons beyond these are not listed. */
const mostReasons = 8;

/** One script. */
export function scriptText(
  result: ScriptResult,
  { verbose, paint = plain }: WastTextOptions,
): Lines {
  const { file, judged, complete } = result;
  const tally = tallyOf([result]);
  const head = `${paint.strong(file)}: ${tallyText(tally)}${complete ? "" : ", interrupted"}`;
  const more = Math.max(0, tally.reasons.length - mostReasons);
  const reasons = [
    ...tally.reasons.slice(0, mostReasons).map((reason) => reasonText(reason, paint)),
    ...(more === 0 ? [] : [`  ${paint.faint(`and ${more} more reasons`)}`]),
  ];
  return [
    head,
    ...judged.flatMap((one) => failureText(file, one, paint)),
    ...judged.flatMap((one) => scopeText(file, one, paint)),
    ...(verbose ? judged.flatMap((one) => noteText(file, one, paint)) : reasons),
  ];
}

/** The last line of several. */
export function wastSummary(results: readonly ScriptResult[]): string {
  const files = results.length === 1 ? "1 file" : `${results.length} files`;
  return `${files}: ${tallyText(tallyOf(results))}`;
}
