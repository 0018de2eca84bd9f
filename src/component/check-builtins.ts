// Checks canonical built-ins. Mirrors spec/14 and CanonicalABI.md, "Canonical Definitions".

import { flatLength, maxFlatParams } from "../canon/values/flatten.ts";
import type { BuiltinName } from "../model/program.ts";
import type { AddressType, CoreType, ValType } from "../model/types.ts";
import type { CoreFuncType } from "../wasm/module.ts";
import type { Canon } from "./ast.ts";
import { builtinType } from "./canonical-types.ts";
import {
  addressOf,
  checkAllowed,
  checkNeeds,
  checkOptions,
  havePointers,
  type Needs,
} from "./check-options.ts";
import {
  at,
  notOffered,
  refuse,
  refuseUnless,
  resourceTypeAt,
  type Scope,
  valueTypeAt,
} from "./check-scope.ts";
import { checkValType, sizeOfType } from "./check-values.ts";
import { identityOf, spend } from "./types.ts";

type Builtin = Extract<Canon, { readonly tag: "builtin" }>;

/** What the core type of a built-in depends on, as far as it is not an option. */
interface Found {
  readonly result?: ValType | null;
  readonly core?: CoreType;
  readonly argument?: CoreType;
  readonly table?: AddressType;
}

const nothing: Found = {};

function checkResource(scope: Scope, { name, type }: Builtin): Found {
  const id = resourceTypeAt(scope, type ?? 0);
  const isLocal = scope.local.has(identityOf(scope.check.resources, id));
  const fits = name === "resource.drop" || isLocal;
  refuseUnless(scope, fits, `type index ${type} is not a local resource`);
  return nothing;
}

function checkSlot(scope: Scope, { core, slot }: Builtin): Found {
  if (core === "i64") notOffered(scope, "slots of `i64` are not supported");
  refuseUnless(scope, core === "i32", "the type of a slot must be `i32`");
  refuseUnless(scope, slot !== null && slot < 2, "the index of a slot must be less than 2");
  return { core };
}

function checkTaskReturn(scope: Scope, { result, opts }: Builtin): Found {
  const t = result === null ? null : checkValType(scope, result);
  if (t !== null) spend(scope.check.resources, sizeOfType(t));
  checkAllowed(scope, opts, "`task.return`", new Set());
  const long = t !== null && flatLength(t) > maxFlatParams;
  checkNeeds(scope, opts, { memory: long || havePointers([t]), realloc: false });
  return { result: t };
}

/** The element type of the stream or future that a built-in is for. */
function elementType(scope: Scope, { name, type }: Builtin): ValType | null {
  const expected = name.startsWith("stream.") ? "stream" : "future";
  const t = valueTypeAt(scope, type ?? 0);
  if (t.tag === expected && (t.tag === "stream" || t.tag === "future")) return t.t;
  return refuse(scope, `\`${name}\` requires a ${expected} type`);
}

const copyOptions: ReadonlySet<"async" | "realloc"> = new Set(["async", "realloc"]);

function checkCopy(scope: Scope, builtin: Builtin): Found {
  const { name, opts } = builtin;
  const t = elementType(scope, builtin);
  checkAllowed(scope, opts, `\`${name}\``, copyOptions);
  // what is read is lowered, and lowering allocates
  const realloc = name.endsWith(".read") && havePointers([t]);
  checkNeeds(scope, opts, { memory: t !== null, realloc });
  return nothing;
}

function checkEnd(scope: Scope, builtin: Builtin): Found {
  elementType(scope, builtin);
  return nothing;
}

/** The closure parameter of the functions that a new thread may run. */
function startArgument(scope: Scope, type: CoreFuncType | null): CoreType {
  const [argument] = type?.params ?? [];
  const one = type !== null && type.params.length === 1 && type.results.length === 0;
  if (one && (argument === "i32" || argument === "i64")) return argument;
  return refuse(
    scope,
    "start function must take a single `i32` or `i64` argument and return nothing",
  );
}

function checkNewThread(scope: Scope, { type, table }: Builtin): Found {
  const start = at(scope, scope.coreTypes, type ?? 0, "type");
  const argument = startArgument(scope, start.tag === "func" ? start.type : null);
  const { element, limits } = at(scope, scope.coreTables, table ?? 0, "table");
  refuseUnless(scope, element === "funcref", "table must be of type `funcref`");
  return { argument, table: limits.address };
}

const messageNeeds: Readonly<Record<string, Needs>> = {
  "error-context.new": { memory: true, realloc: false },
  "error-context.debug-message": { memory: true, realloc: true },
};

function checkMessage(scope: Scope, { name, opts }: Builtin): Found {
  checkAllowed(scope, opts, `\`${name}\``, new Set(["realloc"]));
  const needs = messageNeeds[name];
  if (needs !== undefined) checkNeeds(scope, opts, needs);
  return nothing;
}

type CheckBuiltin = (scope: Scope, builtin: Builtin) => Found;

/** By the beginning of the name. */
const checks: readonly (readonly [prefix: string, check: CheckBuiltin])[] = [
  ["resource.", checkResource],
  ["context.", checkSlot],
  ["task.return", checkTaskReturn],
  ["stream.read", checkCopy],
  ["stream.write", checkCopy],
  ["future.read", checkCopy],
  ["future.write", checkCopy],
  ["stream.", checkEnd],
  ["future.", checkEnd],
  ["thread.new-indirect", checkNewThread],
  ["error-context.new", checkMessage],
  ["error-context.debug-message", checkMessage],
];

function checkOf(name: BuiltinName): CheckBuiltin {
  return checks.find(([prefix]) => name.startsWith(prefix))?.[1] ?? (() => nothing);
}

/** The core type of a built-in, with its immediates checked. */
export function checkBuiltin(scope: Scope, builtin: Builtin): CoreFuncType {
  const { name, opts, cancellable } = builtin;
  const gone = cancellable && scope.check.amendments.has("CM#716");
  refuseUnless(scope, !gone, `\`${name}\` has no \`cancellable\` immediate any more`);
  checkOptions(scope, opts);
  const found = checkOf(name)(scope, builtin);
  const address = addressOf(scope, opts.memory);
  const { result = null, core = "i32", argument = "i32", table = "i32" } = found;
  return builtinType(name, {
    opts: {
      encoding: opts.encoding ?? "utf8",
      memory: null,
      address,
      realloc: null,
      postReturn: null,
      async: opts.async,
      callback: null,
    },
    result,
    core,
    argument,
    table,
  });
}
