// Random systems as scenarios: components that import each other, a host, and what is run.

import fc from "fast-check";
import type {
  Block,
  Component,
  ExportDecl,
  FuncDecl,
  HostDecl,
  HostFunc,
  LiftMode,
  ResourceDecl,
  RunDecl,
  Scenario,
  Stmt,
} from "../../../src/scenario/ast.ts";
import type { Expr } from "../../../src/scenario/ast-exprs.ts";
import type { Name, Signature, TypeExpr } from "../../../src/scenario/ast-types.ts";
import {
  assign,
  bind,
  body,
  builtin,
  type Callable,
  call,
  constant,
  constantKinds,
  differs,
  guestPlan,
  handleKinds,
  hostPlan,
  ifBlocked,
  int,
  type Kind,
  type Local,
  log,
  name,
  type Place,
  type Plan,
  pos,
  type Scope,
  stmt,
  text,
  typeOf,
  when,
} from "./programs.ts";

interface ExportPlan {
  readonly mode: Exclude<LiftMode, "stackless">;
  readonly asyncTyped: boolean;
  readonly params: readonly number[];
  readonly result: number | null;
  readonly body: readonly Plan[];
  readonly onEvent: readonly Plan[];
  readonly end: Plan;
  /** how often a callback goes back to its loop at the most */
  readonly turns: number;
  readonly postReturn: boolean;
  /** 2: it yields before anything else */
  readonly pace: number;
}

interface ComponentPlan {
  readonly exports: readonly ExportPlan[];
  readonly threads: readonly (readonly Plan[])[];
  readonly resource: boolean;
  readonly dtor: readonly Plan[] | null;
  readonly nested: boolean;
  readonly memory: number;
  readonly encoding: number;
  readonly realloc: boolean;
}

interface HostPlan {
  readonly funcs: readonly { sig: number; cancellable: boolean; body: readonly Plan[] }[];
  readonly processes: readonly (readonly Plan[])[];
  readonly cancelCopy: HostDecl["cancelCopy"];
}

export interface SystemPlan {
  readonly components: readonly ComponentPlan[];
  readonly host: HostPlan | null;
  readonly runs: readonly number[];
}

/** How large the systems are. */
export interface Size {
  readonly components: readonly [number, number];
  readonly exports: number;
  readonly statements: number;
  readonly runs: number;
}

const large: Size = { components: [2, 4], exports: 3, statements: 9, runs: 3 };
const small: Size = { components: [1, 2], exports: 2, statements: 4, runs: 2 };

function plansOf({ components, exports, statements, runs }: Size): fc.Arbitrary<SystemPlan> {
  const plans = fc.array(guestPlan, { maxLength: statements });
  const hostPlans = fc.array(hostPlan, { maxLength: 5 });
  const [minLength, maxLength] = components;
  const exported = fc.record<ExportPlan>({
    mode: fc.constantFrom<ExportPlan["mode"]>(
      "sync",
      "stackful",
      "stackful",
      "callback",
      "callback",
    ),
    asyncTyped: fc.boolean(),
    params: fc.array(fc.nat(21), { maxLength: 2 }),
    result: fc.option(fc.nat(21), { nil: null, freq: 2 }),
    body: plans,
    onEvent: plans,
    end: guestPlan,
    turns: fc.nat(2),
    postReturn: fc.boolean(),
    pace: fc.nat(2),
  });
  const component = fc.record<ComponentPlan>({
    exports: fc.array(exported, { minLength: 1, maxLength: exports }),
    threads: fc.array(fc.array(guestPlan, { maxLength: 4 }), { maxLength: 2 }),
    resource: fc.boolean(),
    dtor: fc.option(fc.array(guestPlan, { maxLength: 3 }), { nil: null }),
    nested: fc.nat(3).map((n) => n === 3),
    memory: fc.nat(5),
    encoding: fc.nat(5),
    realloc: fc.nat(5).map((n) => n === 5),
  });
  const host = fc.record<HostPlan>({
    funcs: fc.array(fc.record({ sig: fc.nat(7), cancellable: fc.boolean(), body: hostPlans }), {
      maxLength: 2,
    }),
    processes: fc.array(hostPlans, { maxLength: 2 }),
    cancelCopy: fc.constantFrom("either", "at-once", "defer"),
  });
  return fc.record<SystemPlan>({
    components: fc.array(component, { minLength, maxLength }),
    host: fc.option(host, { nil: null, freq: 2 }),
    runs: fc.array(
      fc.nat(20).map((n) => Math.max(0, n - 12)),
      { minLength: 1, maxLength: runs },
    ),
  });
}

