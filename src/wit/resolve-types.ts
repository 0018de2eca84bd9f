// Types without names: what the names in a type refer to, and what may not be in it (WIT.md, "Types").

import type { Name, Pos, TypeDecl, TypeExpr } from "./ast.ts";
import { claimAll } from "./claims.ts";
import { fault } from "./errors.ts";
import type { ResolvedType, ResourceId, WitType } from "./resolved.ts";
import { didYouMean } from "./spelling.ts";
import { typeWords } from "./words.ts";

/** Where the names of types are looked up: an interface or a world while it is being resolved. */
export interface TypeScope {
  readonly id: string;
  /** Types that came by `use`, and own ones as soon as they are resolved. */
  readonly types: Map<string, ResolvedType>;
  readonly decls: ReadonlyMap<string, TypeDecl>;
  /** Names that are no types. */
  readonly others: ReadonlySet<string>;
  /** The own types that are just being resolved, outermost first. */
  readonly open: string[];
}

/** Types nest this deep when all names are written out, and have this many parts. */
const maxDepth = 100;
const maxParts = 10_000;

function partsOf(t: WitType): readonly (WitType | null)[] {
  switch (t.tag) {
    case "list":
    case "option":
    case "stream":
    case "future":
      return [t.t];
    case "record":
      return t.fields.map((field) => field.t);
    case "variant":
      return t.cases.map((one) => one.t);
    case "tuple":
      return t.ts;
    case "result":
      return [t.ok, t.error];
    case "map":
      return [t.k, t.v];
    default:
      return [];
  }
}

/** How many parts `t` has; it stops to count when there are too many or when they nest too deep. */
function count(t: WitType, depth: number, left: number): number {
  let parts = 1;
  for (const part of partsOf(t)) {
    if (parts > left || depth > maxDepth) return maxParts + 1;
    if (part !== null) parts += count(part, depth + 1, left - parts);
  }
  return parts;
}

export function hasBorrow(t: WitType): boolean {
  if (t.tag === "borrow") return true;
  return partsOf(t).some((part) => part !== null && hasBorrow(part));
}

function cycle(scope: TypeScope, name: string, pos: Pos): never {
  const way = [...scope.open.slice(scope.open.indexOf(name)), name].join(" -> ");
  return fault(pos, `type \`${name}\` contains itself: ${way}`, "types are not recursive");
}

function unknownType(scope: TypeScope, name: string, pos: Pos): never {
  if (scope.others.has(name)) return fault(pos, `\`${name}\` is not a type`);
  const known = [...scope.types.keys(), ...scope.decls.keys(), ...typeWords];
  const hint = didYouMean(name, known) ?? "types of other interfaces come by `use`";
  return fault(pos, `there is no type \`${name}\``, hint);
}

/** What the name of a type stands for in `scope`. */
export function typeNamed(scope: TypeScope, name: string, pos: Pos): ResolvedType {
  const known = scope.types.get(name);
  if (known !== undefined) return known;
  const decl = scope.decls.get(name);
  if (decl === undefined) return unknownType(scope, name, pos);
  if (scope.open.includes(name)) cycle(scope, name, pos);
  if (scope.open.length >= maxDepth)
    fault(pos, `types nest deeper than ${maxDepth}`, "give up some layers");
  scope.open.push(name);
  const found = declaredType(scope, decl);
  scope.open.pop();
  scope.types.set(name, found);
  return found;
}

function declaredType(scope: TypeScope, decl: TypeDecl): ResolvedType {
  const { name, pos } = decl.name;
  const definedIn = scope.id;
  if (decl.tag === "resource") {
    return { tag: "resource", name, definedIn, resource: { interface: definedIn, name } };
  }
  const { t: target } = decl.tag === "alias" ? decl : { t: null };
  if (target?.tag === "named") {
    const of = typeNamed(scope, target.name, target.pos);
    if (of.tag === "resource") return { ...of, name, definedIn };
  }
  const t = bodyOf(scope, decl);
  if (count(t, 0, maxParts) > maxParts) {
    fault(pos, `type \`${name}\` is too large`, `it has over ${maxParts} parts or is too deep`);
  }
  return { tag: "value", name, definedIn, t };
}

type ValueDecl = Exclude<TypeDecl, { readonly tag: "resource" }>;

function bodyOf(scope: TypeScope, decl: ValueDecl): WitType {
  if (decl.tag === "alias") return typeOf(scope, decl.t);
  if (decl.tag === "record") {
    claimAll(decl.fields.map((field) => field.name));
    const fields = decl.fields.map(({ name, t }) => ({ label: name.name, t: typeOf(scope, t) }));
    return { tag: "record", fields };
  }
  if (decl.tag === "variant") {
    claimAll(decl.cases.map((one) => one.name));
    const cases = decl.cases.map(({ name, t }) => ({ label: name.name, t: slotOf(scope, t) }));
    return { tag: "variant", cases };
  }
  return { tag: decl.tag, labels: labelsOf(decl.tag, decl.labels, decl.name) };
}

/** A `flags` has at most 32 labels (Binary.md, "Type Definitions"). */
function labelsOf(
  tag: "enum" | "flags",
  labels: readonly { readonly name: Name }[],
  owner: Name,
): readonly string[] {
  claimAll(labels.map((label) => label.name));
  if (tag === "flags" && labels.length > 32) {
    fault(owner.pos, `\`${owner.name}\` has more than 32 flags`, "split it into two types");
  }
  return labels.map((label) => label.name.name);
}

function slotOf(scope: TypeScope, t: TypeExpr | null): WitType | null {
  return t === null ? null : typeOf(scope, t);
}

/** The resource that `name` stands for. */
function resourceNamed(scope: TypeScope, { name, pos }: Name): ResourceId {
  const found = typeNamed(scope, name, pos);
  if (found.tag === "resource") return found.resource;
  return fault(pos, `\`${name}\` is not a resource`, "only handles of resources are lent");
}

function named(scope: TypeScope, name: string, pos: Pos): WitType {
  const found = typeNamed(scope, name, pos);
  return found.tag === "value" ? found.t : { tag: "own", resource: found.resource };
}

function payloadOf(scope: TypeScope, tag: "stream" | "future", t: TypeExpr | null): WitType {
  const payload = slotOf(scope, t);
  if (t !== null && payload !== null && hasBorrow(payload)) {
    fault(t.pos, `a ${tag} cannot carry a borrow`, "a borrow ends with its call");
  }
  return { tag, t: payload };
}

/** The type that `expr` stands for in `scope`. A name of a resource alone is `own` of it. */
export function typeOf(scope: TypeScope, expr: TypeExpr): WitType {
  switch (expr.tag) {
    case "prim":
      return { tag: expr.name };
    case "list":
      return { tag: "list", t: typeOf(scope, expr.t), length: expr.length };
    case "tuple":
      return { tag: "tuple", ts: expr.ts.map((t) => typeOf(scope, t)) };
    case "option":
      return { tag: "option", t: typeOf(scope, expr.t) };
    case "result":
      return { tag: "result", ok: slotOf(scope, expr.ok), error: slotOf(scope, expr.error) };
    case "map":
      return { tag: "map", k: typeOf(scope, expr.k), v: typeOf(scope, expr.v) };
    case "stream":
    case "future":
      return payloadOf(scope, expr.tag, expr.t);
    case "own":
    case "borrow":
      return { tag: expr.tag, resource: resourceNamed(scope, expr.resource) };
    case "named":
      return named(scope, expr.name, expr.pos);
  }
}
