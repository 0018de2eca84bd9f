// A script while it runs: what the operations of one `advance` work on.

import type { GuestMove } from "../canon/machine.ts";
import type { Code, Instr, ScriptFrame } from "./code.ts";
import type { Place } from "./marshal.ts";
import type { ScriptValue } from "./script-values.ts";

/** What a script does next that is not its own affair. */
export interface Exit {
  readonly move: GuestMove;
  /** what the instruction needs when its results come: mostly the pointer of a buffer */
  readonly temp: number | null;
  /** the script has come to its end */
  readonly over: boolean;
}

/** Runs one instruction and goes on to the next, or leaves `pc` where it is and exits. */
export type Op = (run: Run) => Exit | null;

/** A function that is ready to run. */
export interface Linked {
  readonly index: number;
  readonly code: Code;
  /** one for each instruction, and a return behind them */
  readonly ops: readonly Op[];
  /** the locals that are live before each */
  readonly live: readonly (readonly number[])[];
}

/** A running script: what one `advance` mutates before it hands back plain data. */
export interface Run {
  readonly place: Place;
  readonly linked: readonly Linked[];
  current: Linked;
  calls: ScriptFrame[];
  /** those of a saved frame until the first write */
  locals: ScriptValue[];
  ownsLocals: boolean;
  stack: ScriptValue[];
  pc: number;
}

/** Where an instruction stands, and which locals are live at each place of its function. */
export interface Spot {
  readonly code: Code;
  readonly pc: number;
  readonly live: readonly (readonly number[])[];
}

/** How each instruction becomes an operation. */
export type Linkers<O extends Instr["op"]> = {
  readonly [K in O]: (instr: Instr & { readonly op: K }, spot: Spot) => Op;
};

export function linkedAt(linked: readonly Linked[], i: number): Linked {
  const at = linked[i];
  if (at === undefined) throw new Error(`no script ${i}`);
  return at;
}

export function pop(run: Run): ScriptValue {
  const v = run.stack.pop();
  if (v === undefined) throw new Error("a script's stack is empty");
  return v;
}

/** Takes the last `n` operands, the first of them first. */
export function take(run: Run, n: number): ScriptValue[] {
  const taken = new Array<ScriptValue>(n);
  for (let i = n - 1; i >= 0; i--) taken[i] = pop(run);
  return taken;
}

export function setLocal(run: Run, slot: number, v: ScriptValue): void {
  if (!run.ownsLocals) {
    run.locals = run.locals.slice();
    run.ownsLocals = true;
  }
  run.locals[slot] = v;
}
