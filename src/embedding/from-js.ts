// Values of JavaScript as values of the machine; what does not fit its type is a TypeError. See to-js.ts.

import { stringValue } from "../canon/values/strings.ts";
import type { WaitableId } from "../model/ids.ts";
import type { Case, ValType } from "../model/types.ts";
import type { CaseValue, Value } from "../model/values.ts";
import type { Given } from "./arrivals.ts";
import { Misfit, shown, within } from "./misfit.ts";
import { bulkOfView, isNumberTag, numberIn } from "./numbers.ts";
import { camelCase, type HandleType } from "./to-js.ts";

/** What becomes of the values that are not only data. */
export interface Giver {
  /** Takes over a stream or future of JavaScript and gives its number. */
  source(what: Given["what"], t: ValType | null, js: unknown): number;
  /** The end of a guest's stream that is handed on; null for anything else. */
  end(js: unknown): WaitableId | null;
  /** The representation behind a handle, which is used up if the type is an `own`; null: it is none. */
  rep(js: unknown, t: HandleType): number | null;
}

function mismatch(t: ValType, js: unknown): never {
  throw new Misfit(`${shown(js)} is no ${t.tag}`);
}

function noHandle(js: unknown): never {
  throw new Misfit(`${shown(js)} is no handle of this type and embedding that is still ours`);
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(t: ValType, js: unknown): Fields {
  return typeof js === "object" && js !== null ? (js as Fields) : mismatch(t, js);
}

function isIterable(js: unknown): js is Iterable<unknown> {
  return typeof js === "object" && js !== null && Symbol.iterator in js;
}

/** A text without lone surrogates. */
function text(t: ValType, js: unknown): string {
  return typeof js === "string" ? js.replace(/\p{Surrogate}/gu, "\ufffd") : mismatch(t, js);
}

export function fromJs(g: Giver, t: ValType, js: unknown): Value {
  if (isNumberTag(t.tag)) return numberIn(t, js) ?? mismatch(t, js);
  switch (t.tag) {
    case "bool":
      return typeof js === "boolean" ? js : mismatch(t, js);
    case "char":
      return [...text(t, js)].length === 1 ? text(t, js) : mismatch(t, js);
    case "string":
      return stringValue(text(t, js), "utf8");
    case "error-context":
      return js instanceof Error
        ? { tag: "error-context", message: stringValue(js.message, "utf8") }
        : mismatch(t, js);
    case "list":
    case "tuple":
    case "map":
      return sequence(g, t, js);
    case "record":
    case "flags":
      return named(g, t, js);
    case "own":
    case "borrow":
      return { tag: "rep", rep: g.rep(js, t) ?? noHandle(js) };
    case "stream":
    case "future":
      return { tag: "end", waitable: g.end(js) ?? source(g, t, js) };
    default:
      return caseOf(g, t, js);
  }
}

function source(g: Giver, t: ValType & { tag: "stream" | "future" }, js: unknown): WaitableId {
  return (-1 - g.source(t.tag, t.t, js)) as WaitableId;
}

function sequence(g: Giver, t: ValType & { tag: "list" | "tuple" | "map" }, js: unknown): Value {
  if (!isIterable(js)) return mismatch(t, js);
  if (t.tag === "list") return listFrom(g, t, js);
  const items = [...js];
  if (t.tag === "tuple") {
    if (items.length !== t.ts.length) return mismatch(t, js);
    return t.ts.map((u, i) => itemFrom(g, u, items[i], i));
  }
  const pair: ValType = { tag: "tuple", ts: [t.k, t.v] };
  return items.map((item, i) => itemFrom(g, pair, item, i));
}

function listFrom(g: Giver, t: ValType & { tag: "list" }, js: Iterable<unknown>): Value {
  const bulk = isNumberTag(t.t.tag) && t.length === null ? bulkOfView(t.t.tag, js) : null;
  if (bulk !== null) return bulk;
  const items = [...js];
  if (t.length !== null && items.length !== t.length) return mismatch(t, js);
  return items.map((item, i) => itemFrom(g, t.t, item, i));
}

function itemFrom(g: Giver, t: ValType, item: unknown, i: number): Value {
  return within(`item ${i}`, () => fromJs(g, t, item));
}

function named(g: Giver, t: ValType & { tag: "record" | "flags" }, js: unknown): Value {
  const given = fieldsOf(t, js);
  if (t.tag === "flags") {
    return { tag: "flags", labels: t.labels.filter((label) => given[camelCase(label)] === true) };
  }
  const fields = t.fields.map(({ label, t: u }): [string, Value] => {
    const name = camelCase(label);
    return [label, within(name, () => fromJs(g, u, given[name]))];
  });
  return { tag: "record", fields: Object.fromEntries(fields) };
}

function caseOf(g: Giver, t: ValType, js: unknown): Value {
  switch (t.tag) {
    case "enum":
      return t.labels.includes(js as string)
        ? { tag: "case", label: js as string, value: null }
        : mismatch(t, js);
    case "option":
      return optionFrom(g, t.t, js);
    case "result": {
      const cases = [
        { label: "ok", t: t.ok },
        { label: "err", t: t.error },
      ];
      return renamed(tagged(g, t, cases, js));
    }
    case "variant":
      return tagged(g, t, t.cases, js);
    default:
      return mismatch(t, js);
  }
}

/** JavaScript says `err` where WIT says `error`. */
function renamed(v: CaseValue): CaseValue {
  return v.label === "err" ? { ...v, label: "error" } : v;
}

function optionFrom(g: Giver, t: ValType, js: unknown): Value {
  if (t.tag === "option") {
    return tagged(
      g,
      t,
      [
        { label: "none", t: null },
        { label: "some", t },
      ],
      js,
    );
  }
  if (js === undefined || js === null) return { tag: "case", label: "none", value: null };
  return { tag: "case", label: "some", value: fromJs(g, t, js) };
}

function tagged(g: Giver, t: ValType, cases: readonly Case[], js: unknown): CaseValue {
  const { tag, val } = fieldsOf(t, js);
  const found = cases.find(({ label }) => label === tag);
  if (found === undefined) return mismatch(t, js);
  const { t: payload } = found;
  const value = payload === null ? null : within(found.label, () => fromJs(g, payload, val));
  return { tag: "case", label: found.label, value };
}
