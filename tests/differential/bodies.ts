// The operations of random bodies, one maker each, with what is known of the variables so far.

import type { Dice } from "./dice.ts";
import type { Atom, Block, Builtin, Call, Export, If, Op, Type } from "./program.ts";

/** A function before it has a body. */
export interface Signature {
  readonly path: string;
  readonly owner: string;
  readonly name: string;
  readonly async: boolean;
  readonly mode: Export["mode"];
  readonly params: readonly Type[];
  readonly result: Type | null;
  /** functions call only those of a higher rank, so that every run ends */
  readonly rank: number;
}

export interface World {
  readonly dice: Dice;
  readonly old: boolean;
  readonly signatures: readonly Signature[];
  /** the element type of the second pair of each family; `own:` lacks its resource */
  readonly elements: Type;
  readonly owner: string;
  readonly theme: Weights;
  id: number;
}

/** What variables hold: their pool has two of each kind. */
export const pools = {
  rs: ["rs0", "rs1"],
  ws: ["ws0", "ws1"],
  rf: ["rf0", "rf1"],
  wf: ["wf0", "wf1"],
  set: ["s0", "s1"],
  sub: ["t0", "t1"],
  ptr: ["p0", "p1"],
  thread: ["th0", "th1", "me"],
  num: ["n0", "n1"],
  res: ["h0", "h1"],
} as const;

type Kind = keyof typeof pools;

export const variables: readonly string[] = [
  ...Object.values(pools).flat(),
  "count",
  "done",
  "made",
];

/** A body in the making, and what is known of the variables at its end. */
export interface Body {
  readonly world: World;
  readonly component: string;
  readonly imports: readonly string[];
  readonly rank: number;
  readonly kind: "sync-typed" | "sync" | "stackful" | "callback" | "thread" | "dtor";
  readonly result: Type | null;
  readonly threads: boolean;
  readonly resources: readonly string[];
  readonly live: Map<string, Kind>;
  readonly copying: Set<string>;
  readonly joined: Map<string, string>;
  /** variables that the last operation uses without knowing whether anything is in them */
  readonly loose: Set<string>;
  /** borrowed handles */
  readonly owed: string[];
  /** how far this body has raised the backpressure */
  raised: number;
  returned: boolean;
}

export function nextId(world: World): number {
  world.id += 1;
  return world.id;
}

export function builtin(
  body: Body,
  name: string,
  args: readonly Atom[],
  more: Partial<Builtin> = {},
): Op {
  const none = { t: null, at: null, resource: null, func: null };
  const plain = { async: false, cancellable: false, ...none, dst: [] };
  return { op: "builtin", id: nextId(body.world), name, args, ...plain, ...more };
}

/** A variable that holds something of this kind, or at times any variable of its pool. */
function some(body: Body, kind: Kind): string | null {
  const { dice } = body.world;
  const known = pools[kind].filter((v) => body.live.get(v) === kind);
  if (known.length > 0 && !dice.chance(4)) return dice.pick(known);
  const loose = body.kind === "sync-typed" || body.kind === "thread" ? 30 : 3;
  if (!dice.chance(loose)) return null;
  const name = dice.pick(pools[kind]);
  body.loose.add(name);
  return name;
}

export function fresh(body: Body, kind: Kind): string {
  const free = pools[kind].filter((name) => !body.live.has(name));
  return body.world.dice.pick(free.length > 0 ? free : pools[kind]);
}

export function hold(body: Body, name: string, kind: Kind): void {
  body.live.set(name, kind);
  body.copying.delete(name);
  body.joined.delete(name);
}

/** The element type of the pair that a variable belongs to. */
function elementsOf(body: Body, end: string): Type {
  const { elements } = body.world;
  if (end.endsWith("0")) return "u8";
  if (elements !== "own") return elements;
  const [resource] = body.resources;
  return resource === undefined ? "u8" : `own:${resource}`;
}

type Maker = (body: Body) => readonly Op[] | null;

const buffers = [64, 80, 96, 112] as const;
const letters = [0x64636261, 0x68676665, 0x34333231, 0x7a797877] as const;

