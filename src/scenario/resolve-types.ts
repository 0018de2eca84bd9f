// Types and resources of a scenario by their names, as data. The checker has seen to it that they exist.

import type { ResourceTypeId } from "../model/ids.ts";
import type { ValType } from "../model/types.ts";
import type { Component } from "./ast.ts";
import type { Name, TypeBody, TypeExpr } from "./ast-types.ts";
import type { Names } from "./resolve.ts";
import { interfacesOf, typesNamed } from "./wasi-names.ts";

/** The last two parts of a path: `Outer.Inner.f` is `Inner.f`. */
export function qualified(path: readonly string[]): string {
  return path.slice(-2).join(".");
}

/** A type of an interface by its name as seen from a component, or from the host (null). */
function wasiType({ wasi }: Names, { path }: Name, scope: Component | null): ValType | null {
  return typesNamed(interfacesOf(wasi, scope), path)[0] ?? null;
}

/** A resource by its name as seen from a component: its own, or a qualified one. */
export function resourceOf(
  names: Names,
  name: Name,
  scope: Component | null,
): ResourceTypeId | null {
  const { path } = name;
  const full = path.length === 1 ? `${scope?.name ?? ""}.${path[0]}` : qualified(path);
  const own = names.resources.get(full);
  if (own !== undefined) return own;
  const t = wasiType(names, name, scope);
  return t?.tag === "own" ? t.rt : null;
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
  const text = name.path.join(".");
  const decl = names.scenario.types.find((d) => d.name === text);
  if (decl !== undefined) return bodyType(names, decl.body);
  const rt = resourceOf(names, name, scope);
  return rt !== null ? { tag: "own", rt } : known(wasiType(names, name, scope), name);
}

/** A `type` line stands outside of the components: it means the same in all of them. */
function bodyType(names: Names, body: TypeBody): ValType {
  const inner = (u: TypeExpr): ValType => resolveType(names, u, null);
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
