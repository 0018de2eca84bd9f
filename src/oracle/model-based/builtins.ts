// The built-ins that a program may call, and what their operands and results are. Mirrors spec/15.

import type { BuiltinName } from "../../model/program.ts";
import { didYouMean } from "../../wit/spelling.ts";

/** What an operand is. `waitable` is any end; `payload` is where an event is written. */
export type OperandKind =
  | "readable-stream"
  | "writable-stream"
  | "readable-future"
  | "writable-future"
  | "set"
  | "waitable"
  | "set-or-none"
  | "error-context"
  | "pointer"
  | "length"
  | "payload"
  | "number";

/** What names a result gets: `pair` is two handles in 64 bits, the readable end in the low half. */
type ResultKind = "none" | "number" | "stream" | "future" | "set" | "error-context";

interface Row {
  readonly operands: readonly OperandKind[];
  readonly result: ResultKind;
  /** whether it is about streams or futures of an element type */
  readonly typed: boolean;
  /** whether it has a sync and an async form */
  readonly forms: boolean;
}

function row(
  operands: readonly OperandKind[],
  result: ResultKind,
  more: { readonly typed?: boolean; readonly forms?: boolean } = {},
): Row {
  return { operands, result, typed: more.typed ?? false, forms: more.forms ?? false };
}

const typed = { typed: true };
const copying = { typed: true, forms: true };

/** A built-in that a program may call. */
export type Builtin = Exclude<
  BuiltinName,
  | `${"resource" | "task" | "subtask"}.${string}`
  | `thread.${"index" | "new-indirect" | "resume-later" | "suspend"}`
  | `thread.${string}-then-${string}`
  | "error-context.debug-message"
>;

/** Explainer.md, "Canonical Built-ins". */
const table: Readonly<Record<Builtin, Row>> = {
  "stream.new": row([], "stream", typed),
  "stream.read": row(["readable-stream", "pointer", "length"], "number", copying),
  "stream.write": row(["writable-stream", "pointer", "length"], "number", copying),
  "stream.cancel-read": row(["readable-stream"], "number", copying),
  "stream.cancel-write": row(["writable-stream"], "number", copying),
  "stream.drop-readable": row(["readable-stream"], "none", typed),
  "stream.drop-writable": row(["writable-stream"], "none", typed),
  "stream.forward": row(["readable-stream", "writable-stream"], "none", typed),
  "future.new": row([], "future", typed),
  "future.read": row(["readable-future", "pointer"], "number", copying),
  "future.write": row(["writable-future", "pointer"], "number", copying),
  "future.cancel-read": row(["readable-future"], "number", copying),
  "future.cancel-write": row(["writable-future"], "number", copying),
  "future.drop-readable": row(["readable-future"], "none", typed),
  "future.drop-writable": row(["writable-future"], "none", typed),
  "future.forward": row(["readable-future", "writable-future"], "none", typed),
  "waitable-set.new": row([], "set"),
  "waitable-set.wait": row(["set", "payload"], "number"),
  "waitable-set.poll": row(["set", "payload"], "number"),
  "waitable-set.drop": row(["set"], "none"),
  "waitable.join": row(["waitable", "set-or-none"], "none"),
  "context.get": row([], "number"),
  "context.set": row(["number"], "none"),
  "backpressure.inc": row([], "none"),
  "backpressure.dec": row([], "none"),
  "thread.yield": row([], "number"),
  "error-context.new": row(["pointer", "length"], "error-context"),
  "error-context.drop": row(["error-context"], "none"),
};

function isBuiltin(name: string): name is Builtin {
  return name in table;
}

const names = Object.keys(table).filter(isBuiltin);

/** What a built-in takes and gives. */
export function rowOf(name: Builtin): Row {
  return table[name];
}

/** The element types of streams and futures in programs; null: none. */
export type ElementType = "u8" | "s8" | "u16" | "s16" | "u32" | "s32" | "u64" | "s64" | null;

/** Bytes of an element in memory, which is its alignment too; 0 for a type without payload. */
export function sizeOf(type: ElementType): number {
  return type === null ? 0 : Number(type.slice(1)) / 8;
}

/** `stream.*` or the name of a built-in. */
export type BuiltinPattern = Builtin | "stream.*" | "future.*" | "waitable-set.*" | "context.*";

function fits(name: string, pattern: string): boolean {
  return pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

/**
 * The built-ins that patterns name, in the order of the table. Throws `TypeError` for a pattern that none fits,
 * and where nothing is left to call.
 */
export function selectBuiltins(patterns: readonly BuiltinPattern[]): readonly Builtin[] {
  const odd = patterns.find((pattern) => !names.some((name) => fits(name, pattern)));
  if (odd !== undefined) {
    const hint = didYouMean(odd, names, `they are ${names.join(", ")}`);
    throw new TypeError(`builtins: programs have no ${odd}: ${hint}`);
  }
  if (patterns.length === 0) throw new TypeError("builtins: there is nothing to call");
  return names.filter((name) => patterns.some((pattern) => fits(name, pattern)));
}
