// Cuts the text of a script into tokens, without its comments. Mirrors "Lexical Format" of the core specification.

import { fail, type SourceText } from "./errors.ts";

/** A range of the text: `string` with its quotes, `annotation` is `(@name`, `word` all the rest. */
export interface Token {
  readonly tag: "(" | ")" | "string" | "annotation" | "word";
  readonly start: number;
  readonly end: number;
}

const space = /[ \t\r\n]+/y;
const lineComment = /;;[^\n\r]*/y;
const commentEdge = /\(;|;\)/g;
const wordPart = /[!#-'*+\-./0-:<-Z\\^-z|~,[\]{}]+/y;
const stringPart = /[^"\\\n]+/y;
const stringEscape = /\\[^\n]/y;

/** Where a match of a sticky pattern ends; `at` if there is none. */
function matched(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

/** Where a string ends that starts here; `start` if none does. Part by part: patterns overflow on long ones. */
function stringEnd(text: string, start: number): number {
  if (text[start] !== '"') return start;
  for (let at = start + 1; ; ) {
    if (text[at] === '"') return at + 1;
    const next = matched(stringEscape, text, matched(stringPart, text, at));
    if (next === at) return start;
    at = next;
  }
}

/** Where a word ends. Strings may be parts of identifiers and of reserved tokens. */
function wordEnd(text: string, start: number): number {
  for (let at = start; ; ) {
    const next = stringEnd(text, matched(wordPart, text, at));
    if (next === at) return at;
    at = next;
  }
}

/** Where a block comment ends; they nest. */
function commentEnd(source: SourceText, start: number): number {
  let depth = 0;
  commentEdge.lastIndex = start;
  for (let m = commentEdge.exec(source.text); m !== null; m = commentEdge.exec(source.text)) {
    depth += m[0] === "(;" ? 1 : -1;
    if (depth === 0) return commentEdge.lastIndex;
  }
  return fail(source, start, "this comment has no end: expected ;)");
}

function skip(source: SourceText, from: number): number {
  const { text } = source;
  for (let at = from; ; ) {
    const start = at;
    at = matched(lineComment, text, matched(space, text, at));
    if (text.startsWith("(;", at)) at = commentEnd(source, at);
    if (at === start) return at;
  }
}

function plainToken(source: SourceText, start: number): Token {
  const { text } = source;
  const first = text[start];
  const end = wordEnd(text, start);
  if (end > start) {
    const whole = stringEnd(text, start) === end;
    return { tag: whole ? "string" : "word", start, end };
  }
  // only an annotation may have one: the assembler will say so
  if (first === ";") return { tag: "word", start, end: start + 1 };
  if (first === '"') return fail(source, start, 'this string has no end: expected "');
  return fail(source, start, `expected a token, not ${JSON.stringify(first)}`);
}

function tokenAt(source: SourceText, start: number): Token {
  const { text } = source;
  if (text[start] === ")") return { tag: ")", start, end: start + 1 };
  if (text[start] !== "(") return plainToken(source, start);
  const name = text[start + 1] === "@" ? wordEnd(text, start + 1) : start + 1;
  return name > start + 1
    ? { tag: "annotation", start, end: name }
    : { tag: "(", start, end: start + 1 };
}

/** The tokens of a script in order. Throws `WastError`. */
export function* tokens(source: SourceText): Generator<Token, void> {
  const { length } = source.text;
  for (let at = skip(source, 0); at < length; ) {
    const token = tokenAt(source, at);
    yield token;
    at = skip(source, token.end);
  }
}
