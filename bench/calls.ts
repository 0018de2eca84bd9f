// Async calls: one that returns at once, and one that blocks once, heard of in two ways.

import type { FuncId } from "../src/model/ids.ts";
import type { CanonicalOptions, CoreImport } from "../src/model/program.ts";
import type { FuncType } from "../src/model/types.ts";
import type { System } from "../src/scheduler/machine.ts";
import { finish } from "./finish.ts";
import {
  type Body,
  type Building,
  building,
  builtin,
  call,
  giveBack,
  type Next,
  peek,
  setVariable,
  type Turn,
  variable,
} from "./system.ts";
import { demand, type Rate } from "./workload.ts";

const u32 = { tag: "u32" } as const;
const calleeType: FuncType = { params: [{ name: "x", t: u32 }], result: u32, async: true };
const callerType: FuncType = { params: [], result: u32, async: true };

/** Codes of a call's state, of a callback's turn, and of an event. */
const [started, returned] = [1, 2];
const [exit, yielding, waiting] = [0, 1, 2];
const subtaskEvent = 1;
const resultAt = 16;

/** A function that gives its argument back, at once or after one yield of its event loop. */
function callee(b: Building, blocks: boolean): FuncId {
  const home = b.home("C", 65536);
  const taskReturn = builtin("task.return", home.opts, u32);
  const contextSet = builtin("context.set", home.opts);
  const contextGet = builtin("context.get", home.opts);
  const eager: Body = [({ r }) => call(taskReturn, r, 1, r), () => giveBack(exit)];
  const blocking: Body = [
    ({ r }) => call(contextSet, [0, r[0] ?? 0], 1, r),
    () => giveBack(yielding),
  ];
  const callback: Body = [
    ({ r }) => call(contextGet, [0], 1, r),
    ({ got }) => call(taskReturn, got, 2, []),
    () => giveBack(exit),
  ];
  const lifting = { async: true, callback: b.core(home, callback) };
  return b.lift("C.f", home, blocks ? blocking : eager, calleeType, lifting);
}

function lowered(func: FuncId, opts: CanonicalOptions): CoreImport {
  return { tag: "lower", func, opts: { ...opts, async: true } };
}

/** Register 0 counts the calls. */
function eagerCalls(n: number): System {
  const b = building();
  const func = callee(b, false);
  const home = b.home("D", 65536);
  const f = lowered(func, home.opts);
  const next = ({ c }: Turn, i: number): Next =>
    i < n ? call(f, [i, resultAt], 1, [i]) : giveBack(peek(c, home, resultAt));
  const body: Body = [
    (turn) => next(turn, 0),
    (turn) => {
      demand(turn.got[0] === returned, "an eager call returns at once");
      return next(turn, (turn.r[0] ?? 0) + 1);
    },
  ];
  return b.system(b.lift("D.run", home, body, callerType));
}

/** Registers: the set, the number of the call, its subtask. */
function waitedCalls(n: number): System {
  const b = building();
  const func = callee(b, true);
  const home = b.home("D", 65536);
  const f = lowered(func, home.opts);
  const newSet = builtin("waitable-set.new", home.opts);
  const join = builtin("waitable.join", home.opts);
  const wait = builtin("waitable-set.wait", home.opts);
  const drop = builtin("subtask.drop", home.opts);
  const next = ({ c }: Turn, set: number, i: number): Next =>
    i < n ? call(f, [i, resultAt], 2, [set, i]) : giveBack(peek(c, home, resultAt));
  const body: Body = [
    () => call(newSet, [], 1, []),
    (turn) => next(turn, Number(turn.got[0]), 0),
    ({ r: [set = 0, i = 0], got }) => {
      const subtask = startedSubtask(got[0]);
      return call(join, [subtask, set], 3, [set, i, subtask]);
    },
    ({ r }) => call(wait, [r[0] ?? 0, 0], 4, r),
    ({ r, got }) => {
      demand(got[0] === subtaskEvent, "the event of the call comes");
      return call(drop, [r[2] ?? 0], 5, r);
    },
    (turn) => next(turn, turn.r[0] ?? 0, (turn.r[1] ?? 0) + 1),
  ];
  return b.system(b.lift("D.run", home, body, callerType));
}

function startedSubtask(packed: unknown): number {
  const status = Number(packed);
  demand((status & 15) === started, "a call that blocks has started");
  return status >> 4;
}

/** Locals are gone between two turns: the set and the number of the call are variables. */
function callbackCalls(n: number): System {
  const b = building();
  const func = callee(b, true);
  const home = b.home("D", 65536);
  const f = lowered(func, home.opts);
  const newSet = builtin("waitable-set.new", home.opts);
  const join = builtin("waitable.join", home.opts);
  const drop = builtin("subtask.drop", home.opts);
  const taskReturn = builtin("task.return", home.opts, u32);
  const next = ({ c }: Turn, pc: number): Next =>
    call(f, [variable(c, home, "i"), resultAt], pc, []);
  const joined = ({ c, got }: Turn, pc: number): Next =>
    call(join, [startedSubtask(got[0]), variable(c, home, "set")], pc, []);
  const park = ({ c }: Turn): Next => giveBack(waiting + variable(c, home, "set") * 16);
  const body: Body = [
    () => call(newSet, [], 1, []),
    (turn) => {
      setVariable(turn.c, home, "set", Number(turn.got[0]));
      return next(turn, 2);
    },
    (turn) => joined(turn, 3),
    park,
  ];
  const callback: Body = [
    ({ r: [event, subtask = 0, state] }) => {
      demand(event === subtaskEvent && state === returned, "the call's return comes as an event");
      return call(drop, [subtask], 1, []);
    },
    (turn) => {
      const i = variable(turn.c, home, "i") + 1;
      setVariable(turn.c, home, "i", i);
      return i < n ? next(turn, 2) : call(taskReturn, [peek(turn.c, home, resultAt)], 4, []);
    },
    (turn) => joined(turn, 3),
    park,
    () => giveBack(exit),
  ];
  const lifting = { async: true, callback: b.core(home, callback) };
  return b.system(b.lift("D.run", home, body, callerType, lifting));
}

function calls(name: string, system: (n: number) => System, referenceN: number): Rate {
  const prepare = (n: number): (() => void) => {
    const made = system(n);
    return () => {
      finish(made, n - 1);
    };
  };
  const target = { of: "ratio", is: "at least", bound: 100 } as const;
  const unit = "calls/s";
  return { tag: "rate", name, unit, n: 10_000, referenceN, bytes: null, target, prepare };
}

export const callRates: readonly Rate[] = [
  calls("call-eager", eagerCalls, 1000),
  calls("call-blocked-wait", waitedCalls, 800),
  calls("call-blocked-callback", callbackCalls, 800),
];
