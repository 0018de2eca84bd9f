// The functions of wasi:random: bytes that look random and depend on nothing but the choice point. Mirrors spec/09 and wasi:random.

import type { Value } from "../../model/values.ts";
import { type Bodies, type Body, type Host, settled, syncFunction, valuesOf } from "../host.ts";

/** The most bytes that one call gives: WASI lets a host give fewer than it was asked for. */
const most = 65_536;

/** A number of 32 bits that is scattered well over all of them: the finalizer of MurmurHash3. */
function scattered(n: number): number {
  let h = Math.imul(n ^ (n >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Byte `i` of the sequence that the host has settled on. */
function byteAt(sequence: number, i: number): number {
  return scattered(scattered(sequence + 1) ^ i) & 0xff;
}

/** The sequence, by its number. */
function sequenceOf(h: Host): number {
  return valuesOf("random").indexOf(settled(h, "random"));
}

/** The next bytes: none is given twice. */
function take(h: Host, n: number): readonly number[] {
  const { world } = h;
  const sequence = sequenceOf(h);
  const from = world.randomTaken;
  world.randomTaken += n;
  return Array.from({ length: n }, (_, i) => byteAt(sequence, from + i));
}

function integer(of: readonly number[]): bigint {
  return of.reduce((n, byte) => (n << 8n) | BigInt(byte), 0n);
}

const bytes: Body = syncFunction((h, [length]) => {
  const wanted = BigInt(length as bigint);
  return take(h, wanted < most ? Number(wanted) : most);
});

const u64: Body = syncFunction((h) => integer(take(h, 8)));

/** The same whenever it is asked for. */
const seed: Body = syncFunction((h): Value => {
  const sequence = sequenceOf(h);
  const part = (at: number): bigint =>
    integer(Array.from({ length: 8 }, (_, i) => byteAt(~sequence, at + i)));
  return [part(0), part(8)];
});

export const randomFunctions: Bodies = {
  "wasi:random/random.get-random-bytes": bytes,
  "wasi:random/random.get-random-u64": u64,
  "wasi:random/insecure.get-insecure-random-bytes": bytes,
  "wasi:random/insecure.get-insecure-random-u64": u64,
  "wasi:random/insecure-seed.get-insecure-seed": seed,
  "wasi:random/insecure-seed.insecure-seed": seed,
};
