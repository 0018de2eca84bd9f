// Text into a syntax tree, or one clear error. Mirrors WIT.md, "Lexical structure".

import type { Pos, WitFile } from "./ast.ts";
import { fault, inFile } from "./errors.ts";
import { witFile } from "./grammar-file.ts";
import { asToken } from "./grammar-terminals.ts";
import { closers, type Run, readTokens, type WitToken } from "./lexer.ts";
import { didYouMean, oneOf } from "./spelling.ts";
import { keywords, typeWords } from "./words.ts";

const topLevel = "`interface`, `world`, `use` or `package`";
const typeItems = ["type", "record", "variant", "enum", "flags", "resource"];
const interfaceWords = ["use", ...typeItems];
const worldWords = ["import", "export", "include", ...interfaceWords];

/** Words that begin what the messages sum up. */
const beginnings: Readonly<Record<string, readonly string[]>> = {
  [topLevel]: ["interface", "world", "use", "package"],
  "an item of an interface": interfaceWords,
  "an item of a world": worldWords,
  "a function of the resource": ["constructor"],
  "a type": typeWords,
};

function found(token: WitToken): string {
  return token.kind === "end" ? "the end of the text" : `\`${token.text.slice(0, 40)}\``;
}

/** What was expected may be a word that stands there misspelt. */
function misspelt({ kind, text, previous }: WitToken, { expected }: Run): string | null {
  if (text === "<" && previous !== null) return didYouMean(previous.text, typeWords);
  if (kind !== "word" || keywords.has(text)) return null;
  const known = expected.flatMap((what) => beginnings[what] ?? [what.replaceAll("`", "")]);
  return didYouMean(text, known);
}

/** A misspelt keyword reads as the name of a function, so that only what follows is out of place. */
function misspeltBefore({ previous }: WitToken, { expected }: Run): string | null {
  if (previous === null || keywords.has(previous.text) || !expected.includes("`:`")) return null;
  return didYouMean(previous.text, interfaceWords);
}

function percent(text: string): string {
  return `\`${text}\` is a keyword; as a name it is written \`%${text}\``;
}

/** A keyword where a name has to stand, or as the name of a function. */
function keywordAsName(token: WitToken, { expected }: Run): string | null {
  const { text, previous } = token;
  if (typeWords.includes(text) && expected.includes("the name of a parameter")) {
    return `a parameter has a name: \`a: ${text}\``;
  }
  if (keywords.has(text) && expected.some((what) => /\bname\b/.test(what))) return percent(text);
  const before = previous?.text ?? "";
  return text === ":" && keywords.has(before) ? percent(before) : null;
}

/** A bracket that is still open, when the text ends or goes on with what cannot be inside. */
function unclosed({ kind, text }: WitToken, { unclosed: open, expected }: Run): string | null {
  const outer = ["interface", "world", "package"].includes(text) && kind === "word";
  const inside = expected.some((what) => what.startsWith("an item of"));
  const last = open.at(-1);
  if (last === undefined || !(kind === "end" || (outer && inside))) return null;
  return `the \`${last.text}\` of line ${last.at.line} is not closed`;
}

const paths = "an interface of a package is `a:b/c`; a name of one's own has a space: `a: b`";
const braces = "the types to use stand in braces after a point: `use a.{b}`";

/** Hints for what stands at a wrong place, by how it begins. */
const misplaced: Readonly<Record<string, string>> = {
  async: "`async` stands right before `func`",
  func: "functions stand in interfaces: `name: func();`",
  constructor: "a constructor stands in the braces of its resource",
};

/** A bracket that closes too early. */
function aboutClosing({ text, previous }: WitToken, { expected }: Run): string | null {
  if (text === "}" && expected.includes(topLevel)) return "this `}` closes nothing";
  const empty = closers[previous?.text ?? ""] === text && !expected.includes(`\`${text}\``);
  return empty ? "there is at least one" : null;
}

/** Hints for mistakes that have a shape of their own. */
function aboutShape(token: WitToken, { expected }: Run): string | null {
  const { text, previous, next } = token;
  if (expected.includes("`{`") && expected.includes("`/`") && text === ";") {
    return "only the first line names its package so; another one is `package a:b { .. }`";
  }
  if (previous?.previous?.text === "package") return "a package has a namespace: `package a:b;`";
  if (expected.includes("`/`") && !expected.includes("`;`")) return paths;
  if (typeItems.includes(text) && expected.includes("a type")) {
    return `a ${text} is declared with a name, and then used by it`;
  }
  if (previous?.text === ".") return braces;
  if (expected.includes("an item of a world") && next?.text === ":") {
    return `a world imports or exports: \`import ${text}: ..\``;
  }
  const first = expected.some((what) => Object.hasOwn(beginnings, what));
  return first ? (misplaced[text] ?? null) : null;
}

/** What is said about a thing that is missing, most important first. */
const fallback: Readonly<Record<string, string>> = {
  "`;`": "each item ends with `;`",
  "`,`": "a comma stands between the parts, and may follow the last",
  "`func`": "a function is written `name: func(a: u32) -> string;`",
  "`since`":
    "gates are `@since(version = ..)`, `@unstable(feature = ..)`, `@deprecated(version = ..)`",
  "`.`": braces,
  "`as`": "a name is changed by `a as b`",
  "`:`": "a name and what it is are parted by a colon",
};

/** Where to point: when something is missing at the end of a line, there. */
function pointAt(
  token: WitToken,
  expected: readonly string[],
): { readonly pos: Pos; readonly what: string } {
  const { previous } = token;
  const ends = expected.includes("`;`") || expected.includes("`,`");
  if (!ends || previous === null || previous.at.line === token.at.line) {
    return { pos: token.at, what: found(token) };
  }
  const { line, column } = previous.at;
  const pos = { line, column: column + previous.text.length };
  return { pos, what: token.kind === "end" ? found(token) : "the end of the line" };
}

function syntaxFault(run: Run): never {
  const token = run.furthest;
  const expected = [...new Set(run.expected)].sort();
  const shown = expected.length > 8 ? [...expected.slice(0, 7), "something else"] : expected;
  const hint =
    keywordAsName(token, run) ??
    misspelt(token, run) ??
    unclosed(token, run) ??
    misspeltBefore(token, run) ??
    aboutClosing(token, run) ??
    aboutShape(token, run) ??
    Object.entries(fallback).find(([missed]) => expected.includes(missed))?.[1] ??
    null;
  const { pos, what } = pointAt(token, expected);
  return fault(pos, `expected ${oneOf(shown)}, but found ${what}`, hint);
}

/**
 * The syntax tree of a WIT file. Throws one `WitError` for the first mistake of spelling or syntax;
 * what the names mean is for `resolve`.
 */
export function parseWit(text: string, file: string): WitFile {
  return inFile(file, () => {
    const first = readTokens(text);
    const output = witFile.parse(first);
    const [whole] = output.successful ? output.candidates : [];
    if (whole !== undefined && asToken(whole.nextToken).kind === "end") {
      return { file, ...whole.result };
    }
    return syntaxFault(first.run);
  });
}
