// Canonical definitions: lifted functions, lowered functions and built-ins of an instance. Mirrors spec/14 and Explainer.md, "Canonical ABI".

import { flattenFuncType } from "../canon/values/flatten.ts";
import type { FuncId } from "../model/ids.ts";
import type { CanonicalOptions, CoreFunc, CoreImport, GuestTable } from "../model/program.ts";
import type { AddressType, CoreType, ValType } from "../model/types.ts";
import { wasmName } from "../wasm/guest.ts";
import { Invalid } from "../wasm/invalid.ts";
import type { CoreFuncType } from "../wasm/module.ts";
import type { At, Canon, CanonOpts } from "./ast.ts";
import { type BuiltinTypeOf, builtinType } from "./canonical-types.ts";
import { coreFuncTypeAt, funcTypeAt, resourceAt, typeAt, valTypeOf } from "./evaluate-types.ts";
import { itemAt, type Linking, nameOf, type Scope } from "./items.ts";

type Lift = Extract<Canon, { readonly tag: "lift" }>;
type Lower = Extract<Canon, { readonly tag: "lower" }>;
type Builtin = Extract<Canon, { readonly tag: "builtin" }>;

/** A core function of the instance that is made. */
export function coreFuncAt({ core, space }: Scope, index: number, at: At): CoreFunc {
  const { address } = itemAt(core.func, index, "core function", at);
  return { guest: wasmName, instance: space.instance, code: address };
}

/** The options as the machine takes them. */
function optionsOf(scope: Scope, opts: CanonOpts, at: At): CanonicalOptions {
  const func = (index: number | null): CoreFunc | null =>
    index === null ? null : coreFuncAt(scope, index, at);
  const found = opts.memory === null ? null : itemAt(scope.core.memory, opts.memory, "memory", at);
  return {
    encoding: opts.encoding ?? "utf8",
    memory: found?.memory ?? null,
    address: found?.type.limits.address ?? "i32",
    realloc: func(opts.realloc),
    postReturn: func(opts.postReturn),
    async: opts.async,
    callback: func(opts.callback),
  };
}

/** Adds the function that `canon lift` makes; `name` is what its instance calls it. */
export function liftFunc(linking: Linking, scope: Scope, lift: Lift, name: string, at: At): void {
  const { instance } = scope.space;
  const func = linking.funcs.length as FuncId;
  linking.funcs.push({
    tag: "lift",
    name: `${nameOf(linking, instance)}.${name}`,
    instance,
    core: coreFuncAt(scope, lift.func, at),
    ft: funcTypeAt(scope, lift.type, at),
    opts: optionsOf(scope, lift.opts, at),
  });
  scope.items.func.push({ tag: "func", func });
}

function addImport(scope: Scope, name: string, type: CoreFuncType, call: CoreImport): void {
  const { funcs } = scope.space.program;
  const address = funcs.length;
  funcs.push({ tag: "import", name, type, import: call });
  scope.core.func.push({ tag: "func", type, address });
}

/** Adds the core function that `canon lower` makes. */
export function lowerFunc({ funcs }: Linking, scope: Scope, lower: Lower, at: At): void {
  const { func } = itemAt(scope.items.func, lower.func, "function", at);
  const def = itemAt(funcs, func, "function", at);
  const opts = optionsOf(scope, lower.opts, at);
  const type = flattenFuncType(opts, def.ft, "lower");
  addImport(scope, def.name, type, { tag: "lower", func, opts });
}

/** The element type of a stream or future type. */
function elementOf(scope: Scope, index: number, at: At): ValType | null {
  const type = typeAt(scope, index, at);
  if (type.tag === "value" && (type.t.tag === "stream" || type.t.tag === "future")) return type.t.t;
  throw new Invalid("invalid", at.offset, `type ${index} is no stream and no future`);
}

/** What a built-in is about: what its streams carry, or what `task.return` returns. */
function typeOf(scope: Scope, { name, type, result }: Builtin, at: At): ValType | null {
  if (name === "task.return") return result === null ? null : valTypeOf(scope, result, at);
  const copies = name.startsWith("stream.") || name.startsWith("future.");
  return copies && type !== null ? elementOf(scope, type, at) : null;
}

interface ThreadTable {
  readonly table: GuestTable | readonly never[];
  readonly address: AddressType;
  readonly argument: CoreType;
}

const noTable: ThreadTable = { table: [], address: "i32", argument: "i32" };

/** The table of `thread.new-indirect`, and the type of the functions that it may start. */
function threadTable(scope: Scope, { type, table }: Builtin, at: At): ThreadTable {
  if (type === null || table === null) return noTable;
  const { index, type: tableType } = itemAt(scope.core.table, table, "table", at);
  const { params } = coreFuncTypeAt(scope, type, at);
  const argument: CoreType = params[0] === "i64" ? "i64" : "i32";
  const { instance } = scope.space;
  return {
    table: { tag: "guest", guest: wasmName, instance, table: index, params: [argument] },
    address: tableType.limits.address,
    argument,
  };
}

/** Adds the core function of a built-in. */
export function builtinFunc(scope: Scope, canon: Builtin, at: At): void {
  const { name, type, slot, cancellable } = canon;
  const opts = optionsOf(scope, canon.opts, at);
  const { table, address, argument } =
    name === "thread.new-indirect" ? threadTable(scope, canon, at) : noTable;
  const t = typeOf(scope, canon, at);
  const rt = name.startsWith("resource.") && type !== null ? resourceAt(scope, type, at) : null;
  const of: BuiltinTypeOf = {
    opts,
    result: t,
    core: canon.core ?? "i32",
    argument,
    table: address,
  };
  const call = { tag: "builtin", name, t, rt, opts, cancellable, table } as const;
  addImport(scope, name, builtinType(name, of), slot === null ? call : { ...call, slot });
}
