// Whether a core module is of a module type. Mirrors spec/14 and the core specification, "Import Matching".

import type { CoreFuncType, ExternType, Import, Module } from "../wasm/module.ts";
import type { At, CoreExternDecl } from "./ast.ts";
import type { CoreTypeItem } from "./items.ts";
import { itemAt, outerScope } from "./items.ts";
import { importTypes, moduleType } from "./module-types.ts";
import { moduleMismatch } from "./subtype-core.ts";
import type { CoreModuleType } from "./types.ts";

type ModuleType = Extract<CoreTypeItem, { readonly tag: "module" }>;

const noType: CoreFuncType = { params: [], results: [] };

/** The imports and exports that a module type declares. */
function declaredType({ decls, scope }: ModuleType): CoreModuleType {
  const types: CoreTypeItem[] = [];
  const imports: Pick<Import, "module" | "name" | "type">[] = [];
  const exports = new Map<string, ExternType>();
  const typeOf = (type: CoreExternDecl, at: At): ExternType => {
    if (!("typeIndex" in type)) return type;
    const of = itemAt(types, type.typeIndex, "core type", at);
    return { tag: type.tag, type: of.tag === "func" ? of.type : noType };
  };
  for (const decl of decls) {
    if (decl.tag === "type") types.push({ tag: "func", type: decl.type });
    else if (decl.tag === "outer-type") {
      const { core } = outerScope(scope, decl.count - 1, decl);
      types.push(itemAt(core.type, decl.index, "core type", decl));
    } else if (decl.tag === "export") {
      exports.set(decl.name, typeOf(decl.type, decl));
    } else {
      const { module, name } = decl;
      imports.push({ module, name, type: typeOf(decl.type, decl) });
    }
  }
  return { imports: importTypes(imports), exports };
}

/** Why a module is not of a module type; null if it is. */
export function moduleWhy(module: Module, type: ModuleType): string | null {
  return moduleMismatch(moduleType(module), declaredType(type));
}
