// Checks the instantiation of components. Mirrors spec/14 and Explainer.md, "Instance Definitions".

import type { ResourceTypeId } from "../model/ids.ts";
import type { Definition } from "./ast.ts";
import { itemType } from "./check-externs.ts";
import { at, refuseIf, refuseUnless, type Scope } from "./check-scope.ts";
import { argumentMismatch } from "./subtype.ts";
import {
  type ComponentType,
  type ExternType,
  type ExternTypes,
  freshResource,
  type InstanceType,
} from "./types.ts";
import { bindTypes, newRenaming, renameExterns } from "./types-rename.ts";

type Instantiate = Extract<Definition, { readonly tag: "instance" }>;

function argumentsOf(scope: Scope, args: Instantiate["args"]): ExternTypes {
  const found = new Map<string, ExternType>();
  for (const { name, item } of args) {
    const known = found.has(name);
    const why = `instantiation argument \`${name}\` conflicts with previous argument \`${name}\``;
    refuseUnless(scope, !known, why);
    found.set(name, itemType(scope, item));
  }
  return found;
}

/** The exports of a new instance, with what was supplied in the place of what is imported. */
function instanceOf(
  scope: Scope,
  component: ComponentType,
  args: ExternTypes,
  bound: ReadonlyMap<ResourceTypeId, ResourceTypeId>,
): InstanceType {
  const { resources } = scope.check;
  const renaming = newRenaming(resources);
  for (const [from, to] of bound) renaming.identities.set(from, to);
  for (const [name, extern] of component.imports) {
    const arg = args.get(name);
    if (arg !== undefined) bindTypes(renaming, extern, arg);
  }
  for (const { resource } of component.fresh) {
    const made = freshResource(resources);
    scope.made.add(made);
    renaming.identities.set(resource, made);
  }
  return { exports: renameExterns(renaming, component.exports), fresh: [] };
}

export function checkInstance(scope: Scope, { component, args }: Instantiate): void {
  const type = at(scope, scope.components, component, "component");
  const found = argumentsOf(scope, args);
  const bound = new Map<ResourceTypeId, ResourceTypeId>();
  refuseIf(scope, argumentMismatch(scope.check.resources, found, type, bound));
  scope.instances.push(instanceOf(scope, type, found, bound));
}
