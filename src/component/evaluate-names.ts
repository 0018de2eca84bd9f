// What instances and functions are called in traces: by the name section, or by how they are exported. Mirrors spec/14.

import type { Module } from "../wasm/module.ts";
import type { Component, ComponentNames } from "./ast.ts";
import type { CoreItem, Linking } from "./items.ts";

/** The name that the name section has for a definition; null if it has none. */
function named({ sorts }: ComponentNames, sort: string, index: number): string | null {
  return sorts.get(sort)?.get(index) ?? null;
}

/** The name under which a component exports one of its items. */
function exportedAs({ definitions }: Component, sort: string, index: number): string | null {
  for (const d of definitions) {
    if (d.tag === "export" && d.item.sort === sort && d.item.index === index) return d.name.name;
  }
  return null;
}

/** A name that no component instance has yet; numbered, if it has to be, by how many there are. */
function freshName({ names, instances }: Linking, parent: string | null, name: string): string {
  const path = parent === null ? name : `${parent}/${name}`;
  const free = [name, path].find((one) => !names.has(one)) ?? `${path}#${instances.length}`;
  names.add(free);
  return free;
}

/** A component that is instantiated inside another one. */
export interface Nested {
  readonly parent: Component;
  readonly parentName: string;
  /** the index of the new instance, and of the component that it is made of */
  readonly index: number;
  readonly component: number;
  readonly child: Component;
}

/** The name of a new component instance. */
export function nestedName(linking: Linking, nested: Nested): string {
  const { parent, parentName, index, component, child } = nested;
  const name =
    named(parent.names, "instance", index) ??
    exportedAs(parent, "instance", index) ??
    child.names.component ??
    named(parent.names, "component", component) ??
    `${parentName}/${index}`;
  return freshName(linking, parentName, name);
}

/** The name of an instance that the host makes. */
export function unitName(linking: Linking, name: string): string {
  return freshName(linking, null, name);
}

/** What a lifted function is called within its instance. */
export function liftName(component: Component, index: number, core: CoreItem | undefined): string {
  const lifted = core?.alias?.replace(/^\[[^\]]*\]/, "");
  return (
    exportedAs(component, "func", index) ??
    named(component.names, "func", index) ??
    lifted ??
    `func${index}`
  );
}

/** What a core instance is called within its component instance. */
export function moduleName({ names }: Component, index: number, module: Module): string {
  return named(names, "core instance", index) ?? module.names.module ?? `core${index}`;
}
