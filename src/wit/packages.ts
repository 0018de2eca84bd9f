// Which files make up which package, and which interface or world a path names (WIT.md, "Package Names").

import type {
  InterfaceDecl,
  NestedPackage,
  PackageItem,
  PackageName,
  Pos,
  UsePath,
  WitFile,
  WorldDecl,
} from "./ast.ts";
import { type Claims, claim } from "./claims.ts";
import { fault, inFile } from "./errors.ts";
import { checkGates, enabledItems, type Features } from "./gates.ts";
import { idIn, packageId, pathText } from "./names.ts";
import { didYouMean } from "./spelling.ts";
import { shapeOf } from "./strip.ts";

/** A file of a package, or a `package .. { }` block of a file. `site` is the folder or the block. */
export interface Unit {
  readonly file: string;
  readonly site: string;
  readonly package: PackageName;
  readonly items: readonly PackageItem[];
}

/** An interface or a world of a package, and where it is declared. */
export interface Declared<D = InterfaceDecl | WorldDecl> {
  readonly unit: Unit;
  readonly decl: D;
  readonly id: string;
}

export interface PackageSource {
  readonly id: string;
  readonly units: readonly Unit[];
  readonly declared: ReadonlyMap<string, Declared>;
}

/** Everything that can be referred to, by the ids of packages. */
export type Sources = ReadonlyMap<string, PackageSource>;

function folderOf(file: string): string {
  return file.slice(0, file.lastIndexOf("/") + 1);
}

const top: Pos = { line: 1, column: 1 };

/** A file without a declaration belongs to the package that other files of its folder declare. */
function packageOf(file: WitFile, files: readonly WitFile[]): PackageName {
  if (file.package !== null) return file.package.name;
  const folder = folderOf(file.file);
  const found = new Map(
    files.flatMap((other) =>
      other.package !== null && folderOf(other.file) === folder
        ? [[packageId(other.package.name), other.package.name] as const]
        : [],
    ),
  );
  const [only] = found.values();
  if (only !== undefined && found.size === 1) return only;
  const several = [...found.keys()].map((id) => `\`${id}\``).join(" and ");
  return found.size === 0
    ? fault(top, "no file of this folder declares a package", "begin it with `package a:b;`")
    : fault(top, `this file may belong to ${several}`, "begin it with `package a:b;`");
}

function isNested(item: PackageItem | NestedPackage): item is NestedPackage {
  return item.tag === "package";
}

function unitsOf(file: WitFile, files: readonly WitFile[]): readonly Unit[] {
  const items = file.items.filter((item) => !isNested(item));
  const nested = file.items.filter(isNested).map((block) => ({
    file: file.file,
    site: `${file.file}:${block.name.pos.line}:${block.name.pos.column}`,
    package: block.name,
    items: block.items,
  }));
  if (items.length === 0 && file.package === null) return nested;
  const own = inFile(file.file, () => packageOf(file, files));
  return [{ file: file.file, site: folderOf(file.file), package: own, items }, ...nested];
}

function grouped(
  units: readonly Unit[],
  keyOf: (unit: Unit) => string,
): ReadonlyMap<string, readonly Unit[]> {
  const groups = new Map<string, Unit[]>();
  for (const unit of units) {
    const key = keyOf(unit);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [unit]);
    else group.push(unit);
  }
  return groups;
}

function contents(units: readonly Unit[]): string {
  return units
    .flatMap((unit) => unit.items)
    .map(shapeOf)
    .sort()
    .join();
}

/** A package may be there twice, with the same contents (WIT.md, "Root Package: A Directory"). */
function oneCopy(units: readonly Unit[]): readonly Unit[] {
  const copies = [...grouped(units, (unit) => unit.site).values()];
  const [first = []] = copies;
  for (const copy of copies.slice(1)) {
    const [other] = copy;
    if (other === undefined || contents(copy) === contents(first)) continue;
    inFile(other.file, () => {
      const message = `package \`${packageId(other.package)}\` is declared twice and differently`;
      fault(other.package.pos, message, `the other one is in ${first[0]?.file}`);
    });
  }
  return first;
}

