// Values as a script writes them, given and expected, of both layers. Mirrors spec/14.

import type { FloatType } from "./numbers.ts";

export type IntegerType =
  | "i32"
  | "i64"
  | "s8"
  | "u8"
  | "s16"
  | "u16"
  | "s32"
  | "u32"
  | "s64"
  | "u64";

export type RefKind = "null" | "func" | "extern" | "exn" | "host" | "other";

/**
 * A value, or what one is compared with. Integers are as written, below or above zero; floats are bits.
 * `nan`, `either`, and a reference without a number only describe what is expected.
 */
export type Literal =
  | { readonly tag: "integer"; readonly type: IntegerType; readonly value: bigint }
  | { readonly tag: "float"; readonly type: FloatType; readonly bits: bigint }
  | { readonly tag: "nan"; readonly type: FloatType; readonly kind: "canonical" | "arithmetic" }
  /** `heap` as written after `ref.null`; `value` null: any */
  | {
      readonly tag: "ref";
      readonly kind: RefKind;
      readonly heap: string | null;
      readonly value: number | null;
    }
  | { readonly tag: "either"; readonly any: readonly Literal[] }
  | { readonly tag: "unsupported"; readonly what: string }
  | { readonly tag: "bool"; readonly value: boolean }
  | { readonly tag: "char" | "str"; readonly value: string }
  | { readonly tag: "list" | "tuple"; readonly items: readonly Literal[] }
  | {
      readonly tag: "record";
      readonly fields: readonly { readonly label: string; readonly value: Literal }[];
    }
  /** a variant, enum, option or result */
  | { readonly tag: "case"; readonly label: string; readonly value: Literal | null }
  | { readonly tag: "flags"; readonly labels: readonly string[] };

const shownBits = { f32: 8, f64: 16 } as const;

function parenthesized(...parts: readonly string[]): string {
  return `(${parts.filter((part) => part !== "").join(" ")})`;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

function number32(bits: bigint): number {
  return new Float32Array(Uint32Array.of(Number(bits)).buffer)[0] ?? 0;
}

/** The value of the bits; NaNs are told apart by their bits. */
function shownFloat(type: FloatType, bits: bigint): string {
  const value =
    type === "f32" ? number32(bits) : new Float64Array(BigUint64Array.of(bits).buffer)[0];
  if (Number.isNaN(value)) return `nan (0x${bits.toString(16).padStart(shownBits[type], "0")})`;
  if (Object.is(value, -0)) return "-0";
  return String(value).replace("Infinity", "inf");
}

function all(literals: readonly Literal[]): readonly string[] {
  return literals.map(showLiteral);
}

/** The value in the syntax of scripts. */
export function showLiteral(l: Literal): string {
  switch (l.tag) {
    case "integer":
      return parenthesized(`${l.type}.const`, String(l.value));
    case "float":
      return parenthesized(`${l.type}.const`, shownFloat(l.type, l.bits));
    case "nan":
      return parenthesized(`${l.type}.const`, `nan:${l.kind}`);
    case "ref":
      return parenthesized(`ref.${l.kind}`, l.heap ?? "", l.value === null ? "" : String(l.value));
    case "either":
      return parenthesized("either", ...all(l.any));
    case "unsupported":
      return parenthesized(l.what);
    case "bool":
      return parenthesized("bool.const", String(l.value));
    case "char":
    case "str":
      return parenthesized(`${l.tag}.const`, quoted(l.value));
    case "list":
    case "tuple":
      return parenthesized(`${l.tag}.const`, ...all(l.items));
    case "record":
      return parenthesized(
        "record.const",
        ...l.fields.map((f) => parenthesized("field", quoted(f.label), showLiteral(f.value))),
      );
    case "case":
      return parenthesized("case", quoted(l.label), l.value === null ? "" : showLiteral(l.value));
    case "flags":
      return parenthesized("flags.const", ...l.labels.map(quoted));
  }
}

/** Several values on one line. */
export function showLiterals(literals: readonly Literal[]): string {
  return literals.length === 0 ? "nothing" : all(literals).join(" ");
}
