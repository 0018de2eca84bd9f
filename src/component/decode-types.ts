// Decodes types of values, functions, components and instances. Mirrors spec/14 and Binary.md, "Type Definitions".

import type { CoreType, PrimTag } from "../model/types.ts";
import {
  malformed,
  peekByte,
  type Reader,
  readByte,
  readName,
  readS33,
  readU32,
  readVector,
  unsupported,
} from "../wasm/reader.ts";
import type {
  At,
  Decl,
  DefValType,
  ExternTypeRef,
  FuncTypeDef,
  LabelledType,
  TypeBound,
  TypeDef,
  ValTypeRef,
  ValueBound,
} from "./ast.ts";
import { readAlias } from "./decode-alias.ts";
import {
  deepest,
  expectByte,
  readOptional,
  readPlaced,
  readTag,
  unexpectedByte,
} from "./decode-bytes.ts";
import { readCoreType } from "./decode-core-types.ts";
import { readExternName } from "./decode-names.ts";

const prims: ReadonlyMap<number, PrimTag> = new Map<number, PrimTag>([
  [0x7f, "bool"],
  [0x7e, "s8"],
  [0x7d, "u8"],
  [0x7c, "s16"],
  [0x7b, "u16"],
  [0x7a, "s32"],
  [0x79, "u32"],
  [0x78, "s64"],
  [0x77, "u64"],
  [0x76, "f32"],
  [0x75, "f64"],
  [0x74, "char"],
  [0x73, "string"],
  [0x64, "error-context"],
]);

/** `valtype`: bytes that are negative as SLEB128 are primitive types, the others an index. */
export function readValType(r: Reader): ValTypeRef {
  const offset = r.at;
  const byte = peekByte(r);
  if (byte < 0x40 || byte >= 0x80) {
    const index = readS33(r);
    return index < 0 ? malformed(offset, "malformed type index") : { tag: "index", index };
  }
  return { tag: "prim", type: readTag(r, prims, "component value type") };
}

function readMaybe(r: Reader): ValTypeRef | null {
  return readOptional(r, "optional component value type", readValType);
}

function readLabelled(r: Reader): LabelledType {
  return { label: readName(r), type: readValType(r) };
}

function readCase(r: Reader): { readonly label: string; readonly type: ValTypeRef | null } {
  const result = { label: readName(r), type: readMaybe(r) };
  expectByte(r, 0x00, "zero byte required");
  return result;
}

type Read<T> = (r: Reader) => T;

const compounds: ReadonlyMap<number, Read<DefValType>> = new Map<number, Read<DefValType>>([
  [0x72, (r) => ({ tag: "record", fields: readVector(r, readLabelled) })],
  [0x71, (r) => ({ tag: "variant", cases: readVector(r, readCase) })],
  [0x70, (r) => ({ tag: "list", type: readValType(r), length: null })],
  [0x67, (r) => ({ tag: "list", type: readValType(r), length: readU32(r) })],
  [0x6f, (r) => ({ tag: "tuple", types: readVector(r, readValType) })],
  [0x6e, (r) => ({ tag: "flags", labels: readVector(r, readName) })],
  [0x6d, (r) => ({ tag: "enum", labels: readVector(r, readName) })],
  [0x6b, (r) => ({ tag: "option", type: readValType(r) })],
  [0x6a, (r) => ({ tag: "result", ok: readMaybe(r), error: readMaybe(r) })],
  [0x69, (r) => ({ tag: "own", index: readU32(r) })],
  [0x68, (r) => ({ tag: "borrow", index: readU32(r) })],
  [0x66, (r) => ({ tag: "stream", type: readMaybe(r) })],
  [0x65, (r) => ({ tag: "future", type: readMaybe(r) })],
  [0x63, (r) => ({ tag: "map", key: readValType(r), value: readValType(r) })],
]);

