// What a component of the split ABI says: messages in its outbox, and the results of its exports. Mirrors spec/11.

import { maxFlatResults } from "../../canon/values/flatten.ts";
import type { FuncType, ValType } from "../../model/types.ts";
import type { Value } from "../../model/values.ts";
import { releaseAll, taking } from "../heap.ts";
import { flatten } from "../marshal.ts";
import type { ScriptValue } from "../script-values.ts";
import { first, type Work } from "./engine.ts";
import type { Output } from "./state.ts";

/** A message for the host, which leaves with the next poll call. */
export function send(w: Work, label: string, value: ScriptValue): void {
  const output: Output = { label, value };
  w.x = { ...w.x, outbox: [...w.x.outbox, output] };
}

/** The payload of most messages. */
export function record(fields: Readonly<Record<string, Value>>): ScriptValue {
  return { tag: "record", fields };
}

/** The type of the poll function or result half that runs. */
export function typeOf({ engine, entry: n }: Work): FuncType {
  const entry = engine.entries[n];
  if (entry?.entry !== "result" && entry?.entry !== "poll") throw new Error(`no type of ${n}`);
  return entry.ft;
}

/** The last step of an export: its result, which lies in memory until it has been read. */
export function answer(w: Work, t: ValType, v: ScriptValue): void {
  const { value, taken } = taking(w.place, () => flatten(w.place, [v], [t], maxFlatResults));
  w.x = { ...w.x, lent: [...w.x.lent, ...taken] };
  first(w, { step: "leave", values: value });
}

/** After an export: what its result lay in is free. */
export function beginFreed(w: Work): void {
  releaseAll(w.place, w.x.lent);
  w.x = { ...w.x, lent: [] };
  first(w, { step: "leave", values: [] });
}
