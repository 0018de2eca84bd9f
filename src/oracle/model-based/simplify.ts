// Simpler programs than a given one: fewer calls first, then smaller numbers. Mirrors spec/15.

import { type ElementType, rowOf, sizeOf } from "./builtins.ts";
import { bodiesOf, type Call, callsOf, firstName, type Operand, type Program } from "./program.ts";

/** The program without the calls at these places, and without those that need what they return. */
function without(program: Program, places: ReadonlySet<number>): Program {
  const calls = callsOf(program);
  const gone = new Set(places);
  for (const [place, { args }] of calls.entries()) {
    const needs = args.some((arg) => typeof arg !== "number" && gone.has(arg.call));
    if (needs) gone.add(place);
  }
  let next = 0;
  const moved = calls.map((_, place) => (gone.has(place) ? -1 : next++));
  return mapCalls(program, (call, place) => (gone.has(place) ? null : moveArgs(call, moved)));
}

function moveArgs(call: Call, moved: readonly number[]): Call {
  const args = call.args.map((arg): Operand => {
    return typeof arg === "number" ? arg : { ...arg, call: moved[arg.call] ?? 0 };
  });
  return { ...call, args };
}

/** Every call replaced, or left out where it becomes null; threads without calls go too. */
function mapCalls(program: Program, f: (call: Call, place: number) => Call | null): Program {
  const bodies = bodiesOf(program).map(({ name, calls, base }) => {
    const kept = calls.map((call, i) => f(call, base + i)).filter((call) => call !== null);
    return { name, kept };
  });
  const first = bodies.find(({ name }) => name === firstName)?.kept ?? [];
  const threads = bodies.filter(({ name, kept }) => name !== firstName && kept.length > 0);
  return { first, threads: threads.map(({ kept }) => kept) };
}

function range(from: number, length: number): ReadonlySet<number> {
  return new Set(Array.from({ length }, (_, i) => from + i));
}

function* fewerThreads(program: Program): Generator<Program> {
  const { first, threads } = program;
  for (const { name, calls, base } of bodiesOf(program)) {
    if (name !== firstName && threads.length > 1) yield without(program, range(base, calls.length));
  }
  if (threads.length > 1 || first.length > 0) yield { first: [], threads: [callsOf(program)] };
}

/** Halves, quarters, and so on down to single calls, the last ones first. */
function* fewerCalls(program: Program): Generator<Program> {
  const { length } = callsOf(program);
  for (let size = Math.ceil(length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let end = length; end > 0; end -= size) {
      yield without(program, range(Math.max(0, end - size), Math.min(size, end)));
    }
  }
}

/** One call replaced. */
function withCall(program: Program, at: number, call: Call): Program {
  return mapCalls(program, (old, place) => (place === at ? call : old));
}

/** Less than `n`, the least first. */
function lesser(n: number): readonly number[] {
  const some: number[] = [];
  for (let less = n; less >= 1; less = Math.floor(less / 2)) some.push(n - less);
  return some;
}

/** What a call stores goes with its buffer. */
function withArg(call: Call, i: number, value: number): Call {
  const args = call.args.with(i, value);
  const [at, length = 1] = args.slice(1);
  if (call.stores === undefined || typeof at !== "number" || typeof length !== "number") {
    return { ...call, args };
  }
  const digits = 2 * length * sizeOf(call.type ?? null);
  const stores = call.stores.map(({ bytes }) => ({ at, bytes: bytes.slice(0, digits) }));
  return { ...call, args, stores: stores.filter(({ bytes }) => bytes !== "") };
}

function* smallerNumbers(call: Call): Generator<Call> {
  const { operands } = rowOf(call.builtin);
  for (const [i, arg] of call.args.entries()) {
    if (typeof arg !== "number") continue;
    // where an event goes has to be aligned: what happens otherwise is not specified
    const step = operands[i] === "payload" ? 4 : 1;
    for (const less of lesser(arg / step)) yield withArg(call, i, less * step);
  }
}

function* simplerCalls(program: Program): Generator<Program> {
  for (const [place, call] of callsOf(program).entries()) {
    if (call.slot === 1) yield withCall(program, place, { ...call, slot: 0 });
    for (const simpler of smallerNumbers(call)) yield withCall(program, place, simpler);
    const { stores, ...rest } = call;
    if (stores !== undefined) yield withCall(program, place, rest);
  }
}

const byComplexity: readonly ElementType[] = [null, "u8", "s8", "u16", "s16", "u32", "s32", "u64"];

/** All streams and futures of one type made to be of a simpler one. */
function* simplerTypes(program: Program, types: readonly ElementType[]): Generator<Program> {
  const used = new Set(
    callsOf(program).flatMap(({ type = null }) => (type === null ? [] : [type])),
  );
  for (const type of used) {
    const rank = byComplexity.indexOf(type);
    const simpler = byComplexity.slice(0, rank === -1 ? undefined : rank);
    for (const other of simpler.filter((one) => types.includes(one))) {
      yield mapCalls(program, (call) => (call.type === type ? withType(call, other) : call));
    }
  }
}

function withType(call: Call, type: ElementType): Call {
  const retyped = { ...call, type };
  const [, at] = call.args;
  return typeof at === "number" ? withArg(retyped, 1, at) : retyped;
}

/** Programs to try in the place of one that fails, the simplest first. */
export function* simplerPrograms(
  program: Program,
  types: readonly ElementType[],
): Generator<Program, undefined> {
  const { length } = callsOf(program);
  const fewer = [...fewerThreads(program), ...fewerCalls(program)];
  yield* fewer.filter((one) => callsOf(one).length > 0 && callsOf(one).length <= length);
  yield* simplerTypes(program, types);
  yield* simplerCalls(program);
}
