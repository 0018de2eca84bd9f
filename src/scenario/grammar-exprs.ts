// Operators, built-ins and calls.

import { alt_sc, apply, kright, list_sc, opt_sc, rep_sc, seq, succ } from "typescript-parsec";
import type { BuiltinName } from "../model/program.ts";
import { oneOf } from "../wit/spelling.ts";
import type { BinaryOp, Expr } from "./ast-exprs.ts";
import type { Pos, TypeExpr } from "./ast-types.ts";
import { fault } from "./errors.ts";
import { type BuiltinShape, builtinNames, shapeOf, shapes } from "./grammar-builtins.ts";
import { awaiting, isStart, starting } from "./grammar-stackless.ts";
import { stackVerbs } from "./grammar-stacks.ts";
import {
  byToken,
  called,
  missing,
  node,
  type P,
  sign,
  terminal,
  word,
} from "./grammar-terminals.ts";
import { payloadArgument, resourceArgument, type } from "./grammar-types.ts";
import { atom, call, defineExpr } from "./grammar-values.ts";
import type { ScenarioToken } from "./lexer-layout.ts";
import { builtins2022 } from "./proposal-2022/grammar.ts";

interface Operands {
  readonly args: readonly Expr[];
  readonly at: Expr | null;
}

const at: P<Expr> = kright(word("at"), atom);

function atoms(count: number): P<Operands> {
  let p: P<Expr[]> = succ([]);
  for (let i = 0; i < count; i++) p = apply(seq(p, atom), ([before, last]) => [...before, last]);
  return apply(p, (args) => ({ args, at: null }));
}

/** So many atoms, and perhaps `at PTR`. */
function buffered(count: number): P<Operands> {
  return apply(seq(atoms(count), opt_sc(at)), ([{ args }, ptr]) => ({ args, at: ptr ?? null }));
}

function optional(p: P<Expr>): P<Operands> {
  return apply(opt_sc(p), (value) => ({ args: value === undefined ? [] : [value], at: null }));
}

const futureWrite: P<Operands> = apply(
  seq(
    atom,
    alt_sc(
      apply(at, (ptr): Operands => ({ args: [], at: ptr })),
      optional(atom),
    ),
  ),
  ([w, rest]) => ({ args: [w, ...rest.args], at: rest.at }),
);

function operandsOf(shape: BuiltinShape): P<Operands> {
  switch (shape.operands) {
    case "result":
      return optional(atom);
    case "copy":
      return buffered(2);
    case "buffered":
      return buffered(1);
    case "future-write":
      return futureWrite;
    default:
      return atoms(shape.operands);
  }
}

function typeArgument(shape: BuiltinShape): P<TypeExpr | undefined> {
  if (shape.type === "resource") return resourceArgument;
  return shape.type === "payload" ? opt_sc(payloadArgument) : succ(undefined);
}

function builtin(name: string, shape: BuiltinShape): P<Expr> {
  const suffix: P<unknown> = shape.cancellable ? opt_sc(word("cancellable")) : succ(undefined);
  return node(
    seq(word(name), typeArgument(shape), suffix, operandsOf(shape)),
    ([, t, cancellable, { args, at: ptr }], pos) => ({
      tag: "builtin",
      name: name as BuiltinName,
      async: false,
      cancellable: cancellable !== undefined,
      t: t ?? null,
      args,
      at: ptr,
      pos,
    }),
  );
}

const builtins: ReadonlyMap<string, P<Expr>> = new Map(
  Object.entries(shapes).map(([name, shape]) => [name, builtin(name, shape)]),
);

const asyncNames = builtinNames.filter((name) => shapeOf(name)?.async);

function asyncOperand(token: ScenarioToken): P<Expr> {
  const known = token.kind === "path" ? shapeOf(token.text) : null;
  if (known?.async === false) {
    fault(token.at, `\`${token.text}\` has no async form`, `async can be ${oneOf(asyncNames)}`);
  }
  if (known !== null) return builtins.get(token.text) ?? missing("a built-in");
  return token.kind === "path" ? call : missing("a call or a built-in");
}

function marked(value: Expr, pos: Pos): Expr {
  return value.tag === "call" || value.tag === "builtin" ? { ...value, async: true, pos } : value;
}

const asynchronous: P<Expr> = node(kright(word("async"), byToken(asyncOperand)), marked);

const load: P<Expr> = node(kright(word("load"), seq(type, atom)), ([t, ptr], pos) => ({
  tag: "load",
  t,
  ptr,
  pos,
}));

