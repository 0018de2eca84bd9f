// The instructions of a script that compute: text, lists, memory, variables.

import { Trap } from "../canon/machine.ts";
import { readBytes, writeBytes } from "../model/memory.ts";
import type { CaseValue, RecordValue, Value } from "../model/values.ts";
import type { BinaryOp } from "./ast-exprs.ts";
import { allocate } from "./heap.ts";
import { loadAt, type Place, showIn, storeAt } from "./marshal.ts";
import { type Linkers, type Op, pop, type Run, take } from "./running.ts";
import {
  equal,
  fromValue,
  isMulti,
  mismatch,
  narrow,
  type ScriptValue,
  tagOf,
  toNumber,
  toUnsigned,
  truthy,
} from "./script-values.ts";

/** The operation that leaves a value on the stack. */
function leaving(value: (run: Run) => ScriptValue): Op {
  return (run) => {
    run.stack.push(value(run));
    run.pc += 1;
    return null;
  };
}

/** The operation on the value on top of the stack. */
const onOne = (value: (v: ScriptValue, run: Run) => ScriptValue): Op =>
  leaving((run) => value(pop(run), run));

/** The operation on the two values on top of the stack. */
const onTwo = (value: (a: ScriptValue, b: ScriptValue) => ScriptValue): Op =>
  leaving((run) => {
    const b = pop(run);
    return value(pop(run), b);
  });

/** Instructions that neither call nor jump nor have to do with locals. */
export const computing: Linkers<
  | "push"
  | "pop"
  | "first"
  | "var"
  | "set-var"
  | "text"
  | "list"
  | "record"
  | "case"
  | "list-at"
  | "packed"
  | "index"
  | "not"
  | "negate"
  | "alloc"
  | "realloc"
  | "field"
  | "binary"
  | "load"
  | "store"
  | "log"
> = {
  push: ({ value }) => leaving(() => value),
  pop: () => (run) => {
    pop(run);
    run.pc += 1;
    return null;
  },
  first: () => onOne((v) => (isMulti(v) ? (v.values[0] ?? 0) : v)),
  var: ({ name }) => leaving((run) => variable(run.place, name)),
  "set-var":
    ({ name }) =>
    (run) => {
      setVar(run.place, name, pop(run));
      run.pc += 1;
      return null;
    },
  text: ({ parts }) => {
    const holes = parts.filter((part) => part === null).length;
    return leaving((run) => textOf(run.place, parts, take(run, holes)));
  },
  list: ({ n }) => leaving((run) => take(run, n)),
  record: ({ labels }) => leaving((run) => recordOf(labels, take(run, labels.length))),
  case: ({ label, payload }) =>
    leaving((run) => ({ tag: "case", label, value: payload ? (pop(run) as never) : null })),
  "list-at": () => onTwo((a, b) => ({ tag: "at", ptr: toUnsigned(a), length: toUnsigned(b) })),
  packed: () =>
    onTwo((a, b) => ({ tag: "named", kind: "copy", n: toNumber(a) + 16 * toNumber(b) })),
  index: () => onTwo((list, i) => elementOf(list, toNumber(i))),
  not: () => onOne((v) => !truthy(v)),
  negate: () => onOne((v) => -toNumber(v)),
  alloc: () =>
    leaving((run) => {
      const align = toUnsigned(pop(run));
      return allocate(run.place, align, toUnsigned(pop(run)));
    }),
  realloc: () => leaving((run) => realloc(run.place, take(run, 4).map(toNumber))),
  field: ({ label }) => onOne((v) => fieldOf(v, label)),
  binary: ({ by }) => onTwo(binary[by]),
  load: ({ t }) => onOne((ptr, run) => loadAt(run.place, t, toNumber(ptr))),
  store:
    ({ t }) =>
    (run) => {
      const v = pop(run);
      storeAt(run.place, t, toNumber(pop(run)), v);
      run.pc += 1;
      return null;
    },
  log: () => (run) => {
    run.place.c.edit.log(showIn(run.place, pop(run)));
    run.pc += 1;
    return null;
  },
};

function variable({ c, instance }: Place, name: string): ScriptValue {
  return (c.edit.instance.read(instance).globals[name] as ScriptValue) ?? 0;
}