/** Scenarios that the checker accepts and whose every run ends. */
export const anySystem: fc.Arbitrary<Scenario> = plansOf(large).map(systemOf);
export const smallSystem: fc.Arbitrary<Scenario> = plansOf(small).map(systemOf);

const letters = ["A", "B", "C", "D"];

interface Placed {
  readonly plan: ComponentPlan;
  readonly name: string;
  readonly parent: string | null;
}

interface Func extends Callable {
  readonly owner: Placed;
  readonly name: string;
  readonly leaf: boolean;
}

interface World {
  readonly placed: readonly Placed[];
  readonly funcs: readonly Func[];
  readonly hostFuncs: readonly { readonly name: string; readonly sig: HostSig }[];
}

interface HostSig {
  readonly params: readonly Kind[];
  readonly result: Kind | null;
  readonly async: boolean;
}

const hostSigs: readonly HostSig[] = [
  { params: [], result: null, async: true },
  { params: ["num"], result: "num", async: true },
  { params: ["rs:u8"], result: null, async: true },
  { params: ["num"], result: "string", async: false },
  { params: [], result: "rs:u8", async: true },
  { params: ["rf:u8"], result: "num", async: true },
  { params: ["string"], result: "rf:u8", async: true },
  { params: ["rs:u8"], result: "rs:u8", async: true },
];

function place(plan: SystemPlan): Placed[] {
  const placed: Placed[] = [];
  for (const [i, c] of plan.components.entries()) {
    const before = placed.filter((p) => p.parent === null);
    const parent = c.nested ? (before[i % Math.max(before.length, 1)]?.name ?? null) : null;
    placed.push({ plan: c, name: letters[i] ?? "Z", parent });
  }
  return placed;
}

function kindOf(n: number, handles: boolean): Kind {
  const all = handles ? [...constantKinds, ...handleKinds] : constantKinds;
  return all[n % all.length] ?? "num";
}

const makeRank = 1000;

/** The exports in the order of their ranks: first every component's first. */
function functionsOf(placed: readonly Placed[]): Func[] {
  const owners = placed.filter((p) => p.plan.resource);
  const valid = (k: Kind): boolean => {
    const i = /^(?:own|borrow):([0-9])$/.exec(k)?.[1];
    if (k.endsWith(":own")) return owners.length > 0;
    return i === undefined || Number(i) < owners.length;
  };
  const longest = Math.max(...placed.map((p) => p.plan.exports.length));
  const funcs: Func[] = [];
  const total = placed.reduce((n, p) => n + p.plan.exports.length, 0);
  for (let e = 0; e < longest; e++) {
    for (const owner of placed) {
      const x = owner.plan.exports[e];
      if (x === undefined) continue;
      const rank = funcs.length;
      const kinds = x.params.map((n) => kindOf(n, rank > 0)).filter(valid);
      const result = x.result === null ? null : kindOf(x.result, true);
      const returns = result !== null && valid(result) && !result.startsWith("borrow");
      funcs.push({
        owner,
        name: `f${e}`,
        path: [],
        params: kinds,
        result: returns ? result : null,
        rank,
        leaf: total > 2 && rank >= total - 2 && e > 0,
      });
    }
  }
  return funcs;
}

/** How code in `from` names something of `to`. */
function pathTo(from: Placed | null, to: Placed, last: string): readonly string[] {
  const nested = to.parent === null || to.parent === from?.name;
  return nested ? [to.name, last] : [to.parent, to.name, last];
}

function resourcesIn(world: World, from: Placed | null): Place["resources"] {
  const owners = world.placed.filter((p) => p.plan.resource);
  return owners.map((owner) => {
    const path = owner === from ? ["res"] : pathTo(from, owner, "res");
    const type: TypeExpr = { tag: "named", name: { path, pos }, pos };
    const make: Callable | null =
      owner === from
        ? null
        : { path: pathTo(from, owner, "make"), params: [], result: null, rank: makeRank };
    return { type, make };
  });
}

