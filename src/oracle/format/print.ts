// Traces as text: a line of JSON for the header and for each event. Mirrors spec/15.

import type { Json } from "../../model/json.ts";
import type { RecordedTrace, TraceEvent, TraceHeader } from "./trace.ts";

/** In the order in which they are written. */
const headerFields = ["format", "version", "engine", "calls", "omits", "late", "note"] as const;

const eventFields = [
  "event",
  "instance",
  "thread",
  "func",
  "call",
  "args",
  "results",
  "value",
  "cancelled",
  "trapped",
  "line",
  "code",
  "waiting",
  "memory",
  "note",
] as const;

/** JSON has no NaN and no infinities, which are texts here, and a negative zero, which `JSON.stringify` loses. */
function numberText(value: number): string {
  if (!Number.isFinite(value)) return `"${value}"`;
  return Object.is(value, -0) ? "-0" : String(value);
}

function jsonText(value: Json): string {
  if (typeof value === "number") return numberText(value);
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(jsonText).join(",")}]`;
  return objectText(Object.entries(value));
}

function objectText(fields: readonly (readonly [string, Json | undefined])[]): string {
  const parts = fields.flatMap(([name, value]) => {
    return value === undefined ? [] : [`${JSON.stringify(name)}:${jsonText(value)}`];
  });
  return `{${parts.join(",")}}`;
}

/** Without a line end. */
export function printHeader(header: TraceHeader): string {
  return objectText(headerFields.map((name) => [name, header[name]]));
}

/** Without a line end. */
export function printEvent(event: TraceEvent): string {
  const fields = new Map<string, Json | undefined>(Object.entries(event));
  return objectText(eventFields.map((name) => [name, fields.get(name)]));
}

/** Each line with its end. */
export function printTrace({ header, events }: RecordedTrace): string {
  const lines = [printHeader(header)];
  for (const event of events) lines.push(printEvent(event));
  return `${lines.join("\n")}\n`;
}
