// What names mean where something is split, and the names and items that splitting adds there.

import type {
  Gate,
  InterfaceItem,
  Name,
  PackageName,
  Pos,
  Renamed,
  UseDecl,
  UsePath,
} from "../../wit/ast.ts";
import { idIn, packageId } from "../../wit/names.ts";
import { interfaceAt, type Sources, type Unit } from "../../wit/packages.ts";
import type { Interface, ResolvedType, World } from "../../wit/resolved.ts";
import type { Owner, Quirk } from "./names.ts";

/** An interface or a world, wherever it is named from. */
export interface Place {
  readonly package: PackageName;
  readonly name: string;
}

/** What is shared while one world is being split. */
export interface Job {
  readonly sources: Sources;
  /** Every world that there is, by its id. */
  readonly worlds: ReadonlyMap<string, World>;
  readonly quirks: ReadonlySet<Quirk>;
  /** The interface whose `pending` and `ready` are handed out. */
  readonly tasks: Place;
  /** The interface whose `input-stream` stands for a `stream<u8>`; null when none is imported. */
  readonly streams: Place | null;
  /** Where the resources of futures of primitive types are, by their names; for `share-payloads`. */
  readonly shared: Map<string, Place>;
}

/** One interface or one world while it is being split. */
export interface Scope {
  readonly job: Job;
  readonly unit: Unit;
  readonly id: string;
  readonly owner: Owner;
  /** A world itself, not an interface. */
  readonly inWorld: boolean;
  readonly types: ReadonlyMap<string, ResolvedType>;
  readonly items: readonly Gated[];
  /** The gates that everything in here has to repeat. */
  readonly gates: readonly Gate[];
  /** Names that are taken, in lower case. */
  readonly taken: Set<string>;
  /** The names that are used of other interfaces from now on, by the ids of these. */
  readonly uses: Map<string, { readonly place: Place; readonly names: Renamed[] }>;
  /** The resources and the function of each future, by the name of its payload. */
  readonly pairs: Map<string, Pair>;
}

/** What a future became, and the shape of its payload, which its name may not tell. */
export interface Pair {
  readonly payload: string;
  readonly items: readonly InterfaceItem[];
}

interface Gated {
  readonly gates: readonly Gate[];
  readonly name?: Name;
}

/** A scope in which nothing is added yet. */
export function scopeOf(job: Job, of: Omit<Scope, "job" | "uses" | "pairs">): Scope {
  return { job, ...of, uses: new Map(), pairs: new Map() };
}

/** The names that an interface gives to types and functions, in lower case. */
export function namesOf({ types, funcs }: Interface): Set<string> {
  return new Set([...types.keys(), ...funcs.map((f) => f.name)].map((name) => name.toLowerCase()));
}

/** Where made-up items stand: errors never point at them. */
export const nowhere: Pos = { line: 1, column: 1 };

export function nameHere(name: string): Name {
  return { name, pos: nowhere };
}

export function placeId(place: Place): string {
  return idIn(place.package, place.name);
}

/** A path to `place` from a file of package `from`. */
export function pathTo(from: PackageName, place: Place, pos: Pos): UsePath {
  const near = packageId(from) === packageId(place.package);
  return { package: near ? null : place.package, name: place.name, pos };
}

/** The same path without the names that the top of the file gives to interfaces. */
export function unaliased({ job, unit }: Pick<Scope, "job" | "unit">, path: UsePath): UsePath {
  const { unit: there, decl } = interfaceAt(job.sources, unit, path);
  return pathTo(unit.package, { package: there.package, name: decl.name.name }, path.pos);
}

/** A name that is free, and taken from now on: `name`, or something like it. */
function freshName(taken: Set<string>, name: string): string {
  let free = name;
  for (let i = 1; taken.has(free.toLowerCase()); i++) {
    free = i === 1 ? `isyswasfa-${name}` : `isyswasfa-${name}-${i}`;
  }
  taken.add(free.toLowerCase());
  return free;
}

/** How `scope` calls a resource of another interface already, or null. */
function knownAs(scope: Scope, from: string, name: string): string | null {
  for (const [local, type] of scope.types) {
    if (type.tag !== "resource" || type.resource.interface !== from) continue;
    if (type.resource.name === name) return local;
  }
  return null;
}

/** The name that type `name` of the interface at `place` has in `scope`, where it may be new. */
export function localName(scope: Scope, place: Place, name: string): string {
  const id = placeId(place);
  const known = id === scope.id ? name : knownAs(scope, id, name);
  if (known !== null) return known;
  const added = scope.uses.get(id) ?? { place, names: [] };
  scope.uses.set(id, added);
  const before = added.names.find((one) => one.name.name === name);
  if (before !== undefined) return (before.as ?? before.name).name;
  const here = freshName(scope.taken, name);
  added.names.push({ name: nameHere(name), as: here === name ? null : nameHere(here) });
  return here;
}

/** The `use` items for what `localName` had to add. */
export function addedUses(scope: Scope): readonly UseDecl[] {
  return [...scope.uses.values()].map(({ place, names }) => ({
    tag: "use",
    docs: null,
    gates: scope.gates,
    externalId: null,
    path: pathTo(scope.unit.package, place, nowhere),
    names,
  }));
}
