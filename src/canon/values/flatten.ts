// Which core values stand for a component-level value: flattening. Mirrors spec/01.

import type { CanonicalOptions } from "../../model/program.ts";
import type { AddressType, Case, CoreType, FuncType, ValType } from "../../model/types.ts";
import { despecialize, memoized, parts } from "./types.ts";

/** More flat parameters than this travel through memory. */
export const maxFlatParams = 16;
/** The same limit for the parameters of an async-lowered import. */
export const maxFlatAsyncParams = 4;
/** More flat results than this travel through memory. */
export const maxFlatResults = 1;

export interface CoreFuncType {
  readonly params: readonly CoreType[];
  readonly results: readonly CoreType[];
}

/** The one core type that carries values of both. */
export function join(a: CoreType, b: CoreType): CoreType {
  if (a === b) return a;
  return (a === "i32" && b === "f32") || (a === "f32" && b === "i32") ? "i32" : "i64";
}

/** The core types of a variant's payload: each slot fits the payload of every case. */
export function flattenPayload(cases: readonly Case[], address: AddressType): CoreType[] {
  const slots: CoreType[] = [];
  for (const { t } of cases) {
    const flat = t === null ? [] : flattenType(t, address);
    for (const [i, want] of flat.entries()) {
      const have = slots[i];
      slots[i] = have === undefined ? want : join(have, want);
    }
  }
  return slots;
}

/** The core types of a value of type `t` (CanonicalABI.md, "Flattening"). */
export function flattenType(t: ValType, address: AddressType): CoreType[] {
  const u = despecialize(t);
  switch (u.tag) {
    case "s64":
    case "u64":
      return ["i64"];
    case "f32":
    case "f64":
      return [u.tag];
    case "string":
      return [address, address];
    case "list":
      if (u.length === null) return [address, address];
      return flattenTypes(new Array<ValType>(u.length).fill(u.t), address);
    case "record":
      return flattenTypes(
        u.fields.map((f) => f.t),
        address,
      );
    case "variant":
      return ["i32", ...flattenPayload(u.cases, address)];
    default:
      return ["i32"];
  }
}

export function flattenTypes(ts: readonly ValType[], address: AddressType): CoreType[] {
  return ts.flatMap((t) => flattenType(t, address));
}

/** How many core values a value of type `t` takes, without listing them: it may be 2^28. */
export function flatLength(t: ValType): number {
  const u = despecialize(t);
  switch (u.tag) {
    case "string":
      return 2;
    case "list":
      return u.length === null ? 2 : u.length * flatLength(u.t);
    case "record":
      return flatLengths(u.fields.map((f) => f.t));
    case "variant":
      return parts(u).reduce((most, p) => Math.max(most, p === null ? 1 : 1 + flatLength(p)), 1);
    default:
      return 1;
  }
}

export function flatLengths(ts: readonly ValType[]): number {
  let sum = 0;
  for (const t of ts) sum += flatLength(t);
  return sum;
}

function flattenUpTo(most: number, ts: readonly ValType[], address: AddressType): CoreType[] {
  return flatLengths(ts) > most ? [address] : flattenTypes(ts, address);
}

type Options = Pick<CanonicalOptions, "address" | "async" | "callback">;

function flattenLift({ address, async, callback }: Options, ft: FuncType): CoreFuncType {
  const params = flattenUpTo(maxFlatParams, paramTypes(ft), address);
  if (async) return { params, results: callback === null ? [] : ["i32"] };
  return { params, results: flattenUpTo(maxFlatResults, resultTypes(ft), address) };
}

function flattenLower({ address, async }: Options, ft: FuncType): CoreFuncType {
  const most = async ? maxFlatAsyncParams : maxFlatParams;
  const params = flattenUpTo(most, paramTypes(ft), address);
  const inMemory = flatLengths(resultTypes(ft)) > (async ? 0 : maxFlatResults);
  const outPtr: CoreType[] = inMemory ? [address] : [];
  if (async) return { params: [...params, ...outPtr], results: ["i32"] };
  const results = inMemory ? [] : flattenTypes(resultTypes(ft), address);
  return { params: [...params, ...outPtr], results };
}

/** The types of the parameters of a function type, in order. */
export const paramTypes: (ft: FuncType) => readonly ValType[] = memoized(
  (ft: FuncType): readonly ValType[] => ft.params.map((p) => p.t),
);

/** The result of a function type as a list of zero or one types. */
export const resultTypes: (ft: FuncType) => readonly ValType[] = memoized(
  (ft: FuncType): readonly ValType[] => (ft.result === null ? [] : [ft.result]),
);

/**
 * The core function type of a lifted export (`"lift"`) or of a lowered import (`"lower"`)
 * (CanonicalABI.md, "Flattening").
 */
export function flattenFuncType(
  opts: Options,
  ft: FuncType,
  context: "lift" | "lower",
): CoreFuncType {
  return context === "lift" ? flattenLift(opts, ft) : flattenLower(opts, ft);
}
