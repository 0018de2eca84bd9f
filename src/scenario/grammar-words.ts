// The words that mean something in expressions, and what a path of names stands for.

import { didYouMean } from "../wit/spelling.ts";
import { constants } from "./constants.ts";
import { fault } from "./errors.ts";
import { builtinNames, families, shapeOf, stackNames } from "./grammar-builtins.ts";
import type { ScenarioToken } from "./lexer-layout.ts";
import { family2022, names2022, shape2022 } from "./proposal-2022/names.ts";

/** Labels that are cases in every scenario. */
export const commonCases: ReadonlySet<string> = new Set(["some", "none", "ok", "error"]);

/** Words that cannot begin a plain value, unless `%` stands before them. */
export const operators: ReadonlySet<string> = new Set(
  "and or not async load alloc list-at".split(" "),
);

/** Words that are values by themselves. */
export const literals: ReadonlySet<string> = new Set(["true", "false", "nan", "inf"]);

/** Words that begin a statement. */
export const statementWords: readonly string[] =
  "let keep log if repeat while break return exit yield wait unreachable throw store choose await".split(
    " ",
  );

/** How a path stands in an expression. */
export type PathKind =
  | "literal"
  | "constant"
  | "builtin"
  | "operator"
  | "function"
  | "case"
  | "name";

function namesLike(text: string): readonly string[] {
  if (text.startsWith(`${family2022}.`)) return names2022;
  return text.startsWith("stack.") ? stackNames : builtinNames;
}

function unknownBuiltin(token: ScenarioToken): never {
  const known = namesLike(token.text);
  const hint = didYouMean(token.text, known, "a local of that name is written `%name.field`");
  return fault(token.at, `there is no built-in \`${token.text}\``, hint, known);
}

function isComponentWord(text: string): boolean {
  return /^[A-Z]/.test(text) || text === "host";
}

/** What the path `token` stands for where a value is expected. */
export function pathKind(token: ScenarioToken): PathKind {
  const { text } = token;
  if (literals.has(text)) return "literal";
  if (operators.has(text)) return "operator";
  if (shapeOf(text) !== null || shape2022(text) !== null) return "builtin";
  const head = text.split(".")[0] ?? "";
  if (head.length < text.length) {
    if (families.has(head) || head === family2022) unknownBuiltin(token);
    return isComponentWord(head.replace("%", "")) ? "function" : "name";
  }
  if (Object.hasOwn(constants, text)) return "constant";
  const bare = text.replace("%", "");
  return commonCases.has(bare) || token.labels.has(bare) ? "case" : "name";
}
