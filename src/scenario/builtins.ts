// The canonical built-ins as scripts call them: operands to core arguments, core results back.

import { maxFlatParams } from "../canon/values/flatten.ts";
import { alignment, elemSize } from "../canon/values/layout.ts";
import { readInt } from "../model/memory.ts";
import type { BuiltinName } from "../model/program.ts";
import type { ValType } from "../model/types.ts";
import type { CoreValue } from "../model/values.ts";
import type { Call } from "./calls.ts";
import type { Instr } from "./code.ts";
import { allocate, flatten, loadAt, type Place, scratch, storeBuffer } from "./marshal.ts";
import {
  bytesOf,
  copyResult,
  isAt,
  mismatch,
  type Named,
  type ScriptValue,
  subtaskState,
  toNumber,
  toUnsigned,
} from "./script-values.ts";

type Builtin = Instr & { readonly op: "builtin" };

interface Prepared {
  readonly args: readonly CoreValue[];
  readonly temp: number | null;
}

/** The call of a built-in: operands become core values, buffers are allocated where needed. */
export function builtinCall(place: Place, instr: Builtin, operands: readonly ScriptValue[]): Call {
  const { args, temp } = prepare(place, instr, operands);
  const imported =
    instr.inferred && instr.import.tag === "builtin"
      ? { ...instr.import, t: ownResult(place) }
      : instr.import;
  return { move: { tag: "call", import: imported, args }, temp };
}

/** The result type of the task that runs: what `task.return` without a type means. */
function ownResult({ c }: Place): ValType | null {
  const { stack } = c.edit.globals;
  const thread = stack[stack.length - 1];
  const task = thread === undefined ? null : c.edit.read("thread", thread).task;
  return task === null ? null : c.edit.read("task", task).ft.result;
}

function elementType(instr: Builtin): ValType | null {
  return instr.import.tag === "builtin" ? instr.import.t : null;
}

function prepare(place: Place, instr: Builtin, operands: readonly ScriptValue[]): Prepared {
  const [first = 0, second = 0] = operands;
  switch (instr.name) {
    case "task.return":
      return { args: returnArgs(place, instr, operands), temp: null };
    case "waitable-set.wait":
    case "waitable-set.poll": {
      const ptr = instr.at ? toUnsigned(second) : scratch(place);
      return { args: [toUnsigned(first), ptr], temp: ptr };
    }
    case "stream.read":
    case "future.read":
      return read(place, instr, operands);
    case "stream.write":
    case "future.write":
      return write(place, instr, operands);
    case "error-context.new":
      return { args: stringArgs(place, first), temp: null };
    case "error-context.debug-message": {
      const ptr = instr.at ? toUnsigned(second) : scratch(place);
      return { args: [toUnsigned(first), ptr], temp: ptr };
    }
    case "context.get":
    case "context.set":
      if (toUnsigned(first) > 1) return mismatch();
      return { args: operands.map(coreArg), temp: null };
    default:
      return { args: operands.map(coreArg), temp: null };
  }
}

function coreArg(v: ScriptValue): CoreValue {
  return typeof v === "bigint" ? BigInt.asUintN(64, v) : toNumber(v) >>> 0;
}

function returnArgs(place: Place, instr: Builtin, operands: readonly ScriptValue[]): CoreValue[] {
  const t = instr.inferred ? ownResult(place) : elementType(instr);
  return t === null || operands.length === 0 ? [] : flatten(place, operands, [t], maxFlatParams);
}

function stringArgs(place: Place, v: ScriptValue): CoreValue[] {
  return flatten(place, [v], [{ tag: "string" }], maxFlatParams);
}

function isStream(name: BuiltinName): boolean {
  return name.startsWith("stream.");
}

/** `stream.read r N [at P]` and `future.read r [at P]`. */
function read(place: Place, instr: Builtin, operands: readonly ScriptValue[]): Prepared {
  const end = toUnsigned(operands[0] ?? 0);
  const stream = isStream(instr.name);
  const n = stream ? toUnsigned(operands[1] ?? 0) : 1;
  const given = operands[stream ? 2 : 1];
  const ptr = instr.at ? toUnsigned(given ?? 0) : bufferFor(place, elementType(instr), n);
  return { args: stream ? [end, ptr, n] : [end, ptr], temp: ptr };
}

