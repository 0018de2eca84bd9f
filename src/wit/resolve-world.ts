// Worlds with all their names resolved and all included worlds merged in (WIT.md, "WIT Worlds").

import type {
  Extern,
  ExternDecl,
  IncludeDecl,
  Name,
  Pos,
  Renamed,
  WorldDecl,
  WorldItem,
} from "./ast.ts";
import { type Claims, claim } from "./claims.ts";
import { fault, inFile } from "./errors.ts";
import { externName } from "./names.ts";
import { type Declared, interfaceAt, type Unit, worldAt } from "./packages.ts";
import { funcOf, membersOf } from "./resolve-funcs.ts";
import {
  claimNames,
  interfaceFrom,
  interfaceOf,
  once,
  type Resolving,
  typesOf,
} from "./resolve-interface.ts";
import type { TypeScope } from "./resolve-types.ts";
import type { Interface, World, WorldExtern } from "./resolved.ts";
import { didYouMean } from "./spelling.ts";

/** One side of a world that is being put together. */
interface Side {
  readonly taken: Claims;
  readonly externs: WorldExtern[];
}

interface Building {
  readonly r: Resolving;
  readonly unit: Unit;
  readonly id: string;
  readonly scope: TypeScope;
  readonly import: Side;
  readonly export: Side;
}

function put(side: Side, extern: WorldExtern, pos: Pos): void {
  claim(side.taken, extern.name, pos);
  side.externs.push(extern);
}

function interfaceExtern(name: string, of: Interface, externalId: string | null): WorldExtern {
  return { tag: "interface", name, externalId, interface: of };
}

/** What a declaration imports or exports. */
function externOf(b: Building, tag: "import" | "export", extern: Extern): Interface | null {
  const { r, unit, id } = b;
  switch (extern.tag) {
    case "path":
    case "named-path": {
      const { path } = extern;
      const at = { name: path.name, pos: path.pos };
      return interfaceOf(r, interfaceAt(r.sources, unit, path), at);
    }
    case "interface": {
      const { name } = extern.name;
      return interfaceFrom(r, unit, `${id}/${tag}/${name}`, name, extern.items);
    }
    case "func":
      return null;
  }
}

function addExtern(b: Building, { tag, extern, externalId }: ExternDecl): void {
  const of = externOf(b, tag, extern);
  if (extern.tag === "path") {
    if (of !== null) put(b[tag], interfaceExtern(of.id, of, null), extern.path.pos);
    return;
  }
  const { name, pos } = extern.name;
  if (of !== null) put(b[tag], interfaceExtern(name, of, externalId), pos);
  else if (extern.tag === "func") {
    const func = funcOf(b.scope, extern.name, extern.func);
    put(b[tag], { tag: "func", name, externalId, func }, pos);
  }
}

/** The types of a world are imports, and so are the functions of its own resources. */
function addTypes(b: Building, items: readonly WorldItem[]): void {
  const { externs } = b.import;
  for (const [name, type] of b.scope.types) externs.push({ tag: "type", name, type });
  for (const item of items) {
    if (item.tag !== "resource") continue;
    membersOf(b.scope, item).forEach((func, i) => {
      const externalId = item.members[i]?.externalId ?? null;
      externs.push({ tag: "func", name: externName(func), externalId, func });
    });
  }
}

function isInterfaceName({ name }: WorldExtern): boolean {
  return name.includes("/");
}

function renamedBy(names: readonly Renamed[], extern: WorldExtern): WorldExtern {
  const found = names.find(({ name }) => name.name === extern.name);
  return found?.as == null ? extern : { ...extern, name: found.as.name };
}

/** `with` gives new names to plain names only (WIT.md, "Name Conflicts and `with`"). */
function checkRenames({ names, path }: IncludeDecl, world: World): void {
  const externs = [...world.imports, ...world.exports];
  for (const { name, pos } of names.map((one) => one.name)) {
    const plain = externs.filter((extern) => !isInterfaceName(extern)).map((one) => one.name);
    if (plain.includes(name)) continue;
    const whole = externs.some((one) => one.tag === "interface" && one.interface.name === name);
    fault(
      pos,
      `world \`${path.name}\` has no plain name \`${name}\``,
      whole ? "the name of an interface cannot be changed" : didYouMean(name, plain),
    );
  }
}

