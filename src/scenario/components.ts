// The components of a scenario, nested ones too.

import type { Component } from "./ast.ts";

/** These components and all inside them, the outer ones first. */
export function everyComponent(components: readonly Component[]): readonly Component[] {
  return components.flatMap((c) => [c, ...everyComponent(c.children)]);
}

/** Whether a component has stackless bodies, so that it has a poll function if they are split. */
export function isStackless({ exports }: Component): boolean {
  return exports.some(({ mode }) => mode === "stackless");
}
