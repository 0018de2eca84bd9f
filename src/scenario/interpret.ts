// The script guest: runs compiled code up to its next call. See `code.ts` for its state.

import { type Boundary, type Ctx, type Guest, type GuestMove, Trap } from "../canon/machine.ts";
import type { Ret } from "../model/frames.ts";
import type { CoreFunc } from "../model/program.ts";
import { Limit } from "../scheduler/machine.ts";
import { calling, resumeValue } from "./calls.ts";
import type { Code, Instr, Leaving, ScriptFrame, ScriptState } from "./code.ts";
import { type CodeKeys, codeKeys, writeScript } from "./code-keys.ts";
import { computing } from "./compute.ts";
import { localsOf, paramsOf, resultsOf } from "./crossing.ts";
import { liveLocals } from "./liveness.ts";
import { calling2022 } from "./proposal-2022/calls.ts";
import {
  type Exit,
  type Linked,
  type Linkers,
  linkedAt,
  type Op,
  pop,
  type Run,
  type Spot,
  setLocal,
  take,
} from "./running.ts";
import { isMulti, type ScriptValue, toNumber, truthy } from "./script-values.ts";

/** Instructions that a script may run between two calls. */
export const fuel = 20_000;

/** The interpreter over a set of compiled functions; `CoreFunc.code` indexes it. */
export function scriptGuest(codes: readonly Code[]): Guest {
  const linked = linkAll(codes);
  let keys: CodeKeys | null = null;
  return {
    start: (c, core, args) => start(c, linked, core, args),
    advance: (c, core, state, input) => advance(c, linked, core, state as ScriptState, input),
    boundary: (_, state) => boundaryOf(codes, state as ScriptState),
    names: ({ code }) => namesOf(linkedAt(linked, code).code.name),
    encode: (_, state, out, dead) => {
      keys ??= codeKeys(codes);
      writeScript(keys, state as ScriptState, out, dead);
    },
  };
}

function boundaryOf(codes: readonly Code[], { calls, out }: ScriptState): Boundary | null {
  const top = calls[calls.length - 1];
  if (!out) return calls.length === 1 && top?.pc === 0 ? { tag: "start", args: null } : null;
  const instr = top === undefined ? undefined : codes[top.code]?.instrs[top.pc];
  if (instr?.op !== "lowered" && instr?.op !== "builtin") return null;
  return { tag: "call", import: instr.import };
}

/** `A.run on event` is also called `run on event`. */
function namesOf(name: string): readonly string[] {
  const dot = name.indexOf(".");
  return dot === -1 ? [name] : [name, name.slice(dot + 1)];
}

/** The functions of a set of codes, ready to run. */
export function linkAll(codes: readonly Code[]): readonly Linked[] {
  return codes.map(link);
}

function link(code: Code, index: number): Linked {
  const live = liveLocals(code.instrs);
  const ops = [...code.instrs, theEnd].map((instr, pc) => {
    return opOf(instr, { code, pc, live });
  });
  return { index, code, ops, live };
}

const theEnd: Instr = { op: "return", value: false };

function start(
  c: Ctx,
  linked: readonly Linked[],
  core: CoreFunc,
  args: readonly unknown[],
): ScriptState {
  const { code } = linkedAt(linked, core.code);
  const place = { c, instance: core.instance, opts: code.opts };
  return firstState(linked, core.code, paramsOf(place, code, args));
}

/** A function that is about to begin with these arguments. */
export function firstState(
  linked: readonly Linked[],
  index: number,
  args: readonly ScriptValue[],
): ScriptState {
  const { code } = linkedAt(linked, index);
  const frame = { code: index, pc: 0, locals: localsOf(code, args), stack: [] };
  return { calls: [frame], temp: null, out: false };
}

function advance(
  c: Ctx,
  linked: readonly Linked[],
  core: CoreFunc,
  state: ScriptState,
  input: Ret,
): { move: GuestMove; state: ScriptState } {
  const run = reopen(c, linked, core.instance, state);
  if (state.out) takeResults(run, state, input);
  return loop(run);
}

/** A script that goes on from where it was. */
export function reopen(
  c: Ctx,
  linked: readonly Linked[],
  instance: CoreFunc["instance"],
  { calls }: ScriptState,
): Run {
  const top = calls[calls.length - 1];
  if (top === undefined) throw new Error("a script without a frame");
  const current = linkedAt(linked, top.code);
  return {
    place: { c, instance, opts: current.code.opts },
    linked,
    current,
    calls: calls.length === 1 ? [] : calls.slice(0, -1),
    locals: top.locals as ScriptValue[],
    ownsLocals: false,
    stack: top.stack.slice(),
    pc: top.pc,
  };
}

