// Expressions: known names, the right number of arguments, a value where one is needed.

import { didYouMean } from "../wit/spelling.ts";
import type { Expr } from "./ast-exprs.ts";
import type { Pos, TypeExpr } from "./ast-types.ts";
import { type Callable, findFunc, findImported, type Place, unique } from "./check-names.ts";
import {
  type Awaiting,
  awaitedBy,
  checkAwaiting,
  checkInStackless,
  isAwaiting,
} from "./check-stackless.ts";
import { checkArgument, checkResourceArgument, checkType } from "./check-types.ts";
import { constants } from "./constants.ts";
import { fault } from "./errors.ts";
import { shapeOf } from "./grammar-builtins.ts";
import { checkCanon } from "./proposal-2022/check-builtins.ts";
import { names2022, shapes2022 } from "./proposal-2022/names.ts";
import { is2022 } from "./proposal-2022/types.ts";

type Of<T extends Expr["tag"]> = Extract<Expr, { tag: T }>;

/** The locals in scope, innermost block first. */
export interface Scope {
  readonly names: Set<string>;
  readonly outer: Scope | null;
}

/** Code whose expressions are being checked. */
export interface Code {
  readonly place: Place;
  readonly scope: Scope;
  /** What `task.return` returns here; undefined when that is not known. */
  readonly returns: TypeExpr | null | undefined;
  /** Whose body it is. */
  readonly kind?: string;
}

export function inScope(scope: Scope, name: string): boolean {
  return scope.names.has(name) || (scope.outer !== null && inScope(scope.outer, name));
}

function namesIn(scope: Scope): readonly string[] {
  return [...scope.names, ...(scope.outer === null ? [] : namesIn(scope.outer))];
}

/** Every name that means a value here. */
export function knownNames({ place, scope }: Code): readonly string[] {
  const { cases, wasiCases } = place.world;
  const words = [...cases, ...wasiCases, ...Object.keys(constants)];
  return [...namesIn(scope), ...place.variables, ...words];
}

function checkName(code: Code, { name, pos }: Of<"name">): void {
  const { place, scope } = code;
  if (inScope(scope, name) || place.variables.has(name)) return;
  if (place.funcs.some((f) => f.name === name) || place.world.wasiCases.has(name)) return;
  const otherwise = name.includes("-")
    ? "to subtract, put spaces around `-`"
    : "a local begins with `let`, a variable of the instance with `var`";
  fault(pos, `there is no \`${name}\` here`, didYouMean(name, knownNames(code), otherwise));
}

const copyResults: ReadonlySet<string> = new Set(["COMPLETED", "DROPPED", "CANCELLED"]);

function checkPacked(code: Code, { result, progress }: Of<"packed">): void {
  if (result.tag === "constant" && !copyResults.has(result.name)) {
    fault(
      result.pos,
      `${result.name} carries no progress`,
      "only COMPLETED, DROPPED and CANCELLED do",
    );
  }
  checkValue(code, result);
  checkValue(code, progress);
}

function checkCount(found: number, wanted: number, what: string, pos: Pos): void {
  if (found === wanted) return;
  const plural = wanted === 1 ? "1 argument" : `${wanted} arguments`;
  fault(pos, `${what} takes ${plural}, not ${found}`, null, [plural]);
}

/** What `call` calls, if it is a function of another component or of the host. */
function calledSignature(place: Place, call: Of<"call">): Callable | null {
  return call.name.path.length === 1 ? null : findImported(place, call.name);
}

/** Whether `call` is written like one but is a case of an interface's variant: `ipv4(address)`. */
export function isCase({ funcs, world }: Place, { name, async }: Of<"call">): boolean {
  const [label = ""] = name.path;
  const called = name.path.length > 1 || async || funcs.some((f) => f.name === label);
  return !called && world.wasiCases.has(label);
}

