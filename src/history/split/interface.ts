// Interfaces of the split world: each function as its two halves, or whole.

import type { Head, InterfaceDecl, InterfaceItem, Member, Name, TypeDecl } from "../../wit/ast.ts";
import { claimAll } from "../../wit/claims.ts";
import { inFile } from "../../wit/errors.ts";
import type { Declared } from "../../wit/packages.ts";
import { claimNames } from "../../wit/resolve-interface.ts";
import type { Interface } from "../../wit/resolved.ts";
import { outerGates } from "./gates.ts";
import { halves } from "./halves.ts";
import { type Candidate, isSplit, isSplitInWorld, resultName, startName } from "./names.ts";
import { addedUses, type Job, namesOf, type Scope, scopeOf, unaliased } from "./scope.ts";
import { mapDecl, mapFunc } from "./types.ts";

type Func = Extract<InterfaceItem, { readonly tag: "func" }>;

export function renamed(name: Name, rename: (text: string) => string): Name {
  return { ...name, name: rename(name.name) };
}

/** What stands before both halves; an external id names neither of them. */
export function halfHead({ docs, gates }: Head): Head {
  return { docs, gates, externalId: null };
}

function splits(scope: Scope, func: Candidate): boolean {
  const { job, owner, inWorld } = scope;
  return inWorld ? isSplitInWorld(func, job.quirks) : isSplit(owner, func, job.quirks);
}

/** Whether a plain function of `scope` with this name is split. */
export function splitsPlain(scope: Scope, { name }: Name): boolean {
  return splits(scope, { kind: "func", resource: null, name });
}

function funcItems(scope: Scope, item: Func): readonly Func[] {
  const func = mapFunc(scope, item.func);
  if (!splitsPlain(scope, item.name)) return [{ ...item, func }];
  const { start, result } = halves(scope, func);
  const half = { ...halfHead(item), tag: item.tag };
  return [
    { ...half, name: renamed(item.name, startName), func: start },
    { ...half, name: renamed(item.name, resultName), func: result },
  ];
}

/** The half of a method that claims the result needs its object no more: it is static. */
function memberItems(scope: Scope, resource: Name, member: Member): readonly Member[] {
  if (member.tag === "constructor") return [mapFunc(scope, member)];
  const { tag, name } = member;
  const func = mapFunc(scope, member.func);
  if (!splits(scope, { kind: tag, resource: resource.name, name: name.name })) {
    return [{ ...member, func }];
  }
  const { start, result } = halves(scope, func);
  const head = halfHead(member);
  return [
    { ...head, tag, name: renamed(name, startName), func: start },
    { ...head, tag: "static", name: renamed(name, resultName), func: result },
  ];
}

/** A type of the split world, and of a resource its functions. */
export function splitDecl(scope: Scope, decl: TypeDecl): TypeDecl {
  if (decl.tag !== "resource") return mapDecl(scope, decl);
  const members = decl.members.flatMap((member) => memberItems(scope, decl.name, member));
  claimAll(members.flatMap((member) => (member.tag === "constructor" ? [] : [member.name])));
  return { ...decl, members };
}

function itemsOf(scope: Scope, item: InterfaceItem): readonly InterfaceItem[] {
  if (item.tag === "use") return [{ ...item, path: unaliased(scope, item.path) }];
  return item.tag === "func" ? funcItems(scope, item) : [splitDecl(scope, item)];
}

/** The items of an interface of the split world. Stops when a name would be there twice. */
export function splitItems(
  scope: Scope,
  items: readonly InterfaceItem[],
): readonly InterfaceItem[] {
  const own = items.flatMap((item) => itemsOf(scope, item));
  const pairs = [...scope.pairs.values()].flatMap((pair) => pair.items);
  const all = [...addedUses(scope), ...own, ...pairs];
  claimNames(new Map(), all);
  return all;
}

/** An interface of the split world. */
export function splitInterface(
  job: Job,
  declared: Declared<InterfaceDecl>,
  of: Interface,
): InterfaceDecl {
  const { unit, decl, id } = declared;
  return inFile(unit.file, () => {
    const scope = scopeOf(job, {
      unit,
      id,
      owner: { package: unit.package, interface: decl.name.name },
      inWorld: false,
      types: of.types,
      items: decl.items,
      gates: outerGates(decl.gates),
      taken: namesOf(of),
    });
    return { ...decl, items: splitItems(scope, decl.items) };
  });
}