function callablesIn(world: World, from: Placed): Callable[] {
  const guests = world.funcs
    .filter((f) => f.owner !== from)
    .map((f) => ({ ...f, path: pathTo(from, f.owner, f.name) }));
  const host = world.hostFuncs.map(({ name: n, sig }) => ({
    path: ["host", n],
    params: sig.params,
    result: sig.result,
    rank: makeRank,
  }));
  return [...guests, ...host];
}

type Common = Pick<Place, "callables" | "threads" | "own" | "resources" | "vars">;

function commonOf(world: World, from: Placed, vars: Map<string, Kind>): Common {
  const owners = world.placed.filter((p) => p.plan.resource);
  const own = owners.indexOf(from);
  return {
    callables: callablesIn(world, from),
    threads: from.plan.threads.map((_, i) => `t${i}`),
    own: own === -1 ? null : own,
    resources: resourcesIn(world, from),
    vars,
  };
}

function signature(f: Callable, async: boolean, common: Common): Signature {
  const params = f.params.map((kind, i) => ({
    name: `p${i}`,
    t: typeOf(kind, common.resources),
  }));
  return {
    async,
    params,
    result: f.result === null ? null : typeOf(f.result, common.resources),
  };
}

const exit: Stmt = { tag: "exit", pos };

/** How a turn of a callback ends when the task goes on: in the loop, or waiting on a set. */
function park(s: Scope, plan: Plan): void {
  if (plan.a < 2) {
    s.out.push({ tag: "yield", pos });
    return;
  }
  const set = s.get("set", { ...plan, odd: 25 });
  s.p.place.vars.set("set", "set");
  if (set.tag === "name" && set.name !== "set") s.out.push(assign("set", set));
  for (const copy of s.copies.slice(-2)) {
    s.out.push(ifBlocked(copy, [stmt(builtin("waitable.join", [copy.end, set]))], []));
  }
  for (const sub of s.calls.slice(-2)) {
    s.out.push(when(differs(sub, int(0)), [stmt(builtin("waitable.join", [sub, set]))]));
  }
  s.out.push({ tag: "wait", set, pos });
}

function callbackStart(
  x: ExportPlan,
  at: Place,
  params: readonly Local[],
): { block: Block; returned: boolean } {
  return body(at, x.body, params, false, (s) => {
    if (x.end.b === 0 || x.turns === 0) {
      s.finish({ ...x.end, odd: 1 });
      s.out.push(exit);
    } else park(s, x.end);
  });
}

const eventParams = ["e", "i", "p"] as const;

function onEvent(x: ExportPlan, at: Place, returned: boolean, turn: string): Block {
  const params = [
    { name: "e", kind: "event" },
    { name: "i", kind: x.end.c % 2 === 0 ? "subtask" : "num" },
    { name: "p", kind: "num" },
  ];
  return body(at, x.onEvent, params, returned, (s) => {
    const cancelled = { tag: "constant", name: "TASK_CANCELLED", pos } as const;
    const told: Expr = { tag: "binary", op: "==", left: name("e"), right: cancelled, pos };
    const obey = when(told, [stmt(builtin("task.cancel")), exit]);
    if (!s.p.returned && x.end.c < 6) s.out.push(obey);
    if (x.turns > 1) again(s, x, turn);
    if (!s.p.returned) s.finish({ ...x.end, odd: 1 });
    s.out.push(exit);
  }).block;
}

/** Goes back to the loop once more. */
function again(s: Scope, x: ExportPlan, turn: string): void {
  s.p.place.vars.set(turn, "turn");
  const more: Expr = { tag: "binary", op: "<", left: name(turn), right: int(x.turns - 1), pos };
  const next: Expr = { tag: "binary", op: "+", left: name(turn), right: int(1), pos };
  const stay: Stmt[] = [{ tag: "yield", pos }];
  if (x.end.c % 2 === 1) {
    s.p.place.vars.set("set", "set");
    stay.unshift(when(differs(name("set"), int(0)), [{ tag: "wait", set: name("set"), pos }]));
  }
  s.out.push(when(more, [assign(turn, next), ...stay]));
}

