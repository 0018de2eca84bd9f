// What is known before a world is split: which one, what it needs, and what isyswasfa adds to it.

import type { InterfaceDecl, WitFile, WorldDecl } from "../../wit/ast.ts";
import { type Declared, type Sources, sourcesOf } from "../../wit/packages.ts";
import { resolve } from "../../wit/resolve.ts";
import type { Interface, Resolved, World } from "../../wit/resolved.ts";
import { chosenWorld, SplitError } from "./choice.ts";
import type { Quirk } from "./names.ts";
import type { Job, Place } from "./scope.ts";
import { interfaceNamed, missingSupport } from "./support.ts";

export interface SplitOptions {
  /** `w`, `a:b/w` or `a:b/w@1.0.0`; without it the only world that no other one includes. */
  readonly world?: string | undefined;
  /** What follows `isyswasfa-poll` in the name of the exported poll function; none without it. */
  readonly suffix?: string | undefined;
  /** Where to do as the original did; nowhere by default. */
  readonly quirks?: readonly Quirk[] | undefined;
}

/** Some files as they are understood, with all their unstable features. */
interface Understood {
  readonly files: readonly WitFile[];
  readonly sources: Sources;
  readonly resolved: Resolved;
}

function featuresIn(piece: unknown): readonly string[] {
  if (typeof piece !== "object" || piece === null) return [];
  const inner = Object.values(piece).flatMap(featuresIn);
  return "feature" in piece ? [String(piece.feature), ...inner] : inner;
}

export function understood(files: readonly WitFile[]): Understood {
  const features = new Set(featuresIn(files));
  return { files, sources: sourcesOf(files, features), resolved: resolve(files, features) };
}

function worldsById({ packages }: Resolved): ReadonlyMap<string, World> {
  const all = [...packages.values()].flatMap((one) => [...one.worlds.values()]);
  return new Map(all.map((world) => [world.id, world]));
}

export function interfacesById({ packages }: Resolved): ReadonlyMap<string, Interface> {
  const all = [...packages.values()].flatMap((one) => [...one.interfaces.values()]);
  return new Map(all.map((one) => [one.id, one]));
}

export function interfacesOf({ imports, exports }: World): readonly Interface[] {
  return [...imports, ...exports].flatMap((extern) =>
    extern.tag === "interface" ? [extern.interface] : [],
  );
}

/** The id of the imported interface that `name` is without its version, or null. */
function importedAs({ imports }: World, name: string): string | null {
  return imports.find((extern) => extern.name.split("@")[0] === name)?.name ?? null;
}

/** The files with what they need of isyswasfa's own packages. */
function withSupport(given: Understood, world: string): Understood {
  const found = worldsById(given.resolved).get(world);
  const poll = found === undefined ? null : importedAs(found, "wasi:io/poll");
  const missing = missingSupport(given.sources, poll);
  return missing.length === 0 ? given : understood([...given.files, ...missing]);
}

/** Some interfaces and all that they use, each after what it uses. */
export function withUsed(roots: readonly Interface[]): readonly Interface[] {
  const found = new Set<Interface>();
  const add = (one: Interface): void => {
    if (found.has(one)) return;
    one.uses.forEach(add);
    found.add(one);
  };
  roots.forEach(add);
  return [...found];
}

export function placeOf({ unit, decl }: Declared): Place {
  return { package: unit.package, name: decl.name.name };
}

/** Every interface that is declared by itself, by its id. */
export function declaredInterfaces(sources: Sources): ReadonlyMap<string, Declared<InterfaceDecl>> {
  const found = new Map<string, Declared<InterfaceDecl>>();
  for (const source of sources.values()) {
    for (const { decl, ...rest } of source.declared.values()) {
      if (decl.tag === "interface") found.set(rest.id, { ...rest, decl });
    }
  }
  return found;
}

/** What one split knows before it changes anything. */
export interface Plan {
  readonly all: Understood;
  readonly root: Declared<WorldDecl>;
  readonly world: World;
  readonly job: Job;
  readonly poll: Declared<InterfaceDecl> | null;
}

export function planOf(files: readonly WitFile[], options: SplitOptions): Plan {
  const given = understood([...files].sort((a, b) => (a.file < b.file ? -1 : 1)));
  const all = withSupport(given, chosenWorld(given.sources, options.world).id);
  const root = chosenWorld(all.sources, options.world);
  const worlds = worldsById(all.resolved);
  const world = worlds.get(root.id);
  if (world === undefined) throw new Error(`world ${root.id} is not resolved`);
  const { sources } = all;
  const tasks = support(sources, "isyswasfa:isyswasfa", "isyswasfa");
  const waits = importedAs(world, "wasi:io/poll") !== null;
  const streams = declaredInterfaces(sources).get(importedAs(world, "wasi:io/streams") ?? "");
  const job: Job = {
    sources,
    worlds,
    quirks: new Set(options.quirks),
    tasks: placeOf(tasks),
    streams: streams === undefined ? null : placeOf(streams),
    shared: new Map(),
  };
  return { all, root, world, job, poll: waits ? support(sources, "isyswasfa:io", "poll") : null };
}

function support(sources: Sources, of: string, name: string): Declared<InterfaceDecl> {
  const found = interfaceNamed(sources, of, name);
  if (found !== null) return found;
  throw new SplitError(`package \`${of}\` has no interface \`${name}\``);
}
