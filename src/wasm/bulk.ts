// Growing, filling and copying of linear memories, and addresses that are no plain ones. Mirrors the core specification, "Memory Instructions".

import { copyBytes, fillBytes, growMemory, moveBytes, writeBytes } from "../model/memory.ts";
import type { Memory } from "../model/store.ts";
import { extra, placeOf } from "./code.ts";
import type { ModuleInst } from "./program.ts";
import { burn } from "./run-fuel.ts";
import { forgetPages, type Machine, trap } from "./run-machine.ts";
import { memoryAt, memoryId } from "./run-memory.ts";

/** An instruction: the registers begin at `base`, its own words at `at`. */
export type Rare = (m: Machine, base: number, at: number) => void;

/** A word of the instruction. */
export function operand({ code }: Machine, at: number, i: number): number {
  return code.words[at + 4 + i] ?? 0;
}

/** What the register that a word of the instruction names holds, as an unsigned integer. */
export function valueAt(m: Machine, base: number, at: number, i: number): number {
  return (m.words[base + operand(m, at, i)] ?? 0) >>> 0;
}

/** The first three. */
export function threeOf(m: Machine, base: number, at: number): readonly [number, number, number] {
  return [valueAt(m, base, at, 0), valueAt(m, base, at, 1), valueAt(m, base, at, 2)];
}

export function putResult(m: Machine, base: number, at: number, value: number): void {
  m.words[base + (m.code.words[at + 1] ?? 0)] = value;
}

/** Bytes of a page of the core specification. */
const wasmPage = 65_536;

function memorySize(m: Machine, base: number, at: number): void {
  putResult(m, base, at, memoryAt(m, operand(m, at, 0)).length / wasmPage);
}

function memoryGrow(m: Machine, base: number, at: number): void {
  const number = operand(m, at, 1);
  const { length } = memoryAt(m, number);
  const bytes = valueAt(m, base, at, 0) * wasmPage;
  const grows = length + bytes <= operand(m, at, 2) * wasmPage;
  if (grows && bytes > 0) growMemory(editAt(m, number), bytes);
  putResult(m, base, at, grows ? length / wasmPage : -1);
}

/** A memory to write to; the pages at hand may not be its own any more afterwards. */
function editAt(m: Machine, number: number): Memory {
  forgetPages(m);
  return m.memories.edit(memoryId(m, number));
}

/** Traps unless the ranges lie in the memories; pays for as many bytes. */
function demandRange(m: Machine, number: number, from: number, n: number): void {
  if (from + n > memoryAt(m, number).length) trap("memory-out-of-bounds");
  burn(m, n);
}

function memoryFill(m: Machine, base: number, at: number): void {
  const [to, value, n] = threeOf(m, base, at);
  const number = operand(m, at, 3);
  demandRange(m, number, to, n);
  if (n > 0) fillBytes(editAt(m, number), to, value & 0xff, n);
}

function memoryCopy(m: Machine, base: number, at: number): void {
  const [to, from, n] = threeOf(m, base, at);
  const [into, source] = [operand(m, at, 3), operand(m, at, 4)];
  demandRange(m, source, from, n);
  demandRange(m, into, to, n);
  if (n === 0) return;
  const memory = editAt(m, into);
  if (into === source) moveBytes(memory, from, to, n);
  else copyBytes(memoryAt(m, source), from, memory, to, n);
}

/** The instance whose segment an instruction names. */
export function instanceOf({ code }: Machine, number: number): ModuleInst {
  const instance = code.instances[number];
  if (instance === undefined) throw new Error(`no instance ${number}`);
  return instance;
}

function memoryInit(m: Machine, base: number, at: number): void {
  const [to, from, n] = threeOf(m, base, at);
  const number = operand(m, at, 3);
  const { module, firstData } = instanceOf(m, operand(m, at, 4));
  const segment = module.datas[operand(m, at, 5)];
  const dropped = m.droppedDatas[firstData + operand(m, at, 5)] === 1;
  const length = dropped || segment === undefined ? 0 : segment.end - segment.start;
  if (from + n > length) trap("memory-out-of-bounds");
  demandRange(m, number, to, n);
  if (n === 0 || segment === undefined) return;
  const start = segment.start + from;
  writeBytes(editAt(m, number), to, module.bytes.subarray(start, start + n));
}

/** Sets a flag that is not set, in a copy. */
export function dropSegment(m: Machine, flags: Uint8Array, number: number): Uint8Array {
  if (flags[number] === 1) return flags;
  burn(m, flags.length);
  const copy = flags.slice();
  copy[number] = 1;
  return copy;
}

function dataDrop(m: Machine, _base: number, at: number): void {
  m.droppedDatas = dropSegment(m, m.droppedDatas, operand(m, at, 0));
}

const greatest = 0xffff_ffff;

function narrow(m: Machine, base: number, at: number): void {
  const from = base + operand(m, at, 0);
  putResult(m, base, at, m.words[from + 1] === 0 ? (m.words[from] ?? 0) : greatest);
}

/** A memory has at most 2^32 bytes, so that no address beyond `greatest` lies in one. */
function far(m: Machine, base: number, at: number): void {
  const offset = (operand(m, at, 1) >>> 0) + (operand(m, at, 2) >>> 0) * 2 ** 32;
  putResult(m, base, at, Math.min(greatest, valueAt(m, base, at, 0) + offset));
}

/** By the number of the instruction. */
export const bulk: Readonly<Record<number, Rare>> = {
  63: memorySize,
  64: memoryGrow,
  [placeOf(0xfc08)]: memoryInit,
  [placeOf(0xfc09)]: dataDrop,
  [placeOf(0xfc0a)]: memoryCopy,
  [placeOf(0xfc0b)]: memoryFill,
  [extra.narrow]: narrow,
  [extra.far]: far,
};
