// Judges how a call of a core function ended, and carries its values to words and back. Mirrors spec/14.

import type { ValueType } from "../wasm/module.ts";
import type { Ended } from "../wasm/store.ts";
import { type Bits, coreBits, coreLiteral, fitsCore, unsupportedIn } from "./core-values.ts";
import { type Literal, showLiterals } from "./literals.ts";
import type { Command } from "./script.ts";
import { fitsTrap, wordsOf } from "./trap-words.ts";
import { failed, passed, skipped, type Verdict } from "./verdict.ts";

/** How a call should end. */
export type Expected =
  | { readonly tag: "return"; readonly results: readonly Literal[] }
  /** anything but a trap or an exception */
  | { readonly tag: "any" }
  | { readonly tag: "trap" | "exhaustion"; readonly message: string }
  | { readonly tag: "exception" };

export function expectedOf(command: Command): Expected {
  switch (command.tag) {
    case "assert-return":
      return { tag: "return", results: command.results };
    case "assert-trap":
      return { tag: "trap", message: command.message };
    case "assert-exhaustion":
      return { tag: "exhaustion", message: command.message };
    case "assert-exception":
      return { tag: "exception" };
    default:
      return { tag: "any" };
  }
}

export function showExpected(e: Expected): string {
  if (e.tag === "return") return showLiterals(e.results);
  if (e.tag === "any") return "a return";
  return e.tag === "exception" ? "an exception" : `${e.tag}: ${e.message}`;
}

/** The values that two words each stand for, low first. */
export function valuesOf(types: readonly ValueType[], words: Int32Array): readonly Bits[] {
  return types.map((type, i) => {
    const low = BigInt((words[2 * i] ?? 0) >>> 0);
    const high = BigInt((words[2 * i + 1] ?? 0) >>> 0);
    const wide = type === "i64" || type === "f64";
    return { type, bits: wide ? (high << 32n) | low : low };
  });
}

/** The arguments as words, or why they cannot be passed. */
export function wordsOfArgs(
  params: readonly ValueType[],
  args: readonly Literal[],
): { readonly words: Int32Array } | { readonly why: Verdict } {
  const unsupported = unsupportedIn(args);
  if (unsupported !== null) return { why: skipped(`${unsupported} is not supported`) };
  const misfit = { why: failed(`arguments (${params.join(" ")})`, showLiterals(args)) };
  if (args.length !== params.length) return misfit;
  const words = new Int32Array(2 * params.length);
  for (const [i, arg] of args.entries()) {
    const value = coreBits(arg);
    if (typeof value === "string" || value.type !== params[i]) return misfit;
    words[2 * i] = Number(BigInt.asIntN(32, value.bits));
    words[2 * i + 1] = Number(BigInt.asIntN(32, value.bits >> 32n));
  }
  return { words };
}

function shownTrap(reason: string): string {
  const code = `guest.${reason}`;
  return `trap ${wordsOf(code) ?? code}`;
}

function shownEnding(ended: Ended, values: readonly Bits[]): string {
  switch (ended.tag) {
    case "results":
      return showLiterals(values.map(coreLiteral));
    case "trap":
      return shownTrap(ended.reason);
    case "exception":
      return "an exception";
    case "limit":
      return `no end within the bound: ${ended.bound}`;
  }
}

function fits(e: Expected, ended: Ended, values: readonly Bits[]): boolean {
  switch (e.tag) {
    case "any":
      return ended.tag === "results";
    case "return":
      if (ended.tag !== "results" || values.length !== e.results.length) return false;
      return e.results.every((l, i) => values[i] !== undefined && fitsCore(values[i], l));
    case "trap":
      return ended.tag === "trap" && fitsTrap(`guest.${ended.reason}`, e.message);
    case "exhaustion":
      return ended.tag === "trap" && ended.reason === "stack-exhausted";
    case "exception":
      return ended.tag === "exception";
  }
}

/** Whether a call ended as it should. */
export function judgeEnding(e: Expected, ended: Ended, values: readonly Bits[]): Verdict {
  const unsupported = e.tag === "return" ? unsupportedIn(e.results) : null;
  if (unsupported !== null) return skipped(`${unsupported} is not supported`);
  if (fits(e, ended, values)) return passed;
  const code = ended.tag === "trap" ? `guest.${ended.reason}` : null;
  return failed(showExpected(e), shownEnding(ended, values), code);
}

/** Whether what a command does ended as it says. */
export function judgeReturn(command: Command, ended: Ended, values: readonly Bits[]): Verdict {
  return judgeEnding(expectedOf(command), ended, values);
}
