// Worlds of the split world: their functions, the interfaces inside them, and what they include.

import type {
  Extern,
  ExternDecl,
  FuncExpr,
  Head,
  IncludeDecl,
  Name,
  Renamed,
  TypeExpr,
  WorldDecl,
  WorldItem,
} from "../../wit/ast.ts";
import { inFile } from "../../wit/errors.ts";
import { type Declared, interfaceAt, worldAt } from "../../wit/packages.ts";
import { claimNames } from "../../wit/resolve-interface.ts";
import type { Interface, World } from "../../wit/resolved.ts";
import { outerGates } from "./gates.ts";
import { halves, typeHere } from "./halves.ts";
import { halfHead, renamed, splitDecl, splitItems, splitsPlain } from "./interface.ts";
import { isSplitInWorld, pollName, resultName, startName } from "./names.ts";
import {
  addedUses,
  type Job,
  localName,
  nameHere,
  namesOf,
  nowhere,
  type Place,
  pathTo,
  placeId,
  type Scope,
  scopeOf,
  unaliased,
} from "./scope.ts";
import { mapFunc } from "./types.ts";

/** A world that is split, as it was and as it is declared. */
export interface Splitting {
  readonly job: Job;
  readonly declared: Declared<WorldDecl>;
  readonly world: World;
  /** Names that this world and those around it have, in lower case. */
  readonly taken: Set<string>;
}

/** What the world in question gets besides, and the worlds that it includes do not. */
export interface Additions {
  /** The interface with the other half of `wasi:io/poll`; null when that is not imported. */
  readonly poll: Place | null;
  /** What follows in the name of the poll function; null: none is exported. */
  readonly suffix: string | null;
}

function worldScope({ job, declared, world, taken }: Splitting): Scope {
  const { unit, id, decl } = declared;
  const own = decl.items.flatMap((item) =>
    item.tag === "use" ? item.names.map((one) => (one.as ?? one.name).name) : nameOf(item),
  );
  const types = world.imports.flatMap((extern) =>
    extern.tag === "type" && own.includes(extern.name) ? [[extern.name, extern.type] as const] : [],
  );
  return scopeOf(job, {
    unit,
    id,
    owner: { package: unit.package, interface: null },
    inWorld: true,
    types: new Map(types),
    items: decl.items,
    gates: outerGates(decl.gates),
    taken,
  });
}

function nameOf(item: WorldItem): readonly string[] {
  return "name" in item ? [item.name.name] : [];
}

function interfaceInside({ world }: Splitting, id: string): Interface {
  const externs = [...world.imports, ...world.exports];
  for (const extern of externs) {
    if (extern.tag === "interface" && extern.interface.id === id) return extern.interface;
  }
  throw new Error(`no interface ${id} in ${world.id}`);
}

function insideScope(s: Splitting, scope: Scope, item: ExternDecl, name: Name): Scope {
  const of = interfaceInside(s, `${s.declared.id}/${item.tag}/${name.name}`);
  const items = item.extern.tag === "interface" ? item.extern.items : [];
  return scopeOf(scope.job, {
    unit: scope.unit,
    id: of.id,
    owner: scope.owner,
    inWorld: false,
    types: of.types,
    items,
    gates: outerGates(item.gates),
    taken: namesOf(of),
  });
}

function funcExterns(scope: Scope, item: ExternDecl, name: Name, func: FuncExpr): ExternDecl[] {
  const mapped = mapFunc(scope, func);
  if (!splitsPlain(scope, name)) return [{ ...item, extern: { tag: "func", name, func: mapped } }];
  const { start, result } = halves(scope, mapped);
  const half = (rename: (text: string) => string, signature: FuncExpr): ExternDecl => ({
    ...halfHead(item),
    tag: item.tag,
    extern: { tag: "func", name: renamed(name, rename), func: signature },
  });
  return [half(startName, start), half(resultName, result)];
}

function externItems(s: Splitting, scope: Scope, item: ExternDecl): readonly ExternDecl[] {
  const { extern } = item;
  if (extern.tag === "func") return funcExterns(scope, item, extern.name, extern.func);
  const made: Extern =
    extern.tag === "interface"
      ? { ...extern, items: splitItems(insideScope(s, scope, item, extern.name), extern.items) }
      : { ...extern, path: unaliased(scope, extern.path) };
  return [{ ...item, extern: made }];
}

