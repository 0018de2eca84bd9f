// What of a memory a trace says: the ranges that calls were about, and whatever else has changed. Mirrors spec/15.

import { toHex } from "../../model/hex.ts";
import type { MemoryBytes } from "../format/trace.ts";
import { andThen, type Promising } from "../promising.ts";
import { rowOf, sizeOf } from "./builtins.ts";
import type { MemoryAccess } from "./implementation.ts";
import type { Call } from "./program.ts";

/** An array of bytes as a memory. */
export function accessTo(memory: Uint8Array | MemoryAccess): MemoryAccess {
  if (!(memory instanceof Uint8Array)) return memory;
  return {
    read: (at, length) => memory.slice(at, at + length),
    write: (at, bytes) => memory.set(bytes, at),
  };
}

interface Range {
  readonly at: number;
  readonly end: number;
}

/** Where a call, with these operands, may write or read. */
function rangesOf({ builtin, type = null }: Call, args: readonly number[]): readonly Range[] {
  const { operands } = rowOf(builtin);
  return operands.flatMap((kind, i) => {
    const at = args[i] ?? 0;
    if (kind === "payload") return [{ at, end: at + 8 }];
    if (kind !== "pointer") return [];
    const length = operands.includes("length") ? (args[i + 1] ?? 0) : 1;
    return [{ at, end: at + length * (builtin.startsWith("error") ? 1 : sizeOf(type)) }];
  });
}

/** What has to be said of a memory, byte by byte. */
export class Watched {
  readonly #memory: MemoryAccess;
  readonly #watched: boolean[];
  #known: Uint8Array;

  /** A memory of so many bytes, all zeros. */
  constructor(memory: MemoryAccess, length: number) {
    this.#memory = memory;
    this.#known = new Uint8Array(length);
    this.#watched = new Array<boolean>(length).fill(false);
  }

  /** From now on the bytes are told that this call is about. */
  call(call: Call, args: readonly number[]): void {
    const { length } = this.#watched;
    for (const { at, end } of rangesOf(call, args)) {
      for (let i = at; i < Math.min(end, length); i++) this.#watched[i] = true;
    }
  }

  /** What the program stores itself. */
  store(at: number, bytes: Uint8Array): Promising<void> {
    this.#known.set(bytes, at);
    return this.#memory.write(at, bytes);
  }

  /** The bytes to tell as they are now, as few ranges as it takes. */
  look(): Promising<readonly MemoryBytes[]> {
    return andThen(this.#memory.read(0, this.#known.length), (now) => this.#tell(now));
  }

  #tell(now: Uint8Array): readonly MemoryBytes[] {
    const told = Array.from(this.#known, (byte, i) => {
      return this.#watched[i] === true || byte !== now[i];
    });
    this.#known = Uint8Array.from(now);
    return rangesIn(told).map(({ at, end }) => ({ at, bytes: toHex(now.subarray(at, end)) }));
  }
}

function rangesIn(told: readonly boolean[]): readonly Range[] {
  const ranges: Range[] = [];
  for (let at = told.indexOf(true); at !== -1; ) {
    const stop = told.indexOf(false, at);
    const end = stop === -1 ? told.length : stop;
    ranges.push({ at, end });
    at = told.indexOf(true, end);
  }
  return ranges;
}
