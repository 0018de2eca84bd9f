// Which settings a scenario has anything to do with: there has to be something that they set.

import { isyswasfaOptions } from "../history/isyswasfa/options.ts";
import { isDesignOption } from "../history/options.ts";
import { proposal2022Options } from "../history/proposal-2022/options.ts";
import type { Component, Scenario } from "./ast.ts";
import { isStackless } from "./resolve.ts";
import type { Setting } from "./settings.ts";
import { usesWasi } from "./wasi-names.ts";

/** What a setting would set, and how a scenario comes to have it. */
interface Lack {
  readonly what: string;
  readonly hint: string;
}

const wasiHost: Lack = { what: "WASI host", hint: "import an interface, or add wasi {}" };
const stacklessBody: Lack = { what: "stackless body", hint: "lift an export `stackless`" };
const design2022: Lack = { what: "line `design proposal-2022`", hint: "add one" };
const stack: Lack = { what: "stack", hint: "make one in a process: `stack.new`" };

function hasStackless(component: Component): boolean {
  return isStackless(component) || component.children.some(hasStackless);
}

/** Whether any part of a syntax tree has this tag. */
function mentions(part: unknown, tag: string): boolean {
  if (typeof part !== "object" || part === null) return false;
  if ("tag" in part && part.tag === tag) return true;
  return Object.values(part).some((inner) => mentions(inner, tag));
}

function designLack({ components, design, host }: Scenario, name: string): Lack | null {
  if (Object.hasOwn(isyswasfaOptions, name)) {
    return components.some(hasStackless) ? null : stacklessBody;
  }
  if (Object.hasOwn(proposal2022Options, name)) {
    return design?.name === "proposal-2022" ? null : design2022;
  }
  return mentions(host, "stack") ? null : stack;
}

/** What a scenario lacks for a setting to mean something; null if it does. */
export function lackFor(scenario: Scenario, { name }: Setting): Lack | null {
  if (isDesignOption(name)) return designLack(scenario, name);
  return usesWasi(scenario) ? null : wasiHost;
}
