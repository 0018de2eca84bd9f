// What each canonical built-in looks like: its operands, its type argument, its modifiers.

import type { BuiltinName } from "../model/program.ts";
import type { Expr } from "./ast-exprs.ts";

/** How the operands of a built-in are written. */
export type Operands =
  /** so many atoms */
  | number
  /** an atom, unless the function has no result */
  | "result"
  /** `r N [at PTR]` or `w VALUE`, `w N at PTR` */
  | "copy"
  /** an atom, and perhaps `at PTR` */
  | "buffered"
  /** `w VALUE`, `w at PTR`; only `w` without payload */
  | "future-write";

export interface BuiltinShape {
  readonly operands: Operands;
  /** `<r>` (required), `<T>` (optional), or no type argument */
  readonly type: "resource" | "payload" | null;
  readonly async: boolean;
  readonly cancellable: boolean;
  /** How many values `let` can take; 0 for those that give none. */
  readonly gives: 0 | 1 | 2 | 3;
}

function shape(
  operands: Operands,
  gives: BuiltinShape["gives"],
  options: Partial<BuiltinShape> = {},
): BuiltinShape {
  return { operands, type: null, async: false, cancellable: false, gives, ...options };
}

const resource = { type: "resource" } as const;
const payload = { type: "payload" } as const;
const copy = { type: "payload", async: true } as const;
const cancellable = { cancellable: true } as const;

export const shapes: Readonly<Record<BuiltinName, BuiltinShape>> = {
  "resource.new": shape(1, 1, resource),
  "resource.drop": shape(1, 0, resource),
  "resource.rep": shape(1, 1, resource),
  "context.get": shape(1, 1),
  "context.set": shape(2, 0),
  "backpressure.inc": shape(0, 0),
  "backpressure.dec": shape(0, 0),
  "task.return": shape("result", 0, payload),
  "task.cancel": shape(0, 0),
  "waitable-set.new": shape(0, 1),
  "waitable-set.wait": shape("buffered", 3, cancellable),
  "waitable-set.poll": shape("buffered", 3, cancellable),
  "waitable-set.drop": shape(1, 0),
  "waitable.join": shape(2, 0),
  "subtask.cancel": shape(1, 1, { async: true }),
  "subtask.drop": shape(1, 0),
  "stream.new": shape(0, 2, payload),
  "stream.read": shape("copy", 2, copy),
  "stream.write": shape("copy", 1, copy),
  "stream.cancel-read": shape(1, 1, copy),
  "stream.cancel-write": shape(1, 1, copy),
  "stream.drop-readable": shape(1, 0, payload),
  "stream.drop-writable": shape(1, 0, payload),
  "stream.forward": shape(2, 0, payload),
  "future.new": shape(0, 2, payload),
  "future.read": shape("buffered", 2, copy),
  "future.write": shape("future-write", 1, copy),
  "future.cancel-read": shape(1, 1, copy),
  "future.cancel-write": shape(1, 1, copy),
  "future.drop-readable": shape(1, 0, payload),
  "future.drop-writable": shape(1, 0, payload),
  "future.forward": shape(2, 0, payload),
  "thread.index": shape(0, 1),
  "thread.new-indirect": shape(2, 1),
  "thread.resume-later": shape(1, 0),
  "thread.suspend": shape(0, 1, cancellable),
  "thread.yield": shape(0, 1, cancellable),
  "thread.suspend-then-resume": shape(1, 1, cancellable),
  "thread.yield-then-resume": shape(1, 1, cancellable),
  "thread.suspend-then-promote": shape(1, 1, cancellable),
  "thread.yield-then-promote": shape(1, 1, cancellable),
  "error-context.new": shape(1, 1),
  "error-context.debug-message": shape("buffered", 1),
  "error-context.drop": shape(1, 0),
};

export const builtinNames: readonly string[] = Object.keys(shapes);

/** The shape of a built-in, or null when there is none of that name. */
export function shapeOf(name: string): BuiltinShape | null {
  return Object.hasOwn(shapes, name) ? shapes[name as BuiltinName] : null;
}

/** What the host's code does with stacks: no built-ins, but written as they are. */
export const stackNames: readonly string[] = (
  ["new", "call", "poll", "drop", "plain", "guard"] satisfies (Expr & { tag: "stack" })["verb"][]
).map((verb) => `stack.${verb}`);

/** The first words of the built-ins: `stream`, `waitable-set`, .. */
export const families: ReadonlySet<string> = new Set([
  ...builtinNames.map((name) => name.slice(0, name.indexOf("."))),
  "stack",
]);
