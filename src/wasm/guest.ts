// Core WebAssembly as a guest: what the machine asks of an interpreter. Mirrors spec/14.

import type { Boundary, Ctx, Guest, GuestMove, StateWriter } from "../canon/machine.ts";
import type { InstanceId } from "../model/ids.ts";
import type { TableEntry } from "../model/program.ts";
import type { CoreType } from "../model/types.ts";
import type { CoreValue } from "../model/values.ts";
import { funcAt } from "./code.ts";
import type { ValueType } from "./module.ts";
import { type CoreProgram, type CoreState, coreKey, exportedAs, type FuncInst } from "./program.ts";
import { run } from "./run.ts";
import {
  CoreTrap,
  enterState,
  leaveState,
  type Machine,
  type Memories,
  newMachine,
} from "./run-machine.ts";
import {
  beginCalls,
  enterCode,
  freeze,
  type OpenCalls,
  openNames,
  thaw,
  waitingNames,
} from "./state-frames.ts";
import { putValues, valuesAt } from "./state-values.ts";

/** Code that was not entered yet, or waits for a call out; null: it has returned. */
type FrameState = { readonly tag: "start"; readonly args: readonly CoreValue[] } | OpenCalls;

/** Instructions between two calls out, unless somebody says otherwise. */
export const defaultFuel = 1_000_000_000;

function stateOf(c: Ctx, instance: InstanceId): CoreState {
  return c.edit.instance.read(instance).globals[coreKey] as CoreState;
}

function keepState(c: Ctx, instance: InstanceId, state: CoreState): void {
  if (state === stateOf(c, instance)) return;
  const entity = c.edit.instance.edit(instance);
  entity.globals = { ...entity.globals, [coreKey]: state };
}

function memoriesOf(c: Ctx): Memories {
  return { read: (id) => c.edit.memory.read(id), edit: (id) => c.edit.memory.edit(id) };
}

/** Puts the machine where the state is; false if a call out comes first. */
function resume(
  m: Machine,
  func: FuncInst,
  code: number,
  state: FrameState,
  given: readonly CoreValue[],
): boolean {
  if (state.tag === "calls") {
    thaw(m, state);
    putValues(m, m.argument, funcAt(m.code, state.callee).type.results, given);
    return true;
  }
  beginCalls(m);
  putValues(m, 0, func.type.params, state.args);
  if (func.tag === "import") {
    m.callee = code;
    return false;
  }
  enterCode(m, code);
  return true;
}

function callOut(m: Machine): { move: GuestMove; state: unknown } {
  const func = funcAt(m.code, m.callee);
  if (func.tag !== "import") throw new Error("only imports leave the interpreter");
  const args = valuesAt(m, m.argument, func.type.params);
  return { move: { tag: "call", import: func.import, args }, state: freeze(m) };
}

function trapped(
  m: Machine,
  reason: Extract<GuestMove, { tag: "trap" }>["reason"],
): { move: GuestMove; state: unknown } {
  return { move: { tag: "trap", reason, calls: openNames(m) }, state: null };
}

function moveOf(m: Machine, func: FuncInst, entered: boolean): { move: GuestMove; state: unknown } {
  try {
    const left = entered ? run(m) : "calls";
    if (left === "calls") return callOut(m);
    if (left === "threw") return trapped(m, "throw");
    return { move: { tag: "return", values: valuesAt(m, 0, func.type.results) }, state: null };
  } catch (error) {
    if (error instanceof CoreTrap) return trapped(m, error.reason);
    throw error;
  }
}

function writeState(state: FrameState | null, out: StateWriter): void {
  if (state === null) out.int(0);
  else if (state.tag === "start") {
    out.int(1);
    out.data(state.args);
  } else {
    out.int(2);
    out.int(state.callee);
    out.data(state.frames);
    out.data(state.words);
  }
}

/** The entry of a table, for `Guest.element`. */
function elementAt(
  m: Machine,
  state: CoreState,
  instance: InstanceId,
  table: number,
  at: number,
): TableEntry | null | undefined {
  const ref = state.tables[table]?.[at];
  if (ref === undefined) return undefined;
  if (ref === 0) return null;
  const { type } = funcAt(m.code, ref - 1);
  const params = type.params.map((param) => (isNumber(param) ? param : "reference"));
  return { core: { guest: wasmName, instance, code: ref - 1 }, params, results: type.results };
}

function isNumber(type: ValueType): type is CoreType {
  return type === "i32" || type === "i64" || type === "f32" || type === "f64";
}

function boundaryOf({ funcs }: CoreProgram, state: FrameState | null): Boundary | null {
  if (state === null || state.tag === "start") return state;
  const callee = funcs[state.callee];
  return callee?.tag === "import" ? { tag: "call", import: callee.import } : null;
}

/** Its own name and those of its exports, without that of its module; what instantiates a module has none. */
function namesOf({ funcs }: CoreProgram, address: number): readonly string[] {
  const func = funcs[address];
  if (func === undefined || func.tag === "init") return [];
  if (func.tag !== "wasm") return [func.name];
  const { name, module } = func;
  return [...new Set([name.slice(module.name.length + 1), ...exportedAs(module, address)])];
}

/** What the interpreter is called in `CoreFunc.guest`. */
export const wasmName = "wasm";

interface WasmOptions {
  /** instructions between two calls out */
  readonly fuel?: number;
}

/**
 * The interpreter of a program's functions: `CoreFunc.code` is an address in `program.funcs`. `fuel` bounds
 * the instructions between two calls out (`Limit`). The state of the instance's core space is under `coreKey`
 * in its globals, where `firstCoreState` belongs before the first call.
 */
export function wasmGuest(program: CoreProgram, { fuel = defaultFuel }: WasmOptions = {}): Guest {
  let made: Machine | null = null;
  const machine = (): Machine => {
    made ??= newMachine(program);
    return made;
  };
  return {
    element: (c, instance, table, index) => {
      return elementAt(machine(), stateOf(c, instance), instance, table, index);
    },
    calls: (_code, state) => {
      const at = state as FrameState | null;
      return at?.tag === "calls" ? waitingNames(machine(), at) : [];
    },
    boundary: (_code, state) => boundaryOf(program, state as FrameState | null),
    names: ({ code }) => namesOf(program, code),
    // one that has not started yet has no frames that say what it runs
    encode: ({ code }, state, out) => {
      out.int(code);
      writeState(state as FrameState | null, out);
    },
    start: (_c, _code, args): FrameState => ({ tag: "start", args: args as readonly CoreValue[] }),
    advance: (c, { instance, code }, state, input) => {
      const m = machine();
      const func = funcAt(m.code, code);
      const given = input?.tag === "core" ? input.values : [];
      enterState(m, stateOf(c, instance), memoriesOf(c), fuel);
      const next = moveOf(m, func, resume(m, func, code, state as FrameState, given));
      keepState(c, instance, leaveState(m));
      return next;
    },
  };
}
