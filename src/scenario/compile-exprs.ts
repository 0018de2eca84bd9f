// Compiles expressions: operands on the stack, calls with their imports.

import type { BuiltinName, CoreImport } from "../model/program.ts";
import type { ValType } from "../model/types.ts";
import type { Expr } from "./ast-exprs.ts";
import type { Instr } from "./code.ts";
import { compileAwaiting, compileBlocking } from "./compile-stackless.ts";
import { compileSplitCopy } from "./compile-streams.ts";
import { constants } from "./constants.ts";
import { type Emitter, slotOf } from "./emitter.ts";
import { compileCall2022, compileCanon, compileTouch, in2022 } from "./proposal-2022/compile.ts";
import { funcNamed } from "./resolve.ts";
import { resolveElement, resolveType, resourceOf } from "./resolve-types.ts";
import { narrow } from "./script-values.ts";

/** Operations with several results; where one value is wanted, the first counts. */
const several: ReadonlySet<Expr["tag"]> = new Set(["call", "canon", "builtin", "await"]);

/** Compiles an expression to one value. */
export function compileOne(e: Emitter, expr: Expr): void {
  compileExpr(e, expr);
  if (several.has(expr.tag)) e.instrs.push({ op: "first" });
}

function all(e: Emitter, exprs: readonly Expr[]): void {
  for (const expr of exprs) compileOne(e, expr);
}

/** Compiles an expression; a call may leave several results, for `let` to take apart. */
export function compileExpr(e: Emitter, expr: Expr): void {
  const { instrs } = e;
  switch (expr.tag) {
    case "int":
      instrs.push({ op: "push", value: narrow(expr.value) });
      return;
    case "float":
    case "bool":
    case "char":
      instrs.push({ op: "push", value: expr.value });
      return;
    case "constant": {
      const { kind, value } = constants[expr.name];
      instrs.push({ op: "push", value: { tag: "named", kind, n: value } });
      return;
    }
    case "flags":
      instrs.push({ op: "push", value: { tag: "flags", labels: expr.labels } });
      return;
    case "name":
      instrs.push(nameInstr(e, expr.name));
      return;
    case "text":
      compileText(e, expr);
      return;
    default:
      compileCompound(e, expr);
  }
}

function nameInstr(e: Emitter, name: string): Instr {
  const slot = slotOf(e, name);
  if (slot !== null) return { op: "local", slot };
  const func = tableIndex(e, name);
  if (func !== null && !e.scope.vars.has(name)) return { op: "push", value: func };
  if (e.scope.vars.has(name)) return { op: "var", name };
  return { op: "push", value: { tag: "case", label: name, value: null } };
}

function compileText(e: Emitter, expr: Expr & { tag: "text" }): void {
  const parts = expr.parts.map((part) => {
    if (typeof part === "string") return part;
    compileOne(e, part);
    return null;
  });
  e.instrs.push({ op: "text", parts });
}

function compileCompound(e: Emitter, expr: Expr): void {
  const { instrs } = e;
  switch (expr.tag) {
    case "list":
    case "tuple":
      all(e, expr.items);
      instrs.push({ op: "list", n: expr.items.length });
      return;
    case "record":
      all(
        e,
        expr.fields.map((f) => f.value),
      );
      instrs.push({ op: "record", labels: expr.fields.map((f) => f.label) });
      return;
    case "case":
      if (expr.value !== null) compileOne(e, expr.value);
      instrs.push({ op: "case", label: expr.label, payload: expr.value !== null });
      return;
    case "packed":
      all(e, [expr.result, expr.progress]);
      instrs.push({ op: "packed" });
      return;
    case "list-at":
      all(e, [expr.ptr, expr.length]);
      instrs.push({ op: "list-at" });
      return;
    case "index":
      all(e, [expr.value, expr.index]);
      instrs.push({ op: "index" });
      return;
    case "alloc":
      all(e, [expr.size, expr.align]);
      instrs.push({ op: "alloc" });
      return;
    default:
      compileOperation(e, expr);
  }
}

function compileOperation(e: Emitter, expr: Expr): void {
  const { instrs, scope } = e;
  switch (expr.tag) {
    case "unary":
      compileOne(e, expr.value);
      instrs.push({ op: expr.op === "not" ? "not" : "negate" });
      return;
    case "binary":
      all(e, [expr.left, expr.right]);
      instrs.push({ op: "binary", by: expr.op });
      return;
    case "field":
      compileOne(e, expr.value);
      instrs.push({ op: "field", label: expr.label });
      return;
    case "canon":
      compileCanon(e, expr, compileOne);
      return;
    case "load":
      if (in2022(scope)) {
        compileTouch(e, { t: expr.t, ptr: expr.ptr, value: null }, compileOne);
        return;
      }
      compileOne(e, expr.ptr);
      instrs.push({ op: "load", t: resolveType(scope.names, expr.t, scope.component) });
      return;
    case "start":
    case "await":
    case "first":
      compileAwaiting(e, expr, compileOne, compileExpr);
      return;
    case "call":
      compileCall(e, expr);
      return;
    case "builtin":
      compileBuiltin(e, expr);
      return;
    case "stack":
      compileStack(e, expr);
      return;
    default:
      throw new Error(`no such expression: ${expr.tag}`);
  }
}

