// Component-level values and core values. Mirrors spec/01.

import type { WaitableId } from "./ids.ts";
import type { PrimTag, StringEncoding } from "./types.ts";

/** A core value: i32 and u32 as an unsigned number, i64 as an unsigned bigint, floats as numbers. */
export type CoreValue = number | bigint;

/**
 * A string with the hints the transcoders need: `units` counts code units in `encoding`,
 * `utf16` says that a latin1+utf16 source was stored as UTF-16.
 */
export interface StringValue {
  readonly tag: "string";
  readonly s: string;
  readonly encoding: StringEncoding;
  readonly units: number;
  readonly utf16: boolean;
}

/** Element types that are copied in bulk: their bytes mean the same in every memory. */
export type NumberTag = Exclude<PrimTag, "bool" | "char" | "string" | "error-context">;

/** A list of numbers in memory layout, little-endian. */
export interface BulkValue {
  readonly tag: "bulk";
  readonly t: NumberTag;
  readonly bytes: Uint8Array;
}

export interface CaseValue {
  readonly tag: "case";
  readonly label: string;
  readonly value: Value | null;
}

/** The labels that are set, in the order of the type. */
export interface FlagsValue {
  readonly tag: "flags";
  readonly labels: readonly string[];
}

/** The representation of a resource while no table holds it. */
export interface RepValue {
  readonly tag: "rep";
  readonly rep: number;
}

/** The readable end of a stream or future in flight between two tables. */
export interface EndValue {
  readonly tag: "end";
  readonly waitable: WaitableId;
}

/** An error context; its debug message is symbolic data of the host. */
export interface ErrorContextValue {
  readonly tag: "error-context";
  readonly message: StringValue;
}

export interface RecordValue {
  readonly tag: "record";
  readonly fields: Readonly<Record<string, Value>>;
}

/**
 * A lifted value. Integers up to 32 bits are numbers, 64-bit ones bigints; a char is a
 * one-character string; lists and tuples are arrays (a list of numbers is a `BulkValue`); a map is
 * an array of pairs; enum, option, result and variant are `CaseValue`s.
 */
export type Value =
  | boolean
  | number
  | bigint
  | string
  | StringValue
  | BulkValue
  | CaseValue
  | FlagsValue
  | RepValue
  | EndValue
  | ErrorContextValue
  | RecordValue
  | readonly Value[];