const alloc: P<Expr> = node(kright(word("alloc"), seq(atom, atom)), ([size, align], pos) => ({
  tag: "alloc",
  size,
  align,
  pos,
}));

const listAt: P<Expr> = node(kright(word("list-at"), seq(atom, atom)), ([ptr, length], pos) => ({
  tag: "list-at",
  ptr,
  length,
  pos,
}));

const prefixed: ReadonlyMap<string, P<Expr>> = new Map([
  ...builtins,
  ["await", awaiting((t) => builtins.get(t.text))],
  ...builtins2022,
  ...stackVerbs,
  ["async", asynchronous],
  ["load", load],
  ["alloc", alloc],
  ["list-at", listAt],
]);

/** More operators than this in one expression are an error, so that no recursion overflows. */
const maxOperators = 32;

export function tooMany(count: number, pos: Pos): void {
  if (count > maxOperators) {
    fault(pos, `more than ${maxOperators} operators in one expression`, "give a part a name");
  }
}

function operatorsIn(e: Expr): number {
  if (e.tag === "unary") return 1 + operatorsIn(e.value);
  return e.tag === "binary" ? 1 + operatorsIn(e.left) + operatorsIn(e.right) : 0;
}

/** `e`, which was put together from `count` operands or signs. */
function bounded(e: Expr, count: number): Expr {
  if (count > 0) tooMany(count, e.pos);
  if (count > 0) tooMany(operatorsIn(e), e.pos);
  return e;
}

function prefix(p: P<ScenarioToken>, op: "not" | "-", of: P<Expr>): P<Expr> {
  return apply(seq(rep_sc(p), of), ([signs, value]) => {
    tooMany(signs.length, value.pos);
    const whole = signs.reduceRight<Expr>(
      (v, t) => ({ tag: "unary", op, value: v, pos: t.at }),
      value,
    );
    return bounded(whole, signs.length);
  });
}

const operand: P<Expr> = prefix(
  sign("-"),
  "-",
  byToken((t) => {
    if (isStart(t)) return starting;
    return (t.kind === "path" ? prefixed.get(t.text) : undefined) ?? atom;
  }),
);

const precedence: Readonly<Record<string, number>> = {
  "==": 1,
  "!=": 1,
  "<": 1,
  "<=": 1,
  ">": 1,
  ">=": 1,
  "+": 2,
  "-": 2,
  "*": 3,
};

const operator: P<ScenarioToken> = called(
  "an operator",
  terminal("an operator", (t) => t.kind === "sign" && precedence[t.text] !== undefined),
);

function binary(left: Expr, op: BinaryOp, right: Expr): Expr {
  return { tag: "binary", op, left, right, pos: left.pos };
}

/** Operator-precedence reduction: applies waiting operators that bind at least as tightly. */
function reduce(values: Expr[], waiting: ScenarioToken[], level: number): void {
  for (let top = waiting.at(-1); top !== undefined; top = waiting.at(-1)) {
    if ((precedence[top.text] ?? 0) < level) return;
    waiting.pop();
    const right = values.pop();
    const left = values.pop();
    if (left === undefined || right === undefined) return;
    values.push(binary(left, top.text as BinaryOp, right));
  }
}

function fold(first: Expr, rest: readonly [ScenarioToken, Expr][]): Expr {
  tooMany(rest.length, first.pos);
  const values = [first];
  const waiting: ScenarioToken[] = [];
  let compared = false;
  for (const [token, value] of rest) {
    const level = precedence[token.text] ?? 0;
    if (level === 1 && compared) {
      fault(token.at, "comparisons do not chain", "join them with `and`: a < b and b < c");
    }
    compared ||= level === 1;
    reduce(values, waiting, level);
    waiting.push(token);
    values.push(value);
  }
  reduce(values, waiting, 0);
  return bounded(values[0] ?? first, rest.length);
}

const arithmetic: P<Expr> = apply(seq(operand, rep_sc(seq(operator, operand))), ([first, rest]) =>
  rest.length === 0 ? first : fold(first, rest),
);

function joined(op: "and" | "or", p: P<Expr>): P<Expr> {
  return apply(list_sc(p, called("an operator", word(op))), (items) => {
    const [first, ...rest] = items as [Expr, ...Expr[]];
    tooMany(rest.length, first.pos);
    return bounded(
      rest.reduce((left, right) => binary(left, op, right), first),
      rest.length,
    );
  });
}

const anything: P<Expr> = joined("or", joined("and", prefix(word("not"), "not", arithmetic)));

defineExpr(anything);

/** Any expression. */
export const expression: P<Expr> = called("a value", anything);
