// What stands in an interface: types, resources, functions and uses, and the gates before them.

import { alt_sc, apply, kleft, kmid, kright, opt_sc, rep_sc, seq } from "typescript-parsec";
import type {
  CaseDecl,
  FieldDecl,
  FuncExpr,
  Gate,
  Head,
  InterfaceItem,
  LabelDecl,
  Member,
  Name,
  Renamed,
  TypeDecl,
  UseDecl,
} from "./ast.ts";
import { fault } from "./errors.ts";
import { usePath } from "./grammar-paths.ts";
import {
  asToken,
  braced,
  byToken,
  byWord,
  called,
  isName,
  listOf,
  missing,
  name,
  node,
  type P,
  sign,
  terminal,
  version,
  word,
} from "./grammar-terminals.ts";
import { func, params, resultType, type, typed } from "./grammar-types.ts";
import { readString } from "./strings.ts";

/** An item without what stands before it. */
export type Bare<T> = T extends unknown ? Omit<T, keyof Head> : never;

function argument<T>(key: string, value: P<T>): P<T> {
  return kmid(seq(sign("("), word(key), sign("=")), value, sign(")"));
}

type Meaning<T> = T extends unknown ? Omit<T, "pos"> : never;

function versioned(tag: "since" | "deprecated"): P<Meaning<Gate>> {
  return apply(kright(word(tag), argument("version", version)), (of) => ({ tag, version: of }));
}

const unstable: P<Meaning<Gate>> = apply(
  kright(word("unstable"), argument("feature", name("the name of a feature"))),
  (feature) => ({ tag: "unstable", feature: feature.name }),
);

const gate: P<Gate> = node(
  kright(sign("@"), alt_sc(versioned("since"), unstable, versioned("deprecated"))),
  (found, pos) => ({ ...found, pos }),
);

const externalId: P<string> = kmid(
  seq(sign("@"), word("external-id"), sign("(")),
  apply(
    terminal("a string", (t) => t.kind === "string"),
    (t) => readString(t.text, t.at),
  ),
  sign(")"),
);

/** `p` with the gates and doc comments before it; `what` sums up what could stand there. */
export function gated<T>(what: string, p: P<T>): P<T & Pick<Head, "docs" | "gates">> {
  const gates = apply(rep_sc(gate), (list, [first, next]) => ({
    docs: asToken(first).docs ?? asToken(next).docs,
    gates: list,
  }));
  return called(
    what,
    apply(seq(gates, p), ([head, item]) => ({ ...head, ...item })),
  );
}

/** `p`, perhaps with an `@external-id` before it, if it is an item that `takesOne`. */
export function identified<T>(
  p: P<T>,
  takesOne: (item: T) => boolean,
): P<T & Pick<Head, "externalId">> {
  return node(seq(opt_sc(externalId), p), ([id, item], pos) => {
    if (id !== undefined && !takesOne(item)) {
      fault(pos, "this takes no external id", "one goes with a name that is declared here");
    }
    return { externalId: id ?? null, ...item };
  });
}

/** `p`, which takes no `@external-id`. */
export function plain<T>(p: P<T>): P<T & Pick<Head, "externalId">> {
  return apply(p, (item) => ({ externalId: null, ...item }));
}

export const semicolon: P<unknown> = sign(";");

const field: P<FieldDecl> = node(typed("the name of a field"), (found, _, { docs }) => ({
  docs,
  ...found,
}));

const variantCase: P<CaseDecl> = node(
  seq(name("the name of a case"), opt_sc(kmid(sign("("), type, sign(")")))),
  ([found, t], _, { docs }) => ({ docs, name: found, t: t ?? null }),
);

function label(what: string): P<LabelDecl> {
  return node(name(what), (found, _, { docs }) => ({ docs, name: found }));
}

function declared<T, U>(keyword: string, body: P<T>, make: (name: Name, body: T) => U): P<U> {
  const declaration = kright(word(keyword), seq(name(`the name of the ${keyword}`), body));
  return apply(declaration, ([found, parts]) => make(found, parts));
}

const isStatic = apply(opt_sc(word("static")), (found) => found !== undefined);

const memberFunc: P<Bare<Member>> = apply(
  seq(kleft(name("the name of a function"), sign(":")), isStatic, kleft(func, semicolon)),
  ([found, alone, signature]) => ({
    tag: alone ? "static" : "method",
    name: found,
    func: signature,
  }),
);

const constructorDecl: P<Bare<Member>> = node(
  kmid(word("constructor"), seq(params, resultType), semicolon),
  ([list, result], pos) => ({ tag: "constructor", params: list, result, pos }),
);

const member: P<Member> = gated(
  "a function of the resource",
  identified(
    byToken((t) => (t.text === "constructor" ? constructorDecl : memberFunc)),
    () => true,
  ),
);

const members: P<readonly Member[]> = alt_sc(
  apply(semicolon, () => []),
  braced(member),
);

/** Declarations of types, by their keywords. */
export const typeDecls: Readonly<Record<string, P<Bare<TypeDecl>>>> = {
  type: declared("type", kmid(sign("="), type, semicolon), (found, t) => ({
    tag: "alias",
    name: found,
    t,
  })),
  record: declared("record", listOf("{", field, "}"), (found, fields) => ({
    tag: "record",
    name: found,
    fields,
  })),
  variant: declared("variant", listOf("{", variantCase, "}"), (found, cases) => ({
    tag: "variant",
    name: found,
    cases,
  })),
  enum: declared("enum", listOf("{", label("the name of a case"), "}"), (found, labels) => ({
    tag: "enum",
    name: found,
    labels,
  })),
  flags: declared("flags", listOf("{", label("the name of a flag"), "}"), (found, labels) => ({
    tag: "flags",
    name: found,
    labels,
  })),
  resource: declared("resource", members, (found, list) => ({
    tag: "resource",
    name: found,
    members: list,
  })),
};

/** `a as b`, or `a` alone */
const renamed: P<Renamed> = apply(
  seq(name("the name of a type"), opt_sc(kright(word("as"), name("a name")))),
  ([found, as]) => ({ name: found, as: as ?? null }),
);

/** `use PATH.{a, b as c};` */
export const use: P<Bare<UseDecl>> = apply(
  kmid(
    word("use"),
    seq(usePath("an interface"), kright(sign("."), listOf("{", renamed, "}"))),
    semicolon,
  ),
  ([path, names]) => ({ tag: "use", path, names }),
);

/** `NAME: func(..)`, without what ends it */
export const namedFunc: P<{ readonly name: Name; readonly func: FuncExpr }> = apply(
  seq(kleft(name("the name of a function"), sign(":")), func),
  ([found, signature]) => ({ name: found, func: signature }),
);

const funcDecl = apply(
  kleft(namedFunc, semicolon),
  (found) => ({ tag: "func", ...found }) as const,
);

const interfaceWhat = "an item of an interface";

const interfaceItem = byWord<Bare<InterfaceItem>>(
  { use, ...typeDecls },
  byToken((t) => (isName(t) ? funcDecl : missing(interfaceWhat))),
);

/** `{ .. }` of an interface */
export const interfaceItems: P<readonly InterfaceItem[]> = braced(
  gated(
    interfaceWhat,
    identified(interfaceItem, (item) => item.tag !== "use"),
  ),
);
