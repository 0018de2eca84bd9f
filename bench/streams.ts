// Rendezvous: a read and a write of a stream of bytes, in one instance and across two.

import { readBytes, writeBytes } from "../src/model/memory.ts";
import type { Store } from "../src/model/store.ts";
import type { FuncType, ValType } from "../src/model/types.ts";
import type { System } from "../src/scheduler/machine.ts";
import { finish } from "./finish.ts";
import {
  type Body,
  building,
  builtin,
  call,
  giveBack,
  type Home,
  type Next,
  peek,
  setVariable,
  type Turn,
  variable,
} from "./system.ts";
import { demand, type Rate } from "./workload.ts";

const u32 = { tag: "u32" } as const;
const stream: ValType = { tag: "stream", t: { tag: "u8" } };
const rootType: FuncType = { params: [], result: u32, async: true };
const getType: FuncType = { params: [], result: stream, async: true };

const blocked = 0xffff_ffff;
const [exit, waiting] = [0, 2];
const [streamRead, streamWrite] = [2, 3];
const [readAt, writeAt] = [65536, 131072];
const memoryBytes = 262144;

/** The built-ins of a stream of bytes, all of them async. */
function streamBuiltins(home: Home) {
  const opts = { ...home.opts, async: true };
  const u8 = { tag: "u8" } as const;
  return {
    newStream: builtin("stream.new", opts, u8),
    read: builtin("stream.read", opts, u8),
    write: builtin("stream.write", opts, u8),
    dropReadable: builtin("stream.drop-readable", opts, u8),
    dropWritable: builtin("stream.drop-writable", opts, u8),
    newSet: builtin("waitable-set.new", opts),
    join: builtin("waitable.join", opts),
    wait: builtin("waitable-set.wait", opts),
  };
}

function ends(packed: unknown): readonly [readable: number, writable: number] {
  const both = BigInt(packed as bigint);
  return [Number(both & 0xffff_ffffn), Number(both >> 32n)];
}

/** Bytes that tell a copy from memory that nobody wrote. */
function pattern(size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, i) => 1 + (i % 251));
}

function fill({ c }: Turn, { memory }: Home, size: number): void {
  writeBytes(c.edit.edit("memory", memory), writeAt, pattern(size));
}

/** Throws unless the bytes that were read last are those that were written. */
function checkCopy(store: Store, { memory }: Home, size: number): void {
  const read = store.entities.memory[memory];
  demand(read !== null && read !== undefined, "the reader has a memory");
  const bytes = readBytes(read, readAt, size);
  const expected = pattern(size);
  demand(
    bytes.every((byte, i) => byte === expected[i]),
    "the bytes arrive",
  );
}

/** What a finished system has to show: how many bytes came, and where. */
interface Streaming {
  readonly system: System;
  readonly reader: Home;
}

/**
 * Both ends in one instance: a read that blocks, a write that completes it, the read's event.
 * Registers: readable end, writable end, set, number of the rendezvous.
 */
function sameInstance(n: number, size: number): Streaming {
  const b = building();
  const home = b.home("D", memoryBytes);
  const { newStream, newSet, join, read, write, wait } = streamBuiltins(home);
  const next = (r: readonly number[]): Next =>
    (r[3] ?? 0) < n ? call(read, [r[0] ?? 0, readAt, size], 4, r) : giveBack((r[3] ?? 0) * size);
  const body: Body = [
    () => call(newStream, [], 1, []),
    ({ got }) => call(newSet, [], 2, ends(got[0])),
    (turn) => {
      fill(turn, home, size);
      const [readable = 0, writable = 0] = turn.r;
      const set = Number(turn.got[0]);
      return call(join, [readable, set], 3, [readable, writable, set, 0]);
    },
    ({ r }) => next(r),
    ({ r, got }) => {
      demand(got[0] === blocked, "the read comes first");
      return call(write, [r[1] ?? 0, writeAt, size], 5, r);
    },
    ({ r, got }) => {
      demand(got[0] === size * 16, "the write finds the read");
      return call(wait, [r[2] ?? 0, 0], 6, r);
    },
    ({ c, r: [readable = 0, writable = 0, set = 0, i = 0], got }) => {
      demand(got[0] === streamRead && peek(c, home, 4) === size * 16, "the read is over");
      return next([readable, writable, set, i + 1]);
    },
  ];
  return { system: b.system(b.lift("D.run", home, body, rootType)), reader: home };
}

/** The part of a writer's bodies that writes. */
interface Pump {
  /** One more buffer is written: begins the next one, or leaves; goes on in `steps(base)`. */
  written(turn: Turn, base: number): Next;
  begin(turn: Turn, base: number): Next;
  /** What to do after either, to stand at `base` in a body. */
  steps(base: number): Body;
}