/** The body's plans; slow functions yield first. */
function paced(x: ExportPlan): readonly Plan[] {
  const slow: Plan = { op: "thread.block", a: 0, b: 0, c: 0, odd: 24 };
  return x.pace < 2 || x.mode === "sync" ? x.body : [slow, ...x.body];
}

function exportOf(f: Func, x: ExportPlan, common: Common): ExportDecl {
  const async = x.mode !== "sync" || x.asyncTyped;
  const at: Place = { ...common, rank: f.rank, mode: x.mode, result: f.result, leaf: f.leaf };
  const params: Local[] = f.params.map((kind, i) => ({ name: `p${i}`, kind }));
  const base = {
    tag: "export",
    name: f.name,
    sig: signature(f, async, common),
    mode: x.mode,
    onEvent: null,
    postReturn: null,
    pos,
  } as const;
  if (x.mode === "callback") {
    const start = callbackStart(x, at, params);
    const event = onEvent(x, at, start.returned, `turn-${f.name}`);
    return { ...base, body: start.block, onEvent: { params: eventParams, body: event } };
  }
  const made = body(at, paced(x), params, false, (s) => {
    if (x.mode === "stackful") {
      if (!s.p.returned && (x.end.odd > 0 || x.end.b > 0)) s.finish({ ...x.end, odd: 1 });
    } else if (f.result !== null) {
      s.out.push({ tag: "return", value: s.get(f.result, { ...x.end, odd: 1 }), pos });
    }
  });
  const post =
    x.mode === "sync" && x.postReturn
      ? [log(text("post")), stmt(builtin("backpressure.inc")), stmt(builtin("backpressure.dec"))]
      : null;
  return { ...base, body: made.block, postReturn: post };
}

function makeOf(common: Common): ExportDecl {
  const rep = builtin("resource.new", [int(9)], {
    t: common.resources[common.own ?? 0]?.type ?? null,
  });
  const type = common.resources[common.own ?? 0]?.type ?? null;
  return {
    tag: "export",
    name: "make",
    sig: { async: false, params: [], result: type },
    mode: "sync",
    body: [bind(["made"], rep), { tag: "return", value: name("made"), pos }],
    onEvent: null,
    postReturn: null,
    pos,
  };
}

function threadOf(plans: readonly Plan[], i: number, common: Common): FuncDecl {
  const at: Place = { ...common, rank: makeRank - 1, mode: "core", result: null, leaf: false };
  const params = [{ name: "x", kind: "num" }];
  const made = body({ ...at, callables: common.callables }, plans, params, false, () => undefined);
  return { tag: "func", name: `t${i}`, params: ["x"], body: made.block, pos };
}

function reallocOf(): FuncDecl {
  const size: Expr = { tag: "alloc", size: name("new"), align: name("align"), pos };
  return {
    tag: "func",
    name: "realloc",
    params: ["old", "used", "align", "new"],
    body: [
      stmt(builtin("context.set", [int(0), name("new")])),
      bind(["fresh"], size),
      { tag: "return", value: name("fresh"), pos },
    ],
    pos,
  };
}

const noCalls = (callables: readonly Callable[]): Callable[] =>
  callables.filter((f) => f.rank >= makeRank && f.path[0] === "host");

function resourceDecl(
  world: World,
  plan: ComponentPlan,
  common: Common,
  from: Placed,
): ResourceDecl {
  if (plan.dtor === null) return { tag: "resource", name: "res", dtor: null, pos };
  const leaves = world.funcs
    .filter((f) => f.leaf && f.owner !== from)
    .map((f) => ({ ...f, path: pathTo(from, f.owner, f.name), rank: makeRank }));
  const at: Place = {
    ...common,
    callables: [...leaves, ...noCalls(common.callables)],
    rank: makeRank - 1,
    mode: "core",
    result: null,
    leaf: false,
  };
  const plans = plan.dtor.filter((p) => p.op !== "resource");
  const made = body(at, plans, [{ name: "rep", kind: "num" }], false, () => undefined);
  return { tag: "resource", name: "res", dtor: { param: "rep", body: made.block }, pos };
}

