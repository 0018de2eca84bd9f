// Whole scenarios, well-formed by construction: every name is declared, every value is given.

import fc from "fast-check";
import { amendmentNames } from "../../../src/model/amendments.ts";
import type {
  Block,
  Check,
  Component,
  Condition,
  ExportDecl,
  FuncDecl,
  HostDecl,
  OutcomePattern,
  ResourceDecl,
  RunDecl,
  Scenario,
  Stmt,
  WasiArg,
  WasiDecl,
  WasiLine,
} from "../../../src/scenario/ast.ts";
import type { Expr } from "../../../src/scenario/ast-exprs.ts";
import type { Signature, TypeDecl, TypeExpr } from "../../../src/scenario/ast-types.ts";
import { constants } from "../../../src/scenario/constants.ts";
import { type BuiltinShape, shapes } from "../../../src/scenario/grammar-builtins.ts";
import { idOf } from "../../../src/scenario/grammar-scenario.ts";

const pos = { line: 1, column: 1 };

const specialTexts = [
  '"',
  "\\",
  "{",
  "}",
  "{{x}}",
  "\n",
  "\0",
  "'",
  "\u2028",
  "a{b",
  "\u00ad",
  "\u{10ffff}",
];
const specialDoubles = [
  0,
  -0,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  1e21,
];

/** Choices read off a list of numbers: when it is used up, the first choice is taken. */
class Draw {
  readonly #choices: readonly number[];
  #next = 0;

  constructor(choices: readonly number[]) {
    this.#choices = choices;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.upTo(items.length - 1)]!;
  }

