// Checks that the types of imports and exports have names outside. Mirrors spec/14 and Explainer.md, "External Visibility of Types".

import { parts } from "../canon/values/types.ts";
import type { FuncType, ValType } from "../model/types.ts";
import type { Named, Scope } from "./check-scope.ts";
import { type DefinedType, type ExternType, type Resources, spend, widthOf } from "./types.ts";

interface Seeing {
  readonly named: Named;
  readonly resources: Resources;
}

/** Types that source languages cannot write down without a name. */
function needsName(t: ValType): boolean {
  return t.tag === "record" || t.tag === "variant" || t.tag === "enum" || t.tag === "flags";
}

function partsVisible(s: Seeing, t: ValType): boolean {
  return parts(t).every((part) => part === null || isVisible(s, part));
}

/** What is visible once stays so, hence it is looked at once. */
function isVisible(s: Seeing, t: ValType): boolean {
  if (t.tag === "own" || t.tag === "borrow") return s.named.resources.has(t.rt);
  if (s.named.values.has(t)) return true;
  spend(s.resources, widthOf(t));
  if (needsName(t) || !partsVisible(s, t)) return false;
  s.named.values.add(t);
  return true;
}

function funcVisible(s: Seeing, { params, result }: FuncType): boolean {
  spend(s.resources, params.length);
  return params.every(({ t }) => isVisible(s, t)) && (result === null || isVisible(s, result));
}

/** What a type that gets a name itself consists of. */
function typeVisible(s: Seeing, d: DefinedType): boolean {
  switch (d.tag) {
    case "value":
      if (d.type.tag === "own" || d.type.tag === "borrow") return isVisible(s, d.type);
      return partsVisible(s, d.type);
    case "func":
      return funcVisible(s, d.type);
    case "instance": {
      const { values, resources } = s.named;
      const named = { values: new Set(values), resources: new Set(resources) };
      spend(s.resources, values.size + resources.size);
      return [...d.type.exports.values()].every((e) => externVisible({ ...s, named }, e));
    }
    case "component":
    case "resource":
      return true;
  }
}

function giveName(named: Named, d: DefinedType): void {
  if (d.tag === "resource") named.resources.add(d.type);
  if (d.tag === "value") named.values.add(d.type);
}

/** Whether only types with names are used; the types that are introduced get names. */
function externVisible(s: Seeing, extern: ExternType): boolean {
  switch (extern.tag) {
    case "func":
      return funcVisible(s, extern.type);
    case "type": {
      const visible = typeVisible(s, extern.type);
      giveName(s.named, extern.type);
      return visible;
    }
    case "instance":
      spend(s.resources, extern.type.exports.size);
      return [...extern.type.exports.values()].every((e) => externVisible(s, e));
    default:
      // components and modules use nothing from outside
      return true;
  }
}

/** Gives names to all types that an import introduces. */
function giveNames(named: Named, extern: ExternType): void {
  if (extern.tag === "type") giveName(named, extern.type);
  if (extern.tag !== "instance") return;
  for (const inner of extern.type.exports.values()) giveNames(named, inner);
}

/**
 * Whether something may be imported or exported here, as far as the types that it uses have names.
 * Imports use what was imported; exports that, and what was exported.
 */
export function isExternVisible(
  scope: Scope,
  kind: "import" | "export",
  extern: ExternType,
): boolean {
  if (scope.kind === "instance type") return true;
  const named = kind === "import" ? scope.importable : scope.exportable;
  const visible = externVisible({ named, resources: scope.check.resources }, extern);
  if (visible && kind === "import") giveNames(scope.exportable, extern);
  return visible;
}
