// Where the bytes of a value lie in linear memory: sizes, alignments, offsets. Mirrors spec/01.

import type { AddressType, Case, Field, PrimTag, ValType } from "../../model/types.ts";
import { sizeOfNumber } from "./numbers.ts";
import type { FundamentalType } from "./types.ts";
import { despecialize, isNumberTag, memoized } from "./types.ts";

/** Bytes of a pointer. */
export const pointerSize: Readonly<Record<AddressType, 4 | 8>> = { i32: 4, i64: 8 };

interface Layout {
  readonly size: number;
  readonly alignment: number;
}

const primSize = {
  bool: 1,
  s8: 1,
  u8: 1,
  s16: 2,
  u16: 2,
  s32: 4,
  u32: 4,
  s64: 8,
  u64: 8,
  f32: 4,
  f64: 8,
  char: 4,
  "error-context": 4,
} as const satisfies Record<Exclude<PrimTag, "string">, number>;

/** Rounds `ptr` up to a multiple of `align`. */
export function alignTo(ptr: number, align: number): number {
  return Math.ceil(ptr / align) * align;
}

/** The smallest unsigned type that counts the cases of a variant; see D-wide-discriminant. */
export function discriminantType(cases: { readonly length: number }): "u8" | "u16" | "u32" {
  if (cases.length <= 1 << 8) return "u8";
  return cases.length <= 1 << 16 ? "u16" : "u32";
}

/** Bytes of a flags value with 1 to 32 labels. */
export function flagsSize(labels: { readonly length: number }): 1 | 2 | 4 {
  if (labels.length <= 8) return 1;
  return labels.length <= 16 ? 2 : 4;
}

function square(size: number): Layout {
  return { size, alignment: size };
}

/** Offset of each field from the start of its record. */
export function fieldOffsets(fields: readonly Field[], address: AddressType): readonly number[] {
  let end = 0;
  return fields.map(({ t }) => {
    const at = alignTo(end, alignment(t, address));
    end = at + elemSize(t, address);
    return at;
  });
}

function recordLayout(fields: readonly Field[], address: AddressType): Layout {
  const most = fields.reduce((max, f) => Math.max(max, alignment(f.t, address)), 1);
  const last = fields[fields.length - 1];
  if (last === undefined) return { size: 0, alignment: most };
  const end = (fieldOffsets(fields, address).at(-1) ?? 0) + elemSize(last.t, address);
  return { size: alignTo(end, most), alignment: most };
}

function payloads(cases: readonly Case[]): ValType[] {
  return cases.flatMap((k) => (k.t === null ? [] : [k.t]));
}

function payloadAlignment(cases: readonly Case[], address: AddressType): number {
  return payloads(cases).reduce((most, t) => Math.max(most, alignment(t, address)), 1);
}

/** Bytes of the discriminant of a variant. */
export function discriminantSize(cases: { readonly length: number }): 1 | 2 | 4 {
  return primSize[discriminantType(cases)];
}

/** Offset of the payload from the start of its variant: the same for each case. */
export function payloadOffset(cases: readonly Case[], address: AddressType): number {
  return alignTo(discriminantSize(cases), payloadAlignment(cases, address));
}

function variantLayout(cases: readonly Case[], address: AddressType): Layout {
  const most = Math.max(discriminantSize(cases), payloadAlignment(cases, address));
  const widest = payloads(cases).reduce((size, t) => Math.max(size, elemSize(t, address)), 0);
  return { size: alignTo(payloadOffset(cases, address) + widest, most), alignment: most };
}

function measure(t: FundamentalType, address: AddressType): Layout {
  const pointer = pointerSize[address];
  switch (t.tag) {
    case "string":
      return { size: 2 * pointer, alignment: pointer };
    case "list":
      if (t.length === null) return { size: 2 * pointer, alignment: pointer };
      return { size: t.length * elemSize(t.t, address), alignment: alignment(t.t, address) };
    case "record":
      return recordLayout(t.fields, address);
    case "variant":
      return variantLayout(t.cases, address);
    case "flags":
      return square(flagsSize(t.labels));
    case "own":
    case "borrow":
    case "stream":
    case "future":
      return square(4);
    default:
      return square(primSize[t.tag]);
  }
}

const layouts = {
  i32: memoized((t: ValType): Layout => measure(despecialize(t), "i32")),
  i64: memoized((t: ValType): Layout => measure(despecialize(t), "i64")),
} as const satisfies Record<AddressType, (t: ValType) => Layout>;

/** Alignment in bytes: 1, 2, 4 or 8 (CanonicalABI.md, "Alignment"). */
export function alignment(t: ValType, address: AddressType): number {
  if (isNumberTag(t.tag)) return sizeOfNumber(t.tag);
  return layouts[address](t).alignment;
}

/** Bytes of an element of a list of `t` (CanonicalABI.md, "Element Size"). */
export function elemSize(t: ValType, address: AddressType): number {
  if (isNumberTag(t.tag)) return sizeOfNumber(t.tag);
  return layouts[address](t).size;
}
