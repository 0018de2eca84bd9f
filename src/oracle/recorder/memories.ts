// What others write into the memories of a component instance while its core code does not run. Mirrors spec/15.

import { toHex } from "../../model/hex.ts";
import type { MemoryBytes } from "../format/trace.ts";
import type { CoreMemory } from "./web-assembly.ts";

/** What is compared, and what of it is recorded at most, in bytes. */
export interface MemoryBounds {
  /** of each memory, from its begin */
  readonly watched: number;
  /** of each event */
  readonly recorded: number;
}

/** The memories of one component instance. */
export interface Watch {
  /** `memory`: its number in the instance. */
  add(memory: number, core: CoreMemory): void;
  /** Core code of the instance stops running: the memories are as it left them. */
  left(): void;
  /** It goes on: what has changed since it left. */
  changes(): readonly MemoryBytes[];
}

interface Watched {
  readonly memory: number;
  readonly core: CoreMemory;
  seen: Uint8Array;
}

/** Changed bytes that are no further apart are written as one run. */
const mostBetween = 8;

function bytesOf({ buffer }: CoreMemory, most: number): Uint8Array {
  return new Uint8Array(buffer, 0, Math.min(buffer.byteLength, most));
}

/** Where two memories differ in a page that is looked at byte by byte only if it differs somewhere. */
function differences(before: Uint8Array, now: Uint8Array): readonly number[] {
  const [a, b] = [before, now].map(({ buffer, byteOffset, length }) => {
    return new BigUint64Array(buffer, byteOffset, Math.floor(length / 8));
  });
  const at: number[] = [];
  for (let word = 0; word < (b?.length ?? 0); word++) {
    if (a?.[word] === b?.[word]) continue;
    for (let i = word * 8; i < word * 8 + 8; i++) if (before[i] !== now[i]) at.push(i);
  }
  return at;
}

/** Neighbours as runs, from and to; at most `most` bytes of them. */
function runsOf(at: readonly number[], most: number): readonly (readonly [number, number])[] {
  const runs: [number, number][] = [];
  let left = most;
  for (const i of at) {
    const last = runs.at(-1);
    const near = last !== undefined && i - last[1] <= mostBetween;
    left -= near ? i + 1 - last[1] : 1;
    if (left < 0) break;
    if (near) last[1] = i + 1;
    else runs.push([i, i + 1]);
  }
  return runs;
}

function changesOf(
  { memory, core, seen }: Watched,
  { watched, recorded }: MemoryBounds,
): readonly MemoryBytes[] {
  const now = bytesOf(core, watched);
  return runsOf(differences(seen, now), recorded).map(([from, to]) => {
    const bytes = toHex(now.subarray(from, to));
    return memory === 0 ? { at: from, bytes } : { at: from, bytes, memory };
  });
}

/** Watches the memories of an instance by keeping a copy of each. */
export function newWatch(bounds: MemoryBounds): Watch {
  const all: Watched[] = [];
  return {
    add(memory, core) {
      all.push({ memory, core, seen: bytesOf(core, bounds.watched).slice() });
    },
    left() {
      for (const one of all) one.seen = bytesOf(one.core, bounds.watched).slice();
    },
    changes: () => all.flatMap((one) => changesOf(one, bounds)),
  };
}

/** Watches nothing. */
export const noWatch: Watch = { add: () => {}, left: () => {}, changes: () => [] };
