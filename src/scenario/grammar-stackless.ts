// What only stackless bodies have: await, start, spawn, cancel and drop.

import { apply, kright, list_sc, opt_sc, seq } from "typescript-parsec";
import type { Block, Stmt } from "./ast.ts";
import type { Expr } from "./ast-exprs.ts";
import { byToken, missing, node, type P, sign, word } from "./grammar-terminals.ts";
import { atom, call } from "./grammar-values.ts";
import type { ScenarioToken } from "./lexer-layout.ts";

const firstOf: P<Expr> = node(
  kright(word("first"), list_sc(atom, sign(","))),
  (calls, pos): Expr => ({ tag: "first", calls, pos }),
);

/** `await OPERAND`, where `operand` is what may be awaited beside a call that was started. */
export function awaiting(operand: (token: ScenarioToken) => P<Expr> | undefined): P<Expr> {
  const what = byToken((t: ScenarioToken): P<Expr> => {
    if (t.text === "first" && t.next?.kind === "path") return firstOf;
    return operand(t) ?? atom;
  });
  return node(
    kright(word("await"), what),
    (value, pos): Expr =>
      value.tag === "first" ? { ...value, pos } : { tag: "await", value, pos },
  );
}

/** `start P.f(1)` */
export const starting: P<Expr> = node(
  kright(
    word("start"),
    byToken((t): P<Expr> => (t.kind === "path" ? call : missing("a call"))),
  ),
  (value: Expr, pos): Expr => ({ tag: "start", value, pos }),
);

/** Whether `start` begins a call; alone it is a name. */
export function isStart({ kind, text, next }: ScenarioToken): boolean {
  return kind === "path" && text === "start" && next?.kind === "path" && next.text.includes(".");
}

/** Whether a line that begins with `await` awaits the value of an expression. */
export function awaitsValue({ next }: ScenarioToken): boolean {
  if (next?.kind !== "path") return false;
  const after = next.next;
  const called = after?.glued === true && after.text === "(";
  return called || next.text.includes(".") || (next.text === "first" && after?.kind === "path");
}

function giveUp(how: "cancel" | "drop"): P<Stmt> {
  return node(
    kright(word(how), atom),
    (value, pos): Stmt => ({
      tag: "give-up",
      how,
      call: value,
      pos,
    }),
  );
}

const cancelStmt = giveUp("cancel");
const dropStmt = giveUp("drop");

/** Statements of stackless bodies; elsewhere their words are names like others. */
export function stacklessStmt(t: ScenarioToken, block: P<Block>): P<Stmt> | null {
  if (t.kind !== "path") return null;
  const { next } = t;
  if (t.text === "spawn" && next?.text === "{") return spawning(block);
  if (next?.kind !== "path") return null;
  if (t.text === "cancel") return cancelStmt;
  return t.text === "drop" ? dropStmt : null;
}

function spawning(block: P<Block>): P<Stmt> {
  return node(kright(word("spawn"), block), (body, pos): Stmt => ({ tag: "spawn", body, pos }));
}

/** `on cancel { .. }` after a stackless body. */
function onCancel(lineEnd: P<unknown>, block: P<Block>): P<Block | undefined> {
  return opt_sc(kright(seq(opt_sc(lineEnd), word("on"), word("cancel")), block));
}

/** A line that awaits a call reads like one that awaits a variable of the host. */
function asStackless(block: Block): Block {
  return block.map(stacklessLine);
}

function stacklessLine(s: Stmt): Stmt {
  switch (s.tag) {
    case "await": {
      const { what, pos } = s;
      if (what.tag !== "variable" || what.equals !== null) return s;
      const value: Expr = { tag: "name", name: what.name, pos };
      return { tag: "expr", value: { tag: "await", value, pos }, pos };
    }
    case "if": {
      const [then, otherwise] = [asStackless(s.then), asStackless(s.otherwise)];
      return { ...s, then, otherwise };
    }
    case "repeat":
    case "while":
    case "spawn":
      return { ...s, body: asStackless(s.body) };
    case "choose":
      return { ...s, options: s.options.map(asStackless) };
    default:
      return s;
  }
}

/** The bodies of a stackless export. */
export function stacklessBody(
  block: P<Block>,
  lineEnd: P<unknown>,
): P<{ readonly body: Block; readonly onCancel?: Block }> {
  return apply(
    kright(word("stackless"), seq(block, onCancel(lineEnd, block))),
    ([body, cancelled]) => ({
      body: asStackless(body),
      ...(cancelled === undefined ? {} : { onCancel: asStackless(cancelled) }),
    }),
  );
}
