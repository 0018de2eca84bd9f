// Interfaces with all their names resolved (WIT.md, "Interfaces, worlds, and `use`").

import type { InterfaceDecl, InterfaceItem, Name, TypeDecl, UseDecl, WorldItem } from "./ast.ts";
import { type Claims, claim } from "./claims.ts";
import { fault, inFile } from "./errors.ts";
import { type Declared, interfaceAt, type Sources, type Unit } from "./packages.ts";
import { funcOf, membersOf } from "./resolve-funcs.ts";
import { type TypeScope, typeNamed } from "./resolve-types.ts";
import type { Interface, InterfaceFunc, ResolvedType, World } from "./resolved.ts";
import { didYouMean } from "./spelling.ts";

/** What is shared while some files are being resolved. */
export interface Resolving {
  readonly sources: Sources;
  /** What is resolved already, by its id. */
  readonly interfaces: Map<string, Interface>;
  readonly worlds: Map<string, World>;
  /** The ids of what is just being resolved, outermost first. */
  readonly open: string[];
}

/** Chains of `use` and `include` that are longer are an error, so that no recursion overflows. */
const maxDepth = 256;

/** Resolves `id` by `work`, once; a circle is an error at `at` of the file around. */
export function once<T>(
  r: Resolving,
  done: Map<string, T>,
  id: string,
  at: Name,
  work: () => T,
): T {
  const known = done.get(id);
  if (known !== undefined) return known;
  if (r.open.includes(id)) {
    const way = [...r.open.slice(r.open.indexOf(id)), id].join(" -> ");
    fault(at.pos, `\`${at.name}\` needs itself: ${way}`, "move what both need to a third one");
  }
  if (r.open.length >= maxDepth) fault(at.pos, `uses nest deeper than ${maxDepth}`);
  r.open.push(id);
  const found = work();
  r.open.pop();
  done.set(id, found);
  return found;
}

export function interfaceOf(r: Resolving, declared: Declared<InterfaceDecl>, at: Name): Interface {
  const { unit, decl, id } = declared;
  return once(r, r.interfaces, id, at, () =>
    inFile(unit.file, () => interfaceFrom(r, unit, id, decl.name.name, decl.items)),
  );
}

/** The interface at the path of a `use`. */
function usedInterface(r: Resolving, unit: Unit, { path }: UseDecl): Interface {
  const declared = interfaceAt(r.sources, unit, path);
  return interfaceOf(r, declared, { name: path.name, pos: path.pos });
}

function usedType(from: Interface, { name, pos }: Name): ResolvedType {
  const found = from.types.get(name);
  if (found !== undefined) return found;
  const func = from.funcs.some((f) => f.kind === "func" && f.name === name);
  if (func) return fault(pos, `\`${name}\` of \`${from.id}\` is a function, not a type`);
  const hint = didYouMean(name, from.types.keys());
  return fault(pos, `there is no type \`${name}\` in \`${from.id}\``, hint);
}

interface Scoped {
  readonly scope: TypeScope;
  readonly uses: readonly Interface[];
}

function isTypeDecl(item: InterfaceItem | WorldItem): item is TypeDecl {
  return "name" in item && item.tag !== "func";
}

/** Takes the names that items give to types and functions, in their order. */
export function claimNames(taken: Claims, items: readonly (InterfaceItem | WorldItem)[]): void {
  for (const item of items) {
    const renamed = item.tag === "use" ? item.names.map(({ name, as }) => as ?? name) : [];
    const own = "name" in item ? [item.name] : [];
    for (const { name, pos } of [...renamed, ...own]) claim(taken, name, pos);
  }
}

/** The types that some items declare or use, each resolved. */
export function typesOf(
  r: Resolving,
  unit: Unit,
  id: string,
  items: readonly (InterfaceItem | WorldItem)[],
): Scoped {
  const types = new Map<string, ResolvedType>();
  const decls = new Map<string, TypeDecl>();
  const uses = new Set<Interface>();
  for (const item of items) {
    if (item.tag === "use") {
      const from = usedInterface(r, unit, item);
      uses.add(from);
      for (const { name, as } of item.names) {
        const here = (as ?? name).name;
        types.set(here, { ...usedType(from, name), name: here });
      }
    } else if (isTypeDecl(item)) {
      decls.set(item.name.name, item);
    }
  }
  const others = new Set(items.flatMap((i) => (i.tag === "func" ? [i.name.name] : [])));
  const scope: TypeScope = { id, types, decls, others, open: [] };
  for (const { name } of decls.values()) typeNamed(scope, name.name, name.pos);
  return { scope, uses: [...uses] };
}

function funcsOf(scope: TypeScope, item: InterfaceItem): readonly InterfaceFunc[] {
  if (item.tag === "func") return [funcOf(scope, item.name, item.func)];
  return item.tag === "use" ? [] : membersOf(scope, item);
}

/** An interface from its items; one inside a world has an `id` that the world makes up. */
export function interfaceFrom(
  r: Resolving,
  unit: Unit,
  id: string,
  name: string,
  items: readonly InterfaceItem[],
): Interface {
  claimNames(new Map(), items);
  const { scope, uses } = typesOf(r, unit, id, items);
  return {
    id,
    name,
    file: unit.file,
    types: scope.types,
    resources: items.flatMap((item) => (item.tag === "resource" ? [item.name.name] : [])),
    funcs: items.flatMap((item) => funcsOf(scope, item)),
    uses,
  };
}