function bufferFor(place: Place, t: ValType | null, n: number): number {
  if (t === null || n === 0) return 0;
  const { address } = place.opts;
  return allocate(place, alignment(t, address), n * elemSize(t, address));
}

/** `stream.write w VALUE`, `stream.write w N at P`, `future.write w VALUE`, `future.write w at P`. */
function write(place: Place, instr: Builtin, operands: readonly ScriptValue[]): Prepared {
  const [end = 0, what = 0, where = 0] = operands;
  const stream = isStream(instr.name);
  if (instr.at) {
    const args = stream
      ? [toUnsigned(end), toUnsigned(where), toUnsigned(what)]
      : [toUnsigned(end), toUnsigned(what)];
    return { args, temp: null };
  }
  const t = elementType(instr);
  const { ptr, n } = stream ? stored(place, t, what) : storedOne(place, t, what);
  return { args: stream ? [toUnsigned(end), ptr, n] : [toUnsigned(end), ptr], temp: ptr };
}

function storedOne(place: Place, t: ValType | null, v: ScriptValue): { ptr: number; n: number } {
  return { ptr: t === null ? 0 : storeBuffer(place, t, [v]), n: 1 };
}

/** A number of elements means as many zero bytes; of a type without payload, the count. */
function stored(place: Place, t: ValType | null, v: ScriptValue): { ptr: number; n: number } {
  if (isAt(v)) return { ptr: v.ptr, n: v.length };
  if (t === null) return { ptr: 0, n: toUnsigned(v) };
  const vs = typeof v === "string" ? bytesOf(v) : v;
  if (!Array.isArray(vs)) return { ptr: bufferFor(place, t, toUnsigned(v)), n: toUnsigned(v) };
  return { ptr: vs.length === 0 ? 0 : storeBuffer(place, t, vs), n: vs.length };
}

const copyVerbs: ReadonlySet<string> = new Set(["read", "write", "cancel-read", "cancel-write"]);

/** What a script sees of a built-in's core results. */
export function builtinResult(
  place: Place,
  instr: Builtin,
  core: readonly CoreValue[],
  temp: number | null,
): ScriptValue {
  const first = core[0] ?? 0;
  const [family = "", verb = ""] = instr.name.split(".");
  if (verb === "new" && (family === "stream" || family === "future")) return pair(BigInt(first));
  if (family === "stream" || family === "future") {
    if (!copyVerbs.has(verb)) return 0;
    return { tag: "multi", values: [copyResult(Number(first)), temp ?? 0] };
  }
  if (family === "waitable-set" && temp !== null) return eventOf(place, Number(first), temp);
  if (instr.name === "subtask.cancel") return subtaskState(Number(first));
  if (instr.name === "error-context.debug-message" && temp !== null) {
    return loadAt(place, { tag: "string" }, temp);
  }
  return typeof first === "bigint" ? Number(first) : first;
}

/** (readable end, writable end) */
function pair(packed: bigint): ScriptValue {
  return { tag: "multi", values: [Number(packed & 0xffff_ffffn), Number(packed >> 32n)] };
}

/** (event code, index, payload by name) */
function eventOf({ c, opts }: Place, code: number, ptr: number): ScriptValue {
  if (opts.memory === null) return 0;
  const memory = c.edit.read("memory", opts.memory);
  const [p1, p2] = [readInt(memory, ptr, 4), readInt(memory, ptr + 4, 4)];
  const event: Named = { tag: "named", kind: "event", n: code };
  return { tag: "multi", values: [event, p1, payload(code, p2)] };
}

/** The payload of an event by its code: a subtask's state, a copy's result, or a plain number. */
export function payload(code: number, p2: number): ScriptValue {
  if (code === 1) return subtaskState(p2);
  return code >= 2 && code <= 5 ? copyResult(p2) : p2;
}