function newEnds(body: Body): readonly Op[] {
  const stream = body.world.dice.chance(65);
  const r = fresh(body, stream ? "rs" : "rf");
  const w = (stream ? "ws" : "wf") + r.slice(-1);
  hold(body, r, stream ? "rs" : "rf");
  hold(body, w, stream ? "ws" : "wf");
  const t = elementsOf(body, r);
  return [builtin(body, stream ? "stream.new" : "future.new", [], { t, dst: [r, w] })];
}

/** An end of any family and direction, mostly one that exists. */
function someEnd(body: Body, wanted: (name: string) => boolean): string | null {
  const { dice } = body.world;
  const kinds: readonly Kind[] = ["rs", "ws", "rf", "wf"];
  const known = kinds.flatMap((kind) => pools[kind].filter((n) => body.live.get(n) === kind));
  const fit = known.filter(wanted);
  if (fit.length > 0) return dice.pick(fit);
  return dice.chance(15) ? some(body, dice.pick(kinds)) : null;
}

const familyOf = (end: string): string => (end.charAt(1) === "s" ? "stream" : "future");
const reads = (end: string): boolean => end.startsWith("r");

function copyEnd(body: Body): readonly Op[] | null {
  const { dice } = body.world;
  const odd = dice.chance(6);
  const end = someEnd(body, (name) => odd || !body.copying.has(name));
  if (end === null) return null;
  const peer = `${reads(end) ? "w" : "r"}${end.slice(1)}`;
  const alone = body.live.has(peer) && !body.copying.has(peer);
  const async = dice.chance(body.joined.has(end) || alone ? 95 : 65);
  const family = familyOf(end);
  const at = dice.pick(buffers);
  const n = dice.weighted([
    [2, 0],
    [4, 1],
    [5, 2],
    [4, 4],
  ]);
  const t = elementsOf(body, end);
  const args: readonly Atom[] = family === "stream" ? [end, n] : [end];
  const verb = reads(end) ? "read" : "write";
  const fill: readonly Op[] = reads(end) ? [] : fillBuffer(body, t, at);
  if (async) body.copying.add(end);
  const show: readonly Op[] =
    reads(end) && dice.chance(60) ? [{ op: "peek", id: nextId(body.world), at, n: 4 }] : [];
  const taken: Op[] = [];
  if (reads(end) && dice.chance(70) && /own|future|stream/.test(t)) {
    const kind = t.startsWith("own") ? "res" : "rf";
    const name = kind === "res" ? fresh(body, "res") : "rf0";
    hold(body, name, kind);
    taken.push({ op: "fetch", dst: name, at });
  }
  const copy = builtin(body, `${family}.${verb}`, args, { async, t, at, dst: [null] });
  return [...fill, copy, ...show, ...taken];
}

/** What a write takes from memory: letters, or a handle. */
function fillBuffer(body: Body, t: Type, at: number): readonly Op[] {
  const { dice } = body.world;
  if (t.startsWith("own")) {
    const { ops, arg } = argument(body, t);
    return [...ops, { op: "poke", at, value: arg }];
  }
  if (t === "future") {
    const { ops, arg } = argument(body, t);
    return [...ops, { op: "poke", at, value: arg }];
  }
  return [{ op: "poke", at, value: dice.pick(letters) }];
}

function cancelCopy(body: Body): readonly Op[] | null {
  const { dice } = body.world;
  const odd = dice.chance(5);
  const end = someEnd(body, (e) => odd || body.copying.has(e));
  if (end === null) return null;
  const async = body.joined.has(end) ? dice.chance(85) : dice.chance(50);
  body.copying.delete(end);
  const name = `${familyOf(end)}.cancel-${reads(end) ? "read" : "write"}`;
  return [builtin(body, name, [end], { async, t: elementsOf(body, end), dst: [null] })];
}