function checkCall(code: Code, call: Of<"call">): void {
  const text = call.name.path.join(".");
  const sig = calledSignature(code.place, call);
  if (sig !== null) checkCount(call.args.length, sig.params.length, text, call.pos);
  else if (isCase(code.place, call)) checkCount(call.args.length, 1, `the case ${text}`, call.pos);
  else {
    const func = findFunc(code.place, text, call.name.pos);
    if (call.async) {
      fault(call.pos, `${text} is a core function: it has no async form`, "leave `async` out");
    }
    checkCount(call.args.length, func.params.length, text, call.pos);
  }
  for (const arg of call.args) checkValue(code, arg);
}

/** The host moves component-level values: it has no memory, no threads, no table of handles. */
const hostBuiltins: ReadonlySet<string> = new Set([
  ...["task.return", "task.cancel", "subtask.cancel", "subtask.drop"],
  ...["stream", "future"].flatMap((family) =>
    "new read write cancel-read cancel-write drop-readable drop-writable"
      .split(" ")
      .map((verb) => `${family}.${verb}`),
  ),
]);

function checkMemoryUse({ place }: Code, what: string, pos: Pos): void {
  if (place.within.length > 0) return;
  fault(
    pos,
    `${what} in the host, which has no linear memory`,
    "the host moves values as they are",
  );
}

function checkTaskReturn({ returns }: Code, { t, args, pos }: Of<"builtin">): void {
  const type = t === null ? returns : t;
  if (type === undefined) return;
  const wanted = type === null || type.tag === "none" ? 0 : 1;
  if (args.length === wanted) return;
  if (wanted === 0) fault(pos, "task.return takes no value here", "there is no result to return");
  fault(pos, "task.return takes a value here", "`task.return<_>` returns nothing and traps");
}

function checkBuiltin(code: Code, e: Of<"builtin">): void {
  const family = e.name.slice(0, e.name.indexOf("."));
  if (code.place.within.length === 0 && !hostBuiltins.has(e.name)) {
    fault(e.pos, `the host cannot call ${e.name}`, `it can call ${[...hostBuiltins].join(", ")}`);
  }
  if (e.t !== null && family === "resource") {
    checkResourceArgument(code.place, e.t, e.name !== "resource.drop");
  } else if (e.t !== null) checkArgument(code.place, e.t, family);
  if (e.name === "task.return") checkTaskReturn(code, e);
  if (e.name === "future.write" && e.args.length + (e.at === null ? 0 : 1) < 2) {
    if (e.t?.tag !== "none") {
      fault(e.pos, "future.write needs a value", "write a value or `at PTR`; `<_>` carries none");
    }
  }
  for (const arg of e.args) checkValue(code, arg);
  if (e.at !== null) {
    checkMemoryUse(code, "`at`", e.at.pos);
    checkValue(code, e.at);
  }
}

/** The expressions directly inside `e`, for those that need no more than that. */
export function operands(e: Expr): readonly Expr[] {
  switch (e.tag) {
    case "text":
      return e.parts.filter((part) => typeof part !== "string");
    case "list":
    case "tuple":
      return e.items;
    case "record":
      return e.fields.map((f) => f.value);
    case "case":
      return e.value === null ? [] : [e.value];
    case "list-at":
      return [e.ptr, e.length];
    case "unary":
    case "field":
      return [e.value];
    case "binary":
      return [e.left, e.right];
    case "index":
      return [e.value, e.index];
    case "load":
      return [e.ptr];
    case "alloc":
      return [e.size, e.align];
    default:
      return [];
  }
}

function checkLabels(code: Code, e: Expr): void {
  const labels =
    e.tag === "flags" ? e.labels : e.tag === "record" ? e.fields.map((f) => f.label) : [];
  unique(
    labels,
    (label) => label,
    () => e.pos,
    "the label",
  );
  const { cases } = code.place.world;
  if (e.tag === "case" && !cases.has(e.label)) {
    const hint = didYouMean(e.label, cases);
    fault(e.pos, `no variant or enum has a case \`${e.label}\``, hint);
  }
}

