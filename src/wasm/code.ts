// Register code: the numbers of its instructions, and where the code of each function stands. Mirrors spec/14.

import type { MemoryId } from "../model/ids.ts";
import { Limit } from "../scheduler/machine.ts";
import type { CoreFuncType, ValueType } from "./module.ts";
import type { CoreProgram, FuncInst, ModuleInst } from "./program.ts";

/*
 * An instruction is its number and some words. A register is written as its first word, counted from the
 * frame's base: two words a register, low first. The numbers of the core specification's instructions are
 * used where there is such an instruction; it has the register of its result first (but for stores), then
 * those of its operands. An access to memory has the offset and the memory behind those, the memory's place in
 * `CodeStore.memories` in the bits from `memoryShift` on. The forms with a constant as the last operand, and those that compare and branch,
 * are so much further on:
 */
export const withConstant = 0x80;
export const andBranch = 0xd0;
export const constantAndBranch = 0xe0;

/** Bits for the number of a page in 4 GiB. */
export const memoryShift = 22;
/** Memories that the code of one program may have to do with: no more fit beside a page's number. */
export const mostMemories = 1000;

/** Words of register code of one program, and of one function, its locals counted in. */
export const mostCode: number = 2 ** 25;

/** Instructions of register code only; `d`, `s`, `a`, `b` are registers, a target comes with its cost. */
export const own = {
  /** returns to whoever runs code */
  exit: 0x00,
  unreachable: 0x01,
  /** first and last word to clear, words of the frame, cost */
  enter: 0x02,
  /** target, cost */
  jump: 0x03,
  /** a, target, cost */
  branchIf: 0x04,
  branchUnless: 0x05,
  /** a, count without the default, then target and cost of each */
  branchTable: 0x06,
  /** d, s */
  move1: 0x07,
  move2: 0x08,
  /** d, words */
  const1: 0x09,
  const2: 0x0a,
  /** d, a, b, condition */
  select: 0x0b,
  return: 0x0c,
  /** s */
  return1: 0x0d,
  /** address, first argument */
  call: 0x10,
  /** table, type, element, first argument */
  callIndirect: 0x11,
  /** address, first argument, words of the arguments */
  returnCall: 0x12,
  /** table, type, element, first argument, words of the arguments */
  returnCallIndirect: 0x13,
  /** d, word of the globals */
  globalGet1: 0x14,
  globalGet2: 0x15,
  /** word of the globals, s */
  globalSet1: 0x16,
  globalSet2: 0x17,
  /** tag, first argument, words of the arguments */
  throw: 0x18,
  /** s */
  throwRef: 0x19,
  /** d, number of the instruction in `numeric`, a, b */
  numeric: 0x1a,
  /** d, number of the instruction in `rare`, how many words follow, and they */
  rare: 0x1b,
} as const;

/** The numbers of instructions in `numeric` and `rare`: those behind 0xfc come after 256 others. */
export function placeOf(code: number): number {
  return code < 0xfc00 ? code : code - 0xfc00 + 256;
}

/** Instructions in `rare` that the core specification does not have. */
export const extra = {
  /** d, s: an address of 64 bits as 32, the greatest if it is too great */
  narrow: 300,
  /** d, s, offset as two words: the sum of both, the greatest address if it is too great */
  far: 301,
} as const;

/** Where control goes when an exception is thrown between two places. */
export interface Handler {
  readonly start: number;
  readonly end: number;
  /** the tag's number; null: all */
  readonly tag: number | null;
  /** also gives a reference to the exception */
  readonly ref: boolean;
  /** the register of the first value */
  readonly into: number;
  readonly target: number;
}

/** Code that control may go back to the start of. */
export interface Loop {
  readonly start: number;
  readonly end: number;
}

/** What a register holds at a place. */
export const dead = 0;
export const oneWord = 1;
export const twoWords = 2;

export function wordsOf(type: ValueType): typeof oneWord | typeof twoWords {
  return type === "i64" || type === "f64" ? twoWords : oneWord;
}

