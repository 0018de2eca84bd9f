// Types and signatures (WIT.md, "Types" and "Item: interface").

import { alt_sc, apply, kmid, kright, opt_sc, rule, seq } from "typescript-parsec";
import type { PrimTag } from "../model/types.ts";
import type { FuncExpr, Param, Pos, TypeExpr } from "./ast.ts";
import { fault } from "./errors.ts";
import {
  byWord,
  called,
  listOf,
  listOrNone,
  missing,
  name,
  node,
  type P,
  sign,
  terminal,
  word,
} from "./grammar-terminals.ts";
import type { Kind } from "./lexer.ts";
import { keyTypes, prims } from "./words.ts";

type Slot = TypeExpr | null;

const typeRule = rule<Kind, TypeExpr>();

export const type: P<TypeExpr> = called("a type", typeRule);

const hole: P<null> = apply(sign("_"), () => null);

function inAngles<T>(p: P<T>): P<T> {
  return kmid(sign("<"), p, sign(">"));
}

function generic<T>(keyword: string, p: P<T>, make: (t: T, pos: Pos) => TypeExpr): P<TypeExpr> {
  return node(kright(word(keyword), inAngles(p)), make);
}

const greatest = 2 ** 32 - 1;

const length: P<number> = apply(
  terminal("a length", (t) => t.kind === "integer"),
  ({ text, at }) => {
    const value = Number(text);
    if (!text.startsWith("0") && value <= greatest) return value;
    return fault(at, `\`${text}\` is not a length`, `a length is from 1 to ${greatest}`);
  },
);

function prim(tag: PrimTag): P<TypeExpr> {
  return node(word(tag), (_, pos) => ({ tag: "prim", name: tag, pos }));
}

function primTable(tags: readonly PrimTag[]): Readonly<Record<string, P<TypeExpr>>> {
  return Object.fromEntries(tags.map((tag) => [tag, prim(tag)]));
}

const keyType = byWord(primTable(keyTypes), missing("an integer, bool, char or string type"));

const okAndError: P<readonly [Slot, Slot]> = alt_sc(
  apply(seq(hole, sign(","), type), ([, , error]) => [null, error] as const),
  apply(seq(type, opt_sc(kright(sign(","), type))), ([ok, error]) => [ok, error ?? null] as const),
);

const result: P<TypeExpr> = node(
  kright(word("result"), opt_sc(inAngles(okAndError))),
  (both, pos) => ({ tag: "result", ok: both?.[0] ?? null, error: both?.[1] ?? null, pos }),
);

function end(tag: "stream" | "future"): P<TypeExpr> {
  return node(kright(word(tag), opt_sc(inAngles(type))), (t, pos) => ({ tag, t: t ?? null, pos }));
}

function handle(tag: "own" | "borrow"): P<TypeExpr> {
  return generic(tag, name("the name of a resource"), (resource, pos) => ({ tag, resource, pos }));
}

const named: P<TypeExpr> = node(name("a type"), (found, pos) => ({
  tag: "named",
  name: found.name,
  pos,
}));

typeRule.setPattern(
  byWord<TypeExpr>(
    {
      ...primTable(prims),
      list: generic("list", seq(type, opt_sc(kright(sign(","), length))), ([t, size], pos) => ({
        tag: "list",
        t,
        length: size ?? null,
        pos,
      })),
      tuple: node(kright(word("tuple"), listOf("<", type, ">")), (ts, pos) => ({
        tag: "tuple",
        ts,
        pos,
      })),
      option: generic("option", type, (t, pos) => ({ tag: "option", t, pos })),
      map: generic("map", seq(keyType, kright(sign(","), type)), ([k, v], pos) => ({
        tag: "map",
        k,
        v,
        pos,
      })),
      result,
      stream: end("stream"),
      future: end("future"),
      own: handle("own"),
      borrow: handle("borrow"),
    },
    named,
  ),
);

/** `NAME: TYPE` */
export function typed(what: string): P<Param> {
  return apply(seq(name(what), kright(sign(":"), type)), ([found, t]) => ({ name: found, t }));
}

/** `(a: T, ..)` */
export const params: P<readonly Param[]> = listOrNone("(", typed("the name of a parameter"), ")");

/** `-> T`, or nothing */
export const resultType: P<TypeExpr | null> = apply(
  opt_sc(kright(sign("->"), type)),
  (t) => t ?? null,
);

/** `async? func(..) -> T` */
export const func: P<FuncExpr> = apply(
  seq(opt_sc(word("async")), kright(word("func"), params), resultType),
  ([async, list, t]) => ({ async: async !== undefined, params: list, result: t }),
);
