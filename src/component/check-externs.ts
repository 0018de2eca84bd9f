// Checks imports and exports, of components and of their types. Mirrors spec/14 and Explainer.md, "Import and Export Definitions".

import type { ResourceTypeId } from "../model/ids.ts";
import type { Definition, ExternName, ExternTypeRef, Sort, SortIndex, TypeBound } from "./ast.ts";
import { checkName } from "./check-names.ts";
import {
  at,
  componentTypeAt,
  funcTypeAt,
  instanceTypeAt,
  newNames,
  notOffered,
  push,
  refuse,
  refuseUnless,
  type Scope,
} from "./check-scope.ts";
import { isExternVisible } from "./check-visibility.ts";
import { mismatch } from "./subtype.ts";
import { type CoreModuleType, type ExternType, freshResource } from "./types.ts";
import { nameType, openInstance } from "./types-rename.ts";

function moduleTypeAt(scope: Scope, index: number): CoreModuleType {
  const type = at(scope, scope.coreTypes, index, "type");
  if (type.tag === "module") return type.type;
  return refuse(scope, `core type index ${index} is not a module type`);
}

function boundType(scope: Scope, bound: TypeBound): ExternType {
  if (bound.tag === "eq") return { tag: "type", type: at(scope, scope.types, bound.index, "type") };
  const type = freshResource(scope.check.resources);
  return { tag: "type", type: { tag: "resource", type } };
}

/** `externtype`: its instance types still have resource types of their own. */
function externType(scope: Scope, ref: ExternTypeRef): ExternType {
  switch (ref.tag) {
    case "core-module":
      return { tag: "core-module", type: moduleTypeAt(scope, ref.index) };
    case "func":
      return { tag: "func", type: funcTypeAt(scope, ref.index) };
    case "component":
      return { tag: "component", type: componentTypeAt(scope, ref.index) };
    case "instance":
      return { tag: "instance", type: instanceTypeAt(scope, ref.index) };
    case "type":
      return boundType(scope, ref.bound);
    case "value":
      return notOffered(scope, "imports and exports of values are not supported");
  }
}

/** The same under a name: a type is told apart from the one that it is, an instance's are new. */
function introduce(scope: Scope, extern: ExternType, made: Set<ResourceTypeId>): ExternType {
  const { resources } = scope.check;
  if (extern.tag === "type") {
    return { tag: "type", type: nameType(resources, extern.type) };
  }
  if (extern.tag !== "instance") return extern;
  const opened = openInstance(resources, extern.type);
  for (const id of opened.made) made.add(id);
  return { tag: "instance", type: opened.type };
}

const words: Readonly<Record<ExternType["tag"], string>> = {
  "core-module": "module",
  func: "func",
  type: "type",
  component: "component",
  instance: "instance",
};

function add(scope: Scope, kind: "import" | "export", name: ExternName, extern: ExternType): void {
  const visible = isExternVisible(scope, kind, extern);
  refuseUnless(scope, visible, `${words[extern.tag]} not valid to be used as ${kind}`);
  const names = kind === "import" ? scope.importNames : scope.exportNames;
  checkName({ check: scope.check, names }, name, extern);
  const externs = kind === "import" ? scope.imports : scope.exports;
  externs.set(name.name, extern);
  push(scope, extern);
}

/** Resource types that a `sub` bound introduces come from outside, or come up here. */
function remember(ref: ExternTypeRef, extern: ExternType, made: Set<ResourceTypeId>): void {
  const isSub = ref.tag === "type" && ref.bound.tag === "sub-resource";
  if (isSub && extern.tag === "type" && extern.type.tag === "resource") made.add(extern.type.type);
}

/** `importdecl`, `exportdecl` and imports */
export function checkDeclared(
  scope: Scope,
  kind: "import" | "export",
  name: ExternName,
  ref: ExternTypeRef,
): void {
  const made = kind === "import" ? scope.imported : scope.made;
  const extern = externType(scope, ref);
  remember(ref, extern, made);
  add(scope, kind, name, introduce(scope, extern, made));
}

/** The type of a definition by its sort and index. */
export function itemType(scope: Scope, item: SortIndex): ExternType {
  if (item.layer === "component") return componentItem(scope, item.sort, item.index);
  const isModule = item.sort === "module";
  refuseUnless(scope, isModule, `core ${item.sort}s cannot be imported or exported`);
  return { tag: "core-module", type: at(scope, scope.modules, item.index, "module") };
}

function componentItem(scope: Scope, sort: Sort, index: number): ExternType {
  switch (sort) {
    case "func":
      return { tag: "func", type: at(scope, scope.funcs, index, "function") };
    case "type":
      return { tag: "type", type: at(scope, scope.types, index, "type") };
    case "component":
      return { tag: "component", type: at(scope, scope.components, index, "component") };
    case "instance":
      return { tag: "instance", type: at(scope, scope.instances, index, "instance") };
    case "value":
      return notOffered(scope, "values are not supported");
  }
}

/** An export gets its type from the definition, or the one that is written on it. */
export function checkExport(
  scope: Scope,
  { name, item, type }: Extract<Definition, { readonly tag: "export" }>,
): void {
  const actual = itemType(scope, item);
  if (type === null) {
    add(scope, "export", name, introduce(scope, actual, scope.made));
    return;
  }
  const ascribed = externType(scope, type);
  const isAbstract = type.tag === "type" && type.bound.tag === "sub-resource";
  const why = isAbstract ? abstractWhy(actual) : mismatch(scope.check.resources, actual, ascribed);
  if (why !== null) {
    refuse(scope, `ascribed type of export is not compatible with item's type: ${why}`);
  }
  remember(type, ascribed, scope.made);
  add(scope, "export", name, introduce(scope, ascribed, scope.made));
}

/** Every resource type is one of `(sub resource)`. */
function abstractWhy(actual: ExternType): string | null {
  return actual.tag === "type" && actual.type.tag === "resource" ? null : "expected resource";
}

/** Only a resource type needs a name of its own here: methods are those of the type with that name. */
function exportFromBag(scope: Scope, actual: ExternType): ExternType {
  const isResource = actual.tag === "type" && actual.type.tag === "resource";
  return isResource ? introduce(scope, actual, scope.made) : actual;
}

/** An instance that is put together from definitions. */
export function checkBag(
  scope: Scope,
  { exports }: Extract<Definition, { readonly tag: "exports" }>,
): void {
  const names = newNames("export");
  const found = new Map<string, ExternType>();
  for (const { name, item } of exports) {
    const extern = exportFromBag(scope, itemType(scope, item));
    checkName({ check: scope.check, names }, name, extern);
    found.set(name.name, extern);
  }
  scope.instances.push({ exports: found, fresh: [] });
}
