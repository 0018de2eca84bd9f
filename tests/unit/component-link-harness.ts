// Components written as text: assembled, decoded and linked.

import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { expect } from "vitest";
import type { Component } from "../../src/component/ast.ts";
import { decodeComponent } from "../../src/component/decode.ts";
import { type Linked, linkComponents, type Unit } from "../../src/component/instantiate.ts";
import type { Settings } from "../../src/wasi/choice-points.ts";
import { Invalid } from "../../src/wasm/invalid.ts";

/** A component from its text. */
async function component(text: string): Promise<Component> {
  return decodeComponent(await parse(text));
}

/** A unit; `more` says how later ones import it. */
export async function unit(name: string, text: string, more: Partial<Unit> = {}): Promise<Unit> {
  return { name, component: await component(text), ...more };
}

/** One component, linked under the name `main`. */
export async function linkText(text: string, wasi: Settings = {}): Promise<Linked> {
  return linkComponents([await unit("main", text)], { wasi });
}

/** Why units do not fit together: `KIND: MESSAGE`. */
export function refusal(units: readonly Unit[], wasi: Settings = {}): string {
  return refused(() => linkComponents(units, { wasi }));
}

/** What `work` refuses with. */
export function refused(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof Invalid) return `${error.kind}: ${error.message}`;
    throw error;
  }
  return expect.fail("nothing was refused");
}
