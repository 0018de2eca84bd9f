// Bodies of portable programs as lines: each line of the log begins with the name of the task that wrote it.

import type { Act, Body, Part, Portable, Takes } from "./portable.ts";

/** A function that can be called. */
interface Callee {
  readonly name: string;
  readonly takes: Takes | "stream";
  readonly gives: "value" | "handle" | "stream" | "future" | "nothing";
  /** it comes to an end, so that it may be awaited */
  readonly over: boolean;
  /** to give it up shows nowhere */
  readonly light: boolean;
}

/** A call that is open, and the handle that is lent to it. */
interface Open extends Callee {
  readonly call: string;
  readonly lent: string | null;
}

/** One body while it is written. */
interface Writing {
  readonly lines: string[];
  /** what it goes by in the log */
  readonly who: string;
  readonly callees: readonly Callee[];
  /** a number for the next name */
  readonly fresh: () => number;
  open: readonly Open[];
  handles: readonly string[];
  /** it has given up a call */
  gaveUp: boolean;
}

const letters = "ABCDEFG";

/** The name of a component that has a place among the others. */
export const nameOf = (i: number): string => letters[i] ?? "Z";

function ofGuest(name: string, takes: Callee["takes"], gives: Callee["gives"]): Callee {
  return { name, takes, gives, over: true, light: false };
}

const keeperCallees: readonly Callee[] = [
  ofGuest("K.make", "nothing", "handle"),
  ofGuest("K.look", "borrow", "value"),
  ofGuest("K.eat", "own", "value"),
];

const feederCallees: readonly Callee[] = [
  ofGuest("F.bytes", "nothing", "stream"),
  ofGuest("F.number", "nothing", "future"),
  ofGuest("F.drain", "stream", "value"),
];

function ofHost(name: string): Callee {
  return { ...ofGuest(`host.${name}`, "nothing", "value"), light: true };
}

const never: Callee = { ...ofHost("never"), gives: "nothing", over: false };

function calleesIn({ bodies, hang }: Part, component: string): readonly Callee[] {
  const whole = bodies.map(({ takes }, n) => ofGuest(`${component}.f${n}`, takes, "value"));
  const hangs: Callee = { ...never, name: `${component}.hang` };
  return [...whole, ...whole, ...(hang === null ? [] : [hangs])];
}

/** What component `i` can call. */
function calleesOf({ parts, keeper, feeder, roots }: Portable, i: number): readonly Callee[] {
  const others = parts.slice(i + 1).flatMap((part, k) => calleesIn(part, nameOf(i + 1 + k)));
  return [
    ...others,
    ...(keeper === null ? [] : keeperCallees),
    ...(feeder === null ? [] : feederCallees),
    ...["now", "gate-a", "gate-b"].map(ofHost),
    // with another root call to come the host is not idle
    ...(roots === 1 ? [ofHost("late")] : []),
    never,
  ];
}

function pick<T>(list: readonly T[], n: number): T | undefined {
  return list[n % Math.max(list.length, 1)];
}

const awaitable = ({ open }: Writing): readonly Open[] => open.filter(({ over }) => over);
const cancellable = ({ open }: Writing): readonly Open[] => open.filter(({ light }) => light);

/** Handles that no open call has borrowed. */
function freeHandles({ handles, open }: Writing): readonly string[] {
  return handles.filter((handle) => open.every(({ lent }) => lent !== handle));
}

/** A stream of some bytes; who writes them shows nothing. */
function newStream(w: Writing, bytes: number): string {
  const [r, end] = [`r${w.fresh()}`, `w${w.fresh()}`];
  const writes = [..."stuv"].slice(0, bytes).map((byte) => `  await stream.write ${end} "${byte}"`);
  const drop = `  stream.drop-writable ${end}`;
  w.lines.push(`let ${r}, ${end} = stream.new`, "spawn {", ...writes, drop, "}");
  return r;
}

/** What a call takes beside a number; undefined: there is none. */
function given(w: Writing, { takes }: Callee, which: number): string | null | undefined {
  if (takes === "nothing") return null;
  return takes === "stream" ? newStream(w, which % 5) : pick(freeHandles(w), which);
}

