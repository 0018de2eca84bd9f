// The result of a function, or the value of a future: what `result` says is what a promise says.

import type { ValType } from "../model/types.ts";
import type { CaseValue, Value } from "../model/values.ts";
import { ComponentError } from "./errors.ts";
import { fromJs, type Giver } from "./from-js.ts";
import { type Receiver, toJs } from "./to-js.ts";

/** What stands for the value of a type without payload. */
const unit: Value = [];

/** What a promise is to be fulfilled with. Throws `ComponentError` for `error`: it is to be rejected. */
export function settledToJs(r: Receiver, t: ValType | null, v: Value | undefined): unknown {
  if (t?.tag !== "result") return toJs(r, t, v ?? null);
  const { label, value } = v as CaseValue;
  if (label === "ok") return toJs(r, t.ok, value);
  throw new ComponentError(toJs(r, t.error, value));
}

/** The value for what a promise was fulfilled with. Throws `TypeError`. */
export function fulfilledFromJs(g: Giver, t: ValType | null, js: unknown): Value {
  if (t === null) return unit;
  if (t.tag !== "result") return fromJs(g, t, js);
  return { tag: "case", label: "ok", value: t.ok === null ? null : fromJs(g, t.ok, js) };
}

/**
 * The value for what was thrown: an `error`, if the type is a `result` and this is a `ComponentError`,
 * or no `Error` at all; null: the type cannot say it. Throws `TypeError`.
 */
export function rejectedFromJs(g: Giver, t: ValType | null, thrown: unknown): Value | null {
  const meant = thrown instanceof ComponentError || !(thrown instanceof Error);
  if (t?.tag !== "result" || !meant) return null;
  const payload = thrown instanceof ComponentError ? thrown.payload : thrown;
  return {
    tag: "case",
    label: "error",
    value: t.error === null ? null : fromJs(g, t.error, payload),
  };
}
