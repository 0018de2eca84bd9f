// Inside quotes: escapes, and the text and holes of a template.

import type { Pos } from "./ast-types.ts";
import { fault } from "./errors.ts";

const simple: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  "0": "\0",
  '"': '"',
  "'": "'",
  "\\": "\\",
  "{": "{",
  "}": "}",
};

const escapes: readonly string[] = ["\\n", "\\t", "\\r", "\\0", '\\"', "\\\\", "\\xNN", "\\u{...}"];

function moved(pos: Pos, by: number): Pos {
  return { line: pos.line, column: pos.column + by };
}

function codePoint(hex: string, pos: Pos): string {
  const code = Number.parseInt(hex, 16);
  const surrogate = code >= 0xd800 && code < 0xe000;
  if (code > 0x10ffff || surrogate) {
    fault(pos, `U+${hex} is not a Unicode scalar value`, "surrogates have no place in a string");
  }
  return String.fromCodePoint(code);
}

/** The escape that begins at `from`: what it means and how long it is. */
function unescapeAt(raw: string, from: number, pos: Pos): readonly [string, number] {
  const next = raw[from + 1] ?? "";
  const plain = simple[next];
  if (plain !== undefined) return [plain, 2];
  const hex = /^\\(?:x([0-9a-fA-F]{2})|u\{([0-9a-fA-F]{1,6})\})/.exec(raw.slice(from, from + 10));
  const digits = hex?.[1] ?? hex?.[2];
  if (hex === null || digits === undefined) {
    return fault(pos, `unknown escape \`\\${next}\``, "a backslash itself is `\\\\`", escapes);
  }
  return [codePoint(digits, pos), hex[0].length];
}

/** A piece of a string literal: text, or the source of a hole and where it begins. */
export type Piece =
  | { readonly tag: "text"; readonly text: string }
  | { readonly tag: "hole"; readonly source: string; readonly offset: number };

/** Where the hole that begins at `from` is closed. */
function holeEnd(raw: string, from: number, pos: Pos): number {
  let depth = 0;
  for (let i = from; i < raw.length; i++) {
    if (raw[i] === "{") depth++;
    else if (raw[i] === "}" && depth-- === 0) return i;
  }
  return fault(
    moved(pos, from - 1),
    "this `{` is not closed in its string",
    "a plain brace is `{{`",
    ["`}`"],
  );
}

/** Splits the literal `raw` (with its quotes) into text and holes, text first and last. */
export function pieces(raw: string, pos: Pos): readonly Piece[] {
  const end = raw.length - 1;
  const body = raw.slice(0, end);
  const found: Piece[] = [];
  let text = "";
  for (let i = 1; i < end; ) {
    if (body[i] === "\\") {
      const [char, length] = unescapeAt(body, i, moved(pos, i));
      text += char;
      i += length;
    } else if (body.startsWith("{{", i)) {
      text += "{";
      i += 2;
    } else if (body[i] === "{") {
      const close = holeEnd(body, i + 1, pos);
      found.push({ tag: "text", text });
      found.push({ tag: "hole", source: body.slice(i + 1, close), offset: i + 1 });
      text = "";
      i = close + 1;
    } else text += body[i++];
  }
  const whole: readonly Piece[] = [...found, { tag: "text", text }];
  for (const piece of whole) {
    if (piece.tag === "text" && /\p{Surrogate}/u.test(piece.text)) {
      fault(pos, "half a surrogate pair in a string", "strings hold Unicode scalar values");
    }
  }
  return whole;
}

/** The one character of a character literal. */
export function charOf(raw: string, pos: Pos): string {
  const body = raw.slice(1, -1);
  const escaped = body.startsWith("\\");
  const [text, length] = escaped ? unescapeAt(body, 0, pos) : [body, body.length];
  if (length !== body.length || [...text].length !== 1 || /\p{Surrogate}/u.test(text)) {
    fault(pos, `${raw} is not one character`, "a string is written with double quotes");
  }
  return text;
}

const named: Readonly<Record<string, string>> = {
  "\n": "\\n",
  "\t": "\\t",
  "\r": "\\r",
  '"': '\\"',
  "\\": "\\\\",
};

function escapeChar(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  return (
    named[char] ?? (/[\p{C}\p{Z}]/u.test(char) && char !== " " ? `\\u{${code.toString(16)}}` : char)
  );
}

/** Text as it stands between the double quotes of a string literal. */
export function escapeText(text: string): string {
  return [...text].map((char) => (char === "{" ? "{{" : escapeChar(char))).join("");
}

/** A character literal. */
export function charLiteral(char: string): string {
  return `'${char === "'" ? "\\'" : escapeChar(char)}'`;
}
