// Files of WIT into packages whose names are all resolved. Mirrors WIT.md, "Name resolution".

import type { WitFile } from "./ast.ts";
import { inFile } from "./errors.ts";
import { checkTopUses, type PackageSource, sourcesOf } from "./packages.ts";
import { interfaceOf, type Resolving } from "./resolve-interface.ts";
import { worldOf } from "./resolve-world.ts";
import type { Interface, Package, Resolved, World } from "./resolved.ts";

function packageFrom(r: Resolving, { id, units, declared }: PackageSource): Package {
  const interfacesOf = new Map<string, Interface>();
  const worlds = new Map<string, World>();
  for (const unit of units) inFile(unit.file, () => checkTopUses(r.sources, unit));
  for (const { decl, ...rest } of declared.values()) {
    const { name } = decl.name;
    inFile(rest.unit.file, () => {
      if (decl.tag === "world") worlds.set(name, worldOf(r, { ...rest, decl }, decl.name));
      else interfacesOf.set(name, interfaceOf(r, { ...rest, decl }, decl.name));
    });
  }
  return { id, interfaces: interfacesOf, worlds };
}

/**
 * The packages of some files with all names resolved. A file without a package declaration belongs
 * to the package that other files of its folder declare, so files are given with their paths. What
 * is `@unstable` is left out unless its feature is among `features`.
 * Throws one `WitError` for the first thing that makes no sense.
 */
export function resolve(
  files: readonly WitFile[],
  features: ReadonlySet<string> = new Set(),
): Resolved {
  const sources = sourcesOf(files, features);
  const r: Resolving = { sources, interfaces: new Map(), worlds: new Map(), open: [] };
  const packages = [...sources].map(([id, source]) => [id, packageFrom(r, source)] as const);
  return { packages: new Map(packages) };
}

/** The interfaces of some files, as `resolve` gives them, by their ids: `wasi:filesystem/types@0.3.0`. */
export function interfaces(
  files: readonly WitFile[],
  features: ReadonlySet<string> = new Set(),
): ReadonlyMap<string, Interface> {
  const all = [...resolve(files, features).packages.values()].flatMap((one) => [
    ...one.interfaces.values(),
  ]);
  return new Map(all.map((one) => [one.id, one]));
}
