// Stand-ins for imports that nobody provides: functions that trap when they are called, or are recorded. Mirrors spec/14.

import { type Guest, trapAt } from "../canon/machine.ts";
import type { FuncId, ResourceTypeId } from "../model/ids.ts";
import type { FuncType } from "../model/types.ts";
import type { At, ExternTypeRef } from "./ast.ts";
import { pushAlias, pushCoreType } from "./evaluate-aliases.ts";
import { destructorType } from "./evaluate-starts.ts";
import { funcTypeAt, meaningOf, typeAt } from "./evaluate-types.ts";
import {
  type DeclaredType,
  goThrough,
  type InstanceItem,
  type Item,
  type Linking,
  newScope,
  pushItem,
  type Scope,
} from "./items.ts";
import { hostInstance } from "./wasi.ts";

/** The interpreters of functions that nobody provides, and of those whose results are recorded. */
export const unknownGuest = "unknown";
export const recordedGuest = "recorded";

function addFunc({ funcs, unknownImports }: Linking, name: string, ft: FuncType): FuncId {
  const id = funcs.length as FuncId;
  const recorded = unknownImports === "recorded";
  const guest = recorded ? recordedGuest : unknownGuest;
  const core = { guest, instance: hostInstance, code: id };
  const cancel = recorded ? "told" : "defer";
  funcs.push({ tag: "host", name, instance: hostInstance, core, ft, cancel });
  return id;
}

function addResource(linking: Linking, name: string): ResourceTypeId {
  const dtor = addFunc(linking, `${name}.drop`, destructorType);
  const rt = linking.resourceTypes.length as ResourceTypeId;
  linking.resourceTypes.push({ name, impl: hostInstance, dtor });
  return rt;
}

function instanceOf(
  linking: Linking,
  { decls, scope }: DeclaredType,
  name: string,
  at: At,
): InstanceItem | null {
  goThrough(linking, decls.length + 1, at);
  const inner = newScope(scope, scope.space);
  const exports = new Map<string, Item>();
  for (const decl of decls) {
    if (decl.tag === "core-type") pushCoreType(inner, decl.type);
    else if (decl.tag === "alias") pushAlias(inner, decl.alias, decl);
    else if (decl.tag === "type" && decl.type.tag !== "resource") {
      pushItem(inner, { tag: "type", type: meaningOf(inner, decl.type, decl) });
    } else if (decl.tag === "export") {
      const item = standIn(linking, inner, `${name} ${decl.name.name}`, decl.type, decl);
      if (item === null) return null;
      exports.set(decl.name.name, item);
      pushItem(inner, item);
    }
  }
  return { tag: "instance", exports };
}

/**
 * What stands for an import of this type: functions without code, resource types that are new. Null if such
 * imports are refused, or where nothing can stand for them: components, modules and values.
 */
export function standIn(
  linking: Linking,
  scope: Scope,
  name: string,
  type: ExternTypeRef,
  at: At,
): Item | null {
  if (linking.unknownImports === "refuse") return null;
  switch (type.tag) {
    case "func":
      return { tag: "func", func: addFunc(linking, name, funcTypeAt(scope, type.index, at)) };
    case "type": {
      if (type.bound.tag === "eq") {
        return { tag: "type", type: typeAt(scope, type.bound.index, at) };
      }
      return { tag: "type", type: { tag: "resource", rt: addResource(linking, name) } };
    }
    case "instance": {
      const meaning = typeAt(scope, type.index, at);
      return meaning.tag === "instance" ? instanceOf(linking, meaning, name, at) : null;
    }
    default:
      return null;
  }
}

/** Traps wherever it is called, and logs what was called. */
export function unknown(): Guest {
  return {
    start: () => null,
    advance(c, { code }) {
      c.edit.log(`unknown import ${c.program.funcs[code]?.name ?? code}`);
      trapAt(true, "host.unknown-import");
      return { move: { tag: "return", values: [] }, state: null };
    },
  };
}