  upTo(n: number): number {
    return (this.#choices[this.#next++] ?? 0) % (n + 1);
  }

  flip(): boolean {
    return this.upTo(1) === 1;
  }

  maybe<T>(make: () => T): T | null {
    return this.flip() ? make() : null;
  }

  some<T>(most: number, make: (i: number) => T, least = 0): T[] {
    return Array.from({ length: least + this.upTo(most - least) }, (_, i) => make(i));
  }

  integer(): bigint {
    const small = BigInt(this.upTo(40) - 20);
    const wide = BigInt.asIntN(64, small << BigInt(this.upTo(60)));
    return this.pick([small, small, wide, 2n ** 64n - 1n, -(2n ** 63n)]);
  }

  double(): number {
    const plain = (this.upTo(0xffff) - 0x8000) / 2 ** this.upTo(20);
    return this.pick([plain, plain * 1e30, plain * 1e-30, this.pick(specialDoubles)]);
  }

  char(): string {
    const code = this.pick([this.upTo(0x7f), this.upTo(0xffff), 0x10000 + this.upTo(0xffff)]);
    const scalar = code >= 0xd800 && code < 0xe000 ? 0x20 : code;
    const special = [...this.pick(specialTexts)][0]!;
    return this.pick([String.fromCodePoint(scalar), special]);
  }

  text(): string {
    return this.pick([this.some(4, () => this.char()).join(""), this.pick(specialTexts)]);
  }

  /** Distinct names of the pool. */
  names(pool: readonly string[], most: number, least = 0): string[] {
    const chosen = this.some(most, () => this.pick(pool), least);
    const all = [...new Set(chosen)];
    return all.length < least ? pool.slice(0, least) : all;
  }
}

const locals = "x w old-size log wait not and or else at cancellable stream task a2-b %".split(" ");
const variables: readonly string[] = [
  ...locals.slice(0, -1),
  "true",
  "nan",
  "async",
  "cancel",
  "if",
];
const labels = "x y and or type true read-only async at record".split(" ");
const caseLabels = "push pop load host-2 return log-it alloc".split(" ");
const typeNames = "point list record-2 stream t u8-list string-2".split(" ");
const resourceNames = ["r", "file", "and"];
const codes = ["stream.read.not-idle", "guest.unreachable", "future.write.dropped"];
const runNames = ["main", "other", "or", "run"];
const exportNames = ["run", "f", "post-return", "not", "put"];

/** What generated code may refer to. */
interface World {
  readonly d: Draw;
  readonly types: readonly TypeDecl[];
  readonly cases: readonly string[];
  /** the signatures of the other functions, by path */
  readonly imported: readonly { readonly path: readonly string[]; readonly sig: Signature }[];
  readonly resources: readonly string[];
  readonly funcs: readonly { readonly name: string; readonly arity: number }[];
  readonly vars: readonly string[];
  readonly host: boolean;
}

interface Place extends World {
  readonly scope: readonly string[];
  /** Inside a template there is no room for quotes. */
  readonly quotes: boolean;
  readonly depth: number;
}

const prims = [
  ..."bool s8 u8 s16 u16 s32 u32 s64 u64 f32 f64 char string error-context".split(" "),
];

function primType(text: string): TypeExpr {
  return { tag: "prim", name: text, pos } as TypeExpr;
}

function type(w: World, depth: number): TypeExpr {
  const { d } = w;
  const inner = (): TypeExpr => type(w, depth - 1);
  const simple: (() => TypeExpr)[] = [
    () => primType(d.pick(prims)),
    ...w.types.map((t) => (): TypeExpr => ({ tag: "named", name: { path: [t.name], pos }, pos })),
    ...w.resources.map((r) => (): TypeExpr => {
      const name = { path: [r], pos };
      return d.flip() ? { tag: "named", name, pos } : { tag: "own", resource: name, pos };
    }),
  ];
  if (depth === 0) return d.pick(simple)();
  return d.pick<() => TypeExpr>([
    ...simple,
    () => ({ tag: "list", t: inner(), length: d.maybe(() => 1 + d.upTo(9)), pos }),
    () => ({ tag: "tuple", ts: d.some(3, inner, 1), pos }),
    () => ({ tag: "option", t: inner(), pos }),
    () => ({ tag: "result", ok: d.maybe(inner), error: d.maybe(inner), pos }),
    () => ({ tag: "map", k: primType(d.pick(["u8", "string", "bool"])), v: inner(), pos }),
    () => ({ tag: "stream", t: d.maybe(() => primType("u16")), pos }),
    () => ({ tag: "future", t: d.maybe(inner), pos }),
  ])();
}

function declaration(w: World, name: string): TypeDecl {
  const { d } = w;
  const t = (): TypeExpr => type(w, 1);
  const some = (pool: readonly string[]): string[] => d.names(pool, 3, 1);
  const meaning = d.pick<() => TypeDecl["body"]>([
    () => ({ tag: "record", fields: some(labels).map((label) => ({ label, t: t() })) }),
    () => ({ tag: "variant", cases: some(caseLabels).map((label) => ({ label, t: d.maybe(t) })) }),
    () => ({ tag: "enum", labels: some(caseLabels) }),
    () => ({ tag: "flags", labels: some(labels) }),
    () => ({ tag: "alias", t: t() }),
  ])();
  return { name, body: meaning, pos };
}

function declarations(w: World): TypeDecl[] {
  const found: TypeDecl[] = [];
  for (const name of w.d.names(typeNames, 3)) found.push(declaration({ ...w, types: found }, name));
  return found;
}

function casesOf(types: readonly TypeDecl[]): string[] {
  return types.flatMap((t) => {
    if (t.body.tag === "variant") return t.body.cases.map((c) => c.label);
    return t.body.tag === "enum" ? t.body.labels : [];
  });
}

function signature(w: World, async: boolean): Signature {
  const { d } = w;
  const names = d.names(
    locals.filter((n) => n !== "%"),
    2,
  );
  const borrowed = w.resources.map((r): TypeExpr => {
    return { tag: "borrow", resource: { path: [r], pos }, pos };
  });
  const params = names.map((name) => ({
    name,
    t: borrowed.length > 0 && d.flip() ? d.pick(borrowed) : type(w, 2),
  }));
  return { async, params, result: d.maybe(() => type(w, 2)) };
}

function literal(p: Place): Expr {
  const { d } = p;
  const plain: (() => Expr)[] = [
    () => ({ tag: "int", value: d.integer(), pos }),
    () => ({ tag: "float", value: d.double(), pos }),
    () => ({ tag: "bool", value: d.flip(), pos }),
    () => ({ tag: "constant", name: d.pick(Object.keys(constants)) as "NONE", pos }),
    () => ({ tag: "flags", labels: d.names(labels, 2), pos }),
  ];
  const quoted: (() => Expr)[] = [
    () => ({ tag: "text", parts: [d.text()], pos }),
    () => ({ tag: "char", value: d.char(), pos }),
  ];
  return d.pick(p.quotes ? [...plain, ...quoted] : plain)();
}

function compound(p: Place, item: () => Expr): Expr {
  const { d } = p;
  const cases = ["some", "none", "ok", "error", ...p.cases];
  return d.pick<() => Expr>([
    () => ({ tag: "list", items: d.some(3, item), pos }),
    () => ({ tag: "tuple", items: d.some(3, item, 1), pos }),
    () => ({
      tag: "record",
      fields: d.names(labels, 2, 1).map((label) => ({ label, value: item() })),
      pos,
    }),
    () => ({ tag: "case", label: d.pick(cases), value: d.maybe(item), pos }),
    () => ({
      tag: "packed",
      result: { tag: "constant", name: d.pick(["COMPLETED", "DROPPED", "CANCELLED"]), pos },
      progress: { tag: "int", value: BigInt(d.upTo(9)), pos },
      pos,
    }),
  ])();
}

/** A constant: of a `var` or `run` line, or an entry of an expected log. */
function constant(p: Place, depth = 2): Expr {
  if (depth === 0 || p.d.flip()) return literal(p);
  return compound(p, () => constant(p, depth - 1));
}

function local(p: Place): Expr {
  const known = [...p.scope, ...p.vars].filter((n) => n !== "_");
  return known.length === 0 ? literal(p) : { tag: "name", name: p.d.pick(known), pos };
}

/** What stands before `|`: not one of the constants that carry no progress. */
function progressive(p: Place): Expr {
  const found = local(p);
  return found.tag === "constant" ? { tag: "int", value: 1n, pos } : found;
}

function template(p: Place): Expr {
  const { d } = p;
  const inside: Place = { ...p, quotes: false, depth: 1 };
  const holes = d.some(2, () => value(inside));
  const parts = holes.flatMap((hole) => [hole, d.text()]);
  return { tag: "text", parts: [d.text(), ...parts], pos };
}

function call(p: Place, wanted: "value" | "any"): Expr | null {
  const { d } = p;
  const inner = deeper(p);
  const cores = p.funcs.map((f) => ({ path: [f.name], arity: f.arity, result: true, core: true }));
  const imported = p.imported.map(({ path, sig }) => ({
    path,
    arity: sig.params.length,
    result: sig.result !== null,
    core: false,
  }));
  const choices = [...cores, ...imported];
  if (choices.length === 0) return null;
  const target = d.pick(choices);
  const async = !target.core && (d.flip() || (wanted === "value" && !target.result));
  const args = Array.from({ length: target.arity }, () => value(inner));
  return { tag: "call", async, name: { path: target.path, pos }, args, pos };
}

const hostNames = ["stream.new", "stream.read", "future.write", "task.cancel", "subtask.drop"];

function builtinType(p: Place, shape: BuiltinShape): TypeExpr | null {
  const { d } = p;
  if (shape.type === "resource")
    return { tag: "named", name: { path: [p.resources[0]!], pos }, pos };
  if (shape.operands === "result") return primType("u32");
  if (shape.type === null || d.flip()) return null;
  return d.flip() ? { tag: "none", pos } : primType(d.pick(["u8", "string", "u32"]));
}

function operandCount(shape: BuiltinShape, at: boolean): number {
  if (typeof shape.operands === "number") return shape.operands;
  if (shape.operands === "copy") return 2;
  if (shape.operands === "future-write") return at ? 1 : 2;
  return 1;
}

function builtin(p: Place, gives: 0 | 1): Expr {
  const { d } = p;
  const inner = deeper(p);
  const names = Object.keys(shapes) as (keyof typeof shapes)[];
  const usable = names.filter((n) => {
    const known = p.host ? hostNames.includes(n) : gives === 0 || n !== "task.return";
    return (
      known && shapes[n].gives >= gives && (shapes[n].type !== "resource" || p.resources.length > 0)
    );
  });
  const chosen = d.pick(usable);
  const shape = shapes[chosen];
  const buffered = typeof shape.operands === "string" && shape.operands !== "result" && !p.host;
  const at = buffered ? d.maybe(() => value(inner)) : null;
  const args = Array.from({ length: operandCount(shape, at !== null) }, () => value(inner));
  return {
    tag: "builtin",
    name: chosen,
    async: shape.async && d.flip(),
    cancellable: shape.cancellable && d.flip(),
    t: builtinType(p, shape),
    args,
    at,
    pos,
  };
}

function deeper(p: Place): Place {
  return { ...p, depth: p.depth - 1 };
}

const binaries = ["==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "and", "or"] as const;

function operation(p: Place): Expr {
  const { d } = p;
  const inner = (): Expr => value(deeper(p));
  const memory: (() => Expr)[] = [
    () => ({ tag: "load", t: type(p, 1), ptr: inner(), pos }),
    () => ({ tag: "alloc", size: inner(), align: inner(), pos }),
    () => ({ tag: "list-at", ptr: inner(), length: inner(), pos }),
  ];
  return d.pick<() => Expr>([
    () => ({ tag: "unary", op: d.pick(["not", "-"] as const), value: inner(), pos }),
    () => ({ tag: "binary", op: d.pick(binaries), left: inner(), right: inner(), pos }),
    () => ({ tag: "index", value: inner(), index: inner(), pos }),
    () => ({ tag: "field", value: inner(), label: d.pick(labels), pos }),
    () => ({
      tag: "packed",
      result: progressive(p),
      progress: inner(),
      pos,
    }),
    () => call(p, "value") ?? literal(p),
    () => builtin(p, 1),
    () => compound(p, inner),
    ...(p.quotes ? [() => template(p)] : []),
    ...(p.host ? [] : memory),
  ])();
}

function value(p: Place): Expr {
  if (p.depth <= 0) return p.d.flip() ? local(p) : literal(p);
  return p.d.pick([local, literal, operation, operation])(p);
}

type Kind = "sync" | "stackful" | "callback" | "core" | "host" | "process";

interface Code extends Place {
  readonly kind: Kind;
  readonly result: boolean | null;
  readonly loop: boolean;
}

function letStmt(c: Code): Stmt {
  const { d } = c;
  const pool = locals.filter((n) => n !== "%");
  const pairs = d.flip();
  const value2: Expr = {
    tag: "builtin",
    name: "stream.new",
    async: false,
    cancellable: false,
    t: null,
    args: [],
    at: null,
    pos,
  };
  const names = pairs ? d.names(pool, 2, 2) : [d.pick([...pool, "_"])];
  return { tag: "let", names, value: pairs ? value2 : value(c), pos };
}

function nested(c: Code): Block {
  return block({ ...c, depth: c.depth - 1 }, 2);
}

function simpleStmt(c: Code): Stmt {
  const { d } = c;
  const known = [...c.scope, ...c.vars].filter((n) => n !== "_");
  const kept = c.scope.filter((n) => c.vars.includes(n));
  const returned = c.result === null ? d.maybe(() => value(c)) : c.result ? value(c) : null;
  const choices: (() => Stmt)[] = [
    () => letStmt(c),
    () => ({ tag: "expr", value: d.flip() ? (call(c, "any") ?? value(c)) : builtin(c, 0), pos }),
    () => ({ tag: "log", value: value(c), pos }),
    () => ({ tag: d.pick(["unreachable", "throw"] as const), pos }),
  ];
  if (known.length > 0) {
    choices.push(() => ({ tag: "assign", name: d.pick(known), value: value(c), pos }));
  }
  if (kept.length > 0) choices.push(() => ({ tag: "keep", name: d.pick(kept), pos }));
  if (!["stackful", "callback"].includes(c.kind)) {
    choices.push(() => ({ tag: "return", value: returned, pos }));
  }
  if (c.kind === "callback") choices.push(() => ending(c));
  if (c.loop) choices.push(() => ({ tag: "break", pos }));
  if (c.host) choices.push(() => awaitStmt(c));
  else choices.push(() => ({ tag: "store", t: type(c, 1), ptr: value(c), value: value(c), pos }));
  return d.pick(choices)();
}

function awaitStmt(c: Code): Stmt {
  const { d } = c;
  const words = [{ tag: "cancel" }, { tag: "idle" }] as const;
  if (c.vars.length === 0 || d.flip()) return { tag: "await", what: d.pick(words), pos };
  const equals = d.maybe(() => d.upTo(20) - 10);
  return { tag: "await", what: { tag: "variable", name: d.pick(c.vars), equals }, pos };
}

function ending(c: Code): Stmt {
  const { d } = c;
  if (d.flip()) return { tag: "wait", set: value(c), pos };
  return { tag: d.pick(["exit", "yield"] as const), pos };
}

function statement(c: Code): Stmt {
  const { d } = c;
  if (c.depth <= 0 || d.flip()) return simpleStmt(c);
  const loop = { ...c, loop: true };
  return d.pick<() => Stmt>([
    // biome-ignore lint/suspicious/noThenProperty: the syntax tree's word for it.
    () => ({ tag: "if", condition: value(c), then: nested(c), otherwise: nested(c), pos }),
    () => ({ tag: "repeat", count: value(c), body: nested(loop), pos }),
    () => ({ tag: "while", condition: value(c), body: nested(loop), pos }),
    () => ({ tag: "choose", options: d.some(3, () => nested(c), 1), pos }),
  ])();
}

function block(c: Code, most: number): Block {
  const stmts: Stmt[] = [];
  let scope = c.scope;
  for (let n = c.d.upTo(most); n > 0; n--) {
    const stmt = statement({ ...c, scope });
    if (stmt.tag === "let") scope = [...scope, ...stmt.names];
    stmts.push(stmt);
  }
  return stmts;
}

function body(w: World, kind: Kind, params: readonly string[], result: boolean | null): Block {
  const c: Code = { ...w, kind, result, scope: params, quotes: true, depth: 2, loop: false };
  const stmts = block(c, 3);
  return kind === "callback" ? [...stmts, ending(c)] : stmts;
}

function exported(w: World, text: string, async: boolean, sig: Signature): ExportDecl {
  const { d } = w;
  const mode = async ? d.pick(["sync", "stackful", "callback"] as const) : "sync";
  const params = sig.params.map((p) => p.name);
  const event = d.names(["e", "i", "p", "x", "_"], 3, 3) as [string, string, string];
  const names: [string, string, string] = event.length === 3 ? event : ["e", "i", "p"];
  const returns = mode === "sync" ? sig.result !== null : null;
  return {
    tag: "export",
    name: text,
    sig,
    mode,
    body: body(w, mode, params, returns),
    onEvent: mode === "callback" ? { params: names, body: body(w, mode, names, null) } : null,
    postReturn: mode === "sync" && d.flip() ? body(w, "core", [], false) : null,
    pos,
  };
}

function func(w: World, text: string, arity: number): FuncDecl {
  const params = variables.slice(0, arity);
  return { tag: "func", name: text, params, body: body(w, "core", params, null), pos };
}

function resource(w: World, text: string): ResourceDecl {
  const dtor = w.d.maybe(() => ({ param: "rep", body: body(w, "core", ["rep"], false) }));
  return { tag: "resource", name: text, dtor, pos };
}

function vars(w: World, names: readonly string[]): Component["vars"] {
  const p: Place = { ...w, scope: [], quotes: true, depth: 0 };
  return names.map((text) => ({ name: text, value: constant(p), pos }));
}

interface Skeleton {
  readonly name: string;
  readonly resources: readonly string[];
  readonly exports: readonly { readonly name: string; readonly sig: Signature }[];
  readonly funcs: World["funcs"];
  readonly vars: readonly string[];
}

function skeleton(w: World, text: string): Skeleton {
  const { d } = w;
  const resources = d.names(resourceNames, 2);
  const inside = { ...w, resources };
  return {
    name: text,
    resources,
    exports: d.names(exportNames, 3).map((n) => ({ name: n, sig: signature(inside, d.flip()) })),
    funcs: d.names(["worker", "log", "store", "g"], 2).map((n) => ({ name: n, arity: d.upTo(3) })),
    vars: d.names(variables, 3),
  };
}

function component(
  w: World,
  s: Skeleton,
  imports: readonly string[],
  child: Component[],
): Component {
  const { d } = w;
  const inside: World = { ...w, resources: s.resources, funcs: s.funcs, vars: s.vars };
  const bare = {
    tag: "func",
    name: "realloc",
    params: ["old", "old-size", "align", "size"],
  } as const;
  return {
    name: s.name,
    memory: { bytes: d.pick([4096, 1024, 1]), address: d.pick(["i32", "i64"] as const) },
    encoding: d.pick(["utf8", "utf16", "latin1+utf16"] as const),
    vars: vars(inside, s.vars),
    resources: s.resources.map((n) => resource(inside, n)),
    imports: imports.map((n) => ({ name: n, pos })),
    exports: s.exports.map((e) => exported(inside, e.name, e.sig.async, e.sig)),
    funcs: s.funcs.map((f) => func(inside, f.name, f.arity)),
    realloc: d.maybe(() => ({ ...bare, body: body(inside, "core", bare.params, null), pos })),
    children: child,
    pos,
  };
}

function calls(path: readonly string[], s: Skeleton): World["imported"][number][] {
  return s.exports.map((e) => ({ path: [...path, e.name], sig: e.sig }));
}

function host(w: World, sigs: readonly { name: string; sig: Signature }[]): HostDecl {
  const { d } = w;
  const names = d.names(variables, 3);
  const inside: World = { ...w, host: true, resources: [], funcs: [], vars: names };
  return {
    vars: vars(inside, names),
    funcs: sigs.map(({ name: text, sig }) => ({
      name: text,
      sig,
      cancellable: d.flip(),
      body: body(
        inside,
        "host",
        sig.params.map((p) => p.name),
        sig.result !== null,
      ),
      pos,
    })),
    cancelCopy: d.pick(["either", "at-once", "defer"] as const),
    processes: d.names(["driver", "timer"], 2).map((text) => ({
      name: text,
      body: body(inside, "process", [], false),
      pos,
    })),
    pos,
  };
}

function outcome(p: Place, roots: readonly string[]): OutcomePattern {
  const { d } = p;
  const end = d.pick<() => OutcomePattern["end"]>([
    () => ({ tag: "ok" }),
    () => ({ tag: "diverges" }),
    () => ({ tag: "traps", code: d.pick(codes) }),
    () => ({ tag: "bug", code: d.pick(["A40", "guest.unreachable"]) }),
    () => (roots.length === 0 ? { tag: "ok" } : { tag: "stuck", roots: stuck(d, roots) }),
  ])();
  return { log: d.some(3, () => constant(p)), end, pos };
}

function stuck(d: Draw, roots: readonly string[]): string[] {
  const chosen = roots.filter(() => d.flip());
  return chosen.length === 0 ? [roots[0]!] : chosen;
}

function condition(p: Place, roots: readonly string[], depth = 2): Condition {
  const { d } = p;
  const entry = (): Expr => constant(p);
  const sub = (): Condition => condition(p, roots, depth - 1);
  const simple: (() => Condition)[] = [
    () => ({ tag: "outcome", outcome: outcome(p, roots), pos }),
    () => ({ tag: "log", log: d.some(3, entry), pos }),
    () => ({ tag: "contains", entry: entry(), pos }),
    () => ({ tag: "before", first: entry(), second: entry(), pos }),
    () => ({ tag: "traps", code: d.maybe(() => d.pick(codes)), pos }),
    () => ({ tag: "bug", code: d.maybe(() => "A40"), pos }),
    () => ({ tag: "stuck", root: roots.length === 0 ? null : d.maybe(() => d.pick(roots)), pos }),
    () => ({ tag: d.pick(["diverges", "ok"] as const), pos }),
    () => ({ tag: "leaks", what: d.maybe(() => d.pick(["subtask", "thread"])), pos }),
  ];
  if (depth === 0 || d.flip()) return d.pick(simple)();
  return d.pick<() => Condition>([
    () => ({ tag: "not", of: sub(), pos }),
    () => ({ tag: d.pick(["and", "or"] as const), left: sub(), right: sub(), pos }),
  ])();
}

function under(d: Draw): Check["under"] {
  const old = { base: "6d28164", plus: amendmentNames.slice(0, d.upTo(3)), minus: [], pos };
  const recent = { base: "d1daf829", plus: [], minus: d.flip() ? ["CM#687", "CM#705"] : [], pos };
  return d.maybe(() => (d.flip() ? old : recent));
}

function settings(d: Draw): Check["settings"] {
  const known = [
    { name: "pin", value: "op", pos },
    { name: "faults", value: "2", pos },
    { name: "variant", value: "V3-pinned", pos },
  ];
  return known.slice(d.upTo(4));
}

/** Lines that the checker accepts, in some order that makes sense. */
function wasi(d: Draw): WasiDecl {
  const text = (of: string): WasiArg => ({ tag: "text", text: of, pos });
  const bare = (of: string): WasiArg => ({ tag: "word", text: of, pos });
  const line = (name: string, ...args: readonly WasiArg[]): WasiLine => ({ word: name, args, pos });
  const all = [
    line("directory", text("d")),
    line("file", text("d/a b"), text(d.text())),
    line("file", text("empty")),
    line("link", text("hard"), text("empty")),
    line("symlink", text("soft"), text(d.text())),
    line("preopen", text("/"), text("d"), bare("read-only")),
    line("stdin", text(d.text()), bare("closed")),
    line("quota", bare("10")),
    line("deny", bare("not")),
    line("set", bare("order"), bare("stream-first")),
    line("profile", bare("wasmtime")),
    line("variant", bare("V1")),
  ];
  return { lines: all.slice(0, d.upTo(all.length + 1)), pos };
}

function checks(p: Place, roots: readonly string[], hasWorld: boolean): Check[] {
  const quantifiers = ["always", "sometimes", "never"] as const;
  const { d } = p;
  const plain = d.some(3, (): Check => {
    const quantifier = d.pick(quantifiers);
    const limits = { under: under(d), settings: hasWorld ? settings(d) : [] };
    return { ...limits, quantifier, condition: condition(p, roots), outcomes: [], pos };
  });
  const outcomes = d.some(3, () => outcome(p, roots));
  const limits = { under: under(d), settings: [] };
  const exact: Check = { ...limits, quantifier: "exactly", condition: null, outcomes, pos };
  return outcomes.length === 0 ? plain : [...plain, exact];
}

function runs(p: Place, s: Skeleton): RunDecl[] {
  const { d } = p;
  if (s.exports.length === 0) return [];
  return d.names(runNames, 3).map((text) => {
    const target = d.pick(s.exports);
    const args = target.sig.params.map(() => constant(p));
    return { name: text, func: { path: [s.name, target.name], pos }, args, pos };
  });
}

/** Maybe a second run that differs from the first in its name only, declared to be the same. */
function withTwin(
  d: Draw,
  some: readonly RunDecl[],
): { readonly invoked: readonly RunDecl[]; readonly symmetric: Scenario["symmetric"] } {
  const [first] = some;
  if (first === undefined || d.flip()) return { invoked: some, symmetric: [] };
  const twin = { ...first, name: "twin" };
  return { invoked: [...some, twin], symmetric: [{ names: [first.name, "twin"], pos }] };
}

function build(choices: readonly number[]): Scenario {
  const d = new Draw(choices);
  const empty = { d, types: [], cases: [], imported: [], resources: [], funcs: [], vars: [] };
  const types = declarations({ ...empty, host: false });
  const w: World = { ...empty, types, cases: casesOf(types), host: false };
  const [a, b, inside] = [skeleton(w, "A"), skeleton(w, "Bee"), skeleton(w, "Child")];
  const sigs = d.names(["slow", "at"], 2).map((n) => ({ name: n, sig: signature(w, d.flip()) }));
  const hosted = d.flip();
  const hostCalls = sigs.map(({ name: n, sig }) => ({ path: ["host", n], sig }));
  const toB = [...calls(["Bee"], b), ...calls(["Bee", "Child"], inside)];
  const world = d.maybe(() => wasi(d));
  const interfaces = world === null ? [] : ["wasi:filesystem/types", "wasi:cli/stdin@0.3.0"];
  const child = component({ ...w, imported: calls(["A"], a) }, inside, ["A"], []);
  const components = [
    component(
      { ...w, imported: hosted ? [...toB, ...hostCalls] : toB },
      a,
      [...(hosted ? ["Bee", "host"] : ["Bee"]), ...interfaces],
      [],
    ),
    component({ ...w, imported: calls(["Child"], inside) }, b, [], [child]),
  ];
  const outside = [...calls(["A"], a), ...toB];
  const decl = hosted ? host({ ...w, imported: outside }, sigs) : null;
  const p: Place = { ...w, scope: [], quotes: true, depth: 0 };
  const { invoked, symmetric } = withTwin(d, runs(p, a));
  const roots = [...(decl?.processes ?? []), ...invoked].map((r) => r.name);
  const title = d.pick([d.text(), "STR-04 a title", "CAN-2b", "x STR-04"]);
  return {
    title,
    id: idOf(title),
    types,
    components,
    host: decl,
    wasi: world,
    runs: invoked,
    symmetric,
    expects: d.names(["bugs", "deadlock", "or"], 2),
    only: d.maybe(() => ["6d28164", "d1daf829"]),
    checks: checks(p, roots, world !== null),
    pos,
  };
}

/** Scenarios that parse, pass the checker, and hold every kind of node. */
export function scenario(): fc.Arbitrary<Scenario> {
  return fc.array(fc.nat(0xffff), { maxLength: 2000, size: "max" }).map(build);
}
