// Core modules for tests: from text, or from sections written byte by byte; and what refuses them.

import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { expect, test } from "vitest";
import { decodeModule } from "../../src/wasm/decode.ts";
import { Invalid } from "../../src/wasm/invalid.ts";
import type { Module } from "../../src/wasm/module.ts";
import { validateModule } from "../../src/wasm/validate.ts";

export async function assemble(text: string): Promise<Uint8Array> {
  return new Uint8Array(await parse(text));
}

/** A decoded and validated module. */
export async function moduleOf(text: string): Promise<Module> {
  const module = decodeModule(await assemble(text));
  validateModule(module);
  return module;
}

/** A module of these sections: a number and the bytes of its contents. */
export function binary(...sections: readonly (readonly [number, ...number[]])[]): Uint8Array {
  const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  const framed = sections.flatMap(([id, ...bytes]) => [id, bytes.length, ...bytes]);
  return Uint8Array.from([...header, ...framed]);
}

/** One type of no parameters and results, and one function of it, as sections. */
export const oneFunc: readonly (readonly [number, ...number[]])[] = [
  [1, 1, 0x60, 0, 0],
  [3, 1, 0],
];

/** A module of one function, whose body, with its last `end`, is given. */
export function funcOf(...body: number[]): Uint8Array {
  return binary(...oneFunc, [10, 1, body.length + 1, 0, ...body]);
}

/** How `run` refuses what it is given: its kind, offset and message; null if it does not. */
export function refusalOf(run: () => unknown): string | null {
  try {
    run();
    return null;
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    return `${error.kind} at ${error.offset}: ${error.message}`;
  }
}

export function refusedDecoding(bytes: Uint8Array): string | null {
  return refusalOf(() => decodeModule(bytes));
}

/** Null if the module is valid. */
async function refusedText(text: string): Promise<string | null> {
  const module = decodeModule(await assemble(text));
  const refusal = refusalOf(() => validateModule(module));
  // where an instruction stands is for other tests to say
  return refusal?.replace(/ at (\d+|null)/, "") ?? null;
}

/** A rule, a module in text, and how it is refused; null: it is valid. */
type Case = readonly [rule: string, text: string, refusal: string | null];

/** A test for each rule. */
export function checkRules(cases: readonly Case[]): void {
  test.each(cases)("%s: %s", async (_, text, refusal) => {
    expect(await refusedText(text)).toBe(refusal === null ? null : `invalid: ${refusal}`);
  });
}

/** A module of one function, whose type and body are given. */
export function funcText(body: string): string {
  return `(module (func ${body}))`;
}

/** What is said where operands do not fit: types between blanks. */
export function mismatch(required: string, stack: string): string {
  return `type mismatch: instruction requires [${required}] but stack has [${stack}]`;
}