/** Every component that a path begins with, except the component itself and its children. */
function importsOf(world: World, from: Placed): Component["imports"] {
  const children = world.placed.filter((p) => p.parent === from.name).map((p) => p.name);
  const heads = world.placed
    .filter((p) => p !== from && p.parent === null)
    .map((p) => p.name)
    .filter((n) => !children.includes(n));
  const host = world.hostFuncs.length > 0 ? ["host"] : [];
  return [...heads, ...host].map((n) => ({ name: n, pos }));
}

/** A sibling of the same parent is reached through the parent, which only outsiders may name. */
function reachable(from: Placed, path: readonly string[]): boolean {
  return path[0] !== from.name;
}

const memories = [4096, 4096, 4096, 4096, 65536, 128];
const encodings = ["utf8", "utf8", "utf8", "utf8", "utf16", "latin1+utf16"] as const;

function componentOf(world: World, from: Placed): Component {
  const { plan } = from;
  const vars = new Map<string, Kind>();
  const all = commonOf(world, from, vars);
  const common = { ...all, callables: all.callables.filter((f) => reachable(from, f.path)) };
  const funcs = plan.threads.map((plans, i) =>
    threadOf(plans, i, { ...common, callables: noCalls(common.callables) }),
  );
  const resources = plan.resource ? [resourceDecl(world, plan, common, from)] : [];
  const mine = world.funcs.filter((f) => f.owner === from);
  const exports = mine.flatMap((f, i) => {
    const x = plan.exports[i];
    return x === undefined ? [] : [exportOf(f, x, common)];
  });
  return {
    name: from.name,
    memory: { bytes: memories[plan.memory] ?? 4096, address: plan.memory === 3 ? "i64" : "i32" },
    encoding: encodings[plan.encoding] ?? "utf8",
    vars: [...vars.keys()].map((n) => ({ name: n, value: int(0), pos })),
    resources,
    imports: importsOf(world, from),
    exports: plan.resource ? [...exports, makeOf(common)] : exports,
    funcs,
    realloc: plan.realloc ? reallocOf() : null,
    children: world.placed.filter((p) => p.parent === from.name).map((p) => componentOf(world, p)),
    pos,
  };
}

const hostVars = ["go", "set"];

interface HostScope {
  /** ends that the host has used: it keeps those */
  readonly used: Set<string>;
  readonly out: Stmt[];
  readonly locals: Local[];
  readonly counter: { n: number };
  readonly calls: readonly Callable[];
  readonly result: Kind | null;
  readonly process: boolean;
}

function hostLet(s: HostScope, kinds: readonly Kind[], value: Expr): void {
  const names = kinds.map((kind) => {
    s.counter.n += 1;
    const local = { name: `h${s.counter.n}`, kind };
    s.locals.push(local);
    return local.name;
  });
  s.out.push(bind(names, value));
}

function hostFind(s: HostScope, kind: Kind, plan: Plan): string | null {
  const known = s.locals.filter((l) => l.kind === kind);
  return known[known.length - 1 - (plan.b % Math.max(known.length, 1))]?.name ?? null;
}

function hostValue(s: HostScope, kind: Kind, plan: Plan): Expr | null {
  if (constantKinds.includes(kind)) return constant(kind);
  const known = hostFind(s, kind, plan);
  if (known !== null && (plan.odd === 0 || !s.used.has(known))) return name(known);
  if (kind !== "rs:u8" && kind !== "rf:u8") return null;
  const what = kind === "rs:u8" ? "stream.new" : "future.new";
  hostLet(s, [kind, kind.replace("r", "w")], builtin(what));
  return name(s.locals[s.locals.length - 2]?.name ?? "");
}

type HostBuild = (s: HostScope, plan: Plan) => void;

function hostCall(s: HostScope, plan: Plan, async: boolean): void {
  const f = s.calls[(plan.a * 8 + plan.b) % Math.max(s.calls.length, 1)];
  if (f === undefined) return;
  const args: Expr[] = [];
  for (const kind of f.params) {
    const value = hostValue(s, kind, plan);
    if (value === null) return;
    args.push(value);
    if (value.tag === "name") hostTake(s, value.name, plan);
  }
  const value = call(f.path, args, async);
  if (async) hostLet(s, ["call"], value);
  else if (f.result === null) s.out.push(stmt(value));
  else hostLet(s, [f.result], value);
}