function setVar({ c, instance }: Place, name: string, v: ScriptValue): void {
  const inst = c.edit.instance.edit(instance);
  inst.globals = { ...inst.globals, [name]: v };
}

/** In UTF-16 code units: text that a loop makes ever longer ends the script, not the tool. */
const longestText = 2 ** 20;

function textOf(
  place: Place,
  parts: readonly (string | null)[],
  values: readonly ScriptValue[],
): string {
  let next = 0;
  const text = parts.map((part) => part ?? showIn(place, values[next++] ?? 0)).join("");
  return text.length > longestText ? mismatch() : text;
}

function recordOf(labels: readonly string[], vs: readonly ScriptValue[]): ScriptValue {
  const fields = Object.fromEntries(labels.map((label, i) => [label, vs[i] ?? 0]));
  return { tag: "record", fields: fields as never };
}

/** A field of a record, or what a case of that label carries. */
function fieldOf(v: ScriptValue, label: string): ScriptValue {
  const tag = tagOf(v);
  if (tag !== "record" && tag !== "case") throw new Trap("guest.type");
  const fields: Readonly<Record<string, ScriptValue>> =
    tag === "record" ? (v as RecordValue).fields : carriedBy(v as CaseValue);
  const field = fields[label];
  if (field === undefined) throw new Trap("guest.type");
  // what was lifted may hold text in its lifted form
  return fromValue(field as Value);
}

function carriedBy({ label, value }: CaseValue): Readonly<Record<string, ScriptValue>> {
  return value === null ? {} : { [label]: value };
}

function elementOf(list: ScriptValue, i: number): ScriptValue {
  const element = Array.isArray(list) ? (list[i] as ScriptValue | undefined) : undefined;
  if (element === undefined) throw new Trap("guest.type");
  return element;
}

const isInteger = (v: number | bigint): boolean => typeof v === "bigint" || Number.isInteger(v);

const [least, greatest] = [-(2n ** 63n), 2n ** 64n - 1n];

/** Exact for integers, which stay within 64 bits; floats otherwise. */
function arithmetic(op: BinaryOp, a: ScriptValue, b: ScriptValue): ScriptValue {
  const x = typeof a === "bigint" ? a : toNumber(a);
  const y = typeof b === "bigint" ? b : toNumber(b);
  if (!isInteger(x) || !isInteger(y)) return apply(op, Number(x), Number(y));
  if (typeof x === "number" && typeof y === "number") {
    const small = apply(op, x, y);
    if (Number.isSafeInteger(small)) return small + 0; // an integer has no -0
  }
  const n = apply(op, BigInt(x), BigInt(y));
  return n < least || n > greatest ? mismatch() : narrow(n);
}

function apply<N extends number | bigint>(op: BinaryOp, x: N, y: N): N {
  if (op === "+") return ((x as number) + (y as number)) as N;
  return (op === "-" ? (x as number) - (y as number) : (x as number) * (y as number)) as N;
}

const binary: Readonly<Record<BinaryOp, (a: ScriptValue, b: ScriptValue) => ScriptValue>> = {
  "==": equal,
  "!=": (a, b) => !equal(a, b),
  "<": (a, b) => toNumber(a) < toNumber(b),
  "<=": (a, b) => toNumber(a) <= toNumber(b),
  ">": (a, b) => toNumber(a) > toNumber(b),
  ">=": (a, b) => toNumber(a) >= toNumber(b),
  and: (a, b) => truthy(a) && truthy(b),
  or: (a, b) => truthy(a) || truthy(b),
  "+": (a, b) => arithmetic("+", a, b),
  "-": (a, b) => arithmetic("-", a, b),
  "*": (a, b) => arithmetic("*", a, b),
};

/** The default realloc: a fresh range with the old bytes in it. */
function realloc(place: Place, [old = 0, oldSize = 0, align = 1, size = 0]: number[]): number {
  const { c, opts } = place;
  const ptr = allocate(place, align, size);
  const keep = Math.min(oldSize, size);
  if (opts.memory === null || keep === 0) return ptr;
  const { length } = c.edit.memory.read(opts.memory);
  if (ptr + keep > length || old + keep > length) return ptr;
  const bytes = readBytes(c.edit.memory.read(opts.memory), old, keep);
  writeBytes(c.edit.memory.edit(opts.memory), ptr, bytes);
  return ptr;
}
