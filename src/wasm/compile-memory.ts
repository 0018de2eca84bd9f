// Compiles variables, references, tables and memories to register code. Mirrors spec/14.

import type { MemoryId } from "../model/ids.ts";
import { extra, instanceNumber, memoryNumber, memoryShift, own, placeOf, wordsOf } from "./code.ts";
import type { Body } from "./compile-body.ts";
import { maxMemoryPages, maxTableSize } from "./limits.ts";
import type { GlobalType, MemoryType, TableType, ValueType } from "./module.ts";

type Compile = (b: Body) => void;

const is64 = (type: MemoryType | TableType | undefined): boolean => type?.limits.address === "i64";

export function isMemory64(b: Body, index: number): boolean {
  return is64(b.memories[index]);
}

const tableNumber = (b: Body, index: number): number => b.instance.tables[index] ?? 0;

function tableType(b: Body, index: number): TableType | undefined {
  return b.instance.space.tables[tableNumber(b, index)];
}

function rare(b: Body, code: number, d: number, ...words: readonly number[]): void {
  b.out.emit(own.rare, d, placeOf(code), words.length, ...words);
}

function rareTo(b: Body, type: ValueType, code: number, ...words: readonly number[]): void {
  b.out.emitTo(type, own.rare, placeOf(code), words.length, ...words);
}

/** Pops an address, index or size; gives a register with 32 bits of it, or the greatest that there is. */
export function popIndex(b: Body, wide: boolean): number {
  const { out } = b;
  const from = out.pop();
  if (!wide) return from;
  const d = out.home(out.height);
  rare(b, extra.narrow, d, from);
  return d;
}

/** Pops the address of an access with an offset; gives the register and what is left of the offset. */
function popAddress(b: Body): readonly [register: number, offset: number] {
  const { out, at } = b;
  const { index, low, high } = at;
  const register = popIndex(b, isMemory64(b, index));
  if (high === 0 && low >= 0) return [register, low];
  const d = out.home(out.height);
  rare(b, extra.far, d, register, low, high);
  return [d, 0];
}

function memoryOf(b: Body, index: number): number {
  const memory = b.instance.memories[index];
  if (memory === undefined) throw new Error(`no memory ${index}`);
  return memoryNumber(b.store, memory);
}

const inAccess = (b: Body): number => memoryOf(b, b.at.index) << memoryShift;

/** Each load of two words or of a float by the one that moves the same bits. */
const plainLoads: Readonly<Record<number, number>> = { 42: 0x28, 43: 0x29 };
/** What remains to be done to 32 bits. */
const extendSigned = 0xac;
const extendUnsigned = 0xad;
const narrowLoads: Readonly<Record<number, readonly [load: number, extend: number]>> = {
  48: [0x2c, extendSigned],
  49: [0x2d, extendUnsigned],
  50: [0x2e, extendSigned],
  51: [0x2f, extendUnsigned],
  52: [0x28, extendSigned],
  53: [0x28, extendUnsigned],
};

function compileLoad(b: Body): void {
  const { code, type } = b.at.op;
  const [address, offset] = popAddress(b);
  const result = type?.i32.results[0] ?? "i32";
  const [load, extend] = narrowLoads[code] ?? [plainLoads[code] ?? code, null];
  b.out.emitTo(extend === null ? result : "i32", load, address, offset, inAccess(b));
  if (extend !== null) b.out.emitTo("i64", extend, b.out.pop());
}

/** Each store by the one that moves the same bits. */
const plainStores: Readonly<Record<number, number>> = {
  56: 0x36,
  57: 0x37,
  60: 0x3a,
  61: 0x3b,
  62: 0x36,
};

function compileStore(b: Body): void {
  const { code } = b.at.op;
  const value = b.out.pop();
  const [address, offset] = popAddress(b);
  b.out.emit(plainStores[code] ?? code, address, value, offset, inAccess(b));
}

function compileMemorySize(b: Body): void {
  const wide = isMemory64(b, b.at.index);
  rareTo(b, "i32", 0x3f, memoryOf(b, b.at.index));
  if (wide) b.out.emitTo("i64", extendUnsigned, b.out.pop());
}

/** How far the memory may grow, which the module that defines it says. */
function mostPages(b: Body): number {
  const id = b.instance.memories[b.at.index];
  for (const { memories, module } of b.instance.space.modules) {
    const type =
      module.memories[
        memories.lastIndexOf(id as MemoryId) - memories.length + module.memories.length
      ];
    const max = type?.limits.max ?? null;
    if (type !== undefined)
      return max === null || max > maxMemoryPages ? maxMemoryPages : Number(max);
  }
  return maxMemoryPages;
}

function compileMemoryGrow(b: Body): void {
  const wide = isMemory64(b, b.at.index);
  const delta = popIndex(b, wide);
  rareTo(b, "i32", 0x40, delta, memoryOf(b, b.at.index), mostPages(b));
  if (wide) b.out.emitTo("i64", extendSigned, b.out.pop());
}

function compileMemoryInit(b: Body): void {
  const { index, second } = b.at;
  const n = b.out.pop();
  const from = b.out.pop();
  const to = popIndex(b, isMemory64(b, second));
  rare(b, 0xfc08, 0, to, from, n, memoryOf(b, second), instanceNumber(b.store, b.instance), index);
}

function compileMemoryCopy(b: Body): void {
  const { index, second } = b.at;
  const [wideTo, wideFrom] = [isMemory64(b, index), isMemory64(b, second)];
  const n = popIndex(b, wideTo && wideFrom);
  const from = popIndex(b, wideFrom);
  const to = popIndex(b, wideTo);
  rare(b, 0xfc0a, 0, to, from, n, memoryOf(b, index), memoryOf(b, second));
}

