// What the indices of a component stand for while it is linked: functions, types, instances and core items. Mirrors spec/14 and Explainer.md.

import type { FuncId, InstanceId, ResourceTypeId } from "../model/ids.ts";
import type { FuncDef, InstanceDef, ResourceType } from "../model/program.ts";
import type { FuncType, ValType } from "../model/types.ts";
import { Invalid } from "../wasm/invalid.ts";
import { newProgram } from "../wasm/link.ts";
import type { CoreFuncType, MemoryType, Module } from "../wasm/module.ts";
import type { CoreProgram, CoreSpace, ExternInst } from "../wasm/program.ts";
import type { At, Component, CoreModuleDecl, CoreSort, Decl } from "./ast.ts";
import type { Matching } from "./subtype-values.ts";
import { newResources } from "./types.ts";

export interface FuncItem {
  readonly tag: "func";
  readonly func: FuncId;
}

/** The declarations of a component or instance type, and the scope that they stand in. */
export interface DeclaredType {
  readonly tag: "component" | "instance";
  readonly decls: readonly (Decl & At)[];
  readonly scope: Scope;
}

export type TypeMeaning =
  | { readonly tag: "value"; readonly t: ValType }
  | { readonly tag: "func"; readonly ft: FuncType }
  | { readonly tag: "resource"; readonly rt: ResourceTypeId }
  | DeclaredType;

export interface TypeItem {
  readonly tag: "type";
  readonly type: TypeMeaning;
}

export interface InstanceItem {
  readonly tag: "instance";
  readonly exports: ReadonlyMap<string, Item>;
}

/** A component with the scope that its outer aliases look into. */
export interface ComponentItem {
  readonly tag: "component";
  readonly component: Component;
  readonly scope: Scope | null;
}

export interface CoreModuleItem {
  readonly tag: "core-module";
  readonly module: Module;
}

/** What a component imports, exports, and is instantiated with. */
export type Item = FuncItem | TypeItem | InstanceItem | ComponentItem | CoreModuleItem;

export type CoreTypeItem =
  | { readonly tag: "func"; readonly type: CoreFuncType }
  | {
      readonly tag: "module";
      readonly decls: readonly (CoreModuleDecl & At)[];
      readonly scope: Scope;
    };

/** A core instance: one of a module, or a bundle of exports. */
export interface CoreInstanceItem {
  readonly exports: ReadonlyMap<string, CoreItem>;
}

/** A core item with the name that it was exported by, if it was. */
export type CoreItem = ExternInst & { readonly alias?: string };

type Kind<T extends CoreItem["tag"]> = Extract<CoreItem, { readonly tag: T }>;

/** The index spaces of the two layers by sort. */
interface Items {
  readonly func: FuncItem[];
  readonly type: TypeItem[];
  readonly component: ComponentItem[];
  readonly instance: InstanceItem[];
}

interface CoreItems {
  readonly func: Kind<"func">[];
  readonly table: Kind<"table">[];
  readonly memory: Kind<"memory">[];
  readonly global: Kind<"global">[];
  readonly tag: Kind<"tag">[];
  readonly type: CoreTypeItem[];
  readonly module: Module[];
  readonly instance: CoreInstanceItem[];
}

/** The index spaces of a component instance, or of a component or instance type. */
export interface Scope {
  readonly outer: Scope | null;
  /** the component instance that is made; of a type, the one that it is written in */
  readonly space: CoreSpace;
  readonly items: Items;
  readonly core: CoreItems;
}

/**
 * What becomes of an import that nobody provides: linking fails, whoever calls it traps, or what it returns is
 * taken from a recorded trace (where there is none, whoever calls it traps).
 */
export type UnknownImports = "refuse" | "trap" | "recorded";

/** What linking makes: the program, core code, memories, and how instantiation goes on in the run. */
export interface Linking {
  readonly instances: InstanceDef[];
  /** what they are called */
  readonly names: Set<string>;
  readonly funcs: FuncDef[];
  readonly resourceTypes: ResourceType[];
  readonly core: CoreProgram;
  /** the core state of each component instance */
  readonly spaces: CoreSpace[];
  readonly memories: MemoryType[];
  /** compares types: here a resource type has one id */
  readonly matching: Matching;
  /** the functions that instantiate core modules, in order, since the list was emptied last */
  inits: FuncId[];
  /** how many definitions were gone through */
  gone: number;
  readonly unknownImports: UnknownImports;
}

/** Bounds of what is linked: components of components, and types of types, can be very many. */
export const mostInstances = 10_000;
export const mostDefinitions = 1_000_000;

/** Counts `n` more definitions that are gone through; throws `Invalid` when there are too many. */
export function goThrough(linking: Linking, n: number, { offset }: At): void {
  linking.gone += n;
  if (linking.gone <= mostDefinitions && linking.instances.length <= mostInstances) return;
  throw new Invalid("unsupported", offset, "so many component instances are not supported");
}

export function newLinking(unknownImports: UnknownImports = "refuse"): Linking {
  return {
    instances: [{ name: "host", parent: null }],
    names: new Set(["host"]),
    funcs: [],
    resourceTypes: [],
    core: newProgram(),
    spaces: [],
    memories: [],
    matching: { resources: newResources(), bound: new Map() },
    inits: [],
    gone: 0,
    unknownImports,
  };
}

export function newScope(outer: Scope | null, space: CoreSpace): Scope {
  return {
    outer,
    space,
    items: { func: [], type: [], component: [], instance: [] },
    core: {
      func: [],
      table: [],
      memory: [],
      global: [],
      tag: [],
      type: [],
      module: [],
      instance: [],
    },
  };
}

/** The name of a component instance, for people. */
export function nameOf({ instances }: Linking, id: InstanceId): string {
  return instances[id]?.name ?? "";
}

/** An entry of an index space; throws `Invalid` beyond its end. */
export function itemAt<T>(space: readonly T[], index: number, what: string, { offset }: At): T {
  const item = space[index];
  if (item !== undefined) return item;
  throw new Invalid("invalid", offset, `there is no ${what} ${index}: there are ${space.length}`);
}

/** The scope `count` steps further out. */
export function outerScope(scope: Scope, count: number, { offset }: At): Scope {
  let at: Scope | null = scope;
  for (let i = 0; i < count && at !== null; i++) at = at.outer;
  if (at === null) throw new Invalid("invalid", offset, `there is nothing ${count} components out`);
  return at;
}

/** Puts an item at the end of its index space. */
export function pushItem({ items, core }: Scope, item: Item): void {
  switch (item.tag) {
    case "func":
      items.func.push(item);
      return;
    case "type":
      items.type.push(item);
      return;
    case "component":
      items.component.push(item);
      return;
    case "instance":
      items.instance.push(item);
      return;
    case "core-module":
      core.module.push(item.module);
  }
}

/** Puts a core item at the end of its index space. */
export function pushCore({ core }: Scope, item: CoreItem): void {
  switch (item.tag) {
    case "func":
      core.func.push(item);
      return;
    case "table":
      core.table.push(item);
      return;
    case "memory":
      core.memory.push(item);
      return;
    case "global":
      core.global.push(item);
      return;
    case "tag":
      core.tag.push(item);
  }
}

/** A core item by its sort and index. */
export function coreItemAt({ core }: Scope, sort: CoreSort, index: number, at: At): CoreItem {
  if (sort === "type" || sort === "module" || sort === "instance") {
    throw new Invalid("invalid", at.offset, `a core instance does not export a ${sort}`);
  }
  const space: readonly CoreItem[] = core[sort];
  return itemAt(space, index, `core ${sort}`, at);
}