/** The code of one function; places are words of `CodeStore.words`. */
export interface Entry {
  readonly address: number;
  readonly start: number;
  readonly end: number;
  /** what each local holds */
  readonly locals: Uint8Array;
  /** where each local is read for the last time, in the order of the code; -1: nowhere */
  readonly reads: Int32Array;
  /** those that are in no other, in order */
  readonly loops: readonly Loop[];
  /** what each operand under the arguments holds, at the place behind each call */
  readonly sites: ReadonlyMap<number, Uint8Array>;
  /** inner ones first */
  readonly handlers: readonly Handler[];
}

/** The code of a program: grows when a function is called for the first time. */
export interface CodeStore {
  readonly program: CoreProgram;
  words: Int32Array;
  length: number;
  /** locals of the functions that were compiled */
  locals: number;
  /** the place of each function by address; 0: not compiled, or no code */
  starts: Int32Array;
  /** the number of each function's type by address */
  types: Int32Array;
  /** in the order of their places */
  readonly entries: Entry[];
  /** Those that code has to do with; an access names a memory by its place here. */
  readonly memories: MemoryId[];
  /** Those whose segments code copies. */
  readonly instances: ModuleInst[];
  readonly typeNumbers: Map<string, number>;
}

/** Register code begins behind the instruction that leaves it. */
export function newCodeStore(program: CoreProgram): CodeStore {
  return {
    program,
    words: new Int32Array(1024),
    length: 1,
    locals: 0,
    starts: new Int32Array(0),
    types: new Int32Array(0),
    entries: [],
    memories: [],
    instances: [],
    typeNumbers: new Map(),
  };
}

/** The number of a function type: equal types have equal numbers. */
export function typeNumber({ typeNumbers }: CodeStore, { params, results }: CoreFuncType): number {
  const key = `${params.join()}:${results.join()}`;
  const known = typeNumbers.get(key);
  if (known !== undefined) return known;
  const number = typeNumbers.size;
  typeNumbers.set(key, number);
  return number;
}

/** Makes room for the functions that the program got since. */
export function followProgram(store: CodeStore): void {
  const { funcs } = store.program;
  const from = store.types.length;
  if (from === funcs.length) return;
  store.starts = lengthened(store.starts, funcs.length);
  store.types = lengthened(store.types, funcs.length);
  for (let i = from; i < funcs.length; i++)
    store.types[i] = typeNumber(store, funcAt(store, i).type);
}

function lengthened(words: Int32Array, length: number): Int32Array {
  const longer = new Int32Array(length);
  longer.set(words);
  return longer;
}

export function funcAt({ program }: CodeStore, address: number): FuncInst {
  const func = program.funcs[address];
  if (func === undefined) throw new Error(`no function ${address} in this program`);
  return func;
}

/** The number of a memory in accesses. */
export function memoryNumber({ memories }: CodeStore, id: MemoryId): number {
  const known = memories.indexOf(id);
  if (known >= 0) return known;
  if (memories.length === mostMemories) {
    throw new Limit(`${mostMemories} memories that code has to do with`);
  }
  return memories.push(id) - 1;
}

/** The number of a module's instance in what copies its segments. */
export function instanceNumber({ instances }: CodeStore, instance: ModuleInst): number {
  const known = instances.indexOf(instance);
  return known >= 0 ? known : instances.push(instance) - 1;
}

/** Adds code and tells where it stands. */
export function placeCode(store: CodeStore, code: readonly number[], locals: number): number {
  const start = store.length;
  const end = start + code.length;
  store.locals += locals;
  if (end + store.locals > mostCode) throw new Limit(`${mostCode} words of register code`);
  if (end > store.words.length)
    store.words = lengthened(store.words, Math.max(end, 2 * store.words.length));
  store.words.set(code, start);
  store.length = end;
  return start;
}

/** The function whose code has the word at `place`. */
export function entryAt({ entries }: CodeStore, place: number): Entry {
  let low = 0;
  let high = entries.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((entries[middle]?.start ?? 0) <= place) low = middle;
    else high = middle - 1;
  }
  const entry = entries[low];
  if (entry === undefined) throw new Error("no code");
  return entry;
}
