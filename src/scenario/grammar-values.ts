// Atoms: literals, names, constants, lists, tuples, records, cases and calls.

import {
  alt_sc,
  apply,
  kmid,
  kright,
  list_sc,
  lrec_sc,
  opt_sc,
  rule,
  seq,
} from "typescript-parsec";
import type { Expr } from "./ast-exprs.ts";
import type { Name, Pos } from "./ast-types.ts";
import type { ConstantName } from "./constants.ts";
import { fault } from "./errors.ts";
import {
  asToken,
  byToken,
  called,
  commaList,
  fail,
  glued,
  integerOf,
  missing,
  name,
  node,
  type P,
  segments,
  sign,
  succeed,
  terminal,
} from "./grammar-terminals.ts";
import { pathKind } from "./grammar-words.ts";
import type { Kind } from "./lexer.ts";
import { readHole, type ScenarioToken } from "./lexer-layout.ts";
import { charOf, pieces } from "./lexer-strings.ts";

const exprRule = rule<Kind, Expr>();

/** Any expression; `grammar-exprs.ts` says what it is. */
const expr: P<Expr> = called("a value", exprRule);

export function defineExpr(p: P<Expr>): void {
  exprRule.setPattern(p);
}

function numberOf(token: ScenarioToken): Expr {
  const { text, at: pos } = token;
  if (/^-?(?:\d+|0x[\da-fA-F]+)$/.test(text)) return { tag: "int", value: integerOf(token), pos };
  if (text === "-inf") return { tag: "float", value: Number.NEGATIVE_INFINITY, pos };
  if (/^-?\d+\./.test(text)) return { tag: "float", value: Number(text), pos };
  return fault(pos, `\`${text}\` is not a number`, "numbers are written 12, -3, 0xff or 1.5");
}

const number: P<Expr> = apply(
  terminal("a number", (t) => t.kind === "number"),
  numberOf,
);

const char: P<Expr> = apply(
  terminal("a character", (t) => t.kind === "char"),
  (t): Expr => ({ tag: "char", value: charOf(t.text, t.at), pos: t.at }),
);

/** A string or template; its holes are parsed from the text of the token. */
const text: P<Expr> = {
  parse(from) {
    const token = asToken(from);
    if (token.kind !== "string" || token.next === undefined) return fail(token, "a string");
    const parts: (string | Expr)[] = [];
    for (const piece of pieces(token.text, token.at)) {
      if (piece.tag === "text") {
        parts.push(piece.text);
        continue;
      }
      const output = expr.parse(readHole(token, piece.source, piece.offset));
      if (!output.successful) return output;
      const [candidate] = output.candidates;
      const rest = asToken(candidate?.nextToken);
      if (candidate === undefined || rest.next !== undefined) return fail(rest, "`}`");
      parts.push(candidate.result);
    }
    return succeed(token, token.next, { tag: "text", parts, pos: token.at });
  },
};

const list: P<Expr> = node(commaList(sign("["), expr, sign("]")), (items, pos) => ({
  tag: "list",
  items,
  pos,
}));

const parenthesized: P<Expr> = node(
  kmid(sign("("), seq(list_sc(expr, sign(",")), opt_sc(sign(","))), sign(")")),
  ([items, comma], pos): Expr => {
    const [first] = items;
    if (first !== undefined && items.length === 1 && comma === undefined) return first;
    return { tag: "tuple", items, pos };
  },
);

const recordField = apply(seq(name("a label"), kright(sign(":"), expr)), ([label, value]) => ({
  label,
  value,
}));

const record: P<Expr> = node(commaList(sign("{"), recordField, sign("}")), (fields, pos) => ({
  tag: "record",
  fields,
  pos,
}));

const flags: P<Expr> = node(commaList(sign("{"), name("a label"), sign("}")), (labels, pos) => ({
  tag: "flags",
  labels,
  pos,
}));

const braces: P<Expr> = byToken((t) => {
  const second = asToken(t.next)?.next;
  return second?.text === ":" ? record : flags;
});

/** `(a, b)` of a call. */
export const callArguments: P<Expr[]> = commaList(glued("("), expr, sign(")"));

const path: P<ScenarioToken> = terminal("a name", (t) => t.kind === "path");

/** `P.f(a)`, `g(1)`; `async` is put in by the grammar of expressions. */
export const call: P<Expr> = node(seq(path, callArguments), ([token, args], pos) => {
  const callee: Name = { path: segments(token.text), pos: token.at };
  return { tag: "call", async: false, name: callee, args, pos };
});

const caseOf: P<Expr> = node(
  seq(path, opt_sc(kmid(glued("("), expr, sign(")")))),
  ([token, value], pos): Expr => {
    return { tag: "case", label: token.text.replace("%", ""), value: value ?? null, pos };
  },
);

function fieldsOf(value: Expr, labels: readonly string[], pos: Pos): Expr {
  return labels.reduce<Expr>((of, label) => ({ tag: "field", value: of, label, pos }), value);
}

const local: P<Expr> = node(path, (token, pos) => {
  const [head = "", ...labels] = segments(token.text);
  return fieldsOf({ tag: "name", name: head, pos }, labels, pos);
});

const constant: P<Expr> = node(path, (token, pos): Expr => {
  return { tag: "constant", name: token.text as ConstantName, pos };
});

const literal: P<Expr> = node(path, ({ text: word }, pos): Expr => {
  if (word === "true" || word === "false") return { tag: "bool", value: word === "true", pos };
  return { tag: "float", value: word === "nan" ? Number.NaN : Number.POSITIVE_INFINITY, pos };
});

function named(token: ScenarioToken): P<Expr> {
  const kind = pathKind(token);
  const calls = token.next?.text === "(" && asToken(token.next).glued;
  if (kind === "literal") return literal;
  if (kind === "constant") return constant;
  if (kind === "case") return caseOf;
  if (kind === "builtin" || kind === "operator") return missing("a value");
  return calls || kind === "function" ? call : local;
}

const simple: P<Expr> = byToken((token) => {
  if (token.kind === "path") return named(token);
  if (token.kind === "number") return number;
  if (token.kind === "string") return text;
  if (token.kind === "char") return char;
  if (token.text === "[") return list;
  if (token.text === "(") return parenthesized;
  return token.text === "{" ? braces : missing("a value");
});

const dotted: P<ScenarioToken> = terminal("`.`", (t) => t.kind === "label" && t.glued);

type Suffix = { readonly index: Expr } | { readonly labels: readonly string[] };

const suffix: P<Suffix> = called(
  "an operator",
  alt_sc(
    apply(kmid(glued("["), expr, sign("]")), (index): Suffix => ({ index })),
    apply(dotted, (t): Suffix => ({ labels: segments(t.text).slice(1) })),
  ),
);

const suffixed: P<Expr> = lrec_sc(simple, suffix, (value: Expr, s: Suffix): Expr => {
  const { pos } = value;
  if ("index" in s) return { tag: "index", value, index: s.index, pos };
  return fieldsOf(value, s.labels, pos);
});

/** What a built-in takes: a value that needs no parentheses. */
export const atom: P<Expr> = called(
  "a value",
  node(
    seq(suffixed, opt_sc(called("an operator", kright(sign("|"), suffixed)))),
    ([result, progress], pos): Expr =>
      progress === undefined ? result : { tag: "packed", result, progress, pos },
  ),
);
