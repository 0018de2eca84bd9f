// Random programs for the components of a random system: plans of numbers made into statements.

import fc from "fast-check";
import type { Block, Stmt } from "../../../src/scenario/ast.ts";
import type { Expr } from "../../../src/scenario/ast-exprs.ts";
import type { Pos, TypeExpr } from "../../../src/scenario/ast-types.ts";

export const pos: Pos = { line: 1, column: 1 };

/** What the programs do, the harmless first: shrinking goes there. */
const guestOps = [
  ...["log", "log-handle", "keep", "keep"],
  ...["set.new", "set.wait", "set.poll", "set.drop", "join", "join", "unjoin"],
  ...["new", "read", "read", "write", "write", "cancel-copy", "cancel-copy", "cancel-copy"],
  ...["pipe", "pipe", "await-copy", "await-copy", "await-copy", "stream-call", "stream-call"],
  ...["drop-end", "drop-end", "forward", "future", "future", "read-handles"],
  ...[
    "call",
    "call",
    "async-call",
    "async-call",
    "async-call",
    "async-call",
    "await-call",
    "await-call",
  ],
  ...["cancel-call", "cancel-call", "subtask.cancel", "subtask.drop", "return", "task.cancel"],
  ...["backpressure", "backpressure", "context", "error", "resource", "resource", "core"],
  ...["thread.new", "thread.new", "thread.resume", "thread.block", "thread.block", "thread.switch"],
  ...["if", "choose", "repeat", "memory", "trap"],
] as const;

const hostOps = [
  ...["log", "set", "set", "await", "call", "async-call", "async-call", "wait", "cancel"],
  ...["new", "read", "read", "write", "write", "drop", "cancel-copy", "choose", "return"],
] as const;

/** One statement to be: numbers that mean something only in their place. */
export interface Plan {
  readonly op: string;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  /** 0: with operands that may be stale, wrong or zero */
  readonly odd: number;
}

function anyPlan(ops: readonly string[]): fc.Arbitrary<Plan> {
  return fc.record({
    op: fc.constantFrom(...ops),
    a: fc.nat(7),
    b: fc.nat(7),
    c: fc.nat(7),
    odd: fc.nat(24).map((n) => 24 - n),
  });
}

export const guestPlan: fc.Arbitrary<Plan> = anyPlan(guestOps);
export const hostPlan: fc.Arbitrary<Plan> = anyPlan(hostOps);

/** What a value is for: `num`, `set`, `subtask`, `rs:u8` (readable stream of u8), `own:0`, .. */
export type Kind = string;

export const payloads = ["u8", "u32", "string", "unit", "future", "own"] as const;
export type Payload = (typeof payloads)[number];

/** A function that programs may call. */
export interface Callable {
  readonly path: readonly string[];
  readonly params: readonly Kind[];
  readonly result: Kind | null;
  /** functions call only those of a higher rank, so that every run ends */
  readonly rank: number;
}

interface Local {
  readonly name: string;
  readonly kind: Kind;
}

/** The place where a program is built. */
export interface Place {
  readonly rank: number;
  readonly mode: "sync" | "stackful" | "callback" | "core";
  readonly result: Kind | null;
  /** leaves call nothing, drop no resources and start no threads */
  readonly leaf: boolean;
  readonly callables: readonly Callable[];
  /** names of core functions with one parameter */
  readonly threads: readonly string[];
  /** a resource of this component, and how all of them are written here */
  readonly own: number | null;
  readonly resources: readonly { readonly type: TypeExpr; readonly make: Callable | null }[];
  /** collects the variables that the component needs */
  readonly vars: Map<string, Kind>;
}

/** A copy that may be in progress: its first result says so. */
interface Copy {
  readonly result: Expr;
  readonly end: Expr;
  readonly side: Side;
  readonly p: Payload;
}

interface Program {
  readonly place: Place;
  readonly plans: Plan[];
  readonly counter: { n: number };
  /** how far this program itself has raised the backpressure */
  raised: number;
  returned: boolean;
}