function sameInterface(a: WorldExtern, b: WorldExtern): boolean {
  return a.name === b.name && isInterfaceName(a);
}

function checkFree({ taken }: Side, { name }: WorldExtern, { path }: IncludeDecl): void {
  if (!taken.has(name.toLowerCase())) return;
  const hint = `\`with { ${name} as .. }\` gives it another name`;
  fault(path.pos, `\`${name}\` of world \`${path.name}\` is there already`, hint);
}

function include(b: Building, decl: IncludeDecl): void {
  const declared = worldAt(b.r.sources, b.unit, decl.path);
  const world = worldOf(b.r, declared, { name: decl.path.name, pos: decl.path.pos });
  checkRenames(decl, world);
  for (const tag of ["import", "export"] as const) {
    const side = b[tag];
    for (const extern of world[`${tag}s`]) {
      const renamed = renamedBy(decl.names, extern);
      if (side.externs.some((other) => sameInterface(other, renamed))) continue;
      checkFree(side, renamed, decl);
      put(side, renamed, decl.path.pos);
    }
  }
}

function hasInterface(externs: readonly WorldExtern[], { id }: Interface): boolean {
  return externs.some((extern) => extern.name === id);
}

/** The interfaces that some imports or exports need become imports, each after what it needs. */
interface Needs {
  readonly imports: WorldExtern[];
  /** What is exported: it is no import too. */
  readonly exports: readonly WorldExtern[];
  readonly world: Name;
}

function addNeeds(needs: Needs, uses: readonly Interface[], by: Interface | null): void {
  const { imports, exports, world } = needs;
  for (const used of uses) {
    if (hasInterface(imports, used)) continue;
    if (!hasInterface(exports, used)) {
      addNeeds(needs, used.uses, used);
      imports.push(interfaceExtern(used.id, used, null));
    } else if (by !== null) {
      const message = `\`${by.id}\` is needed as an import, but it uses the export \`${used.id}\``;
      fault(world.pos, message, "export both of them");
    }
  }
}

/** What a world imports besides what it says (WIT.md, "Transitive imports and worlds"). */
function withNeeds(b: Building, world: Name, uses: readonly Interface[]): readonly WorldExtern[] {
  const imports: WorldExtern[] = [];
  const { externs: exports } = b.export;
  const needs: Needs = { imports, exports: [], world };
  addNeeds(needs, uses, null);
  for (const extern of b.import.externs) {
    if (extern.tag === "interface") {
      if (isInterfaceName(extern) && hasInterface(imports, extern.interface)) continue;
      addNeeds(needs, extern.interface.uses, null);
    }
    imports.push(extern);
  }
  for (const extern of exports) {
    if (extern.tag === "interface") addNeeds({ ...needs, exports }, extern.interface.uses, null);
  }
  return imports;
}

function worldFrom(r: Resolving, { unit, decl, id }: Declared<WorldDecl>): World {
  const taken: Claims = new Map();
  claimNames(taken, decl.items);
  const { scope, uses } = typesOf(r, unit, id, decl.items);
  const b: Building = {
    r,
    unit,
    id,
    scope,
    import: { taken, externs: [] },
    export: { taken: new Map(), externs: [] },
  };
  addTypes(b, decl.items);
  for (const item of decl.items) {
    if (item.tag === "import" || item.tag === "export") addExtern(b, item);
  }
  for (const item of decl.items) if (item.tag === "include") include(b, item);
  const imports = withNeeds(b, decl.name, uses);
  return { id, name: decl.name.name, file: unit.file, imports, exports: b.export.externs };
}

export function worldOf(r: Resolving, declared: Declared<WorldDecl>, at: Name): World {
  return once(r, r.worlds, declared.id, at, () =>
    inFile(declared.unit.file, () => worldFrom(r, declared)),
  );
}