function checkRest(code: Code, e: Expr): void {
  checkLabels(code, e);
  if (e.tag === "load") checkType(code.place, e.t);
  if (["load", "alloc", "list-at"].includes(e.tag)) checkMemoryUse(code, `\`${e.tag}\``, e.pos);
  for (const operand of operands(e)) checkValue(code, operand);
}

function checkAwaited(code: Code, e: Awaiting): void {
  checkAwaiting(code.kind, e);
  for (const value of awaitedBy(e)) checkExpr(code, value);
}

const silentVerbs: ReadonlySet<string> = new Set(["drop", "guard"]);

function checkStack(code: Code, { verb, number, call, pos }: Of<"stack">): void {
  if (code.place.within.length > 0) {
    fault(pos, `\`stack.${verb}\` outside the host`, "a guest does not know of stacks");
  }
  if (number !== null) checkValue(code, number);
  if (call !== null) checkExpr(code, call);
}

function checkCanonUse(code: Code, e: Of<"canon">): void {
  checkCanon(code.place, e);
  if (e.call !== null) checkExpr(code, e.call);
  for (const arg of e.args) checkValue(code, arg);
}

/** Stops at what today's design has and that of June 2022 has not. */
function checkDesignOf({ world }: Place, e: Expr): void {
  if (!is2022(world.scenario)) return;
  if (e.tag === "builtin") {
    fault(e.pos, `there is no \`${e.name}\` in June 2022`, `it has ${names2022.join(", ")}`);
  }
  if (e.tag === "call" && e.async) {
    fault(e.pos, "every call is async in June 2022", "leave `async` out; canon.lower is eager");
  }
}

/** Stops at the first mistake in `e`, whose value may be thrown away. */
export function checkExpr(code: Code, e: Expr): void {
  checkDesignOf(code.place, e);
  if (code.kind === "stackless") checkInStackless(e);
  if (e.tag === "name") checkName(code, e);
  else if (e.tag === "packed") checkPacked(code, e);
  else if (e.tag === "call") checkCall(code, e);
  else if (e.tag === "builtin") checkBuiltin(code, e);
  else if (e.tag === "canon") checkCanonUse(code, e);
  else if (e.tag === "stack") checkStack(code, e);
  else if (isAwaiting(e)) checkAwaited(code, e);
  else checkRest(code, e);
}

/** How many values `e` gives to `let`. */
export function valuesOf(code: Code, e: Expr): number {
  if (e.tag === "canon") return shapes2022[e.name].gives;
  if (e.tag === "stack") return silentVerbs.has(e.verb) ? 0 : 1;
  if (e.tag === "await") return valuesOf(code, e.value);
  if (e.tag === "builtin") return shapeOf(e.name)?.gives ?? 1;
  return e.tag === "call" && e.name.path.length > 1 ? callValues(code, e) : 1;
}

function callValues(code: Code, e: Of<"call">): number {
  const result = calledSignature(code.place, e)?.result ?? null;
  const hasResult = result !== null;
  if (e.async && code.place.within.length > 0) return hasResult ? 3 : 2;
  if (e.async) return 1;
  return hasResult ? tupleSize(result) : 0;
}

/** Names for all elements of a tuple, or one for all of it. */
function tupleSize(result: unknown): number {
  const { tag, ts } = result as { readonly tag: string; readonly ts?: readonly unknown[] };
  return tag === "tuple" && ts !== undefined ? ts.length : 1;
}

/** Stops at the first mistake in `e`, whose value is used. */
export function checkValue(code: Code, e: Expr): void {
  checkExpr(code, e);
  if (valuesOf(code, e) > 0) return;
  const name = e.tag === "builtin" ? e.name : e.tag === "call" ? e.name.path.join(".") : "this";
  const hint =
    name === "task.return"
      ? "an operand stands in parentheses: task.return (x + 1)"
      : "leave it alone on its line";
  fault(e.pos, `${name} gives no value`, hint);
}
