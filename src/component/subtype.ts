// Whether one thing can be supplied for another, and why not. Mirrors spec/14 and Explainer.md, "Type Checking".

import type { ResourceTypeId } from "../model/ids.ts";
import { moduleMismatch } from "./subtype-core.ts";
import { definedMismatch, funcMismatch, type Matching, resolve } from "./subtype-values.ts";
import type {
  Bound,
  ComponentType,
  CoreModuleType,
  DefinedType,
  ExternType,
  ExternTypes,
  InstanceType,
  Resources,
} from "./types.ts";
import { resourceAt, spend } from "./types.ts";

type Mismatch = string | null;

/** Lets each bound resource type stand for what is supplied under its path. */
function bind(m: Matching, bounds: readonly Bound[], supplied: ExternTypes): void {
  for (const { resource, path } of bounds) {
    const found = resourceAt(supplied, path);
    if (found !== null) m.bound.set(resource, resolve(m, found));
  }
}

/** Compares while some resource types stand for others, and not afterwards. */
function whileBound(
  m: Matching,
  bounds: readonly Bound[],
  supplied: ExternTypes,
  compare: () => Mismatch,
): Mismatch {
  bind(m, bounds, supplied);
  const why = compare();
  for (const { resource } of bounds) m.bound.delete(resource);
  return why;
}

const sorts = {
  "core-module": "module",
  func: "func",
  type: "type",
  component: "component",
  instance: "instance",
  value: "defined type",
  resource: "resource",
} as const satisfies Record<ExternType["tag"] | DefinedType["tag"], string>;

function exportsMismatch(m: Matching, actual: ExternTypes, expected: ExternTypes): Mismatch {
  for (const [name, extern] of expected) {
    const found = actual.get(name);
    if (found === undefined) return `missing expected export \`${name}\``;
    const why = externMismatch(m, found, extern);
    if (why !== null) return `type mismatch in instance export \`${name}\`: ${why}`;
  }
  return null;
}

function instanceMismatch(m: Matching, actual: InstanceType, expected: InstanceType): Mismatch {
  if (actual === expected) return null;
  return whileBound(m, expected.fresh, actual.exports, () =>
    exportsMismatch(m, actual.exports, expected.exports),
  );
}

/** A component can be supplied for one that is given more and asked for less. */
function importsMismatch(m: Matching, actual: ExternTypes, expected: ExternTypes): Mismatch {
  for (const [name, extern] of actual) {
    const found = expected.get(name);
    if (found === undefined) return `missing expected import \`${name}\``;
    const why = externMismatch(m, found, extern);
    if (why !== null) return `type mismatch in component import \`${name}\`: ${why}`;
  }
  return null;
}

function componentMismatch(m: Matching, actual: ComponentType, expected: ComponentType): Mismatch {
  if (actual === expected) return null;
  return whileBound(m, actual.imported, expected.imports, () => {
    const why = importsMismatch(m, actual.imports, expected.imports);
    return why ?? instanceMismatch(m, actual, expected);
  });
}

function typeMismatch(m: Matching, actual: DefinedType, expected: DefinedType): Mismatch {
  if (actual.tag === "value" && expected.tag === "value") {
    return definedMismatch(m, actual.type, expected.type);
  }
  if (actual.tag === "func" && expected.tag === "func") {
    return funcMismatch(m, actual.type, expected.type);
  }
  if (actual.tag === "resource" && expected.tag === "resource") {
    const same = resolve(m, actual.type) === resolve(m, expected.type);
    return same ? null : "resource types are not the same";
  }
  if (actual.tag === "instance" && expected.tag === "instance") {
    const why = instanceMismatch(m, actual.type, expected.type);
    return why ?? instanceMismatch(m, expected.type, actual.type);
  }
  if (actual.tag === "component" && expected.tag === "component") {
    const why = componentMismatch(m, actual.type, expected.type);
    return why ?? componentMismatch(m, expected.type, actual.type);
  }
  return `expected ${sorts[expected.tag]}, found ${sorts[actual.tag]}`;
}

/** How many imports and exports a module has. */
function sizeOfModule({ imports, exports }: CoreModuleType): number {
  return [...imports.values()].reduce((sum, fields) => sum + fields.size, exports.size);
}

function externMismatch(m: Matching, actual: ExternType, expected: ExternType): Mismatch {
  spend(m.resources, 1);
  if (actual.tag === "core-module" && expected.tag === "core-module") {
    spend(m.resources, sizeOfModule(actual.type) + sizeOfModule(expected.type));
    return moduleMismatch(actual.type, expected.type);
  }
  if (actual.tag === "func" && expected.tag === "func") {
    return funcMismatch(m, actual.type, expected.type);
  }
  if (actual.tag === "type" && expected.tag === "type") {
    return typeMismatch(m, actual.type, expected.type);
  }
  if (actual.tag === "component" && expected.tag === "component") {
    return componentMismatch(m, actual.type, expected.type);
  }
  if (actual.tag === "instance" && expected.tag === "instance") {
    return instanceMismatch(m, actual.type, expected.type);
  }
  return `expected ${sorts[expected.tag]}, found ${sorts[actual.tag]}`;
}

/** Why something of type `actual` cannot stand where `expected` is declared; null: it can. */
export function mismatch(
  resources: Resources,
  actual: ExternType,
  expected: ExternType,
): string | null {
  return externMismatch({ resources, bound: new Map() }, actual, expected);
}

/**
 * Why some definitions do not satisfy the imports of a component; null: they do. `bound` says afterwards
 * for which resource type each imported one stands.
 */
export function argumentMismatch(
  resources: Resources,
  args: ExternTypes,
  { imports, imported }: ComponentType,
  bound: Map<ResourceTypeId, ResourceTypeId>,
): string | null {
  const m: Matching = { resources, bound };
  bind(m, imported, args);
  for (const [name, extern] of imports) {
    const arg = args.get(name);
    if (arg === undefined) return `missing import named \`${name}\``;
    const why = externMismatch(m, arg, extern);
    if (why !== null) return `type mismatch for import \`${name}\`: ${why}`;
  }
  return null;
}
