// Checks aliases. Mirrors spec/14 and Explainer.md, "Alias Definitions".

import { parts } from "../canon/values/types.ts";
import type { ResourceTypeId } from "../model/ids.ts";
import type { ValType } from "../model/types.ts";
import type { Alias, AnySort } from "./ast.ts";
import { pushCore } from "./check-core.ts";
import { at, notOffered, outer, push, refuse, refuseUnless, type Scope } from "./check-scope.ts";
import {
  type Bound,
  type DefinedType,
  type ExternType,
  type ExternTypes,
  identityOf,
  type Resources,
  spend,
  widthOf,
} from "./types.ts";

type ExportAlias = Extract<Alias, { readonly tag: "export" }>;
type CoreAlias = Extract<Alias, { readonly tag: "core-export" }>;
type OuterAlias = Extract<Alias, { readonly tag: "outer" }>;

const onlyTypes = "aliases in component and instance types may only refer to types or instances";

const sortWords: Readonly<Record<ExportAlias["sort"], string>> = {
  "core-module": "a module",
  func: "a function",
  value: "a value",
  type: "a type",
  component: "a component",
  instance: "an instance",
};

function aliasExport(scope: Scope, { sort, instance, name }: ExportAlias): void {
  const allowed = scope.kind === "component" || sort === "type" || sort === "instance";
  refuseUnless(scope, allowed, onlyTypes);
  const { exports } = at(scope, scope.instances, instance, "instance");
  const found = exports.get(name);
  if (found === undefined) refuse(scope, `instance ${instance} has no export named \`${name}\``);
  const same = found.tag === sort;
  const where = `export \`${name}\` for instance ${instance}`;
  refuseUnless(scope, same, `${where} is not ${sortWords[sort]}`);
  push(scope, found);
}

function aliasCoreExport(scope: Scope, { sort, instance, name }: CoreAlias): void {
  refuseUnless(scope, scope.kind === "component", onlyTypes);
  const exports = at(scope, scope.coreInstances, instance, "core instance");
  const found = exports.get(name);
  if (found === undefined) {
    refuse(scope, `core instance ${instance} has no export named \`${name}\``);
  }
  const where = `export \`${name}\` for core instance ${instance}`;
  refuseUnless(scope, found.tag === sort, `${where} is not a ${sort}`);
  pushCore(scope, found);
}

/** Looks for resource types that are not bound inside of the type. */
interface Search {
  readonly resources: Resources;
  readonly bound: ReadonlySet<ResourceTypeId>;
  readonly closed: Set<ValType>;
}

function isFree(s: Search, id: ResourceTypeId): boolean {
  return !s.bound.has(identityOf(s.resources, id));
}

function valueIsOpen(s: Search, t: ValType | null): boolean {
  if (t === null || s.closed.has(t)) return false;
  spend(s.resources, widthOf(t));
  if (t.tag === "own" || t.tag === "borrow") return isFree(s, t.rt);
  if (parts(t).some((part) => valueIsOpen(s, part))) return true;
  s.closed.add(t);
  return false;
}

function externsAreOpen(s: Search, bounds: readonly Bound[], ...all: ExternTypes[]): boolean {
  const bound = new Set([...s.bound, ...bounds.map(({ resource }) => resource)]);
  spend(s.resources, bound.size);
  const inner: Search = { resources: s.resources, bound, closed: new Set() };
  return all.some((externs) => [...externs.values()].some((extern) => externIsOpen(inner, extern)));
}

function externIsOpen(s: Search, extern: ExternType): boolean {
  if (extern.tag === "core-module") return false;
  return typeIsOpen(s, extern.tag === "type" ? extern.type : extern);
}

/** Whether a type refers to resource types from outside of it. */
function typeIsOpen(s: Search, d: DefinedType): boolean {
  spend(s.resources, 1);
  switch (d.tag) {
    case "value":
      return valueIsOpen(s, d.type);
    case "func":
      spend(s.resources, d.type.params.length);
      return d.type.params.some(({ t }) => valueIsOpen(s, t)) || valueIsOpen(s, d.type.result);
    case "resource":
      return isFree(s, d.type);
    case "instance":
      return externsAreOpen(s, d.type.fresh, d.type.exports);
    case "component": {
      const { imported, fresh, imports, exports } = d.type;
      return externsAreOpen(s, [...imported, ...fresh], imports, exports);
    }
  }
}

/** Whether there is a component between a scope and one around it. */
function leavesComponent(scope: Scope, count: number): boolean {
  if (count === 0) return false;
  return (
    scope.kind === "component" ||
    (scope.parent !== null && leavesComponent(scope.parent, count - 1))
  );
}

function aliasOuterType(scope: Scope, { count, index }: OuterAlias): void {
  const type = at(scope, outer(scope, count).types, index, "type");
  const { resources } = scope.check;
  const search: Search = { resources, bound: new Set(), closed: new Set() };
  if (leavesComponent(scope, count) && typeIsOpen(search, type)) {
    refuse(
      scope,
      "cannot alias outer type which transitively refers to resources not defined here",
    );
  }
  scope.types.push(type);
}

function isType({ sort }: AnySort): boolean {
  return sort === "type";
}

function aliasOuter(scope: Scope, alias: OuterAlias): void {
  refuseUnless(scope, scope.kind === "component" || isType(alias.sort), onlyTypes);
  const from = outer(scope, alias.count);
  const { layer, sort } = alias.sort;
  if (layer === "core" && sort === "type") {
    scope.coreTypes.push(at(scope, from.coreTypes, alias.index, "type"));
  } else if (layer === "core") {
    scope.modules.push(at(scope, from.modules, alias.index, "module"));
  } else if (sort === "component") {
    scope.components.push(at(scope, from.components, alias.index, "component"));
  } else aliasOuterType(scope, alias);
}

export function checkAlias(scope: Scope, alias: Alias): void {
  switch (alias.tag) {
    case "export":
      if (alias.sort === "value") notOffered(scope, "values are not supported");
      aliasExport(scope, alias);
      return;
    case "core-export":
      aliasCoreExport(scope, alias);
      return;
    case "outer":
      aliasOuter(scope, alias);
  }
}
