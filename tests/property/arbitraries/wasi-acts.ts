// What a random guest of the WASI host does: calls of any function, and what comes of them.

import type { Interface, InterfaceFunc } from "../../../src/wit/resolved.ts";
import {
  elementOf,
  type Kind,
  kindOf,
  type Local,
  type Program,
  typeText,
} from "./wasi-program.ts";
import { type Picks, plainValue } from "./wasi-values.ts";

/** A call that is made somewhere in a program. */
interface Call {
  readonly of: Interface;
  readonly func: InterfaceFunc;
  /** `descriptor.open-at` */
  readonly path: string;
  readonly text: string;
  /** the variables that it borrows from */
  readonly lent: readonly Local[];
}

/** The arguments of a call: as texts, and what has to hold for them to be good. */
interface Args {
  readonly texts: readonly string[];
  readonly conditions: readonly string[];
  readonly used: readonly Local[];
  readonly lent: readonly Local[];
}

function idle({ name }: Local): readonly string[] {
  return [`${name} != 0`, `${name}-busy == 0`];
}

/** Nobody has borrowed it. */
const unlent = ({ lent }: Local): readonly string[] => lent.map((call) => `${call} == 0`);

/** An end of a new stream, and the other one beside it. */
function made(s: Program, kind: Kind): Local {
  const readable = s.local(kind);
  const writable = s.local("ws:u8");
  const n = s.fresh();
  s.lines.push(`let r${n}, w${n} = stream.new`);
  s.lines.push(`${readable.name} = r${n}`, `${writable.name} = w${n}`);
  return readable;
}

function argsFor(
  s: Program,
  of: Interface,
  { params }: InterfaceFunc,
  p: Picks,
  odd: boolean,
): Args {
  const conditions: string[] = [];
  const used: Local[] = [];
  const lent: Local[] = [];
  const texts = params.map(({ t }) => {
    const kind = kindOf(t, of);
    if (kind === null) return plainValue(t, p);
    const local = s.find(new RegExp(`^${kind}$`), p, odd) ?? made(s, kind);
    const borrowed = t.tag === "borrow";
    conditions.push(...idle(local), ...(borrowed ? [] : unlent(local)));
    (borrowed ? lent : used).push(local);
    return local.name;
  });
  return { texts, conditions, used, lent };
}

function addCall(s: Program, of: Interface, func: InterfaceFunc, p: Picks, odd: boolean): void {
  const { texts, conditions, used, lent } = argsFor(s, of, func, p, odd);
  const path = `${func.resource ?? of.name}.${func.name}`;
  const call: Call = { of, func, path, text: `${path}(${texts.join(", ")})`, lent };
  // whether the result of `split` is an error shows in memory only; a receive may wait for long
  const isAsync =
    func.name === "split" || (func.async && (func.name === "receive" || p.one([true, false])));
  const lines = isAsync ? started(s, call) : answered(s, call);
  const gone = odd ? [] : used.map(({ name }) => `${name} = 0`);
  s.when([...new Set(conditions)], odd, [...lines, ...gone]);
}

function answered(s: Program, { of, func: { result }, path, text }: Call): readonly string[] {
  if (result === null) return [text];
  const value = `v${s.fresh()}`;
  const handles = s.collect(result, of, { value, failed: `failed(${value})` });
  return [`let ${value} = ${text}`, `log "${path} {${value}}"`, ...handles];
}

/** A call whose subtask stays in a variable until it has resolved. */
function started(s: Program, { of, func: { result }, path, text, lent }: Call): readonly string[] {
  const n = s.fresh();
  const after: string[] = [];
  s.lines.push(`let at${n} = 0`);
  if (result !== null) {
    after.push(`let v${n} = load ${typeText(result, of)} at${n}`, `log "${path} {v${n}}"`);
    after.push(...s.collect(result, of, { value: `v${n}`, failed: `load u8 at${n}` }));
  }
  const { name } = s.local("sub", after);
  for (const local of lent) local.lent.push(name);
  const begun =
    result === null
      ? [`let _, u${n} = async ${text}`]
      : [`let _, u${n}, p${n} = async ${text}`, `at${n} = p${n}`];
  return [...begun, `${name} = u${n}`, `if u${n} == 0 {`, ...after, "}"];
}

