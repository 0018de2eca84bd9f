// The core types of the canonical built-ins. Mirrors spec/14 and CanonicalABI.md, "Canonical Definitions".

import { flattenFuncType } from "../canon/values/flatten.ts";
import type { BuiltinName, CanonicalOptions } from "../model/program.ts";
import type { AddressType, CoreType, ValType } from "../model/types.ts";
import type { CoreFuncType } from "../wasm/module.ts";

/** What the type of a built-in depends on. */
export interface BuiltinTypeOf {
  readonly opts: CanonicalOptions;
  /** what `task.return` returns */
  readonly result: ValType | null;
  /** the type of a slot of `context.*` */
  readonly core: CoreType;
  /** the argument of a new thread */
  readonly argument: CoreType;
  /** of the table of `thread.new-indirect` */
  readonly table: AddressType;
}

/** `p`: the address type of the memory, `c`: that of a slot, `a`: that of a thread's argument, `t`: a table's. */
const shapes: Readonly<Record<Exclude<BuiltinName, "task.return">, string>> = {
  "resource.new": "i>i",
  "resource.drop": "i>",
  "resource.rep": "i>i",
  "context.get": ">c",
  "context.set": "c>",
  "backpressure.inc": ">",
  "backpressure.dec": ">",
  "task.cancel": ">",
  "waitable-set.new": ">i",
  "waitable-set.wait": "ip>i",
  "waitable-set.poll": "ip>i",
  "waitable-set.drop": "i>",
  "waitable.join": "ii>",
  "subtask.cancel": "i>i",
  "subtask.drop": "i>",
  "stream.new": ">l",
  "stream.read": "ipp>p",
  "stream.write": "ipp>p",
  "stream.cancel-read": "i>i",
  "stream.cancel-write": "i>i",
  "stream.drop-readable": "i>",
  "stream.drop-writable": "i>",
  "stream.forward": "ii>",
  "future.new": ">l",
  "future.read": "ip>i",
  "future.write": "ip>i",
  "future.cancel-read": "i>i",
  "future.cancel-write": "i>i",
  "future.drop-readable": "i>",
  "future.drop-writable": "i>",
  "future.forward": "ii>",
  "thread.index": ">i",
  "thread.new-indirect": "ta>i",
  "thread.resume-later": "i>",
  "thread.suspend": ">i",
  "thread.yield": ">i",
  "thread.suspend-then-resume": "i>i",
  "thread.yield-then-resume": "i>i",
  "thread.suspend-then-promote": "i>i",
  "thread.yield-then-promote": "i>i",
  "error-context.new": "pp>i",
  "error-context.debug-message": "ip>",
  "error-context.drop": "i>",
};

function letterType(letter: string, { opts, core, argument, table }: BuiltinTypeOf): CoreType {
  switch (letter) {
    case "p":
      return opts.address;
    case "c":
      return core;
    case "a":
      return argument;
    case "t":
      return table;
    case "l":
      return "i64";
    default:
      return "i32";
  }
}

/** The core type of a built-in. */
export function builtinType(name: BuiltinName, of: BuiltinTypeOf): CoreFuncType {
  if (name === "task.return") {
    const params = of.result === null ? [] : [{ name: "result", t: of.result }];
    const opts = { ...of.opts, async: false };
    return flattenFuncType(opts, { params, result: null, async: false }, "lower");
  }
  const [params = "", results = ""] = shapes[name].split(">");
  const typesOf = (letters: string): CoreType[] => [...letters].map((l) => letterType(l, of));
  return { params: typesOf(params), results: typesOf(results) };
}
