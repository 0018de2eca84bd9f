// Characters into tokens: the words, numbers and signs of the scenario language.

import { buildLexer, type Lexer, type Token, type TokenError } from "typescript-parsec";
import type { Pos } from "./ast-types.ts";
import { fault } from "./errors.ts";

export type Kind =
  | "path"
  | "label"
  /** the name of an interface, `wasi:filesystem/types@0.3.0` */
  | "interface"
  | "number"
  | "string"
  | "char"
  | "amendment"
  | "sign"
  /** a `<` or `>` of a type */
  | "angle"
  /** a newline or `;` between two lines */
  | "end-of-line"
  | "comment"
  | "space"
  | "end";

const word = "%?[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*";

const part = "[a-z][a-z0-9]*(?:-[a-z0-9]+)*";

const lexer: Lexer<Kind> = buildLexer<Kind>([
  [false, /^[ \t\r\f]+/g, "space"],
  [false, /^--[^\n]*/g, "comment"],
  [true, /^\n/g, "end-of-line"],
  [true, new RegExp(`^${word}(?:\\.${word})*`, "g"), "path"],
  [true, /^[A-Z]+(?:_[A-Z]+)+/g, "path"],
  [true, new RegExp(`^(?:\\.${word})+`, "g"), "label"],
  [true, new RegExp(`^${part}:${part}/${part}(?:@[0-9A-Za-z.+-]+)?`, "g"), "interface"],
  [true, /^-?[0-9][0-9A-Za-z_]*/g, "number"],
  [true, /^-?[0-9]+\.[0-9]+(?:[eE][+-]?[0-9]+)?/g, "number"],
  [true, /^-inf(?![A-Za-z0-9-])/g, "number"],
  [true, /^[A-Z]+#[0-9]+/g, "amendment"],
  [true, /^"(?:[^"\\\n]|\\[^\n])*"/g, "string"],
  [true, /^'(?:[^'\\\n]|\\[^\n])+'/g, "char"],
  [true, /^(?:->|==|!=|<=|>=|[-+*|<>=(){}[\],:;_])/g, "sign"],
]);

/** A token as the lexer gives it. */
export interface RawToken {
  readonly kind: Kind;
  readonly text: string;
  readonly pos: Pos;
  readonly index: number;
}

const odd: Readonly<Record<string, readonly [string, string]>> = {
  '"': ["a string is not closed on its line", 'end it with `"`; a line break inside is `\\n`'],
  "'": ["a character is not closed", "write one character in quotes: 'c'"],
  "/": ["unexpected character `/`", "a comment begins with `--`"],
  "!": ["unexpected character `!`", "write `not`, or `!=` to compare"],
  "&": ["unexpected character `&`", "write `and`"],
  "#": ["unexpected character `#`", "a comment begins with `--`; an amendment is written `CM#707`"],
  "%": ["unexpected character `%`", "`%` stands before a name that is also a keyword: `%log`"],
  ".": [
    "unexpected character `.`",
    "write `P.f` without spaces; a number needs digits before the point",
  ],
};

/** A character as a message shows it: one that cannot be seen by its number. */
function visible(char: string): string {
  if (!/[\p{C}\p{Z}]/u.test(char)) return `\`${char}\``;
  return `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

function lexicalFault(text: string, index: number, pos: Pos): never {
  const char = String.fromCodePoint(text.codePointAt(index) ?? 0);
  const [message, hint] = odd[char] ?? [
    `unexpected character ${visible(char)}`,
    "names are made of letters, digits and hyphens, and begin with a letter",
  ];
  return fault(pos, message, hint, ["a name", "a value", "a sign"]);
}

function shift(row: number, column: number, at: Pos): Pos {
  return { line: row + at.line - 1, column: row === 1 ? column + at.column - 1 : column };
}

/** Where the lexer stopped. (Its error class does not survive `instanceof`.) */
function positionOf(error: unknown): TokenError["pos"] {
  const stopped = error instanceof Error && "errorMessage" in error && "pos" in error;
  return stopped ? (error as TokenError).pos : undefined;
}

/** The tokens of `text`, without spaces and comments; `at` and `base` say where the text begins. */
export function tokenize(
  text: string,
  at: Pos = { line: 1, column: 1 },
  base = 0,
): readonly RawToken[] {
  const tokens: RawToken[] = [];
  try {
    let token: Token<Kind> | undefined = text === "" ? undefined : lexer.parse(text);
    while (token !== undefined) {
      const pos = shift(token.pos.rowBegin, token.pos.columnBegin, at);
      tokens.push({ kind: token.kind, text: token.text, pos, index: base + token.pos.index });
      token = token.next;
    }
  } catch (error) {
    const pos = positionOf(error);
    if (pos === undefined) throw error;
    const { index, rowBegin, columnBegin } = pos;
    lexicalFault(text, index, shift(rowBegin, columnBegin, at));
  }
  return tokens;
}
