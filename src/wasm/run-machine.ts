// What runs register code: registers, calls, and what of the world the code has to do with. Mirrors spec/14.

import type { CoreTrapReason } from "../canon/machine.ts";
import type { MemoryId } from "../model/ids.ts";
import type { Memory } from "../model/store.ts";
import { type CodeStore, newCodeStore } from "./code.ts";
import type { CoreProgram, CoreState, Exception } from "./program.ts";

/** Thrown where core code traps. */
export class CoreTrap extends Error {
  readonly reason: CoreTrapReason;
  constructor(reason: CoreTrapReason) {
    super(reason);
    this.reason = reason;
  }
}

export function trap(reason: CoreTrapReason): never {
  throw new CoreTrap(reason);
}

/** Where the memories of a program are. */
export interface Memories {
  read(id: MemoryId): Readonly<Memory>;
  /** To write to until the end of the step. */
  edit(id: MemoryId): Memory;
}

/** Registers of the calls that are open; each is two words. */
export const mostRegisters: number = 2 ** 20;
/** Calls that may be open at a time. */
export const mostCalls: number = 2 ** 16;

/** Pages that are at hand, by the last bits of their numbers. */
export const pagesAtHand = 512;

/**
 * A processor for the code of one program. What is in it between two activations means nothing: the
 * state is what `state-frames.ts` takes from it.
 */
export interface Machine {
  readonly code: CodeStore;
  /** The registers, three times. */
  readonly words: Int32Array;
  readonly singles: Float32Array;
  readonly doubles: Float64Array;
  /** Two words for each open call: where to go on, and the base of the frame there. */
  readonly calls: Int32Array;
  /** Words of open calls. */
  depth: number;
  place: number;
  base: number;
  /** Instructions that may still be executed. */
  fuel: number;
  /** what the activation began with */
  budget: number;
  /** Pages that were written to first in this activation. */
  fresh: number;
  /** The function that code wants to call, its first argument, and the exception that leaves it. */
  callee: number;
  argument: number;
  thrown: Exception | null;

  memories: Memories;
  /** The state before the activation, and what was copied of it since. */
  state: CoreState;
  globals: Int32Array;
  ownsGlobals: boolean;
  tables: readonly Int32Array[];
  /** by number: whether it was copied */
  readonly ownTables: boolean[];
  droppedElements: Uint8Array;
  droppedDatas: Uint8Array;
  exceptions: readonly Exception[];

  /** For each place the page that may be read there, and written: its number and memory. */
  readonly readable: Int32Array;
  readonly writable: Int32Array;
  /** The page, as words and as bytes. */
  readonly pageWords: Int32Array[];
  readonly pageBytes: Uint8Array[];
}

/** No page has this number. */
export const noPage = -1;

const noWords = new Int32Array(0);
const noBytes = new Uint8Array(0);

const nothing: CoreState = {
  globals: noWords,
  tables: [],
  droppedElements: noBytes,
  droppedDatas: noBytes,
  exceptions: [],
};

const noMemories: Memories = {
  read: () => {
    throw new Error("no activation");
  },
  edit: () => {
    throw new Error("no activation");
  },
};

export function newMachine(program: CoreProgram): Machine {
  const words = new Int32Array(2 * mostRegisters);
  return {
    code: newCodeStore(program),
    words,
    singles: new Float32Array(words.buffer),
    doubles: new Float64Array(words.buffer),
    calls: new Int32Array(2 * mostCalls),
    depth: 0,
    place: 0,
    base: 0,
    fuel: 0,
    budget: 0,
    fresh: 0,
    callee: 0,
    argument: 0,
    thrown: null,
    memories: noMemories,
    state: nothing,
    ownsGlobals: false,
    ownTables: [],
    ...nothing,
    readable: new Int32Array(pagesAtHand).fill(noPage),
    writable: new Int32Array(pagesAtHand).fill(noPage),
    pageWords: new Array<Int32Array>(pagesAtHand).fill(noWords),
    pageBytes: new Array<Uint8Array>(pagesAtHand).fill(noBytes),
  };
}

/** Begins an activation: `fuel` instructions, from here on in this state. */
export function enterState(m: Machine, state: CoreState, memories: Memories, fuel: number): void {
  m.memories = memories;
  m.state = state;
  m.globals = state.globals;
  m.ownsGlobals = false;
  m.tables = state.tables;
  m.ownTables.length = 0;
  m.droppedElements = state.droppedElements;
  m.droppedDatas = state.droppedDatas;
  m.exceptions = state.exceptions;
  m.fuel = fuel;
  m.budget = fuel;
  m.fresh = 0;
  m.thrown = null;
  forgetPages(m);
}

/** The state that an activation leaves; the one that it began with if nothing changed. */
export function leaveState(m: Machine): CoreState {
  const { state, globals, tables, droppedElements, droppedDatas, exceptions } = m;
  m.memories = noMemories;
  m.ownsGlobals = false;
  const same =
    globals === state.globals &&
    tables === state.tables &&
    droppedElements === state.droppedElements &&
    droppedDatas === state.droppedDatas &&
    exceptions === state.exceptions;
  return same ? state : { globals, tables, droppedElements, droppedDatas, exceptions };
}

export function forgetPages(m: Machine): void {
  m.readable.fill(noPage);
  m.writable.fill(noPage);
}

/** The globals, to write to. */
export function ownGlobals(m: Machine): Int32Array {
  if (!m.ownsGlobals) m.globals = m.globals.slice();
  m.ownsGlobals = true;
  return m.globals;
}