function dropEnd(body: Body): readonly Op[] | null {
  const { dice } = body.world;
  const odd = dice.chance(10);
  const end = someEnd(body, (n) => odd || (!body.copying.has(n) && !n.startsWith("wf")));
  if (end === null) return null;
  body.live.delete(end);
  const name = `${familyOf(end)}.drop-${reads(end) ? "readable" : "writable"}`;
  return [builtin(body, name, [end], { t: elementsOf(body, end) })];
}

/** Copies of different lengths at both ends of one pair, then what became of them. */
function meeting(body: Body): readonly Op[] {
  const { dice } = body.world;
  const i = dice.below(2);
  const [r, w] = [`rs${i}`, `ws${i}`];
  const t = elementsOf(body, r);
  hold(body, r, "rs");
  hold(body, w, "ws");
  const first = dice.chance(50) ? [w, r] : [r, w];
  const more = dice.chance(35) ? [dice.pick([r, w])] : [];
  const ops: Op[] = [builtin(body, "stream.new", [], { t, dst: [r, w] })];
  for (const end of [...first, ...more]) ops.push(...someCopy(body, end));
  return [...ops, ...leaveMeeting(body, first[0] ?? r, first[1] ?? w)];
}

/** An async copy of any length; first it cancels the one that may be under way. */
function someCopy(body: Body, end: string): readonly Op[] {
  const { dice } = body.world;
  const t = elementsOf(body, end);
  const at = reads(end) ? 80 : 64;
  const cancel = `stream.cancel-${reads(end) ? "read" : "write"}`;
  const stop = body.copying.has(end) ? [builtin(body, cancel, [end], { t, dst: [null] })] : [];
  const fill = reads(end) ? [] : fillBuffer(body, t, at);
  const args = [end, dice.pick([0, 0, 1, 2, 4])];
  const more = { t, async: true, at, dst: [null] };
  body.copying.add(end);
  return [...stop, ...fill, builtin(body, `stream.${reads(end) ? "read" : "write"}`, args, more)];
}

/** One end may be dropped; the other is asked for its event. */
function leaveMeeting(body: Body, one: string, other: string): readonly Op[] {
  const { dice } = body.world;
  const ops: Op[] = [];
  if (dice.chance(40)) {
    const verb = reads(other) ? "drop-readable" : "drop-writable";
    ops.push(builtin(body, `stream.${verb}`, [other], { t: elementsOf(body, other) }));
    body.live.delete(other);
    body.copying.delete(other);
  }
  if (!dice.chance(60)) return ops;
  const s = fresh(body, "set");
  hold(body, s, "set");
  ops.push(builtin(body, "waitable-set.new", [], { dst: [s] }));
  ops.push(builtin(body, "waitable.join", [one, s]));
  body.joined.set(one, s);
  const more = { at: 128, dst: [null, null, null], cancellable: cancellable(body) };
  return [...ops, builtin(body, "waitable-set.poll", [s], more)];
}

/** A second thread runs while this one blocks in an operation. */
function race(body: Body): readonly Op[] | null {
  const { dice } = body.world;
  if (!body.threads || body.kind === "thread") return null;
  const blocking = dice.pick([cancelSubtask, cancelSubtask, copyEnd, waitSet, call])(body);
  if (blocking === null) return null;
  const sync = blocking.map((op) =>
    op.op === "if" ? { ...op, yes: op.yes.map(toSync) } : toSync(op),
  );
  return [
    builtin(body, "thread.new-indirect", [0], { func: dice.pick(["w0", "w1"]), dst: ["th0"] }),
    builtin(body, "thread.resume-later", ["th0"]),
    ...sync,
  ];
}

function toSync(op: Op): Op {
  return op.op === "builtin" && op.async ? { ...op, async: false } : op;
}

