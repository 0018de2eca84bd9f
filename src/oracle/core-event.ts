// A crossing of core code as an event of a trace. Mirrors spec/15.

import type { CoreValue } from "../model/values.ts";
import type { MemoryBytes, TraceEvent } from "./format/trace.ts";
import { coreJson } from "./values.ts";

/** The kinds of events that crossings of core code are. */
export type CoreKind = "enter" | "leave" | "call" | "return";

/** `values`: arguments or results; null if they are not known. `held`: what memories hold then. */
export function coreEvent(
  kind: CoreKind,
  name: string | null,
  values: readonly CoreValue[] | null,
  held: readonly MemoryBytes[],
): TraceEvent {
  const func = name === null ? {} : { func: name };
  const memory = held.length === 0 ? {} : { memory: held };
  const texts = values?.map(coreJson);
  const [args, results] = [texts && { args: texts }, texts && { results: texts }];
  switch (kind) {
    case "enter":
      return { event: kind, ...func, ...args, ...memory };
    case "call":
      return { event: kind, ...func, ...args };
    case "leave":
      return { event: kind, ...func, ...results };
    case "return":
      return { event: kind, ...func, ...results, ...memory };
  }
}
