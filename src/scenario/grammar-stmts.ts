// Statements and blocks.

import { alt_sc, apply, kmid, kright, list_sc, opt_sc, rep_sc, rule, seq } from "typescript-parsec";
import type { Block, Stmt } from "./ast.ts";
import { fault } from "./errors.ts";
import { expression } from "./grammar-exprs.ts";
import { awaitsValue, stacklessStmt } from "./grammar-stackless.ts";
import {
  binder,
  braced,
  byToken,
  byWord,
  called,
  integerOf,
  name,
  node,
  type P,
  sign,
  terminal,
  word,
} from "./grammar-terminals.ts";
import { type } from "./grammar-types.ts";
import { atom } from "./grammar-values.ts";
import type { Kind } from "./lexer.ts";

const stmtRule = rule<Kind, Stmt>();

/** `{ .. }` */
export const block: P<Block> = braced(called("a statement", stmtRule));

const letStmt: P<Stmt> = node(
  seq(word("let"), list_sc(binder, sign(",")), kright(sign("="), expression)),
  ([, names, value], pos) => ({ tag: "let", names, value, pos }),
);

const assign: P<Stmt> = node(
  seq(name("a name"), kright(sign("="), expression)),
  ([target, value], pos) => ({ tag: "assign", name: target, value, pos }),
);

const keep: P<Stmt> = node(kright(word("keep"), name("a local")), (local, pos) => ({
  tag: "keep",
  name: local,
  pos,
}));

const exprStmt: P<Stmt> = node(expression, (value, pos) => ({ tag: "expr", value, pos }));

function bare(tag: "break" | "exit" | "yield" | "unreachable" | "throw"): P<Stmt> {
  return node(word(tag), (_, pos) => ({ tag, pos }));
}

const log: P<Stmt> = node(kright(word("log"), expression), (value, pos) => ({
  tag: "log",
  value,
  pos,
}));

const ifRule = rule<Kind, Stmt>();

const otherwise: P<Block> = kright(
  word("else"),
  alt_sc(
    apply(ifRule, (inner): Block => [inner]),
    block,
  ),
);

const maxElse = 32;

/** How many `else if` follow each other. */
function ladder(rungs: Block): number {
  let count = 0;
  let rung = rungs[0];
  for (; rung?.tag === "if"; rung = rung.otherwise[0]) count++;
  return count;
}

ifRule.setPattern(
  node(
    seq(kright(word("if"), expression), block, opt_sc(otherwise)),
    ([condition, then, other = []], pos): Stmt => {
      if (ladder(other) > maxElse) fault(pos, `more than ${maxElse} times \`else if\``);
      return { tag: "if", condition, then, otherwise: other, pos };
    },
  ),
);

const repeat: P<Stmt> = node(
  seq(kright(word("repeat"), expression), block),
  ([count, body], pos) => ({ tag: "repeat", count, body, pos }),
);

const whileStmt: P<Stmt> = node(
  seq(kright(word("while"), expression), block),
  ([condition, body], pos) => ({ tag: "while", condition, body, pos }),
);

const returnStmt: P<Stmt> = node(kright(word("return"), opt_sc(expression)), (value, pos) => ({
  tag: "return",
  value: value ?? null,
  pos,
}));

const wait: P<Stmt> = node(kright(word("wait"), expression), (set, pos) => ({
  tag: "wait",
  set,
  pos,
}));

const store: P<Stmt> = node(
  kright(word("store"), seq(type, atom, expression)),
  ([t, ptr, value], pos) => ({ tag: "store", t, ptr, value, pos }),
);

const choose: P<Stmt> = node(
  seq(kright(word("choose"), block), rep_sc(kright(word("or"), block))),
  ([first, rest], pos) => ({ tag: "choose", options: [first, ...rest], pos }),
);

const wholeNumber: P<number> = apply(
  terminal("a number", (t) => t.kind === "number" && /^-?(?:\d+|0x[\da-fA-F]+)$/.test(t.text)),
  (token) => {
    const value = Number(integerOf(token));
    return Number.isSafeInteger(value) ? value : fault(token.at, "this number is too large");
  },
);

const awaitVariable: P<Stmt> = node(
  seq(
    word("await"),
    name("a variable of the host, `cancel` or `idle`"),
    opt_sc(kright(sign("=="), wholeNumber)),
  ),
  ([, variable, equals], pos) => ({
    tag: "await",
    what: { tag: "variable", name: variable, equals: equals ?? null },
    pos,
  }),
);

function awaitWord(tag: "cancel" | "idle"): P<Stmt> {
  return node(seq(word("await"), word(tag)), (_, pos) => ({ tag: "await", what: { tag }, pos }));
}

const awaitCancel = awaitWord("cancel");
const awaitIdle = awaitWord("idle");

const awaitStmt: P<Stmt> = byToken((t) => {
  if (awaitsValue(t)) return exprStmt;
  if (t.next?.text === "cancel") return awaitCancel;
  return t.next?.text === "idle" ? awaitIdle : awaitVariable;
});

const byKeyword: P<Stmt> = byWord<Stmt>(
  {
    let: letStmt,
    keep,
    log,
    if: ifRule,
    repeat,
    while: whileStmt,
    break: bare("break"),
    return: returnStmt,
    exit: bare("exit"),
    yield: bare("yield"),
    wait,
    unreachable: bare("unreachable"),
    throw: bare("throw"),
    store,
    choose,
    await: awaitStmt,
  },
  exprStmt,
);

stmtRule.setPattern(
  byToken((t) => {
    const assigns = t.kind === "path" && t.next?.text === "=" && !t.text.includes(".");
    return assigns ? assign : (stacklessStmt(t, block) ?? byKeyword);
  }),
);

/** `(a, b)` of a core function. */
export const parameters: P<string[]> = apply(
  kmid(sign("("), opt_sc(list_sc(binder, sign(","))), sign(")")),
  (names) => names ?? [],
);