function compileMemoryFill(b: Body): void {
  const { index } = b.at;
  const wide = isMemory64(b, index);
  const n = popIndex(b, wide);
  const value = b.out.pop();
  const to = popIndex(b, wide);
  rare(b, 0xfc0b, 0, to, value, n, memoryOf(b, index));
}

function compileTableGet(b: Body): void {
  const type = tableType(b, b.at.index);
  const index = popIndex(b, is64(type));
  rareTo(b, type?.element ?? "funcref", 0x25, index, tableNumber(b, b.at.index));
}

function compileTableSet(b: Body): void {
  const value = b.out.pop();
  const index = popIndex(b, is64(tableType(b, b.at.index)));
  rare(b, 0x26, 0, index, value, tableNumber(b, b.at.index));
}

function compileTableInit(b: Body): void {
  const { index, second } = b.at;
  const n = b.out.pop();
  const from = b.out.pop();
  const to = popIndex(b, is64(tableType(b, second)));
  const instance = instanceNumber(b.store, b.instance);
  rare(b, 0xfc0c, 0, to, from, n, tableNumber(b, second), instance, index);
}

function compileTableCopy(b: Body): void {
  const { index, second } = b.at;
  const [wideTo, wideFrom] = [is64(tableType(b, index)), is64(tableType(b, second))];
  const n = popIndex(b, wideTo && wideFrom);
  const from = popIndex(b, wideFrom);
  const to = popIndex(b, wideTo);
  rare(b, 0xfc0e, 0, to, from, n, tableNumber(b, index), tableNumber(b, second));
}

function compileTableGrow(b: Body): void {
  const wide = is64(tableType(b, b.at.index));
  const n = popIndex(b, wide);
  const value = b.out.pop();
  const { max } = tableType(b, b.at.index)?.limits ?? { max: null };
  const most = max === null || max > maxTableSize ? maxTableSize : Number(max);
  rareTo(b, "i32", 0xfc0f, value, n, tableNumber(b, b.at.index), most);
  if (wide) b.out.emitTo("i64", extendSigned, b.out.pop());
}

function compileTableSize(b: Body): void {
  const wide = is64(tableType(b, b.at.index));
  rareTo(b, "i32", 0xfc10, tableNumber(b, b.at.index));
  if (wide) b.out.emitTo("i64", extendUnsigned, b.out.pop());
}

function compileTableFill(b: Body): void {
  const wide = is64(tableType(b, b.at.index));
  const n = popIndex(b, wide);
  const value = b.out.pop();
  const index = popIndex(b, wide);
  rare(b, 0xfc11, 0, index, value, n, tableNumber(b, b.at.index));
}

function globalType(b: Body): GlobalType | undefined {
  return b.instance.space.globals[b.instance.globals[b.at.index] ?? 0];
}

function compileGlobalGet(b: Body): void {
  const type = globalType(b)?.type ?? "i32";
  const code = wordsOf(type) === 2 ? own.globalGet2 : own.globalGet1;
  b.out.emitTo(type, code, 2 * (b.instance.globals[b.at.index] ?? 0));
}

/** Pops the value of a global. */
export function compileGlobalSet(b: Body, index: number): void {
  const two = wordsOf(b.out.typeOf(0)) === 2;
  const from = b.out.pop();
  b.out.emit(two ? own.globalSet2 : own.globalSet1, 2 * (b.instance.globals[index] ?? 0), from);
}

function compileTee(b: Body): void {
  b.out.setLocal(b.at.index);
  b.out.pushLocal(b.at.index);
}

function compileSelect(b: Body): void {
  const { out } = b;
  const type = out.typeOf(1);
  const condition = out.pop();
  const otherwise = out.pop();
  out.emitTo(type, own.select, out.pop(), otherwise, condition);
}

/** By the number of the instruction. */
export const compileMemory: Readonly<Record<number, Compile>> = {
  26: ({ out }) => out.drop(),
  27: compileSelect,
  28: compileSelect,
  32: ({ out, at }) => out.pushLocal(at.index),
  33: ({ out, at }) => out.setLocal(at.index),
  34: compileTee,
  35: compileGlobalGet,
  36: (b) => compileGlobalSet(b, b.at.index),
  37: compileTableGet,
  38: compileTableSet,
  ...Object.fromEntries(Array.from({ length: 14 }, (_, i) => [0x28 + i, compileLoad])),
  ...Object.fromEntries(Array.from({ length: 9 }, (_, i) => [0x36 + i, compileStore])),
  63: compileMemorySize,
  64: compileMemoryGrow,
  208: ({ out, at }) => out.pushConst(at.ref, 0, 0),
  209: ({ out }) => out.emitTo("i32", 0x46 + 0x80, out.pop(), 0),
  210: ({ out, instance, at }) => out.pushConst("funcref", (instance.funcs[at.index] ?? 0) + 1, 0),
  64520: compileMemoryInit,
  64521: (b) => rare(b, 0xfc09, 0, b.instance.firstData + b.at.index),
  64522: compileMemoryCopy,
  64523: compileMemoryFill,
  64524: compileTableInit,
  64525: (b) => rare(b, 0xfc0d, 0, b.instance.firstElement + b.at.index),
  64526: compileTableCopy,
  64527: compileTableGrow,
  64528: compileTableSize,
  64529: compileTableFill,
};
