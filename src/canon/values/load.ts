// Loading: values out of linear memory. Mirrors spec/01 and CanonicalABI.md, "Loading".

import type { AddressType, Case, Field, ValType } from "../../model/types.ts";
import type { BulkValue, CaseValue, CoreValue, Value } from "../../model/values.ts";
import type { Ctx } from "../machine.ts";
import { assert, Trap, trapAt } from "../machine.ts";
import { liftBulk } from "./bulk.ts";
import type { LiftLowerContext } from "./context.ts";
import {
  loadBytes,
  loadInt,
  pointerOf,
  readPointer,
  trapMisaligned,
  trapOutOfBounds,
} from "./context.ts";
import {
  alignment,
  discriminantSize,
  elemSize,
  fieldOffsets,
  flagsSize,
  payloadOffset,
  pointerSize,
} from "./layout.ts";
import { isWordTag, numberSize, readNumber, sizeOfNumber, viewOf, wordOf } from "./numbers.ts";
import { liftChar, liftFlags, liftHandle, recordOf } from "./shapes.ts";
import { loadStringFromRange } from "./strings.ts";
import type { ListType } from "./types.ts";
import { despecialize, isNumberTag } from "./types.ts";

/** No list takes more bytes than this in the memory that it is loaded from. */
const maxListByteLength = 2 ** 28 - 1;

/** Loaded bytes: a snapshot is as good as the memory because lifting calls no guest. */
interface Source {
  readonly c: Ctx;
  readonly cx: LiftLowerContext;
  readonly view: DataView;
}

function sourceAt(c: Ctx, cx: LiftLowerContext, ptr: number, size: number): Source {
  return { c, cx, view: viewOf(loadBytes(c, cx, ptr, size)) };
}

function addressOf({ cx }: Source): AddressType {
  return cx.opts.address;
}

/** The value of type `t` at `ptr`, which is aligned and in bounds. Traps as lifting its parts does. */
export function load(c: Ctx, cx: LiftLowerContext, ptr: number, t: ValType): Value {
  const { address } = cx.opts;
  assert(ptr % alignment(t, address) === 0, "V04", "a load is aligned");
  if (isWordTag(t.tag)) return wordOf(t.tag, loadInt(c, cx, ptr, sizeOfNumber(t.tag)));
  return decode(sourceAt(c, cx, ptr, elemSize(t, address)), 0, t);
}

/** `n` values of type `t` in a row from `ptr`, which is aligned and in bounds. */
export function loadElements(
  c: Ctx,
  cx: LiftLowerContext,
  ptr: number,
  n: number,
  t: ValType,
): readonly Value[] | BulkValue {
  const { address } = cx.opts;
  assert(ptr % alignment(t, address) === 0, "V04", "a load is aligned");
  return decodeElements(sourceAt(c, cx, ptr, n * elemSize(t, address)), 0, n, t);
}

/** The list at `begin` with `length` elements. Traps `load-list.*`. */
export function loadListFromRange(
  c: Ctx,
  cx: LiftLowerContext,
  begin: CoreValue,
  length: CoreValue,
  t: ValType,
): readonly Value[] | BulkValue {
  const ptr = pointerOf(begin);
  const n = pointerOf(length);
  const byteLength = n * elemSize(t, cx.opts.address);
  trapAt(byteLength > maxListByteLength, "load-list.too-long");
  trapMisaligned(ptr, alignment(t, cx.opts.address), "load-list.misaligned");
  trapOutOfBounds(c, cx, ptr, byteLength, "load-list.out-of-bounds");
  return loadElements(c, cx, ptr, n, t);
}

function decode(source: Source, at: number, t: ValType): Value {
  const { c, cx, view } = source;
  const u = despecialize(t);
  switch (u.tag) {
    case "bool":
      return view.getUint8(at) !== 0;
    case "char":
      return liftChar(view.getUint32(at, true));
    case "string":
      return loadStringFromRange(c, cx, ...decodePair(source, at));
    case "list":
      return decodeList(source, at, u);
    case "record":
      return recordOf(t, u.fields, decodeFields(source, at, u.fields));
    case "variant":
      return decodeVariant(source, at, u.cases);
    case "flags":
      return liftFlags(readUnsigned(view, at, flagsSize(u.labels)), u.labels);
    case "own":
    case "borrow":
    case "stream":
    case "future":
    case "error-context":
      return liftHandle(c, cx, view.getUint32(at, true), u);
    default:
      return readNumber(u.tag, view, at);
  }
}

function decodePair(source: Source, at: number): [CoreValue, CoreValue] {
  const { cx, view } = source;
  const second = at + pointerSize[addressOf(source)];
  return [readPointer(cx, view, at), readPointer(cx, view, second)];
}

function decodeList(source: Source, at: number, { t, length }: ListType): Value {
  if (length !== null) return decodeElements(source, at, length, t);
  return loadListFromRange(source.c, source.cx, ...decodePair(source, at), t);
}

function decodeElements(
  source: Source,
  at: number,
  n: number,
  t: ValType,
): readonly Value[] | BulkValue {
  if (isNumberTag(t.tag)) {
    const { buffer, byteOffset } = source.view;
    const bytes = new Uint8Array(buffer, byteOffset + at, n * numberSize[t.tag]);
    return liftBulk(t.tag, bytes.slice());
  }
  const size = elemSize(t, addressOf(source));
  return Array.from({ length: n }, (_, i) => decode(source, at + i * size, t));
}

function decodeFields(source: Source, at: number, fields: readonly Field[]): readonly Value[] {
  const offsets = fieldOffsets(fields, addressOf(source));
  return fields.map((f, i) => decode(source, at + (offsets[i] ?? 0), f.t));
}

function decodeVariant(source: Source, at: number, cases: readonly Case[]): CaseValue {
  const chosen = cases[readUnsigned(source.view, at, discriminantSize(cases))];
  if (chosen === undefined) throw new Trap("load-variant.bad-discriminant");
  const { label, t } = chosen;
  if (t === null) return { tag: "case", label, value: null };
  const value = decode(source, at + payloadOffset(cases, addressOf(source)), t);
  return { tag: "case", label, value };
}

function readUnsigned(view: DataView, at: number, size: 1 | 2 | 4): number {
  const t = ({ 1: "u8", 2: "u16", 4: "u32" } as const)[size];
  return Number(readNumber(t, view, at));
}
