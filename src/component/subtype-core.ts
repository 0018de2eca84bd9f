// Whether a core item fits where another is expected. Mirrors spec/14 and the core specification, "Matching".

import { fitsImport, sameTypes, showExternType } from "../wasm/link-types.ts";
import type { ExternType as CoreExternType, CoreFuncType } from "../wasm/module.ts";
import type { CoreExports, CoreModuleType } from "./types.ts";

export function sameCoreFunc(a: CoreFuncType, b: CoreFuncType): boolean {
  return sameTypes(a.params, b.params) && sameTypes(a.results, b.results);
}

/** In which respect two items of one kind differ. */
function difference(actual: CoreExternType, expected: CoreExternType): string {
  if (actual.tag === "table" && expected.tag === "table") {
    const [a, b] = [actual.type.element, expected.type.element];
    return a === b ? "mismatch in table limits" : `expected table element type ${b}, found ${a}`;
  }
  if (actual.tag === "global" && expected.tag === "global") {
    const [a, b] = [actual.type, expected.type];
    if (a.mutable !== b.mutable) return "global types differ in mutability";
    return `expected global type ${b.type}, found ${a.type}`;
  }
  if (actual.tag === "memory") return "mismatch in memory limits";
  return `expected: ${showExternType(expected)}, found: ${showExternType(actual)}`;
}

/** Why an item of type `actual` cannot stand where `expected` is declared; null: it can. */
export function coreMismatch(actual: CoreExternType, expected: CoreExternType): string | null {
  if (fitsImport(actual, expected)) return null;
  if (actual.tag === expected.tag) return difference(actual, expected);
  return `expected ${expected.tag}, found ${actual.tag}`;
}

function importMismatch(
  module: string,
  actual: CoreExports,
  expected: CoreExports | undefined,
): string | null {
  for (const [name, type] of actual) {
    const found = expected?.get(name);
    if (found === undefined) return `missing expected import \`${module}::${name}\``;
    const why = coreMismatch(found, type);
    if (why !== null) return `type mismatch in import \`${module}::${name}\`: ${why}`;
  }
  return null;
}

function exportMismatch(actual: CoreExports, expected: CoreExports): string | null {
  for (const [name, type] of expected) {
    const found = actual.get(name);
    if (found === undefined) return `missing expected export \`${name}\``;
    const why = coreMismatch(found, type);
    if (why !== null) return `type mismatch in export \`${name}\`: ${why}`;
  }
  return null;
}

/** Why a module cannot stand where `expected` is declared: it may import less and export more. */
export function moduleMismatch(actual: CoreModuleType, expected: CoreModuleType): string | null {
  for (const [module, imports] of actual.imports) {
    const why = importMismatch(module, imports, expected.imports.get(module));
    if (why !== null) return why;
  }
  return exportMismatch(actual.exports, expected.exports);
}