const isFuture = ({ kind }: Local): boolean => kind.startsWith("rf");
const isWritable = ({ kind }: Local): boolean => kind.startsWith("w");

/** `stream.read<u8> h1`: a built-in on an end. */
function onEnd(end: Local, what: { readonly read: string; readonly write: string }): string {
  const family = isFuture(end) ? "future" : "stream";
  const [name, type] = isWritable(end) ? [what.write, ""] : [what.read, `<${elementOf(end.kind)}>`];
  return `${family}.${name}${type} ${end.name}`;
}

const dropping = { read: "drop-readable", write: "drop-writable" } as const;

/** What has come, by the result of its copy. */
function received(s: Program, { kind, name }: Local, c: string): readonly string[] {
  if (kind.startsWith("rf")) {
    const value = `v-${c}`;
    const lines = [
      `let ${value} = load ${elementOf(kind)} ${name}-at`,
      `log "future ${elementOf(kind)} {${value}}"`,
    ];
    return [`if ${c} == COMPLETED|0 {`, ...lines, "}"];
  }
  if (kind !== "rs:tcp-socket") return [];
  const accepted = `${s.local("tcp-socket").name} = load tcp-socket ${name}-at`;
  return [`if ${c} == COMPLETED|1 or ${c} == DROPPED|1 {`, accepted, "}"];
}

/** A copy has its result: an end that is done is dropped, or kept and used no more. */
function copied(s: Program, end: Local, c: string, p: Picks): readonly string[] {
  const done = isFuture(end) ? `${c} != CANCELLED|0` : `over(${c})`;
  const gone = p.one([true, true, true, false]) ? [onEnd(end, dropping)] : [];
  return [...received(s, end, c), `if ${done} {`, ...gone, `${end.name} = 0`, "}"];
}

type Act = (s: Program, p: Picks, odd: boolean) => void;

const anyEnd = /^[rw][sf]:/;

/** How much is read or written. */
function amount(end: Local, p: Picks): string {
  if (isWritable(end)) return p.one([' "abcd"', ' "x"', ' ""', ' "abcdefgh"']);
  if (isFuture(end)) return "";
  return end.kind === "rs:tcp-socket" ? " 1" : p.one([" 4", " 1", " 0", " 8", " 2"]);
}

/** A copy on an end that is idle. */
function copyOn(s: Program, end: Local, p: Picks, odd: boolean): void {
  const c = `x${s.fresh()}`;
  const waits = p.one(["async ", "async ", "async ", "async ", "async ", "async ", ""]);
  const what = `${waits}${onEnd(end, { read: "read", write: "write" })}${amount(end, p)}`;
  const begun = isWritable(end)
    ? [`let ${c} = ${what}`]
    : [`let ${c}, q${c} = ${what}`, `${end.name}-at = q${c}`];
  const blocked = `if ${c} == BLOCKED { ${end.name}-busy = 1 } else {`;
  s.when(idle(end), odd, [...begun, blocked, ...copied(s, end, c, p), "}"]);
}

const copy: Act = (s, p, odd) => {
  const end = s.find(anyEnd, p, false);
  if (end !== null) copyOn(s, end, p, odd);
};

/** Copies until there should be no more to come. */
const drain: Act = (s, p, odd) => {
  const end = s.find(/^rs:/, p, false);
  if (end === null) return;
  for (let i = 0; i < 3; i++) {
    copyOn(s, end, p, odd);
    hear(s, end, p, odd);
  }
};

const copying = ({ name }: Local): readonly string[] => [`${name} != 0`, `${name}-busy == 1`];

const cancelCopy: Act = (s, p, odd) => {
  const end = s.find(anyEnd, p, false);
  if (end === null) return;
  const c = `x${s.fresh()}`;
  const cancelled = onEnd(end, { read: "cancel-read", write: "cancel-write" });
  const lines = [`let ${c} = ${cancelled}`, `${end.name}-busy = 0`, ...copied(s, end, c, p)];
  s.when(copying(end), odd, lines);
};

