// Numbers as WAVE writes them: decimal integers, JSON's floats, `nan` and `inf`. Mirrors spec/14.

import type { NumberTag } from "../model/values.ts";
import { fault } from "./errors.ts";
import type { Token } from "./lexer.ts";

type IntegerTag = Exclude<NumberTag, "f32" | "f64">;

/** The least value of an integer type, and the first one above it. */
function rangeOf(t: IntegerTag): readonly [bigint, bigint] {
  const bits = BigInt(t.slice(1));
  return t.startsWith("s") ? [-(1n << (bits - 1n)), 1n << (bits - 1n)] : [0n, 1n << bits];
}

/** The integer that a token says; null if it is none, or not one of this type. */
export function readInteger(token: Token, t: IntegerTag): number | bigint | null {
  const { kind, text } = token;
  if (kind !== "number" || !/^-?[0-9]+$/.test(text)) return null;
  if (text === "-0" && t.startsWith("u")) return null;
  const n = BigInt(text);
  const [least, end] = rangeOf(t);
  if (n < least || n >= end) fault(token, `${text} is no ${t}: ${least} to ${end - 1n}`);
  return t.endsWith("64") ? n : Number(n);
}

const words: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  "-inf": Number.NEGATIVE_INFINITY,
};

/** The nearest number of this type to what a token says; null if it says no number. */
export function readFloat({ kind, text }: Token, t: "f32" | "f64"): number | null {
  const named = words[text];
  if (named !== undefined) return named;
  if (kind !== "number") return null;
  return t === "f32" ? Math.fround(Number(text)) : Number(text);
}
