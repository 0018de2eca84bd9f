// Decodes components: sections, and components in components. Mirrors spec/14 and Binary.md.

import { decodeModule } from "../wasm/decode.ts";
import {
  isAtEnd,
  malformed,
  newReader,
  type Reader,
  readByte,
  readCount,
  readName,
  readU32,
  readVector,
  skipBytes,
  unsupported,
} from "../wasm/reader.ts";
import type { Component, ComponentNames, Definition } from "./ast.ts";
import { readAlias, readCoreSortIndex, readSortIndex } from "./decode-alias.ts";
import { deepest, expectByte, readOptional, readPlaced, unexpectedByte } from "./decode-bytes.ts";
import { readCanon } from "./decode-canon.ts";
import { readCoreType } from "./decode-core-types.ts";
import { readExternName, readNames } from "./decode-names.ts";
import { readExternType, readType, readValType } from "./decode-types.ts";

type Undated<T> = T extends unknown ? Omit<T, "offset"> : never;
/** A definition that does not say yet where it stands. */
type Item = Undated<Definition>;

const magic = [0x00, 0x61, 0x73, 0x6d];
const componentVersion = [0x0d, 0x00, 0x01, 0x00];
const moduleVersion = [0x01, 0x00, 0x00, 0x00];

function startsWith(r: Reader, start: number, bytes: readonly number[]): boolean {
  return bytes.every((byte, i) => r.bytes[start + i] === byte);
}

function readPreamble(r: Reader, depth: number): void {
  const start = skipBytes(r, 8);
  if (!startsWith(r, start, magic)) malformed(start, "magic header not detected");
  if (startsWith(r, start + 4, componentVersion)) return;
  const version = start + 4;
  if (!startsWith(r, version, moduleVersion)) malformed(version, "unknown binary version");
  if (depth > 0) malformed(version, "expected a version header for a component");
  malformed(version, "this is a core module, not a component");
}

function readCoreInstance(r: Reader): Item {
  const byte = readByte(r);
  if (byte === 0x00) {
    const module = readU32(r);
    return { tag: "core-instance", module, args: readVector(r, readCoreArg) };
  }
  if (byte !== 0x01) return unexpectedByte(r.at - 1, byte, "core instance");
  const exports = readVector(r, (s) => ({ name: readName(s), ...readCoreSortIndex(s) }));
  return { tag: "core-exports", exports };
}

function readCoreArg(r: Reader): { readonly name: string; readonly instance: number } {
  const name = readName(r);
  expectByte(r, 0x12, "instantiation arg kind");
  return { name, instance: readU32(r) };
}

function readInstance(r: Reader): Item {
  const byte = readByte(r);
  if (byte === 0x00) {
    const component = readU32(r);
    const args = readVector(r, (s) => ({ name: readName(s), item: readSortIndex(s) }));
    return { tag: "instance", component, args };
  }
  if (byte !== 0x01) return unexpectedByte(r.at - 1, byte, "instance");
  const exports = readVector(r, (s) => ({ name: readExternName(s), item: readSortIndex(s) }));
  return { tag: "exports", exports };
}

function readStart(r: Reader): Item {
  const func = readU32(r);
  return { tag: "start", func, args: readVector(r, readU32), results: readU32(r) };
}

function readExport(r: Reader): Item {
  return {
    tag: "export",
    name: readExternName(r),
    item: readSortIndex(r),
    type: readOptional(r, "optional component export type", readExternType),
  };
}

function readValue(r: Reader): Item {
  const type = readValType(r);
  const start = skipBytes(r, readCount(r));
  return { tag: "value", type, bytes: r.bytes.slice(start, r.at) };
}

/** The sections that are vectors of definitions. */
const vectors: ReadonlyMap<number, (r: Reader) => Item> = new Map<number, (r: Reader) => Item>([
  [2, readCoreInstance],
  [3, (r) => ({ tag: "core-type", type: readCoreType(r) })],
  [5, readInstance],
  [6, (r) => ({ tag: "alias", alias: readAlias(r) })],
  [7, (r) => ({ tag: "type", type: readType(r) })],
  [8, (r) => ({ tag: "canon", canon: readCanon(r) })],
  [10, (r) => ({ tag: "import", name: readExternName(r), type: readExternType(r) })],
  [11, readExport],
  [12, readValue],
]);

function readModule(r: Reader): Item {
  const start = skipBytes(r, r.end - r.at);
  return { tag: "core-module", module: decodeModule(r.bytes, start, r.end) };
}

/** The definitions of the section `id`, which `r` ends with. */
function readSection(r: Reader, id: number, depth: number): readonly Definition[] {
  const offset = r.at;
  if (id === 1) return [{ ...readModule(r), offset }];
  if (id === 4) return [{ tag: "component", component: readComponent(r, depth + 1), offset }];
  if (id === 9) return [{ ...readStart(r), offset }];
  const read = vectors.get(id);
  if (read === undefined) return malformed(offset, "malformed section id");
  return readPlaced(r, read);
}

function readCustom(r: Reader, known: ComponentNames): ComponentNames {
  return readName(r) === "component-name" ? readNames(r, known) : known;
}

function readComponent(r: Reader, depth: number): Component {
  const offset = r.at;
  if (depth > deepest) unsupported(offset, `components lie more than ${deepest} deep`);
  readPreamble(r, depth);
  const definitions: Definition[] = [];
  let names: ComponentNames = { component: null, sorts: new Map() };
  while (!isAtEnd(r)) {
    const at = r.at;
    const id = readByte(r);
    if (id > 12) malformed(at, "malformed section id");
    const start = skipBytes(r, readCount(r));
    const section = newReader(r.bytes, start, r.at);
    if (id === 0) names = readCustom(section, names);
    else for (const definition of readSection(section, id, depth)) definitions.push(definition);
    if (id !== 0 && !isAtEnd(section)) malformed(section.at, "section size mismatch");
  }
  return { definitions, names, offset };
}

/**
 * The component whose bytes these are. Throws `Invalid` "malformed" with the offset in `bytes`, or
 * "unsupported" for what is beyond a bound of this package.
 */
export function decodeComponent(bytes: Uint8Array): Component {
  return readComponent(newReader(bytes), 0);
}
