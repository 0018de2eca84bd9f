// Statements: where each may stand, which names it binds, how a callback ends.

import { didYouMean } from "../wit/spelling.ts";
import type { Block, Stmt } from "./ast.ts";
import type { Expr } from "./ast-exprs.ts";
import type { Pos, TypeExpr } from "./ast-types.ts";
import { type Code, checkExpr, checkValue, inScope, knownNames, valuesOf } from "./check-exprs.ts";
import { type Place, unique } from "./check-names.ts";
import { checkStacklessOnly } from "./check-stackless.ts";
import { checkType } from "./check-types.ts";
import { fault } from "./errors.ts";
import { is2022 } from "./proposal-2022/types.ts";

type Of<T extends Stmt["tag"]> = Extract<Stmt, { tag: T }>;

/** Whose body it is. */
export type BodyKind = "sync" | "stackful" | "callback" | "stackless" | "core" | "host" | "process";

export interface Body extends Code {
  readonly kind: BodyKind;
  /** The result of `return`; undefined when anything goes. */
  readonly result: TypeExpr | null | undefined;
  readonly loops: number;
}

const callbackEnd = "a callback body ends with exit, yield or wait";

/** A name that may be bound: not a constant's spelling, not a case. */
export function checkBinder(place: Place, name: string, pos: Pos): void {
  if (/^[A-Z]/.test(name)) {
    fault(
      pos,
      `\`${name}\` begins with an upper-case letter`,
      "those are components and constants",
    );
  }
  if (place.world.cases.has(name)) {
    fault(pos, `\`${name}\` is a case of a variant or enum`, "give the variable another name");
  }
}

function checkLet(body: Body, { names, value, pos }: Of<"let">): void {
  checkExpr(body, value);
  const given = valuesOf(body, value);
  if (names.length > given) {
    const many = given === 0 ? "no value" : given === 1 ? "only 1 value" : `only ${given} values`;
    const what = value.tag === "builtin" ? value.name : "this";
    fault(pos, `${what} gives ${many}, not ${names.length}`, letHint(value, given));
  }
  unique(
    names,
    (name) => name,
    () => pos,
    "the name",
  );
  for (const name of names) {
    checkBinder(body.place, name, pos);
    body.scope.names.add(name);
  }
}

function letHint(value: Expr, given: number): string {
  if (value.tag !== "call") return `give at most ${given} names`;
  return value.async
    ? "an async call gives state, subtask and, with a result, its pointer"
    : "a sync call gives its result; `async` gives state, subtask, pointer";
}

function checkAssign(body: Body, { name, value, pos }: Of<"assign">): void {
  checkValue(body, value);
  if (inScope(body.scope, name) || body.place.variables.has(name)) return;
  const hint = didYouMean(name, knownNames(body), `a new local is written \`let ${name} = ..\``);
  fault(pos, `there is no variable \`${name}\` here`, hint);
}

function checkKeep(body: Body, { name, pos }: Of<"keep">): void {
  if (inScope(body.scope, name)) return;
  const hint = didYouMean(name, body.scope.names, `first \`let ${name} = ..\``);
  fault(pos, `there is no local \`${name}\` to keep`, hint);
}

function checkReturn(body: Body, { value, pos }: Of<"return">): void {
  if (body.kind === "callback") fault(pos, "`return` in a callback body", callbackEnd);
  if (body.kind === "stackful") {
    const hint = is2022(body.place.world.scenario) ? "canon.return t ptr" : "use `task.return`";
    fault(pos, "`return` in a stackful body", `${hint}; the body ends by itself`);
  }
  if (value !== null) checkValue(body, value);
  if (body.result === null && value !== null) {
    fault(pos, "there is no result to return here", "the signature has no `-> T`");
  }
  if (body.result && value === null) fault(pos, "`return` needs a value here", "return EXPR");
}

function checkCallbackWord(body: Body, pos: Pos, word: string): void {
  if (word === "yield" && is2022(body.place.world.scenario)) {
    fault(pos, "nothing yields in June 2022", "a callback body ends with `wait CLOSURE` or `exit`");
  }
  if (word === "yield" && body.kind === "stackless") return;
  if (body.kind === "callback") return;
  const hint =
    word === "yield" ? "elsewhere it is `thread.yield`" : "only those return to the loop";
  fault(
    pos,
    `\`${word}\` outside a callback body`,
    word === "wait" ? "use waitable-set.wait" : hint,
  );
}

function inHost(body: Body): boolean {
  return body.kind === "host" || body.kind === "process";
}