export const int = (n: number): Expr => ({ tag: "int", value: BigInt(n), pos });
export const name = (n: string): Expr => ({ tag: "name", name: n, pos });
export const text = (s: string): Expr => ({ tag: "text", parts: [s], pos });
export const stmt = (value: Expr): Stmt => ({ tag: "expr", value, pos });
export const assign = (n: string, value: Expr): Stmt => ({ tag: "assign", name: n, value, pos });
export const log = (value: Expr): Stmt => ({ tag: "log", value, pos });
export function when(test: Expr, yes: Block, no: Block = []): Stmt {
  // biome-ignore lint/suspicious/noThenProperty: the syntax tree's word for it.
  return { tag: "if", condition: test, then: yes, otherwise: no, pos };
}

export const bind = (names: readonly string[], value: Expr): Stmt => ({
  tag: "let",
  names,
  value,
  pos,
});

type Builtin = Extract<Expr, { tag: "builtin" }>;

export function builtin(
  what: Builtin["name"],
  args: readonly Expr[] = [],
  options: Partial<Builtin> = {},
): Expr {
  return {
    tag: "builtin",
    name: what,
    async: false,
    cancellable: false,
    t: null,
    args,
    at: null,
    pos,
    ...options,
  };
}

export function call(path: readonly string[], args: readonly Expr[], async: boolean): Expr {
  return { tag: "call", async, name: { path, pos }, args, pos };
}

const prim = (p: "u8" | "u32" | "string" | "error-context"): TypeExpr => ({
  tag: "prim",
  name: p,
  pos,
});

type ResourceTypes = Place["resources"];

function payloadType(p: Payload, resources: ResourceTypes): TypeExpr | null {
  if (p === "unit") return null;
  if (p === "future") return { tag: "future", t: prim("u8"), pos };
  if (p === "own") return resources[0]?.type ?? prim("u8");
  return prim(p);
}

/** Payloads that a kind can carry; without resources, no own handles. */
function payloadOf(kind: Kind): Payload {
  return kind.slice(3) as Payload;
}

/** The type of a parameter or result of this kind. */
export function typeOf(kind: Kind, resources: ResourceTypes): TypeExpr {
  if (kind.startsWith("rs:")) {
    return { tag: "stream", t: payloadType(payloadOf(kind), resources), pos };
  }
  if (kind.startsWith("rf:")) {
    return { tag: "future", t: payloadType(payloadOf(kind), resources), pos };
  }
  if (kind.startsWith("own:")) return resources[Number(kind.slice(4))]?.type ?? prim("u32");
  if (kind.startsWith("borrow:")) {
    const own = resources[Number(kind.slice(7))]?.type;
    return own?.tag === "named" ? { tag: "borrow", resource: own.name, pos } : prim("u32");
  }
  if (kind === "list") return { tag: "list", t: prim("u32"), length: null, pos };
  if (kind === "big") return { tag: "tuple", ts: new Array<TypeExpr>(17).fill(prim("u32")), pos };
  if (kind === "error") return prim("error-context");
  return kind === "string" ? prim("string") : prim("u32");
}

/** What parameters and results can be: those that a `run` line can write first. */
export const constantKinds: readonly Kind[] = ["num", "string", "list", "big"];
export const handleKinds: readonly Kind[] = [
  ...["rs:u8", "rs:u8", "rs:string", "rs:u8", "rs:own", "rs:u8", "rf:u8", "rs:unit", "rs:future"],
  ...[
    "own:0",
    "borrow:0",
    "own:1",
    "borrow:1",
    "error",
    "rs:u32",
    "rf:unit",
    "rf:string",
    "rf:own",
  ],
];

export function constant(kind: Kind): Expr {
  if (kind === "string") return text("text");
  if (kind === "list") return { tag: "list", items: [1, 2, 3].map(int), pos };
  if (kind === "big") {
    return { tag: "tuple", items: Array.from({ length: 17 }, (_, i) => int(i)), pos };
  }
  return int(7);
}

/** The variable of an instance that keeps values of a kind; some are named like fields of a store. */
const variables: Readonly<Record<string, string>> = {
  num: "name",
  set: "set",
  thread: "thread",
  subtask: "task",
  "rs:u8": "src",
  "ws:u8": "dst",
  "own:0": "handle",
};

