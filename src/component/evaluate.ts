// The definitions of a component in order: what an instance of it consists of. Mirrors spec/14 and Explainer.md, "Component Definitions".

import type { InstanceId, MemoryId, ResourceTypeId } from "../model/ids.ts";
import type { CoreFunc } from "../model/program.ts";
import { Invalid } from "../wasm/invalid.ts";
import { instantiateModule, newSpace } from "../wasm/link.ts";
import type { CoreSpace } from "../wasm/program.ts";
import type { At, Canon, Component, Definition, SortIndex } from "./ast.ts";
import { builtinFunc, coreFuncAt, liftFunc, lowerFunc } from "./canonical.ts";
import { pushAlias, pushCoreType } from "./evaluate-aliases.ts";
import { bindImport } from "./evaluate-imports.ts";
import { liftName, moduleName, nestedName } from "./evaluate-names.ts";
import { addDestructor, addInit, needsInit } from "./evaluate-starts.ts";
import { meaningOf } from "./evaluate-types.ts";
import {
  type ComponentItem,
  type CoreItem,
  coreItemAt,
  goThrough,
  type InstanceItem,
  type Item,
  itemAt,
  type Linking,
  nameOf,
  newScope,
  pushItem,
  type Scope,
} from "./items.ts";

type Of<T extends Definition["tag"]> = Extract<Definition, { readonly tag: T }>;

/** What an import of an instance stands for; throws `Invalid` where there is nothing. */
export type Importer = (imported: Of<"import">, scope: Scope) => Item;

/** A component instance while its definitions are gone through. */
interface Making {
  readonly linking: Linking;
  readonly component: Component;
  readonly scope: Scope;
  readonly importer: Importer;
  readonly exports: Map<string, Item>;
}

function unsupported({ offset }: At, what: string): never {
  throw new Invalid("unsupported", offset, `${what} are not supported`);
}

function itemOf({ items, core }: Scope, { sort, index }: SortIndex, at: At): Item {
  switch (sort) {
    case "func":
    case "type":
    case "component":
    case "instance":
      return itemAt<Item>(items[sort], index, sort, at);
    case "module":
      return { tag: "core-module", module: itemAt(core.module, index, "core module", at) };
    default:
      throw new Invalid("invalid", at.offset, `a component does not pass on a ${sort}`);
  }
}

function coreInstance({ linking, component, scope }: Making, def: Of<"core-instance">): void {
  const { core, space } = scope;
  const module = itemAt(core.module, def.module, "core module", def);
  const args = new Map<string, ReadonlyMap<string, CoreItem>>();
  for (const { name, instance } of def.args) {
    args.set(name, itemAt(core.instance, instance, "core instance", def).exports);
  }
  const name = moduleName(component, core.instance.length, module);
  const full = `${nameOf(linking, space.instance)}.${name}`;
  const made = instantiateModule(space, full, module, (imported) => {
    return args.get(imported.module)?.get(imported.name) ?? null;
  });
  core.instance.push(made);
  if (needsInit(module)) addInit(linking, space.instance, full, made.init);
}

function coreExports(scope: Scope, def: Of<"core-exports">): void {
  const exports = new Map<string, CoreItem>();
  for (const { name, sort, index } of def.exports) {
    exports.set(name, coreItemAt(scope, sort, index, def));
  }
  scope.core.instance.push({ exports });
}

function nestedInstance(making: Making, def: Of<"instance">): void {
  const { linking, component, scope } = making;
  const { items, space } = scope;
  const of = itemAt(items.component, def.component, "component", def);
  const args = new Map(def.args.map((arg) => [arg.name, itemOf(scope, arg.item, def)]));
  const parentName = nameOf(linking, space.instance);
  const name = nestedName(linking, {
    parent: component,
    parentName,
    index: items.instance.length,
    component: def.component,
    child: of.component,
  });
  const importer: Importer = ({ name: { name: wanted } }) => {
    const item = args.get(wanted);
    if (item !== undefined) return item;
    throw new Invalid("invalid", def.offset, `the import "${wanted}" of ${name} is not given`);
  };
  items.instance.push(makeInstance(linking, of, name, space.instance, importer));
}

