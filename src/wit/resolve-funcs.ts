// Functions of interfaces, worlds and resources with their types (WIT.md, "Item: `resource`").

import type { FuncExpr, Member, Name, Param, Pos, TypeDecl, TypeExpr } from "./ast.ts";
import { type Claims, claim, claimAll } from "./claims.ts";
import { fault } from "./errors.ts";
import { hasBorrow, type TypeScope, typeOf } from "./resolve-types.ts";
import type { InterfaceFunc, WitType } from "./resolved.ts";

type Params = InterfaceFunc["params"];

function paramsOf(scope: TypeScope, params: readonly Param[]): Params {
  return params.map(({ name, t }) => ({ name: name.name, t: typeOf(scope, t) }));
}

function resultOf(scope: TypeScope, expr: TypeExpr | null): WitType | null {
  if (expr === null) return null;
  const t = typeOf(scope, expr);
  if (hasBorrow(t)) {
    fault(expr.pos, "a result cannot contain a borrow", "a borrow ends with its call");
  }
  return t;
}

type Signature = Pick<InterfaceFunc, "params" | "result" | "async">;

function signatureOf(scope: TypeScope, { async, params, result }: FuncExpr): Signature {
  claimAll(params.map((param) => param.name));
  return { params: paramsOf(scope, params), result: resultOf(scope, result), async };
}

/** A function that belongs to no resource. */
export function funcOf(scope: TypeScope, { name, pos }: Name, func: FuncExpr): InterfaceFunc {
  return { kind: "func", resource: null, name, ...signatureOf(scope, func), pos };
}

interface Owner {
  readonly scope: TypeScope;
  readonly resource: Name;
  /** The names of its methods and static functions. */
  readonly taken: Claims;
}

/** A constructor that can fail is written with `-> result<r, ..>` of its own resource `r`. */
function checkConstructed(resource: Name, result: TypeExpr): void {
  const ok = result.tag === "result" ? result.ok : null;
  if (ok?.tag === "named" && ok.name === resource.name) return;
  const hint = `write \`-> result<${resource.name}>\`, perhaps with an error type, or nothing`;
  fault(result.pos, "a constructor returns its resource, or a result of it", hint);
}

function constructed(
  { scope, resource }: Owner,
  params: readonly Param[],
  result: TypeExpr | null,
  pos: Pos,
): InterfaceFunc {
  claimAll(params.map((param) => param.name));
  if (result !== null) checkConstructed(resource, result);
  const own: TypeExpr = { tag: "own", resource, pos: resource.pos };
  return {
    kind: "constructor",
    resource: resource.name,
    name: resource.name,
    params: paramsOf(scope, params),
    result: resultOf(scope, result ?? own),
    async: false,
    pos,
  };
}

function selfParam({ resource }: Owner): Param {
  return {
    name: { name: "self", pos: resource.pos },
    t: { tag: "borrow", resource, pos: resource.pos },
  };
}

function memberOf(owner: Owner, member: Member): InterfaceFunc {
  const { scope, resource, taken } = owner;
  if (member.tag === "constructor") {
    return constructed(owner, member.params, member.result, member.pos);
  }
  const { tag, name, func } = member;
  claim(taken, name.name, name.pos);
  const self = tag === "method" ? [selfParam(owner)] : [];
  const whole = { ...func, params: [...self, ...func.params] };
  const signature = signatureOf(scope, whole);
  return { kind: tag, resource: resource.name, name: name.name, ...signature, pos: name.pos };
}

/** The functions of a resource, methods with their `self`; none for another type. */
export function membersOf(scope: TypeScope, decl: TypeDecl): readonly InterfaceFunc[] {
  if (decl.tag !== "resource") return [];
  const [, second] = decl.members.filter((member) => member.tag === "constructor");
  if (second !== undefined) fault(second.pos, "a resource has at most one constructor");
  const taken: Claims = new Map();
  // `[method]r.r` would be called as `r` itself (Explainer.md, "strongly-unique").
  claim(taken, decl.name.name, decl.name.pos);
  const owner: Owner = { scope, resource: decl.name, taken };
  return decl.members.map((member) => memberOf(owner, member));
}
