// Decodes core types: of functions and of modules. Mirrors spec/14 and Binary.md, "Type Definitions".

import {
  readFuncType,
  readGlobalType,
  readMemoryType,
  readTableType,
  readTagType,
} from "../wasm/decode-types.ts";
import { peekByte, type Reader, readByte, readName, readU32 } from "../wasm/reader.ts";
import type { CoreExternDecl, CoreModuleDecl, CoreTypeDef } from "./ast.ts";
import { expectByte, readPlaced, unexpectedByte } from "./decode-bytes.ts";

const moduleType = 0x50;

function readCoreExternDecl(r: Reader): CoreExternDecl {
  const byte = readByte(r);
  switch (byte) {
    case 0x00:
      return { tag: "func", typeIndex: readU32(r) };
    case 0x01:
      return { tag: "table", type: readTableType(r) };
    case 0x02:
      return { tag: "memory", type: readMemoryType(r) };
    case 0x03:
      return { tag: "global", type: readGlobalType(r) };
    case 0x04:
      return { tag: "tag", typeIndex: readTagType(r) };
    default:
      return unexpectedByte(r.at - 1, byte, "external kind");
  }
}

function readOuterType(r: Reader): CoreModuleDecl {
  expectByte(r, 0x10, "outer alias kind");
  expectByte(r, 0x01, "outer alias target");
  return { tag: "outer-type", count: readU32(r), index: readU32(r) };
}

/** A module type in a module type is refused here: 0x50 begins no function type. */
function readModuleDecl(r: Reader): CoreModuleDecl {
  const byte = readByte(r);
  switch (byte) {
    case 0x00:
      return {
        tag: "import",
        module: readName(r),
        name: readName(r),
        type: readCoreExternDecl(r),
      };
    case 0x01:
      expectFuncType(r);
      return { tag: "type", type: readFuncType(r) };
    case 0x02:
      return readOuterType(r);
    case 0x03:
      return { tag: "export", name: readName(r), type: readCoreExternDecl(r) };
    default:
      return unexpectedByte(r.at - 1, byte, "type definition");
  }
}

function expectFuncType(r: Reader): void {
  if (peekByte(r) === moduleType) unexpectedByte(r.at, moduleType, "type definition");
}

/** A function type that other types may extend: what is not garbage collection ignores that. */
function readOpenFuncType(r: Reader): CoreTypeDef {
  expectByte(r, moduleType, "non-final sub type");
  expectByte(r, 0x00, "number of supertypes");
  return { tag: "func", type: readFuncType(r) };
}

/** `core:type` */
export function readCoreType(r: Reader): CoreTypeDef {
  const byte = peekByte(r);
  if (byte !== 0x00 && byte !== moduleType) return { tag: "func", type: readFuncType(r) };
  readByte(r);
  if (byte === 0x00) return readOpenFuncType(r);
  return { tag: "module", decls: readPlaced(r, readModuleDecl) };
}