function variable(p: Program, kind: Kind): Expr {
  const n = variables[kind] ?? `kept-${kind.replace(":", "-")}`;
  p.place.vars.set(n, kind);
  return name(n);
}

class Scope {
  readonly locals: Local[];
  readonly copies: Copy[];
  /** subtasks of async calls; 0 for those that returned at once */
  readonly calls: Expr[];
  readonly out: Stmt[] = [];
  readonly p: Program;

  constructor(p: Program, outer: Pick<Scope, "locals" | "copies" | "calls">) {
    this.p = p;
    this.locals = [...outer.locals];
    this.copies = [...outer.copies];
    this.calls = [...outer.calls];
  }

  /** Forgets a handle that is gone, unless the plan is odd. */
  consume(h: Expr, plan: Plan): void {
    if (h.tag !== "name" || plan.odd < 2) return;
    const at = this.locals.findIndex((l) => l.name === h.name);
    if (at !== -1 && /^[rw][sf]:|^own|^set/.test(this.locals[at]?.kind ?? "")) {
      this.locals.splice(at, 1);
    }
    const copies = this.copies.filter((x) => x.end.tag !== "name" || x.end.name !== h.name);
    this.copies.splice(0, this.copies.length, ...copies);
  }

  last<X>(xs: readonly X[], plan: Plan): X | undefined {
    return xs[xs.length - 1 - (plan.b % Math.max(xs.length, 1))];
  }

  /** A statement on handles; those that may well be 0 are looked at first. */
  use(plan: Plan, handles: readonly Expr[], does: Stmt): void {
    const doubtful = plan.odd < 2 ? [] : handles.filter((h) => this.#mayBeZero(h));
    const guarded = doubtful.reduce<Stmt>((inner, h) => when(differs(h, int(0)), [inner]), does);
    this.out.push(guarded);
  }

  #mayBeZero(h: Expr): boolean {
    if (h.tag !== "name") return false;
    const local = this.locals.find((l) => l.name === h.name);
    return local === undefined || local.kind === "subtask";
  }

  fresh(kind: Kind): string {
    this.p.counter.n += 1;
    const local = { name: `${kind[0] ?? "x"}${this.p.counter.n}`, kind };
    this.locals.push(local);
    return local.name;
  }

  let(kinds: readonly Kind[], value: Expr): Expr {
    const names = kinds.map((kind) => this.fresh(kind));
    this.out.push(bind(names, value));
    return name(names[0] ?? "");
  }

  /** A value of a kind: a local, the variable, or whatever is at hand where the plan is odd. */
  find(kind: Kind, plan: Plan): Expr | null {
    if (plan.odd === 0) return this.#any(plan);
    const fitting = this.locals.filter((l) => l.kind === kind);
    const n = fitting.length === 0 ? 0 : plan.b % (fitting.length + 1);
    const local = fitting[fitting.length - 1 - n];
    if (local !== undefined) return name(local.name);
    if (plan.c < 7 && plan.odd > 2) return null;
    const n2 = variables[kind] ?? `kept-${kind.replace(":", "-")}`;
    return this.p.place.vars.has(n2) ? name(n2) : null;
  }

