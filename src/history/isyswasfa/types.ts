// Types of the split ABI: a stream of bytes is one of the host's, a future is the receiver of a pair. Mirrors spec/11.

import { despecialize, sameType } from "../../canon/values/types.ts";
import type { ValType } from "../../model/types.ts";

type Slot = ValType | null;

/** What streams and futures become. */
export interface Substitutes {
  stream(t: Slot): ValType;
  future(t: Slot): ValType;
}

/** `t` with what stands for its streams and futures. */
export function mapType(t: ValType, to: Substitutes): ValType {
  const inner = (part: ValType): ValType => mapType(part, to);
  const slot = (part: Slot): Slot => (part === null ? null : inner(part));
  switch (t.tag) {
    case "stream":
      return to.stream(t.t);
    case "future":
      return to.future(t.t);
    case "list":
    case "option":
      return { ...t, t: inner(t.t) };
    case "tuple":
      return { ...t, ts: t.ts.map(inner) };
    case "record":
      return { ...t, fields: t.fields.map((f) => ({ ...f, t: inner(f.t) })) };
    case "variant":
      return { ...t, cases: t.cases.map((k) => ({ ...k, t: slot(k.t) })) };
    case "result":
      return { ...t, ok: slot(t.ok), error: slot(t.error) };
    case "map":
      return { ...t, k: inner(t.k), v: inner(t.v) };
    default:
      return t;
  }
}

/** The payloads of all futures in these types, each once, those inside others first. */
export function payloadsIn(
  types: readonly ValType[],
  stream: Substitutes["stream"],
): readonly Slot[] {
  const found: Slot[] = [];
  const future = (t: Slot): ValType => {
    if (t !== null) mapType(t, { stream, future });
    if (!found.some((one) => sameType(one, t))) found.push(t);
    return { tag: "future", t };
  };
  for (const t of types) mapType(t, { stream, future });
  return found;
}

/** How the resources of a future call its payload; `i` tells apart those that have no name. */
export function payloadName(t: Slot, i: number): string {
  if (t === null) return "unit";
  switch (t.tag) {
    case "list":
    case "option":
      return `${t.tag}-${payloadName(t.t, i)}`;
    case "tuple":
      return ["tuple", ...t.ts.map((part) => payloadName(part, i))].join("-");
    case "result":
      return `result-${payloadName(t.ok, i)}-${payloadName(t.error, i)}`;
    case "own":
    case "borrow":
      return `${t.tag}-${t.rt}`;
    default:
      return despecialize(t).tag === t.tag &&
        !("labels" in t) &&
        !("fields" in t) &&
        !("cases" in t)
        ? t.tag
        : `${t.tag}-${i}`;
  }
}