function checkAwait(body: Body, { what, pos }: Of<"await">): void {
  if (!inHost(body)) {
    fault(pos, "`await` outside the host", "a guest waits with waitable-set.wait");
  }
  if (what.tag !== "variable" || body.place.variables.has(what.name)) return;
  const hint = didYouMean(what.name, body.place.variables, `declare it: var ${what.name} = 0`);
  fault(pos, `the host has no variable \`${what.name}\``, hint);
}

function checkIf(body: Body, { condition, then, otherwise }: Of<"if">): void {
  checkValue(body, condition);
  checkBlock(body, then);
  checkBlock(body, otherwise);
}

function checkLoop(body: Body, bound: Expr, inner: Block): void {
  checkValue(body, bound);
  checkBlock({ ...body, loops: body.loops + 1 }, inner);
}

function checkStore(body: Body, { t, ptr, value, pos }: Of<"store">): void {
  if (inHost(body))
    fault(pos, "`store` in the host, which has no linear memory", "keep values in `var`s");
  checkType(body.place, t);
  checkValue(body, ptr);
  checkValue(body, value);
}

type Checkers = { readonly [T in Stmt["tag"]]: (body: Body, s: Of<T>) => void };

const nothing = (): void => undefined;

const checkers: Checkers = {
  let: checkLet,
  assign: checkAssign,
  keep: checkKeep,
  expr: (body, s) => checkExpr(body, s.value),
  log: (body, s) => checkValue(body, s.value),
  if: checkIf,
  repeat: (body, s) => checkLoop(body, s.count, s.body),
  while: (body, s) => checkLoop(body, s.condition, s.body),
  break: (body, s) => {
    if (body.loops === 0) fault(s.pos, "`break` outside a loop", "it ends `repeat` and `while`");
  },
  return: checkReturn,
  exit: (body, s) => checkCallbackWord(body, s.pos, "exit"),
  yield: (body, s) => checkCallbackWord(body, s.pos, "yield"),
  wait: (body, s) => {
    if (!inHost(body)) checkCallbackWord(body, s.pos, "wait");
    checkValue(body, s.set);
  },
  unreachable: nothing,
  throw: nothing,
  store: checkStore,
  "give-up": (body, s) => {
    checkStacklessOnly(body.kind, s.how, s.pos);
    checkValue(body, s.call);
  },
  spawn: (body, s) => {
    checkStacklessOnly(body.kind, "spawn", s.pos);
    checkBlock({ ...body, result: null, loops: 0 }, s.body);
  },
  choose: (body, s) => {
    for (const option of s.options) checkBlock(body, option);
  },
  await: checkAwait,
};

function checkBlock(body: Body, block: Block): void {
  const inner = { ...body, scope: { names: new Set<string>(), outer: body.scope } };
  for (const stmt of block) (checkers[stmt.tag] as (b: Body, s: Stmt) => void)(inner, stmt);
}

function breaks(block: Block): boolean {
  return block.some((s) => {
    if (s.tag === "if") return breaks(s.then) || breaks(s.otherwise);
    return s.tag === "break" || (s.tag === "choose" && s.options.some(breaks));
  });
}

/** Whether nothing comes after `block`. */
function ends(block: Block): boolean {
  return block.some((s) => {
    if (s.tag === "if") return ends(s.then) && ends(s.otherwise);
    if (s.tag === "choose") return s.options.every(ends);
    if (s.tag === "while") {
      return s.condition.tag === "bool" && s.condition.value && !breaks(s.body);
    }
    return ["exit", "yield", "wait", "unreachable", "throw"].includes(s.tag);
  });
}

export interface BodyShape {
  readonly place: Place;
  readonly kind: BodyKind;
  readonly params: readonly string[];
  /** What `return` gives back; undefined when anything goes. */
  readonly result: TypeExpr | null | undefined;
  /** What `task.return` gives back; undefined when that is not known. */
  readonly returns: TypeExpr | null | undefined;
  readonly pos: Pos;
}

/** A function's whole body. */
export function checkBody(shape: BodyShape, block: Block): void {
  const { place, params, pos } = shape;
  unique(
    params,
    (name) => name,
    () => pos,
    "the parameter",
  );
  for (const name of params) checkBinder(place, name, pos);
  checkBlock({ ...shape, scope: { names: new Set(params), outer: null }, loops: 0 }, block);
  if (shape.kind === "callback" && !ends(block)) {
    fault(block.at(-1)?.pos ?? pos, "this callback body runs off its end", callbackEnd);
  }
}
