// Random producers and consumers of one stream of bytes, perhaps with a forwarder between them.

import fc from "fast-check";
import type { Block, Component, ExportDecl, Scenario, Stmt } from "../../../src/scenario/ast.ts";
import type { Expr } from "../../../src/scenario/ast-exprs.ts";
import { assign, bind, builtin, call, int, log, name, pos, stmt, when } from "./programs.ts";

/** One read or write, and what is done when it is BLOCKED. */
export interface Copy {
  readonly size: number;
  readonly async: boolean;
  readonly next: "wait" | "cancel" | "cancel async";
  /** lets others run first */
  readonly pause: boolean;
}

export interface Pipe {
  readonly writes: readonly Copy[];
  readonly reads: readonly Copy[];
  readonly forward: "no" | "before" | "later";
  readonly dropsWriter: boolean;
  readonly dropsReader: boolean;
}

const anyCopy: fc.Arbitrary<Copy> = fc.record({
  size: fc.nat(4),
  async: fc.boolean(),
  next: fc.constantFrom("wait", "cancel", "cancel async"),
  pause: fc.boolean(),
});

export const anyPipe: fc.Arbitrary<Pipe> = fc.record({
  writes: fc.array(anyCopy, { minLength: 1, maxLength: 5 }),
  reads: fc.array(anyCopy, { minLength: 1, maxLength: 5 }),
  forward: fc.constantFrom("no", "before", "later"),
  dropsWriter: fc.boolean(),
  dropsReader: fc.boolean(),
});

const letters = "abcdefghijklmnopqrstuvwxyz";

/** What each write offers: no byte twice. */
export function chunks({ writes }: Pipe): readonly string[] {
  let at = 0;
  return writes.map(({ size }) => {
    at += size;
    return letters.slice(at - size, at);
  });
}

const line = (label: string, value: Expr): Stmt =>
  log({ tag: "text", parts: [`${label} `, value, ""], pos });

const text = (s: string): Expr => ({ tag: "text", parts: [s], pos });

/** A copy on `end`, whose last result is logged in the end. */
function copy(i: number, end: string, what: Copy, start: Expr, names: readonly string[]): Stmt[] {
  const side = end === "w" ? "write" : "read";
  const result = names[0] ?? "";
  const blocked: Expr = {
    tag: "binary",
    op: "==",
    left: name(result),
    right: { tag: "constant", name: "BLOCKED", pos },
    pos,
  };
  const cancel = builtin(`stream.cancel-${side}`, [name(end)], { async: what.next !== "cancel" });
  const waiting: Block = [
    bind([`s${i}`], builtin("waitable-set.new")),
    stmt(builtin("waitable.join", [name(end), name(`s${i}`)])),
    bind([`e${i}`, `i${i}`, `p${i}`], builtin("waitable-set.wait", [name(`s${i}`)])),
    assign(result, name(`p${i}`)),
    stmt(builtin("waitable.join", [name(end), int(0)])),
  ];
  return [
    ...(what.pause ? [stmt(builtin("thread.yield"))] : []),
    bind(names, start),
    when(blocked, what.next === "wait" ? waiting : [assign(result, cancel)]),
    line(side, name(result)),
  ];
}

function writer(pipe: Pipe): Block {
  const all = chunks(pipe);
  const writes = pipe.writes.flatMap((w, i) => {
    const start = builtin("stream.write", [name("w"), text(all[i] ?? "")], { async: w.async });
    return copy(i, "w", w, start, [`n${i}`]);
  });
  const drop = stmt(builtin("stream.drop-writable", [name("w")]));
  return [...writes, ...(pipe.dropsWriter ? [drop] : [])];
}

function reader(pipe: Pipe): Block {
  const reads = pipe.reads.flatMap((r, i) => {
    const start = builtin("stream.read", [name("r"), int(r.size)], { async: r.async });
    const data: Expr = { tag: "list-at", ptr: name(`d${i}`), length: int(r.size), pos };
    return [...copy(i, "r", r, start, [`n${i}`, `d${i}`]), line("data", data)];
  });
  const drop = stmt(builtin("stream.drop-readable", [name("r")]));
  return [...reads, ...(pipe.dropsReader ? [drop] : [])];
}

