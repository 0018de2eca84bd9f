// Lowering item by item, up to the next call of realloc. Mirrors spec/01 and CanonicalABI.md, "Storing".

import type { Case, CoreType, ValType } from "../../model/types.ts";
import type { BulkValue, CoreValue, NumberTag, Value } from "../../model/values.ts";
import { assert } from "../machine.ts";
import { listLength, toList } from "./bulk.ts";
import { corePointer, moveBytes, trapMisaligned, trapOutOfBounds } from "./context.ts";
import { fixedListOf, storeDiscriminant, storeElements, storeValue } from "./encode.ts";
import { flattenPayload, flattenType } from "./flatten.ts";
import type { Dest, LowerItem, Request, Work } from "./items.ts";
import { allocation, place } from "./items.ts";
import { alignment, elemSize, fieldOffsets, payloadOffset } from "./layout.ts";
import type { Nans } from "./numbers.ts";
import { f32Bits, f64Bits, nansOf, numberOf } from "./numbers.ts";
import {
  fieldsOf,
  listOf,
  lowerBool,
  lowerChar,
  lowerFlags,
  lowerHandle,
  matchCase,
  stringOf,
} from "./shapes.ts";
import { startString, stringAllocated, stringGrown, stringShrunk } from "./transcode.ts";
import { despecialize, needsRealloc } from "./types.ts";

type Item<T extends LowerItem["tag"]> = Extract<LowerItem, { tag: T }>;

/**
 * Lowers until nothing is left (null) or memory is needed; then the same work goes on with the
 * pointer that realloc gave. The order of writes and requests is that of the reference.
 */
export function advance(work: Work, ptr: number): Request | null {
  for (let item = work.todo.pop(); item !== undefined; item = work.todo.pop()) {
    const request = perform(work, item, ptr);
    if (request !== null) return request;
  }
  return null;
}

function perform(work: Work, item: LowerItem, ptr: number): Request | null {
  switch (item.tag) {
    case "store":
      return store(work, item);
    case "range":
      return range(work, item);
    case "elements":
      return elements(work, item);
    case "bytes":
      return bytes(work, item);
    case "flat":
      return flat(work, item);
    case "coerce":
      return coerce(work, item);
    case "place":
      return placed(work, item);
    case "list-allocated":
      return listAllocated(work, item, ptr);
    case "string-allocated":
      return stringAllocated(work, item, ptr);
    case "string-grown":
      return stringGrown(work, item, ptr);
    case "string-shrunk":
      return stringShrunk(work, item, ptr);
    case "spill":
      return spill(work, item);
    case "spill-allocated":
      return spillAllocated(work, item, ptr);
  }
}

/** Pushes items so that the first one comes next. */
function pushAll({ todo }: Work, items: readonly LowerItem[]): null {
  for (let i = items.length - 1; i >= 0; i--) todo.push(items[i] as LowerItem);
  return null;
}

function store(work: Work, { v, t, ptr }: Item<"store">): Request | null {
  if (!needsRealloc(t)) {
    storeValue(work.c, work.cx, v, t, ptr);
    return null;
  }
  const u = despecialize(t);
  switch (u.tag) {
    case "string":
      return startString(work, stringOf(v), { tag: "memory", ptr });
    case "list":
      if (u.length === null) return startList(work, listOf(v), u.t, { tag: "memory", ptr });
      return elements(work, { tag: "elements", vs: fixedListOf(v, u), t: u.t, ptr });
    case "variant":
      return storeVariant(work, v, u.cases, ptr);
    default: {
      assert(u.tag === "record", "V27", "only these types contain a string or list");
      const offsets = fieldOffsets(u.fields, work.cx.opts.address);
      const vs = fieldsOf(v, t, u.fields);
      const items = u.fields.map((f, i): LowerItem => {
        return { tag: "store", v: vs[i] as Value, t: f.t, ptr: ptr + (offsets[i] ?? 0) };
      });
      return pushAll(work, items);
    }
  }
}

function storeVariant(work: Work, v: Value, cases: readonly Case[], ptr: number): null {
  const { index, payload } = matchCase(v, cases);
  storeDiscriminant(work.c, work.cx, index, cases, ptr);
  if (payload === null) return null;
  const at = ptr + payloadOffset(cases, work.cx.opts.address);
  return pushAll(work, [{ tag: "store", ...payload, ptr: at }]);
}

function range(work: Work, item: Item<"range">): null {
  const { vs, next, t, ptr } = item;
  const v = vs[next];
  if (v === undefined) return null;
  const at = ptr + next * elemSize(t, work.cx.opts.address);
  return pushAll(work, [
    { tag: "store", v, t, ptr: at },
    { ...item, next: next + 1 },
  ]);
}

function startList(work: Work, vs: readonly Value[] | BulkValue, t: ValType, dest: Dest): Request {
  const { address } = work.cx.opts;
  const byteLength = listLength(vs) * elemSize(t, address);
  assert(byteLength < 2 ** 32, "V28", "a list is smaller than the greatest argument of realloc");
  work.todo.push({ tag: "list-allocated", vs, t, dest });
  return allocation(alignment(t, address), byteLength);
}

