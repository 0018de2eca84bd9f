// Records the crossings of core modules that a host in JavaScript instantiates. Mirrors spec/15.

import type { Linking } from "../../component/items.ts";
import type { CoreFuncType } from "../../wasm/module.ts";
import type { CoreJson, TraceEvent } from "../format/trace.ts";
import { coreJson } from "../values.ts";
import { type MemoryBounds, newWatch, noWatch, type Watch } from "./memories.ts";
import { type PlannedModule, planOf } from "./plan.ts";
import { newWrap, type Wrap } from "./shim.ts";
import {
  type CompiledModule,
  type CoreImports,
  type CoreInstance,
  webAssembly,
} from "./web-assembly.ts";

/** Records what happens in the core modules of one component. */
export interface Recorder {
  /**
   * Stands for `WebAssembly.instantiate` of a compiled module: what the component instantiates comes in its
   * order; any other module is the engine's own, and does not cross anything.
   */
  instantiateCore(module: CompiledModule, imports?: CoreImports): CoreInstance;
  /** The modules that the component has, and the engine has not instantiated. */
  missing(): readonly string[];
}

interface RecorderOptions {
  /** null: memories are not recorded */
  readonly memory: MemoryBounds | null;
}

/** A call that has not returned, of core code or by it. */
interface Activation {
  readonly thread: string;
}

interface Recording {
  readonly emit: (event: TraceEvent) => void;
  readonly wrap: Wrap;
  readonly options: RecorderOptions;
  readonly activations: Map<number, Activation>;
  /** by the name of the component instance */
  readonly watches: Map<string, Watch>;
  /** functions that are wrapped, by what wraps them */
  readonly inner: WeakMap<object, unknown>;
  /** what wraps canonical functions */
  readonly canonical: WeakSet<object>;
  /** the thread that core code runs as */
  current: string;
  /** how many activations there have been */
  count: number;
}

