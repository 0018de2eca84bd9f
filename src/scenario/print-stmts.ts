// Statements as lines of text.

import type { Block, Stmt } from "./ast.ts";
import { level, printExpr } from "./print-exprs.ts";
import { printLabel, printType } from "./print-types.ts";

type Of<T extends Stmt["tag"]> = Extract<Stmt, { tag: T }>;
type Lines = readonly string[];

function indent(lines: Lines): Lines {
  return lines.map((line) => (line === "" ? "" : `  ${line}`));
}

/** `head {`, the lines, `}` */
export function inBraces(head: string, lines: Lines): Lines {
  if (lines.length === 0) return [`${head} {}`];
  return [`${head} {`, ...indent(lines), "}"];
}

/** `first`, whose last line is `}`, and `next`, joined at the brace by `word`. */
function join(first: Lines, word: string, next: Lines): Lines {
  const [head = "", ...rest] = next;
  return [...first.slice(0, -1), `${first.at(-1)} ${word}${head}`, ...rest];
}

function printIf({ condition, then, otherwise }: Of<"if">): Lines {
  const first = inBraces(`if ${printExpr(condition)}`, printBlock(then));
  const [only] = otherwise;
  if (only === undefined) return first;
  if (otherwise.length === 1 && only.tag === "if") return join(first, "else ", printIf(only));
  return join(first, "", inBraces("else", printBlock(otherwise)));
}

function printChoose({ options }: Of<"choose">): Lines {
  const [first = [], ...rest] = options;
  return rest.reduce<Lines>(
    (lines, option) => join(lines, "", inBraces("or", printBlock(option))),
    inBraces("choose", printBlock(first)),
  );
}

function printAwait({ what }: Of<"await">): string {
  if (what.tag !== "variable") return `await ${what.tag}`;
  const word = what.name === "cancel" || what.name === "idle";
  const name = word ? `%${what.name}` : printLabel(what.name);
  return what.equals === null ? `await ${name}` : `await ${name} == ${what.equals}`;
}

/** A line that began with one of these would go on with the line before it. */
function printAlone(text: string): string {
  return /^(?:-(?![0-9])|\{)/.test(text) && !/^-inf(?![-A-Za-z0-9])/.test(text)
    ? `(${text})`
    : text;
}

type Printers = { readonly [T in Stmt["tag"]]: (s: Of<T>) => Lines };

const printers: Printers = {
  let: (s) => [`let ${s.names.map(printLabel).join(", ")} = ${printExpr(s.value)}`],
  assign: (s) => [`${printLabel(s.name)} = ${printExpr(s.value)}`],
  keep: (s) => [`keep ${printLabel(s.name)}`],
  expr: (s) => [printAlone(printExpr(s.value))],
  log: (s) => [`log ${printExpr(s.value)}`],
  if: printIf,
  repeat: (s) => inBraces(`repeat ${printExpr(s.count)}`, printBlock(s.body)),
  while: (s) => inBraces(`while ${printExpr(s.condition)}`, printBlock(s.body)),
  break: () => ["break"],
  return: (s) => [s.value === null ? "return" : `return ${printExpr(s.value)}`],
  exit: () => ["exit"],
  yield: () => ["yield"],
  wait: (s) => [`wait ${printExpr(s.set)}`],
  unreachable: () => ["unreachable"],
  throw: () => ["throw"],
  store: (s) => [`store ${printType(s.t)} ${printExpr(s.ptr, level.atom)} ${printExpr(s.value)}`],
  "give-up": (s) => [`${s.how} ${printExpr(s.call, level.atom)}`],
  spawn: (s) => inBraces("spawn", printBlock(s.body)),
  choose: printChoose,
  await: (s) => [printAwait(s)],
};

export function printBlock(block: Block): Lines {
  return block.flatMap((stmt) => (printers[stmt.tag] as (s: Stmt) => Lines)(stmt));
}
