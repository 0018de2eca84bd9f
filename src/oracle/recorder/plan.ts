// What is wrapped in each core module of a component: the functions that cross to or from the canonical ABI. Mirrors spec/15.

import type { Linking } from "../../component/items.ts";
import type { FuncId } from "../../model/ids.ts";
import type { FuncDef } from "../../model/program.ts";
import type { CoreFuncType, Module } from "../../wasm/module.ts";
import { exportedAs, type ModuleInst, memoriesOf } from "../../wasm/program.ts";
import type { TraceEvent } from "../format/trace.ts";

/** A function to wrap: by the names that it has in its module. */
export interface PlannedImport {
  readonly module: string;
  readonly name: string;
  readonly type: CoreFuncType;
  /** its canonical name, `INSTANCE.NAME` of a lowered function; null: core code, which is not wrapped */
  readonly canonical: string | null;
}

/** A function that the ABI calls. */
export interface PlannedExport {
  readonly name: string;
  readonly type: CoreFuncType;
}

/** An instance of a core module. */
export interface PlannedModule {
  readonly name: string;
  /** the model's name of the component instance */
  readonly instance: string;
  readonly module: Module;
  readonly imports: readonly PlannedImport[];
  readonly exports: readonly PlannedExport[];
  /** the memories that it exports, by the number that they have in their component instance */
  readonly memories: ReadonlyMap<string, number>;
}

/**
 * The canonical functions that are lifted, or named by options, as they are: no core module calls them, so that
 * a host need not show them. By name.
 */
export function hiddenFuncs(linking: Linking): readonly string[] {
  const names = [...calledByAbi(linking)].flatMap((address) => {
    const func = linking.core.funcs[address];
    return func?.tag === "import" ? [func.name] : [];
  });
  return [...new Set(names)];
}

/** The core functions that canonical definitions name, by address. */
function calledByAbi({ funcs, core }: Linking): ReadonlySet<number> {
  const ofFuncs = funcs.flatMap((def: FuncDef) => {
    if (def.tag === "host") return [];
    return [def.core, def.opts.callback, def.opts.postReturn, def.opts.realloc];
  });
  const ofImports = core.funcs.map((func) => {
    return func.tag === "import" ? func.import.opts.realloc : null;
  });
  return new Set([...ofFuncs, ...ofImports].flatMap((func) => (func === null ? [] : [func.code])));
}

function plannedImports(
  { core }: Linking,
  inst: ModuleInst,
  hidden: readonly string[],
): readonly PlannedImport[] {
  const imports = inst.module.imports.filter(({ type }) => type.tag === "func");
  return imports.flatMap(({ module, name }, i) => {
    const func = core.funcs[inst.funcs[i] ?? -1];
    if (func === undefined) return [];
    const canonical = func.tag === "import" ? func.name : null;
    if (canonical !== null && hidden.includes(canonical)) return [];
    return [{ module, name, type: func.type, canonical }];
  });
}

function plannedExports(
  { core }: Linking,
  inst: ModuleInst,
  called: ReadonlySet<number>,
): readonly PlannedExport[] {
  return [...inst.exports].flatMap(([name, item]) => {
    if (item.tag !== "func" || !called.has(item.address)) return [];
    return core.funcs[item.address]?.tag === "wasm" ? [{ name, type: item.type }] : [];
  });
}

function plannedMemories(inst: ModuleInst): ReadonlyMap<string, number> {
  const all = memoriesOf(inst.space);
  const exported = [...inst.exports].flatMap(([name, item]): [string, number][] => {
    return item.tag === "memory" ? [[name, all.indexOf(item.memory)]] : [];
  });
  return new Map(exported);
}

/** The core modules of linked components, in the order in which they are instantiated. */
export function planOf(linking: Linking): readonly PlannedModule[] {
  const called = calledByAbi(linking);
  const hidden = hiddenFuncs(linking);
  const all = linking.spaces.flatMap(({ modules }) => modules);
  return [...all]
    .sort((a, b) => a.init - b.init)
    .map((inst) => ({
      name: inst.name,
      instance: linking.instances[inst.space.instance]?.name ?? "",
      module: inst.module,
      imports: plannedImports(linking, inst, hidden),
      exports: plannedExports(linking, inst, called),
      memories: plannedMemories(inst),
    }));
}

/** Whether an event shows that a lifted function was called: it is entered, or the `realloc` for its arguments. */
export function beginsOf(linking: Linking, func: FuncId): (event: TraceEvent) => boolean {
  const def = linking.funcs[func];
  if (def?.tag !== "lift") return () => false;
  const instance = linking.instances[def.instance]?.name;
  const names = [def.core, def.opts.realloc].flatMap((core) => {
    return core === null ? [] : exportNames(linking, core.code);
  });
  return (event) => {
    if (event.event !== "enter" || event.instance !== instance) return false;
    return event.func !== undefined && names.includes(event.func);
  };
}

function exportNames({ core }: Linking, address: number): readonly string[] {
  const func = core.funcs[address];
  return func?.tag === "wasm" ? exportedAs(func.module, address) : [];
}
