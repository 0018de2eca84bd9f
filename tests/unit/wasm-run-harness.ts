// Runs core modules, given as text, as a guest of the machine would run.

import { type Ctx, context, type Guest, type GuestMove } from "../../src/canon/machine.ts";
import { emptyTable } from "../../src/canon/table.ts";
import { editStore, noEntities } from "../../src/model/edit.ts";
import type { Ret } from "../../src/model/frames.ts";
import type { FuncId, InstanceId, MemoryId } from "../../src/model/ids.ts";
import { newMemory } from "../../src/model/memory.ts";
import type { CoreFunc } from "../../src/model/program.ts";
import type { Memory, Store } from "../../src/model/store.ts";
import type { CoreValue } from "../../src/model/values.ts";
import { wasmGuest } from "../../src/wasm/guest.ts";
import { instantiateModule, newProgram, newSpace } from "../../src/wasm/link.ts";
import type { Import, Module } from "../../src/wasm/module.ts";
import { type CoreSpace, coreKey, type ExternInst } from "../../src/wasm/program.ts";
import { firstCoreState } from "../../src/wasm/state.ts";
import { moduleOf } from "./wasm-harness.ts";

/** A module in the only instance of a store; what it imports are functions, which calls out name. */
export interface Core {
  readonly store: Store;
  readonly guest: Guest;
  /** The function to call, by what it is exported as; "" for the initialization. */
  func(name: string): CoreFunc;
}

const instance = 0 as InstanceId;

function importFunc(space: CoreSpace, { name, type }: Import): ExternInst | null {
  if (type.tag !== "func") return null;
  const { funcs } = space.program;
  const called = { tag: "lower", func: funcs.length as FuncId, opts: null as never } as const;
  funcs.push({ tag: "import", name, type: type.type, import: called });
  return { tag: "func", type: type.type, address: funcs.length - 1 };
}

function storeWith(space: CoreSpace, memory: readonly Memory[]): Store {
  const globals = { [coreKey]: firstCoreState(space) };
  const entity = { handles: emptyTable(), threads: emptyTable(), globals };
  const entities = { ...noEntities(), instance: [entity as never], memory };
  const rest = { amendments: [], stack: [], roots: [], log: [], ending: null };
  return { ...rest, profile: {} as never, entities };
}

/** The text with a `module` around it. */
export async function core(text: string, fuel?: number): Promise<Core> {
  return coreOf(await moduleOf(`(module ${text})`), fuel);
}

export function coreOf(module: Module, fuel?: number): Core {
  const memories: Memory[] = [];
  const space = newSpace(instance, newProgram(), ({ limits }) => {
    return (memories.push(newMemory(limits.address, Number(limits.min) * 65_536)) - 1) as MemoryId;
  });
  const made = instantiateModule(space, "m", module, (imported) => importFunc(space, imported));
  const guest = wasmGuest(space.program, fuel === undefined ? {} : { fuel });
  const func = (name: string): CoreFunc => {
    const found = made.exports.get(name);
    const code = found?.tag === "func" ? found.address : made.init;
    return { guest: "wasm", instance, code };
  };
  return { store: storeWith(space, memories), guest, func };
}

export function contextOf({ guest, store }: Core): Ctx {
  return context({ program: null as never, guests: { wasm: guest } }, editStore(store));
}

/** What code does first: calls out, returns, or traps; with the state after it. */
export function first(
  { guest, func }: Core,
  c: Ctx,
  name: string,
  args: readonly CoreValue[] = [],
): { move: GuestMove; state: unknown } {
  const code = func(name);
  return guest.advance(c, code, guest.start(c, code, args), null);
}

/** What it does when the call out gives these values. */
export function next(
  { guest, func }: Core,
  c: Ctx,
  name: string,
  state: unknown,
  values: readonly CoreValue[],
): { move: GuestMove; state: unknown } {
  const given: Ret = { tag: "core", values };
  return guest.advance(c, func(name), state, given);
}

/** Instantiates, calls, and gives the first move. */
export async function moveOf(text: string, args: readonly CoreValue[] = []): Promise<GuestMove> {
  const made = await core(text);
  const c = contextOf(made);
  const init = first(made, c, "");
  return init.move.tag === "return" ? first(made, c, "f", args).move : init.move;
}
