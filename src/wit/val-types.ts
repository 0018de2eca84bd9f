// Resolved WIT types as the value types of the machine. Mirrors spec/01.

import type { ResourceTypeId } from "../model/ids.ts";
import type { FuncType, ValType } from "../model/types.ts";
import type { InterfaceFunc, ResourceId, WitType } from "./resolved.ts";

/** Which resource type of a program a resource is. */
export type ResourceTypeOf = (id: ResourceId) => ResourceTypeId;

/** `t` with each resource as the type that `resource` gives for it. */
export function valType(t: WitType, resource: ResourceTypeOf): ValType {
  const inner = (part: WitType): ValType => valType(part, resource);
  const slot = (part: WitType | null): ValType | null => (part === null ? null : inner(part));
  switch (t.tag) {
    case "list":
      return { tag: "list", t: inner(t.t), length: t.length };
    case "record":
      return { tag: "record", fields: t.fields.map((f) => ({ label: f.label, t: inner(f.t) })) };
    case "tuple":
      return { tag: "tuple", ts: t.ts.map(inner) };
    case "variant":
      return { tag: "variant", cases: t.cases.map((c) => ({ label: c.label, t: slot(c.t) })) };
    case "option":
      return { tag: "option", t: inner(t.t) };
    case "result":
      return { tag: "result", ok: slot(t.ok), error: slot(t.error) };
    case "map":
      return { tag: "map", k: inner(t.k), v: inner(t.v) };
    case "stream":
    case "future":
      return { tag: t.tag, t: slot(t.t) };
    case "own":
    case "borrow":
      return { tag: t.tag, rt: resource(t.resource) };
    case "enum":
    case "flags":
      return { tag: t.tag, labels: t.labels };
    default:
      return t;
  }
}

/** The type of `f`, a method's with `self` first. */
export function funcType(f: InterfaceFunc, resource: ResourceTypeOf): FuncType {
  const params = f.params.map(({ name, t }) => ({ name, t: valType(t, resource) }));
  const result = f.result === null ? null : valType(f.result, resource);
  return { params, result, async: f.async };
}
