// What becomes of a result that nobody takes: the handles in it are dropped, as a dropped value is. Mirrors spec/11.

import type { BuiltinName } from "../../model/program.ts";
import type { ValType } from "../../model/types.ts";
import type { ScriptValue } from "../script-values.ts";
import { tagOf } from "../script-values.ts";
import type { Step } from "./steps.ts";

function drop(
  name: BuiltinName,
  v: ScriptValue,
  type: Pick<Step & { step: "builtin" }, "t" | "rt">,
): Step {
  return { step: "builtin", name, args: [Number(v)], ...type, after: null };
}

/** Drops every handle in a value of type `t`, in order. */
export function dropValue(t: ValType | null, v: ScriptValue): readonly Step[] {
  if (t === null) return [];
  switch (t.tag) {
    case "own":
      return [drop("resource.drop", v, { t: null, rt: t.rt })];
    case "stream":
    case "future":
      return [drop(`${t.tag}.drop-readable`, v, { t: t.t, rt: null })];
    case "list":
      return itemsOf(v).flatMap((item) => dropValue(t.t, item));
    case "tuple":
      return t.ts.flatMap((item, i) => dropValue(item, itemsOf(v)[i] ?? 0));
    case "record":
      return t.fields.flatMap((f) => dropValue(f.t, fieldOf(v, f.label)));
    default:
      return dropPayload(t, v);
  }
}

function itemsOf(v: ScriptValue): readonly ScriptValue[] {
  return Array.isArray(v) ? v : [];
}

function fieldOf(v: ScriptValue, label: string): ScriptValue {
  if (tagOf(v) !== "record") return 0;
  return (v as { readonly fields: Readonly<Record<string, ScriptValue>> }).fields[label] ?? 0;
}

function dropPayload(t: ValType, v: ScriptValue): readonly Step[] {
  if (tagOf(v) !== "case") return [];
  const { label, value } = v as { readonly label: string; readonly value: ScriptValue | null };
  return value === null ? [] : dropValue(payloadOf(t, label), value);
}

function payloadOf(t: ValType, label: string): ValType | null {
  switch (t.tag) {
    case "variant":
      return t.cases.find((one) => one.label === label)?.t ?? null;
    case "option":
      return label === "some" ? t.t : null;
    case "result":
      return label === "ok" ? t.ok : t.error;
    default:
      return null;
  }
}
