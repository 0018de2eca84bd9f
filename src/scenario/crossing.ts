// What crosses the border of a script: its parameters on the way in, its result on the way out.

import { maxFlatParams, maxFlatResults } from "../canon/values/flatten.ts";
import type { CoreValue, Value } from "../model/values.ts";
import { eventPayload } from "./builtins.ts";
import type { Code } from "./code.ts";
import { flatten, type Place, raise } from "./marshal.ts";
import { fromValue, type ScriptValue, toNumber } from "./script-values.ts";
import { toValue } from "./typed-values.ts";

/** All locals before the first instruction: the parameters, and zeros. */
export function localsOf(code: Code, params: readonly ScriptValue[]): ScriptValue[] {
  const locals: ScriptValue[] = [];
  for (let i = 0; i < code.locals; i++) locals.push(i < code.arity ? (params[i] ?? 0) : 0);
  return locals;
}

/** The arguments of a function as its script has them. */
export function paramsOf(place: Place, code: Code, args: readonly unknown[]): ScriptValue[] {
  if (code.finish === "host") return (args as Value[]).map(fromValue);
  const flat = args as CoreValue[];
  if (code.event) return eventParams(place, flat.map(Number));
  if (code.params === null) return flat.map((v) => Number(v));
  return raise(place, flat, code.params, maxFlatParams);
}

function eventParams(
  place: Place,
  [code = 0, index = 0, p2 = 0]: readonly number[],
): ScriptValue[] {
  const event: ScriptValue = { tag: "named", kind: "event", n: code };
  return [event, index, eventPayload(place, code, index, p2)];
}

/** What the function gives its caller, as its lift, or the host, takes it. */
export function resultsOf(
  place: Place,
  code: Code,
  value: ScriptValue | null,
): readonly CoreValue[] | readonly Value[] {
  switch (code.finish) {
    case "sync":
      if (code.result === null) return [];
      return flatten(place, [value ?? 0], [code.result], maxFlatResults);
    case "callback":
      return [0];
    case "realloc": {
      const ptr = toNumber(value ?? 0);
      return [place.opts.address === "i64" ? BigInt(ptr) : ptr];
    }
    case "host":
      if (code.result === null || value === null) return [];
      return [toValue(code.result, value, "utf8", true)];
    default:
      return [];
  }
}
