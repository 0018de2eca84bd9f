// Checks the options of canonical definitions. Mirrors spec/14 and CanonicalABI.md, "canonopt Validation".

import { needsRealloc } from "../canon/values/types.ts";
import type { AddressType, CoreType, ValType } from "../model/types.ts";
import type { CoreFuncType } from "../wasm/module.ts";
import type { CanonOpts } from "./ast.ts";
import { at, refuse, refuseUnless, type Scope } from "./check-scope.ts";
import { sameCoreFunc } from "./subtype-core.ts";

/** What a definition needs, by the values that it moves. */
export interface Needs {
  readonly memory: boolean;
  readonly realloc: boolean;
}

/** Whether some values have parts that lie in memory wherever they lie themselves. */
export function havePointers(types: readonly (ValType | null)[]): boolean {
  return types.some((t) => t !== null && needsRealloc(t));
}

/** The address type of the memory of some options; i32 if there is none. */
export function addressOf(scope: Scope, memory: number | null): AddressType {
  return memory === null ? "i32" : at(scope, scope.coreMemories, memory, "memory").limits.address;
}

function checkFunc(scope: Scope, option: string, index: number, expected: CoreFuncType): void {
  const type = at(scope, scope.coreFuncs, index, "function");
  const why = `canonical option \`${option}\` uses a core function with an incorrect signature`;
  refuseUnless(scope, sameCoreFunc(type, expected), why);
}

function checkRealloc(scope: Scope, { memory, realloc }: CanonOpts): void {
  if (realloc === null) return;
  const why = "canonical option `realloc` requires `memory` to also be specified";
  refuseUnless(scope, memory !== null, why);
  const address: CoreType = addressOf(scope, memory);
  const params = [address, address, address, address];
  checkFunc(scope, "realloc", realloc, { params, results: [address] });
}

/** What is wrong with options whatever they are the options of. */
export function checkOptions(scope: Scope, opts: CanonOpts): void {
  addressOf(scope, opts.memory);
  checkRealloc(scope, opts);
}

export function checkNeeds(scope: Scope, { memory, realloc }: CanonOpts, needs: Needs): void {
  const needsMemory = needs.memory || needs.realloc;
  refuseUnless(scope, !needsMemory || memory !== null, "canonical option `memory` is required");
  const given = !needs.realloc || realloc !== null;
  refuseUnless(scope, given, "canonical option `realloc` is required");
}

/** The options that only lifted functions have; `results` are those of the core function. */
export function checkLiftOptions(
  scope: Scope,
  { async, callback, postReturn }: CanonOpts,
  results: readonly CoreType[],
): void {
  if (callback !== null) {
    refuseUnless(scope, async, "cannot specify `callback` without `async`");
    checkFunc(scope, "callback", callback, { params: ["i32", "i32", "i32"], results: ["i32"] });
  }
  if (postReturn === null) return;
  refuseUnless(scope, !async, "cannot specify `post-return` together with `async`");
  checkFunc(scope, "post-return", postReturn, { params: results, results: [] });
}

/** Refuses options that a definition does not have; `what` names its kind. */
export function checkAllowed(
  scope: Scope,
  { async, callback, postReturn, realloc }: CanonOpts,
  what: string,
  allowed: ReadonlySet<"async" | "realloc">,
): void {
  const no = (option: string): never =>
    refuse(scope, `canonical option \`${option}\` cannot be specified for ${what}`);
  if (postReturn !== null) no("post-return");
  if (callback !== null) no("callback");
  if (realloc !== null && !allowed.has("realloc")) no("realloc");
  if (async && !allowed.has("async")) no("async");
}
