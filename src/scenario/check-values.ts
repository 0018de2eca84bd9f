// Whether the types of a scenario's functions are valid as a component's: sizes, labels, shapes.

import { checkFuncType } from "../canon/values/check.ts";
import type { Scenario } from "./ast.ts";
import { fault } from "./errors.ts";
import { funcSources, resolveNames, sourceName } from "./resolve.ts";

/** In a message, which is a part of a sentence. */
function asClause(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1).replace(/\.$/, "");
}

/**
 * Stops at the first function whose type no component could have. All names must be known; `variant`
 * is that of the WASI host.
 */
export function checkFuncTypes(scenario: Scenario, variant: string): void {
  const names = resolveNames(scenario, variant);
  for (const source of funcSources(names)) {
    if (!("decl" in source)) continue;
    const func = names.funcs.get(sourceName(source));
    const why = func === undefined ? null : checkFuncType(func.ft);
    if (why === null) continue;
    const hint = `the type of \`${source.decl.name}\` is not valid in a component`;
    fault(source.decl.pos, asClause(why), hint);
  }
}
