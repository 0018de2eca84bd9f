// Decodes aliases, and sorts with their indices. Mirrors spec/14 and Binary.md, "Alias Definitions".

import { type Reader, readByte, readName, readU32 } from "../wasm/reader.ts";
import type { Alias, AnySort, SortIndex } from "./ast.ts";
import { coreSorts, sorts, unexpectedByte } from "./decode-bytes.ts";

/** A sort as its bytes say it: which sorts may stand there depends on what follows. */
interface RawSort {
  readonly offset: number;
  readonly byte: number;
  /** the byte of the core sort after 0x00 */
  readonly core: number | null;
}

function readRawSort(r: Reader): RawSort {
  const offset = r.at;
  const byte = readByte(r);
  return { offset, byte, core: byte === 0x00 ? readByte(r) : null };
}

function sortOf({ offset, byte, core }: RawSort, what: string): AnySort {
  const component = sorts.get(byte);
  if (component !== undefined) return { layer: "component", sort: component };
  const sort = core === null ? undefined : coreSorts.get(core);
  if (sort === undefined) return unexpectedByte(offset, core ?? byte, what);
  return { layer: "core", sort };
}

const external = "component external kind";

/** `core:sortidx`, with a core sort only */
export function readCoreSortIndex(r: Reader): SortIndex & { readonly layer: "core" } {
  const byte = readByte(r);
  const sort = coreSorts.get(byte) ?? unexpectedByte(r.at - 1, byte, "core external kind");
  return { layer: "core", sort, index: readU32(r) };
}

/** `sortidx`: of the core sorts only modules can be imported, exported or passed. */
export function readSortIndex(r: Reader): SortIndex {
  const raw = readRawSort(r);
  const sort = sortOf(raw, external);
  if (sort.layer === "core" && sort.sort !== "module") {
    unexpectedByte(raw.offset + 1, raw.core ?? 0, external);
  }
  return { ...sort, index: readU32(r) };
}

function exportAlias(r: Reader, raw: RawSort): Alias {
  const found = sortOf(raw, external);
  if (found.layer === "core" && found.sort !== "module") {
    return unexpectedByte(raw.offset + 1, raw.core ?? 0, external);
  }
  const sort = found.layer === "core" ? "core-module" : found.sort;
  return { tag: "export", sort, instance: readU32(r), name: readName(r) };
}

function coreExportAlias(r: Reader, raw: RawSort): Alias {
  const found = sortOf(raw, "core external kind");
  if (found.layer !== "core") return unexpectedByte(raw.offset, raw.byte, "core external kind");
  return { tag: "core-export", sort: found.sort, instance: readU32(r), name: readName(r) };
}

const outerSorts: ReadonlySet<string> = new Set([
  "core module",
  "core type",
  "component component",
  "component type",
]);

function outerAlias(r: Reader, raw: RawSort): Alias {
  const what = "component outer alias kind";
  const sort = sortOf(raw, what);
  if (!outerSorts.has(`${sort.layer} ${sort.sort}`)) {
    return unexpectedByte(raw.offset, raw.core ?? raw.byte, what);
  }
  return { tag: "outer", sort, count: readU32(r), index: readU32(r) };
}

/** `alias` */
export function readAlias(r: Reader): Alias {
  const sort = readRawSort(r);
  const target = readByte(r);
  switch (target) {
    case 0x00:
      return exportAlias(r, sort);
    case 0x01:
      return coreExportAlias(r, sort);
    case 0x02:
      return outerAlias(r, sort);
    default:
      return unexpectedByte(r.at - 1, target, "alias");
  }
}
