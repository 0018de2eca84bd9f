// Decodes the sections of a module. Mirrors spec/14 and the core specification, "Modules" of the binary format.

import { readBody, readExpression } from "./decode-expression.ts";
import {
  readFuncType,
  readGlobalType,
  readMemoryType,
  readRefType,
  readTableType,
  readTagType,
} from "./decode-types.ts";
import { Invalid } from "./invalid.ts";
import type {
  CoreFuncType,
  DataSegment,
  ElementSegment,
  Export,
  ExternKind,
  ExternType,
  Import,
  Module,
  RefType,
} from "./module.ts";
import type { Reader } from "./reader.ts";
import {
  malformed,
  peekByte,
  readByte,
  readCount,
  readName,
  readU32,
  readVector,
  skipBytes,
} from "./reader.ts";

/** A module while it is decoded. */
export type Draft = { -readonly [Field in keyof Module]: Module[Field] };

const kinds = ["func", "table", "memory", "global", "tag"] as const;

function readKind(r: Reader, message: string): ExternKind {
  return kinds[readByte(r)] ?? malformed(r.at - 1, message);
}

function typeAt(m: Draft, index: number, offset: number): CoreFuncType {
  const type = m.types[index];
  if (type === undefined) throw new Invalid("invalid", offset, `unknown type ${index}`);
  return type;
}

function readExternType(r: Reader, m: Draft): ExternType {
  const tag = readKind(r, "malformed import kind");
  const at = r.at;
  switch (tag) {
    case "func":
      return { tag, type: typeAt(m, readU32(r), at) };
    case "table":
      return { tag, type: readTableType(r) };
    case "memory":
      return { tag, type: readMemoryType(r) };
    case "global":
      return { tag, type: readGlobalType(r) };
    case "tag":
      return { tag, type: typeAt(m, readTagType(r), at) };
  }
}

function readImport(r: Reader, m: Draft): Import {
  const offset = r.at;
  return { module: readName(r), name: readName(r), type: readExternType(r, m), offset };
}

/** A table type, or the mark 0x40 0x00 with a table type and an initial value. */
function readTable(r: Reader, m: Draft): Module["tables"][number] {
  if (peekByte(r) !== 0x40) return { type: readTableType(r), init: null };
  skipBytes(r, 1);
  if (readByte(r) !== 0) malformed(r.at - 1, "zero byte expected");
  return { type: readTableType(r), init: readExpression(r, m.dataCount !== null) };
}

function readGlobal(r: Reader, m: Draft): Module["globals"][number] {
  return { type: readGlobalType(r), init: readExpression(r, m.dataCount !== null) };
}

function readExport(r: Reader): Export {
  return { name: readName(r), kind: readKind(r, "malformed export kind"), index: readU32(r) };
}

/** Bit 0: not active; bit 1: declarative, or with a table index; bit 2: expressions. */
function readElement(r: Reader, m: Draft): ElementSegment {
  const at = r.at;
  const flags = readU32(r);
  if (flags > 7) malformed(at, "malformed elements segment kind");
  const mode = readElementMode(r, m, flags & 3);
  const type = (flags & 3) === 0 ? "funcref" : readElementType(r, flags >= 4);
  return { type, mode, items: readItems(r, m, flags >= 4) };
}

function readElementMode(r: Reader, m: Draft, mode: number): ElementSegment["mode"] {
  if (mode === 1) return { tag: "passive" };
  if (mode === 3) return { tag: "declarative" };
  return readActive(r, m, mode === 2);
}

function readActive(r: Reader, m: Draft, indexed: boolean): DataSegment["mode"] {
  const index = indexed ? readU32(r) : 0;
  return { tag: "active", index, offset: readExpression(r, m.dataCount !== null) };
}

function readElementType(r: Reader, exprs: boolean): RefType {
  if (exprs) return readRefType(r);
  return readByte(r) === 0 ? "funcref" : malformed(r.at - 1, "malformed element kind");
}

function readItems(r: Reader, m: Draft, exprs: boolean): ElementSegment["items"] {
  if (!exprs) return { tag: "funcs", indices: readVector(r, readU32) };
  return { tag: "exprs", exprs: readVector(r, () => readExpression(r, m.dataCount !== null)) };
}

function readData(r: Reader, m: Draft): DataSegment {
  const at = r.at;
  const flags = readU32(r);
  if (flags > 2) malformed(at, "malformed data segment kind");
  const mode: DataSegment["mode"] =
    flags === 1 ? { tag: "passive" } : readActive(r, m, flags === 2);
  const start = skipBytes(r, readCount(r));
  return { mode, start, end: r.at };
}

interface Section {
  readonly id: number;
  readonly read: (r: Reader, m: Draft) => void;
}

/** In the order in which they come; each at most once. */
export const sections: readonly Section[] = [
  {
    id: 1,
    read: (r, m) => {
      m.types = readVector(r, readFuncType);
    },
  },
  {
    id: 2,
    read: (r, m) => {
      m.imports = readVector(r, () => readImport(r, m));
    },
  },
  {
    id: 3,
    read: (r, m) => {
      m.funcs = readVector(r, readU32);
    },
  },
  {
    id: 4,
    read: (r, m) => {
      m.tables = readVector(r, () => readTable(r, m));
    },
  },
  {
    id: 5,
    read: (r, m) => {
      m.memories = readVector(r, readMemoryType);
    },
  },
  {
    id: 13,
    read: (r, m) => {
      m.tags = readVector(r, readTagType);
    },
  },
  {
    id: 6,
    read: (r, m) => {
      m.globals = readVector(r, () => readGlobal(r, m));
    },
  },
  {
    id: 7,
    read: (r, m) => {
      m.exports = readVector(r, readExport);
    },
  },
  {
    id: 8,
    read: (r, m) => {
      m.start = readU32(r);
    },
  },
  {
    id: 9,
    read: (r, m) => {
      m.elements = readVector(r, () => readElement(r, m));
    },
  },
  {
    id: 12,
    read: (r, m) => {
      m.dataCount = readU32(r);
    },
  },
  {
    id: 10,
    read: (r, m) => {
      m.bodies = readVector(r, () => readBody(r, m.dataCount !== null));
    },
  },
  {
    id: 11,
    read: (r, m) => {
      m.datas = readVector(r, () => readData(r, m));
    },
  },
];