function bundle(scope: Scope, def: Of<"exports">): void {
  const exports = new Map(
    def.exports.map(({ name, item }) => [name.name, itemOf(scope, item, def)]),
  );
  scope.items.instance.push({ tag: "instance", exports });
}

function defineType({ linking, component, scope }: Making, def: Of<"type">): void {
  const { type } = def;
  if (type.tag !== "resource") {
    pushItem(scope, { tag: "type", type: meaningOf(scope, type, def) });
    return;
  }
  if (type.rep !== "i32") unsupported(def, "resources with a representation other than i32");
  const { instance } = scope.space;
  const dtor: CoreFunc | null = type.dtor === null ? null : coreFuncAt(scope, type.dtor, def);
  const rt = linking.resourceTypes.length as ResourceTypeId;
  const name = `${nameOf(linking, instance)}.${resourceName(component, scope.items.type.length)}`;
  const drop = addDestructor(linking, instance, name, dtor);
  linking.resourceTypes.push({ name, impl: instance, dtor: drop });
  pushItem(scope, { tag: "type", type: { tag: "resource", rt } });
}

function resourceName({ definitions, names }: Component, index: number): string {
  for (const d of definitions) {
    if (d.tag === "export" && d.item.sort === "type" && d.item.index === index) return d.name.name;
  }
  return names.sorts.get("type")?.get(index) ?? `resource${index}`;
}

function canonical({ linking, component, scope }: Making, canon: Canon, at: At): void {
  if (canon.tag === "lower") lowerFunc(linking, scope, canon, at);
  else if (canon.tag === "builtin") builtinFunc(scope, canon, at);
  else {
    const core = scope.core.func[canon.func];
    const name = liftName(component, scope.items.func.length, core);
    liftFunc(linking, scope, canon, name, at);
  }
}

function define(making: Making, def: Definition): void {
  const { scope } = making;
  switch (def.tag) {
    case "core-module":
      scope.core.module.push(def.module);
      return;
    case "core-instance":
      coreInstance(making, def);
      return;
    case "core-exports":
      coreExports(scope, def);
      return;
    case "core-type":
      pushCoreType(scope, def.type);
      return;
    case "component":
      pushItem(scope, { tag: "component", component: def.component, scope });
      return;
    case "instance":
      nestedInstance(making, def);
      return;
    case "exports":
      bundle(scope, def);
      return;
    case "alias":
      pushAlias(scope, def.alias, def);
      return;
    case "type":
      defineType(making, def);
      return;
    case "canon":
      canonical(making, def.canon, def);
      return;
    default:
      defineEdge(making, def);
  }
}

/** Definitions that face the outside. */
function defineEdge(
  { linking, scope, exports, importer }: Making,
  def: Of<"import" | "export" | "start" | "value">,
): void {
  if (def.tag === "import") {
    bindImport(linking, scope, def.name.name, def.type, importer(def, scope), def);
  } else if (def.tag === "export") {
    const item = itemOf(scope, def.item, def);
    exports.set(def.name.name, item);
    pushItem(scope, item);
  } else {
    unsupported(def, def.tag === "start" ? "start functions of components" : "values");
  }
}

function spaceFor(linking: Linking, instance: InstanceId): CoreSpace {
  const { memories, core, spaces } = linking;
  const space = newSpace(instance, core, (type) => {
    memories.push(type);
    return (memories.length - 1) as MemoryId;
  });
  spaces.push(space);
  return space;
}

/**
 * Makes an instance of a component: adds it and what it defines to `linking` and gives its exports. Throws
 * `Invalid` where an import is missing or does not fit.
 */
export function makeInstance(
  linking: Linking,
  { component, scope: outer }: ComponentItem,
  name: string,
  parent: InstanceId | null,
  importer: Importer,
): InstanceItem {
  const instance = linking.instances.length as InstanceId;
  linking.instances.push({ name, parent });
  goThrough(linking, component.definitions.length + 1, component);
  const scope = newScope(outer, spaceFor(linking, instance));
  const exports = new Map<string, Item>();
  const making: Making = { linking, component, scope, importer, exports };
  for (const def of component.definitions) define(making, def);
  return { tag: "instance", exports };
}