/** The names that top-level `use` gives to interfaces may not clash with those of the same file. */
function checkAliases(unit: Unit): void {
  const taken: Claims = new Map();
  for (const item of unit.items) {
    if (item.tag !== "top-use") claim(taken, item.name.name, item.name.pos);
    else if (item.as === null) claim(taken, item.path.name, item.path.pos);
    else claim(taken, item.as.name, item.as.pos);
  }
}

function packageSource(id: string, all: readonly Unit[], features: Features): PackageSource {
  const declared = new Map<string, Declared>();
  const taken: Claims = new Map();
  const units = oneCopy(all);
  for (const unit of units) {
    inFile(unit.file, () => {
      checkAliases(unit);
      checkGates(unit.package, unit.items);
      for (const decl of enabledItems(unit.items, features)) {
        if (decl.tag === "top-use") continue;
        const { name, pos } = decl.name;
        claim(taken, name, pos, `${unit.file}:${pos.line}`);
        declared.set(name, { unit, decl, id: idIn(unit.package, name) });
      }
    });
  }
  return { id, units, declared };
}

/** The packages of some files, without unstable features but those in `features`. */
export function sourcesOf(files: readonly WitFile[], features: Features): Sources {
  const units = files.flatMap((file) => unitsOf(file, files));
  const byId = grouped(units, (unit) => packageId(unit.package));
  return new Map([...byId].map(([id, group]) => [id, packageSource(id, group, features)]));
}

function packageAt(sources: Sources, name: PackageName): PackageSource {
  const id = packageId(name);
  const found = sources.get(id);
  if (found !== undefined) return found;
  const [bare = id] = id.split("@");
  const versions = [...sources.keys()].filter((other) => other.split("@")[0] === bare);
  const known = versions.map((other) => `\`${other}\``).join(", ");
  const near = didYouMean(id, sources.keys()) ?? "its files have to be given too";
  const hint = known === "" ? near : `there is ${known}`;
  return fault(name.pos, `there is no package \`${id}\``, hint);
}

function inPackage(source: PackageSource, name: string, pos: Pos): Declared {
  const found = source.declared.get(name);
  if (found !== undefined) return found;
  const message = `there is no \`${name}\` in package \`${source.id}\``;
  const near = didYouMean(name, source.declared.keys());
  return fault(pos, message, near ?? "one of another package is written `a:b/c`");
}

/** The path that a top-level `use` of this file gives the name `name`. */
function aliased(unit: Unit, name: string): UsePath | null {
  for (const item of unit.items) {
    if (item.tag === "top-use" && (item.as?.name ?? item.path.name) === name) return item.path;
  }
  return null;
}

function declaredAt(sources: Sources, unit: Unit, path: UsePath): Declared {
  const source = packageAt(sources, path.package ?? unit.package);
  return inPackage(source, path.name, path.pos);
}

function lookUp(sources: Sources, unit: Unit, path: UsePath): Declared {
  const alias = path.package === null ? aliased(unit, path.name) : null;
  return declaredAt(sources, unit, alias ?? path);
}

function asInterface({ decl, ...rest }: Declared, path: UsePath): Declared<InterfaceDecl> {
  if (decl.tag === "interface") return { ...rest, decl };
  const message = `\`${pathText(path)}\` is a world, not an interface`;
  return fault(path.pos, message, "a world is included");
}

/** Every top-level `use` must name an interface, even when nobody needs it. */
export function checkTopUses(sources: Sources, unit: Unit): void {
  for (const item of unit.items) {
    if (item.tag === "top-use") asInterface(declaredAt(sources, unit, item.path), item.path);
  }
}

/** The interface that `path` names in a file. */
export function interfaceAt(sources: Sources, unit: Unit, path: UsePath): Declared<InterfaceDecl> {
  return asInterface(lookUp(sources, unit, path), path);
}

/** The world that `path` names in a file. */
export function worldAt(sources: Sources, unit: Unit, path: UsePath): Declared<WorldDecl> {
  const { decl, ...rest } = lookUp(sources, unit, path);
  if (decl.tag === "world") return { ...rest, decl };
  const hint = "an interface is imported or exported";
  return fault(path.pos, `\`${pathText(path)}\` is an interface, not a world`, hint);
}
