// Characters into tokens (wasm-wave, "Encoding"). Mirrors spec/14.

import { fault, type Place } from "./errors.ts";

export type Kind = "sign" | "number" | "word" | "char" | "string" | "lines" | "end";

export interface Token extends Place {
  readonly kind: Kind;
  readonly text: string;
}

/** What tokens look like, the longest form first where two begin alike. */
const forms: readonly (readonly [Kind, RegExp])[] = [
  ["sign", /[{}()[\]:,]/y],
  ["number", /-inf\b|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y],
  ["word", /%?(?:[a-z][a-z0-9]*|[A-Z][A-Z0-9]*)(?:-(?:[a-z0-9]+|[A-Z0-9]+))*/y],
  ["char", /'(?:[^\\'\n]|\\u\{[^}'\n]*\}|\\[^\n])'/uy],
  ["lines", /"""[\s\S]*?"""/y],
  ["string", /"[^\\"\n]*(?:\\[^\n][^\\"\n]*)*"/y],
];

const space = /[ \t\r\n]*(?:\/\/[^\n]*[ \t\r\n]*)*/y;

/** What `form` matches at `index`; "" for nothing. */
function matchAt(form: RegExp, source: string, index: number): string {
  form.lastIndex = index;
  return form.exec(source)?.[0] ?? "";
}

const unclosed: Readonly<Record<string, string>> = {
  "'": "a char is one character or escape between quotes: 'x', '\\n', '\\u{2603}'",
  '"': 'a string ends on its line with another quote; one of several lines stands between """',
};

function tokenAt(source: string, index: number): Token {
  for (const [kind, form] of forms) {
    const text = matchAt(form, source, index);
    if (text !== "") return { kind, text, source, index };
  }
  const char = String.fromCodePoint(source.codePointAt(index) ?? 0);
  return fault({ source, index }, `unexpected ${char}`, unclosed[char] ?? null);
}

const glued = /[A-Za-z0-9_%-]/;

/** Words and numbers do not touch: `1x` is one mistake, not two tokens. */
function checkEnd({ kind, text, source, index }: Token): void {
  const end = index + text.length;
  if ((kind !== "word" && kind !== "number") || !glued.test(source[end] ?? "")) return;
  const hint = kind === "word" ? "labels are kebab-case: `two-words`" : "integers are decimal";
  fault({ source, index }, `${text}${source[end]}.. is neither a number nor a label`, hint);
}

/** The tokens from `from` on; the last one has the kind `end`. */
export function tokensOf(source: string, from = 0): readonly Token[] {
  const tokens: Token[] = [];
  for (let index = from; ; ) {
    index += matchAt(space, source, index).length;
    if (index >= source.length) return [...tokens, { kind: "end", text: "", source, index }];
    const token = tokenAt(source, index);
    checkEnd(token);
    tokens.push(token);
    index += token.text.length;
  }
}
