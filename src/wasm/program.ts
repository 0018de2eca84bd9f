// The core side of a system: core instances that are linked, and the state that they begin with. Mirrors spec/14.

import type { InstanceId, MemoryId } from "../model/ids.ts";
import type { CoreImport } from "../model/program.ts";
import type { CoreValue } from "../model/values.ts";
import type { CoreFuncType, GlobalType, MemoryType, Module, TableType } from "./module.ts";

/** A function of a system; its place in `CoreProgram.funcs` is its address, and `CoreFunc.code`. */
export type FuncInst =
  /** A function that a module defines; `index` in the module's index space. */
  | {
      readonly tag: "wasm";
      readonly name: string;
      readonly type: CoreFuncType;
      readonly module: ModuleInst;
      readonly index: number;
    }
  /** Instantiates a module: globals, segments, start function. Takes nothing, gives nothing. */
  | {
      readonly tag: "init";
      readonly name: string;
      readonly type: CoreFuncType;
      readonly module: ModuleInst;
    }
  /** A built-in or a lowered function: a call leaves the interpreter. */
  | {
      readonly tag: "import";
      readonly name: string;
      readonly type: CoreFuncType;
      readonly import: CoreImport;
    }
  /** A function of whoever embeds bare modules; not in components. */
  | {
      readonly tag: "host";
      readonly name: string;
      readonly type: CoreFuncType;
      readonly run: (args: readonly CoreValue[]) => readonly CoreValue[];
    };

/** Every function of a system by address. Grows while components are instantiated, then stays. */
export interface CoreProgram {
  readonly funcs: FuncInst[];
  /** how many things all instances import, define and export */
  size: number;
  /** how many entries their tables begin with, and how many pages their memories */
  entries: number;
  pages: number;
}

/**
 * The tables, globals, segments and tags of one component instance (or of a store of bare modules): what
 * its core instances share by number. Their state is `CoreState`, under `coreKey` in the instance's globals.
 */
export interface CoreSpace {
  readonly instance: InstanceId;
  readonly program: CoreProgram;
  readonly modules: ModuleInst[];
  readonly globals: GlobalType[];
  readonly tables: TableType[];
  /** the parameters of each tag */
  readonly tags: CoreFuncType[];
  /** how many element and data segments there are */
  elements: number;
  datas: number;
  /** Makes a memory of the store. */
  readonly newMemory: (type: MemoryType) => MemoryId;
}

/** What is exported: by address, or by number in the `CoreSpace`. */
export type ExternInst =
  | { readonly tag: "func"; readonly type: CoreFuncType; readonly address: number }
  | { readonly tag: "table"; readonly type: TableType; readonly index: number }
  | { readonly tag: "memory"; readonly type: MemoryType; readonly memory: MemoryId }
  | { readonly tag: "global"; readonly type: GlobalType; readonly index: number }
  | { readonly tag: "tag"; readonly type: CoreFuncType; readonly index: number };

/** An instance of a module: what each index of its index spaces stands for. */
export interface ModuleInst {
  readonly name: string;
  readonly module: Module;
  readonly space: CoreSpace;
  /** addresses */
  readonly funcs: readonly number[];
  readonly tables: readonly number[];
  readonly memories: readonly MemoryId[];
  readonly globals: readonly number[];
  readonly tags: readonly number[];
  /** the numbers of its first segments */
  readonly firstElement: number;
  readonly firstData: number;
  readonly exports: ReadonlyMap<string, ExternInst>;
  /** the address of its `init` */
  readonly init: number;
}

/** The names that an instance of a module exports a function by. */
export function exportedAs({ exports }: ModuleInst, address: number): readonly string[] {
  return [...exports].flatMap(([as, item]) => {
    return item.tag === "func" && item.address === address ? [as] : [];
  });
}

/** The memories of a component instance; a module of it that imports one does so from another that defines it. */
export function memoriesOf({ modules }: CoreSpace): readonly MemoryId[] {
  return [...new Set(modules.flatMap(({ memories }) => memories))];
}

/** Where an instance keeps its `CoreState`. */
export const coreKey = "core";

/** An exception: the tag's number and the arguments as words, two a value. */
export interface Exception {
  readonly tag: number;
  readonly words: readonly number[];
}

/**
 * The mutable state of a `CoreSpace`, but for memories, which are entities of the store. A value is two
 * 32-bit words, low first; a reference is one word: 0 is null, a function's address plus 1, the number
 * of a host's value plus 1, the number of an exception plus 1.
 */
export interface CoreState {
  /** two words each */
  readonly globals: Int32Array;
  /** one word an entry */
  readonly tables: readonly Int32Array[];
  /** 1 for each segment that was dropped */
  readonly droppedElements: Uint8Array;
  readonly droppedDatas: Uint8Array;
  readonly exceptions: readonly Exception[];
}
