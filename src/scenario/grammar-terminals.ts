// The smallest parsers, which remember how far they got, and a few ways to put parsers together.

import {
  alt_sc,
  apply,
  kmid,
  list_sc,
  opt_sc,
  type Parser,
  type ParserOutput,
  type Token,
} from "typescript-parsec";
import type { Name, Pos } from "./ast-types.ts";
import { fault } from "./errors.ts";
import type { Kind } from "./lexer.ts";
import type { ScenarioToken } from "./lexer-layout.ts";

export type P<T> = Parser<Kind, T>;
type Output<T> = ParserOutput<Kind, T>;

/** The grammar only ever sees tokens that `lexer-layout.ts` made. */
export function asToken(token: Token<Kind> | undefined): ScenarioToken {
  return token as ScenarioToken;
}

const failure: Output<never> = {
  successful: false,
  error: { kind: "Error", pos: undefined, message: "" },
};

/** Fails at `token`, where `what` was expected. */
export function fail(token: ScenarioToken, what: string): Output<never> {
  const { run } = token;
  if (token.pos.index > run.furthest.pos.index) {
    run.furthest = token;
    run.expected = [];
  }
  if (token.pos.index === run.furthest.pos.index) run.expected.push(what);
  return failure;
}

/** Succeeds with `result`; `next` is the first token that is left. */
export function succeed<T>(first: ScenarioToken, next: ScenarioToken, result: T): Output<T> {
  return {
    candidates: [{ firstToken: first, nextToken: next, result }],
    successful: true,
    error: undefined,
  };
}

/** One token that `accepts`; `what` says what it is. */
export function terminal(
  what: string,
  accepts: (token: ScenarioToken) => boolean,
): P<ScenarioToken> {
  return {
    parse(from): Output<ScenarioToken> {
      const token = asToken(from);
      if (token.next === undefined || !accepts(token)) return fail(token, what);
      return succeed(token, token.next, token);
    },
  };
}

export function sign(text: string): P<ScenarioToken> {
  return terminal(`\`${text}\``, (t) => t.text === text && t.kind === "sign");
}

/** A sign right after the token before it: the `(` of a call, the `[` of an index. */
export function glued(text: string): P<ScenarioToken> {
  return terminal(`\`${text}\``, (t) => t.text === text && t.kind === "sign" && t.glued);
}

export function angle(text: "<" | ">"): P<ScenarioToken> {
  return terminal(`\`${text}\``, (t) => t.text === text && t.kind === "angle");
}

export function word(text: string): P<ScenarioToken> {
  return terminal(`\`${text}\``, (t) => t.text === text && t.kind === "path");
}

/** Any word, without the `%` that may stand before it. */
export function name(what: string): P<string> {
  const single = terminal(what, (t) => t.kind === "path" && !t.text.includes("."));
  return apply(single, (t) => t.text.replace("%", ""));
}

/** A name, or `_` for what is not wanted. */
export const binder: P<string> = alt_sc(
  name("a name"),
  apply(
    terminal("`_`", (t) => t.text === "_"),
    () => "_",
  ),
);

export function segments(text: string): readonly string[] {
  return text.replaceAll("%", "").split(".");
}

/** `a`, `P.a`, `P.Q.a` */
export function pathName(what: string): P<Name> {
  return node(
    terminal(what, (t) => t.kind === "path"),
    (t, pos) => ({
      path: segments(t.text),
      pos,
    }),
  );
}

/** A plain decimal or hexadecimal number. */
export const integer: P<bigint> = apply(
  terminal("a number", (t) => t.kind === "number" && /^(?:\d+|0x[\da-fA-F]+)$/.test(t.text)),
  integerOf,
);

const least = -(2n ** 63n);
const greatest = 2n ** 64n - 1n;

export function integerOf(token: ScenarioToken): bigint {
  const negative = token.text.startsWith("-");
  const digits = negative ? token.text.slice(1) : token.text;
  const value = digits.length > 40 ? greatest + 1n : BigInt(digits) * (negative ? -1n : 1n);
  if (value < least || value > greatest) {
    fault(token.at, "this number does not fit 64 bits", `the greatest u64 is ${greatest}`);
  }
  return value;
}

/** `p`, and where it begins. */
export function node<A, B>(p: P<A>, make: (value: A, pos: Pos) => B): P<B> {
  return apply(p, (value, [first]) => make(value, asToken(first).at));
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
export function byToken<T>(choose: (token: ScenarioToken) => P<T>): P<T> {
  return { parse: (from) => choose(asToken(from)).parse(from) };
}

/** Chooses by the word that comes next. */
export function byWord<T>(table: Readonly<Record<string, P<T>>>, otherwise: P<T>): P<T> {
  const choices = new Map(Object.entries(table));
  return byToken((t) => (t.kind === "path" ? choices.get(t.text) : undefined) ?? otherwise);
}

/** Never succeeds: `what` is expected here. */
export function missing<T>(what: string): P<T> {
  return { parse: (from) => fail(asToken(from), what) };
}

export const lineEnd: P<ScenarioToken> = called(
  "the end of the line",
  terminal("the end of the line", (t) => t.kind === "end-of-line"),
);

/** `p, p, ..` or nothing, between `open` and `close`. */
export function commaList<T>(open: P<unknown>, p: P<T>, close: P<unknown>): P<T[]> {
  return apply(kmid(open, opt_sc(list_sc(p, sign(","))), close), (items) => items ?? []);
}

/** Lines of `p` in braces. */
export function braced<T>(p: P<T>): P<T[]> {
  return apply(kmid(sign("{"), opt_sc(list_sc(p, lineEnd)), sign("}")), (items) => items ?? []);
}
