// Links a module to what it imports and allocates what it defines. Mirrors spec/14 and the core specification, "Allocation" and "Instantiation".

import type { InstanceId } from "../model/ids.ts";
import { Invalid } from "./invalid.ts";
import { maxMemoryPages, maxProgramPages, maxProgramSize, maxTableSize } from "./limits.ts";
import { fitsImport, showExternType } from "./link-types.ts";
import type { CoreFuncType, ExternKind, Import, Limits, Module } from "./module.ts";
import type { CoreProgram, CoreSpace, ExternInst, ModuleInst } from "./program.ts";
import { unsupported } from "./reader.ts";
import { invalid } from "./validate-context.ts";

const noType: CoreFuncType = { params: [], results: [] };

/** A system in which there are no functions. */
export function newProgram(): CoreProgram {
  return { funcs: [], size: 0, entries: 0, pages: 0 };
}

/** A space in which nothing is; `newMemory` makes a memory of the store. */
export function newSpace(
  instance: InstanceId,
  program: CoreProgram,
  newMemory: CoreSpace["newMemory"],
): CoreSpace {
  return {
    instance,
    program,
    modules: [],
    globals: [],
    tables: [],
    tags: [],
    elements: 0,
    datas: 0,
    newMemory,
  };
}

/** What each index of a module stands for. */
type Items = { readonly [Kind in ExternKind]: Extract<ExternInst, { readonly tag: Kind }>[] };

function addItem(items: Items, item: ExternInst): void {
  switch (item.tag) {
    case "func":
      items.func.push(item);
      return;
    case "table":
      items.table.push(item);
      return;
    case "memory":
      items.memory.push(item);
      return;
    case "global":
      items.global.push(item);
      return;
    case "tag":
      items.tag.push(item);
  }
}

function resolve(imported: Import, find: (imported: Import) => ExternInst | null): ExternInst {
  const { module, name, type, offset } = imported;
  const item = find(imported);
  const expected = `"${module}" "${name}" ${showExternType(type)}`;
  if (item === null) throw new Invalid("unlinkable", offset, `unknown import ${expected}`);
  if (fitsImport(item, type)) return item;
  const message = `incompatible import type: ${expected} is given ${showExternType(item)}`;
  throw new Invalid("unlinkable", offset, message);
}

function sizeOf(module: Module): number {
  const { imports, funcs, tables, memories, tags, globals, exports, elements, datas } = module;
  const all = [imports, funcs, tables, memories, tags, globals, exports, elements, datas];
  return all.reduce((sum, list) => sum + list.length, 1);
}

function sumOf(limits: readonly Limits[]): number {
  return limits.reduce((sum, { min }) => sum + Number(min), 0);
}

function bound(count: number, most: number, what: string): number {
  return count <= most ? count : unsupported(null, `${count} ${what} are more than ${most}`);
}

/** Refuses what is too large to be allocated, before anything is. */
function reserve(program: CoreProgram, module: Module): void {
  const memories = module.memories.map(({ limits }) => limits);
  const tables = module.tables.map(({ type }) => type.limits);
  for (const { min } of memories) bound(Number(min), maxMemoryPages, "pages of a memory");
  const pages = bound(program.pages + sumOf(memories), maxProgramPages, "pages of memories");
  const entries = bound(program.entries + sumOf(tables), maxTableSize, "entries of tables");
  const size = bound(program.size + sizeOf(module), maxProgramSize, "core definitions");
  program.pages = pages;
  program.entries = entries;
  program.size = size;
}

function typeAt(module: Module, index: number): CoreFuncType {
  return module.types[index] ?? invalid(null, `unknown type ${index}`);
}

/** Puts `type` into a list of the space; says where. */
function allocate<T>(list: T[], type: T): number {
  return list.push(type) - 1;
}

/** Allocates what a module defines; its functions get addresses, at which `addFuncs` puts them. */
function allocateAll(space: CoreSpace, module: Module, items: Items): void {
  const first = space.program.funcs.length;
  for (const [i, index] of module.funcs.entries()) {
    items.func.push({ tag: "func", type: typeAt(module, index), address: first + i });
  }
  for (const { type } of module.tables) {
    items.table.push({ tag: "table", type, index: allocate(space.tables, type) });
  }
  for (const type of module.memories) {
    items.memory.push({ tag: "memory", type, memory: space.newMemory(type) });
  }
  for (const { type } of module.globals) {
    items.global.push({ tag: "global", type, index: allocate(space.globals, type) });
  }
  for (const index of module.tags) {
    const type = typeAt(module, index);
    items.tag.push({ tag: "tag", type, index: allocate(space.tags, type) });
  }
}

/** What a function is called: by the name section, or as it is exported, or by its index. */
function funcNames(module: Module): (index: number) => string {
  const exported = new Map<number, string>();
  for (const { kind, index, name } of module.exports) {
    if (kind === "func") exported.set(index, name);
  }
  return (index) => module.names.funcs.get(index) ?? exported.get(index) ?? `func[${index}]`;
}

/** The functions that an instance defines, at their addresses, and its `init`. */
function addFuncs({ funcs }: CoreProgram, inst: ModuleInst): void {
  const { module, name } = inst;
  const nameOf = funcNames(module);
  const firstIndex = inst.funcs.length - module.funcs.length;
  for (const [i, typeIndex] of module.funcs.entries()) {
    const index = firstIndex + i;
    const type = typeAt(module, typeIndex);
    funcs.push({ tag: "wasm", name: `${name}.${nameOf(index)}`, type, module: inst, index });
  }
  funcs.push({ tag: "init", name: `${name}.init`, type: noType, module: inst });
}

function exportsOf(module: Module, items: Items): Map<string, ExternInst> {
  const exports = new Map<string, ExternInst>();
  for (const { name, kind, index } of module.exports) {
    const item = items[kind][index];
    if (item !== undefined) exports.set(name, item);
  }
  return exports;
}

function instanceOf(space: CoreSpace, name: string, module: Module, items: Items): ModuleInst {
  return {
    name,
    module,
    space,
    funcs: items.func.map(({ address }) => address),
    tables: items.table.map(({ index }) => index),
    memories: items.memory.map(({ memory }) => memory),
    globals: items.global.map(({ index }) => index),
    tags: items.tag.map(({ index }) => index),
    firstElement: space.elements,
    firstData: space.datas,
    exports: exportsOf(module, items),
    init: space.program.funcs.length + module.funcs.length,
  };
}

/**
 * An instance of a validated module in `space`, which `find` gives what it imports: functions, tables,
 * globals and tags of the same space, with the sizes that tables and memories have now. Nothing has run
 * yet: that is `init`'s. Throws `Invalid` "unlinkable" or "unsupported", and then the space is as before.
 */
export function instantiateModule(
  space: CoreSpace,
  name: string,
  module: Module,
  find: (imported: Import) => ExternInst | null,
): ModuleInst {
  const items: Items = { func: [], table: [], memory: [], global: [], tag: [] };
  for (const imported of module.imports) addItem(items, resolve(imported, find));
  reserve(space.program, module);
  allocateAll(space, module, items);
  const inst = instanceOf(space, name, module, items);
  addFuncs(space.program, inst);
  space.elements += module.elements.length;
  space.datas += module.datas.length;
  space.modules.push(inst);
  return inst;
}