/** A function that is split is renamed twice. */
function renames(scope: Scope, world: World, one: Renamed): readonly Renamed[] {
  const candidate = { kind: "func", resource: null, name: one.name.name } as const;
  const isFunc = [...world.imports, ...world.exports].some(
    (extern) => extern.tag === "func" && extern.name === candidate.name,
  );
  if (!isFunc || !isSplitInWorld(candidate, scope.job.quirks)) return [one];
  return [startName, resultName].map((rename) => ({
    name: renamed(one.name, rename),
    as: one.as === null ? null : renamed(one.as, rename),
  }));
}

function includeItem(scope: Scope, item: IncludeDecl): IncludeDecl {
  const { job, unit } = scope;
  const { unit: there, decl, id } = worldAt(job.sources, unit, item.path);
  const world = job.worlds.get(id);
  const place = { package: there.package, name: decl.name.name };
  const path = pathTo(unit.package, place, item.path.pos);
  if (world === undefined) return { ...item, path };
  return { ...item, path, names: item.names.flatMap((one) => renames(scope, world, one)) };
}

function itemsOf(s: Splitting, scope: Scope, item: WorldItem): readonly WorldItem[] {
  if (item.tag === "include") return [includeItem(scope, item)];
  if (item.tag === "use") return [{ ...item, path: unaliased(scope, item.path) }];
  return "extern" in item ? externItems(s, scope, item) : [splitDecl(scope, item)];
}

function madeHead(scope: Scope): Head {
  return { docs: null, gates: scope.gates, externalId: null };
}

/** Whether the text of a world says that it imports what is at `place`. */
function saysImport({ job, declared }: Splitting, place: Place): boolean {
  const { unit, decl } = declared;
  return decl.items.some(
    (item) =>
      item.tag === "import" &&
      item.extern.tag === "path" &&
      interfaceAt(job.sources, unit, item.extern.path).id === placeId(place),
  );
}

function importOf(s: Splitting, scope: Scope, place: Place | null): readonly WorldItem[] {
  if (place === null || saysImport(s, place)) return [];
  const path = pathTo(scope.unit.package, place, nowhere);
  return [{ ...madeHead(scope), tag: "import", extern: { tag: "path", path } }];
}

/** The function by which the host hands over events and gets others back. */
function pollExport({ world }: Splitting, scope: Scope, suffix: string): readonly WorldItem[] {
  const name = `${pollName}${suffix}`;
  if (world.exports.some((one) => one.name === name)) return [];
  const list = (type: string): TypeExpr => ({
    tag: "list",
    t: typeHere(localName(scope, scope.job.tasks, type)),
    length: null,
    pos: nowhere,
  });
  const params = [{ name: nameHere("input"), t: list("poll-input") }];
  const func: FuncExpr = { async: false, params, result: list("poll-output") };
  const extern: Extern = { tag: "func", name: nameHere(name), func };
  return [{ ...madeHead(scope), tag: "export", extern }];
}

/** What was imported comes between what all of it needs and what replaces its waiting. */
function withAdditions(
  s: Splitting,
  scope: Scope,
  items: readonly WorldItem[],
  { poll, suffix }: Additions,
): readonly WorldItem[] {
  const last = items.findLastIndex((item) => item.tag === "import" || item.tag === "include");
  return [
    ...importOf(s, scope, scope.job.tasks),
    ...items.slice(0, last + 1),
    ...importOf(s, scope, poll),
    ...items.slice(last + 1),
    ...(suffix === null ? [] : pollExport(s, scope, suffix)),
  ];
}

/** A world of the split world; `additions` are for the one that everything is about. */
export function splitWorld(s: Splitting, additions: Additions | null): WorldDecl {
  const { unit, decl } = s.declared;
  return inFile(unit.file, () => {
    const scope = worldScope(s);
    const own = decl.items.flatMap((item) => itemsOf(s, scope, item));
    const all = additions === null ? own : withAdditions(s, scope, own, additions);
    const items = [...addedUses(scope), ...all];
    claimNames(new Map(), items);
    return { ...decl, items };
  });
}
