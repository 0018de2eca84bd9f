// String literals, which are those of the core text format (WIT.md, "String Literals").

import type { Pos } from "./ast.ts";
import { fault } from "./errors.ts";

const simple: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  '"': '"',
  "'": "'",
  "\\": "\\",
};

const parts = /\\u\{([0-9a-fA-F_]{1,12})\}|\\([0-9a-fA-F]{2})|\\([\s\S])|([^\\]+)/gu;

function scalar(hex: string, pos: Pos): string {
  const code = Number.parseInt(hex.replaceAll("_", ""), 16);
  if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) {
    fault(pos, `U+${hex} is not a Unicode scalar value`, "surrogates have no place in a string");
  }
  return String.fromCodePoint(code);
}

/** The bytes of `text` in UTF-8, each as `%hh`. */
function escaped(text: string, pos: Pos): string {
  if (/\p{Surrogate}/u.test(text)) fault(pos, "half a surrogate pair in a string");
  return encodeURIComponent(text);
}

function bytesOf(part: RegExpMatchArray, pos: Pos): string {
  const [, code, byte, letter, plain] = part;
  if (code !== undefined) return escaped(scalar(code, pos), pos);
  if (byte !== undefined) return `%${byte}`;
  if (letter === undefined) return escaped(plain ?? "", pos);
  const meant = simple[letter];
  if (meant !== undefined) return escaped(meant, pos);
  return fault(pos, `unknown escape \`\\${letter}\``, "a backslash itself is `\\\\`");
}

/** What the literal `raw` (with its quotes) at `pos` says. Escaped bytes must make up UTF-8. */
export function readString(raw: string, pos: Pos): string {
  const bytes = [...raw.slice(1, -1).matchAll(parts)].map((part) => bytesOf(part, pos)).join("");
  try {
    return decodeURIComponent(bytes);
  } catch {
    return fault(pos, "the bytes of this string are not UTF-8", "a character is `\\u{..}`");
  }
}

/** A literal that says `text`. */
export function writeString(text: string): string {
  const body = [...text].map((char) => {
    if (char === '"' || char === "\\") return `\\${char}`;
    const code = char.codePointAt(0) ?? 0;
    return /[\p{C}\p{Zl}\p{Zp}\u0149\u0673\u0f77\u0f79\u17a3\u17a4]/u.test(char)
      ? `\\u{${code.toString(16)}}`
      : char;
  });
  return `"${body.join("")}"`;
}
