// A place in a row of tokens, and what can be done there: look, take, insist. Mirrors spec/14.

import { fault } from "./errors.ts";
import type { Token } from "./lexer.ts";

/** Reading goes on at `at`; the last token is `end`, and stays. */
export interface Cursor {
  readonly tokens: readonly Token[];
  at: number;
}

export function peek({ tokens, at }: Cursor): Token {
  const token = tokens[at] ?? tokens.at(-1);
  if (token === undefined) throw new Error("a row of tokens without an end");
  return token;
}

export function take(cursor: Cursor): Token {
  const token = peek(cursor);
  cursor.at += 1;
  return token;
}

/** Takes a sign or a keyword if it stands here. */
export function takeIf(cursor: Cursor, text: string): boolean {
  const here = peek(cursor);
  const stands = here.text === text && (here.kind === "sign" || here.kind === "word");
  if (stands) cursor.at += 1;
  return stands;
}

/** A token in a message. */
function found({ kind, text }: Token): string {
  if (kind === "end") return "the end";
  return text.length > 40 ? `${text.slice(0, 40)}..` : text;
}

/** Stops at the token that stands here. */
export function unexpected(cursor: Cursor, expected: string, hint: string | null = null): never {
  const here = peek(cursor);
  return fault(here, `expected ${expected}, found ${found(here)}`, hint);
}

export function insist(cursor: Cursor, text: string): void {
  if (!takeIf(cursor, text)) unexpected(cursor, text);
}

/** Items with commas between them, and perhaps one behind the last, up to `close`, which is taken. */
export function items(cursor: Cursor, close: string, item: (i: number) => void): void {
  for (let i = 0; !takeIf(cursor, close); i++) {
    item(i);
    if (takeIf(cursor, close)) return;
    if (!takeIf(cursor, ",")) unexpected(cursor, `, or ${close}`);
  }
}
