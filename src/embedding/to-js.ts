// Values of the machine as values of JavaScript. docs/embedding.md has the table.

import { toList } from "../canon/values/bulk.ts";
import type { WaitableId } from "../model/ids.ts";
import type { Case, ValType } from "../model/types.ts";
import type {
  BulkValue,
  CaseValue,
  EndValue,
  ErrorContextValue,
  FlagsValue,
  RecordValue,
  RepValue,
  StringValue,
  Value,
} from "../model/values.ts";
import { isNumberTag, typedArrayOf } from "./numbers.ts";

export type HandleType = Extract<ValType, { tag: "own" | "borrow" }>;

/** What becomes of the values that are not only data. */
export interface Receiver {
  stream(end: WaitableId, t: ValType | null): unknown;
  future(end: WaitableId, t: ValType | null): unknown;
  resource(rep: number, t: HandleType): unknown;
}

/** `last-modified` is `lastModified`: the fields of records, and flags. */
export function camelCase(label: string): string {
  return label.replace(/-([a-z0-9])/gi, (_, c: string) => c.toUpperCase());
}

/** A value of type `t`; the absent payload of a case, or of a stream, is undefined. */
export function toJs(r: Receiver, t: ValType | null, v: Value | null): unknown {
  if (t === null || v === null) return undefined;
  switch (t.tag) {
    case "string":
      return typeof v === "string" ? v : (v as StringValue).s;
    case "list":
      return listToJs(r, t.t, v as readonly Value[] | BulkValue);
    case "tuple":
      return (v as readonly Value[]).map((item, i) => toJs(r, t.ts[i] ?? null, item));
    case "record":
      return recordToJs(r, t, v as RecordValue | readonly Value[]);
    case "map":
      return mapToJs(r, t, v as readonly Value[]);
    case "flags":
      return flagsToJs(t.labels, v as FlagsValue);
    default:
      return caseToJs(r, t, v);
  }
}

function listToJs(r: Receiver, t: ValType, v: readonly Value[] | BulkValue): unknown {
  if (isNumberTag(t.tag)) return typedArrayOf(t.tag, toList(v) as Iterable<number>);
  return toList(v).map((item) => toJs(r, t, item));
}

/** Several elements of a stream, as a list of them. */
export function itemsToJs(r: Receiver, t: ValType | null, items: readonly Value[]): unknown {
  return t === null ? items.map(() => undefined) : listToJs(r, t, items);
}

function recordToJs(
  r: Receiver,
  { fields }: ValType & { tag: "record" },
  v: RecordValue | readonly Value[],
): unknown {
  const at = (label: string, i: number): Value | null =>
    ("fields" in v ? v.fields[label] : v[i]) ?? null;
  return Object.fromEntries(
    fields.map(({ label, t }, i) => [camelCase(label), toJs(r, t, at(label, i))]),
  );
}

function mapToJs(r: Receiver, t: ValType & { tag: "map" }, pairs: readonly Value[]): unknown {
  return new Map(
    pairs.map((pair): [unknown, unknown] => {
      const [k = null, v = null] = "fields" in (pair as object) ? [] : (pair as readonly Value[]);
      return [toJs(r, t.k, k), toJs(r, t.v, v)];
    }),
  );
}

function flagsToJs(labels: readonly string[], v: FlagsValue): unknown {
  return Object.fromEntries(labels.map((label) => [camelCase(label), v.labels.includes(label)]));
}

function caseToJs(r: Receiver, t: ValType, v: Value): unknown {
  switch (t.tag) {
    case "enum":
      return (v as CaseValue).label;
    case "option":
      return optionToJs(r, t.t, v as CaseValue);
    case "result":
      return resultToJs(r, t, v as CaseValue);
    case "variant":
      return tagged(r, t.cases, v as CaseValue);
    default:
      return handleToJs(r, t, v);
  }
}

/** `some` of a type that has no undefined is the value itself. */
function optionToJs(r: Receiver, t: ValType, { label, value }: CaseValue): unknown {
  if (t.tag !== "option") return label === "none" ? undefined : toJs(r, t, value);
  return label === "none" ? { tag: label } : { tag: label, val: toJs(r, t, value) };
}

function resultToJs(r: Receiver, t: ValType & { tag: "result" }, v: CaseValue): unknown {
  if (v.label === "ok") return { tag: "ok", val: toJs(r, t.ok, v.value) };
  return { tag: "err", val: toJs(r, t.error, v.value) };
}

function tagged(r: Receiver, cases: readonly Case[], { label, value }: CaseValue): unknown {
  const t = cases.find((k) => k.label === label)?.t ?? null;
  return t === null ? { tag: label } : { tag: label, val: toJs(r, t, value) };
}

function handleToJs(r: Receiver, t: ValType, v: Value): unknown {
  switch (t.tag) {
    case "own":
    case "borrow":
      return r.resource((v as RepValue).rep, t);
    case "stream":
      return r.stream((v as EndValue).waitable, t.t);
    case "future":
      return r.future((v as EndValue).waitable, t.t);
    case "error-context":
      return new Error((v as ErrorContextValue).message.s);
    default:
      return v;
  }
}
