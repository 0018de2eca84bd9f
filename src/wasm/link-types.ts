// Whether what is given fits what is imported. Mirrors spec/14 and the core specification, "Import Matching".

import type { CoreFuncType, ExternType, Limits, ValueType } from "./module.ts";

export function sameTypes(a: readonly ValueType[], b: readonly ValueType[]): boolean {
  return a.length === b.length && a.every((type, i) => type === b[i]);
}

function sameFuncType(a: CoreFuncType, b: CoreFuncType): boolean {
  return sameTypes(a.params, b.params) && sameTypes(a.results, b.results);
}

/** What is given is as large as is expected, and does not grow beyond that. */
function fitLimits(given: Limits, expected: Limits): boolean {
  if (given.address !== expected.address || given.min < expected.min) return false;
  return expected.max === null || (given.max !== null && given.max <= expected.max);
}

/** Whether a thing of the type `given` may be imported as `expected`. */
export function fitsImport(given: ExternType, expected: ExternType): boolean {
  switch (expected.tag) {
    case "func":
    case "tag":
      return given.tag === expected.tag && sameFuncType(given.type, expected.type);
    case "table":
      return (
        given.tag === "table" &&
        given.type.element === expected.type.element &&
        fitLimits(given.type.limits, expected.type.limits)
      );
    case "memory":
      return given.tag === "memory" && fitLimits(given.type.limits, expected.type.limits);
    case "global":
      return (
        given.tag === "global" &&
        given.type.type === expected.type.type &&
        given.type.mutable === expected.type.mutable
      );
  }
}

function showTypes(word: string, types: readonly ValueType[]): string {
  return types.length === 0 ? "" : ` (${word} ${types.join(" ")})`;
}

function showLimits({ address, min, max }: Limits): string {
  return `${address === "i64" ? " i64" : ""} ${min}${max === null ? "" : ` ${max}`}`;
}

/** A type as in the text format: `(func (param i32))`. */
export function showExternType(type: ExternType): string {
  switch (type.tag) {
    case "func":
    case "tag": {
      const { params, results } = type.type;
      return `(${type.tag}${showTypes("param", params)}${showTypes("result", results)})`;
    }
    case "table":
      return `(table${showLimits(type.type.limits)} ${type.type.element})`;
    case "memory":
      return `(memory${showLimits(type.type.limits)})`;
    case "global":
      return `(global ${type.type.mutable ? `(mut ${type.type.type})` : type.type.type})`;
  }
}
