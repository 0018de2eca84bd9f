// The smallest parsers, which remember how far they got, and a few ways to put parsers together.

import {
  apply,
  kmid,
  kright,
  opt_sc,
  type Parser,
  type ParserOutput,
  rep_sc,
  seq,
  type Token,
} from "typescript-parsec";
import type { Name, Pos } from "./ast.ts";
import { fault } from "./errors.ts";
import type { Kind, WitToken } from "./lexer.ts";
import { isVersion, keywords } from "./words.ts";

export type P<T> = Parser<Kind, T>;
type Output<T> = ParserOutput<Kind, T>;

/** The grammar only ever sees tokens that `lexer.ts` made. */
export function asToken(token: Token<Kind> | undefined): WitToken {
  return token as WitToken;
}

const failure: Output<never> = {
  successful: false,
  error: { kind: "Error", pos: undefined, message: "" },
};

/** Fails at `token`, where `what` was expected. */
function fail(token: WitToken, what: string): Output<never> {
  const { run } = token;
  if (token.pos.index > run.furthest.pos.index) {
    run.furthest = token;
    run.expected = [];
  }
  if (token === run.furthest) run.expected.push(what);
  return failure;
}

/** One token that `accepts`; `what` says what it is. */
export function terminal(what: string, accepts: (token: WitToken) => boolean): P<WitToken> {
  return {
    parse(from): Output<WitToken> {
      const token = asToken(from);
      if (token.next === undefined || !accepts(token)) return fail(token, what);
      return {
        candidates: [{ firstToken: token, nextToken: token.next, result: token }],
        successful: true,
        error: undefined,
      };
    },
  };
}

export function sign(text: string): P<WitToken> {
  return terminal(`\`${text}\``, (t) => t.text === text && t.kind === "sign");
}

export function word(text: string): P<WitToken> {
  return terminal(`\`${text}\``, (t) => t.text === text && t.kind === "word");
}

/** Any word that is no keyword, or any word after `%`. */
export function isName({ kind, text }: WitToken): boolean {
  return kind === "word" && !keywords.has(text);
}

/** A name; `what` says what it names. */
export function name(what: string): P<Name> {
  return node(terminal(what, isName), (t, pos) => ({ name: t.text.replace("%", ""), pos }));
}

/** A semantic version. */
export const version: P<string> = apply(
  terminal("a version", (t) => t.kind === "version" || t.kind === "integer"),
  ({ text, at }) => {
    if (isVersion(text)) return text;
    return fault(at, `\`${text}\` is not a version`, "a version has three numbers: 1.0.0");
  },
);

/** `p`, and where it begins. */
export function node<A, B>(p: P<A>, make: (value: A, pos: Pos, first: WitToken) => B): P<B> {
  return apply(p, (value, [first]) => make(value, asToken(first).at, asToken(first)));
}

/** `p`; when it fails at once, all it could have begun with is summed up as `what`. */
export function called<T>(what: string, p: P<T>): P<T> {
  return {
    parse(from): Output<T> {
      const token = asToken(from);
      const { run } = token;
      const kept = run.furthest === token ? run.expected.length : 0;
      const output = p.parse(token);
      if (run.furthest !== token || run.expected.length === kept) return output;
      run.expected.length = kept;
      if (!output.successful || output.candidates[0]?.nextToken === token) fail(token, what);
      return output;
    },
  };
}

/** Chooses by looking at the next token. */
export function byToken<T>(choose: (token: WitToken) => P<T>): P<T> {
  return { parse: (from) => choose(asToken(from)).parse(from) };
}

/** Chooses by the word that comes next. */
export function byWord<T>(table: Readonly<Record<string, P<T>>>, otherwise: P<T>): P<T> {
  const choices = new Map(Object.entries(table));
  return byToken((t) => (t.kind === "word" ? choices.get(t.text) : undefined) ?? otherwise);
}

/** Never succeeds: `what` is expected here. */
export function missing<T>(what: string): P<T> {
  return { parse: (from) => fail(asToken(from), what) };
}

/** `p, p, ..`, at least one, with or without a comma at the end. */
function commas<T>(p: P<T>): P<T[]> {
  const more = rep_sc(kright(sign(","), p));
  return apply(seq(p, more, opt_sc(sign(","))), ([first, rest]) => [first, ...rest]);
}

/** `p, p, ..` between `open` and `close`, at least one. */
export function listOf<T>(open: string, p: P<T>, close: string): P<T[]> {
  return kmid(sign(open), commas(p), sign(close));
}

/** `p, p, ..` or nothing between `open` and `close`. */
export function listOrNone<T>(open: string, p: P<T>, close: string): P<T[]> {
  return apply(kmid(sign(open), opt_sc(commas(p)), sign(close)), (items) => items ?? []);
}

/** Items in braces, each with its own end. */
export function braced<T>(p: P<T>): P<T[]> {
  return kmid(sign("{"), rep_sc(p), sign("}"));
}
