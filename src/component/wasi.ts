// The WASI host as what components import: its interfaces as instances, by name and version. Mirrors spec/14 and spec/09.

import type { FuncId, InstanceId, ResourceTypeId } from "../model/ids.ts";
import type { FuncType } from "../model/types.ts";
import { wasiCode } from "../wasi/bodies.ts";
import { wasiInterfaces } from "../wasi/interfaces.ts";
import { externName } from "../wit/names.ts";
import type { Interface, InterfaceFunc, ResolvedType, ResourceId } from "../wit/resolved.ts";
import { funcType, type ResourceTypeOf, valType } from "../wit/val-types.ts";
import { destructorType } from "./evaluate-starts.ts";
import type { InstanceItem, Item, Linking, TypeMeaning } from "./items.ts";
import { canonicalName } from "./versions.ts";

/** The host is the first instance. */
export const hostInstance = 0 as InstanceId;

/** Hands out the interfaces that are asked for; what they need is added to `linking` then. */
export interface WasiHost {
  readonly linking: Linking;
  readonly interfaces: ReadonlyMap<string, Interface>;
  /** resource types by the key of the resource */
  readonly resources: Map<string, ResourceTypeId>;
  readonly made: Map<string, InstanceItem>;
}

/** `variant` is the setting of the WASI host that says which interfaces it offers. */
export function wasiHost(linking: Linking, variant: string): WasiHost {
  return { linking, interfaces: wasiInterfaces(variant), resources: new Map(), made: new Map() };
}

/** Whether a component was given anything of the WASI host. */
export function isUsed({ made }: WasiHost): boolean {
  return made.size > 0;
}

const withoutVersion = (id: string): string => id.replace(/@.*$/, "");

/** Adds a function of the host; `key` is what the host knows it by. */
function addFunc({ funcs }: Linking, key: string, ft: FuncType): FuncId {
  const id = funcs.length as FuncId;
  const core = { guest: "wasi", instance: hostInstance, code: wasiCode(key) };
  funcs.push({ tag: "host", name: key, instance: hostInstance, core, ft, cancel: "defer" });
  return id;
}

function resourceType({ linking, resources }: WasiHost, id: ResourceId): ResourceTypeId {
  const key = `${withoutVersion(id.interface)}.${id.name}`;
  const known = resources.get(key);
  if (known !== undefined) return known;
  const dtor = addFunc(linking, `${key}.drop`, destructorType);
  const rt = linking.resourceTypes.length as ResourceTypeId;
  linking.resourceTypes.push({ name: key, impl: hostInstance, dtor });
  resources.set(key, rt);
  return rt;
}

function typeMeaning(t: ResolvedType, rt: ResourceTypeOf): TypeMeaning {
  return t.tag === "resource"
    ? { tag: "resource", rt: rt(t.resource) }
    : { tag: "value", t: valType(t.t, rt) };
}

function keyOf({ id }: Interface, { resource, name }: InterfaceFunc): string {
  return [withoutVersion(id), ...(resource === null ? [] : [resource]), name].join(".");
}

function makeInterface(host: WasiHost, iface: Interface): InstanceItem {
  const rt: ResourceTypeOf = (id) => resourceType(host, id);
  const exports = new Map<string, Item>();
  for (const t of iface.types.values()) {
    exports.set(t.name, { tag: "type", type: typeMeaning(t, rt) });
  }
  for (const f of iface.funcs) {
    const func = addFunc(host.linking, keyOf(iface, f), funcType(f, rt));
    exports.set(externName(f), { tag: "func", func });
  }
  return { tag: "instance", exports };
}

/** The interface of this name, in any version that is compatible; null if the host has none. */
export function wasiInstance(host: WasiHost, name: string): InstanceItem | null {
  const wanted = canonicalName(name);
  for (const [id, iface] of host.interfaces) {
    if (canonicalName(id) !== wanted) continue;
    const item = host.made.get(id) ?? makeInterface(host, iface);
    host.made.set(id, item);
    return item;
  }
  return null;
}
