// Checks lifted and lowered functions. Mirrors spec/14 and CanonicalABI.md, "canon lift" and "canon lower".

import {
  flatLengths,
  flattenFuncType,
  maxFlatAsyncParams,
  maxFlatParams,
  maxFlatResults,
  paramTypes,
  resultTypes,
} from "../canon/values/flatten.ts";
import type { FuncType } from "../model/types.ts";
import type { CoreFuncType } from "../wasm/module.ts";
import type { Canon, CanonOpts } from "./ast.ts";
import { checkBuiltin } from "./check-builtins.ts";
import {
  addressOf,
  checkAllowed,
  checkLiftOptions,
  checkNeeds,
  checkOptions,
  havePointers,
} from "./check-options.ts";
import { at, funcTypeAt, refuseUnless, type Scope } from "./check-scope.ts";
import { sizeOfType } from "./check-values.ts";
import { spend } from "./types.ts";

type Lift = Extract<Canon, { readonly tag: "lift" }>;
type Lower = Extract<Canon, { readonly tag: "lower" }>;

function sizes(scope: Scope, ft: FuncType): { readonly params: number; readonly results: number } {
  const types = [...paramTypes(ft), ...resultTypes(ft)];
  spend(
    scope.check.resources,
    types.reduce((sum, t) => sum + sizeOfType(t), 1),
  );
  return { params: flatLengths(paramTypes(ft)), results: flatLengths(resultTypes(ft)) };
}

function checkAsync(scope: Scope, { async }: CanonOpts, ft: FuncType): void {
  const why = "the `async` canonical option requires an async function type";
  refuseUnless(scope, !async || ft.async, why);
}

/** Core types as messages of toolchains have them: `[I32, I64]`. */
function list(types: readonly string[]): string {
  return `[${types.map((type) => type.toUpperCase()).join(", ")}]`;
}

function checkSignature(scope: Scope, actual: CoreFuncType, expected: CoreFuncType): void {
  for (const [word, a, e] of [
    ["parameter", list(actual.params), list(expected.params)],
    ["result", list(actual.results), list(expected.results)],
  ] as const) {
    const why = `lowered ${word} types \`${e}\` do not match ${word} types \`${a}\` of the core function`;
    refuseUnless(scope, a === e, why);
  }
}

/** The type that a core function must have for a lifted one. */
function liftedType(scope: Scope, { async, callback, memory }: CanonOpts, ft: FuncType) {
  const address = addressOf(scope, memory);
  const flat = flattenFuncType({ address, async, callback: null }, ft, "lift");
  return callback === null ? flat : { params: flat.params, results: ["i32" as const] };
}

function checkLift(scope: Scope, { func, opts, type }: Lift): FuncType {
  const callee = at(scope, scope.coreFuncs, func, "function");
  const ft = funcTypeAt(scope, type);
  checkAsync(scope, opts, ft);
  checkOptions(scope, opts);
  const { params, results } = sizes(scope, ft);
  const expected = liftedType(scope, opts, ft);
  checkLiftOptions(scope, opts, expected.results);
  const mostResults = opts.async ? maxFlatParams : maxFlatResults;
  checkNeeds(scope, opts, {
    memory: results > mostResults || havePointers(resultTypes(ft)),
    realloc: params > maxFlatParams || havePointers(paramTypes(ft)),
  });
  checkSignature(scope, callee, expected);
  return ft;
}

const lowerOptions: ReadonlySet<"async" | "realloc"> = new Set(["async", "realloc"]);

function checkLower(scope: Scope, { func, opts }: Lower): CoreFuncType {
  const ft = at(scope, scope.funcs, func, "function");
  checkAllowed(scope, opts, "lowerings", lowerOptions);
  checkAsync(scope, opts, ft);
  checkOptions(scope, opts);
  const { params, results } = sizes(scope, ft);
  // D-async-lower-memory: only what lies in memory needs one
  const long = opts.async
    ? params > maxFlatAsyncParams || results > 0
    : params > maxFlatParams || results > maxFlatResults;
  checkNeeds(scope, opts, {
    memory: long || havePointers(paramTypes(ft)),
    realloc: havePointers(resultTypes(ft)),
  });
  const address = addressOf(scope, opts.memory);
  return flattenFuncType({ address, async: opts.async, callback: null }, ft, "lower");
}

/** Checks a canonical definition, and appends what it defines. */
export function checkCanon(scope: Scope, canon: Canon): void {
  switch (canon.tag) {
    case "lift":
      scope.funcs.push(checkLift(scope, canon));
      return;
    case "lower":
      scope.coreFuncs.push(checkLower(scope, canon));
      return;
    case "builtin":
      scope.coreFuncs.push(checkBuiltin(scope, canon));
  }
}