/** Two pairs in a row with copies under way at both sides. */
function chain(body: Body): readonly Op[] | null {
  const { dice } = body.world;
  if (body.world.old || body.world.elements !== "u8") return null;
  const family = dice.chance(70) ? "stream" : "future";
  const letter = family === "stream" ? "s" : "f";
  const ops: Op[] = [];
  for (const n of [0, 1]) {
    const dst = [`r${letter}${n}`, `w${letter}${n}`];
    if (body.live.has(`r${letter}${n}`) && body.live.has(`w${letter}${n}`)) continue;
    hold(body, `r${letter}${n}`, letter === "s" ? "rs" : "rf");
    hold(body, `w${letter}${n}`, letter === "s" ? "ws" : "wf");
    ops.push(builtin(body, `${family}.new`, [], { t: "u8", dst }));
  }
  for (const end of dice.chance(50)
    ? [`w${letter}0`, `r${letter}1`]
    : [`r${letter}1`, `w${letter}0`]) {
    if (body.copying.has(end) || dice.chance(15)) continue;
    const verb = reads(end) ? "read" : "write";
    const args = family === "stream" ? [end, dice.below(5)] : [end];
    if (!reads(end)) ops.push(...fillBuffer(body, "u8", 64));
    const more = { t: "u8", async: true, at: reads(end) ? 80 : 64, dst: [null] };
    ops.push(builtin(body, `${family}.${verb}`, args, more));
    body.copying.add(end);
  }
  ops.push(builtin(body, `${family}.forward`, [`r${letter}0`, `w${letter}1`], { t: "u8" }));
  body.live.delete(`r${letter}0`);
  body.live.delete(`w${letter}1`);
  return [...ops, { op: "peek", id: nextId(body.world), at: 80, n: 4 }];
}

function forward(body: Body): readonly Op[] | null {
  if (body.world.old) return null;
  const { dice } = body.world;
  const stream = dice.chance(70);
  const free = (name: string): boolean => !body.copying.has(name) && !body.joined.has(name);
  const r = someEnd(body, (name) => free(name) && name.startsWith(stream ? "rs" : "rf"));
  const w = someEnd(body, (name) => free(name) && name.startsWith(stream ? "ws" : "wf"));
  if (r === null || w === null || (r.slice(-1) === w.slice(-1) && dice.chance(80))) return null;
  body.live.delete(r);
  body.live.delete(w);
  const t = elementsOf(body, r);
  return [builtin(body, `${stream ? "stream" : "future"}.forward`, [r, w], { t })];
}

export function newSet(body: Body): readonly Op[] {
  const s = fresh(body, "set");
  hold(body, s, "set");
  return [builtin(body, "waitable-set.new", [], { dst: [s] })];
}

function someWaitable(body: Body): string | null {
  const { dice } = body.world;
  const known = [...body.live].flatMap(([name, kind]) =>
    kind === "sub" || body.copying.has(name) ? [name] : [],
  );
  if (known.length > 0 && !dice.chance(10)) return dice.pick(known);
  return some(body, dice.pick(["sub", "rs", "ws", "rf", "wf"] as const));
}

function join(body: Body): readonly Op[] | null {
  const { dice } = body.world;
  const w = someWaitable(body);
  if (w === null) return null;
  if (dice.chance(12)) {
    body.joined.delete(w);
    return [builtin(body, "waitable.join", [w, 0])];
  }
  const s = some(body, "set");
  if (s === null) {
    const [made = []] = [newSet(body)];
    const set = pools.set.find((name) => body.live.has(name)) ?? "s0";
    body.joined.set(w, set);
    return [...made, builtin(body, "waitable.join", [w, set])];
  }
  body.joined.set(w, s);
  return [builtin(body, "waitable.join", [w, s])];
}

function cancellable(body: Body): boolean {
  return body.world.old && body.world.dice.chance(45);
}

function waitSet(body: Body): readonly Op[] | null {
  const { dice } = body.world;
  const filled = [...new Set(body.joined.values())];
  const s = filled.length > 0 && !dice.chance(5) ? dice.pick(filled) : some(body, "set");
  if (s === null || (filled.length === 0 && dice.chance(85))) return null;
  const name = dice.chance(65) ? "waitable-set.wait" : "waitable-set.poll";
  const more = { at: 128, dst: [null, null, null], cancellable: cancellable(body) };
  const first = name.endsWith("poll") && dice.chance(60) ? yieldNow(body) : [];
  const op = builtin(body, name, [s], more);
  const members = [...body.joined].flatMap(([w, set]) => (set === s ? [w] : []));
  const [one] = members;
  const calls = members.every((w) => body.live.get(w) === "sub");
  return [...first, one !== undefined && calls && !dice.chance(8) ? guarded(one, [op]) : op];
}

