// Which settings a scenario has anything to do with: there has to be something that they set.

import { isyswasfaOptions } from "../history/isyswasfa/options.ts";
import { isDesignOption } from "../history/options.ts";
import { proposal2022Options } from "../history/proposal-2022/options.ts";
import type { Scenario } from "./ast.ts";
import { everyComponent, isStackless } from "./components.ts";
import { nodesIn } from "./nodes.ts";
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

function designLack({ components, design, host }: Scenario, name: string): Lack | null {
  if (Object.hasOwn(isyswasfaOptions, name)) {
    return everyComponent(components).some(isStackless) ? null : stacklessBody;
  }
  if (Object.hasOwn(proposal2022Options, name)) {
    return design?.name === "proposal-2022" ? null : design2022;
  }
  return nodesIn(host, "stack").length > 0 ? null : stack;
}

/** What a scenario lacks for a setting to mean something; null if it does. */
export function lackFor(scenario: Scenario, { name }: Setting): Lack | null {
  if (isDesignOption(name)) return designLack(scenario, name);
  return usesWasi(scenario) ? null : wasiHost;
}
