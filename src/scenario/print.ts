// Scenarios as text, in one canonical layout: `parseScenarios(printScenario(s))` is `s` again.

import type {
  Check,
  Component,
  Condition,
  ExportDecl,
  HostDecl,
  HostFunc,
  OutcomePattern,
  ResourceDecl,
  RevisionExpr,
  RunDecl,
  Scenario,
  SettingExpr,
  WasiDecl,
  WasiLine,
} from "./ast.ts";
import { escapeText } from "./lexer-strings.ts";
import { level, printExpr, printItems } from "./print-exprs.ts";
import { inBraces, printBlock } from "./print-stmts.ts";
import { printLabel, printSignature, printTypeDecl } from "./print-types.ts";

type Lines = readonly string[];

function printResource({ name, dtor }: ResourceDecl): Lines {
  if (dtor === null) return [`resource ${printLabel(name)}`];
  const drop = inBraces(`drop(${printLabel(dtor.param)})`, printBlock(dtor.body));
  return inBraces(`resource ${printLabel(name)}`, drop);
}

function printParameters(names: readonly string[]): string {
  return `(${names.map(printLabel).join(", ")})`;
}

function printCallback({ sig, body, onEvent }: ExportDecl): Lines {
  const names = printParameters(sig.params.map((p) => p.name));
  const start = inBraces(`on start${names}`, printBlock(body));
  if (onEvent === null) return start;
  return [
    ...start,
    ...inBraces(`on event${printParameters(onEvent.params)}`, printBlock(onEvent.body)),
  ];
}

function printExport(e: ExportDecl): Lines {
  const head = `export ${printLabel(e.name)}: ${printSignature(e.sig)}`;
  const task = e.task === undefined ? "" : printParameters([e.task]);
  if (e.mode === "callback") return inBraces(`${head} callback${task}`, printCallback(e));
  const mode = e.mode === "sync" && !e.sig.async ? "" : ` ${e.mode}`;
  const lines = inBraces(head + mode + task, printBlock(e.body));
  if (e.onCancel !== undefined) {
    return [
      ...lines.slice(0, -1),
      ...inBraces(`${lines.at(-1)} on cancel`, printBlock(e.onCancel)),
    ];
  }
  if (e.postReturn === null) return lines;
  const [post = "", ...rest] = inBraces(" post-return", printBlock(e.postReturn));
  return [...lines.slice(0, -1), `${lines.at(-1)}${post}`, ...rest];
}

function printVars(vars: Component["vars"]): Lines {
  return vars.map((v) => `var ${printLabel(v.name)} = ${printExpr(v.value)}`);
}

function printMemory({ bytes, address }: Component["memory"]): Lines {
  if (address === "i64") return [`memory64 ${bytes}`];
  return bytes === 4096 ? [] : [`memory ${bytes}`];
}

function printComponent(c: Component): Lines {
  const { realloc } = c;
  return inBraces(`component ${c.name}`, [
    ...printMemory(c.memory),
    ...(c.encoding === "utf8" ? [] : [`encoding ${c.encoding}`]),
    ...c.imports.map((i) => `import ${printLabel(i.name)}`),
    ...printVars(c.vars),
    ...c.resources.flatMap(printResource),
    ...(realloc === null
      ? []
      : inBraces(`realloc${printParameters(realloc.params)}`, printBlock(realloc.body))),
    ...c.funcs.flatMap((f) =>
      inBraces(`func ${printLabel(f.name)}${printParameters(f.params)}`, printBlock(f.body)),
    ),
    ...c.exports.flatMap(printExport),
    ...c.children.flatMap(printComponent),
  ]);
}

const cancels: Readonly<Record<HostDecl["cancelCopy"], Lines>> = {
  either: [],
  "at-once": ["cancels copies at once"],
  defer: ["cancels copies later"],
};

function printHostFunc(f: HostFunc): Lines {
  const head = `func ${printLabel(f.name)}: ${printSignature(f.sig)}`;
  return inBraces(f.cancellable ? `${head} cancellable` : head, printBlock(f.body));
}

function printHost(host: HostDecl): Lines {
  return inBraces("host", [
    ...printVars(host.vars),
    ...cancels[host.cancelCopy],
    ...host.funcs.flatMap(printHostFunc),
    ...host.processes.flatMap((p) => inBraces(`process ${printLabel(p.name)}`, printBlock(p.body))),
  ]);
}

