// Core values of scripts: from literals to bits, and whether a result is what was expected. Mirrors spec/14.

import type { ValueType } from "../wasm/module.ts";
import type { Literal } from "./literals.ts";
import { isNan } from "./numbers.ts";

/**
 * A core value by its bits, without a sign. A reference is 0 for null; otherwise a function's address, a
 * number of the host, or the number of an exception, plus 1.
 */
export interface Bits {
  readonly type: ValueType;
  readonly bits: bigint;
}

const nullTypes: Readonly<Record<string, ValueType>> = {
  func: "funcref",
  funcref: "funcref",
  nofunc: "funcref",
  extern: "externref",
  externref: "externref",
  noextern: "externref",
  exn: "exnref",
  exnref: "exnref",
  noexn: "exnref",
};

function refBits({ kind, heap, value }: Extract<Literal, { tag: "ref" }>): Bits | string {
  if (kind === "null") {
    const type = nullTypes[heap ?? "func"];
    return type === undefined ? `references of type ${heap} are not supported` : { type, bits: 0n };
  }
  if (kind !== "extern" || value === null) return `ref.${kind} is no value to pass`;
  return { type: "externref", bits: BigInt(value) + 1n };
}

/** A literal as a core value; a text: why it is none. */
export function coreBits(l: Literal): Bits | string {
  switch (l.tag) {
    case "integer":
      if (l.type !== "i32" && l.type !== "i64") return `${l.type} is no type of core values`;
      return { type: l.type, bits: BigInt.asUintN(Number(l.type.slice(1)), l.value) };
    case "float":
      return { type: l.type, bits: l.bits };
    case "ref":
      return refBits(l);
    case "unsupported":
      return `${l.what} is not supported`;
    default:
      return "it is no core value";
  }
}

function isNull(l: Literal): boolean {
  return l.tag === "ref" && l.kind === "null";
}

const refTypes: Readonly<Record<string, ValueType>> = {
  func: "funcref",
  extern: "externref",
  exn: "exnref",
};

/** `(ref.func)`: any function; `(ref.extern)`: any of the host's. */
function fitsRef({ type, bits }: Bits, l: Extract<Literal, { tag: "ref" }>): boolean {
  if (isNull(l)) return bits === 0n && (l.heap === null || nullTypes[l.heap] === type);
  if (bits === 0n || refTypes[l.kind] !== type) return false;
  return l.value === null || bits === BigInt(l.value) + 1n;
}

/** Whether a value is one that the literal describes. */
export function fitsCore(value: Bits, l: Literal): boolean {
  if (l.tag === "either") return l.any.some((one) => fitsCore(value, one));
  if (l.tag === "nan") return value.type === l.type && isNan(value.bits, l.type, l.kind);
  if (l.tag === "ref") return fitsRef(value, l);
  const bits = coreBits(l);
  return typeof bits !== "string" && bits.type === value.type && bits.bits === value.bits;
}

/** The value as a literal of the script would say it. */
export function coreLiteral({ type, bits }: Bits): Literal {
  if (type === "i32" || type === "i64") {
    return { tag: "integer", type, value: BigInt.asIntN(Number(type.slice(1)), bits) };
  }
  if (type === "f32" || type === "f64") return { tag: "float", type, bits };
  if (bits === 0n) return { tag: "ref", kind: "null", heap: type.slice(0, -3), value: null };
  const kind = type === "funcref" ? "func" : type === "externref" ? "extern" : "exn";
  return { tag: "ref", kind, heap: null, value: Number(bits) - 1 };
}

/** What of a literal is not supported, so that nothing can be said; null: all is. */
export function unsupportedIn(literals: readonly Literal[]): string | null {
  for (const l of literals) {
    if (l.tag === "unsupported") return l.what;
    const inner = l.tag === "either" ? unsupportedIn(l.any) : null;
    if (inner !== null) return inner;
  }
  return null;
}
