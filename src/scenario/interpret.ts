// The script guest: runs compiled code up to its next call. See `code.ts` for its state.

import { type Ctx, type Guest, type GuestMove, Trap } from "../canon/machine.ts";
import { maxFlatParams, maxFlatResults } from "../canon/values/flatten.ts";
import type { Ret } from "../model/frames.ts";
import type { CoreFunc } from "../model/program.ts";
import type { CoreValue, Value } from "../model/values.ts";
import { Limit } from "../scheduler/machine.ts";
import { payload } from "./builtins.ts";
import { type Call, hostMove, loweredMove, resumeValue } from "./calls.ts";
import type { Code, Instr, ScriptFrame, ScriptState } from "./code.ts";
import { compute } from "./compute.ts";
import { flatten, type Place, raise, showIn } from "./marshal.ts";
import { fromValue, isMulti, type ScriptValue, toNumber, truthy } from "./script-values.ts";
import { toValue } from "./typed-values.ts";

/** Instructions that a script may run between two calls. */
const fuel = 20_000;

/** A running script: what one `advance` mutates before it hands back plain data. */
export interface Run {
  readonly place: Place;
  readonly codes: readonly Code[];
  calls: ScriptFrame[];
  locals: ScriptValue[];
  stack: ScriptValue[];
  pc: number;
  code: Code;
}

function codeAt(codes: readonly Code[], i: number): Code {
  const code = codes[i];
  if (code === undefined) throw new Error(`no script ${i}`);
  return code;
}

/** The interpreter over a set of compiled functions; `CoreFunc.code` indexes it. */
export function scriptGuest(codes: readonly Code[]): Guest {
  return {
    start: (c, core, args) => start(c, codes, core, args),
    advance: (c, core, state, input) => advance(c, codes, core, state as ScriptState, input),
  };
}

function start(
  c: Ctx,
  codes: readonly Code[],
  core: CoreFunc,
  args: readonly unknown[],
): ScriptState {
  const code = codeAt(codes, core.code);
  const place = { c, instance: core.instance, opts: code.opts };
  const params = paramsOf(place, code, args);
  return { calls: [frameFor(core.code, code, params)], temp: null, out: false };
}

function frameFor(index: number, code: Code, params: readonly ScriptValue[]): ScriptFrame {
  const locals = new Array<ScriptValue>(code.locals).fill(0);
  for (let i = 0; i < code.arity; i++) locals[i] = params[i] ?? 0;
  return { code: index, pc: 0, locals, stack: [] };
}

function paramsOf(place: Place, code: Code, args: readonly unknown[]): ScriptValue[] {
  if (code.finish === "host") return (args as Value[]).map(fromValue);
  const flat = args as CoreValue[];
  if (code.event) return eventParams(flat.map(Number));
  if (code.params === null) return flat.map((v) => Number(v));
  return raise(place, flat, code.params, maxFlatParams);
}

function eventParams([code = 0, index = 0, p2 = 0]: readonly number[]): ScriptValue[] {
  return [{ tag: "named", kind: "event", n: code }, index, payload(code, p2)];
}

function advance(
  c: Ctx,
  codes: readonly Code[],
  core: CoreFunc,
  state: ScriptState,
  input: Ret,
): { move: GuestMove; state: ScriptState } {
  const top = state.calls[state.calls.length - 1];
  if (top === undefined) throw new Error("a script without a frame");
  const code = codeAt(codes, top.code);
  const run: Run = {
    place: { c, instance: core.instance, opts: code.opts },
    codes,
    calls: state.calls.slice(0, -1),
    locals: [...top.locals],
    stack: [...top.stack],
    pc: top.pc,
    code,
  };
  if (state.out) takeResults(run, state, input);
  return loop(run);
}

function takeResults(run: Run, state: ScriptState, input: Ret): void {
  const instr = run.code.instrs[run.pc];
  if (instr === undefined) throw new Error("a script that was called out of nowhere");
  run.stack.push(resumeValue(run.place, instr, input, state.temp));
  run.pc += 1;
}

function loop(run: Run): { move: GuestMove; state: ScriptState } {
  for (let n = 0; n < fuel; n++) {
    const instr = run.code.instrs[run.pc] ?? { op: "return", value: false };
    const call = callOf(run, instr);
    if (call !== null) return { move: call.move, state: save(run, call.temp) };
    const done = endOf(run, instr);
    if (done !== null) return { move: done, state: { calls: [], temp: null, out: false } };
    if (instr.op !== "return" && !simple(run, instr)) control(run, instr);
  }
  throw new Limit(`${fuel} instructions of a script without a call`);
}

function save(run: Run, temp: number | null): ScriptState {
  const { pc, locals, stack, calls } = run;
  const code = run.codes.indexOf(run.code);
  return { calls: [...calls, { code, pc, locals, stack }], temp, out: true };
}