function printWasiLine({ word, args }: WasiLine): string {
  const words = args.map((a) =>
    a.tag === "text" ? `"${escapeText(a.text)}"` : printLabel(a.text),
  );
  return [printLabel(word), ...words].join(" ");
}

function printWasi(wasi: WasiDecl): Lines {
  return inBraces("wasi", wasi.lines.map(printWasiLine));
}

function printRun({ name, func, args }: RunDecl): string {
  const call =
    func.path.map(printLabel).join(".") + (args.length > 0 ? `(${printItems(args)})` : "");
  return name === func.path.at(-1) ? `run ${call}` : `run ${call} as ${printLabel(name)}`;
}

function printOutcome({ log, end }: OutcomePattern): string {
  const list = `[${printItems(log)}]`;
  switch (end.tag) {
    case "ok":
      return list;
    case "traps":
    case "bug":
      return `${list} ${end.tag} ${end.code}`;
    case "stuck":
      return `${list} stuck ${end.roots.map(printLabel).join(", ")}`;
    case "diverges":
      return `${list} diverges`;
  }
}

function optional(word: string, what: string | null): string {
  return what === null ? word : `${word} ${what}`;
}

const conditionLevels: Partial<Record<Condition["tag"], number>> = { or: 1, and: 2, not: 3 };

/** `c` as text, in parentheses when it holds less tightly than `least`. */
function printCondition(c: Condition, least = 1): string {
  const own = conditionLevels[c.tag] ?? 4;
  const text = conditionText(c, own);
  return own < least ? `(${text})` : text;
}

function conditionText(c: Condition, own: number): string {
  switch (c.tag) {
    case "outcome":
      return printOutcome(c.outcome);
    case "log":
      return `log = [${printItems(c.log)}]`;
    case "contains":
      return `log contains ${printExpr(c.entry, level.atom)}`;
    case "before":
      return `${printExpr(c.first, level.atom)} before ${printExpr(c.second, level.atom)}`;
    case "traps":
    case "bug":
      return optional(c.tag, c.code);
    case "stuck":
      return optional("stuck", c.root === null ? null : printLabel(c.root));
    case "leaks":
      return optional("leaks", c.what === null ? null : printLabel(c.what));
    case "diverges":
    case "ok":
      return c.tag;
    case "not":
      return `not ${printCondition(c.of, own)}`;
    case "and":
    case "or":
      return `${printCondition(c.left, own)} ${c.tag} ${printCondition(c.right, own + 1)}`;
  }
}

function printUnder({ base, plus, minus }: RevisionExpr): string {
  const changes = [...plus.map((a) => ` + ${a}`), ...minus.map((a) => ` - ${a}`)];
  return `under ${base}${changes.join("")}`;
}

function printSettings(settings: readonly SettingExpr[]): string {
  return `with ${settings.map(({ name, value }) => `${printLabel(name)} ${value}`).join(", ")}`;
}

/** What stands before a claim, with its colon. */
function printWhere({ under, settings }: Pick<Check, "under" | "settings">): string {
  const parts = [
    ...(under === null ? [] : [printUnder(under)]),
    ...(settings.length === 0 ? [] : [printSettings(settings)]),
  ];
  return parts.length === 0 ? "" : `${parts.join(" ")}: `;
}

/** A check in canonical layout, one element for each line. */
export function printCheck({ quantifier, condition, outcomes, ...where }: Check): Lines {
  const head = printWhere(where) + quantifier;
  if (condition === null) return inBraces(head, outcomes.map(printOutcome));
  return [`${head} ${printCondition(condition)}`];
}

/** One scenario in canonical layout, with a line end at the end; comments are not kept. */
export function printScenario(s: Scenario): string {
  const lines = [
    `scenario "${escapeText(s.title)}"`,
    ...(s.design === undefined ? [] : [`design ${s.design.name}`]),
    ...s.types.map(printTypeDecl),
    ...s.components.flatMap(printComponent),
    ...(s.wasi === null ? [] : printWasi(s.wasi)),
    ...(s.host === null ? [] : printHost(s.host)),
    ...s.runs.map(printRun),
    ...s.symmetric.map(({ names }) => `symmetric ${names.map(printLabel).join(", ")}`),
    ...(s.expects.length === 0 ? [] : [`expect ${s.expects.map(printLabel).join(", ")}`]),
    ...(s.only === null ? [] : [`only ${s.only.join(", ")}`]),
    ...s.checks.flatMap(printCheck),
  ];
  return `${lines.join("\n")}\n`;
}