  #any(plan: Plan): Expr {
    const local = this.locals[plan.c % (this.locals.length + 1)];
    if (local === undefined || ["string", "list", "big", "event"].includes(local.kind)) {
      return int(plan.b);
    }
    return name(local.name);
  }

  get(kind: Kind, plan: Plan): Expr {
    return this.find(kind, plan) ?? this.make(kind, plan);
  }

  /** A new value of a kind. */
  make(kind: Kind, plan: Plan): Expr {
    const [family = "", rest = ""] = kind.split(":");
    if (["rs", "ws", "rf", "wf"].includes(family)) {
      return this.#pair(family, rest as Payload);
    }
    if (family === "own" || family === "borrow") return this.#resource(Number(rest), plan);
    if (kind === "set") return this.let(["set"], builtin("waitable-set.new"));
    if (kind === "error") return this.let(["error"], builtin("error-context.new", [text("why")]));
    if (["subtask", "thread"].includes(kind)) return variable(this.p, kind);
    return constant(kind);
  }

  #pair(family: string, p: Payload): Expr {
    const [what, r, w] = family.endsWith("s") ? ["stream", "rs", "ws"] : ["future", "rf", "wf"];
    const create = what === "stream" ? "stream.new" : "future.new";
    const reader = this.let([`${r}:${p}`, `${w}:${p}`], builtin(create, [], this.p0(p)));
    const writer = this.locals[this.locals.length - 1]?.name ?? "";
    return family.startsWith("r") ? reader : name(writer);
  }

  /** The `<T>` of a built-in. */
  p0(p: Payload): { t: TypeExpr } {
    return { t: payloadType(p, this.p.place.resources) ?? { tag: "none", pos } };
  }

  #resource(i: number, plan: Plan): Expr {
    const { own, resources, rank, leaf } = this.p.place;
    const resource = resources[i];
    if (resource === undefined) return int(plan.b);
    const kind = `own:${i}`;
    const known = this.find(kind, { ...plan, odd: 1 });
    if (known !== null && plan.c < 5) return known;
    if (own === i)
      return this.let([kind], builtin("resource.new", [int(40 + plan.a)], { t: resource.type }));
    if (!leaf && resource.make !== null && resource.make.rank > rank) {
      return this.let([kind], call(resource.make.path, [], false));
    }
    return known ?? variable(this.p, kind);
  }

  block(plans: number): Block {
    const inner = new Scope(this.p, this);
    for (let i = 0; i < plans; i++) inner.next(true);
    return inner.out;
  }

  /** Makes the next plan into statements. */
  next(nested: boolean): void {
    const plan = this.p.plans.shift();
    if (plan === undefined) return;
    if (plan.op === "return") {
      if (!nested) this.finish(plan);
      return;
    }
    guest[plan.op]?.(this, plan);
  }

  /** Resolves the task, if that is done by a built-in here. */
  finish(plan: Plan): void {
    const { mode, result } = this.p.place;
    if ((mode !== "stackful" && mode !== "callback") || (this.p.returned && plan.odd > 0)) return;
    this.p.returned = true;
    const args = result === null ? [] : [this.get(result, { ...plan, odd: 1 })];
    this.out.push(stmt(builtin("task.return", args)));
    for (const arg of args) this.consume(arg, plan);
  }
}

export function differs(left: Expr, right: Expr): Expr {
  return { tag: "binary", op: "!=", left, right, pos };
}

const blocked: Expr = { tag: "constant", name: "BLOCKED", pos };

const sides = ["rs", "ws", "rf", "wf"] as const;
type Side = (typeof sides)[number];

type Build = (s: Scope, plan: Plan) => void;

const first = (plan: Plan): Payload => payloads[plan.c % payloads.length] ?? "u8";

/** Mostly u8, so that ends meet. */
function payload(s: Scope, plan: Plan, family: string): Payload {
  const kinds = s.locals.filter((l) => l.kind.startsWith(family)).map((l) => l.kind);
  const kind = kinds[plan.b % Math.max(kinds.length, 1)];
  if (kind !== undefined) return payloadOf(kind);
  const p = plan.c < 4 ? "u8" : first(plan);
  return p === "own" && s.p.place.resources.length === 0 ? "unit" : p;
}

const isAsync = (plan: Plan): { async: boolean } => ({ async: plan.a % 3 !== 0 });

function elements(s: Scope, p: Payload, plan: Plan): Expr {
  const n = plan.b % 4;
  const list = (items: readonly Expr[]): Expr => ({ tag: "list", items, pos });
  if (p === "u8") return text("abc".slice(0, n));
  if (p === "unit") return int(n);
  if (p === "string") return list(["x", "yy", "z"].slice(0, n).map(text));
  if (p === "future") return list(n === 0 ? [] : [s.get("rf:u8", plan)]);
  if (p === "own") return list(n === 0 ? [] : [s.get("own:0", plan)]);
  return list([5, 6, 7].slice(0, n).map(int));
}