/** What was passed on or dropped is not the host's any more, unless the plan is odd. */
function hostTake(s: HostScope, used: string, plan: Plan): void {
  if (plan.odd === 0) return;
  s.locals.splice(0, s.locals.length, ...s.locals.filter((l) => l.name !== used));
}

const hostBuilds: Readonly<Record<string, HostBuild>> = {
  log: (s, plan) => s.out.push(log(text(`host ${plan.a}`))),
  set: (s, plan) => s.out.push(assign(hostVars[plan.a % 2] ?? "go", int(plan.b % 3))),
  await: (s, plan) => {
    const variable = {
      tag: "variable",
      name: hostVars[plan.a % 2] ?? "go",
      equals: plan.b % 3,
    } as const;
    const word = ({ 6: "idle", 7: s.process ? undefined : "cancel" } as const)[plan.c];
    const what = word === undefined ? variable : ({ tag: word } as const);
    s.out.push({ tag: "await", what, pos });
    if (what.tag === "cancel" && plan.a < 6) s.out.push(stmt(builtin("task.cancel")));
  },
  call: (s, plan) => hostCall(s, plan, false),
  "async-call": (s, plan) => hostCall(s, plan, true),
  wait: (s, plan) => {
    const t = hostFind(s, "call", plan);
    if (t === null) return;
    s.out.push({ tag: "wait", set: name(t), pos });
    hostTake(s, t, plan);
  },
  cancel: (s, plan) => {
    const t = hostFind(s, "call", plan);
    if (t !== null) s.out.push(log(builtin("subtask.cancel", [name(t)])));
  },
  new: (s, plan) => {
    const family = plan.a % 2 === 0 ? "s" : "f";
    hostLet(
      s,
      [`r${family}:u8`, `w${family}:u8`],
      builtin(family === "s" ? "stream.new" : "future.new"),
    );
  },
  read: (s, plan) => {
    const stream = plan.a % 3 > 0;
    const r = hostFind(s, stream ? "rs:u8" : "rf:u8", plan);
    if (r === null) return;
    s.used.add(r);
    const args = stream ? [name(r), int(plan.c % 5)] : [name(r)];
    s.out.push(
      log(builtin(stream ? "stream.read" : "future.read", args, { async: plan.b % 2 === 0 })),
    );
  },
  write: (s, plan) => {
    const stream = plan.a % 3 > 0;
    const w = hostFind(s, stream ? "ws:u8" : "wf:u8", plan);
    if (w === null) return;
    s.used.add(w);
    const args = [name(w), stream ? text("abcd".slice(0, plan.c % 5)) : int(plan.c)];
    s.out.push(
      log(builtin(stream ? "stream.write" : "future.write", args, { async: plan.b % 2 === 0 })),
    );
  },
  drop: (s, plan) => {
    const what = (["rs", "ws", "rf", "wf"] as const)[plan.a % 4] ?? "rs";
    const end = hostFind(s, `${what}:u8`, plan);
    if (end === null) return;
    const family = what.endsWith("s") ? "stream" : "future";
    const side = what.startsWith("r") ? "readable" : "writable";
    s.out.push(stmt(builtin(`${family}.drop-${side}` as const, [name(end)])));
    hostTake(s, end, plan);
  },
  "cancel-copy": (s, plan) => {
    const what = (["rs", "ws"] as const)[plan.a % 2] ?? "rs";
    const end = hostFind(s, `${what}:u8`, plan);
    if (end === null) return;
    s.out.push(
      log(builtin(what === "rs" ? "stream.cancel-read" : "stream.cancel-write", [name(end)])),
    );
  },
  choose: (s, plan) => {
    const one = { ...log(text("one")) };
    const two = assign(hostVars[plan.a % 2] ?? "go", int(1));
    s.out.push({ tag: "choose", options: [[one], [two]], pos });
  },
  return: (s, plan) => {
    if (s.process || plan.a > 2) return;
    const value = s.result === null ? null : hostValue(s, s.result, plan);
    if (s.result !== null && value === null) return;
    s.out.push(stmt(builtin("task.return", value === null ? [] : [value])));
    if (value?.tag === "name") hostTake(s, value.name, plan);
  },
};

