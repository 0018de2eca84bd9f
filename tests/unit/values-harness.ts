// A store of one instance, one memory and one thread to lift and lower in, with realloc by hand.

import type { Ctx } from "../../src/canon/machine.ts";
import { context, Trap } from "../../src/canon/machine.ts";
import { emptyTable } from "../../src/canon/table.ts";
import type { LiftLowerContext } from "../../src/canon/values/context.ts";
import { coreValueIter, liftFlatValues } from "../../src/canon/values/lift.ts";
import type { LowerFrame } from "../../src/canon/values/lower.ts";
import {
  lowerFlatValuesFrame,
  lowerValues,
  storeElementsFrame,
} from "../../src/canon/values/lower.ts";
import type { Edit } from "../../src/model/edit.ts";
import { editStore, noEntities } from "../../src/model/edit.ts";
import type { Frame } from "../../src/model/frames.ts";
import type { InstanceId, MemoryId, TaskId, ThreadId } from "../../src/model/ids.ts";
import { newMemory, readBytes, writeBytes } from "../../src/model/memory.ts";
import type { Program } from "../../src/model/program.ts";
import type { Profile, Store } from "../../src/model/store.ts";
import type { AddressType, PrimTag, StringEncoding, ValType } from "../../src/model/types.ts";
import type { CoreValue, StringValue, Value } from "../../src/model/values.ts";

/** [old pointer, old size, alignment, new size] */
export type ReallocCall = readonly [number, number, number, number];
export type Realloc = (env: Env, ...call: ReallocCall) => number;

export interface Env {
  readonly c: Ctx;
  readonly edit: Edit;
  readonly cx: LiftLowerContext;
  readonly calls: ReallocCall[];
  readonly realloc: Realloc;
  /** Where the bump allocator goes on. */
  next: number;
}

export interface Setup {
  readonly address?: AddressType;
  readonly encoding?: StringEncoding;
  /** in bytes */
  readonly length?: number;
  readonly profile?: Partial<Profile>;
  readonly handles?: "abi" | "raw";
  readonly scope?: "task" | "subtask" | null;
  readonly realloc?: Realloc;
}

const first = 0;

/** Every call moves: the new range is fresh, keeps the old bytes, and the old range is scrubbed. */
export const moving: Realloc = (env, old, oldSize, align, newSize) => {
  const ptr = Math.ceil(env.next / align) * align;
  env.next = ptr + newSize;
  const kept = bytesAt(env, old, Math.min(oldSize, newSize));
  poke(env, old, new Uint8Array(oldSize).fill(0xaa));
  poke(env, ptr, kept);
  return ptr;
};

const profile: Profile = {
  name: "deterministic",
  nan32: 0x7fc00000,
  nan64: 0x7ff8000000000000n,
  hostCancelCopy: "at-once",
};

function emptyStore(with_: Partial<Profile>): Store {
  return {
    amendments: [],
    profile: { ...profile, ...with_ },
    stack: [],
    roots: [],
    log: [],
    ending: null,
    entities: noEntities(),
  };
}

function addInstance(edit: Edit): InstanceId {
  return edit.add("instance", { handles: emptyTable(), threads: emptyTable() } as never);
}

function addThread(edit: Edit): ThreadId {
  return edit.add("thread", { name: "T1", task: null, frames: [], ret: null } as never);
}

function addTask(edit: Edit, instance: InstanceId): TaskId {
  return edit.add("task", { name: "task", instance, state: "initial", numBorrows: 0 } as never);
}

function addSubtask(edit: Edit): LiftLowerContext["scope"] {
  const subtask = { tag: "subtask", state: "STARTED", lenders: [] };
  return { tag: "subtask", waitable: edit.add("waitable", subtask as never) };
}

function scopeOf(edit: Edit, scope: Setup["scope"]): LiftLowerContext["scope"] {
  if (scope === "task") return { tag: "task", task: addTask(edit, first as InstanceId) };
  return scope === "subtask" ? addSubtask(edit) : null;
}

/** Resource type 0 is implemented by instance 1, resource type 1 by instance 0. */
const program = {
  resourceTypes: [{ impl: 1 }, { impl: 0 }],
} as unknown as Program;

