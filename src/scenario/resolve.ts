// Names of a scenario: components in order, functions, resources, types as data.

import type { FuncId, InstanceId, MemoryId, ResourceTypeId } from "../model/ids.ts";
import type { FuncType, ValType } from "../model/types.ts";
import type {
  Component,
  ExportDecl,
  HostFunc,
  Name,
  ResourceDecl,
  Scenario,
  Signature,
  TypeBody,
  TypeExpr,
} from "./ast.ts";

/** A component with its place in the system. */
export interface Placed {
  readonly component: Component;
  readonly instance: InstanceId;
  readonly memory: MemoryId;
  readonly parent: InstanceId | null;
}

/** Everything that names of a scenario stand for. */
export interface Names {
  readonly scenario: Scenario;
  readonly placed: readonly Placed[];
  /** by `Component.function`, and `host.function` */
  readonly funcs: ReadonlyMap<string, { readonly id: FuncId; readonly ft: FuncType }>;
  /** by `Component.resource` */
  readonly resources: ReadonlyMap<string, ResourceTypeId>;
}

/** The host is the first instance. */
export const hostInstance = 0 as InstanceId;

function place(components: readonly Component[], parent: InstanceId | null, out: Placed[]): void {
  for (const component of components) {
    const instance = (out.length + 1) as InstanceId;
    out.push({ component, instance, memory: out.length as MemoryId, parent });
    place(component.children, instance, out);
  }
}

/** The functions of a system in the order of `Program.funcs`. */
export type FuncSource =
  | { readonly tag: "export"; readonly placed: Placed; readonly decl: ExportDecl }
  | { readonly tag: "dtor"; readonly placed: Placed; readonly decl: ResourceDecl }
  | { readonly tag: "host"; readonly decl: HostFunc };

export function funcSources(scenario: Scenario, placed: readonly Placed[]): FuncSource[] {
  const guests = placed.flatMap((p): FuncSource[] => [
    ...p.component.exports.map((decl) => ({ tag: "export", placed: p, decl }) as const),
    ...p.component.resources.map((decl) => ({ tag: "dtor", placed: p, decl }) as const),
  ]);
  const host = (scenario.host?.funcs ?? []).map((decl): FuncSource => ({ tag: "host", decl }));
  return [...guests, ...host];
}

export function sourceName(source: FuncSource): string {
  if (source.tag === "host") return `host.${source.decl.name}`;
  const { name } = source.placed.component;
  return source.tag === "dtor" ? `${name}.${source.decl.name}.drop` : `${name}.${source.decl.name}`;
}

/** The type of every destructor: one representation, no result. */
export const dtorType: FuncType = {
  params: [{ name: "rep", t: { tag: "u32" } }],
  result: null,
  async: false,
};

export function resolveNames(scenario: Scenario): Names {
  const placed: Placed[] = [];
  place(scenario.components, null, placed);
  const resources = new Map<string, ResourceTypeId>();
  for (const { component } of placed) {
    for (const r of component.resources) {
      resources.set(`${component.name}.${r.name}`, resources.size as ResourceTypeId);
    }
  }
  const funcs = new Map<string, { id: FuncId; ft: FuncType }>();
  const names: Names = { scenario, placed, funcs, resources };
  for (const [i, source] of funcSources(scenario, placed).entries()) {
    const scope = source.tag === "host" ? null : source.placed.component;
    const ft = source.tag === "dtor" ? dtorType : funcType(names, source.decl.sig, scope);
    funcs.set(sourceName(source), { id: i as FuncId, ft });
  }
  return names;
}

/** The last two parts of a path: `Outer.Inner.f` is `Inner.f`. */
export function qualified(path: readonly string[]): string {
  return path.slice(-2).join(".");
}

/** A resource by its name as seen from a component: its own, or a qualified one. */
export function resourceOf(
  names: Names,
  { path }: Name,
  scope: Component | null,
): ResourceTypeId | null {
  const full = path.length === 1 ? `${scope?.name ?? ""}.${path[0]}` : qualified(path);
  return names.resources.get(full) ?? null;
}

function funcType(names: Names, sig: Signature, scope: Component | null): FuncType {
  return {
    params: sig.params.map(({ name, t }) => ({ name, t: resolveType(names, t, scope) })),
    result: sig.result === null ? null : resolveType(names, sig.result, scope),
    async: sig.async,
  };
}

/** The element type of `<T>`: null for `<_>`. */
export function resolveElement(
  names: Names,
  t: TypeExpr | null,
  scope: Component | null,
): ValType | null {
  return t === null || t.tag === "none" ? null : resolveType(names, t, scope);
}

/** A type with every name resolved. The checker has seen to it that the names exist. */
export function resolveType(names: Names, t: TypeExpr, scope: Component | null): ValType {
  const inner = (u: TypeExpr): ValType => resolveType(names, u, scope);
  switch (t.tag) {
    case "prim":
      return { tag: t.name };
    case "list":
      return { tag: "list", t: inner(t.t), length: t.length };
    case "tuple":
      return { tag: "tuple", ts: t.ts.map(inner) };
    case "option":
      return { tag: "option", t: inner(t.t) };
    case "result":
      return {
        tag: "result",
        ok: t.ok === null ? null : inner(t.ok),
        error: t.error === null ? null : inner(t.error),
      };
    case "map":
      return { tag: "map", k: inner(t.k), v: inner(t.v) };
    case "stream":
    case "future":
      return { tag: t.tag, t: resolveElement(names, t.t, scope) };
    case "own":
    case "borrow":
      return { tag: t.tag, rt: known(resourceOf(names, t.resource, scope), t.resource) };
    case "named":
      return namedType(names, t.name, scope);
    case "none":
      throw new Error("_ stands for no type only in a stream or future");
  }
}

function known<X>(x: X | null | undefined, name: Name): X {
  if (x === null || x === undefined) throw new Error(`unresolved name ${name.path.join(".")}`);
  return x;
}

function namedType(names: Names, name: Name, scope: Component | null): ValType {
  const rt = resourceOf(names, name, scope);
  if (rt !== null) return { tag: "own", rt };
  const decl = names.scenario.types.find((d) => d.name === name.path[0]);
  return bodyType(names, known(decl, name).body, scope);
}

function bodyType(names: Names, body: TypeBody, scope: Component | null): ValType {
  const inner = (u: TypeExpr): ValType => resolveType(names, u, scope);
  switch (body.tag) {
    case "record":
      return { tag: "record", fields: body.fields.map((f) => ({ label: f.label, t: inner(f.t) })) };
    case "variant":
      return {
        tag: "variant",
        cases: body.cases.map((k) => ({ label: k.label, t: k.t === null ? null : inner(k.t) })),
      };
    case "enum":
    case "flags":
      return { tag: body.tag, labels: body.labels };
    case "alias":
      return inner(body.t);
  }
}