function startCall(w: Writing, callee: Callee, which: number): void {
  const { takes, over, name } = callee;
  const handle = given(w, callee, which);
  if (handle === undefined) return;
  const n = w.fresh();
  const who = `"${w.who}.${n}"`;
  const args = [who, ...(over ? ["x"] : []), ...(handle === null ? [] : [handle])];
  w.lines.push(`let c${n} = start ${name}(${args.join(", ")})`);
  if (takes === "own") w.handles = w.handles.filter((other) => other !== handle);
  w.open = [...w.open, { ...callee, call: `c${n}`, lent: takes === "borrow" ? handle : null }];
}

function close(w: Writing, { call }: Open): void {
  w.open = w.open.filter((other) => other.call !== call);
}

/** Reads to the end, a byte at a time. */
function readAll(w: Pick<Writing, "lines" | "who" | "fresh">, stream: string): void {
  const [over, n, at] = [`o${w.fresh()}`, `n${w.fresh()}`, `p${w.fresh()}`];
  w.lines.push(
    `let ${over} = false`,
    `while not ${over} {`,
    `  let ${n}, ${at} = await stream.read ${stream} 1`,
    `  if ${n} == COMPLETED|1 or ${n} == DROPPED|1 { log "${w.who} {list-at ${at} 1}" }`,
    `  ${over} = ${n} == DROPPED|0 or ${n} == DROPPED|1`,
    "}",
    `stream.drop-readable ${stream}`,
  );
}

function readOne(w: Writing, future: string): void {
  const at = `p${w.fresh()}`;
  w.lines.push(
    `let _, ${at} = await future.read<u32> ${future}`,
    `future.drop-readable<u32> ${future}`,
    `x = load u32 ${at}`,
    `log "${w.who} receives {x}"`,
  );
}

function awaitCall(w: Writing, one: Open | undefined): void {
  if (one === undefined) return;
  close(w, one);
  if (one.gives === "value") {
    w.lines.push(`x = await ${one.call}`, `log "${w.who} ${one.call} {x}"`);
    return;
  }
  const got = `h${w.fresh()}`;
  w.lines.push(`let ${got} = await ${one.call}`, `log "${w.who} ${one.call}"`);
  if (one.gives === "handle") w.handles = [...w.handles, got];
  else (one.gives === "stream" ? readAll : readOne)(w, got);
}

function cancelCall(w: Writing, one: Open | undefined): void {
  if (one === undefined) return;
  close(w, one);
  w.gaveUp = true;
  w.lines.push(`cancel ${one.call}`, `log "${w.who} gives up ${one.call}"`);
}

function dropHandle(w: Writing, handle: string | undefined): void {
  if (handle === undefined) return;
  w.handles = w.handles.filter((other) => other !== handle);
  w.lines.push(`resource.drop<K.r> ${handle}`);
}

function awaitFirst(w: Writing, a: Open | undefined, b: Open | undefined): void {
  if (a === undefined || b === undefined || a.call === b.call) return;
  const place = `i${w.fresh()}`;
  const first = `await first ${a.call}, ${b.call}`;
  w.lines.push(`let ${place} = ${first}`, `log "${w.who} first {${place}}"`);
}

function spawnTask(w: Writing, acts: readonly Act[]): void {
  const who = `${w.who}s${w.fresh()}`;
  const inner: Writing = { ...w, who, lines: [], open: [], handles: [], gaveUp: false };
  writeActs(inner, acts);
  settle(inner);
  w.lines.push("spawn {", ...inner.lines.map((line) => `  ${line}`), "}");
}

/** How each act is written. */
const writers: {
  readonly [K in Act["act"]]: (w: Writing, act: Act & { readonly act: K }) => void;
} = {
  log: (w) => w.lines.push(`log "${w.who} is here"`),
  count: (w) => w.lines.push("n = n + 1", `log "${w.who} counts {n}"`),
  yield: (w) => w.lines.push("yield"),
  start: (w, { callee, handle }) => startCall(w, pick(w.callees, callee) ?? never, handle),
  await: (w, { which }) => awaitCall(w, pick(awaitable(w), which)),
  cancel: (w, { which }) => cancelCall(w, pick(cancellable(w), which)),
  drop: (w, { which }) => dropHandle(w, pick(freeHandles(w), which)),
  first: (w, { one, other }) => awaitFirst(w, pick(w.open, one), pick(awaitable(w), other)),
  spawn: (w, { acts }) => spawnTask(w, acts),
};

