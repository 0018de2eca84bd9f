// Components for tests: from text, or from sections written byte by byte; and how they are refused.

import { expect, test } from "vitest";
import { checkComponent } from "../../src/component/check.ts";
import { decodeComponent } from "../../src/component/decode.ts";
import type { ComponentType } from "../../src/component/types.ts";
import type { AmendmentName } from "../../src/model/amendments.ts";
import { assemble, refusalOf } from "./wasm-harness.ts";

/** The type of a component in text, which is valid. */
export async function typeOf(text: string): Promise<ComponentType> {
  return checkComponent(decodeComponent(await assemble(text)));
}

/** How a component in text is refused, without the offset: `invalid: ..`; null if it is not. */
async function refusedText(
  text: string,
  amendments: readonly AmendmentName[],
): Promise<string | null> {
  const decoded = decodeComponent(await assemble(text));
  const refusal = refusalOf(() => checkComponent(decoded, new Set(amendments)));
  return refusal?.replace(/ at (\d+|null)/, "") ?? null;
}

/** A rule, the definitions of a component in text, and how it is refused; null: it is valid. */
export type Case = readonly [rule: string, definitions: string, refusal: string | null];

/** A test for each rule. */
export function checkRules(
  cases: readonly Case[],
  amendments: readonly AmendmentName[] = [],
): void {
  test.each(cases)("%s: %s", async (_, definitions, refusal) => {
    const refused = await refusedText(`(component ${definitions})`, amendments);
    expect(refused).toBe(refusal === null ? null : `invalid: ${refusal}`);
  });
}

type Bytes = readonly number[];

/** The bytes of a name: its length and its characters. */
export function nameBytes(text: string): Bytes {
  return [text.length, ...[...text].map((character) => character.charCodeAt(0))];
}

/** A number as LEB128. */
export function leb(n: number): Bytes {
  return n < 0x80 ? [n] : [(n % 0x80) | 0x80, ...leb(Math.floor(n / 0x80))];
}

/** A component of these sections: a number and the bytes of its contents. */
export function component(
  ...sections: readonly (readonly [id: number, contents: Bytes])[]
): Uint8Array {
  const header = [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00];
  const framed = sections.flatMap(([id, contents]) => [id, ...leb(contents.length), ...contents]);
  return Uint8Array.from([...header, ...framed]);
}

/** How bytes are refused, by decoding or by the check; null if they are not. */
export function refusedBytes(bytes: Uint8Array): string | null {
  return refusalOf(() => checkComponent(decodeComponent(bytes)));
}