export function setup(options: Setup = {}): Env {
  const { address = "i32", encoding = "utf8", length = 65536, handles = "abi" } = options;
  const edit = editStore(emptyStore(options.profile ?? {}));
  const instance = addInstance(edit);
  addInstance(edit);
  const memory: MemoryId = edit.add("memory", newMemory(address, length));
  edit.enter(addThread(edit));
  const scope = scopeOf(edit, options.scope ?? null);
  const realloc = { guest: "test", instance, code: 0 };
  const opts = { encoding, memory, address, realloc, postReturn: null, async: false } as const;
  return {
    c: { ...context({ program, guests: {} }, edit), rule: "test" },
    edit,
    cx: { instance, opts: { ...opts, callback: null }, scope, handles },
    calls: [],
    realloc: options.realloc ?? moving,
    next: 1024,
  };
}

export function bytesAt({ edit, cx }: Env, ptr: number, n: number): Uint8Array {
  return readBytes(edit.read("memory", cx.opts.memory as MemoryId), ptr, n);
}

export function poke({ edit, cx }: Env, ptr: number, bytes: Uint8Array | readonly number[]): void {
  const memory = edit.edit("memory", cx.opts.memory as MemoryId);
  writeBytes(memory, ptr, Uint8Array.from(bytes));
}

function answer(env: Env, frame: Frame): void {
  const args = (frame.args as CoreValue[]).map(Number);
  const call: ReallocCall = [args[0]!, args[1]!, args[2]!, args[3]!];
  env.calls.push(call);
  const ptr = env.realloc(env, ...call);
  const thread = env.edit.edit("thread", first as ThreadId);
  thread.frames = thread.frames.slice(0, -1);
  const core = env.cx.opts.address === "i64" ? BigInt(ptr) : ptr;
  thread.ret = { tag: "core", values: [core] };
}

/** Runs a frame to its end; every frame on the way must be plain data. */
export function drive(env: Env, frame: Frame): readonly CoreValue[] {
  const id = first as ThreadId;
  env.edit.edit("thread", id).frames = [frame];
  for (;;) {
    const { frames, ret } = env.edit.read("thread", id);
    const top = frames.at(-1);
    if (top === undefined) return ret?.tag === "core" ? ret.values : [];
    if (top.tag === "realloc") answer(env, top);
    else lowerValues(env.c, structuredClone(top) as LowerFrame);
  }
}

export function lowerAll(
  env: Env,
  values: readonly Value[],
  ts: readonly ValType[],
  maxFlat = 16,
  outPtr: CoreValue | null = null,
): readonly CoreValue[] {
  return drive(env, lowerFlatValuesFrame(env.c, env.cx, maxFlat, values, ts, outPtr));
}

export function lowerOne(env: Env, v: Value, t: ValType): readonly CoreValue[] {
  return lowerAll(env, [v], [t]);
}

/** Stores one value at `ptr` by the rule. */
export function storeAt(env: Env, v: Value, t: ValType, ptr: number): void {
  drive(env, storeElementsFrame(env.cx, [v], t, ptr));
}

export function liftAll(
  env: Env,
  flat: readonly CoreValue[],
  ts: readonly ValType[],
  maxFlat = 16,
): readonly Value[] {
  return liftFlatValues(env.c, env.cx, maxFlat, coreValueIter(flat), ts);
}

export function liftOne(env: Env, flat: readonly CoreValue[], t: ValType): Value {
  return liftAll(env, flat, [t])[0] as Value;
}

/** The code of the trap that `run` ends in, or null. */
export function trapOf(run: () => unknown): string | null {
  try {
    run();
    return null;
  } catch (e) {
    if (e instanceof Trap) return e.code;
    throw e;
  }
}

export function str(s: string, encoding: StringEncoding = "utf8", utf16 = false): StringValue {
  const units = encoding === "utf8" ? new TextEncoder().encode(s).length : s.length;
  return { tag: "string", s, encoding, units, utf16 };
}

/** Types by their WIT names, to keep tables short. */
export function prim(tag: PrimTag): ValType {
  return { tag };
}

export function list(t: ValType, length: number | null = null): ValType {
  return { tag: "list", t, length };
}
