// What WASI interfaces bring into sight: functions, resources and types by name. Mirrors spec/00-scenarios.md.

import type { ResourceTypeId } from "../model/ids.ts";
import { sameData } from "../model/same.ts";
import type { FuncType, ValType } from "../model/types.ts";
import { wasiInterfaces } from "../wasi/interfaces.ts";
import type { Interface, InterfaceFunc, ResolvedType, ResourceId } from "../wit/resolved.ts";
import { funcType, valType } from "../wit/val-types.ts";
import type { Component, Scenario } from "./ast.ts";
import { everyComponent } from "./components.ts";
import { isPollables } from "./pollables.ts";

/** A function of an interface. */
export interface WasiFunc {
  /** `wasi:filesystem/types.descriptor.open-at`: what the host knows it by */
  readonly key: string;
  /** `descriptor.open-at`: how scenarios call it */
  readonly name: string;
  readonly ft: FuncType;
}

/** An interface as scenarios see it. */
export interface WasiInterface {
  /** `wasi:filesystem/types@0.3.0` */
  readonly id: string;
  /** `filesystem`: what stands before the name of a type that another interface has too */
  readonly pack: string;
  /** by the name that scenarios call them by */
  readonly funcs: ReadonlyMap<string, WasiFunc>;
  /** by name; a resource is `own` of it */
  readonly types: ReadonlyMap<string, ValType>;
}

/** All interfaces of a host. */
export interface WasiNames {
  readonly interfaces: readonly WasiInterface[];
  /** `wasi:filesystem/types.descriptor`, in the order of their numbers */
  readonly resources: readonly string[];
}

/** Whether an import names an interface and not a component. */
export function isInterfaceName(text: string): boolean {
  return text.includes(":");
}

/** `wasi:filesystem/types` of `wasi:filesystem/types@0.3.0` */
export function withoutVersion(id: string): string {
  return id.replace(/@.*$/, "");
}

/** Whether a scenario has a WASI host: it says so, or a component imports one of its interfaces. */
export function usesWasi({ wasi, components, binary }: Scenario): boolean {
  if (binary !== undefined) return binary.wasi;
  const imports = everyComponent(components).flatMap((c) => c.imports);
  return wasi !== null || imports.some((i) => isInterfaceName(i.name) && !isPollables(i.name));
}

function nameOf(iface: Interface, { kind, resource, name }: InterfaceFunc): string {
  return `${resource ?? iface.name}.${kind === "constructor" ? "new" : name}`;
}

function keyOf(iface: Interface, { resource, name }: InterfaceFunc): string {
  const parts = [withoutVersion(iface.id), ...(resource === null ? [] : [resource]), name];
  return parts.join(".");
}

const resourceKey = ({ interface: id, name }: ResourceId): string =>
  `${withoutVersion(id)}.${name}`;

type Numbering = (resource: ResourceId) => ResourceTypeId;

function typeOf(t: ResolvedType, rt: Numbering): ValType {
  return t.tag === "resource" ? { tag: "own", rt: rt(t.resource) } : valType(t.t, rt);
}

/** The interfaces of a variant of the host; its resource types are numbered from `first` on. */
export function wasiNames(variant: string, first: number): WasiNames {
  const all = [...wasiInterfaces(variant).values()];
  const resources = all.flatMap(({ id, resources: names }) =>
    names.map((name) => resourceKey({ interface: id, name })),
  );
  const rt: Numbering = (resource) =>
    (first + resources.indexOf(resourceKey(resource))) as ResourceTypeId;
  const interfaces = all.map((iface): WasiInterface => {
    const funcs = iface.funcs.map((f): WasiFunc => {
      return { key: keyOf(iface, f), name: nameOf(iface, f), ft: funcType(f, rt) };
    });
    const types = [...iface.types.values()].map((t) => [t.name, typeOf(t, rt)] as const);
    return {
      id: iface.id,
      pack: /:(.*)\//.exec(iface.id)?.[1] ?? "",
      funcs: new Map(funcs.map((f) => [f.name, f])),
      types: new Map(types),
    };
  });
  return { interfaces, resources };
}

/** The interface of this name, with its version or without. */
export function findInterface(wasi: WasiNames, name: string): WasiInterface | null {
  const same = ({ id }: WasiInterface): boolean => id === name || withoutVersion(id) === name;
  return wasi.interfaces.find(same) ?? null;
}

/** The interfaces that a component imports; all of them for the host (null). */
export function interfacesOf(
  wasi: WasiNames | null,
  component: Component | null,
): readonly WasiInterface[] {
  if (wasi === null) return [];
  if (component === null) return wasi.interfaces;
  const found = component.imports.map(({ name }) => findInterface(wasi, name));
  return found.filter((one) => one !== null);
}

/** The functions that `descriptor.open-at` may mean: one, unless interfaces share the name. */
export function funcsNamed(
  interfaces: readonly WasiInterface[],
  path: readonly string[],
): readonly WasiFunc[] {
  const name = path.join(".");
  return interfaces.flatMap(({ funcs }) => funcs.get(name) ?? []);
}

/** The different types that `error-code` or `filesystem.error-code` may mean. */
export function typesNamed(
  interfaces: readonly WasiInterface[],
  path: readonly string[],
): readonly ValType[] {
  const [name = "", pack = null] = path.toReversed();
  const found = interfaces
    .filter((iface) => path.length === 1 || (path.length === 2 && iface.pack === pack))
    .flatMap(({ types }) => types.get(name) ?? []);
  return found.filter((t, i) => found.findIndex((u) => sameData(t, u)) === i);
}

/** The words before the dot of a function: `descriptor`, `stdin`. */
export function callersOf(interfaces: readonly WasiInterface[]): ReadonlySet<string> {
  const names = interfaces.flatMap(({ funcs }) => [...funcs.keys()]);
  return new Set(names.map((name) => name.slice(0, name.lastIndexOf("."))));
}

function* labelsIn(t: ValType): Generator<string> {
  if (t.tag === "enum") yield* t.labels;
  if (t.tag === "variant") for (const { label } of t.cases) yield label;
}

/** The labels of all variants and enums that have a name. */
export function casesOf({ interfaces }: WasiNames): ReadonlySet<string> {
  const types = interfaces.flatMap((iface) => [...iface.types.values()]);
  return new Set(types.flatMap((t) => [...labelsIn(t)]));
}
