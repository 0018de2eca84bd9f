// What an engine was seen to do: runs as outcomes, read from traces or written one a line. Mirrors spec/15-oracle.md.

import { trapCodes } from "../../canon/traps.ts";
import { didYouMean } from "../../wit/spelling.ts";
import { isFields, type JsonFields } from "../format/json-fields.ts";
import { linesOf, type ParsedTrace, parseRuns } from "../format/parse.ts";
import type { TraceEvent, TraceHeader } from "../format/trace.ts";
import { TraceError, type TraceLine } from "../format/trace-error.ts";

/** A line of a log, or the result of a call, which may go by several names; an undefined value is not known. */
export type RunEntry =
  | { readonly tag: "line"; readonly text: string }
  | {
      readonly tag: "result";
      readonly names: readonly string[];
      readonly value: string | null | undefined;
    };

/**
 * `exact`: as the book writes it. `any`: it trapped, is stuck or failed, nobody knows how. `stuck`: on these
 * calls, each of which may go by several names. `quiet`: nothing moves any more, returned or not. `cut`: it goes on.
 */
export type RunEnd =
  | { readonly tag: "exact"; readonly text: string }
  | { readonly tag: "any"; readonly of: "traps" | "stuck" | "bug" }
  | { readonly tag: "stuck"; readonly calls: readonly (readonly string[])[] }
  | { readonly tag: "quiet" }
  | { readonly tag: "cut" };

/** One run of an engine, or several alike. */
export interface EngineRun {
  readonly log: readonly RunEntry[];
  readonly end: RunEnd;
  readonly count: number;
  /** false: lines that are no results were not recorded, and say nothing by being absent */
  readonly lines: boolean;
  /** false: results were told some time after they came, so that their places mean nothing */
  readonly ordered: boolean;
  /** what the host called, in WAVE; null: nobody says */
  readonly calls: readonly string[] | null;
}

/** How a call may be called: as it is written, and by its function alone, as in the model's log. */
export function namesOfCall(call: string): readonly string[] {
  return [...new Set([call, call.replace(/\(.*$/s, "")])];
}

function entryOf(event: TraceEvent): readonly RunEntry[] {
  if (event.event === "log") return [{ tag: "line", text: event.line }];
  if (event.event !== "result") return [];
  return [{ tag: "result", names: namesOfCall(event.call), value: event.value }];
}

function waitingEnd(waiting: readonly string[]): RunEnd {
  if (waiting.length === 0) return { tag: "exact", text: "ok" };
  return { tag: "stuck", calls: waiting.map(namesOfCall) };
}

function endOf(event: TraceEvent | undefined): RunEnd {
  if (event?.event === "trap") {
    const { code } = event;
    return code === undefined
      ? { tag: "any", of: "traps" }
      : { tag: "exact", text: `traps ${code}` };
  }
  if (event?.event !== "end") return { tag: "cut" };
  return event.waiting === undefined ? { tag: "quiet" } : waitingEnd(event.waiting);
}

function omits({ omits: names = [] }: TraceHeader, kind: string): boolean {
  return names.includes(kind);
}

/** The outcome of a recorded run. */
function runOf({ header, events }: ParsedTrace): EngineRun {
  const log = events.flatMap(entryOf);
  const ordered = header.late?.includes("result") !== true;
  const { calls = null } = header;
  return { log, end: endOf(events.at(-1)), count: 1, lines: !omits(header, "log"), ordered, calls };
}

/** Whoever leaves out the results of calls has no outcomes to compare. */
function checkRecorded(file: string, runs: readonly ParsedTrace[]): void {
  for (const { header } of runs) {
    if (!omits(header, "result")) continue;
    const problem = { index: 0, message: "`result` is omitted, so its outcomes are not known" };
    throw new TraceError(file, { number: 1, text: "" }, { ...problem, hint: null });
  }
}

/** What is wrong with an outcome line; the place is its beginning, since it is short. */
function wrong(
  file: string,
  line: TraceLine,
  message: string,
  hint: string | null = 'write {"log": ["a", "b"], "end": "ok", "count": 3}, or a trace',
): never {
  throw new TraceError(file, line, { index: 0, message, hint });
}

function jsonOf(file: string, line: TraceLine): JsonFields {
  let value: unknown = null;
  try {
    value = JSON.parse(line.text);
  } catch {
    wrong(file, line, "this is no JSON");
  }
  return isFields(value) ? value : wrong(file, line, "this is no outcome");
}

const endText = /^(?:ok|diverges|(?:traps|stuck|bug)(?: .+)?)$/s;

function endFrom(file: string, line: TraceLine, value: unknown): RunEnd {
  if (value === undefined || value === null) return { tag: "cut" };
  if (typeof value !== "string" || !endText.test(value)) {
    return wrong(file, line, '`end` is "ok", "traps CODE", "stuck NAME", "bug CODE" or "diverges"');
  }
  if (value === "traps" || value === "stuck" || value === "bug") return { tag: "any", of: value };
  const [, code = ""] = /^traps (.*)$/s.exec(value) ?? [];
  if (code !== "" && !trapCodes.has(code)) {
    wrong(
      file,
      line,
      `there is no trap ${code}`,
      didYouMean(code, trapCodes, "`traps` is any trap"),
    );
  }
  return { tag: "exact", text: value };
}

function isEntry(value: unknown): value is string | number {
  return typeof value === "string" || typeof value === "number";
}

const fields: readonly string[] = ["log", "end", "count", "note"];

function outcomeFrom(file: string, line: TraceLine): EngineRun {
  const { log, end, count = 1, ...rest } = jsonOf(file, line);
  const odd = Object.keys(rest).find((name) => !fields.includes(name));
  if (odd !== undefined) return wrong(file, line, `\`${odd}\` means nothing here`);
  if (!Array.isArray(log) || !log.every(isEntry)) {
    return wrong(file, line, "`log` is a list of texts and numbers");
  }
  if (typeof count !== "number" || !Number.isSafeInteger(count) || count < 1) {
    return wrong(file, line, "`count` is a whole number, 1 or more");
  }
  const entries = log.map((entry): RunEntry => ({ tag: "line", text: String(entry) }));
  const outcome = { log: entries, end: endFrom(file, line, end), count };
  return { ...outcome, lines: true, ordered: true, calls: null };
}

function isHeader({ text }: TraceLine): boolean {
  return /^\s*\{[^{[]*"(?:format|version)"\s*:/.test(text);
}

/**
 * The runs of a file: traces, each of which begins with a header, or outcomes, one JSON object a line:
 * `log`, how the run ended (`end`; without it the run was cut off), and how often that was seen (`count`,
 * default 1). Throws `TraceError`.
 */
export function engineRuns(text: string, file: string): readonly EngineRun[] {
  const lines = [...linesOf(text)].filter((line) => line.text.trim() !== "");
  const [first] = lines;
  if (first === undefined) {
    return wrong(file, { number: 1, text: "" }, "there are no runs here");
  }
  if (!isHeader(first)) return lines.map((line) => outcomeFrom(file, line));
  const runs = parseRuns(text, file);
  checkRecorded(file, runs);
  return runs.map(runOf);
}
