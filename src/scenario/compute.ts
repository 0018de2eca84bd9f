// The instructions of a script that compute: text, lists, memory, variables.

import { Trap } from "../canon/machine.ts";
import { readBytes, writeBytes } from "../model/memory.ts";
import type { BinaryOp } from "./ast.ts";
import type { Instr } from "./code.ts";
import type { Run } from "./interpret.ts";
import { allocate, loadAt, type Place, showIn, storeAt } from "./marshal.ts";
import {
  equal,
  mismatch,
  narrow,
  type ScriptValue,
  tagOf,
  toNumber,
  toUnsigned,
  truthy,
} from "./script-values.ts";

function take(run: Run, n: number): ScriptValue[] {
  return n === 0 ? [] : run.stack.splice(run.stack.length - n, n);
}

/** Runs one instruction that neither calls nor jumps; leaves its value on the stack. */
export function compute(run: Run, instr: Instr): void {
  switch (instr.op) {
    case "set-var":
      setVar(run.place, instr.name, take(run, 1)[0] ?? 0);
      return;
    case "store": {
      const [ptr = 0, v = 0] = take(run, 2);
      storeAt(run.place, instr.t, toNumber(ptr), v);
      return;
    }
    default:
      run.stack.push(produced(run, instr));
  }
}

function setVar({ c, instance }: Place, name: string, v: ScriptValue): void {
  const inst = c.edit.edit("instance", instance);
  inst.globals = { ...inst.globals, [name]: v };
}

function produced(run: Run, instr: Instr): ScriptValue {
  const { place } = run;
  switch (instr.op) {
    case "var":
      return (
        (place.c.edit.read("instance", place.instance).globals[instr.name] as ScriptValue) ?? 0
      );
    case "text":
      return textOf(run, instr.parts);
    case "list":
      return take(run, instr.n);
    case "record":
      return recordOf(instr.labels, take(run, instr.labels.length));
    case "case":
      return {
        tag: "case",
        label: instr.label,
        value: instr.payload ? ((take(run, 1)[0] ?? 0) as never) : null,
      };
    case "load":
      return loadAt(place, instr.t, toNumber(take(run, 1)[0] ?? 0));
    case "field":
      return fieldOf(take(run, 1)[0] ?? 0, instr.label);
    case "realloc":
      return realloc(place, take(run, 4).map(toNumber));
    default:
      return operator(run, instr);
  }
}

/** In UTF-16 code units: text that a loop makes ever longer ends the script, not the tool. */
const longestText = 2 ** 20;

function textOf(run: Run, parts: readonly (string | null)[]): string {
  const values = take(run, parts.filter((part) => part === null).length);
  let next = 0;
  const text = parts.map((part) => part ?? showIn(run.place, values[next++] ?? 0)).join("");
  return text.length > longestText ? mismatch() : text;
}

function recordOf(labels: readonly string[], vs: readonly ScriptValue[]): ScriptValue {
  const fields = Object.fromEntries(labels.map((label, i) => [label, vs[i] ?? 0]));
  return { tag: "record", fields: fields as never };
}

function fieldOf(v: ScriptValue, label: string): ScriptValue {
  if (tagOf(v) !== "record") throw new Trap("guest.type");
  const { fields } = v as { fields: Readonly<Record<string, ScriptValue>> };
  const field = fields[label];
  if (field === undefined) throw new Trap("guest.type");
  return field;
}

function operator(run: Run, instr: Instr): ScriptValue {
  switch (instr.op) {
    case "not":
      return !truthy(take(run, 1)[0] ?? 0);
    case "negate":
      return -toNumber(take(run, 1)[0] ?? 0);
    case "binary": {
      const [a = 0, b = 0] = take(run, 2);
      return binary(instr.by, a, b);
    }
    case "packed": {
      const [result = 0, progress = 0] = take(run, 2);
      return { tag: "named", kind: "copy", n: toNumber(result) + 16 * toNumber(progress) };
    }
    case "list-at": {
      const [ptr = 0, length = 0] = take(run, 2);
      return { tag: "at", ptr: toUnsigned(ptr), length: toUnsigned(length) };
    }
    case "index": {
      const [list = 0, i = 0] = take(run, 2);
      return elementOf(list, toNumber(i));
    }
    case "alloc": {
      const [size = 0, align = 0] = take(run, 2).map(toUnsigned);
      return allocate(run.place, align, size);
    }
    default:
      throw new Error(`no such instruction: ${instr.op}`);
  }
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
  const n = apply(op, BigInt(x), BigInt(y));
  return n < least || n > greatest ? mismatch() : narrow(n);
}

function apply<N extends number | bigint>(op: BinaryOp, x: N, y: N): N {
  if (op === "+") return ((x as number) + (y as number)) as N;
  return (op === "-" ? (x as number) - (y as number) : (x as number) * (y as number)) as N;
}

function binary(op: BinaryOp, a: ScriptValue, b: ScriptValue): ScriptValue {
  switch (op) {
    case "==":
      return equal(a, b);
    case "!=":
      return !equal(a, b);
    case "<":
      return toNumber(a) < toNumber(b);
    case "<=":
      return toNumber(a) <= toNumber(b);
    case ">":
      return toNumber(a) > toNumber(b);
    case ">=":
      return toNumber(a) >= toNumber(b);
    case "and":
      return truthy(a) && truthy(b);
    case "or":
      return truthy(a) || truthy(b);
    default:
      return arithmetic(op, a, b);
  }
}

/** The default realloc: a fresh range with the old bytes in it. */
function realloc(place: Place, [old = 0, oldSize = 0, align = 1, size = 0]: number[]): number {
  const { c, opts } = place;
  const ptr = allocate(place, align, size);
  const keep = Math.min(oldSize, size);
  if (opts.memory === null || keep === 0) return ptr;
  const { length } = c.edit.read("memory", opts.memory);
  if (ptr + keep > length || old + keep > length) return ptr;
  const bytes = readBytes(c.edit.read("memory", opts.memory), old, keep);
  writeBytes(c.edit.edit("memory", opts.memory), ptr, bytes);
  return ptr;
}
