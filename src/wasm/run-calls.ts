// What the loop of the interpreter asks when it calls, and division of 32 bits. Mirrors spec/14.

import { funcAt } from "./code.ts";
import { compileFunc } from "./compile.ts";
import { type Machine, trap } from "./run-machine.ts";
import { putValues, valuesAt } from "./state-values.ts";

/**
 * Calls a function that has no code yet, with arguments from word `first` on. True: it has code now, or it was
 * the host's, and its results are where the arguments were; false: the call leaves the interpreter.
 */
export function enterFunc(m: Machine, address: number, first: number): boolean {
  if (compileFunc(m.code, address) !== null) return true;
  const func = funcAt(m.code, address);
  if (func.tag === "host") {
    putValues(m, first, func.type.results, func.run(valuesAt(m, first, func.type.params)));
    return true;
  }
  m.callee = address;
  m.argument = first;
  return false;
}

/** The address of the function that an indirect call calls. */
export function indirect(m: Machine, table: number, type: number, element: number): number {
  const entries = m.tables[table];
  const at = element >>> 0;
  if (entries === undefined || at >= entries.length) return trap("undefined-element");
  const ref = entries[at] ?? 0;
  if (ref === 0) trap("uninitialized-element");
  if (m.code.types[ref - 1] !== type) trap("indirect-type");
  return ref - 1;
}

export function dividedSigned(a: number, b: number): number {
  if (b === 0) trap("divide-by-zero");
  if (b === -1 && a === -0x8000_0000) trap("integer-overflow");
  return (a / b) | 0;
}

export function divided(a: number, b: number): number {
  if (b === 0) trap("divide-by-zero");
  return ((a >>> 0) / (b >>> 0)) | 0;
}

export function remainderSigned(a: number, b: number): number {
  if (b === 0) trap("divide-by-zero");
  return (a % b) | 0;
}

export function remainder(a: number, b: number): number {
  if (b === 0) trap("divide-by-zero");
  return ((a >>> 0) % (b >>> 0)) | 0;
}