function taking(n: string, body: Block): ExportDecl {
  return {
    tag: "export",
    name: n,
    sig: {
      async: true,
      params: [{ name: "r", t: { tag: "stream", t: { tag: "prim", name: "u8", pos }, pos } }],
      result: null,
    },
    mode: "stackful",
    body: [stmt(builtin("task.return")), ...body],
    onEvent: null,
    postReturn: null,
    pos,
  };
}

function component(
  n: string,
  imports: readonly string[],
  exports: readonly ExportDecl[],
): Component {
  return {
    name: n,
    memory: { bytes: 4096, address: "i32" },
    encoding: "utf8",
    vars: [],
    resources: [],
    imports: imports.map((i) => ({ name: i, pos })),
    exports,
    funcs: [],
    realloc: null,
    children: [],
    pos,
  };
}

/** Passes the bytes on through a stream of its own, which is joined with the first one in the end. */
function forwarder({ forward }: Pipe): Block {
  const pass = stmt(builtin("stream.forward", [name("r"), name("w")]));
  const give = stmt(call(["Reader", "take"], [name("r2")], true));
  const pause = stmt(builtin("thread.yield"));
  const start = bind(["r2", "w"], builtin("stream.new"));
  return forward === "before" ? [start, pass, give] : [start, give, pause, pause, pass];
}

/** A scenario whose log says what was written, what was read, and the bytes. */
export function pipeScenario(pipe: Pipe): Scenario {
  const target = pipe.forward === "no" ? "Reader" : "Middle";
  const run: ExportDecl = {
    ...taking("run", []),
    sig: { async: true, params: [], result: null },
    body: [
      bind(["r", "w"], builtin("stream.new")),
      bind(["state", "call"], call([target, "take"], [name("r")], true)),
      stmt(builtin("task.return")),
      ...writer(pipe),
    ],
  };
  return {
    title: "a pipe",
    id: null,
    types: [],
    components: [
      component("Writer", [target], [run]),
      component("Reader", [], [taking("take", reader(pipe))]),
      ...(pipe.forward === "no"
        ? []
        : [component("Middle", ["Reader"], [taking("take", forwarder(pipe))])]),
    ],
    host: null,
    runs: [{ name: "run", func: { path: ["Writer", "run"], pos }, args: [], pos }],
    wasi: null,
    symmetric: [],
    expects: [],
    only: null,
    checks: [],
    pos,
  };
}

/** What one program does, alone, with both ends of a stream of bytes. */
export interface Move {
  readonly end: "r" | "w";
  readonly does: "copy" | "cancel" | "poll" | "drop";
  readonly size: number;
}

export const anyMove: fc.Arbitrary<Move> = fc.record({
  end: fc.constantFrom("r", "w"),
  does: fc.constantFrom("copy", "copy", "copy", "cancel", "poll", "poll", "drop"),
  size: fc.constantFrom(0, 0, 1, 2, 3),
});

function moveStmts({ end, does, size }: Move, i: number): readonly Stmt[] {
  const side = end === "r" ? "read" : "write";
  const set = name(`s-${end}`);
  if (does === "drop") {
    const verb = end === "r" ? "stream.drop-readable" : "stream.drop-writable";
    return [stmt(builtin(verb, [name(end)]))];
  }
  if (does === "cancel") {
    return [log(builtin(`stream.cancel-${side}`, [name(end)], { async: true }))];
  }
  if (does === "copy") {
    const what = end === "r" ? int(size) : text(letters.slice(0, size));
    return [log(builtin(`stream.${side}`, [name(end), what], { async: true }))];
  }
  const poll = builtin("waitable-set.poll", [set]);
  return [bind([`e${i}`, `i${i}`, `p${i}`], poll), log(name(`p${i}`))];
}

/** A scenario that makes these moves in a row; each but a drop logs one result. */
export function moveScenario(moves: readonly Move[]): Scenario {
  const base = pipeScenario({
    writes: [],
    reads: [],
    forward: "no",
    dropsWriter: false,
    dropsReader: false,
  });
  const sets = ["r", "w"].flatMap((end) => [
    bind([`s-${end}`], builtin("waitable-set.new")),
    stmt(builtin("waitable.join", [name(end), name(`s-${end}`)])),
  ]);
  const body = [
    bind(["r", "w"], builtin("stream.new")),
    ...sets,
    ...moves.flatMap(moveStmts),
    stmt(builtin("task.return")),
  ];
  const run = { ...taking("run", []), sig: { async: true, params: [], result: null }, body };
  return { ...base, components: [component("Writer", [], [run])] };
}
