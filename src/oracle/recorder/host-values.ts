// Values between the host and a component, as JavaScript has them and as WAVE. Mirrors spec/15.

import { fromJs, type Giver } from "../../embedding/from-js.ts";
import { type Receiver, toJs } from "../../embedding/to-js.ts";
import type { ValType } from "../../model/types.ts";
import type { Value } from "../../model/values.ts";
import { printValue } from "../../wave/print.ts";
import { EngineError } from "./engine-error.ts";

function unsupported(): never {
  throw new EngineError(
    "unsupported",
    "resources, streams and futures that cross between the host and the component are not recorded",
  );
}

const giver: Giver = { source: unsupported, end: () => null, rep: unsupported };
const receiver: Receiver = { stream: unsupported, future: unsupported, resource: unsupported };

/** A value of JavaScript in WAVE. Throws `EngineError`, and `TypeError` for one that is not of the type. */
export function wave(t: ValType, js: unknown): string {
  return printValue(fromJs(giver, t, js), t);
}

/** A value as one of JavaScript. Throws `EngineError`. */
export function toHost(t: ValType, value: Value): unknown {
  return toJs(receiver, t, value);
}

function payloadOf(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  return "payload" in error ? error.payload : undefined;
}

/** Whether what was thrown can be the error of a `result`; any other says that something went wrong. */
export function isResultError(t: ValType | null, error: unknown): boolean {
  if (t?.tag !== "result") return false;
  return !(error instanceof Error) || "payload" in error;
}

/** What a function returned, in WAVE; null if it has no result. A `result` comes as its `ok`. */
export function waveOfResult(t: ValType | null, js: unknown): string | null {
  if (t === null) return null;
  return wave(t, t.tag === "result" ? { tag: "ok", val: js } : js);
}

/** What a function threw, in WAVE. */
export function waveOfError(t: ValType, error: unknown): string {
  return wave(t, { tag: "err", val: payloadOf(error) });
}