/** Takes the last `n` operands. */
function operands(run: Run, n: number): ScriptValue[] {
  return n === 0 ? [] : run.stack.splice(run.stack.length - n, n);
}

function pop(run: Run): ScriptValue {
  const v = run.stack.pop();
  if (v === undefined) throw new Error("a script's stack is empty");
  return v;
}

/** The move of an instruction that calls out; null for any other. */
function callOf(run: Run, instr: Instr): Call | null {
  switch (instr.op) {
    case "lowered":
    case "builtin":
      return loweredMove(run.place, instr, operands(run, instr.n));
    case "choose":
      return { move: { tag: "choose", options: instr.options }, temp: null };
    case "host-call":
    case "host-builtin":
      return hostMove(run.place, instr, operands(run, instr.n));
    case "host-wait":
    case "await":
      return hostMove(run.place, instr, instr.op === "host-wait" ? [pop(run)] : []);
    default:
      return null;
  }
}

/** The move that ends the script; null if it goes on, maybe in the function that called. */
function endOf(run: Run, instr: Instr): GuestMove | null {
  if (instr.op === "trap") return { tag: "trap", reason: instr.reason };
  if (instr.op === "turn") {
    const set = instr.code === 2 ? toNumber(pop(run)) : 0;
    return { tag: "return", values: [instr.code + set * 16] };
  }
  if (instr.op !== "return") return null;
  const value = instr.value ? pop(run) : null;
  return run.calls.length > 0
    ? returnInside(run, value)
    : { tag: "return", values: finished(run, value) };
}

function returnInside(run: Run, value: ScriptValue | null): null {
  const caller = run.calls.pop();
  if (caller === undefined) throw new Error("a core call without a caller");
  run.code = codeAt(run.codes, caller.code);
  run.locals = [...caller.locals];
  run.stack = [...caller.stack, value ?? 0];
  run.pc = caller.pc;
  return null;
}

function finished(
  { place, code }: Run,
  value: ScriptValue | null,
): readonly CoreValue[] | readonly Value[] {
  switch (code.finish) {
    case "sync":
      if (code.result === null) return [];
      return flatten(place, [value ?? 0], [code.result], maxFlatResults);
    case "callback":
      return [0];
    case "realloc": {
      const ptr = toNumber(value ?? 0);
      return [place.opts.address === "i64" ? BigInt(ptr) : ptr];
    }
    case "host":
      if (code.result === null || value === null) return [];
      return [toValue(code.result, value, "utf8", true)];
    default:
      return [];
  }
}

/** Instructions that only move values; false for the others. */
function simple(run: Run, instr: Instr): boolean {
  switch (instr.op) {
    case "push":
      run.stack.push(instr.value);
      break;
    case "pop":
      pop(run);
      break;
    case "first":
      run.stack.push(firstOf(pop(run)));
      break;
    case "local":
      run.stack.push(run.locals[instr.slot] ?? 0);
      break;
    case "set-local":
      run.locals[instr.slot] = pop(run);
      break;
    case "log":
      log(run, pop(run));
      break;
    default:
      return false;
  }
  run.pc += 1;
  return true;
}

function firstOf(v: ScriptValue): ScriptValue {
  return isMulti(v) ? (v.values[0] ?? 0) : v;
}

function log({ place }: Run, v: ScriptValue): void {
  const { globals } = place.c.edit;
  globals.log = [...globals.log, showIn(place, v)];
}

function control(run: Run, instr: Instr): void {
  switch (instr.op) {
    case "jump":
      run.pc = instr.to;
      return;
    case "jump-unless":
      run.pc = truthy(pop(run)) ? run.pc + 1 : instr.to;
      return;
    case "core-call":
      enterCore(run, instr.code, operands(run, instr.n));
      return;
    case "destructure":
      destructure(run, instr.slots);
      break;
    default:
      compute(run, instr);
  }
  run.pc += 1;
}

function destructure(run: Run, slots: readonly number[]): void {
  const v = pop(run);
  const vs: readonly ScriptValue[] = isMulti(v) ? v.values : Array.isArray(v) ? v : [v];
  for (const [i, slot] of slots.entries()) run.locals[slot] = vs[i] ?? 0;
}

function enterCore(run: Run, index: number, args: readonly ScriptValue[]): void {
  const { pc, locals, stack } = run;
  const caller = { code: run.codes.indexOf(run.code), pc: pc + 1, locals, stack };
  if (run.calls.length > 200) throw new Trap("guest.unreachable");
  run.calls.push(caller);
  run.code = codeAt(run.codes, index);
  const frame = frameFor(index, run.code, args);
  run.locals = [...frame.locals];
  run.stack = [];
  run.pc = 0;
}