function pump(home: Home, n: number, size: number): Pump {
  const { join, write, dropWritable } = streamBuiltins(home);
  const done = ({ c }: Turn): number => variable(c, home, "done");
  const begin = (turn: Turn, base: number): Next => {
    const writable = variable(turn.c, home, "writable");
    return done(turn) < n
      ? call(write, [writable, writeAt, size], base, [])
      : call(join, [writable, 0], base + 1, []);
  };
  const written = (turn: Turn, base: number): Next => {
    setVariable(turn.c, home, "done", done(turn) + 1);
    return begin(turn, base);
  };
  const steps = (base: number): Body => [
    (turn) => {
      if (turn.got[0] === blocked) return giveBack(waiting + variable(turn.c, home, "set") * 16);
      demand(turn.got[0] === size * 16, "a write that finds a read moves all");
      return written(turn, base);
    },
    ({ c }) => call(dropWritable, [variable(c, home, "writable")], base + 2, []),
    () => giveBack(exit),
  ];
  return { begin, written, steps };
}

/** The writer: a callback task whose locals are variables, because they are gone between turns. */
function writer(home: Home, n: number, size: number): { body: Body; callback: Body } {
  const { newStream, newSet, join } = streamBuiltins(home);
  const taskReturn = builtin("task.return", home.opts, stream);
  const { begin, written, steps } = pump(home, n, size);
  const body: Body = [
    () => call(newStream, [], 1, []),
    (turn) => {
      const [readable, writable] = ends(turn.got[0]);
      setVariable(turn.c, home, "writable", writable);
      fill(turn, home, size);
      return call(newSet, [], 2, [readable]);
    },
    ({ c, r, got }) => {
      setVariable(c, home, "set", Number(got[0]));
      return call(join, [variable(c, home, "writable"), Number(got[0])], 3, r);
    },
    ({ r }) => call(taskReturn, r, 4, []),
    (turn) => begin(turn, 5),
    ...steps(5),
  ];
  const callback: Body = [
    (turn) => {
      const [event, , result = 0] = turn.r;
      // The last event may say that the reader has gone since.
      demand(event === streamWrite && result >> 4 === size, "a write that blocked moves all");
      return written(turn, 1);
    },
    ...steps(1),
  ];
  return { body, callback };
}

/** One instance writes `n` buffers, the other reads until it has `n * size` bytes. */
function acrossInstances(n: number, size: number): Streaming {
  const b = building();
  const from = b.home("C", memoryBytes);
  const { body: get, callback } = writer(from, n, size);
  const lifting = { async: true, callback: b.core(from, callback) };
  const func = b.lift("C.get", from, get, getType, lifting);
  const home = b.home("D", memoryBytes);
  const { newSet, join, read, wait, dropReadable } = streamBuiltins(home);
  const next = (r: readonly number[]): Next =>
    (r[2] ?? 0) < n * size
      ? call(read, [r[0] ?? 0, readAt, size], 4, r)
      : call(join, [r[0] ?? 0, 0], 6, r);
  const came = ([readable = 0, set = 0, bytes = 0]: readonly number[], result: number): Next =>
    next([readable, set, bytes + (result >> 4)]);
  const body: Body = [
    () => call({ tag: "lower", func, opts: home.opts }, [], 1, []),
    ({ got }) => call(newSet, [], 2, [Number(got[0])]),
    ({ r: [readable = 0], got }) =>
      call(join, [readable, Number(got[0])], 3, [readable, Number(got[0]), 0]),
    ({ r }) => next(r),
    ({ r, got }) =>
      got[0] === blocked ? call(wait, [r[1] ?? 0, 0], 5, r) : came(r, Number(got[0])),
    ({ c, r, got }) => {
      demand(got[0] === streamRead, "the event of the read comes");
      return came(r, peek(c, home, 4));
    },
    ({ r }) => call(dropReadable, [r[0] ?? 0], 7, r),
    ({ r }) => giveBack(r[2] ?? 0),
  ];
  return { system: b.system(b.lift("D.run", home, body, rootType)), reader: home };
}

function rendezvous(
  name: string,
  build: (n: number, size: number) => Streaming,
  size: number,
  n: number,
  referenceN: number,
): Rate {
  const prepare = (times: number): (() => void) => {
    const { system, reader } = build(times, size);
    return () => {
      checkCopy(finish(system, times * size), reader, size);
    };
  };
  const large = size > 1;
  const target = { of: "ratio", is: "at least", bound: large ? 1000 : 100 } as const;
  const bytes = large ? size : null;
  return { tag: "rate", name, unit: "rendezvous/s", n, referenceN, bytes, target, prepare };
}

export const streamRates: readonly Rate[] = [
  rendezvous("stream-same-1", sameInstance, 1, 10_000, 2000),
  rendezvous("stream-same-64k", sameInstance, 65536, 200, 2),
  rendezvous("stream-cross-1", acrossInstances, 1, 10_000, 2000),
  rendezvous("stream-cross-64k", acrossInstances, 65536, 200, 2),
];
