// What a core module imports and exports, with types. Mirrors spec/14 and the core specification, "Modules".

import type { ExternType as CoreExternType, ExternKind, Import, Module } from "../wasm/module.ts";
import type { CoreExports, CoreModuleType } from "./types.ts";

/** Imports by module and name; of two of one name the last. */
export function importTypes(
  imports: readonly Pick<Import, "module" | "name" | "type">[],
): CoreModuleType["imports"] {
  const found = new Map<string, Map<string, CoreExternType>>();
  for (const { module, name, type } of imports) {
    const fields = found.get(module) ?? new Map<string, CoreExternType>();
    found.set(module, fields.set(name, type));
  }
  return found;
}

type Spaces = Readonly<Record<ExternKind, CoreExternType[]>>;

/** What a module has in its index spaces. */
function spacesOf(module: Module): Spaces {
  const spaces: Spaces = { func: [], table: [], memory: [], global: [], tag: [] };
  const add = (item: CoreExternType): void => void spaces[item.tag].push(item);
  const ofFuncs = (tag: "func" | "tag", indices: readonly number[]): void => {
    for (const index of indices) {
      const type = module.types[index];
      if (type !== undefined) add({ tag, type });
    }
  };
  for (const { type } of module.imports) add(type);
  ofFuncs("func", module.funcs);
  for (const { type } of module.tables) add({ tag: "table", type });
  for (const type of module.memories) add({ tag: "memory", type });
  for (const { type } of module.globals) add({ tag: "global", type });
  ofFuncs("tag", module.tags);
  return spaces;
}

/** Exports by name. */
function exportTypes(module: Module): CoreExports {
  const spaces = spacesOf(module);
  const exports = module.exports.flatMap(({ name, kind, index }) => {
    const type = spaces[kind][index];
    return type === undefined ? [] : [[name, type] as const];
  });
  return new Map(exports);
}

/** The type of a valid module. */
export function moduleType(module: Module): CoreModuleType {
  return { imports: importTypes(module.imports), exports: exportTypes(module) };
}
