// Bindings code of a script guest: arguments and results between script values and core values.

import { type Ctx, Trap } from "../canon/machine.ts";
import type { LiftLowerContext } from "../canon/values/context.ts";
import { flattenTypes } from "../canon/values/flatten.ts";
import { alignment, elemSize } from "../canon/values/layout.ts";
import { coreValueIter, liftFlatValues } from "../canon/values/lift.ts";
import { load } from "../canon/values/load.ts";
import { lowerFlatNow, storeNow } from "../canon/values/lower.ts";
import type { InstanceId } from "../model/ids.ts";
import { readBytes } from "../model/memory.ts";
import type { CanonicalOptions } from "../model/program.ts";
import type { ValType } from "../model/types.ts";
import type { CoreValue } from "../model/values.ts";
import { allocate } from "./heap.ts";
import { type At, fromValue, isAt, type ScriptValue, show } from "./script-values.ts";
import { toValue } from "./typed-values.ts";

/** Where a script runs: its instance and the options of its lifts and lowers. */
export interface Place {
  readonly c: Ctx;
  readonly instance: InstanceId;
  readonly opts: CanonicalOptions;
}

function rawContext({ instance, opts }: Place): LiftLowerContext {
  return { instance, opts, scope: null, handles: "raw" };
}

function checkRange({ c, opts }: Place, ptr: number, size: number, align: number): void {
  const length = opts.memory === null ? 0 : c.edit.memory.read(opts.memory).length;
  if (ptr < 0 || ptr + size > length || ptr % align !== 0) throw new Trap("guest.unreachable");
}

/** A value of type `t` at `ptr`; a range outside the memory traps as a core load does. */
export function loadAt(place: Place, t: ValType, ptr: number): ScriptValue {
  const { address } = place.opts;
  checkRange(place, ptr, elemSize(t, address), alignment(t, address));
  return fromValue(load(place.c, rawContext(place), ptr, t));
}

export function storeAt(place: Place, t: ValType, ptr: number, v: ScriptValue): void {
  const { c, opts } = place;
  checkRange(place, ptr, elemSize(t, opts.address), alignment(t, opts.address));
  const value = toValue(t, v, opts.encoding, false);
  storeNow(c, rawContext(place), value, t, ptr, (align, size) =>
    allocateInside(place, align, size),
  );
}

function allocateInside(place: Place, align: number, size: number): number {
  const ptr = allocate(place, align, size);
  checkRange(place, ptr, size, align);
  return ptr;
}

/** Flat core values for arguments or a result; more than `max` go through memory. */
export function flatten(
  place: Place,
  vs: readonly ScriptValue[],
  ts: readonly ValType[],
  max: number,
): CoreValue[] {
  if (vs.length !== ts.length) throw new Trap("guest.type");
  if (vs.some(isAt)) return flattenRanges(place, vs, ts, max);
  const { c, opts } = place;
  if (ts.length <= max && ts.every(isPlain)) {
    return ts.map((t, i) => Number(toValue(t, vs[i] ?? 0, opts.encoding, false)) >>> 0);
  }
  const values = ts.map((t, i) => toValue(t, vs[i] ?? 0, opts.encoding, false));
  const inside = (align: number, size: number): number => allocateInside(place, align, size);
  return [...lowerFlatNow(c, rawContext(place), max, values, ts, inside)];
}

const plain: ReadonlySet<ValType["tag"]> = new Set(["u8", "u16", "u32", "s8", "s16", "s32"]);

/** Whether a value is one i32, which its number says. */
const isPlain = ({ tag }: ValType): boolean => plain.has(tag);

/**
 * `list-at`: the pointer and length of a list or string as they are. Of any other value it is two
 * core values, whatever they mean, or the pointer alone if the value goes through memory.
 */
function flattenRanges(
  place: Place,
  vs: readonly ScriptValue[],
  ts: readonly ValType[],
  max: number,
): CoreValue[] {
  if (flattenTypes(ts, place.opts.address).length > max) return pointerTo(place, vs, ts);
  return ts.flatMap((t, i) => {
    const v = vs[i] ?? 0;
    return isAt(v) ? rangeOf(place, v) : flatten(place, [v], [t], max);
  });
}

function pointerTo(place: Place, [v]: readonly ScriptValue[], ts: readonly ValType[]): CoreValue[] {
  const spilled = ts.every((t) => t.tag !== "list" && t.tag !== "string");
  if (v === undefined || !isAt(v) || !spilled || ts.length > 1) throw new Trap("guest.type");
  return rangeOf(place, v).slice(0, 1);
}

function rangeOf({ opts }: Place, { ptr, length }: At): CoreValue[] {
  return opts.address === "i64" ? [BigInt(ptr), BigInt(length)] : [ptr, length];
}

/** The values of flat core values; more than `max` come through memory. */
export function raise(
  place: Place,
  flat: readonly CoreValue[],
  ts: readonly ValType[],
  max: number,
): ScriptValue[] {
  const { c } = place;
  return liftFlatValues(c, rawContext(place), max, coreValueIter(flat), ts).map(fromValue);
}

/** `n` elements of type `t` for a write: where they lie after they were stored. */
export function storeBuffer(place: Place, t: ValType, vs: readonly ScriptValue[]): number {
  const { address } = place.opts;
  const size = elemSize(t, address);
  const ptr = allocateInside(place, alignment(t, address), size * vs.length);
  for (const [i, v] of vs.entries()) storeAt(place, t, ptr + i * size, v);
  return ptr;
}

/** Text for the log; a range prints its bytes: b'ab'. */
export function showIn({ c, opts }: Place, v: ScriptValue): string {
  if (!isAt(v) || opts.memory === null) return show(v);
  const memory = c.edit.memory.read(opts.memory);
  if (v.ptr + v.length > memory.length) throw new Trap("guest.unreachable");
  const bytes = readBytes(memory, v.ptr, v.length);
  return `b'${[...bytes].map(showByte).join("")}'`;
}

function showByte(byte: number): string {
  if (byte >= 0x20 && byte < 0x7f) return String.fromCharCode(byte);
  return `\\x${byte.toString(16).padStart(2, "0")}`;
}
