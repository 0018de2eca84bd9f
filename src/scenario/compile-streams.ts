// Streams and futures of stackless bodies under the split ABI: pipes and pairs of the host. Mirrors spec/11.

import type { FuncType, ValType } from "../model/types.ts";
import type { Expr } from "./ast-exprs.ts";
import type { Bindings, Instr, Lowered } from "./code.ts";
import { type Emitter, freshSlot, slotOf } from "./emitter.ts";
import type { HalfNames, SplitNames } from "./halves.ts";
import { resolveElement } from "./resolve-types.ts";
import type { ScriptValue } from "./script-values.ts";

type Builtin = Extract<Expr, { tag: "builtin" }>;
type One = (e: Emitter, expr: Expr) => void;

const streams = "wasi:io/streams";

/** What is compiled: the built-in, with the names that it means in the host. */
interface At {
  readonly e: Emitter;
  readonly split: SplitNames;
}

function funcOf(
  { e }: At,
  key: string,
): { readonly id: HalfNames["start"]["id"]; readonly ft: FuncType } {
  const func = e.scope.names.funcs.get(key);
  if (func === undefined) throw new Error(`the host has no ${key}`);
  return func;
}

function lowered({ e }: At, { id, ft }: HalfNames["start"]): Lowered {
  const opts = { ...e.scope.opts, async: false };
  return { import: { tag: "lower", func: id, opts }, ft };
}

/** Calls a function of the host, whose operands are on the stack. */
function call(at: At, key: string): Instr {
  const func = lowered(at, funcOf(at, key));
  return { op: "lowered", ...func, n: func.ft.params.length, async: false };
}

function dropOf({ e, split }: At, key: string): readonly Instr[] {
  const { opts } = e.scope;
  const imported = {
    tag: "builtin",
    name: "resource.drop",
    t: null,
    rt: split.host.resource(key),
    opts,
    cancellable: false,
    table: [],
  } as const;
  const shape = { name: "resource.drop", n: 1, at: false, inferred: false } as const;
  return [{ op: "builtin", import: imported, ...shape }];
}

const push = (value: ScriptValue): Instr => ({ op: "push", value });
const local = (slot: number): Instr => ({ op: "local", slot });
const set = (slot: number): Instr => ({ op: "set-local", slot });
const bindings = (does: Bindings, n: number, t: ValType | null = null): Instr => {
  return { op: "bindings", does, n, t };
};

const closed: ScriptValue = {
  tag: "case",
  label: "error",
  value: { tag: "case", label: "closed", value: null },
};
const full: ScriptValue = { tag: "case", label: "ok", value: 0 };
const dropped: ScriptValue = {
  tag: "multi",
  values: [{ tag: "named", kind: "copy", n: 1 }, 0],
};

/** Does `then` if the value of a slot equals a constant. */
function whenIs({ e }: At, slot: number, value: ScriptValue, act: () => void): void {
  const { instrs } = e;
  instrs.push(local(slot), push(value), { op: "binary", by: "==" });
  const at = instrs.length;
  instrs.push({ op: "jump-unless", to: -1 });
  act();
  instrs[at] = { op: "jump-unless", to: instrs.length };
}

/** Waits until an end of a pipe may give more than "not yet". */
function awaitReady(at: At, key: string, end: number): void {
  const { instrs } = at.e;
  const pollable = freshSlot(at.e);
  const halves = at.split.halves.get("pollables.block");
  if (halves === undefined) throw new Error("the host has no way to wait for a pollable");
  const { start, result } = halves;
  instrs.push(local(end), call(at, `${key}.subscribe`), set(pollable), local(pollable));
  instrs.push(
    { op: "start-call", start: lowered(at, start), result: lowered(at, result), n: 1 },
    { op: "await-call" },
    { op: "pop" },
    local(pollable),
    ...dropOf(at, "wasi:io/poll.pollable"),
    { op: "pop" },
  );
}

/** Jumps that lead behind what is compiled. */
function landing({ e }: At, act: (leave: () => void) => void): void {
  const { instrs } = e;
  const jumps: number[] = [];
  act(() => {
    jumps.push(instrs.length);
    instrs.push({ op: "jump", to: -1 });
  });
  for (const at of jumps) instrs[at] = { op: "jump", to: instrs.length };
}

/** Tries, waits while there is nothing, and tries again; one chunk at most is read. */
function compileRead(at: At, { args }: Builtin, one: One): void {
  const { e } = at;
  const key = `${streams}.input-stream`;
  const [end, n, got] = [freshSlot(e), freshSlot(e), freshSlot(e)];
  for (const arg of args) one(e, arg);
  e.instrs.push(set(n), set(end));
  const again = e.instrs.length;
  e.instrs.push(local(end), local(n), call(at, `${key}.read`), set(got));
  landing(at, (leave) => {
    whenIs(at, got, closed, () => {
      e.instrs.push(push(dropped));
      leave();
    });
    e.instrs.push(local(got), { op: "field", label: "ok" }, set(got));
    whenIs(at, got, [], () => {
      awaitReady(at, key, end);
      e.instrs.push({ op: "jump", to: again });
    });
    e.instrs.push(local(got), bindings("received", 1, { tag: "u8" }));
  });
}