function element(s: Scope, p: Payload, plan: Plan): Expr {
  if (p === "string") return text("one");
  if (p === "future") return s.get("rf:u8", plan);
  if (p === "own") return s.get("own:0", plan);
  return int(plan.b);
}

function read(s: Scope, plan: Plan): void {
  const p = payload(s, plan, "rs:");
  const end = s.get(`rs:${p}`, plan);
  const options = { ...s.p0(p), ...isAsync(plan) };
  const result = s.let(["num", "pointer"], builtin("stream.read", [end, int(plan.c % 5)], options));
  began(s, { result, end, side: "rs", p });
}

function began(s: Scope, copy: Copy): void {
  s.copies.push(copy);
  s.out.push(log(copy.result));
}

function write(s: Scope, plan: Plan): void {
  const p = payload(s, plan, "ws:");
  const w = s.get(`ws:${p}`, plan);
  const what = elements(s, p, plan);
  const value = builtin("stream.write", [w, what], { ...s.p0(p), ...isAsync(plan) });
  began(s, { result: s.let(["num"], value), end: w, side: "ws", p });
}

function future(s: Scope, plan: Plan): void {
  const family = plan.b % 2 === 0 ? "rf" : "wf";
  const p = payload(s, plan, `${family}:`);
  const end = s.get(`${family}:${p}`, plan);
  const options = { ...s.p0(p), ...isAsync(plan) };
  const args = family === "rf" || p === "unit" ? [end] : [end, element(s, p, plan)];
  const value = builtin(family === "rf" ? "future.read" : "future.write", args, options);
  began(s, { result: s.let(["num"], value), end, side: family, p });
}

function endOf(s: Scope, plan: Plan): { end: Expr; p: Payload; side: Side } {
  const side = sides[plan.a % 4] ?? "rs";
  const p = payload(s, plan, `${side}:`);
  return { end: s.get(`${side}:${p}`, plan), p, side };
}

const cancels = {
  rs: "stream.cancel-read",
  ws: "stream.cancel-write",
  rf: "future.cancel-read",
  wf: "future.cancel-write",
} as const;

const drops = {
  rs: "stream.drop-readable",
  ws: "stream.drop-writable",
  rf: "future.drop-readable",
  wf: "future.drop-writable",
} as const;

export function ifBlocked(copy: Copy, yes: Block, no: Block): Stmt {
  const whole = yes.length > 0;
  const op = whole ? "==" : "!=";
  const test: Expr = { tag: "binary", op, left: copy.result, right: blocked, pos };
  return when(test, whole ? yes : no);
}

function callOne(s: Scope, plan: Plan, async: boolean): void {
  const { callables, leaf, rank } = s.p.place;
  const known = leaf ? [] : callables.filter((g) => g.rank > rank);
  const f = known[(plan.a * 8 + plan.b) % Math.max(known.length, 1)];
  if (f !== undefined) callThis(s, f, plan, async);
}

function callThis(s: Scope, f: Callable, plan: Plan, async: boolean): void {
  const args = f.params.map((kind) => s.get(kind, plan));
  const value = call(f.path, args, async);
  for (const [i, arg] of args.entries()) {
    if (!f.params[i]?.startsWith("borrow")) s.consume(arg, plan);
  }
  if (async) {
    s.let(f.result === null ? ["num", "subtask"] : ["num", "subtask", "pointer"], value);
    const sub = s.locals.findLast((l) => l.kind === "subtask");
    if (sub !== undefined) s.calls.push(name(sub.name));
  } else if (f.result === null) s.out.push(stmt(value));
  else s.let([f.result], value);
}

/** A call that gets a stream, and something to read there. */
function streamCall(s: Scope, plan: Plan): void {
  const { callables, leaf, rank } = s.p.place;
  const takes = (g: Callable): boolean => g.params.includes("rs:u8") && g.rank > rank;
  const known = leaf ? [] : callables.filter(takes);
  const f = known[plan.b % Math.max(known.length, 1)];
  if (f === undefined) return;
  s.make("rs:u8", plan);
  callThis(s, f, plan, plan.a < 6);
  write(s, plan);
}

