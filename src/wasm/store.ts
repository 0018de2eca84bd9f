// A store of bare modules, without components: the core specification's embedding. Mirrors spec/14.

import type { CoreTrapReason } from "../canon/machine.ts";
import type { InstanceId, MemoryId } from "../model/ids.ts";
import { newMemory } from "../model/memory.ts";
import type { Memory } from "../model/store.ts";
import { Limit } from "../scheduler/machine.ts";
import { funcAt } from "./code.ts";
import { defaultFuel } from "./guest.ts";
import { instantiateModule, newProgram, newSpace } from "./link.ts";
import type { Import, Module } from "./module.ts";
import type {
  CoreSpace,
  CoreState,
  Exception,
  ExternInst,
  FuncInst,
  ModuleInst,
} from "./program.ts";
import { run } from "./run.ts";
import { enterFunc } from "./run-calls.ts";
import { CoreTrap, enterState, leaveState, type Machine, newMachine } from "./run-machine.ts";
import { firstCoreState, grownState } from "./state.ts";
import { beginCalls, enterCode } from "./state-frames.ts";

/** How a call ended; two words a result, low first (see `CoreState` for references). */
export type Ended =
  | { readonly tag: "results"; readonly words: Int32Array }
  | { readonly tag: "trap"; readonly reason: CoreTrapReason }
  | { readonly tag: "exception"; readonly exception: Exception }
  | { readonly tag: "limit"; readonly bound: string };

/** Modules that are linked with each other. What traps leaves the store as it had become. */
export interface BareStore {
  readonly space: CoreSpace;
  /** The tables, globals and segments now. */
  state(): CoreState;
  memory(id: MemoryId): Readonly<Memory>;
  /** Links, which throws `Invalid`; then initializes and starts. */
  instantiate(
    name: string,
    module: Module,
    find: (imported: Import) => ExternInst | null,
  ): { readonly instance: ModuleInst; readonly ended: Ended };
  /** Calls a function by address with two words for each parameter. */
  invoke(address: number, words?: Int32Array): Ended;
}

interface BareOptions {
  /** instructions for each call from outside */
  readonly fuel?: number;
}

/** Bytes of a page of the core specification. */
const wasmPage = 65_536;

function resultsOf(m: Machine, { type }: FuncInst): Ended {
  return { tag: "results", words: m.words.slice(0, 2 * type.results.length) };
}

function perform(m: Machine, func: FuncInst, address: number): Ended {
  if (func.tag === "host" && enterFunc(m, address, 0)) return resultsOf(m, func);
  enterCode(m, address);
  const left = run(m);
  if (left === "calls") throw new Error("a bare module has nothing to call out to");
  if (m.thrown !== null) return { tag: "exception", exception: m.thrown };
  return resultsOf(m, func);
}

function attempt(m: Machine, address: number): Ended {
  try {
    return perform(m, funcAt(m.code, address), address);
  } catch (error) {
    if (error instanceof CoreTrap) return { tag: "trap", reason: error.reason };
    if (error instanceof Limit) return { tag: "limit", bound: error.message };
    throw error;
  }
}

/** What is found, with the size that it has now: imports of tables and memories are checked against that. */
function sizedNow(
  item: ExternInst | null,
  state: CoreState,
  memory: BareStore["memory"],
): ExternInst | null {
  if (item?.tag !== "memory" && item?.tag !== "table") return item;
  const entries = item.tag === "table" ? (state.tables[item.index]?.length ?? 0) : 0;
  const size = item.tag === "table" ? entries : memory(item.memory).length / wasmPage;
  const limits = { ...item.type.limits, min: BigInt(size) };
  if (item.tag === "table") return { ...item, type: { ...item.type, limits } };
  return { ...item, type: { ...item.type, limits } };
}

/** An empty store. */
export function bareStore({ fuel = defaultFuel }: BareOptions = {}): BareStore {
  const memories: Memory[] = [];
  const space = newSpace(0 as InstanceId, newProgram(), ({ limits }) => {
    return (memories.push(newMemory(limits.address, Number(limits.min) * wasmPage)) -
      1) as MemoryId;
  });
  const memory = (id: MemoryId): Memory => memories[id] ?? newMemory("i32", 0);
  let state = firstCoreState(space);
  const machine = newMachine(space.program);
  const invoke = (address: number, words: Int32Array = new Int32Array()): Ended => {
    enterState(machine, state, { read: memory, edit: memory }, fuel);
    beginCalls(machine);
    machine.words.set(words);
    const ended = attempt(machine, address);
    state = leaveState(machine);
    return ended;
  };
  return {
    space,
    state: () => state,
    memory,
    invoke,
    instantiate: (name, module, find) => {
      const instance = instantiateModule(space, name, module, (imported) => {
        return sizedNow(find(imported), state, memory);
      });
      state = grownState(state, space);
      return { instance, ended: invoke(instance.init) };
    },
  };
}
