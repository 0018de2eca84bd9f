// What an implementation did beside what the specification allows, as text. Mirrors spec/15.

import { blocked } from "../../canon/machine.ts";
import { copyResults } from "../../canon/pairs.ts";
import { eventCodes } from "../../canon/waitables.ts";
import { fromHex } from "../../model/hex.ts";
import { printSchedule } from "../../scheduler/model.ts";
import type { CoreJson, TraceEvent } from "../format/trace.ts";
import type { JudgedSystem } from "../judging/judgement.ts";
import { type Program, printProgram } from "./program.ts";
import type { ProgramTrace } from "./run.ts";

function nameIn(table: Readonly<Record<string, number>>, n: number): string {
  return Object.entries(table).find(([, number]) => number === n)?.[0] ?? String(n);
}

const word = 2n ** 32n;

/** A result in the words of the specification: `BLOCKED`, `COMPLETED|2`, `STREAM_WRITE`. */
function printResult(func: string, value: CoreJson): string {
  if (value === null) return "?";
  const [family, verb = ""] = func.split(".");
  const copies = verb === "read" || verb === "write" || verb.startsWith("cancel-");
  const n = Number(value);
  if (copies && n === blocked) return "BLOCKED";
  if (copies && family === "future") return nameIn(copyResults, n);
  if (copies) return `${nameIn(copyResults, n % 16)}|${Math.floor(n / 16)}`;
  if (verb === "wait" || verb === "poll") return nameIn(eventCodes, n);
  const isPair = verb === "new" && (family === "stream" || family === "future");
  return isPair ? `${BigInt(value) % word} and ${BigInt(value) / word}` : String(value);
}

/** What a memory holds, as far as events have said: all zeros at first. */
type Known = Map<number, number>;

/** The ranges of an event in which something is new, at which `known` is brought up to date. */
function newMemory(event: TraceEvent, known: Known): string {
  const memory = "memory" in event ? (event.memory ?? []) : [];
  const changed = memory.filter(({ at, bytes }) => {
    return fromHex(bytes).some((byte, i) => (known.get(at + i) ?? 0) !== byte);
  });
  for (const { at, bytes } of memory) {
    for (const [i, byte] of fromHex(bytes).entries()) known.set(at + i, byte);
  }
  return changed.map(({ at, bytes }) => `  ${at}: ${bytes}`).join("");
}

/** An event in a few words: `t1 stream.read = COMPLETED|2  8: 0102`, with the bytes that are new. */
function printEvent(event: TraceEvent, known: Known): string {
  const thread = event.thread === undefined ? "" : `${event.thread} `;
  switch (event.event) {
    case "call":
      return `${thread}${event.func} ${event.args?.join(" ") ?? ""}`.trimEnd();
    case "return": {
      const { func = "", results = [] } = event;
      const got = results.map((value) => ` = ${printResult(func, value)}`).join("");
      return `${thread}${func}${got === "" ? " returns" : got}${newMemory(event, known)}`;
    }
    case "enter":
      return `${thread}begins`;
    case "leave":
      return `${thread}ends`;
    case "trap":
      return `${thread}traps${event.code === undefined ? "" : ` ${event.code}`}`;
    case "end": {
      const { waiting = [] } = event;
      return waiting.length === 0 ? "the end" : `the end: ${waiting.join(", ")} blocked`;
    }
    default:
      return event.event;
  }
}

/** Events before the one that is not allowed that are shown. */
const shown = 12;

interface Line {
  readonly left: string;
  readonly right: string;
}

/** Lines of two columns. */
function inColumns(lines: readonly Line[]): readonly string[] {
  const width = Math.max(...lines.map(({ left }) => left.length));
  return lines.map(({ left, right }) => `${left.padEnd(width)} | ${right}`.trimEnd());
}

function allowedLines({ next, nextComplete }: JudgedSystem, known: Known): readonly string[] {
  const events = next.map((event) => printEvent(event, new Map(known)));
  const some = events.length === 0 ? ["nothing"] : [...new Set(events)];
  return nextComplete ? some : [...some, ".."];
}

/** The last events that are explained on both sides, and then what differs. */
function eventLines(events: readonly TraceEvent[], judged: JudgedSystem): readonly Line[] {
  const { explained } = judged;
  const from = Math.max(0, explained - shown);
  const known: Known = new Map();
  const same = events.slice(0, explained).map((event): Line => {
    const text = printEvent(event, known);
    return { left: `  ${text}`, right: `  ${text}` };
  });
  const rejected = events[explained];
  const allowed = allowedLines(judged, known);
  const did = rejected === undefined ? "(nothing more)" : printEvent(rejected, known);
  const differ = allowed.map((text, i): Line => {
    return { left: i === 0 ? `> ${did}` : "", right: `> ${text}` };
  });
  return [...(from > 0 ? [{ left: "  ..", right: "  .." }] : []), ...same.slice(from), ...differ];
}

/** A rejected run: the program, both sides, and the schedule that explains what can be explained. */
export function printRejection(
  program: Program,
  trace: ProgramTrace,
  judged: JudgedSystem,
): string {
  const head = { left: "  the implementation", right: "  the specification" };
  const { schedule } = judged;
  return [
    "the specification does not allow what the implementation did",
    "",
    printProgram(program),
    "",
    ...inColumns([head, ...eventLines(trace.events, judged)]),
    ...(schedule === null || schedule.length === 0
      ? []
      : ["", `schedule: ${printSchedule(schedule)}`]),
  ].join("\n");
}
