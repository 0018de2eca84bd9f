// Packages put together again, one file for each: only what the split world needs is left of them.

import type {
  InterfaceDecl,
  NestedPackage,
  PackageDecl,
  PackageItem,
  WitFile,
  WorldDecl,
} from "../../wit/ast.ts";
import { idIn, packageId } from "../../wit/names.ts";
import type { PackageSource, Sources, Unit } from "../../wit/packages.ts";

/** Interfaces and worlds of the split world by the ids that they had before. */
export type Made = ReadonlyMap<string, InterfaceDecl | WorldDecl>;

function isNested(item: WitFile["items"][number]): item is NestedPackage {
  return item.tag === "package";
}

/** The doc comments of packages; of several for one package, the first. */
function docsOf(files: readonly WitFile[]): ReadonlyMap<string, string> {
  const docs = new Map<string, string>();
  const heads = files.flatMap(({ package: own, items }) => [
    ...(own === null ? [] : [own]),
    ...items.filter(isNested),
  ]);
  for (const { docs: text, name } of heads) {
    const id = packageId(name);
    if (text !== null && !docs.has(id)) docs.set(id, text);
  }
  return docs;
}

function madeItems(unit: Unit, made: Made): readonly PackageItem[] {
  return unit.items.flatMap((item) => {
    if (item.tag === "top-use") return [];
    return made.get(idIn(unit.package, item.name.name)) ?? [];
  });
}

/** `wasi:http@0.3.0` as the name of a file. */
function fileName(id: string): string {
  return `${id.replaceAll(":", ".").replaceAll("/", "_")}.wit`;
}

function packageFile({ id, units }: PackageSource, docs: string | null, made: Made): WitFile {
  const [first] = units;
  const items = units.flatMap((unit) => madeItems(unit, made));
  const head: PackageDecl | null = first === undefined ? null : { docs, name: first.package };
  return { file: fileName(id), package: head, items };
}

/** What is left of each package: that of the world first, the others in the order of their ids. */
export function madeFiles(
  sources: Sources,
  files: readonly WitFile[],
  root: string,
  made: Made,
): readonly WitFile[] {
  const docs = docsOf(files);
  const ids = [...sources.keys()].filter((id) => id !== root).sort();
  const all = [root, ...ids].flatMap((id) => {
    const source = sources.get(id);
    return source === undefined ? [] : [packageFile(source, docs.get(id) ?? null, made)];
  });
  const [first, ...rest] = all.filter((file) => file.items.length > 0);
  if (first === undefined) return [];
  return [first, ...rest.map((file) => ({ ...file, file: `deps/${file.file}` }))];
}

/** The files of several packages as one: the first package, and the others as blocks in it. */
export function asOneFile(files: readonly WitFile[]): WitFile {
  const [first, ...rest] = files;
  if (first === undefined) return { file: "empty.wit", package: null, items: [] };
  const blocks = rest.flatMap(({ package: head, items }) =>
    head === null
      ? []
      : [{ tag: "package", ...head, items: items.filter((item) => !isNested(item)) } as const],
  );
  return { ...first, items: [...first.items, ...blocks] };
}
