// Values, events and the results of built-ins as a trace shows them: numbers by their names.

import type { Ctx } from "../canon/machine.ts";
import { showValue } from "../canon/values/show.ts";
import type { EventTuple } from "../model/frames.ts";
import type { CoreValue, Value } from "../model/values.ts";
import { payload } from "../scenario/builtins.ts";
import { copyResult, show, subtaskState } from "../scenario/script-values.ts";
import { handleName } from "../wasi/object-names.ts";

function kindOfEnd(c: Ctx, waitable: number): string {
  const w = c.edit.ids("waitable").find((id) => id === waitable);
  if (w === undefined) return "<end>";
  const end = c.edit.read("waitable", w);
  if (end.tag === "subtask") return "<subtask>";
  return end.kind.endsWith("future") ? "<future>" : "<stream>";
}

/** What stands behind a representation, in words; null: nobody knows. */
type NameOfRep = (rep: number) => string | null;

function word(label: string): Value {
  return { tag: "case", label, value: null };
}

/** Ends in flight have no number that means anything outside: only their kind is shown. */
function withoutIds(c: Ctx, v: Value, repName: NameOfRep): Value {
  if (typeof v !== "object") return v;
  const within = (part: Value): Value => withoutIds(c, part, repName);
  if (!("tag" in v)) return v.map(within);
  if (v.tag === "end") return word(kindOfEnd(c, v.waitable));
  if (v.tag === "case" && v.value !== null) return { ...v, value: within(v.value) };
  if (v.tag === "rep") {
    const name = repName(v.rep);
    return name === null ? v : word(`<${name}>`);
  }
  if (v.tag !== "record") return v;
  const fields = Object.entries(v.fields).map(([label, f]) => [label, within(f)]);
  return { ...v, fields: Object.fromEntries(fields) };
}

/** Component-level values of the store that `c` looks at. */
export function valueTexts(c: Ctx, vs: readonly Value[]): readonly string[] {
  return vs.map((v) => showValue(withoutIds(c, v, () => null)));
}

/** Arguments or results of a function of the WASI host: handles by the names of their objects. */
export function wasiTexts(c: Ctx, vs: readonly Value[]): readonly string[] {
  return vs.map((v) => showValue(withoutIds(c, v, (rep) => handleName(c, rep))));
}

const eventNumbers: Readonly<Record<EventTuple["code"], number>> = {
  NONE: 0,
  SUBTASK: 1,
  STREAM_READ: 2,
  STREAM_WRITE: 3,
  FUTURE_READ: 4,
  FUTURE_WRITE: 5,
  TASK_CANCELLED: 6,
};

/** `STREAM_READ 3 COMPLETED|4`, `NONE` */
export function eventText({ code, p1, p2 }: EventTuple): string {
  const plain = code === "NONE" || code === "TASK_CANCELLED";
  return plain ? code : `${code} ${p1} ${show(payload(eventNumbers[code], p2))}`;
}

/** The same from the numbers that core code sees. */
export function eventOf(code: number, p1: number, p2: number): string {
  const named = Object.entries(eventNumbers).find(([, n]) => n === code)?.[0] ?? "NONE";
  return eventText({ code: named as EventTuple["code"], p1, p2 });
}

/** The packed status of an async call: `RETURNED`, `STARTED subtask 2`. */
export function statusText(packed: number): string {
  const index = Math.floor(packed / 16);
  const state = show(subtaskState(packed & 0xf));
  return index === 0 ? state : `${state} subtask ${index}`;
}

/** `r=1 w=2` */
export function pairText(packed: bigint): string {
  return `r=${packed & 0xffff_ffffn} w=${packed >> 32n}`;
}

export function copyText(n: number): string {
  return show(copyResult(n));
}

export function subtaskText(n: number): string {
  return show(subtaskState(n));
}

/** Core values, or nothing. */
export function coreText(values: readonly CoreValue[]): string {
  return values.map((v) => showValue(v)).join(", ");
}