function dropSet(body: Body): readonly Op[] | null {
  const s = some(body, "set");
  if (s === null || ([...body.joined.values()].includes(s) && body.world.dice.chance(70))) {
    return null;
  }
  body.live.delete(s);
  return [builtin(body, "waitable-set.drop", [s])];
}

const paramKinds: Readonly<Record<string, Kind>> = {
  u32: "num",
  stream: "rs",
  future: "rf",
  own: "res",
  borrow: "res",
};

export const kindOfType = (t: Type): Kind => paramKinds[t.split(":")[0] ?? ""] ?? "num";

/** Arguments for a call, with the operations that make them. */
export function argument(body: Body, t: Type): { readonly ops: readonly Op[]; readonly arg: Atom } {
  const { dice } = body.world;
  const kind = kindOfType(t);
  if (kind === "num") return { ops: [], arg: dice.below(9) };
  const fits = (n: string): boolean => kind === "res" || n.endsWith("1") === t.includes(":");
  const free = pools[kind].filter(
    (n) => body.live.get(n) === kind && fits(n) && !body.copying.has(n) && !body.joined.has(n),
  );
  if (free.length > 0 && !dice.chance(10)) {
    const arg = dice.pick(free);
    if (!t.startsWith("borrow")) body.live.delete(arg);
    return { ops: [], arg };
  }
  if (kind === "res") return newResource(body, t.startsWith("borrow"));
  const name = `${kind}${t.includes(":") ? 1 : 0}`;
  const w = `w${name.slice(1)}`;
  hold(body, w, kind === "rs" ? "ws" : "wf");
  const more = { t: elementsOf(body, name), dst: [name, w] };
  const made = builtin(body, kind === "rs" ? "stream.new" : "future.new", [], more);
  return { ops: [made], arg: name };
}

/** A handle of one's own or from its maker, if that can be reached. */
function newResource(
  body: Body,
  keep: boolean,
): { readonly ops: readonly Op[]; readonly arg: Atom } {
  const { dice, owner } = body.world;
  const arg = fresh(body, "res");
  const dst = [arg];
  const rep = dice.below(9);
  if (keep) hold(body, arg, "res");
  else body.live.delete(arg);
  if (body.component === owner) {
    return { ops: [builtin(body, "resource.new", [rep], { resource: "r", dst })], arg };
  }
  if (!body.imports.includes(owner)) return { ops: [], arg };
  const id = nextId(body.world);
  const op: Call = { op: "call", id, func: `${owner}.make`, async: false, args: [rep], dst };
  return { ops: [op], arg };
}

function call(body: Body): readonly Op[] | null {
  const { dice, signatures } = body.world;
  const known = signatures.filter(
    (s) => s.rank > body.rank && body.imports.includes(s.owner) && s.owner !== body.component,
  );
  if (known.length === 0) return null;
  const callee = dice.pick(known);
  const async = callee.async && dice.chance(84);
  const args = callee.params.map((t) => argument(body, t));
  const id = nextId(body.world);
  const dst: (string | null)[] = [];
  if (async) {
    const t = fresh(body, "sub");
    const ptr = `p${t.slice(-1)}`;
    hold(body, t, "sub");
    hold(body, ptr, "ptr");
    dst.push(null, t, callee.result === null ? null : ptr);
  } else if (callee.result !== null) {
    const kind = kindOfType(callee.result);
    const ends = kind === "rs" || kind === "rf";
    const name = ends ? `${kind}${callee.result.includes(":") ? 1 : 0}` : fresh(body, kind);
    hold(body, name, kind);
    dst.push(name);
  }
  const op: Call = { op: "call", id, func: callee.path, async, args: args.map((a) => a.arg), dst };
  return [...args.flatMap((a) => a.ops), op];
}

