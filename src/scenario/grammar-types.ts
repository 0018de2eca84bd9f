// WIT types and signatures.

import { alt_sc, apply, kmid, kright, list_sc, opt_sc, rule, seq, succ } from "typescript-parsec";
import type { PrimTag } from "../model/types.ts";
import { prims } from "../wit/words.ts";
import type { Pos, Signature, TypeBody, TypeDecl, TypeExpr } from "./ast-types.ts";
import {
  angle,
  byWord,
  called,
  commaList,
  integer,
  name,
  node,
  type P,
  pathName,
  sign,
  word,
} from "./grammar-terminals.ts";
import type { Kind } from "./lexer.ts";

/** Words that mean something where a type stands; a type of that name is written with `%`. */
export const typeWords: readonly string[] = [
  ...prims,
  ..."list tuple option result map stream future own borrow".split(" "),
  ..."record variant enum flags".split(" "),
];

type Slot = TypeExpr | null;

const typeRule = rule<Kind, TypeExpr>();

export const type: P<TypeExpr> = called("a type", typeRule);

const hole: P<null> = apply(sign("_"), () => null);

function inAngles<T>(p: P<T>): P<T> {
  return kmid(angle("<"), p, angle(">"));
}

function generic<T>(keyword: string, p: P<T>, make: (t: T, pos: Pos) => TypeExpr): P<TypeExpr> {
  return node(seq(word(keyword), inAngles(p)), ([, t], pos) => make(t, pos));
}

const listLength: P<number> = apply(kright(sign(","), integer), Number);

const payloads: P<{ ok: Slot; error: Slot }> = alt_sc(
  apply(inAngles(seq(alt_sc(hole, type), opt_sc(kright(sign(","), type)))), ([ok, error]) => ({
    ok,
    error: error ?? null,
  })),
  succ({ ok: null, error: null }),
);

const result: P<TypeExpr> = node(kright(word("result"), payloads), (slots, pos) => ({
  tag: "result",
  ...slots,
  pos,
}));

function end(tag: "stream" | "future"): P<TypeExpr> {
  const payload = opt_sc(inAngles(seq(alt_sc(hole, type), opt_sc(kright(sign(","), type)))));
  return node(kright(word(tag), payload), (found, pos): TypeExpr => {
    const [t = null, last] = found ?? [];
    return last === undefined ? { tag, t, pos } : { tag, t, end: last, pos };
  });
}

function handle(tag: "own" | "borrow"): P<TypeExpr> {
  return generic(tag, pathName("a resource"), (resource, pos) => ({ tag, resource, pos }));
}

function prim(tag: PrimTag): P<TypeExpr> {
  return node(word(tag), (_, pos) => ({ tag: "prim", name: tag, pos }));
}

const named: P<TypeExpr> = node(pathName("a type"), (path, pos) => ({
  tag: "named",
  name: path,
  pos,
}));

typeRule.setPattern(
  byWord<TypeExpr>(
    {
      ...Object.fromEntries(prims.map((tag) => [tag, prim(tag)])),
      list: generic("list", seq(type, opt_sc(listLength)), ([t, length], pos) => ({
        tag: "list",
        t,
        length: length ?? null,
        pos,
      })),
      tuple: generic("tuple", list_sc(type, sign(",")), (ts, pos) => ({ tag: "tuple", ts, pos })),
      option: generic("option", type, (t, pos) => ({ tag: "option", t, pos })),
      map: generic("map", seq(type, kright(sign(","), type)), ([k, v], pos) => ({
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

/** `<T>` or `<_>` of a built-in. */
export const payloadArgument: P<TypeExpr> = inAngles(
  alt_sc(
    node(sign("_"), (_, pos): TypeExpr => ({ tag: "none", pos })),
    type,
  ),
);

/** `<r>` of `resource.*`. */
export const resourceArgument: P<TypeExpr> = inAngles(
  node(pathName("a resource"), (path, pos): TypeExpr => ({ tag: "named", name: path, pos })),
);

const label: P<string> = name("a label");

const typed: P<{ name: string; t: TypeExpr }> = apply(
  seq(name("a parameter"), kright(sign(":"), type)),
  ([parameter, t]) => ({ name: parameter, t }),
);

/** `[async] func(a: T, ..) [-> T]` */
export const signature: P<Signature> = apply(
  seq(
    opt_sc(word("async")),
    word("func"),
    commaList(sign("("), typed, sign(")")),
    opt_sc(kright(sign("->"), type)),
  ),
  ([async, , params, t]) => ({ async: async !== undefined, params, result: t ?? null }),
);

function body<T>(keyword: string, item: P<T>, make: (items: T[]) => TypeBody): P<TypeBody> {
  return apply(kright(word(keyword), commaList(sign("{"), item, sign("}"))), make);
}

const field = apply(seq(label, kright(sign(":"), type)), ([text, t]) => ({ label: text, t }));

const variantCase = apply(seq(label, opt_sc(kmid(sign("("), type, sign(")")))), ([text, t]) => ({
  label: text,
  t: t ?? null,
}));

const typeBody: P<TypeBody> = called(
  "a type",
  byWord<TypeBody>(
    {
      record: body("record", field, (fields) => ({ tag: "record", fields })),
      variant: body("variant", variantCase, (cases) => ({ tag: "variant", cases })),
      enum: body("enum", label, (labels) => ({ tag: "enum", labels })),
      flags: body("flags", label, (labels) => ({ tag: "flags", labels })),
    },
    apply(type, (t): TypeBody => ({ tag: "alias", t })),
  ),
);

/** `type NAME = ..` */
export const typeDecl: P<TypeDecl> = node(
  seq(word("type"), name("a name for the type"), kright(sign("="), typeBody)),
  ([, text, of], pos) => ({ name: text, body: of, pos }),
);
