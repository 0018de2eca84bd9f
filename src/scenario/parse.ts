// Text into scenarios, or one clear error. Mirrors spec/00-scenarios.md.

import { kleft, opt_sc } from "typescript-parsec";
import { didYouMean, oneOf } from "../wit/spelling.ts";
import type { Condition, Scenario } from "./ast.ts";
import type { Pos } from "./ast-types.ts";
import { constants } from "./constants.ts";
import { fault, inFile } from "./errors.ts";
import { builtinNames } from "./grammar-builtins.ts";
import { conditionRule } from "./grammar-conditions.ts";
import { liftModes } from "./grammar-decls.ts";
import { scenarios } from "./grammar-scenario.ts";
import { asToken, lineEnd, type P } from "./grammar-terminals.ts";
import { statementWords } from "./grammar-words.ts";
import { type Run, readTokens, type ScenarioToken } from "./lexer-layout.ts";

const lines: Readonly<Record<string, readonly string[]>> = {
  "a scenario": ["scenario"],
  "a line of a scenario":
    "type component host wasi run expect only under with always sometimes never exactly".split(" "),
  "a line of a component":
    "memory memory64 encoding var import resource export func realloc component".split(" "),
  "a line of the host": "var cancels func process".split(" "),
  "a statement": statementWords,
  "a condition": "log traps bug stuck diverges ok leaks not".split(" "),
  [liftModes]: ["sync", "stackful", "callback"],
  "traps, stuck, diverges or bug": ["traps", "stuck", "diverges", "bug"],
};

const vocabulary: readonly string[] = [
  ...statementWords,
  ...Object.values(lines).flat(),
  ...builtinNames,
  ...Object.keys(constants),
];

function found(token: ScenarioToken): string {
  if (token.kind === "end") return token.text === "}" ? "`}`" : "the end of the text";
  if (token.kind === "end-of-line") return token.text === ";" ? "`;`" : "the end of the line";
  return token.kind === "string" ? token.text.slice(0, 40) : `\`${token.text.slice(0, 40)}\``;
}

/** What was expected may be a word that stands there misspelt. */
function misspelt(token: ScenarioToken, { expected }: Run): string | null {
  if (token.kind !== "path") return null;
  return didYouMean(
    token.text,
    expected.flatMap((what) => lines[what] ?? [what.replaceAll("`", "")]),
  );
}

/** A misspelt keyword reads as a name, so that only what follows is out of place. */
function misspeltBefore({ previous }: ScenarioToken, { expected }: Run): string | null {
  const start = previous?.previous;
  if (previous?.kind !== "path" || vocabulary.includes(previous.text)) return null;
  if (expected.includes("`before`")) {
    return didYouMean(previous.text, lines["a condition"] ?? []);
  }
  const starts = start?.kind === "end-of-line" || start?.text === "{";
  if (!starts || !expected.includes("an operator")) return null;
  return didYouMean(previous.text, [...statementWords, ...builtinNames]);
}

/** A bracket that is still open, when the text ends or goes on with a line of the scenario. */
function unclosed(token: ScenarioToken, run: Run): string | null {
  const open = run.unclosed.at(-1);
  const outer = token.text === "scenario" || lines["a line of a scenario"]?.includes(token.text);
  const inside = run.expected.some((what) => inner.includes(what));
  if (open === undefined || !(token.kind === "end" || (outer === true && inside))) return null;
  return `the \`${open.text}\` of line ${open.pos.line} is not closed`;
}

const inner: readonly string[] = ["a line of a component", "a line of the host", "a statement"];

/** Hints for mistakes with signs that have a shape of their own. */
function aboutSign({ text, kind, previous }: ScenarioToken, { expected }: Run): string | null {
  if (text === "<" && kind === "angle") {
    const builtin = builtinNames.includes(previous?.text ?? "");
    return builtin ? `${previous?.text} takes no type` : "to compare, put spaces around `<`";
  }
  if (text === "=" && expected.includes("an operator")) {
    return "`==` compares; `let x = ..` or `x = ..` gives a value";
  }
  if (text === ":" && previous?.previous?.text === "import") {
    return "an interface is written with its package: wasi:filesystem/types";
  }
  if (text === "|") return "`or` joins conditions; a copy result is written COMPLETED|4";
  if (text === "}" && !expected.includes("`}`") && expected.includes("the end of the line")) {
    return "this `}` closes nothing";
  }
  const value = !expected.includes("text in double quotes");
  if ((text === "(" || text === "[") && previous?.kind === "path" && value) {
    return `write \`${previous.text}${text}\` without a space in between`;
  }
  return null;
}

