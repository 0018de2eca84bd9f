// Compiles the bodies of a scenario to `Code`: statements here, expressions in `compile-exprs.ts`.

import type { ValType } from "../model/types.ts";
import type { Block, Stmt } from "./ast.ts";
import type { Code, Finish, Instr } from "./code.ts";
import { compileExpr, compileOne } from "./compile-exprs.ts";
import { compileStackless } from "./compile-stackless.ts";
import { declare, type Emitter, freshSlot, type Scope, slotOf } from "./emitter.ts";
import { compileHostReturn, compileTouch, compileTurn, in2022 } from "./proposal-2022/compile.ts";
import { resolveType } from "./resolve-types.ts";

export interface Body {
  readonly name: string;
  readonly params: readonly string[];
  readonly types: readonly ValType[] | null;
  readonly result: ValType | null;
  readonly finish: Finish;
  readonly block: Block;
}

export function compileBody(scope: Scope, body: Body): Code {
  const stackless = body.finish === "stackless";
  const blocks = [new Map<string, number>()];
  const e: Emitter = { scope, instrs: [], blocks, locals: 0, breaks: [], stackless };
  for (const name of body.params) declare(e, name);
  compileBlock(e, body.block);
  e.instrs.push(
    body.finish === "callback" ? { op: "turn", code: 0 } : { op: "return", value: false },
  );
  return {
    name: body.name,
    params: body.types,
    arity: body.params.length,
    locals: e.locals,
    result: body.result,
    event: false,
    finish: body.finish,
    opts: scope.opts,
    instrs: e.instrs,
  };
}

export function compileBlock(e: Emitter, block: Block): void {
  e.blocks.push(new Map());
  for (const stmt of block) compileStmt(e, stmt);
  e.blocks.pop();
}

function compileStmt(e: Emitter, stmt: Stmt): void {
  switch (stmt.tag) {
    case "let":
      compileLet(e, stmt);
      return;
    case "assign":
      compileOne(e, stmt.value);
      e.instrs.push(assignTo(e, stmt.name));
      return;
    case "keep":
      e.instrs.push(readLocal(e, stmt.name), { op: "set-var", name: stmt.name });
      return;
    case "expr":
      compileExpr(e, stmt.value);
      e.instrs.push({ op: "pop" });
      return;
    case "log":
      compileOne(e, stmt.value);
      e.instrs.push({ op: "log" });
      return;
    case "store":
      if (in2022(e.scope)) {
        compileTouch(e, stmt, compileOne);
        return;
      }
      compileOne(e, stmt.ptr);
      compileOne(e, stmt.value);
      e.instrs.push({
        op: "store",
        t: resolveType(e.scope.names, stmt.t, e.scope.component),
      });
      return;
    default:
      compileControl(e, stmt);
  }
}

function readLocal(e: Emitter, name: string): Instr {
  const slot = slotOf(e, name);
  return slot === null ? { op: "var", name } : { op: "local", slot };
}

function compileLet(e: Emitter, stmt: Stmt & { tag: "let" }): void {
  const { names, value } = stmt;
  const [first = ""] = names;
  if (names.length === 1) {
    compileOne(e, value);
    e.instrs.push({ op: "set-local", slot: declare(e, first) });
    return;
  }
  compileExpr(e, value);
  e.instrs.push({ op: "destructure", slots: names.map((name) => declare(e, name)) });
}

function assignTo(e: Emitter, name: string): Instr {
  const slot = slotOf(e, name);
  return slot === null ? { op: "set-var", name } : { op: "set-local", slot };
}

function compileControl(e: Emitter, stmt: Stmt): void {
  switch (stmt.tag) {
    case "if":
      compileIf(e, stmt);
      return;
    case "repeat":
      compileRepeat(e, stmt);
      return;
    case "while":
      compileLoop(e, () => compileOne(e, stmt.condition), stmt.body);
      return;
    case "choose":
      compileChoose(e, stmt.options);
      return;
    case "give-up":
    case "spawn":
      compileStackless(e, stmt, compileOne, compileBlock);
      return;
    case "break":
      e.breaks[e.breaks.length - 1]?.push(e.instrs.length);
      e.instrs.push({ op: "jump", to: -1 });
      return;
    default:
      compileEnd(e, stmt);
  }
}