function hostBlock(s: HostScope, plans: readonly Plan[]): void {
  for (const plan of plans) hostBuilds[plan.op]?.(s, plan);
}

function hostFunc(
  n: string,
  sig: HostSig,
  plan: HostPlan["funcs"][number],
  calls: readonly Callable[],
): HostFunc {
  const locals = sig.params.map((kind, i) => ({ name: `p${i}`, kind }));
  const s: HostScope = {
    out: [],
    used: new Set(),
    locals,
    counter: { n: 0 },
    calls,
    result: sig.result,
    process: false,
  };
  const plans = sig.async ? plan.body : plan.body.filter((p) => p.op === "log" || p.op === "set");
  hostBlock(
    s,
    plans.filter((p) => p.op !== "return" || sig.async),
  );
  const resolved = s.out.some(
    (x) => x.tag === "expr" && x.value.tag === "builtin" && x.value.name === "task.return",
  );
  if (sig.result !== null && !resolved) {
    const value = hostValue(s, sig.result, { op: "", a: 0, b: 0, c: 0, odd: 1 });
    if (value !== null) s.out.push({ tag: "return", value, pos });
  }
  const params = sig.params.map((kind, i) => ({ name: `p${i}`, t: typeOf(kind, []) }));
  const result = sig.result === null ? null : typeOf(sig.result, []);
  return {
    name: n,
    sig: { async: sig.async, params, result },
    cancellable: plan.cancellable,
    body: s.out,
    pos,
  };
}

function hostOf(world: World, plan: HostPlan): HostDecl {
  const runnable = world.funcs.filter((f) =>
    f.params.every((k) => constantKinds.includes(k) || k === "rs:u8" || k === "rf:u8"),
  );
  const calls = runnable.map((f) => ({ ...f, path: pathTo(null, f.owner, f.name) }));
  const leaves = calls.filter((f) => world.funcs.some((g) => g.leaf && g.rank === f.rank));
  return {
    vars: hostVars.map((n) => ({ name: n, value: int(0), pos })),
    funcs: plan.funcs.map((f, i) =>
      hostFunc(`h${i}`, hostSigs[f.sig] ?? { params: [], result: null, async: true }, f, leaves),
    ),
    cancelCopy: plan.cancelCopy,
    processes: plan.processes.map((plans, i) => {
      const s: HostScope = {
        out: [],
        used: new Set(),
        locals: [],
        counter: { n: 0 },
        calls,
        result: null,
        process: true,
      };
      hostBlock(s, plans);
      return { name: `process${i}`, body: s.out, pos };
    }),
    pos,
  };
}

function runsOf(world: World, picks: readonly number[]): RunDecl[] {
  const runnable = world.funcs.filter((f) => f.params.every((k) => constantKinds.includes(k)));
  return picks.flatMap((n, i) => {
    const f = runnable[n % Math.max(runnable.length, 1)];
    if (f === undefined) return [];
    const func: Name = { path: pathTo(null, f.owner, f.name), pos };
    return [{ name: `run${i}`, func, args: f.params.map(constant), pos }];
  });
}

/** The scenario that a plan stands for. */
function systemOf(plan: SystemPlan): Scenario {
  const placed = place(plan);
  const funcs = functionsOf(placed);
  const hostFuncs = (plan.host?.funcs ?? []).flatMap((f, i) => {
    const sig = hostSigs[f.sig];
    return sig === undefined ? [] : [{ name: `h${i}`, sig }];
  });
  const world: World = { placed, funcs, hostFuncs };
  return {
    title: "a random system",
    id: null,
    types: [],
    components: placed.filter((p) => p.parent === null).map((p) => componentOf(world, p)),
    host: plan.host === null ? null : hostOf(world, plan.host),
    runs: runsOf(world, plan.runs),
    wasi: null,
    symmetric: [],
    expects: [],
    only: null,
    checks: [],
    pos,
  };
}