function compileCall(e: Emitter, expr: Expr & { tag: "call" }): void {
  const { scope, instrs } = e;
  if (e.stackless === true && compileBlocking(e, expr, compileOne)) return;
  const { path } = expr.name;
  if (in2022(scope) && path.length > 1) {
    compileCall2022(e, expr, compileOne);
    return;
  }
  all(e, expr.args);
  const n = expr.args.length;
  const core = path.length === 1 ? scope.coreFuncs.get(path[0] ?? "") : undefined;
  if (core !== undefined) {
    instrs.push({ op: "core-call", code: core, n });
    return;
  }
  const target = funcNamed(scope.names, expr.name, scope.component);
  if (target === null) {
    if (path.length > 1) throw new Error(`unresolved function ${path.join(".")}`);
    instrs.push({ op: "case", label: path[0] ?? "", payload: true });
    return;
  }
  const { id: func, ft } = target;
  if (scope.component === null) instrs.push({ op: "host-call", func, ft, n, async: expr.async });
  else {
    const opts = { ...scope.opts, async: expr.async };
    instrs.push({ op: "lowered", import: { tag: "lower", func, opts }, ft, n, async: expr.async });
  }
}

/** The number first, then the arguments of the call. */
function compileStack(e: Emitter, expr: Expr & { tag: "stack" }): void {
  const { scope, instrs } = e;
  const call = expr.call?.tag === "call" ? expr.call : null;
  const operands = [...(expr.number === null ? [] : [expr.number]), ...(call?.args ?? [])];
  all(e, operands);
  const target = call === null ? null : funcNamed(scope.names, call.name, scope.component);
  const { id: func = null, ft = null } = target ?? {};
  instrs.push({ op: "stack", verb: expr.verb, func, ft, n: operands.length });
}

const byte: ValType = { tag: "u8" };

/** The type immediate: of streams and futures u8 unless written, of `task.return` the task's own. */
function elementOf(e: Emitter, expr: Expr & { tag: "builtin" }): ValType | null {
  const { names, component } = e.scope;
  if (expr.name.startsWith("resource.")) return null;
  if (expr.t !== null) return resolveElement(names, expr.t, component);
  return expr.name.startsWith("stream.") || expr.name.startsWith("future.") ? byte : null;
}

function compileBuiltin(e: Emitter, expr: Expr & { tag: "builtin" }): void {
  if (compileSplitCopy(e, expr, compileOne)) return;
  const { scope, instrs } = e;
  const operands = expr.at === null ? expr.args : [...expr.args, expr.at];
  for (const [i, operand] of operands.entries()) compileOperand(e, expr.name, i, operand);
  const t = elementOf(e, expr);
  const n = operands.length;
  if (scope.component === null) {
    const type = expr.name === "task.return" ? scope.hostResult : t;
    instrs.push({ op: "host-builtin", name: expr.name, t: type, n, async: expr.async });
    return;
  }
  const imported = importOf(e, expr, t);
  const inferred = expr.name === "task.return" && expr.t === null;
  const at = expr.at !== null;
  instrs.push({ op: "builtin", name: expr.name, import: imported, n, at, inferred });
}

/** The function of `thread.new-indirect` is an index of the component's table. */
function compileOperand(e: Emitter, name: BuiltinName, i: number, operand: Expr): void {
  const func =
    name === "thread.new-indirect" && i === 0 && operand.tag === "name"
      ? tableIndex(e, operand.name)
      : null;
  if (func === null) compileOne(e, operand);
  else e.instrs.push({ op: "push", value: func });
}

function tableIndex(e: Emitter, name: string): number | null {
  const i = e.scope.component?.funcs.findIndex((f) => f.name === name) ?? -1;
  return i === -1 ? null : i;
}

function importOf(e: Emitter, expr: Expr & { tag: "builtin" }, t: ValType | null): CoreImport {
  const { scope } = e;
  const named = expr.t?.tag === "named" ? expr.t.name : null;
  const rt = named === null ? null : resourceOf(scope.names, named, scope.component);
  return {
    tag: "builtin",
    name: expr.name,
    t,
    rt: expr.name.startsWith("resource.") ? rt : null,
    opts: { ...scope.opts, async: expr.async },
    cancellable: expr.cancellable,
    table: expr.name === "thread.new-indirect" ? scope.table : [],
  };
}
