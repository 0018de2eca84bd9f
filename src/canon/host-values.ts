// NON-SPEC: what the host may hand over as an argument or result: its own ends, each once. Mirrors spec/03.

import type { Ret } from "../model/frames.ts";
import type { ValType } from "../model/types.ts";
import type { Value } from "../model/values.ts";
import { type Ctx, Trap, trapAt } from "./machine.ts";
import { isBulk } from "./values/bulk.ts";
import { despecialize, type FundamentalType, sameType } from "./values/types.ts";

/** What a rule hands to the host's code. */
export const values = (...vs: Value[]): Ret => ({ tag: "values", values: vs });

/** Ends that stand in the values already. */
type Given = Set<number>;

type AsyncType = Extract<ValType, { tag: "stream" | "future" }>;

function giveEnd(c: Ctx, v: Value, t: AsyncType, given: Given): void {
  const site = `lift-${t.tag}`;
  const id = typeof v === "object" && "tag" in v && v.tag === "end" ? v.waitable : null;
  const known = id !== null && c.edit.waitable.has(id) && !given.has(id);
  const end = known ? c.edit.waitable.read(id) : null;
  const own = end?.tag === "end" && end.kind === `readable-${t.tag}` && end.owner === null;
  trapAt(!own, `${site}.not-an-end`);
  if (id === null || end?.tag !== "end") return;
  trapAt(!sameType(end.t, t.t), `${site}.wrong-type`);
  trapAt(end.state !== "idle", `${site}.not-idle`);
  given.add(id);
}

type Part = readonly [Value, ValType];

/** The values directly inside a record or tuple. */
function fieldsOf(v: Value, t: Extract<FundamentalType, { tag: "record" }>): readonly Part[] {
  if (typeof v !== "object") return [];
  if (!("tag" in v)) return t.fields.map((f, i): Part => [v[i] ?? 0, f.t]);
  return v.tag === "record" ? t.fields.map((f): Part => [v.fields[f.label] ?? 0, f.t]) : [];
}

function partsOf(v: Value, t: FundamentalType): readonly Part[] {
  if (t.tag === "record") return fieldsOf(v, t);
  if (typeof v !== "object" || isBulk(v)) return [];
  if (t.tag === "list") return "tag" in v ? [] : v.map((item): Part => [item, t.t]);
  if (t.tag !== "variant" || !("tag" in v) || v.tag !== "case" || v.value === null) return [];
  const payload = t.cases.find((k) => k.label === v.label)?.t ?? null;
  return payload === null ? [] : [[v.value, payload]];
}

function give(c: Ctx, v: Value, type: ValType, given: Given): void {
  const t = despecialize(type);
  if (t.tag === "stream" || t.tag === "future") giveEnd(c, v, t, given);
  else for (const [part, u] of partsOf(v, t)) give(c, part, u, given);
}

/** The host gets these values: from now on it may name the ends in them. */
export function knowEnds(c: Ctx, v: Value): void {
  if (typeof v !== "object" || isBulk(v)) return;
  if (!("tag" in v)) for (const item of v) knowEnds(c, item);
  else if (v.tag === "record") for (const field of Object.values(v.fields)) knowEnds(c, field);
  else if (v.tag === "case" && v.value !== null) knowEnds(c, v.value);
  else if (v.tag === "end") {
    const end = c.edit.waitable.edit(v.waitable);
    if (end.tag === "end") end.known = true;
  }
}

/** Traps, as lifting from a guest does, unless the host may hand over these values now. */
export function giveValues(c: Ctx, vs: readonly Value[], ts: readonly ValType[]): void {
  if (vs.length !== ts.length) throw new Trap("guest.type");
  const given: Given = new Set();
  for (const [i, t] of ts.entries()) give(c, vs[i] ?? 0, t, given);
}