/** Both ends in one hand. */
function pipe(s: Scope, plan: Plan): void {
  s.make("rs:u8", plan);
  const odd = { ...plan, a: plan.b };
  if (plan.a % 2 === 0) {
    read(s, { ...plan, a: 1 });
    write(s, odd);
  } else {
    write(s, { ...plan, a: 1 });
    read(s, odd);
  }
}

/** Waits for an event of a waitable on a set of its own. */
function awaitEvent(s: Scope, w: Expr, plan: Plan): Block {
  const inner = new Scope(s.p, s);
  const set = inner.make("set", plan);
  inner.out.push(stmt(builtin("waitable.join", [w, set])));
  const wait = plan.c % 3 === 0 ? "waitable-set.poll" : "waitable-set.wait";
  inner.let(["event", "num", "num"], builtin(wait, [set]));
  inner.out.push(log(name(inner.locals.at(-1)?.name ?? "")));
  if (plan.a % 2 === 0) inner.out.push(stmt(builtin("waitable.join", [w, int(0)])));
  return inner.out;
}

const switches = [
  "thread.suspend-then-resume",
  "thread.yield-then-resume",
  "thread.suspend-then-promote",
  "thread.yield-then-promote",
] as const;

/** Handles that were read into memory. */
function readHandles(s: Scope, plan: Plan): void {
  const [kind, t] = plan.c % 2 === 0 ? (["rf:u8", "future"] as const) : (["own:0", "own"] as const);
  const type = payloadType(t, s.p.place.resources);
  const options = { ...s.p0(t), ...isAsync(plan) };
  if (type === null || s.p.place.resources.length === 0) return;
  const r = s.get(`rs:${t}`, plan);
  s.let(["num", "pointer"], builtin("stream.read", [r, int(1)], options));
  const pointer = name(s.locals[s.locals.length - 1]?.name ?? "");
  s.let([kind], { tag: "load", t: type, ptr: pointer, pos });
}

function condition(s: Scope, plan: Plan): Expr {
  const left = s.find("num", plan) ?? variable(s.p, "num");
  const op = plan.c % 2 === 0 ? "==" : "<";
  return { tag: "binary", op, left, right: int(plan.b), pos };
}

/** An async call, and often at once what one does with its subtask. */
function asyncCall(s: Scope, plan: Plan): void {
  const before = s.calls.length;
  callOne(s, plan, true);
  if (s.calls.length === before) return;
  const next = ["cancel-call", "cancel-call", "await-call", "backpressure"][plan.c % 6];
  if (next !== undefined) guest[next]?.(s, { ...plan, b: 0, a: plan.a + plan.b });
}