function cancelSubtask(body: Body): readonly Op[] | null {
  const { dice } = body.world;
  const free = pools.sub.filter((n) => body.live.get(n) === "sub" && !body.joined.has(n));
  const t = free.length > 0 && !dice.chance(8) ? dice.pick(free) : some(body, "sub");
  if (t === null) return null;
  const op = builtin(body, "subtask.cancel", [t], { async: dice.chance(60), dst: [null] });
  return dice.chance(90) ? [guarded(t, [op])] : [op];
}

/** Only if the call came back with a subtask. */
export function guarded(t: string, yes: Block): If {
  return { op: "if", a: t, cmp: "!=", b: 0, yes, no: [] };
}

function dropSubtask(body: Body): readonly Op[] | null {
  const t = some(body, "sub");
  if (t === null) return null;
  return [guarded(t, [builtin(body, "subtask.drop", [t])])];
}

export function returnTask(body: Body): readonly Op[] | null {
  const { dice } = body.world;
  if (body.returned && !dice.chance(5)) return null;
  const args = body.result === null ? [] : [argument(body, body.result)];
  body.returned = true;
  const op = builtin(
    body,
    "task.return",
    args.map((a) => a.arg),
  );
  return [...args.flatMap((a) => a.ops), ...dropBorrows(body), op];
}

/** What a task owes before it returns. */
function dropBorrows(body: Body): readonly Op[] {
  const [resource = "r"] = body.resources;
  return body.owed.flatMap((h) => {
    if (!body.live.has(h) || body.world.dice.chance(8)) return [];
    body.live.delete(h);
    return [builtin(body, "resource.drop", [h], { resource })];
  });
}

export function onceOnly(body: Body): readonly Op[] | null {
  if (body.kind !== "thread" && !body.world.dice.chance(body.kind === "stackful" ? 15 : 2))
    return null;
  const inner = returnTask(body);
  if (inner === null) return null;
  const yes: Block = [{ op: "set", dst: "done", value: 1 }, ...inner];
  return [{ op: "if", a: "done", cmp: "==", b: 0, yes, no: [] }];
}

function backpressure(body: Body): readonly Op[] {
  const { dice } = body.world;
  if (body.raised > 0 ? dice.chance(75) : dice.chance(3)) {
    body.raised -= 1;
    return [builtin(body, "backpressure.dec", [])];
  }
  body.raised += 1;
  return [builtin(body, "backpressure.inc", [])];
}

function context(body: Body): readonly Op[] {
  const { dice } = body.world;
  if (dice.chance(50)) return [builtin(body, "context.set", [dice.below(2), dice.below(9)])];
  return [builtin(body, "context.get", [dice.below(2)], { dst: [null] })];
}

function threadOp(body: Body): readonly Op[] | null {
  const { dice } = body.world;
  if (!body.threads) return null;
  if (body.kind !== "thread" && dice.chance(30)) {
    const th = fresh(body, "thread");
    hold(body, th, "thread");
    const func = dice.pick(["w0", "w1"]);
    return [builtin(body, "thread.new-indirect", [dice.below(9)], { func, dst: [th] })];
  }
  if (dice.chance(20)) {
    hold(body, "me", "thread");
    return [builtin(body, "thread.index", [], { dst: ["me"] })];
  }
  if (body.kind !== "thread" && dice.chance(15)) return sleep(body);
  if (body.kind !== "thread" && dice.chance(35)) return spawn(body);
  const other = some(body, "thread");
  const one = ["thread.suspend", "thread.yield", "thread.yield"];
  const two = [
    ...["thread.resume-later", "thread.resume-later", "thread.resume-later"],
    ...["thread.suspend-then-resume", "thread.yield-then-resume"],
    ...["thread.suspend-then-promote", "thread.yield-then-promote"],
  ];
  if (other === null || dice.chance(30)) {
    const more = { cancellable: cancellable(body), dst: [null] };
    return [builtin(body, dice.pick(one), [], more)];
  }
  const name = dice.pick(two);
  if (name === "thread.resume-later") return [builtin(body, name, [other])];
  return [builtin(body, name, [other], { cancellable: cancellable(body), dst: [null] })];
}

