// What definitions of a component are once their indices are resolved. Mirrors spec/14 and Explainer.md, "Type Checking".

import { labelsOf, memoized, parts } from "../canon/values/types.ts";
import type { ResourceTypeId } from "../model/ids.ts";
import type { FuncType, ValType } from "../model/types.ts";
import { Invalid } from "../wasm/invalid.ts";
import type { ExternType as CoreExternType, CoreFuncType } from "../wasm/module.ts";

/** What a core instance exports, by name. */
export type CoreExports = ReadonlyMap<string, CoreExternType>;

/** `core:moduletype`; imports by module and name. */
export interface CoreModuleType {
  readonly imports: ReadonlyMap<string, CoreExports>;
  readonly exports: CoreExports;
}

export type CoreDefinedType =
  | { readonly tag: "func"; readonly type: CoreFuncType }
  | { readonly tag: "module"; readonly type: CoreModuleType };

/**
 * A resource type that stands for another one when the type around it is used, and the names under which
 * an import or export introduces it.
 */
export interface Bound {
  readonly resource: ResourceTypeId;
  readonly path: readonly string[];
}

export type ExternTypes = ReadonlyMap<string, ExternType>;

/** An instance type: there are resource types `fresh` such that these things are exported. */
export interface InstanceType {
  readonly exports: ExternTypes;
  readonly fresh: readonly Bound[];
}

/** A component type: for all `imported` resource types there are `fresh` ones. */
export interface ComponentType {
  readonly imports: ExternTypes;
  readonly exports: ExternTypes;
  readonly imported: readonly Bound[];
  readonly fresh: readonly Bound[];
}

/** An entry of the type index space. */
export type DefinedType =
  | { readonly tag: "value"; readonly type: ValType }
  | { readonly tag: "func"; readonly type: FuncType }
  | { readonly tag: "component"; readonly type: ComponentType }
  | { readonly tag: "instance"; readonly type: InstanceType }
  | { readonly tag: "resource"; readonly type: ResourceTypeId };

/** The type of an import or export; an instance in it introduces no resource types of its own. */
export type ExternType =
  | { readonly tag: "core-module"; readonly type: CoreModuleType }
  | { readonly tag: "func"; readonly type: FuncType }
  | { readonly tag: "type"; readonly type: DefinedType }
  | { readonly tag: "component"; readonly type: ComponentType }
  | { readonly tag: "instance"; readonly type: InstanceType };

/**
 * The resource types that types of one system speak of. A resource type has as many ids as it has names:
 * `identities` says for each id which one it is a name of. Value types have names too, and are told
 * apart by reference where a name matters.
 */
export interface Resources {
  readonly identities: ResourceTypeId[];
  /** how many types may still be looked at: hostile types are exponential */
  work: number;
}

const mostWork = 2_000_000;

export function newResources(): Resources {
  return { identities: [], work: mostWork };
}

/** Counts `amount` types that are looked at; throws `Invalid` "unsupported" when they are too many. */
export function spend(resources: Resources, amount: number): void {
  resources.work -= amount;
  if (resources.work < 0) throw new Invalid("unsupported", null, "types are too large");
}

/** How much there is to look at in `t` itself. */
export const widthOf: (t: ValType) => number = memoized(
  (t: ValType): number => 1 + parts(t).length + labelsOf(t).length,
);

/** A resource type that is unequal to all others. */
export function freshResource({ identities }: Resources): ResourceTypeId {
  const id = identities.length as ResourceTypeId;
  identities.push(id);
  return id;
}

/** The resource type that `id` is a name of. */
export function identityOf({ identities }: Resources, id: ResourceTypeId): ResourceTypeId {
  return identities[id] ?? id;
}

/** One more name of the resource type `id`. */
export function renamed(resources: Resources, id: ResourceTypeId): ResourceTypeId {
  const name = resources.identities.length as ResourceTypeId;
  resources.identities.push(identityOf(resources, id));
  return name;
}

/** The resource type that some externs introduce under `path`, if there is one. */
export function resourceAt(externs: ExternTypes, path: readonly string[]): ResourceTypeId | null {
  const [name = "", ...rest] = path;
  const found = externs.get(name);
  if (rest.length > 0) {
    return found?.tag === "instance" ? resourceAt(found.type.exports, rest) : null;
  }
  return found?.tag === "type" && found.type.tag === "resource" ? found.type.type : null;
}

/** Those of `resources` that some externs name, with the first path to each. */
export function boundIn(
  resources: Resources,
  externs: ExternTypes,
  among: ReadonlySet<ResourceTypeId>,
): readonly Bound[] {
  const found = new Map<ResourceTypeId, readonly string[]>();
  collect(resources, externs, [], (id, path) => {
    if (among.has(id) && !found.has(id)) found.set(id, path);
  });
  return [...found].map(([resource, path]) => ({ resource, path }));
}

function collect(
  resources: Resources,
  externs: ExternTypes,
  path: readonly string[],
  visit: (id: ResourceTypeId, path: readonly string[]) => void,
): void {
  spend(resources, 4 + 4 * externs.size);
  for (const [name, { tag, type }] of externs) {
    if (tag === "instance") collect(resources, type.exports, [...path, name], visit);
    if (tag === "type" && type.tag === "resource") {
      visit(identityOf(resources, type.type), [...path, name]);
    }
  }
}

/** How deep instances and components lie in some externs. */
export const depthOf: (externs: ExternTypes) => number = memoized((externs: ExternTypes): number =>
  [...externs.values()].reduce((most, extern) => Math.max(most, 1 + depthInside(extern)), 0),
);

function depthInside(extern: ExternType): number {
  const { tag, type } = extern.tag === "type" ? extern.type : extern;
  if (tag === "instance") return depthOf(type.exports);
  return tag === "component" ? Math.max(depthOf(type.imports), depthOf(type.exports)) : 0;
}
