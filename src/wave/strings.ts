// Chars and strings, what their escapes say, and strings of several lines. Mirrors spec/14.

import { fault, type Place } from "./errors.ts";

const simple: Readonly<Record<string, string>> = {
  "\\'": "'",
  '\\"': '"',
  "\\\\": "\\",
  "\\t": "\t",
  "\\n": "\n",
  "\\r": "\r",
};

const escapes = /\\(?:u(?:\{[^}]*\})?|[\s\S])/gu;

function scalar(text: string, place: Place): string {
  const hex = /^\\u\{([0-9a-fA-F]{1,6})\}$/.exec(text)?.[1];
  if (hex === undefined) {
    return fault(place, `unknown escape ${text}`, "there are \\' \\\" \\\\ \\t \\n \\r \\u{2603}");
  }
  const code = Number.parseInt(hex, 16);
  const isScalar = code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000);
  return isScalar ? String.fromCodePoint(code) : fault(place, `U+${hex} is no scalar value`);
}

/** What a text without its quotes says; its first character stands at the place. */
function unescaped(body: string, { source, index }: Place): string {
  if (/\p{Surrogate}/u.test(body)) fault({ source, index }, "half a surrogate pair");
  return body.replace(escapes, (text: string, at: number) => {
    return simple[text] ?? scalar(text, { source, index: index + at });
  });
}

/** What a char or a string of one line says; `text` has its quotes. */
export function readQuoted(text: string, { source, index }: Place): string {
  return unescaped(text.slice(1, -1), { source, index: index + 1 });
}

/** A line with the place of its first character. */
interface Line {
  readonly text: string;
  readonly index: number;
}

function linesOf(body: string, from: number): readonly Line[] {
  let index = from;
  return body.split("\n").map((text) => {
    const line = { text, index };
    index += text.length + 1;
    return line;
  });
}

/** A string of several lines: as many spaces as stand before the last quotes go from every line. */
export function readLines(text: string, { source, index }: Place): string {
  const all = linesOf(text.slice(3, -3), index + 3);
  const [first, last] = [all[0], all.at(-1)];
  if (first === last || !/^\r?$/.test(first?.text ?? "")) {
    return fault({ source, index }, 'a line break follows the opening """');
  }
  const indent = last?.text ?? "";
  if (!/^ *$/.test(indent)) {
    return fault(
      { source, index: last?.index ?? index },
      'only spaces stand before the closing """',
    );
  }
  const lines = all.slice(1, -1).map((line) => {
    const place = { source, index: line.index };
    if (!line.text.startsWith(indent)) {
      return fault(place, 'this line is indented less than the closing """');
    }
    const body = line.text.slice(indent.length).replace(/\r$/, "");
    return unescaped(body, { source, index: line.index + indent.length });
  });
  return lines.join("\n");
}