/** Sleeps until somebody wakes it by its index. */
function sleep(body: Body): readonly Op[] {
  hold(body, "me", "thread");
  return [
    builtin(body, "thread.index", [], { dst: ["me"] }),
    builtin(body, "thread.suspend", [], { cancellable: cancellable(body), dst: [null] }),
  ];
}

/** Starts a thread that may wake this one, and switches to it in some way. */
function spawn(body: Body): readonly Op[] {
  const { dice } = body.world;
  const th = dice.pick(["th0", "th1"]);
  hold(body, th, "thread");
  hold(body, "me", "thread");
  const func = dice.pick(["w0", "w1"]);
  const ops: Op[] = [
    builtin(body, "thread.index", [], { dst: ["me"] }),
    builtin(body, "thread.new-indirect", [dice.below(9)], { func, dst: [th] }),
  ];
  if (dice.chance(50)) ops.push(builtin(body, "thread.resume-later", [th]));
  const verb = dice.pick(ops.length === 2 ? ["resume", "resume", "promote"] : ["promote", ""]);
  const how = dice.pick(["suspend", "yield"]);
  const name = verb === "" ? `thread.${how}` : `thread.${how}-then-${verb}`;
  if (verb !== "" || dice.chance(50)) {
    const args = verb === "" ? [] : [th];
    ops.push(builtin(body, name, args, { cancellable: cancellable(body), dst: [null] }));
  }
  return ops;
}

export function yieldNow(body: Body): readonly Op[] {
  return [builtin(body, "thread.yield", [], { cancellable: cancellable(body), dst: [null] })];
}

function useResource(body: Body): readonly Op[] | null {
  const { dice } = body.world;
  const [first] = body.resources;
  if (first === undefined) return null;
  const own = body.resources.filter((name) => !name.includes("."));
  if (own.length > 0 && dice.chance(45)) {
    const h = fresh(body, "res");
    hold(body, h, "res");
    const more = { resource: dice.pick(own), dst: [h] };
    return [builtin(body, "resource.new", [dice.below(9)], more)];
  }
  const h = some(body, "res");
  if (h === null) return null;
  if (own.length > 0 && dice.chance(30)) {
    return [builtin(body, "resource.rep", [h], { resource: dice.pick(own), dst: [null] })];
  }
  body.live.delete(h);
  return [builtin(body, "resource.drop", [h], { resource: dice.pick(body.resources) })];
}

function loadResult(body: Body): readonly Op[] | null {
  const ptr = some(body, "ptr");
  if (ptr === null) return null;
  return [{ op: "load", id: nextId(body.world), ptr }];
}

function branch(body: Body): readonly Op[] | null {
  const { dice } = body.world;
  const before = new Map(body.live);
  const inner = step(body);
  if (inner === null) return null;
  for (const name of body.live.keys()) if (!before.has(name)) body.live.delete(name);
  return [{ op: "if", a: "n0", cmp: "==", b: dice.below(2), yes: inner, no: [] }];
}

function count(body: Body): readonly Op[] {
  return [{ op: "add", dst: "n0", n: 1 }, log(body, ["n0"])];
}

export function log(body: Body, values: readonly Atom[]): Op {
  return { op: "log", id: nextId(body.world), values };
}

const makers: Readonly<Record<string, Maker>> = {
  newEnds,
  copyEnd,
  cancelCopy,
  dropEnd,
  forward,
  newSet,
  join,
  waitSet,
  dropSet,
  call,
  cancelSubtask,
  dropSubtask,
  returnTask,
  onceOnly,
  backpressure,
  context,
  threadOp,
  yieldNow,
  resource: useResource,
  loadResult,
  branch,
  count,
  chain,
  meeting,
  race,
  fail: (body) => [{ op: body.world.dice.chance(50) ? "throw" : "unreachable" }],
};

type Weights = Readonly<Record<string, number>>;

