// Types with other resource types in them: what instantiation substitutes. Mirrors spec/14 and Explainer.md, "Type Checking".

import { parts as partsOf } from "../canon/values/types.ts";
import type { ResourceTypeId } from "../model/ids.ts";
import type { FuncType, ValType } from "../model/types.ts";
import type {
  ComponentType,
  DefinedType,
  ExternType,
  ExternTypes,
  InstanceType,
  Resources,
} from "./types.ts";
import { freshResource, identityOf, renamed, spend, widthOf } from "./types.ts";

/** What stands for what; types that contain something else are added as they are met. */
export interface Renaming {
  readonly resources: Resources;
  /** by identity */
  readonly identities: Map<ResourceTypeId, ResourceTypeId>;
  /** by name */
  readonly names: Map<ResourceTypeId, ResourceTypeId>;
  readonly values: Map<ValType, ValType>;
}

export function newRenaming(resources: Resources): Renaming {
  return { resources, identities: new Map(), names: new Map(), values: new Map() };
}

function renameResource(r: Renaming, id: ResourceTypeId): ResourceTypeId {
  const known = r.names.get(id);
  if (known !== undefined) return known;
  const other = r.identities.get(identityOf(r.resources, id));
  const name = other === undefined ? id : renamed(r.resources, other);
  r.names.set(id, name);
  return name;
}

function renameMaybe(r: Renaming, t: ValType | null): ValType | null {
  return t === null ? null : renameValue(r, t);
}

function renameParts(r: Renaming, t: ValType): ValType {
  switch (t.tag) {
    case "list":
    case "option":
      return { ...t, t: renameValue(r, t.t) };
    case "stream":
    case "future":
      return { ...t, t: renameMaybe(r, t.t) };
    case "record":
      return { ...t, fields: t.fields.map((f) => ({ ...f, t: renameValue(r, f.t) })) };
    case "tuple":
      return { ...t, ts: t.ts.map((u) => renameValue(r, u)) };
    case "variant":
      return { ...t, cases: t.cases.map((k) => ({ ...k, t: renameMaybe(r, k.t) })) };
    case "result":
      return { ...t, ok: renameMaybe(r, t.ok), error: renameMaybe(r, t.error) };
    case "map":
      return { ...t, k: renameValue(r, t.k), v: renameValue(r, t.v) };
    case "own":
    case "borrow":
      return { ...t, rt: renameResource(r, t.rt) };
    default:
      return t;
  }
}

function sameParts(a: ValType, b: ValType): boolean {
  if (a.tag === "own" || a.tag === "borrow") return b.tag === a.tag && a.rt === b.rt;
  const [left, right] = [partsOf(a), partsOf(b)];
  return left.every((part, i) => part === right[i]);
}

function renameValue(r: Renaming, t: ValType): ValType {
  const known = r.values.get(t);
  if (known !== undefined) return known;
  spend(r.resources, widthOf(t));
  const made = renameParts(r, t);
  const result = sameParts(t, made) ? t : made;
  r.values.set(t, result);
  return result;
}

/** A function type with other resource types in it. */
function renameFunc(r: Renaming, ft: FuncType): FuncType {
  spend(r.resources, 1 + ft.params.length);
  return {
    params: ft.params.map((p) => ({ ...p, t: renameValue(r, p.t) })),
    result: renameMaybe(r, ft.result),
    async: ft.async,
  };
}

function renameInstance(r: Renaming, type: InstanceType): InstanceType {
  return { ...type, exports: renameExterns(r, type.exports) };
}

function renameComponent(r: Renaming, type: ComponentType): ComponentType {
  const imports = renameExterns(r, type.imports);
  return { ...type, imports, exports: renameExterns(r, type.exports) };
}

function renameDefined(r: Renaming, d: DefinedType): DefinedType {
  switch (d.tag) {
    case "value":
      return { tag: "value", type: renameValue(r, d.type) };
    case "func":
      return { tag: "func", type: renameFunc(r, d.type) };
    case "component":
      return { tag: "component", type: renameComponent(r, d.type) };
    case "instance":
      return { tag: "instance", type: renameInstance(r, d.type) };
    case "resource":
      return { tag: "resource", type: renameResource(r, d.type) };
  }
}

function renameExtern(r: Renaming, e: ExternType): ExternType {
  switch (e.tag) {
    case "core-module":
      return e;
    case "func":
      return { tag: "func", type: renameFunc(r, e.type) };
    case "component":
      return { tag: "component", type: renameComponent(r, e.type) };
    case "instance":
      return { tag: "instance", type: renameInstance(r, e.type) };
    case "type":
      return { tag: "type", type: renameDefined(r, e.type) };
  }
}

export function renameExterns(r: Renaming, externs: ExternTypes): ExternTypes {
  spend(r.resources, 8 + 4 * externs.size);
  return new Map([...externs].map(([name, extern]) => [name, renameExtern(r, extern)]));
}

/** The same type under a new name: equal to the old one, and still told apart. */
export function nameType(resources: Resources, d: DefinedType): DefinedType {
  if (d.tag === "resource") return { tag: "resource", type: renamed(resources, d.type) };
  return d.tag === "value" ? { tag: "value", type: { ...d.type } } : d;
}

/** An instance of a type, and the resource types that are new in it. */
export function openInstance(
  resources: Resources,
  type: InstanceType,
): { readonly type: InstanceType; readonly made: readonly ResourceTypeId[] } {
  if (type.fresh.length === 0) return { type, made: [] };
  const r = newRenaming(resources);
  const made = type.fresh.map(({ resource }) => {
    const id = freshResource(resources);
    r.identities.set(resource, id);
    return id;
  });
  return { type: { exports: renameExterns(r, type.exports), fresh: [] }, made };
}

/** Lets the types of an import stand for the types that are supplied for it. */
export function bindTypes(r: Renaming, imported: ExternType, supplied: ExternType): void {
  if (imported.tag === "type" && supplied.tag === "type") {
    bindType(r, imported.type, supplied.type);
  }
  if (imported.tag !== "instance" || supplied.tag !== "instance") return;
  for (const [name, extern] of imported.type.exports) {
    const found = supplied.type.exports.get(name);
    if (found !== undefined) bindTypes(r, extern, found);
  }
}

function bindType(r: Renaming, imported: DefinedType, supplied: DefinedType): void {
  if (imported.tag === "resource" && supplied.tag === "resource") {
    r.names.set(imported.type, supplied.type);
  }
  if (imported.tag === "value" && supplied.tag === "value") {
    r.values.set(imported.type, supplied.type);
  }
}
