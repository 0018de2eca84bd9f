// Compiles what only stackless bodies have: calls that are started, waits, tasks of their own.

import type { CoreImport } from "../model/program.ts";
import type { Block, Stmt } from "./ast.ts";
import type { Expr } from "./ast-exprs.ts";
import type { Code, Instr, Leaving, Lowered } from "./code.ts";
import type { Emitter } from "./emitter.ts";
import { funcNamed, halvesNamed } from "./resolve.ts";

type One = (e: Emitter, expr: Expr) => void;
type Of<T extends Expr["tag"]> = Extract<Expr, { tag: T }>;

function lowered({ scope }: Emitter, func: ReturnType<typeof funcNamed>, async: boolean): Lowered {
  if (func === null) throw new Error("an unresolved function");
  const call: CoreImport = { tag: "lower", func: func.id, opts: { ...scope.opts, async } };
  return { import: call, ft: func.ft };
}

/** Starts a call; of the split ABI by its first half, if it has two. */
function compileStart(e: Emitter, { name, args }: Of<"call">, one: One): void {
  const { names, component } = e.scope;
  for (const arg of args) one(e, arg);
  const n = args.length;
  const halves = halvesNamed(names, name);
  const func = halves?.start ?? funcNamed(names, name, component);
  const start = lowered(e, func, names.split === null);
  const result = halves === null ? null : lowered(e, halves.result, false);
  e.instrs.push({ op: "start-call", start, result, n });
}

/** A plain call of a split function, which cannot wait; false: it is a call like any other. */
export function compileBlocking(e: Emitter, expr: Of<"call">, one: One): boolean {
  if (halvesNamed(e.scope.names, expr.name) === null) return false;
  compileStart(e, expr, one);
  e.instrs.push({ op: "block-call" });
  return true;
}

/** `await`, `start` or `await first`. */
export function compileAwaiting(
  e: Emitter,
  expr: Of<"await" | "start" | "first">,
  one: One,
  whole: One,
): void {
  const { instrs } = e;
  if (expr.tag === "first") {
    for (const call of expr.calls) one(e, call);
    instrs.push({ op: "await-first", n: expr.calls.length });
    return;
  }
  const { value } = expr;
  if (value.tag === "builtin" && e.scope.names.split !== null) {
    whole(e, value);
    return;
  }
  if (value.tag === "builtin") {
    whole(e, { ...value, async: true });
    const builtin = instrs.pop();
    if (builtin?.op !== "builtin") throw new Error("a copy is a built-in");
    instrs.push({ op: "await-copy", builtin });
    return;
  }
  if (value.tag === "call") compileStart(e, value, one);
  else one(e, value);
  if (expr.tag === "await") instrs.push({ op: "await-call" });
}

/** `cancel c`, `drop c`, and `spawn`, which goes on twice. */
export function compileStackless(
  e: Emitter,
  stmt: Stmt & { readonly tag: "give-up" | "spawn" },
  one: One,
  block: (e: Emitter, b: Block) => void,
): void {
  const { instrs } = e;
  if (stmt.tag === "give-up") {
    one(e, stmt.call);
    const op: Leaving["op"] = stmt.how === "cancel" ? "cancel-call" : "drop-call";
    instrs.push({ op }, { op: "pop" });
    return;
  }
  instrs.push({ op: "spawn" });
  const at = instrs.length;
  instrs.push({ op: "jump-unless", to: -1 });
  block(e, stmt.body);
  instrs.push({ op: "return", value: false });
  instrs[at] = { op: "jump-unless", to: instrs.length };
}

/** The body of `on cancel`, whose end confirms. */
export function confirming(code: Code): Code {
  const confirm: Instr = { op: "confirm-cancel" };
  return { ...code, instrs: [...code.instrs.slice(0, -1), confirm] };
}
