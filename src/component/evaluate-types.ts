// Type definitions as the types of the machine, in the scope that they stand in. Mirrors spec/14 and Explainer.md, "Type Definitions".

import type { ResourceTypeId } from "../model/ids.ts";
import type { FuncType, ValType } from "../model/types.ts";
import { Invalid } from "../wasm/invalid.ts";
import type { CoreFuncType } from "../wasm/module.ts";
import type { At, DefValType, FuncTypeDef, TypeDef, ValTypeRef } from "./ast.ts";
import { itemAt, type Scope, type TypeMeaning } from "./items.ts";

function invalid(at: At, message: string): never {
  throw new Invalid("invalid", at.offset, message);
}

/** What a type index stands for. */
export function typeAt({ items }: Scope, index: number, at: At): TypeMeaning {
  return itemAt(items.type, index, "type", at).type;
}

/** The value type that is written here. */
export function valTypeOf(scope: Scope, ref: ValTypeRef, at: At): ValType {
  if (ref.tag === "prim") return { tag: ref.type };
  const type = typeAt(scope, ref.index, at);
  return type.tag === "value" ? type.t : invalid(at, `type ${ref.index} is no value type`);
}

function slot(scope: Scope, ref: ValTypeRef | null, at: At): ValType | null {
  return ref === null ? null : valTypeOf(scope, ref, at);
}

export function resourceAt(scope: Scope, index: number, at: At): ResourceTypeId {
  const type = typeAt(scope, index, at);
  return type.tag === "resource" ? type.rt : invalid(at, `type ${index} is no resource type`);
}

export function funcTypeAt(scope: Scope, index: number, at: At): FuncType {
  const type = typeAt(scope, index, at);
  return type.tag === "func" ? type.ft : invalid(at, `type ${index} is no function type`);
}

export function coreFuncTypeAt({ core }: Scope, index: number, at: At): CoreFuncType {
  const item = itemAt(core.type, index, "core type", at);
  return item.tag === "func" ? item.type : invalid(at, `core type ${index} is no function type`);
}

function definedType(scope: Scope, def: DefValType, at: At): ValType {
  const inner = (ref: ValTypeRef): ValType => valTypeOf(scope, ref, at);
  switch (def.tag) {
    case "prim":
      return { tag: def.type };
    case "record":
      return {
        tag: "record",
        fields: def.fields.map(({ label, type }) => ({ label, t: inner(type) })),
      };
    case "variant":
      return {
        tag: "variant",
        cases: def.cases.map(({ label, type }) => ({ label, t: slot(scope, type, at) })),
      };
    case "list":
      return { tag: "list", t: inner(def.type), length: def.length };
    case "tuple":
      return { tag: "tuple", ts: def.types.map(inner) };
    case "flags":
    case "enum":
      return { tag: def.tag, labels: def.labels };
    case "option":
      return { tag: "option", t: inner(def.type) };
    case "result":
      return { tag: "result", ok: slot(scope, def.ok, at), error: slot(scope, def.error, at) };
    case "own":
    case "borrow":
      return { tag: def.tag, rt: resourceAt(scope, def.index, at) };
    case "stream":
    case "future":
      return { tag: def.tag, t: slot(scope, def.type, at) };
    case "map":
      return { tag: "map", k: inner(def.key), v: inner(def.value) };
  }
}

function funcType(scope: Scope, def: FuncTypeDef, at: At): FuncType {
  const params = def.params.map(({ label, type }) => ({
    name: label,
    t: valTypeOf(scope, type, at),
  }));
  return { params, result: slot(scope, def.result, at), async: def.async };
}

/** What a type definition means; each resource type that a component instance defines is a new one. */
export function meaningOf(
  scope: Scope,
  def: Exclude<TypeDef, { readonly tag: "resource" }>,
  at: At,
): TypeMeaning {
  switch (def.tag) {
    case "func":
      return { tag: "func", ft: funcType(scope, def, at) };
    case "component":
    case "instance":
      return { tag: def.tag, decls: def.decls, scope };
    default:
      return { tag: "value", t: definedType(scope, def, at) };
  }
}
