// What instantiation leaves to the run: the initialization of core instances, and destructors. Mirrors spec/14.

import type { FuncId, InstanceId } from "../model/ids.ts";
import type { CanonicalOptions, CoreFunc } from "../model/program.ts";
import type { FuncType } from "../model/types.ts";
import { wasmName } from "../wasm/guest.ts";
import type { Module } from "../wasm/module.ts";
import { doesNothing } from "./invocations.ts";
import type { Linking } from "./items.ts";

/** The options of a function that needs no memory. */
const bare: CanonicalOptions = {
  encoding: "utf8",
  memory: null,
  address: "i32",
  realloc: null,
  postReturn: null,
  async: false,
  callback: null,
};

const initType: FuncType = { params: [], result: null, async: false };

/** CanonicalABI.md, "canon resource.drop": the type of every destructor. */
export const destructorType: FuncType = {
  params: [{ name: "rep", t: { tag: "u32" } }],
  result: null,
  async: false,
};

/** Whether instantiating a module runs anything: what it has is otherwise there from the start. */
export function needsInit({ globals, tables, elements, datas, start }: Module): boolean {
  const filled = tables.some(({ init }) => init !== null);
  return globals.length > 0 || filled || elements.length > 0 || datas.length > 0 || start !== null;
}

/** The function by which the host instantiates a core module: a sync call without values. */
export function addInit(
  { funcs, inits }: Linking,
  instance: InstanceId,
  module: string,
  address: number,
): void {
  inits.push(funcs.length as FuncId);
  funcs.push({
    tag: "lift",
    name: `instantiate ${module}`,
    instance,
    core: { guest: wasmName, instance, code: address },
    ft: initType,
    opts: bare,
  });
}

/** The function that a dropped handle calls; without a destructor it does nothing, but is called. */
export function addDestructor(
  { funcs }: Linking,
  instance: InstanceId,
  resource: string,
  dtor: CoreFunc | null,
): FuncId {
  const func = funcs.length as FuncId;
  funcs.push({
    tag: "lift",
    name: `${resource}.drop`,
    instance,
    core: dtor ?? doesNothing(instance),
    ft: destructorType,
    opts: bare,
  });
  return func;
}