/** `resultlist` */
export function readResult(r: Reader): ValTypeRef | null {
  const byte = readByte(r);
  if (byte === 0x00) return readValType(r);
  if (byte !== 0x01) return unexpectedByte(r.at - 1, byte, "component function results");
  expectByte(r, 0x00, "number of results");
  return null;
}

function readFunc(r: Reader, async: boolean): FuncTypeDef {
  return { tag: "func", async, params: readVector(r, readLabelled), result: readResult(r) };
}

const representations: ReadonlyMap<number, CoreType> = new Map<number, CoreType>([
  [0x7f, "i32"],
  [0x7e, "i64"],
  [0x7d, "f32"],
  [0x7c, "f64"],
]);

/** `core:valtype`, of which components use only those of numbers. */
export function readCoreNumberType(r: Reader): CoreType {
  return readTag(r, representations, "core value type");
}

function readResource(r: Reader): TypeDef {
  const rep = readCoreNumberType(r);
  return { tag: "resource", rep, dtor: readOptional(r, "resource destructor", readU32) };
}

/** `type`; `depth` counts the types that lie around it. */
export function readType(r: Reader, depth = 0): TypeDef {
  const offset = r.at;
  const byte = readByte(r);
  const prim = prims.get(byte);
  if (prim !== undefined) return { tag: "prim", type: prim };
  switch (byte) {
    case 0x3f:
      return readResource(r);
    case 0x40:
    case 0x43:
      return readFunc(r, byte === 0x43);
    case 0x41:
      return { tag: "component", decls: readDecls(r, depth, true) };
    case 0x42:
      return { tag: "instance", decls: readDecls(r, depth, false) };
    default: {
      const read = compounds.get(byte);
      return read?.(r) ?? unexpectedByte(offset, byte, "component defined type");
    }
  }
}

function readDecls(r: Reader, depth: number, imports: boolean): readonly (Decl & At)[] {
  if (depth >= deepest) unsupported(r.at, `types lie more than ${deepest} deep in each other`);
  return readPlaced(r, (s) => readDecl(s, depth + 1, imports));
}

/** `componentdecl`, or without imports `instancedecl` */
function readDecl(r: Reader, depth: number, imports: boolean): Decl {
  const byte = readByte(r);
  switch (byte) {
    case 0x00:
      return { tag: "core-type", type: readCoreType(r) };
    case 0x01:
      return { tag: "type", type: readType(r, depth) };
    case 0x02:
      return { tag: "alias", alias: readAlias(r) };
    case 0x04:
      return { tag: "export", name: readExternName(r), type: readExternType(r) };
    default:
      if (byte === 0x03 && imports) {
        return { tag: "import", name: readExternName(r), type: readExternType(r) };
      }
      return unexpectedByte(r.at - 1, byte, "component or instance type declaration");
  }
}

const typeBounds: ReadonlyMap<number, Read<TypeBound>> = new Map<number, Read<TypeBound>>([
  [0x00, (r) => ({ tag: "eq", index: readU32(r) })],
  [0x01, () => ({ tag: "sub-resource" })],
]);

const valueBounds: ReadonlyMap<number, Read<ValueBound>> = new Map<number, Read<ValueBound>>([
  [0x00, (r) => ({ tag: "eq", index: readU32(r) })],
  [0x01, (r) => ({ tag: "type", type: readValType(r) })],
]);

/** `externtype` */
export function readExternType(r: Reader): ExternTypeRef {
  const byte = readByte(r);
  switch (byte) {
    case 0x00:
      expectByte(r, 0x11, "component external kind");
      return { tag: "core-module", index: readU32(r) };
    case 0x01:
      return { tag: "func", index: readU32(r) };
    case 0x02:
      return { tag: "value", bound: readTag(r, valueBounds, "value bound")(r) };
    case 0x03:
      return { tag: "type", bound: readTag(r, typeBounds, "type bound")(r) };
    case 0x04:
      return { tag: "component", index: readU32(r) };
    case 0x05:
      return { tag: "instance", index: readU32(r) };
    default:
      return unexpectedByte(r.at - 1, byte, "component external kind");
  }
}