/** Emits a jump to be patched; gives its index. */
function jump(e: Emitter, op: "jump" | "jump-unless"): number {
  e.instrs.push({ op, to: -1 });
  return e.instrs.length - 1;
}

function land(e: Emitter, at: number): void {
  const instr = e.instrs[at];
  if (instr?.op !== "jump" && instr?.op !== "jump-unless") throw new Error(`no jump at ${at}`);
  e.instrs[at] = { op: instr.op, to: e.instrs.length };
}

function compileIf(e: Emitter, stmt: Stmt & { tag: "if" }): void {
  compileOne(e, stmt.condition);
  const skip = jump(e, "jump-unless");
  compileBlock(e, stmt.then);
  if (stmt.otherwise.length === 0) {
    land(e, skip);
    return;
  }
  const done = jump(e, "jump");
  land(e, skip);
  compileBlock(e, stmt.otherwise);
  land(e, done);
}

function compileLoop(e: Emitter, condition: () => void, body: Block, after = (): void => {}): void {
  const start = e.instrs.length;
  condition();
  const out = jump(e, "jump-unless");
  e.breaks.push([]);
  compileBlock(e, body);
  after();
  e.instrs.push({ op: "jump", to: start });
  land(e, out);
  for (const at of e.breaks.pop() ?? []) land(e, at);
}

/** Counts down a hidden local, so that the state says only how many turns are left. */
function compileRepeat(e: Emitter, stmt: Stmt & { tag: "repeat" }): void {
  const slot = freshSlot(e);
  compileOne(e, stmt.count);
  e.instrs.push({ op: "set-local", slot });
  const left = (): void => {
    e.instrs.push({ op: "local", slot }, { op: "push", value: 0 }, { op: "binary", by: ">" });
  };
  compileLoop(e, left, stmt.body, () => {
    e.instrs.push({ op: "local", slot }, { op: "push", value: 1 }, { op: "binary", by: "-" });
    e.instrs.push({ op: "set-local", slot });
  });
}

function compileChoose(e: Emitter, options: readonly Block[]): void {
  const slot = freshSlot(e);
  const names = options.map((_, i) => `option ${i + 1}`);
  e.instrs.push({ op: "choose", options: names }, { op: "set-local", slot });
  const ends: number[] = [];
  for (const [i, block] of options.entries()) {
    e.instrs.push({ op: "local", slot }, { op: "push", value: i }, { op: "binary", by: "==" });
    const next = jump(e, "jump-unless");
    e.instrs.push({ op: "push", value: 0 }, { op: "set-local", slot });
    compileBlock(e, block);
    ends.push(jump(e, "jump"));
    land(e, next);
  }
  for (const at of ends) land(e, at);
}

function compileEnd(e: Emitter, stmt: Stmt): void {
  const of2022 = in2022(e.scope);
  switch (stmt.tag) {
    case "return":
      if (e.scope.leaf === true) {
        compileHostReturn(e, stmt.value, compileOne);
        return;
      }
      if (stmt.value !== null) compileOne(e, stmt.value);
      e.instrs.push({ op: "return", value: stmt.value !== null });
      return;
    case "exit":
      if (of2022) {
        compileTurn(e, stmt, compileOne);
        return;
      }
      e.instrs.push({ op: "turn", code: 0 });
      return;
    case "yield":
      if (e.stackless === true) e.instrs.push({ op: "yield-task" }, { op: "pop" });
      else e.instrs.push({ op: "turn", code: 1 });
      return;
    case "wait":
      if (of2022 && e.scope.component !== null) {
        compileTurn(e, stmt, compileOne);
        return;
      }
      compileOne(e, stmt.set);
      if (e.scope.component === null) e.instrs.push({ op: "host-wait" }, { op: "pop" });
      else e.instrs.push({ op: "turn", code: 2 });
      return;
    case "unreachable":
    case "throw":
      e.instrs.push({ op: "trap", reason: stmt.tag });
      return;
    case "await":
      e.instrs.push({ op: "await", what: stmt.what }, { op: "pop" });
      return;
    default:
      throw new Error(`no such statement: ${stmt.tag}`);
  }
}
