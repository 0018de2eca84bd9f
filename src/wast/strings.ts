// String literals and identifiers: escapes to bytes. Mirrors "Values" of the text format in the core specification.

import { decodeUtf8, encodeUtf8 } from "../canon/values/utf.ts";
import { fail, type SourceText } from "./errors.ts";
import type { Atom } from "./reader.ts";

const escapes: Readonly<Record<string, number>> = {
  t: 9,
  n: 10,
  r: 13,
  '"': 34,
  "'": 39,
  "\\": 92,
};

/** A run without escapes, or one escape. */
const piece = /[^\\]+|\\(?:([0-9a-fA-F]{2})|([tnr"'\\])|u\{([0-9a-fA-F_]+)\})/y;

function scalar(digits: string): string | null {
  if (!/^[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*$/.test(digits)) return null;
  const code = Number.parseInt(digits.replaceAll("_", ""), 16);
  return code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? null : String.fromCodePoint(code);
}

/** null: no such character */
function bytesOfPiece([whole, hex, letter, unicode]: RegExpExecArray): Uint8Array | null {
  if (hex !== undefined) return Uint8Array.of(Number.parseInt(hex, 16));
  if (letter !== undefined) return Uint8Array.of(escapes[letter] ?? 0);
  if (unicode === undefined) return encodeUtf8(whole);
  const char = scalar(unicode);
  return char === null ? null : encodeUtf8(char);
}

/** What comes one after the other, in one. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const one of pieces) {
    all.set(one, at);
    at += one.length;
  }
  return all;
}

/** The bytes that a string literal stands for. Throws `WastError`. */
export function bytesOf(source: SourceText, { start, text }: Atom): Uint8Array {
  const inner = text.slice(1, -1);
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < inner.length; at = piece.lastIndex) {
    piece.lastIndex = at;
    const match = piece.exec(inner);
    const bytes = match === null ? null : bytesOfPiece(match);
    if (bytes === null) return fail(source, start + 1 + at, "expected an escape of a string here");
    pieces.push(bytes);
  }
  return joined(pieces);
}

/** The name that a string literal stands for. Throws `WastError`. */
export function nameOf(source: SourceText, atom: Atom): string {
  const name = decodeUtf8(bytesOf(source, atom));
  return name ?? fail(source, atom.start, "expected a string of UTF-8");
}
