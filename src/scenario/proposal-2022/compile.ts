// Compiles what is of June 2022: its built-ins, its calls, and what a lift adds around a body. Mirrors spec/12.

import { elemSize } from "../../canon/values/layout.ts";
import type { RuleName2022 } from "../../history/proposal-2022/rules.ts";
import type { ValType } from "../../model/types.ts";
import type { Stmt } from "../ast.ts";
import type { Expr } from "../ast-exprs.ts";
import type { TypeExpr } from "../ast-types.ts";
import type { Instr } from "../code.ts";
import { type Emitter, freshSlot, type Scope } from "../emitter.ts";
import { funcNamed } from "../resolve.ts";
import { resolveType } from "../resolve-types.ts";
import { endType, is2022, isHandle, type Resolve, shapeOf, signatureOf } from "./types.ts";

type Of<T extends Expr["tag"]> = Extract<Expr, { tag: T }>;

/** Compiles an expression to one value: `compile-exprs.ts` does. */
type One = (e: Emitter, expr: Expr) => void;

/** Whether a body is one of June 2022. */
export function in2022({ names }: Scope): boolean {
  return is2022(names.scenario);
}

function resolverOf({ names, component }: Scope): Resolve {
  return (t) => resolveType(names, t, component);
}

function rule(name: RuleName2022, n: number): Instr {
  return { op: "rule-2022", name, n };
}

/** `canon.listen s ptr`, .. */
export function compileCanon(e: Emitter, expr: Of<"canon">, one: One): void {
  const { name, t, call, args } = expr;
  if (call?.tag === "call") {
    compileCall2022(e, call, one, args);
    return;
  }
  for (const arg of args) one(e, arg);
  const shape = t === null ? {} : { shape: shapeOf(resolverOf(e.scope), t) };
  e.instrs.push({
    ...rule(name.slice("canon.".length) as RuleName2022, args.length),
    ...shape,
  } as Instr);
}

/** A call of an import: by a guest `lower`, by the host `invoke`, which gives the value. */
export function compileCall2022(
  e: Emitter,
  expr: Of<"call">,
  one: One,
  out: readonly Expr[] = [],
): void {
  const { names, component } = e.scope;
  const target = funcNamed(names, expr.name, component);
  if (target === null) throw new Error(`unresolved function ${expr.name.path.join(".")}`);
  const components = names.placed.map((p) => p.component);
  const { params, result } = signatureOf(names.scenario, components, expr.name);
  const operands = [...expr.args, ...out];
  for (const operand of operands) one(e, operand);
  const resolve = resolverOf(e.scope);
  e.instrs.push({
    op: "rule-2022",
    name: component === null ? "invoke" : "lower",
    n: operands.length,
    shape: shapeOf(resolve, result),
    call: {
      func: target.id,
      params: target.ft.params.slice(0, -1).map((p) => p.t),
      handles: params.flatMap(({ t }, i) => (isHandle(t) ? [i] : [])),
      out: out.length as 0 | 1 | 2,
    },
    value: endType(resolve, result),
  });
}

function touch(e: Emitter, slot: number, t: ValType, stores: boolean): void {
  const size = elemSize(t, "i32");
  e.instrs.push(
    { op: "local", slot },
    { op: "push", value: size },
    { op: "push", value: stores ? 1 : 0 },
    rule("guard", 3),
    { op: "pop" },
    { op: "local", slot },
  );
}

/** `load T P` and `store T P V`: whoever touches a buffer that is lent is caught before it does. */
export function compileTouch(
  e: Emitter,
  touched: { readonly t: TypeExpr; readonly ptr: Expr; readonly value: Expr | null },
  one: One,
): void {
  const { scope, instrs } = e;
  const t = resolveType(scope.names, touched.t, scope.component);
  const slot = freshSlot(e);
  one(e, touched.ptr);
  instrs.push({ op: "set-local", slot });
  if (touched.value === null) {
    touch(e, slot, t, false);
    instrs.push({ op: "load", t });
    return;
  }
  const kept = freshSlot(e);
  one(e, touched.value);
  instrs.push({ op: "set-local", slot: kept });
  touch(e, slot, t, true);
  instrs.push({ op: "local", slot: kept }, { op: "store", t });
}

/** What stands before a body: the stack begins. `slot` holds the index of its task. */
export function compileEnter(e: Emitter, slot: number, callback: boolean): void {
  e.instrs.push({ op: "local", slot }, { op: "push", value: callback ? 1 : 0 }, rule("enter", 2), {
    op: "pop",
  });
}

/** What stands after it: the stack is over. */
export function compileExit(e: Emitter): void {
  e.instrs.push(rule("exit", 0), { op: "pop" }, { op: "return", value: false });
}

/** What a callback body says when it is done; a closure is no negative number. */
const isDone = -1;

/** How a callback body returns: `exit`, or `wait CLOSURE`. */
export function compileTurn(e: Emitter, stmt: Stmt & { tag: "exit" | "wait" }, one: One): void {
  if (stmt.tag === "wait") one(e, stmt.set);
  else e.instrs.push({ op: "push", value: isDone });
  e.instrs.push({ op: "return", value: true });
}

/** The loop of a callback lift: `start` and `event` are core functions; the parameters are the first locals. */
export function compileLoop2022(e: Emitter, start: number, event: number, params: number): void {
  const { instrs } = e;
  const task = params - 1;
  const [closure, code, v1, v2] = [freshSlot(e), freshSlot(e), freshSlot(e), freshSlot(e)];
  compileEnter(e, task, true);
  for (let slot = 0; slot < params; slot++) instrs.push({ op: "local", slot });
  instrs.push({ op: "core-call", code: start, n: params }, { op: "set-local", slot: closure });
  const again = instrs.length;
  instrs.push(
    { op: "local", slot: closure },
    { op: "push", value: isDone },
    { op: "binary", by: "!=" },
  );
  const leave = instrs.push({ op: "jump-unless", to: -1 }) - 1;
  instrs.push(
    { op: "push", value: 1 },
    rule("wait", 1),
    { op: "destructure", slots: [code, v1, v2] },
    ...[task, code, v1, v2, closure].map((slot): Instr => ({ op: "local", slot })),
    { op: "core-call", code: event, n: 5 },
    { op: "set-local", slot: closure },
    { op: "jump", to: again },
  );
  instrs[leave] = { op: "jump-unless", to: instrs.length };
  compileExit(e);
}

/** `return V` of a host function: it offers the value, and is over when that was received. */
export function compileHostReturn(e: Emitter, value: Expr | null, one: One): void {
  const { hostResult } = e.scope;
  if (value !== null) one(e, value);
  const n = value === null ? 0 : 1;
  e.instrs.push({ op: "rule-2022", name: "host-return", n, value: hostResult }, { op: "pop" });
  compileExit(e);
}
