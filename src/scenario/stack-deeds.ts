// The verbs of the host's stacks as frames of their interpreter. Mirrors spec/13.

import { stackFrame } from "../history/stacks/guest.ts";
import type { Frame } from "../model/frames.ts";
import type { Instr } from "./code.ts";
import { mismatch, type ScriptValue, toUnsigned } from "./script-values.ts";
import { toValue } from "./typed-values.ts";

/** The frame of a verb: the number it is about first, if it takes one, then the arguments of its call. */
export function stackDeed(
  { verb, func, ft }: Instr & { readonly op: "stack" },
  operands: readonly ScriptValue[],
): Frame {
  if (verb === "new") return stackFrame({ at: "new" });
  const number = toUnsigned(operands[0] ?? 0);
  if (verb === "poll" || verb === "drop") return stackFrame({ at: verb, f: number });
  if (func === null) return mismatch();
  const given = verb === "call" ? operands.slice(1) : operands;
  const args = (ft?.params ?? []).map((p, i) => toValue(p.t, given[i] ?? 0, "utf8", true));
  if (verb === "call") return stackFrame({ at: verb, stack: number, func, args });
  return stackFrame({ at: verb, func, args });
}