const guest: Readonly<Record<string, Build>> = {
  log: (s, plan) => s.out.push(log(int(plan.a))),
  "log-handle": (s, plan) => {
    const local = s.locals[plan.a % Math.max(s.locals.length, 1)];
    if (local !== undefined) s.out.push(log(name(local.name)));
  },
  keep: (s, plan) => {
    const local = s.locals[s.locals.length - 1 - (plan.a % Math.max(s.locals.length, 1))];
    if (local === undefined || ["pointer", "event"].includes(local.kind)) return;
    const kept = variable(s.p, local.kind);
    if (kept.tag === "name") s.out.push(assign(kept.name, name(local.name)));
  },
  "set.new": (s, plan) => s.make("set", plan),
  "set.wait": (s, plan) => {
    if (plan.c === 0 && plan.odd > 1) return;
    s.let(
      ["event", "num", "num"],
      builtin("waitable-set.wait", [s.get("set", plan)], { cancellable: plan.c > 4 }),
    );
  },
  "set.poll": (s, plan) => {
    s.let(
      ["event", "num", "num"],
      builtin("waitable-set.poll", [s.get("set", plan)], { cancellable: plan.c > 4 }),
    );
  },
  "set.drop": (s, plan) => {
    const set = s.get("set", plan);
    s.use(plan, [set], stmt(builtin("waitable-set.drop", [set])));
    s.consume(set, plan);
  },
  join: (s, plan) => {
    const kinds = s.locals.map((l) => l.kind).filter((k) => /^([rw][sf]:|subtask)/.test(k));
    const kind = kinds[plan.a % Math.max(kinds.length, 1)] ?? "subtask";
    const w = s.get(kind, plan);
    const set = s.get("set", { ...plan, odd: 1 });
    s.use(plan, [w], stmt(builtin("waitable.join", [w, set])));
  },
  unjoin: (s, plan) => {
    const { end } = endOf(s, plan);
    s.use(plan, [end], stmt(builtin("waitable.join", [end, int(0)])));
  },
  new: (s, plan) => s.make(`${plan.a % 3 === 0 ? "rf" : "rs"}:${payload(s, plan, "none:")}`, plan),
  read,
  write,
  future,
  "read-handles": readHandles,
  pipe,
  "stream-call": streamCall,
  "await-copy": (s, plan) => {
    const begun = s.last(s.copies, plan);
    if (begun !== undefined) s.out.push(ifBlocked(begun, awaitEvent(s, begun.end, plan), []));
  },
  "await-call": (s, plan) => {
    const sub = s.last(s.calls, plan);
    if (sub !== undefined) s.out.push(when(differs(sub, int(0)), awaitEvent(s, sub, plan)));
  },
  "cancel-call": (s, plan) => {
    const sub = s.last(s.calls, plan);
    if (sub === undefined) return;
    const cancel = log(builtin("subtask.cancel", [sub], { async: plan.a % 2 === 0 }));
    s.out.push(when(differs(sub, int(0)), [cancel]));
  },
  "cancel-copy": (s, plan) => {
    const begun = s.last(s.copies, plan);
    if (begun === undefined && plan.odd > 1) return;
    const { end, p, side } = begun ?? endOf(s, plan);
    const value = builtin(cancels[side], [end], { ...s.p0(p), async: plan.c % 2 === 0 });
    s.out.push(begun === undefined ? log(value) : ifBlocked(begun, [log(value)], []));
  },
  "drop-end": (s, plan) => {
    const begun = s.last(s.copies, plan);
    const picked = endOf(s, plan);
    const { end, p, side } = begun !== undefined && plan.c < 5 ? begun : picked;
    const drop = stmt(builtin(drops[side], [end], s.p0(p)));
    if (begun !== undefined && plan.c < 5) s.out.push(ifBlocked(begun, [], [drop]));
    else if (side !== "wf" || plan.odd < 2) s.use(plan, [end], drop);
    s.consume(end, plan);
  },
  forward: (s, plan) => {
    const stream = plan.a % 3 > 0;
    const p = payload(s, plan, stream ? "rs:" : "rf:");
    const [from, to] = stream ? [`rs:${p}`, `ws:${p}`] : [`rf:${p}`, `wf:${p}`];
    const args = [s.get(from, plan), s.get(to, { ...plan, b: plan.c })];
    s.out.push(stmt(builtin(stream ? "stream.forward" : "future.forward", args, s.p0(p))));
    for (const arg of args) s.consume(arg, plan);
  },
  call: (s, plan) => callOne(s, plan, false),
  "async-call": asyncCall,
  "subtask.cancel": (s, plan) => {
    const t = s.get("subtask", plan);
    s.use(plan, [t], log(builtin("subtask.cancel", [t], { async: plan.a % 2 === 0 })));
  },
  "subtask.drop": (s, plan) => {
    const t = s.get("subtask", plan);
    if (plan.c < 3 || plan.odd < 2) s.use(plan, [t], stmt(builtin("subtask.drop", [t])));
  },
  "task.cancel": (s, plan) => {
    if (plan.a === 7) s.out.push(stmt(builtin("task.cancel")));
  },
  backpressure: (s, plan) => {
    const down = s.p.raised > 0 || plan.odd === 0;
    s.p.raised += down ? -1 : 1;
    s.out.push(stmt(builtin(down ? "backpressure.dec" : "backpressure.inc")));
  },
  context: (s, plan) => {
    if (plan.a % 2 === 0) s.out.push(log(builtin("context.get", [int(plan.b % 2)])));
    else s.out.push(stmt(builtin("context.set", [int(plan.b % 2), int(plan.c)])));
  },
  error: (s, plan) => {
    const e = s.get("error", plan);
    if (plan.a % 2 === 1) s.use(plan, [e], stmt(builtin("error-context.drop", [e])));
    else s.use(plan, [e], log(builtin("error-context.debug-message", [e])));
  },
  resource: (s, plan) => {
    const { own, resources, leaf } = s.p.place;
    const i = resources.length === 0 ? 0 : plan.a % resources.length;
    const type = resources[i]?.type;
    if (type === undefined) return;
    const kind = plan.c % 4 === 0 ? `borrow:${i}` : `own:${i}`;
    const h = s.find(kind, plan) ?? s.get(`own:${i}`, plan);
    if (own === i && plan.b % 3 === 0)
      s.use(plan, [h], log(builtin("resource.rep", [h], { t: type })));
    else if (!leaf) {
      s.use(plan, [h], stmt(builtin("resource.drop", [h], { t: type })));
      s.consume(h, plan);
    }
  },
  core: (s, plan) => {
    const f = s.p.place.threads[plan.a % Math.max(s.p.place.threads.length, 1)];
    if (f !== undefined && s.p.place.mode !== "core")
      s.out.push(stmt(call([f], [int(plan.b)], false)));
  },
  "thread.new": (s, plan) => {
    const { threads, leaf, mode } = s.p.place;
    const f = threads[plan.a % Math.max(threads.length, 1)];
    if (f === undefined || leaf || mode === "core") return;
    const t = s.let(["thread"], builtin("thread.new-indirect", [name(f), int(plan.b)]));
    if (plan.c < 4) s.out.push(stmt(builtin("thread.resume-later", [t])));
    else if (plan.c < 7) guest["thread.switch"]?.(s, { ...plan, a: plan.b, b: 0 });
  },
  "thread.resume": (s, plan) => {
    const t = s.get("thread", plan);
    if (plan.c < 4) s.use(plan, [t], stmt(builtin("thread.resume-later", [t])));
  },
  "thread.block": (s, plan) => {
    const what = plan.a < 6 ? "thread.yield" : "thread.suspend";
    if (plan.a === 3) s.let(["thread"], builtin("thread.index"));
    s.out.push(log(builtin(what, [], { cancellable: plan.c > 4 })));
  },
  "thread.switch": (s, plan) => {
    const t = s.find("thread", plan);
    const what = switches[plan.a % 4] ?? switches[0];
    if (t === null) return;
    s.use(plan, [t], log(builtin(what, [t], { cancellable: plan.c > 4 })));
  },
  if: (s, plan) => {
    const otherwise = plan.c > 4 ? 1 : 0;
    const test = condition(s, plan);
    const yes = s.block(1 + (plan.a % 3));
    s.out.push(when(test, yes, s.block(otherwise)));
  },
  choose: (s) => s.out.push({ tag: "choose", options: [s.block(1), s.block(1)], pos }),
  repeat: (s) => s.out.push({ tag: "repeat", count: int(2), body: s.block(2), pos }),
  memory: (s, plan) => {
    const t: TypeExpr = { tag: "prim", name: plan.a % 2 === 0 ? "u8" : "u32", pos };
    const ptr = int(plan.odd === 0 ? 100_000 : plan.b * 4);
    if (plan.c < 4) s.out.push(log({ tag: "load", t, ptr, pos }));
    else s.out.push({ tag: "store", t, ptr, value: int(plan.a), pos });
  },
  trap: (s, plan) => {
    if (plan.a === 7 && plan.odd < 8)
      s.out.push({ tag: plan.c < 4 ? "unreachable" : "throw", pos });
  },
};

export interface Body {
  readonly block: Block;
  readonly returned: boolean;
}

/** A body: the plans as statements, then what `end` adds. */
export function body(
  place: Place,
  plans: readonly Plan[],
  params: readonly Local[],
  returned: boolean,
  end: (s: Scope) => void,
): Body {
  const p: Program = { place, plans: [...plans], counter: { n: 0 }, raised: 0, returned };
  const s = new Scope(p, { locals: [...params], copies: [], calls: [] });
  while (p.plans.length > 0) s.next(false);
  end(s);
  return { block: s.out, returned: p.returned };
}

export type { Local, Scope };