/** Hints for mistakes with words and numbers that have a shape of their own. */
function aboutWord({ text, kind }: ScenarioToken, { expected }: Run): string | null {
  if (expected.includes(liftModes))
    return "async func needs one of sync, stackful, callback, stackless";
  if (!expected.includes("an operator")) return null;
  if (kind === "number" && text.startsWith("-")) return "to subtract, put spaces around `-`";
  const ended = expected.includes("the end of the line");
  const second = kind === "path" && ended && statementWords.includes(text);
  return second ? "one statement a line, or `;` in between" : null;
}

const fallback: Readonly<Record<string, string>> = {
  "a scenario": 'a file holds scenarios: scenario "title", then its lines',
  "a value": "an operand that is not a plain value stands in parentheses: f (g x)",
  "a line of a scenario": "one of type, component, host, wasi, run, expect, only, under, with, ..",
  "a line of a component": "one of export, import, var, func, resource, memory, encoding, ..",
  "`start`": "a callback body is `on start(..) {..}`, then `on event(e, i, p) {..}`",
};

/** Where to point: when something is missing at the end of a line, there. */
function pointAt(
  token: ScenarioToken,
  expected: readonly string[],
): { readonly pos: Pos; readonly what: string } {
  const { previous } = token;
  const next = previous !== null && previous.kind !== "end-of-line" && token.kind !== "string";
  const open = token.kind === "end" && token.run.unclosed.length > 0;
  const starts = previous?.text === "{" || expected.includes("the end of the line");
  if (!next || open || starts || token.text === ";" || previous.at.line === lineOf(token)) {
    return { pos: token.at, what: found(token) };
  }
  const pos = { line: previous.at.line, column: previous.at.column + previous.text.length };
  return { pos, what: token.kind === "end" ? found(token) : "the end of the line" };
}

/** A newline belongs to the line that it ends, also after a comment. */
function lineOf(token: ScenarioToken): number {
  return token.kind === "end-of-line" ? token.at.line + 1 : token.at.line;
}

function syntaxFault(run: Run): never {
  const token = run.furthest;
  const expected = [...new Set(run.expected)].sort();
  const shown = expected.length > 8 ? [...expected.slice(0, 7), "something else"] : expected;
  const hint =
    misspelt(token, run) ??
    unclosed(token, run) ??
    aboutSign(token, run) ??
    misspeltBefore(token, run) ??
    aboutWord(token, run) ??
    expected.map((missed) => fallback[missed]).find((text) => text !== undefined) ??
    null;
  const { pos, what } = pointAt(token, expected);
  return fault(pos, `expected ${oneOf(shown)}, but found ${what}`, hint, expected);
}

/**
 * The scenarios of a text, in order. Throws one `ScenarioError` for the first mistake of spelling or
 * syntax; what the names mean is for `checkScenario`.
 */
export function parseScenarios(text: string, file: string): Scenario[] {
  return parseWhole(scenarios, text, file);
}

/** A condition alone, as it stands after `always`. Throws one `ScenarioError`; what it names is not checked. */
export function parseCondition(text: string, file: string): Condition {
  return parseWhole(kleft(conditionRule, opt_sc(lineEnd)), text, file);
}

function parseWhole<T>(parser: P<T>, text: string, file: string): T {
  return inFile(file, () => {
    const first = readTokens(text);
    const output = parser.parse(first);
    const [whole] = output.successful ? output.candidates : [];
    const rest = asToken(whole?.nextToken);
    if (whole !== undefined && rest.kind === "end") return whole.result;
    return syntaxFault(furthest(first.run, rest));
  });
}

/** A parse that succeeded too early stops at `rest`, which may be further than it had looked. */
function furthest(run: Run, rest: ScenarioToken | undefined): Run {
  if (rest === undefined || rest.pos.index < run.furthest.pos.index) return run;
  const known = rest === run.furthest ? run.expected : [];
  const expected = known.length > 0 ? known : ["the end of the line"];
  return { ...run, furthest: rest, expected };
}