const base: Weights = {
  newEnds: 5,
  copyEnd: 14,
  cancelCopy: 6,
  dropEnd: 5,
  forward: 3,
  newSet: 2,
  join: 6,
  waitSet: 6,
  dropSet: 1,
  call: 14,
  cancelSubtask: 6,
  dropSubtask: 2,
  onceOnly: 1,
  backpressure: 1,
  context: 1,
  threadOp: 7,
  yieldNow: 2,
  resource: 5,
  loadResult: 2,
  branch: 3,
  count: 2,
  chain: 2,
  meeting: 2,
  race: 2,
  fail: 0,
};

/** What some programs are mostly about. */
export const themes: readonly Weights[] = [
  base,
  { ...base, call: 22, cancelSubtask: 14, threadOp: 2, newEnds: 2, copyEnd: 5, waitSet: 9 },
  {
    ...base,
    newEnds: 8,
    copyEnd: 26,
    cancelCopy: 11,
    dropEnd: 8,
    forward: 8,
    chain: 10,
    meeting: 14,
    resource: 0,
  },
  { ...base, threadOp: 30, resource: 0, forward: 0, newEnds: 2, copyEnd: 4 },
  { ...base, call: 45, yieldNow: 14, cancelSubtask: 22, newEnds: 0, copyEnd: 1, threadOp: 0 },
  { ...base, race: 20, call: 30, join: 14, threadOp: 6, cancelSubtask: 14, resource: 0 },
  { ...base, threadOp: 14, call: 26, cancelSubtask: 14, resource: 0, newEnds: 1, copyEnd: 3 },
  { ...base, resource: 22, call: 20, newEnds: 1, copyEnd: 2, forward: 0, threadOp: 1 },
  { ...base, fail: 1, backpressure: 7, call: 22, yieldNow: 5, copyEnd: 6 },
];

/** Mostly, what may be missing is only used if it is there. */
function cautious(body: Body, ops: Block): Block {
  const unknown = [...body.loose].filter((name) => !body.live.has(name));
  body.loose.clear();
  if (body.world.dice.chance(8)) return ops;
  const careful = ops.map((op) => (op.op === "builtin" ? ifCalled(op) : op));
  return unknown.reduce<Block>((inner, name) => [guarded(name, inner)], careful);
}

/** An operation on a subtask, only if the call came back with one. */
function ifCalled(op: Builtin): Op {
  const t = op.args.find((arg) => (pools.sub as readonly Atom[]).includes(arg));
  return typeof t === "string" ? guarded(t, [op]) : op;
}

function step(body: Body): readonly Op[] | null {
  const { dice } = body.world;
  for (let n = 0; n < 8; n++) {
    const name = dice.weighted(
      Object.entries(body.world.theme).map(([key, w]) => [w, key] as const),
    );
    if (body.kind === "dtor" && name === "onceOnly") continue;
    body.loose.clear();
    const made = makers[name]?.(body) ?? null;
    if (made !== null) return cautious(body, made);
  }
  return null;
}

/** Touches what another thread may be waiting for. */
function meddle(body: Body): readonly Op[] {
  const { dice } = body.world;
  const w = dice.pick([...pools.sub, ...pools.sub, ...pools.rs, ...pools.ws]);
  const ops = [
    builtin(body, "waitable-set.new", [], { dst: ["s1"] }),
    builtin(body, "waitable.join", [w, "s1"]),
  ];
  return [guarded(w, ops)];
}

/** How a thread gives way to the one that started it. */
export function wakeUp(body: Body): readonly Op[] {
  const { dice } = body.world;
  if ((body.world.theme.race ?? 0) > 10 && dice.chance(60)) return meddle(body);
  const name = dice.weighted([
    [6, "thread.resume-later"],
    [1, "thread.suspend-then-resume"],
    [1, "thread.yield-then-resume"],
    [1, "thread.suspend-then-promote"],
    [1, "thread.yield-then-promote"],
  ]);
  const more = { cancellable: cancellable(body), dst: [null] };
  return [builtin(body, name, ["me"], name.endsWith("later") ? {} : more)];
}

export function steps(body: Body, n: number): readonly Op[] {
  const ops: Op[] = [];
  for (let i = 0; i < n; i++) ops.push(...(step(body) ?? []));
  return ops;
}
