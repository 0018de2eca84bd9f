// Open calls as data: what a machine holds at a call out, and back. Mirrors spec/14.

import { dead, type Entry, entryAt, funcAt, oneWord } from "./code.ts";
import { compileFunc } from "./compile.ts";
import type { Machine } from "./run-machine.ts";

/**
 * Code that waits for the results of a call out. A register that will not be read, or the second word of
 * one that holds a single word, is 0.
 */
export interface OpenCalls {
  readonly tag: "calls";
  /** the function that was called, by address */
  readonly callee: number;
  /** the registers of all frames: two words each */
  readonly words: Int32Array;
  /** of each frame, the outermost first: function, word of its code to go on at, first word of its registers */
  readonly frames: Int32Array;
}

/** Words of a frame in `frames`. */
const perFrame = 3;

/** Places and bases of the frames, the outermost first; the place where code began is none. */
function openFrames(m: Machine): readonly (readonly [place: number, base: number])[] {
  const frames: [number, number][] = [];
  for (let i = 2; i < m.depth; i += 2) frames.push([m.calls[i] ?? 0, m.calls[i + 1] ?? 0]);
  if (m.place > 0) frames.push([m.place, m.base]);
  return frames;
}

/** Most functions that are named: the innermost ones. */
const mostNames = 12;

/** The names of the functions that a machine has open, the innermost first. */
export function openNames(m: Machine): readonly string[] {
  const places = openFrames(m).slice(-mostNames).reverse();
  return places.map(([place]) => funcAt(m.code, entryAt(m.code, place).address).name);
}

/** The same of code that waits. */
export function waitingNames({ code }: Machine, { frames }: OpenCalls): readonly string[] {
  const addresses = [...frames].filter((_, i) => i % perFrame === 0);
  return addresses
    .slice(-mostNames)
    .reverse()
    .map((address) => funcAt(code, address).name);
}

/** Clears what a frame's registers hold that does not matter. */
function clearDead(words: Int32Array, base: number, holds: Uint8Array): void {
  for (let i = 0; i < holds.length; i++) {
    if (holds[i] === dead) words[base + 2 * i] = 0;
    if (holds[i] === dead || holds[i] === oneWord) words[base + 2 * i + 1] = 0;
  }
}

/**
 * What each local holds that may still be read: code behind the place may be, and if the place is in a loop, all
 * of the loop.
 */
function liveLocals({ locals, reads, loops }: Entry, place: number): Uint8Array {
  const loop = loops.find(({ start, end }) => place >= start && place <= end);
  const from = loop?.start ?? place;
  return locals.map((holds, i) => ((reads[i] ?? 0) >= from ? holds : dead));
}

/** What is left when code calls out; the arguments are no part of it. */
export function freeze(m: Machine): OpenCalls {
  const words = m.words.slice(0, m.argument);
  const open = openFrames(m);
  const frames = new Int32Array(perFrame * open.length);
  for (const [i, [place, base]] of open.entries()) {
    const entry = entryAt(m.code, place);
    const { address, start, locals, sites } = entry;
    clearDead(words, base, liveLocals(entry, place));
    clearDead(words, base + 2 * locals.length, sites.get(place) ?? new Uint8Array());
    frames.set([address, place - start, base], perFrame * i);
  }
  return { tag: "calls", callee: m.callee, words, frames };
}

/** The place where a function's code begins. */
function startOf(m: Machine, address: number): number {
  if ((m.code.starts[address] ?? 0) === 0) compileFunc(m.code, address);
  return m.code.starts[address] ?? 0;
}

/** Where a run begins: to return from there leaves the interpreter. */
export function beginCalls(m: Machine): void {
  Object.assign(m, { place: 0, base: 0, depth: 0, argument: 0 });
}

function pushCall(m: Machine): void {
  m.calls[m.depth] = m.place;
  m.calls[m.depth + 1] = m.base;
  m.depth += 2;
}

/** Calls a function with code; its arguments are in the first registers. */
export function enterCode(m: Machine, address: number): void {
  beginCalls(m);
  pushCall(m);
  m.place = startOf(m, address);
}

/** The inverse of `freeze`: the results belong into the registers from `argument` on. */
export function thaw(m: Machine, { words, frames }: OpenCalls): void {
  beginCalls(m);
  m.words.set(words);
  m.argument = words.length;
  for (let i = 0; i < frames.length; i += perFrame) {
    const [address = 0, place = 0, base = 0] = frames.subarray(i, i + perFrame);
    pushCall(m);
    m.place = startOf(m, address) + place;
    m.base = base;
  }
}