/** Asks for the event of a copy or a call, or waits for it; `then` is told what it carries. */
function listen(
  s: Program,
  p: Picks,
  name: string,
  then: (payload: string) => readonly string[],
): readonly string[] {
  const n = s.fresh();
  const wait = p.one(["poll", "poll", "poll", "poll", "poll", "poll", "poll", "wait"]);
  const before = p.one(["thread.yield", "thread.index", "fixture.idle()"]);
  return [
    `let s${n} = waitable-set.new`,
    `waitable.join ${name} s${n}`,
    before,
    `let e${n}, _, p${n} = waitable-set.${wait} s${n}`,
    `waitable.join ${name} 0`,
    `waitable-set.drop s${n}`,
    `if e${n} != NONE {`,
    ...then(`p${n}`),
    "}",
  ];
}

/** The result of a copy that is in progress, if it is there. */
function hear(s: Program, end: Local, p: Picks, odd: boolean): void {
  const { name } = end;
  const then = (c: string): readonly string[] => [`${name}-busy = 0`, ...copied(s, end, c, p)];
  s.when(copying(end), odd, listen(s, p, name, then));
}

const awaitCopy: Act = (s, p, odd) => {
  const end = s.find(anyEnd, p, false);
  if (end !== null) hear(s, end, p, odd);
};

function resolved({ name, after }: Local, state: string): readonly string[] {
  return [`subtask.drop ${name}`, `${name} = 0`, `if ${state} == RETURNED {`, ...after, "}"];
}

const awaitCall: Act = (s, p, odd) => {
  const sub = s.find(/^sub$/, p, false);
  if (sub === null) return;
  const then = (state: string): readonly string[] => {
    return [`if ${state} != STARTED {`, ...resolved(sub, state), "}"];
  };
  s.when([`${sub.name} != 0`], odd, listen(s, p, sub.name, then));
};

const cancelCall: Act = (s, p, odd) => {
  const sub = s.find(/^sub$/, p, odd);
  if (sub === null) return;
  const state = `x${s.fresh()}`;
  const lines = [`let ${state} = subtask.cancel ${sub.name}`, ...resolved(sub, state)];
  s.when([`${sub.name} != 0`], odd, lines);
};

function dropOne(s: Program, local: Local, odd: boolean): void {
  const { kind, name } = local;
  const what = anyEnd.test(kind) ? onEnd(local, dropping) : `resource.drop<${kind}> ${name}`;
  const lines = [what, ...(odd ? [] : [`${name} = 0`])];
  s.when([...idle(local), ...unlent(local)], odd, lines);
}

const drop: Act = (s, p, odd) => {
  const local = s.find(/^(?!sub)/, p, false);
  if (local !== null) dropOne(s, local, odd);
};

/** Drops a stream, so that operations come to an end, and reads a future. */
const finish: Act = (s, p, odd) => {
  const future = s.find(/^rf:/, p, false);
  const stream = s.find(/^[rw]s:/, p, false);
  if (stream !== null) dropOne(s, stream, odd);
  if (future === null) return;
  copyOn(s, future, p, odd);
  hear(s, future, p, odd);
};

interface Choice {
  readonly of: Interface;
  readonly func: InterfaceFunc;
}

/** The functions for whose handles there are variables. */
function callable(s: Program): readonly Choice[] {
  const has = new Set(["rs:u8", ...s.locals.map(({ kind }) => kind)]);
  const all = s.interfaces.flatMap((of) => of.funcs.map((func): Choice => ({ of, func })));
  return all.filter(({ of, func: { params } }) =>
    params.every(({ t }) => has.has(kindOf(t, of) ?? "rs:u8")),
  );
}

const moves = /stream|send|receive|listen|connect|split|all/;

const anyCall: Act = (s, p, odd) => {
  const all = callable(s);
  const streams = all.filter(({ func: { name } }) => moves.test(name));
  const [first, ...rest] = p.one([streams, all]);
  if (first === undefined) return;
  const { of, func } = p.one([first, ...rest]);
  addCall(s, of, func, p, odd);
};

/** What a plan may do, by name. */
export const acts: Readonly<Record<string, Act>> = {
  call: anyCall,
  copy,
  drain,
  "cancel-copy": cancelCopy,
  "await-copy": awaitCopy,
  "await-call": awaitCall,
  "cancel-call": cancelCall,
  drop,
  finish,
  new: (s) => {
    made(s, "rs:u8");
  },
  yield: (s) => {
    s.lines.push("thread.yield");
  },
  return: (s) => {
    if (!s.returned) s.lines.push("task.return");
    s.returned = true;
  },
};
