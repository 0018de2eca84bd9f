// Names of imports and exports, and the section that names definitions. Mirrors spec/14 and Binary.md.

import { Invalid } from "../wasm/invalid.ts";
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
} from "../wasm/reader.ts";
import type { ComponentNames, ExternName } from "./ast.ts";
import { coreSorts, sorts, unexpectedByte } from "./decode-bytes.ts";

type Attributes = Omit<ExternName, "name">;

const none: Attributes = { implements: null, versionSuffix: null, externalId: null };

const kinds: readonly (readonly [field: keyof Attributes, option: string])[] = [
  ["implements", "implements"],
  ["versionSuffix", "versionsuffix"],
  ["externalId", "external-id"],
];

function readAttribute(r: Reader, known: Attributes): Attributes {
  const offset = r.at;
  const byte = readByte(r);
  const [field, option] = kinds[byte] ?? unexpectedByte(offset, byte, "name option");
  if (known[field] !== null) {
    throw new Invalid("invalid", offset, `duplicate '${option}' option in name`);
  }
  return { ...known, [field]: readName(r) };
}

/** `nameattributes` */
export function readExternName(r: Reader): ExternName {
  const byte = readByte(r);
  if (byte > 2) unexpectedByte(r.at - 1, byte, "component name");
  const name = readName(r);
  let attributes = none;
  if (byte === 2) {
    for (let left = readCount(r); left > 0; left--) attributes = readAttribute(r, attributes);
  }
  return { name, ...attributes };
}

function readSortName(r: Reader): string {
  const byte = readByte(r);
  const sort = byte === 0 ? coreSorts.get(readByte(r)) : sorts.get(byte);
  if (sort === undefined) return malformed(r.at - 1, "unknown sort");
  return byte === 0 ? `core ${sort}` : sort;
}

function readNameMap(r: Reader): ReadonlyMap<number, string> {
  return new Map(readVector(r, (s): [number, string] => [readU32(s), readName(s)]));
}

interface Names {
  component: string | null;
  readonly sorts: Map<string, ReadonlyMap<number, string>>;
}

function readSubsection(r: Reader, into: Names): void {
  const id = readByte(r);
  const size = readCount(r);
  const start = skipBytes(r, size);
  const inner = newReader(r.bytes, start, start + size);
  if (id === 0) into.component = readName(inner);
  if (id === 1) into.sorts.set(readSortName(inner), readNameMap(inner));
}

/**
 * The names that the section between `r.at` and `r.end` adds to those that are known. What is wrong with
 * it ends the reading and is never an error (Binary.md, "Name Section").
 */
export function readNames(r: Reader, known: ComponentNames): ComponentNames {
  const names: Names = { component: known.component, sorts: new Map(known.sorts) };
  try {
    while (!isAtEnd(r)) readSubsection(r, names);
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
  }
  return names;
}
