// Events of recorded traces as people read them: one line each, with `..` and `?` for what is not known.

import type { CoreJson, MemoryBytes, TraceEvent } from "../oracle/format/trace.ts";
import { printable } from "../scenario/errors.ts";

function coreTexts(values: readonly CoreJson[]): string {
  return values.map((value) => (value === null ? "?" : String(value))).join(", ");
}

function callText(
  func: string | undefined,
  args: readonly (CoreJson | null)[] | undefined,
): string {
  return `${func ?? "?"}(${args === undefined ? ".." : coreTexts(args)})`;
}

function resultText(func: string | undefined, results: readonly CoreJson[] | undefined): string {
  if (results === undefined) return `${func ?? "?"} = ..`;
  return results.length === 0 ? (func ?? "?") : `${func ?? "?"} = ${coreTexts(results)}`;
}

/** Bytes that are shown of one place. */
const mostBytes = 16;

function bytesText({ at, bytes, memory = 0 }: MemoryBytes): string {
  const pairs = bytes.match(/../g) ?? [];
  const some = pairs.slice(0, mostBytes).join(" ");
  const rest = pairs.length > mostBytes ? ` .. (${pairs.length} bytes)` : "";
  return `${memory === 0 ? "memory" : `memory ${memory}`} at ${at}: ${some}${rest}`;
}

function withMemory(text: string, memory: readonly MemoryBytes[] = []): string {
  return [text, ...memory.map(bytesText)].join("; ");
}

function hostReturnText(e: Extract<TraceEvent, { readonly event: "host-return" }>): string {
  if (e.cancelled === true) return `${e.func} is cancelled`;
  if (e.trapped === true) return `${e.func} traps`;
  return e.value === undefined ? e.func : `${e.func} = ${e.value}`;
}

function valueText(value: string | null | undefined): string {
  if (value === undefined) return " = ..";
  return value === null ? "" : ` = ${value}`;
}

/** What an event says, without its kind and its place: `stream.read(1, 16, 4)`. */
export function eventDetail(e: TraceEvent): string {
  switch (e.event) {
    case "enter":
      return withMemory(callText(e.func, e.args), e.memory);
    case "leave":
      return resultText(e.func, e.results);
    case "call":
      return callText(e.func, e.args);
    case "return":
      return withMemory(resultText(e.func, e.results), e.memory);
    case "invoke":
      return e.call;
    case "result":
      return `${e.call}${valueText(e.value)}`;
    case "host-call":
      return callText(e.func, e.args);
    case "host-return":
      return hostReturnText(e);
    case "log":
      return e.line;
    case "trap":
      return e.code ?? "";
    case "end":
      return endText(e.waiting);
  }
}

function endText(waiting: readonly string[] | undefined): string {
  if (waiting === undefined) return "";
  return waiting.length === 0 ? "nothing waits" : `${waiting.join(", ")} waiting`;
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => text.length));
}

/** Columns: what stands before each, the instance, the thread, the kind and what it says. */
export function eventRows(
  events: readonly { readonly lead: string; readonly event: TraceEvent }[],
): readonly string[] {
  const rows = events.map(({ lead, event }) => {
    const { instance = "", thread = "", event: kind } = event;
    return [lead, ...[instance, thread, kind, eventDetail(event)].map(printable)];
  });
  const widths = [0, 1, 2, 3].map((i) => widest(rows.map((row) => row[i] ?? "")));
  return rows.map((row) => {
    const cells = row.flatMap((cell, i) => {
      const width = widths[i];
      return width === 0 ? [] : [cell.padEnd(width ?? 0)];
    });
    return cells.join("  ").trimEnd();
  });
}
