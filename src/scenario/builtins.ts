// The canonical built-ins as scripts call them: operands to core arguments, core results back.

import { blocked, type GuestMove } from "../canon/machine.ts";
import { maxFlatParams } from "../canon/values/flatten.ts";
import { alignment, elemSize } from "../canon/values/layout.ts";
import { readInt } from "../model/memory.ts";
import type { BuiltinName } from "../model/program.ts";
import type { ValType } from "../model/types.ts";
import type { CoreValue } from "../model/values.ts";
import type { Instr } from "./code.ts";
import { constants } from "./constants.ts";
import { allocate, clear, hold, holderOf, letGo, scratch } from "./heap.ts";
import { flatten, loadAt, type Place, storeBuffer } from "./marshal.ts";
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

/** A move, and a number to keep until its results come: mostly the buffer's pointer. */
export interface Call {
  readonly move: GuestMove;
  readonly temp: number | null;
}

interface Prepared {
  readonly args: readonly CoreValue[];
  readonly temp: number | null;
  /** bytes of a buffer at `temp` that was taken for this copy */
  readonly taken?: number;
}

/**
 * The call of a built-in: operands become core values, buffers are allocated where needed. With
 * `keeps` the script goes on to use the address of the buffer, which stays its own.
 */
export function builtinCall(
  place: Place,
  instr: Builtin,
  operands: readonly ScriptValue[],
  keeps: boolean,
): Call {
  const { args, temp, taken = 0 } = prepare(place, instr, operands);
  if (!keeps && temp !== null) hold(place, Number(args[0] ?? 0), temp, taken);
  const imported =
    instr.inferred && instr.import.tag === "builtin"
      ? { ...instr.import, t: ownResult(place) }
      : instr.import;
  return { move: { tag: "call", import: imported, args }, temp };
}

/** The result type of the task that runs: what `task.return` without a type means. */
function ownResult({ c }: Place): ValType | null {
  const { running } = c.edit;
  const task = running === null ? null : c.edit.thread.read(running).task;
  return task === null ? null : c.edit.task.read(task).ft.result;
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
      const ptr = instr.at ? toUnsigned(second) : scratch;
      return { args: [toUnsigned(first), ptr], temp: ptr };
    }
    case "stream.read":
    case "future.read":
      return read(place, instr, operands);
    case "stream.write":
    case "future.write":
      return write(place, instr, operands);
    case "stream.cancel-read":
    case "stream.cancel-write":
    case "future.cancel-read":
    case "future.cancel-write":
    case "subtask.cancel":
      return { args: operands.map(coreArg), temp: toUnsigned(first) };
    case "error-context.new":
      return { args: stringArgs(place, first), temp: null };
    case "error-context.debug-message": {
      const ptr = instr.at ? toUnsigned(second) : scratch;
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
  const t = elementType(instr);
  const ptr = instr.at ? toUnsigned(given ?? 0) : bufferFor(place, t, n);
  const args = stream ? [end, ptr, n] : [end, ptr];
  return { args, temp: ptr, taken: instr.at ? 0 : bytesFor(place, t, n) };
}

function bytesFor({ opts }: Place, t: ValType | null, n: number): number {
  return t === null ? 0 : n * elemSize(t, opts.address);
}

function bufferFor(place: Place, t: ValType | null, n: number): number {
  if (t === null || n === 0) return 0;
  return allocate(place, alignment(t, place.opts.address), bytesFor(place, t, n));
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
  const args = stream ? [toUnsigned(end), ptr, n] : [toUnsigned(end), ptr];
  return { args, temp: ptr, taken: isAt(what) ? 0 : bytesFor(place, t, n) };
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

/** What a script sees of a built-in's core results; buffers that are not needed any more are free again. */
export function builtinResult(
  place: Place,
  instr: Builtin,
  core: readonly CoreValue[],
  temp: number | null,
): ScriptValue {
  const first = core[0] ?? 0;
  switch (instr.name) {
    case "stream.new":
    case "future.new":
      return pair(BigInt(first));
    case "stream.read":
    case "stream.write":
    case "future.read":
    case "future.write":
      return copied(place, Number(first), temp ?? 0);
    case "stream.cancel-read":
    case "stream.cancel-write":
    case "future.cancel-read":
    case "future.cancel-write":
      return cancelled(place, Number(first), temp ?? 0);
    case "waitable-set.wait":
    case "waitable-set.poll":
      return eventOf(place, Number(first), temp ?? 0, instr.at);
    case "subtask.cancel":
      if (first !== blocked) letGo(place, temp);
      return subtaskState(Number(first));
    case "error-context.debug-message":
      return messageOf(place, temp ?? 0, instr.at);
    default:
      return silent.has(instr.name) ? 0 : Number(first);
  }
}

/** Built-ins of streams and futures that return nothing. */
const silent: ReadonlySet<BuiltinName> = new Set([
  "stream.drop-readable",
  "stream.drop-writable",
  "stream.forward",
  "future.drop-readable",
  "future.drop-writable",
  "future.forward",
]);

/** (result, address of the buffer) */
function copied(place: Place, result: number, ptr: number): ScriptValue {
  if (result !== blocked) letGo(place, holderOf(place, ptr));
  return { tag: "multi", values: [copyResult(result), ptr] };
}

function cancelled(place: Place, result: number, end: number): ScriptValue {
  if (result !== blocked) letGo(place, end);
  return { tag: "multi", values: [copyResult(result), 0] };
}

function messageOf(place: Place, ptr: number, at: boolean): ScriptValue {
  const message = loadAt(place, { tag: "string" }, ptr);
  if (!at) clear(place, scratch, 16);
  return message;
}

/** (readable end, writable end) */
function pair(packed: bigint): ScriptValue {
  return { tag: "multi", values: [Number(packed & 0xffff_ffffn), Number(packed >> 32n)] };
}

/** (event code, index, payload by name) */
function eventOf(place: Place, code: number, ptr: number, at: boolean): ScriptValue {
  const { c, opts } = place;
  if (opts.memory === null) return 0;
  const memory = c.edit.memory.read(opts.memory);
  const [p1, p2] = [readInt(memory, ptr, 4), readInt(memory, ptr + 4, 4)];
  if (!at) clear(place, scratch, 8);
  const event: Named = { tag: "named", kind: "event", n: code };
  return { tag: "multi", values: [event, p1, eventPayload(place, code, p1, p2)] };
}

/** The payload of an event as it is delivered: if it says that a copy or a call is over, its memory is free. */
export function eventPayload(place: Place, code: number, index: number, p2: number): ScriptValue {
  if (isCopyEvent(code) || (code === 1 && p2 >= returned)) letGo(place, index);
  return payload(code, p2);
}

const returned: number = constants.RETURNED.value;

const isCopyEvent = (code: number): boolean => code >= 2 && code <= 5;

/** The payload of an event by its code: a subtask's state, a copy's result, or a plain number. */
export function payload(code: number, p2: number): ScriptValue {
  if (code === 1) return subtaskState(p2);
  return isCopyEvent(code) ? copyResult(p2) : p2;
}