/** A function where it crosses. */
interface CrossedFunc {
  readonly instance: string;
  readonly name: string;
  readonly type: CoreFuncType;
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** A value of JavaScript; null for a reference. */
function jsonOf(value: unknown): CoreJson {
  return typeof value === "bigint" || typeof value === "number" ? coreJson(value) : null;
}

function watchOf({ watches, options: { memory } }: Recording, instance: string): Watch {
  const watch = watches.get(instance) ?? (memory === null ? noWatch : newWatch(memory));
  watches.set(instance, watch);
  return watch;
}

function begin(r: Recording, thread: string): number {
  r.count += 1;
  r.activations.set(r.count, { thread });
  return r.count;
}

/** The thread of an activation that returns. */
function finish({ activations }: Recording, activation: number): string {
  const found = activations.get(activation);
  activations.delete(activation);
  return found?.thread ?? "";
}

/** Bytes that changed, as a field of an event. */
function changed(watch: Watch): Pick<TraceEvent & { readonly event: "enter" }, "memory"> {
  const memory = watch.changes();
  return memory.length === 0 ? {} : { memory };
}

/** Core code calls a canonical function. */
function wrapCanonical(
  r: Recording,
  { instance, name, type }: CrossedFunc,
  target: unknown,
): unknown {
  const watch = watchOf(r, instance);
  const where = (thread: string) => ({ instance, thread, func: name });
  const wrapped = r.wrap(type, target, {
    before: (...args) => {
      watch.left();
      r.emit({ event: "call", ...where(r.current), args: args.map(jsonOf) });
      return begin(r, r.current);
    },
    after: (activation, ...results) => {
      r.current = finish(r, activation);
      const values = results.map(jsonOf);
      r.emit({ event: "return", ...where(r.current), results: values, ...changed(watch) });
    },
  });
  if (isObject(wrapped)) r.canonical.add(wrapped);
  return wrapped;
}

/** The ABI calls core code. */
function wrapExport(r: Recording, { instance, name, type }: CrossedFunc, target: unknown): unknown {
  const watch = watchOf(r, instance);
  const where = (thread: string) => ({ instance, thread, func: name });
  const wrapped = r.wrap(type, target, {
    before: (...args) => {
      r.current = `${name}#${r.count + 1}`;
      const values = args.map(jsonOf);
      r.emit({ event: "enter", ...where(r.current), args: values, ...changed(watch) });
      return begin(r, r.current);
    },
    after: (activation, ...results) => {
      watch.left();
      const thread = finish(r, activation);
      r.emit({ event: "leave", ...where(thread), results: results.map(jsonOf) });
    },
  });
  if (isObject(wrapped)) r.inner.set(wrapped, target);
  return wrapped;
}

/** What a module imports as a function: core code is called without a wrapper. */
function importedFunc(
  r: Recording,
  instance: string,
  { canonical, type }: PlannedModule["imports"][number],
  value: unknown,
): unknown {
  if (!isObject(value)) return value;
  if (canonical === null) return r.inner.get(value) ?? value;
  if (r.canonical.has(value)) return value;
  return wrapCanonical(r, { instance, name: canonical, type }, value);
}

function importsOf(r: Recording, planned: PlannedModule, given: CoreImports): CoreImports {
  const imports = Object.fromEntries(
    Object.entries(given).map(([module, values]) => [module, { ...values }]),
  );
  for (const one of planned.imports) {
    const values = imports[one.module];
    if (values === undefined) continue;
    values[one.name] = importedFunc(r, planned.instance, one, given[one.module]?.[one.name]);
  }
  return imports;
}

function exportsOf(
  r: Recording,
  { instance, exports: planned }: PlannedModule,
  exports: CoreInstance["exports"],
): CoreInstance["exports"] {
  const wrapped = planned.map(({ name, type }): [string, unknown] => {
    return [name, wrapExport(r, { instance, name, type }, exports[name])];
  });
  return { ...exports, ...Object.fromEntries(wrapped) };
}

function watchMemories(
  r: Recording,
  { instance, memories }: PlannedModule,
  exports: CoreInstance["exports"],
  known: Set<unknown>,
): void {
  const watch = watchOf(r, instance);
  for (const [name, number] of memories) {
    const memory = exports[name];
    if (!(memory instanceof webAssembly.Memory) || known.has(memory)) continue;
    known.add(memory);
    watch.add(number, memory);
  }
  watch.left();
}

/** The names of what a module imports and exports, in order. */
function shapeOf(
  imports: readonly { readonly module: string; readonly name: string }[],
  exports: readonly { readonly name: string }[],
): string {
  const asked = imports.map(({ module, name }) => [module, name]);
  return JSON.stringify([asked, exports.map(({ name }) => name)]);
}

function isOf({ module: { imports, exports } }: PlannedModule, module: CompiledModule): boolean {
  const { Module } = webAssembly;
  return shapeOf(imports, exports) === shapeOf(Module.imports(module), Module.exports(module));
}

/** Tells `emit` of each crossing in linked components, whose core modules somebody instantiates. */
export function newRecorder(
  linking: Linking,
  emit: (event: TraceEvent) => void,
  options: RecorderOptions,
): Recorder {
  const r: Recording = {
    emit,
    wrap: newWrap(),
    options,
    activations: new Map(),
    watches: new Map(),
    inner: new WeakMap(),
    canonical: new WeakSet(),
    current: "",
    count: 0,
  };
  const known = new Set<unknown>();
  const left = [...planOf(linking)];
  return {
    instantiateCore(module, given = {}) {
      const [planned] = left;
      if (planned === undefined || !isOf(planned, module)) {
        return new webAssembly.Instance(module, given);
      }
      left.shift();
      r.current = `instantiate ${planned.name}`;
      const { exports } = new webAssembly.Instance(module, importsOf(r, planned, given));
      watchMemories(r, planned, exports, known);
      return { exports: exportsOf(r, planned, exports) };
    },
    missing: () => left.map(({ name }) => name),
  };
}