/** Waits for room, writes all, and waits until there is room again. */
function compileWrite(at: At, { args }: Builtin, one: One): void {
  const { e } = at;
  const [end, bytes, got] = [freshSlot(e), freshSlot(e), freshSlot(e)];
  for (const arg of args) one(e, arg);
  e.instrs.push(bindings("bytes-of", 1), set(bytes), set(end));
  const key = `${streams}.output-stream`;
  landing(at, (leave) => {
    const over = (): void => {
      e.instrs.push(push(dropped));
      leave();
    };
    awaitRoom(at, key, end, got, over);
    e.instrs.push(local(end), local(bytes), call(at, `${key}.write`), set(got));
    whenIs(at, got, closed, over);
    e.instrs.push(local(end), call(at, `${key}.flush`), { op: "pop" });
    awaitRoom(at, key, end, got, () => {
      e.instrs.push(local(bytes), bindings("byte-count", 1));
      leave();
    });
    e.instrs.push(local(bytes), bindings("byte-count", 1));
  });
}

function awaitRoom(at: At, key: string, end: number, got: number, over: () => void): void {
  const { instrs } = at.e;
  const again = instrs.length;
  instrs.push(local(end), call(at, `${key}.check-write`), set(got));
  whenIs(at, got, closed, over);
  whenIs(at, got, full, () => {
    awaitReady(at, key, end);
    instrs.push({ op: "jump", to: again });
  });
}

/** Both ends, the readable one first. */
function compileNew(at: At, key: string): void {
  const { e } = at;
  const slots = [freshSlot(e), freshSlot(e)] as const;
  e.instrs.push(call(at, key), { op: "destructure", slots });
  e.instrs.push(local(slots[1]), local(slots[0]), bindings("several", 2));
}

function compileFuture(at: At, expr: Builtin, t: ValType | null, one: One): void {
  const { e, split } = at;
  const { pipe, sender, receiver } = split.host.pair(t);
  for (const arg of expr.args) one(e, arg);
  switch (expr.name) {
    case "future.new":
      compileNew(at, pipe);
      return;
    case "future.write":
      e.instrs.push(call(at, `${sender}.send`), { op: "pop" });
      consumed(e, expr);
      e.instrs.push(push([]), bindings("byte-count", 1));
      return;
    case "future.read": {
      const start = lowered(at, funcOf(at, `${receiver}.receive-isyswasfa-start`));
      const result = lowered(at, funcOf(at, `${receiver}.receive-isyswasfa-result`));
      e.instrs.push({ op: "start-call", start, result, n: 1 }, { op: "await-call" });
      consumed(e, expr);
      e.instrs.push(bindings("received-one", 1, t));
      return;
    }
    default:
      dropEnd(at, expr.name === "future.drop-readable" ? receiver : sender);
  }
}

/** The end that a call took with it: a local that held it holds none. */
function consumed(e: Emitter, { args: [end] }: Builtin): void {
  const slot = end?.tag === "name" ? slotOf(e, end.name) : null;
  if (slot !== null) e.instrs.push(push(0), set(slot));
}

/** Drops an end, unless a call has taken it. */
function dropEnd(at: At, key: string): void {
  const { e } = at;
  const end = freshSlot(e);
  e.instrs.push(set(end));
  landing(at, (leave) => {
    whenIs(at, end, 0, () => {
      e.instrs.push(push(0));
      leave();
    });
    e.instrs.push(local(end), ...dropOf(at, key));
  });
}

function compileStream(at: At, expr: Builtin, one: One): void {
  const { e } = at;
  switch (expr.name) {
    case "stream.new":
      compileNew(at, "isyswasfa:io/pipe.make-pipe");
      return;
    case "stream.read":
      compileRead(at, expr, one);
      return;
    case "stream.write":
      compileWrite(at, expr, one);
      return;
    default: {
      for (const arg of expr.args) one(e, arg);
      const end = expr.name === "stream.drop-readable" ? "input-stream" : "output-stream";
      e.instrs.push(...dropOf(at, `${streams}.${end}`));
    }
  }
}

/** A built-in of streams and futures of a body that is split; false: it is none of those. */
export function compileSplitCopy(e: Emitter, expr: Builtin, one: One): boolean {
  const { names, component } = e.scope;
  if (names.split === null || e.stackless !== true) return false;
  const at = { e, split: names.split };
  if (expr.name.startsWith("stream.")) compileStream(at, expr, one);
  else if (expr.name.startsWith("future.")) {
    const t = expr.t === null ? ({ tag: "u8" } as const) : resolveElement(names, expr.t, component);
    compileFuture(at, expr, t, one);
  } else return false;
  return true;
}
