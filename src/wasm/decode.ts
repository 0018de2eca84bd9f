// Decodes a core module. Mirrors spec/14 and the core specification, "Modules" of the binary format.

import { readSized } from "./decode-expression.ts";
import type { Module } from "./module.ts";
import { readNames } from "./names.ts";
import type { Reader } from "./reader.ts";
import {
  isAtEnd,
  malformed,
  newReader,
  readByte,
  readName,
  readWord,
  skipBytes,
} from "./reader.ts";
import type { Draft } from "./sections.ts";
import { sections } from "./sections.ts";

/** "\0asm" and version 1, as words of four bytes. */
const magic = 0x6d736100;
const version = 1;

function emptyModule(bytes: Uint8Array): Draft {
  return {
    bytes,
    types: [],
    imports: [],
    funcs: [],
    tables: [],
    memories: [],
    tags: [],
    globals: [],
    exports: [],
    start: null,
    elements: [],
    dataCount: null,
    datas: [],
    bodies: [],
    names: { module: null, funcs: new Map() },
  };
}

function readHeader(r: Reader): void {
  if (readWord(r) !== magic) malformed(r.at - 4, "magic header not detected");
  if (readWord(r) !== version) malformed(r.at - 4, "unknown binary version");
}

function readCustom(r: Reader, m: Draft): void {
  readSized(r, (_, end) => {
    const name = readName(r);
    const start = skipBytes(r, end - r.at);
    if (name === "name") m.names = readNames(newReader(r.bytes, start, end));
  });
}

/** Reads a section; `next` is the place in `sections` from which on it may be. Says what comes next. */
function readSection(r: Reader, m: Draft, next: number): number {
  const offset = r.at;
  const id = readByte(r);
  if (id === 0) {
    readCustom(r, m);
    return next;
  }
  const place = sections.findIndex((section) => section.id === id);
  if (place < 0) malformed(offset, "malformed section id");
  if (place < next) malformed(offset, "unexpected content after last section");
  readSized(r, () => sections[place]?.read(r, m));
  return place + 1;
}

function checkCounts(m: Draft, offset: number): void {
  if (m.funcs.length !== m.bodies.length) {
    malformed(offset, "function and code section have inconsistent lengths");
  }
  if (m.dataCount !== null && m.dataCount !== m.datas.length) {
    malformed(offset, "data count and data section have inconsistent lengths");
  }
}

/**
 * The module in `bytes` from `from` to `to`. It may need `validateModule`. Throws `Invalid`: "malformed",
 * "unsupported" with the name of the feature, and "invalid" if an import's type does not exist; offsets
 * are those in `bytes`, all of which stay `Module.bytes`.
 */
export function decodeModule(bytes: Uint8Array, from = 0, to: number = bytes.length): Module {
  const r = newReader(bytes, from, to);
  const m = emptyModule(bytes);
  readHeader(r);
  for (let next = 0; !isAtEnd(r); ) next = readSection(r, m, next);
  checkCounts(m, to);
  return m;
}
