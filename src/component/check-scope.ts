// What is known at one place of a component while it is checked: index spaces and names. Mirrors spec/14 and Explainer.md, "Index Spaces".

import type { AmendmentName } from "../model/amendments.ts";
import type { ResourceTypeId } from "../model/ids.ts";
import type { CoreType, FuncType, ValType } from "../model/types.ts";
import { Invalid } from "../wasm/invalid.ts";
import type { CoreFuncType, GlobalType, MemoryType, TableType } from "../wasm/module.ts";
import type {
  ComponentType,
  CoreDefinedType,
  CoreExports,
  CoreModuleType,
  DefinedType,
  ExternType,
  InstanceType,
  Resources,
} from "./types.ts";

/** One check of a whole component. */
export interface Check {
  readonly resources: Resources;
  readonly amendments: ReadonlySet<AmendmentName>;
  /** of the definition that is being checked */
  offset: number;
}

/** The names of one list of imports or exports. */
export interface NameScope {
  readonly what: "import" | "export";
  /** by what makes them unique */
  readonly names: Map<string, string>;
  /** the labels of resource types, by the name that the import or export gave them */
  readonly resources: Map<ResourceTypeId, string>;
  /** the same labels */
  readonly labels: Set<string>;
}

/** The types that have a name for those outside. */
export interface Named {
  readonly values: Set<ValType>;
  readonly resources: Set<ResourceTypeId>;
}

/** A component, component type or instance type that is being checked. */
export interface Scope {
  readonly kind: "component" | "component type" | "instance type";
  readonly parent: Scope | null;
  readonly check: Check;
  readonly coreFuncs: CoreFuncType[];
  readonly coreTables: TableType[];
  readonly coreMemories: MemoryType[];
  readonly coreGlobals: GlobalType[];
  readonly coreTags: CoreFuncType[];
  readonly coreTypes: CoreDefinedType[];
  readonly modules: CoreModuleType[];
  readonly coreInstances: CoreExports[];
  readonly funcs: FuncType[];
  readonly types: DefinedType[];
  readonly components: ComponentType[];
  readonly instances: InstanceType[];
  readonly imports: Map<string, ExternType>;
  readonly exports: Map<string, ExternType>;
  readonly importNames: NameScope;
  readonly exportNames: NameScope;
  readonly importable: Named;
  readonly exportable: Named;
  /** identities that imports introduced, and those that came up here */
  readonly imported: Set<ResourceTypeId>;
  readonly made: Set<ResourceTypeId>;
  /** the representations of the resource types that are defined here, by identity */
  readonly local: Map<ResourceTypeId, CoreType>;
}

export function newNames(what: "import" | "export"): NameScope {
  return { what, names: new Map(), resources: new Map(), labels: new Set() };
}

function nothingNamed(): Named {
  return { values: new Set(), resources: new Set() };
}

export function newScope(check: Check, kind: Scope["kind"], parent: Scope | null): Scope {
  return {
    kind,
    parent,
    check,
    coreFuncs: [],
    coreTables: [],
    coreMemories: [],
    coreGlobals: [],
    coreTags: [],
    coreTypes: [],
    modules: [],
    coreInstances: [],
    funcs: [],
    types: [],
    components: [],
    instances: [],
    imports: new Map(),
    exports: new Map(),
    importNames: newNames("import"),
    exportNames: newNames("export"),
    importable: nothingNamed(),
    exportable: nothingNamed(),
    imported: new Set(),
    made: new Set(),
    local: new Map(),
  };
}

/** Refuses the definition that is being checked. */
export function refuse({ check }: { readonly check: Check }, why: string): never {
  throw new Invalid("invalid", check.offset, why);
}

export function refuseUnless(
  scope: { readonly check: Check },
  holds: boolean,
  why: string,
): asserts holds {
  if (!holds) refuse(scope, why);
}

/** Refuses the definition if there is a reason. */
export function refuseIf(scope: { readonly check: Check }, why: string | null): void {
  if (why !== null) refuse(scope, why);
}

/** What is valid, and not offered. */
export function notOffered({ check }: { readonly check: Check }, why: string): never {
  throw new Invalid("unsupported", check.offset, why);
}

/** The definition with an index; `what` names the index space. */
export function at<T>(scope: Scope, space: readonly T[], index: number, what: string): T {
  return space[index] ?? refuse(scope, `unknown ${what} ${index}: ${what} index out of bounds`);
}

function otherType(scope: Scope, index: number, expected: string): never {
  return refuse(scope, `type index ${index} is not ${expected} type`);
}

export function valueTypeAt(scope: Scope, index: number): ValType {
  const found = at(scope, scope.types, index, "type");
  return found.tag === "value" ? found.type : otherType(scope, index, "a defined");
}

export function funcTypeAt(scope: Scope, index: number): FuncType {
  const found = at(scope, scope.types, index, "type");
  return found.tag === "func" ? found.type : otherType(scope, index, "a function");
}

export function componentTypeAt(scope: Scope, index: number): ComponentType {
  const found = at(scope, scope.types, index, "type");
  return found.tag === "component" ? found.type : otherType(scope, index, "a component");
}

export function instanceTypeAt(scope: Scope, index: number): InstanceType {
  const found = at(scope, scope.types, index, "type");
  return found.tag === "instance" ? found.type : otherType(scope, index, "an instance");
}

export function resourceTypeAt(scope: Scope, index: number): ResourceTypeId {
  const found = at(scope, scope.types, index, "type");
  return found.tag === "resource" ? found.type : otherType(scope, index, "a resource");
}

/** The scope that is `count` scopes further out. */
export function outer(scope: Scope, count: number): Scope {
  let found: Scope | null = scope;
  for (let left = count; left > 0 && found !== null; left--) found = found.parent;
  return found ?? refuse(scope, `invalid outer alias count of ${count}`);
}

/** Appends something to the index space of its sort. */
export function push(scope: Scope, extern: ExternType): void {
  switch (extern.tag) {
    case "core-module":
      scope.modules.push(extern.type);
      return;
    case "func":
      scope.funcs.push(extern.type);
      return;
    case "type":
      scope.types.push(extern.type);
      return;
    case "component":
      scope.components.push(extern.type);
      return;
    case "instance":
      scope.instances.push(extern.type);
  }
}
