// Decodes the name section, which can never be wrong. Mirrors spec/14 and the core specification, "Name Section".

import { readSized } from "./decode-expression.ts";
import { Invalid } from "./invalid.ts";
import type { ModuleNames } from "./module.ts";
import type { Reader } from "./reader.ts";
import { isAtEnd, readByte, readName, readU32, skipBytes } from "./reader.ts";

interface Draft {
  module: string | null;
  readonly funcs: Map<number, string>;
}

function readSubsection(r: Reader, names: Draft): void {
  const id = readByte(r);
  readSized(r, (_, end) => {
    if (id === 0) names.module = readName(r);
    else if (id === 1) readFuncNames(r, names);
    skipBytes(r, end - r.at);
  });
}

function readFuncNames(r: Reader, names: Draft): void {
  for (let left = readU32(r); left > 0; left--) names.funcs.set(readU32(r), readName(r));
}

/** The names up to the end, or as many as can be read. */
export function readNames(r: Reader): ModuleNames {
  const names: Draft = { module: null, funcs: new Map() };
  try {
    while (!isAtEnd(r)) readSubsection(r, names);
  } catch (e) {
    if (!(e instanceof Invalid)) throw e;
  }
  return names;
}
