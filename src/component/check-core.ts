// Checks core types, modules and core instances. Mirrors spec/14 and Explainer.md, "Instance Definitions".

import type { ExternType as CoreExternType, CoreFuncType, Module } from "../wasm/module.ts";
import { validateModule } from "../wasm/validate.ts";
import type {
  At,
  CoreExternDecl,
  CoreModuleDecl,
  CoreSort,
  CoreTypeDef,
  Definition,
} from "./ast.ts";
import { at, outer, refuse, refuseIf, refuseUnless, type Scope } from "./check-scope.ts";
import { moduleType } from "./module-types.ts";
import { coreMismatch } from "./subtype-core.ts";
import { type CoreDefinedType, type CoreExports, type CoreModuleType, spend } from "./types.ts";

type Imports = Map<string, Map<string, CoreExternType>>;

/** Two imports of one name cannot be told apart by whoever instantiates the module. */
function addImport(
  scope: Scope,
  imports: Imports,
  module: string,
  name: string,
  type: CoreExternType,
): void {
  const fields = imports.get(module) ?? new Map<string, CoreExternType>();
  refuseUnless(scope, !fields.has(name), `duplicate import name \`${module}:${name}\``);
  fields.set(name, type);
  imports.set(module, fields);
}

/** The type of a module, which is validated as the core specification says. */
export function checkModule(scope: Scope, module: Module): CoreModuleType {
  validateModule(module);
  const imports: Imports = new Map();
  for (const one of module.imports) addImport(scope, imports, one.module, one.name, one.type);
  return moduleType(module);
}

/** Most pages of a memory and entries of a table that can be addressed. */
const mostPages = { i32: 1n << 16n, i64: 1n << 48n } as const;
const mostEntries = { i32: (1n << 32n) - 1n, i64: (1n << 64n) - 1n } as const;

function checkLimits(scope: Scope, type: CoreExternType): CoreExternType {
  if (type.tag !== "memory" && type.tag !== "table") return type;
  const { address, min, max } = type.type.limits;
  const most = type.tag === "memory" ? mostPages[address] : mostEntries[address];
  const unit = type.tag === "memory" ? "pages" : "entries";
  const fits = min <= most && (max ?? 0n) <= most;
  refuseUnless(scope, fits, `${type.tag} size must be at most ${most} ${unit}`);
  refuseUnless(scope, max === null || min <= max, "size minimum must not be greater than maximum");
  return type;
}

function resolveExtern(
  scope: Scope,
  types: readonly CoreFuncType[],
  decl: CoreExternDecl,
): CoreExternType {
  if (!("typeIndex" in decl)) return checkLimits(scope, decl);
  const type = at(scope, types, decl.typeIndex, "type");
  const fits = decl.tag === "func" || type.results.length === 0;
  refuseUnless(scope, fits, "the type of a tag has no results");
  return { tag: decl.tag, type };
}

/** A function type of a component around the module type; modules contain no modules. */
function outerFuncType(
  scope: Scope,
  types: readonly CoreFuncType[],
  count: number,
  index: number,
): CoreFuncType {
  if (count === 0) return at(scope, types, index, "type");
  const found = outer(scope, count - 1);
  const type = at(scope, found.coreTypes, index, "type");
  if (type.tag === "func") return type.type;
  return refuse(scope, `core type index ${index} is not a function type`);
}

function checkModuleType(scope: Scope, decls: readonly (CoreModuleDecl & At)[]): CoreModuleType {
  const types: CoreFuncType[] = [];
  const imports: Imports = new Map();
  const exports = new Map<string, CoreExternType>();
  for (const decl of decls) {
    scope.check.offset = decl.offset;
    if (decl.tag === "type") types.push(decl.type);
    else if (decl.tag === "outer-type") {
      types.push(outerFuncType(scope, types, decl.count, decl.index));
    } else if (decl.tag === "import") {
      const type = resolveExtern(scope, types, decl.type);
      addImport(scope, imports, decl.module, decl.name, type);
    } else addExport(scope, exports, decl.name, resolveExtern(scope, types, decl.type));
  }
  return { imports, exports };
}

function addExport(
  scope: Scope,
  exports: Map<string, CoreExternType>,
  name: string,
  type: CoreExternType,
): void {
  refuseUnless(scope, !exports.has(name), `export name \`${name}\` already defined`);
  exports.set(name, type);
}

export function checkCoreType(scope: Scope, def: CoreTypeDef): CoreDefinedType {
  if (def.tag === "func") return def;
  return { tag: "module", type: checkModuleType(scope, def.decls) };
}

type CoreInstance = Extract<Definition, { readonly tag: "core-instance" }>;

function argumentsOf(scope: Scope, args: CoreInstance["args"]): ReadonlyMap<string, CoreExports> {
  const found = new Map<string, CoreExports>();
  for (const { name, instance } of args) {
    const known = found.has(name);
    refuseUnless(scope, !known, `duplicate module instantiation argument named \`${name}\``);
    found.set(name, at(scope, scope.coreInstances, instance, "core instance"));
  }
  return found;
}

function checkArgument(scope: Scope, name: string, arg: CoreExports, imports: CoreExports): void {
  const what = `module instantiation argument \`${name}\``;
  spend(scope.check.resources, imports.size);
  for (const [field, expected] of imports) {
    const actual = arg.get(field);
    if (actual === undefined) {
      refuse(scope, `${what} does not export an item named \`${field}\``);
    }
    const why = coreMismatch(actual, expected);
    refuseIf(scope, why && `type mismatch for export \`${field}\` of ${what}: ${why}`);
  }
}

export function checkCoreInstance(scope: Scope, { module, args }: CoreInstance): CoreExports {
  const type = at(scope, scope.modules, module, "module");
  const found = argumentsOf(scope, args);
  for (const [name, imports] of type.imports) {
    const arg = found.get(name);
    if (arg === undefined) {
      return refuse(scope, `missing module instantiation argument named \`${name}\``);
    }
    checkArgument(scope, name, arg, imports);
  }
  return type.exports;
}

/** The type of a core item by sort and index. */
function coreItem(scope: Scope, sort: CoreSort, index: number): CoreExternType {
  switch (sort) {
    case "func":
      return { tag: "func", type: at(scope, scope.coreFuncs, index, "function") };
    case "table":
      return { tag: "table", type: at(scope, scope.coreTables, index, "table") };
    case "memory":
      return { tag: "memory", type: at(scope, scope.coreMemories, index, "memory") };
    case "global":
      return { tag: "global", type: at(scope, scope.coreGlobals, index, "global") };
    case "tag":
      return { tag: "tag", type: at(scope, scope.coreTags, index, "tag") };
    default:
      return refuse(scope, `a core instance cannot export a ${sort}`);
  }
}

type CoreBag = Extract<Definition, { readonly tag: "core-exports" }>;

export function checkCoreExports(scope: Scope, bag: CoreBag): CoreExports {
  const exports = new Map<string, CoreExternType>();
  for (const { name, sort, index } of bag.exports) {
    addExport(scope, exports, name, coreItem(scope, sort, index));
  }
  return exports;
}

/** Appends a core item to its index space. */
export function pushCore(scope: Scope, item: CoreExternType): void {
  switch (item.tag) {
    case "func":
      scope.coreFuncs.push(item.type);
      return;
    case "table":
      scope.coreTables.push(item.type);
      return;
    case "memory":
      scope.coreMemories.push(item.type);
      return;
    case "global":
      scope.coreGlobals.push(item.type);
      return;
    case "tag":
      scope.coreTags.push(item.type);
  }
}
