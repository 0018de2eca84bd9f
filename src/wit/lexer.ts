// Characters into tokens (WIT.md, "Lexical structure").

import { buildLexer, type Lexer, type Token, type TokenError } from "typescript-parsec";
import type { Pos } from "./ast.ts";
import { type Doc, positionAt, uncomment } from "./comments.ts";
import { fault } from "./errors.ts";
import { isLabel, kebab } from "./words.ts";

export type Kind = "word" | "integer" | "version" | "string" | "sign" | "space" | "end";

/** What one parse shares: the furthest place that it reached, and what could have stood there. */
export interface Run {
  furthest: WitToken;
  expected: string[];
  /** Brackets that are still open at the end of the text, outermost first. */
  readonly unclosed: readonly WitToken[];
}

/** A token as the grammar sees it; the last one has the kind `end`. */
export interface WitToken extends Token<Kind> {
  readonly at: Pos;
  readonly previous: WitToken | null;
  readonly next: WitToken | undefined;
  /** No space stands before it. */
  readonly glued: boolean;
  /** The doc comments between it and the token before it. */
  readonly docs: string | null;
  readonly run: Run;
}

type Building = { -readonly [K in keyof WitToken]: WitToken[K] };

// A version ends before a `.` that something else follows: `a:b/c@1.0.0.{d}`.
const lexer: Lexer<Kind> = buildLexer<Kind>([
  [false, /^[ \t\r\n]+/g, "space"],
  [true, /^%?[A-Za-z][A-Za-z0-9_-]*/g, "word"],
  [true, /^[0-9]+/g, "integer"],
  [true, /^[0-9]+(?:\.[0-9]+)+(?:[-+][0-9A-Za-z+-]+(?:\.[0-9A-Za-z+-]+)*)?/g, "version"],
  [true, /^"(?:[^"\\\n]|\\[^\n])*"/g, "string"],
  [true, /^(?:->|[=,:;(){}<>*/.@_])/g, "sign"],
]);

/** Brackets deeper than this are an error, so that no recursion overflows. */
const maxNesting = 64;

/** The brackets that open, and what closes them. */
export const closers: Readonly<Record<string, string>> = { "(": ")", "{": "}", "<": ">" };

const forbidden =
  /(?![\n\r\t])[\p{Cc}\u202a-\u202e\u2066-\u2069\u0149\u0673\u0f77\u0f79\u17a3\u17a4\u17b4\u17b5]/u;

const odd: Readonly<Record<string, string>> = {
  '"': "a string ends on its line with another quote",
  "#": "a comment begins with `//`",
  "%": "`%` stands before a name that is also a keyword: `%type`",
  "-": "names begin with a letter; a result is written `-> T`",
  "[": "lists are written `list<T>`",
};

const inNames = "names are made of letters, digits and hyphens";
const notInWit = "control codes, marks of direction and deprecated characters have no place in WIT";

/** A character as a message shows it: one that cannot be seen by its number. */
function visible(char: string): string {
  if (!/[\p{C}\p{Z}]/u.test(char)) return `\`${char}\``;
  return `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

function unexpected(text: string, index: number): never {
  const char = String.fromCodePoint(text.codePointAt(index) ?? 0);
  const hint = odd[char] ?? (forbidden.test(char) ? notInWit : inNames);
  return fault(positionAt(text, index), `unexpected character ${visible(char)}`, hint);
}

/** Where the lexer stopped. (Its error class does not survive `instanceof`.) */
function stoppedAt(error: unknown): number {
  const stopped = error instanceof Error && "errorMessage" in error && "pos" in error;
  const index = stopped ? (error as TokenError).pos?.index : undefined;
  if (index === undefined) throw error;
  return index;
}

function lex(code: string): readonly Token<Kind>[] {
  const tokens: Token<Kind>[] = [];
  try {
    let token = code === "" ? undefined : lexer.parse(code);
    for (; token !== undefined; token = token.next) tokens.push(token);
  } catch (error) {
    unexpected(code, stoppedAt(error));
  }
  return tokens;
}

function checkWord(token: Token<Kind>): void {
  const name = token.text.replace("%", "");
  if (token.kind !== "word" || isLabel(name)) return;
  const pos = { line: token.pos.rowBegin, column: token.pos.columnBegin };
  const better = kebab(name);
  const hint = isLabel(better) ? `write \`${better}\`` : "each part begins with a letter or digit";
  fault(pos, `\`${token.text}\` is not a kebab-case name`, hint);
}

/** The docs that end before `index`, and what is left of them. */
function takeDocs(docs: Doc[], index: number): string | null {
  const count = docs.findIndex((doc) => doc.end > index);
  const taken = docs.splice(0, count === -1 ? docs.length : count);
  return taken.length === 0 ? null : taken.map((doc) => doc.text).join("\n");
}

function checkNesting(token: WitToken, open: WitToken[]): void {
  if (token.kind !== "sign") return;
  const top = open.at(-1);
  if (closers[token.text] !== undefined) open.push(token);
  else if (top !== undefined && closers[top.text] === token.text) open.pop();
  if (open.length > maxNesting) {
    fault(token.at, `brackets nest deeper than ${maxNesting}`, "give a part a name with `type`");
  }
}

function link(raws: readonly Token<Kind>[], docs: Doc[], run: Run, open: WitToken[]): Building {
  let first: Building | null = null;
  let last: Building | null = null;
  for (const raw of raws) {
    const { kind, text, pos } = raw;
    const token: Building = {
      kind,
      text,
      pos,
      at: { line: pos.rowBegin, column: pos.columnBegin },
      previous: last,
      next: undefined,
      glued: last !== null && last.pos.index + last.text.length === pos.index,
      docs: takeDocs(docs, pos.index),
      run,
    };
    checkNesting(token, open);
    if (last !== null) last.next = token;
    first ??= token;
    last = token;
  }
  return first as Building;
}

function endToken(text: string): Token<Kind> {
  const { line, column } = positionAt(text, text.length);
  const pos = {
    index: text.length,
    rowBegin: line,
    columnBegin: column,
    rowEnd: line,
    columnEnd: column,
  };
  return { kind: "end", text: "", pos, next: undefined };
}

/** The tokens of a whole file, without comments. */
export function readTokens(text: string): WitToken {
  const at = text.search(forbidden);
  if (at !== -1) unexpected(text, at);
  const { code, docs } = uncomment(text);
  const raws = lex(code);
  raws.forEach(checkWord);
  const unclosed: WitToken[] = [];
  const run: Run = { furthest: null as unknown as WitToken, expected: [], unclosed };
  const first = link([...raws, endToken(text)], [...docs], run, unclosed);
  run.furthest = first;
  return first;
}