/** Takes what the instruction that called out has got. */
export function takeResults(run: Run, state: ScriptState, input: Ret): void {
  const instr = run.current.code.instrs[run.pc];
  if (instr === undefined) throw new Error("a script that was called out of nowhere");
  run.stack.push(resumeValue(run, instr, input, state.temp));
  run.pc += 1;
}

const over: ScriptState = { calls: [], temp: null, out: false };

function loop(run: Run): { move: GuestMove; state: ScriptState } {
  for (let n = 0; n < fuel; n++) {
    const exit = step(run);
    if (exit === null) continue;
    return { move: exit.move, state: exit.over ? over : save(run, exit.temp) };
  }
  throw new Limit(`${fuel} instructions of a script without a call`);
}

export function step(run: Run): Exit | null {
  const op = run.current.ops[run.pc];
  if (op === undefined) throw new Error("a script that ran off its code");
  return op(run);
}

export function save({ pc, locals, stack, calls, current }: Run, temp: number | null): ScriptState {
  const frame = { code: current.index, pc, locals, stack };
  return { calls: calls.length === 0 ? [frame] : [...calls, frame], temp, out: true };
}

const ends = (move: GuestMove): Exit => ({ move, temp: null, over: true });

/** Instructions that have to do with locals and with where to go on. */
const controlling: Linkers<
  | "local"
  | "set-local"
  | "destructure"
  | "jump"
  | "jump-unless"
  | "core-call"
  | "return"
  | "turn"
  | "trap"
> = {
  local:
    ({ slot }) =>
    (run) => {
      run.stack.push(run.locals[slot] ?? 0);
      run.pc += 1;
      return null;
    },
  "set-local":
    ({ slot }) =>
    (run) => {
      setLocal(run, slot, pop(run));
      run.pc += 1;
      return null;
    },
  destructure:
    ({ slots }) =>
    (run) => {
      destructure(run, slots);
      run.pc += 1;
      return null;
    },
  jump:
    ({ to }) =>
    (run) => {
      run.pc = to;
      return null;
    },
  "jump-unless":
    ({ to }) =>
    (run) => {
      run.pc = truthy(pop(run)) ? run.pc + 1 : to;
      return null;
    },
  "core-call":
    ({ code, n }) =>
    (run) => {
      enterCore(run, code, take(run, n));
      return null;
    },
  return:
    ({ value }) =>
    (run) =>
      leave(run, value ? pop(run) : null),
  turn:
    ({ code }) =>
    (run) => {
      const set = code === 2 ? toNumber(pop(run)) : 0;
      return ends({ tag: "return", values: [code + set * 16] });
    },
  trap: ({ reason }) => {
    const exit = ends({ tag: "trap", reason });
    return () => exit;
  },
};

const toExecutor = (): Op => () => {
  throw new Error("an executor runs this instruction");
};

const leaving: Linkers<Leaving["op"]> = {
  "start-call": toExecutor,
  "await-call": toExecutor,
  "block-call": toExecutor,
  "cancel-call": toExecutor,
  "drop-call": toExecutor,
  "await-first": toExecutor,
  "await-copy": toExecutor,
  bindings: toExecutor,
  spawn: toExecutor,
  "yield-task": toExecutor,
  "confirm-cancel": toExecutor,
};

const linkers = { ...computing, ...calling, ...calling2022, ...controlling, ...leaving };

function opOf(instr: Instr, spot: Spot): Op {
  // the entry for an instruction's name is for that instruction
  return (linkers[instr.op] as (i: Instr, at: Spot) => Op)(instr, spot);
}

/** Goes on in the function that called, or ends the script. */
function leave(run: Run, value: ScriptValue | null): Exit | null {
  const caller = run.calls.pop();
  if (caller === undefined)
    return ends({ tag: "return", values: resultsOf(run.place, run.current.code, value) });
  run.current = linkedAt(run.linked, caller.code);
  run.locals = caller.locals as ScriptValue[];
  run.ownsLocals = false;
  run.stack = [...caller.stack, value ?? 0];
  run.pc = caller.pc;
  return null;
}

function destructure(run: Run, slots: readonly number[]): void {
  const v = pop(run);
  const vs: readonly ScriptValue[] = isMulti(v) ? v.values : Array.isArray(v) ? v : [v];
  for (const [i, slot] of slots.entries()) setLocal(run, slot, vs[i] ?? 0);
}

function enterCore(run: Run, index: number, args: readonly ScriptValue[]): void {
  const { pc, locals, stack, current } = run;
  if (run.calls.length > 200) throw new Trap("guest.unreachable");
  const caller: ScriptFrame = { code: current.index, pc: pc + 1, locals, stack };
  run.calls.push(caller);
  run.current = linkedAt(run.linked, index);
  run.locals = localsOf(run.current.code, args);
  run.ownsLocals = true;
  run.stack = [];
  run.pc = 0;
}