function writeActs(w: Writing, acts: readonly Act[]): void {
  for (const act of acts) (writers[act.act] as (of: Writing, one: Act) => void)(w, act);
}

/**
 * At the end no call is open and no handle is left. Nobody ends in the run in which it gave up a call: that
 * would let go of the callee instead of cancelling it.
 */
function settle(w: Writing): void {
  for (const one of awaitable(w)) awaitCall(w, one);
  for (const one of w.open) cancelCall(w, one);
  for (const handle of w.handles) dropHandle(w, handle);
  if (w.gaveUp) w.lines.push("yield");
}

function writing(p: Portable, i: number): Writing {
  let n = 0;
  const fresh = (): number => n++;
  const [lines, open, handles] = [[], [], []];
  return { lines, who: "{t}", callees: calleesOf(p, i), fresh, open, handles, gaveUp: false };
}

/** A borrowed handle is used and dropped before anything waits. */
const beginning: Readonly<Record<Takes, readonly string[]>> = {
  nothing: [],
  borrow: ['x = await K.glance("{t}.h", h)', "resource.drop<K.r> h"],
  own: [],
};

/** A body of component `i`. */
export function bodyLines(p: Portable, i: number, { takes, acts }: Body): readonly string[] {
  const w = writing(p, i);
  w.lines.push(...beginning[takes]);
  if (takes === "own") w.handles = ["h"];
  writeActs(w, acts);
  settle(w);
  return [...w.lines, 'log "{t} ends"', "return x + 1"];
}

/** The lines that read a stream to its end. */
export function drainLines(stream: string): readonly string[] {
  let n = 0;
  const lines: string[] = [];
  readAll({ lines, who: "{t}", fresh: () => n++ }, stream);
  return lines;
}

/** A call that waits for the host alone, in all that it does, and leaves nothing that has to be dropped. */
function isCalm(p: Portable, { name, over, takes, gives }: Callee): boolean {
  if (gives !== "value" || takes === "stream") return false;
  const [component = "", func = ""] = name.split(".");
  const i = letters.indexOf(component);
  const body = p.parts[i]?.bodies[Number(func.slice(1))];
  if (i === -1 || body === undefined) return over;
  const lines = bodyLines(p, i, body).map((line) => line.trim());
  if (lines.includes("yield") || (spawnsLater(p) && lines.includes("spawn {"))) return false;
  const called = calleesOf(p, i).filter((callee) => lines.some((l) => l.includes(callee.name)));
  return called.every((callee) => isCalm(p, callee));
}

/** A task that was spawned has its first turn to come, as one has that has given way. */
function spawnsLater({ habits }: Portable): boolean {
  return habits.some(({ name, value }) => name === "spawn" && value === "later");
}

function calmActs(p: Portable, acts: readonly Act[]): readonly Act[] {
  const calm = acts.filter(({ act }) => act !== "yield" && act !== "cancel");
  if (spawnsLater(p)) return calm.filter(({ act }) => act !== "spawn");
  return calm.map((one) => (one.act === "spawn" ? { ...one, acts: calmActs(p, one.acts) } : one));
}

/** Whoever is cancelled waits for the host with all its tasks: nobody has a turn to come. */
export function hangLines(p: Portable, i: number, acts: readonly Act[]): readonly string[] {
  const all = writing(p, i);
  const w = { ...all, callees: all.callees.filter((callee) => isCalm(p, callee)) };
  w.lines.push("let x = 0");
  writeActs(w, calmActs(p, acts));
  settle(w);
  const hanging = all.callees.filter(({ over }) => !over);
  return [...w.lines, `await ${(pick(hanging, acts.length) ?? never).name}("{t}.${w.fresh()}")`];
}
