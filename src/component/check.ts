// Checks that a component is valid, and says what type it has. Mirrors spec/14, Explainer.md and Binary.md.

import type { AmendmentName } from "../model/amendments.ts";
import { Invalid } from "../wasm/invalid.ts";
import type { At, Component, Decl, Definition, TypeDef } from "./ast.ts";
import { checkAlias } from "./check-alias.ts";
import { checkCanon } from "./check-canon.ts";
import { checkCoreExports, checkCoreInstance, checkCoreType, checkModule } from "./check-core.ts";
import { checkBag, checkDeclared, checkExport } from "./check-externs.ts";
import { checkInstance } from "./check-instance.ts";
import { type Check, newScope, notOffered, type Scope } from "./check-scope.ts";
import { checkPlainType } from "./check-values.ts";
import { deepest } from "./decode-bytes.ts";
import {
  boundIn,
  type ComponentType,
  type DefinedType,
  depthOf,
  newResources,
  type Resources,
} from "./types.ts";

/** What a scope is, seen from outside. */
function typeOf(scope: Scope): ComponentType {
  const { check, imports, exports, imported, made } = scope;
  const depth = Math.max(depthOf(imports), depthOf(exports));
  if (depth > deepest) notOffered(scope, `types lie more than ${deepest} deep in each other`);
  return {
    imports,
    exports,
    imported: boundIn(check.resources, imports, imported),
    fresh: boundIn(check.resources, exports, made),
  };
}

function checkDecl(scope: Scope, decl: Decl & At): void {
  scope.check.offset = decl.offset;
  switch (decl.tag) {
    case "core-type":
      scope.coreTypes.push(checkCoreType(scope, decl.type));
      return;
    case "type":
      scope.types.push(checkType(scope, decl.type));
      return;
    case "alias":
      checkAlias(scope, decl.alias);
      return;
    case "import":
    case "export":
      checkDeclared(scope, decl.tag, decl.name, decl.type);
  }
}

function checkType(scope: Scope, def: TypeDef): DefinedType {
  if (def.tag !== "component" && def.tag !== "instance") return checkPlainType(scope, def);
  const inner = newScope(scope.check, `${def.tag} type`, scope);
  for (const decl of def.decls) checkDecl(inner, decl);
  const type = typeOf(inner);
  if (def.tag === "component") return { tag: "component", type };
  return { tag: "instance", type: { exports: type.exports, fresh: type.fresh } };
}

type CorePart = Extract<
  Definition,
  { readonly tag: "core-module" | "core-instance" | "core-exports" }
>;

function checkCorePart(scope: Scope, part: CorePart): void {
  if (part.tag === "core-module") scope.modules.push(checkModule(scope, part.module));
  else if (part.tag === "core-exports") scope.coreInstances.push(checkCoreExports(scope, part));
  else scope.coreInstances.push(checkCoreInstance(scope, part));
}

function checkDefinition(scope: Scope, definition: Definition): void {
  scope.check.offset = definition.offset;
  switch (definition.tag) {
    case "core-module":
    case "core-instance":
    case "core-exports":
      checkCorePart(scope, definition);
      return;
    case "component":
      checkNested(scope, definition.component);
      return;
    case "core-type":
    case "type":
    case "alias":
    case "import":
      checkDecl(scope, definition);
      return;
    case "instance":
      checkInstance(scope, definition);
      return;
    case "exports":
      checkBag(scope, definition);
      return;
    case "canon":
      checkCanon(scope, definition.canon);
      return;
    case "export":
      checkExport(scope, definition);
      return;
    case "start":
    case "value":
      notOffered(scope, `a ${definition.tag} definition is not supported`);
  }
}

function checkNested(scope: Scope, component: Component): void {
  const inner = newScope(scope.check, "component", scope);
  scope.components.push(checkScope(inner, component));
}

function checkScope(scope: Scope, component: Component): ComponentType {
  for (const definition of component.definitions) checkDefinition(scope, definition);
  return typeOf(scope);
}

/**
 * The type of a component, of which everything is checked. Its resource types are ids of `resources`: types
 * of several components are comparable (`mismatch`) if they were checked with the same ones.
 * Throws `Invalid` "invalid", or "unsupported" for what is valid and beyond this package, with the offset of
 * the definition.
 */
export function checkComponent(
  component: Component,
  amendments: ReadonlySet<AmendmentName> = new Set(),
  resources: Resources = newResources(),
): ComponentType {
  const check: Check = { resources, amendments, offset: component.offset };
  try {
    return checkScope(newScope(check, "component", null), component);
  } catch (error) {
    if (!(error instanceof Invalid) || error.offset !== null) throw error;
    throw new Invalid(error.kind, check.offset, error.message);
  }
}