/** Traps `lower-list.*`. */
function listAllocated(work: Work, { vs, t, dest }: Item<"list-allocated">, ptr: number): null {
  const { c, cx } = work;
  const { address } = cx.opts;
  trapMisaligned(ptr, alignment(t, address), "lower-list.misaligned");
  trapOutOfBounds(c, cx, ptr, listLength(vs) * elemSize(t, address), "lower-list.out-of-bounds");
  const pair: LowerItem = { tag: "place", dest, begin: ptr, length: listLength(vs) };
  return pushAll(work, [{ tag: "elements", vs, t, ptr }, pair]);
}

function elements(work: Work, { vs, t, ptr }: Item<"elements">): null {
  if (needsRealloc(t)) return pushAll(work, [{ tag: "range", vs: toList(vs), next: 0, t, ptr }]);
  storeElements(work.c, work.cx, vs, t, ptr);
  return null;
}

function bytes({ c, cx }: Work, { from, src, ptr, size }: Item<"bytes">): null {
  moveBytes(c, from, src, cx, ptr, size);
  return null;
}

function placed(work: Work, { dest, begin, length }: Item<"place">): null {
  place(work, dest, begin, length);
  return null;
}

function flat(work: Work, { v, t }: Item<"flat">): Request | null {
  const { c, cx } = work;
  const u = despecialize(t);
  switch (u.tag) {
    case "string":
      return startString(work, stringOf(v), { tag: "flat" });
    case "list":
      if (u.length === null) return startList(work, listOf(v), u.t, { tag: "flat" });
      return flatAll(work, toList(fixedListOf(v, u)), () => u.t);
    case "record":
      return flatAll(work, fieldsOf(v, t, u.fields), (i) => u.fields[i]?.t ?? t);
    case "variant":
      return flatVariant(work, v, u.cases);
    case "bool":
      return push(work, lowerBool(v));
    case "char":
      return push(work, lowerChar(v));
    case "flags":
      return push(work, lowerFlags(v, u.labels));
    case "own":
    case "borrow":
    case "stream":
    case "future":
    case "error-context":
      return push(work, lowerHandle(c, cx, v, u));
    default:
      return push(work, flatNumber(u.tag, v));
  }
}

/** An array that grows from nothing makes room for many, and most often there is just one. */
function push(work: Work, core: CoreValue): null {
  if (work.flat.length === 0) work.flat = [core];
  else work.flat.push(core);
  return null;
}

function flatNumber(t: NumberTag, v: Value): CoreValue {
  const n = numberOf(t, v);
  if (typeof n === "bigint") return BigInt.asUintN(64, n);
  return t === "f32" || t === "f64" ? n : n >>> 0;
}

function flatAll(work: Work, vs: readonly Value[], typeOf: (i: number) => ValType): null {
  return pushAll(
    work,
    vs.map((v, i) => ({ tag: "flat", v, t: typeOf(i) })),
  );
}

function flatVariant(work: Work, v: Value, cases: readonly Case[]): null {
  const { address } = work.cx.opts;
  const { index, payload } = matchCase(v, cases);
  work.flat.push(index);
  const have = payload === null ? [] : flattenType(payload.t, address);
  const want = flattenPayload(cases, address);
  const joined: LowerItem = { tag: "coerce", at: work.flat.length, have, want };
  if (payload === null) return pushAll(work, [joined]);
  return pushAll(work, [{ tag: "flat", ...payload }, joined]);
}

function coerce(work: Work, { at, have, want }: Item<"coerce">): null {
  const nans = nansOf(work.c);
  const payload = work.flat.splice(at);
  assert(payload.length === have.length, "V29", "a payload has as many core values as its type");
  for (const [i, t] of want.entries()) {
    const v = payload[i];
    const zero = t === "i64" ? 0n : 0;
    work.flat.push(v === undefined ? zero : joinValue(nans, v, have[i] ?? t, t));
  }
  return null;
}

function joinValue(nans: Nans, v: CoreValue, have: CoreType, want: CoreType): CoreValue {
  if (have === want) return v;
  if (have === "f64") return f64Bits(nans, Number(v));
  const bits = have === "f32" ? f32Bits(nans, Number(v)) : v;
  return want === "i64" ? BigInt(bits) : bits;
}

function spill(work: Work, { values, t }: Item<"spill">): Request {
  const { address } = work.cx.opts;
  work.todo.push({ tag: "spill-allocated", values, t });
  return allocation(alignment(t, address), elemSize(t, address));
}

/** Traps `lower-params.*`. */
function spillAllocated(work: Work, { values, t }: Item<"spill-allocated">, ptr: number): null {
  const { c, cx } = work;
  const { address } = cx.opts;
  trapMisaligned(ptr, alignment(t, address), "lower-params.misaligned");
  trapOutOfBounds(c, cx, ptr, elemSize(t, address), "lower-params.out-of-bounds");
  work.flat.push(corePointer(cx, ptr));
  return pushAll(work, [{ tag: "store", v: values, t, ptr }]);
}
