// Expressions as text, with no more parentheses than the grammar needs.

import type { BinaryOp, Expr } from "./ast-exprs.ts";
import { families } from "./grammar-builtins.ts";
import { literals, operators, statementWords } from "./grammar-words.ts";
import { charLiteral, escapeText } from "./lexer-strings.ts";
import { printLabel, printType } from "./print-types.ts";
import { family2022 } from "./proposal-2022/names.ts";

type Of<T extends Expr["tag"]> = Extract<Expr, { tag: T }>;

/** How tightly an expression holds together; a built-in takes operands of the level `atom`. */
export const level = {
  or: 1,
  and: 2,
  not: 3,
  compare: 4,
  add: 5,
  multiply: 6,
  operand: 7,
  atom: 8,
  simple: 9,
} as const;

const binaryLevels: Readonly<Record<BinaryOp, number>> = {
  or: level.or,
  and: level.and,
  "==": level.compare,
  "!=": level.compare,
  "<": level.compare,
  "<=": level.compare,
  ">": level.compare,
  ">=": level.compare,
  "+": level.add,
  "-": level.add,
  "*": level.multiply,
};

const reserved: ReadonlySet<string> = new Set([
  ...operators,
  ...literals,
  ...statementWords,
  "at",
  "cancellable",
  "else",
]);

/** A name where a value stands. */
function printName(text: string): string {
  return reserved.has(text) ? `%${text}` : text;
}

function printFloat(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  const [digits = "0", exponent] = String(value).split("e");
  const whole = digits.includes(".") ? digits : `${digits}.0`;
  const signed = Object.is(value, -0) ? `-${whole}` : whole;
  return exponent === undefined ? signed : `${signed}e${exponent}`;
}

/** A space keeps two braces from being one. */
function printHole(e: Expr): string {
  const text = printExpr(e);
  return text.startsWith("{") ? `{ ${text}}` : `{${text}}`;
}

function printText({ parts }: Of<"text">): string {
  const body = parts.map((p) => (typeof p === "string" ? escapeText(p) : printHole(p)));
  return `"${body.join("")}"`;
}

export function printItems(items: readonly Expr[]): string {
  return items.map((item) => printExpr(item)).join(", ");
}

function printUnary({ op, value }: Of<"unary">): string {
  if (op === "not") return `not ${printExpr(value, level.not)}`;
  const text = printExpr(value, level.operand);
  return /^(?:[-0-9]|inf)/.test(text) ? `- ${text}` : `-${text}`;
}

function printBinary({ op, left, right }: Of<"binary">): string {
  const own = binaryLevels[op];
  const first = own === level.compare ? own + 1 : own;
  return `${printExpr(left, first)} ${op} ${printExpr(right, own + 1)}`;
}

/** What an index or a label can follow directly. */
function printBase(value: Expr): string {
  const text = printExpr(value, level.simple);
  const word = ["constant", "bool", "float"].includes(value.tag);
  if (word || (value.tag === "case" && value.value === null)) return `(${text})`;
  const isFamily = value.tag === "name" && (families.has(value.name) || value.name === family2022);
  return isFamily ? `%${text}` : text;
}

function printCase({ label, value }: Of<"case">): string {
  return printName(label) + (value === null ? "" : `(${printExpr(value)})`);
}

function printCall({ async, name, args }: Of<"call">): string {
  const path = name.path.length === 1 ? name.path.map(printName) : name.path.map(printLabel);
  return `${async ? "async " : ""}${path.join(".")}(${printItems(args)})`;
}

function printBuiltin(e: Of<"builtin">): string {
  const words = [
    ...(e.async ? ["async"] : []),
    e.name + (e.t === null ? "" : `<${printType(e.t)}>`),
    ...(e.cancellable ? ["cancellable"] : []),
    ...e.args.map((arg) => printExpr(arg, level.atom)),
    ...(e.at === null ? [] : ["at", printExpr(e.at, level.atom)]),
  ];
  return words.join(" ");
}

function printStack({ verb, number, call }: Of<"stack">): string {
  const operand = number === null ? [] : [printExpr(number, level.atom)];
  return [`stack.${verb}`, ...operand, ...(call === null ? [] : [printExpr(call)])].join(" ");
}

function printCanon({ name, t, call, args }: Of<"canon">): string {
  const head = t === null ? name : `${name}<${printType(t)}>`;
  const callee = call === null ? [] : [printExpr(call)];
  return [head, ...callee, ...args.map((arg) => printExpr(arg, level.atom))].join(" ");
}

function printAwaited({ value }: Of<"await">): string {
  return `await ${printExpr(value, value.tag === "builtin" ? level.operand : level.atom)}`;
}

function atoms(...items: readonly Expr[]): string {
  return items.map((item) => printExpr(item, level.atom)).join(" ");
}

type Printers = { readonly [T in Expr["tag"]]: (e: Of<T>) => string };

const printers: Printers = {
  int: (e) => String(e.value),
  float: (e) => printFloat(e.value),
  bool: (e) => String(e.value),
  char: (e) => charLiteral(e.value),
  text: printText,
  name: (e) => printName(e.name),
  constant: (e) => e.name,
  packed: (e) => `${printExpr(e.result, level.simple)}|${printExpr(e.progress, level.simple)}`,
  list: (e) => `[${printItems(e.items)}]`,
  tuple: (e) => `(${printItems(e.items)}${e.items.length === 1 ? "," : ""})`,
  record: (e) =>
    `{${e.fields.map((f) => `${printLabel(f.label)}: ${printExpr(f.value)}`).join(", ")}}`,
  case: printCase,
  flags: (e) => `{${e.labels.map(printLabel).join(", ")}}`,
  "list-at": (e) => `list-at ${atoms(e.ptr, e.length)}`,
  unary: printUnary,
  binary: printBinary,
  index: (e) => `${printBase(e.value)}[${printExpr(e.index)}]`,
  field: (e) => `${printBase(e.value)}.${printLabel(e.label)}`,
  load: (e) => `load ${printType(e.t)} ${atoms(e.ptr)}`,
  alloc: (e) => `alloc ${atoms(e.size, e.align)}`,
  call: printCall,
  builtin: printBuiltin,
  start: (e) => `start ${printExpr(e.value)}`,
  await: printAwaited,
  first: (e) => `await first ${e.calls.map((call) => printExpr(call, level.atom)).join(", ")}`,
  canon: printCanon,
  stack: printStack,
};

function levelOf(e: Expr): number {
  // its commas must not be taken for those of a list around it
  if (e.tag === "first") return 0;
  if (e.tag === "await" || e.tag === "start") return level.operand;
  if (e.tag === "binary") return binaryLevels[e.op];
  if (e.tag === "unary") return e.op === "not" ? level.not : level.operand;
  if (e.tag === "packed") return level.atom;
  if (e.tag === "call") return e.async ? level.operand : level.simple;
  return ["builtin", "canon", "stack", "load", "alloc", "list-at"].includes(e.tag)
    ? level.operand
    : level.simple;
}

/** `e` as text, in parentheses when it holds less tightly than `least`. */
export function printExpr(e: Expr, least: number = level.or): string {
  const text = (printers[e.tag] as (of: Expr) => string)(e);
  return levelOf(e) < least ? `(${text})` : text;
}
