// Programs drawn at random: mostly sensible calls, sometimes not. Mirrors spec/15.

import { toHex } from "../../model/hex.ts";
import type { MemoryBytes } from "../format/trace.ts";
import { type Builtin, type ElementType, type OperandKind, rowOf, sizeOf } from "./builtins.ts";
import { Draft, type Thing } from "./draft.ts";
import type { Call, Operand, Program } from "./program.ts";

/** What programs are drawn from. */
export interface Drawing {
  readonly builtins: readonly Builtin[];
  readonly types: readonly ElementType[];
  /** calls, at the most */
  readonly calls: number;
  /** threads, at the most */
  readonly threads: number;
  /** bytes of memory */
  readonly memory: number;
}

/** How often a built-in is called, compared with others; those that are not listed: 2. */
const weights: Readonly<Partial<Record<Builtin, number>>> = {
  "stream.read": 8,
  "stream.write": 8,
  "future.read": 5,
  "future.write": 5,
  "waitable.join": 6,
  "waitable-set.poll": 10,
  "waitable-set.wait": 10,
  "waitable-set.drop": 1,
  "stream.forward": 1,
  "future.forward": 1,
  "thread.yield": 1,
};

/** What runs before the threads makes what they share. */
const makers: readonly Builtin[] = [
  "stream.new",
  "future.new",
  "waitable-set.new",
  "waitable.join",
];

/** Handles of one kind that a program has at the most without a reason. */
const enough = 3;

/** Where random numbers come from: fast-check's `Random` is one. */
export interface Numbers {
  /** from `min` to `max`, both included */
  nextInt(min: number, max: number): number;
}

/** Draws calls one after the other. */
export class Drawer {
  readonly #random: Numbers;
  readonly #drawing: Drawing;
  readonly #draft: Draft;

  constructor(random: Numbers, drawing: Drawing, draft: Draft = new Draft()) {
    this.#random = random;
    this.#drawing = drawing;
    this.#draft = draft;
  }

  program(): Program {
    const { calls, threads } = this.#drawing;
    const count = threads === 1 ? 1 : this.#int(2, threads);
    const first = count === 1 ? [] : this.#body(this.#int(2, 5), makers);
    const shared = this.#draft.place;
    const most = Math.max(1, Math.floor((calls - first.length) / count));
    const bodies = Array.from({ length: count }, () => {
      this.#draft.begin(shared);
      return this.#body(this.#int(1, most), null);
    });
    return { first, threads: bodies };
  }

  #int(min: number, max: number): number {
    return this.#random.nextInt(min, max);
  }

  /** True once in so many times. */
  #rarely(times: number): boolean {
    return this.#int(1, times) === times;
  }

  #oneOf<T>(list: readonly [T, ...T[]]): T {
    return list[this.#int(0, list.length - 1)] ?? list[0];
  }

  #body(length: number, only: readonly Builtin[] | null): readonly Call[] {
    const { builtins } = this.#drawing;
    const allowed = only === null ? builtins : builtins.filter((name) => only.includes(name));
    return Array.from({ length }, () => this.#anyCall(allowed)).filter((call) => call !== null);
  }

  #anyCall(allowed: readonly Builtin[]): Call | null {
    const weighed = allowed.map((name) => [name, this.#weight(name)] as const);
    const total = weighed.reduce((sum, [, weight]) => sum + weight, 0);
    if (total === 0) return null;
    let at = this.#int(1, total);
    for (const [name, weight] of weighed) {
      at -= weight;
      if (at <= 0) return this.call(name);
    }
    return null;
  }

  /** 0 where there is nothing to call it with, and little where that makes no sense. */
  #weight(name: Builtin): number {
    const { operands, result } = rowOf(name);
    const base = 10 * (weights[name] ?? 2);
    if (result === "stream" || result === "future" || result === "set") {
      const kind = result === "set" ? "set" : (`writable-${result}` as const);
      const known = this.#draft.candidates(kind).length;
      return known === 0 ? 60 : known < enough ? base / 2 : 2;
    }
    if (!isPossible(name, this.#draft)) return 0;
    const handles = operands.filter(isHandle);
    return handles.every((kind) => this.#draft.sensible(name, kind).length > 0) ? base : 1;
  }

  /** A call of this built-in; there has to be something to call it with. */
  call(builtin: Builtin): Call {
    const { operands, typed, forms, result } = rowOf(builtin);
    const things = operands.map((kind) => (isHandle(kind) ? this.#thing(builtin, kind) : null));
    const type = result === "stream" || result === "future" ? this.#type() : things[0]?.type;
    const numbers = this.#numbers(operands, type ?? null);
    const args = operands.map((_, i): Operand => things[i]?.operand ?? numbers[i] ?? 0);
    const call: Call = {
      builtin,
      ...(typed && { type: type ?? null }),
      ...(forms && { async: !this.#isSync(things[0]) }),
      ...(builtin.startsWith("context") && { slot: this.#int(0, 1) }),
      args: this.#rarely(60) ? this.#wrong(operands, args) : args,
    };
    const stores = this.#stores(call);
    this.#draft.add(call, things);
    return stores.length === 0 ? call : { ...call, stores };
  }

  #type(): ElementType {
    const { types } = this.#drawing;
    return types[this.#int(0, types.length - 1)] ?? null;
  }

  #thing(builtin: Builtin, kind: OperandKind): Thing | null {
    if (kind === "set-or-none" && this.#rarely(6)) return null;
    const sensible = this.#draft.sensible(builtin, kind);
    const all = this.#draft.candidates(kind);
    const [first, ...rest] = sensible.length > 0 && !this.#rarely(25) ? sensible : all;
    return first === undefined ? null : this.#oneOf([first, ...rest]);
  }

  /** A sync copy whose peer is not there blocks: with one thread for good. */
  #isSync(end: Thing | null | undefined): boolean {
    if (!end || (end.set !== null && !this.#rarely(20))) return false;
    if (this.#drawing.threads > 1) return this.#rarely(2);
    const meets = end.peer?.state === "copying" || end.pending;
    return this.#rarely(meets ? 2 : 30);
  }

  #numbers(operands: readonly OperandKind[], type: ElementType): readonly number[] {
    const length = this.#length();
    return operands.map((kind) => {
      if (kind === "length") return length;
      if (kind === "pointer") return this.#pointer(Math.max(1, sizeOf(type)), length);
      if (kind === "payload") return this.#drawing.memory - 8 * this.#int(1, 2);
      return kind === "number" ? this.#int(0, 9) : 0;
    });
  }

  #length(): number {
    if (this.#rarely(100)) return 2 ** 28;
    return this.#oneOf([0, 1, 1, 2, 2, 3, 4, this.#int(5, 8)]);
  }

  /** In the lower half of the memory, where buffers overlap now and then; rarely misaligned, or behind its end. */
  #pointer(size: number, length: number): number {
    const { memory } = this.#drawing;
    if (this.#rarely(60)) return this.#int(0, memory);
    if (this.#rarely(60)) return Math.max(0, memory - size * Math.min(length, 8));
    return size * this.#int(0, Math.max(0, Math.floor(memory / 2 / size) - length));
  }

  /** One operand is something else: a number, or another handle. */
  #wrong(operands: readonly OperandKind[], args: readonly Operand[]): readonly Operand[] {
    const i = operands.findIndex(isHandle);
    if (i === -1) return args;
    const other = this.#draft.candidates(this.#oneOf(["waitable", "set"]));
    const thing = other[this.#int(0, Math.max(0, other.length - 1))];
    const wrong = thing === undefined || this.#rarely(2) ? this.#int(0, 9) : thing.operand;
    return args.with(i, wrong);
  }

  /** What a write is to write: bytes that tell this call from all others. */
  #stores(call: Call): readonly MemoryBytes[] {
    const at = call.args[1];
    const length = call.builtin.startsWith("future") ? 1 : call.args[2];
    const writes = call.builtin === "stream.write" || call.builtin === "future.write";
    if (!writes || typeof at !== "number" || typeof length !== "number") return [];
    return storesOf(
      at,
      length * sizeOf(call.type ?? null),
      this.#draft.place,
      this.#drawing.memory,
    );
  }
}

function storesOf(
  at: number,
  bytes: number,
  place: number,
  memory: number,
): readonly MemoryBytes[] {
  if (bytes === 0 || at + bytes > memory) return [];
  const pattern = Array.from({ length: bytes }, (_, i) => ((place + 1) * 16 + i + 1) % 256);
  return [{ at, bytes: toHex(pattern) }];
}

const numbers: readonly OperandKind[] = ["pointer", "length", "payload", "number"];

function isHandle(kind: OperandKind): boolean {
  return !numbers.includes(kind);
}

/** Whether there is something to call a built-in with. */
export function isPossible(name: Builtin, draft: Draft): boolean {
  const handles = rowOf(name).operands.filter(isHandle);
  return handles.every((kind) => draft.candidates(kind).length > 0);
}

/** A program, from these random numbers. */
export function drawProgram(random: Numbers, drawing: Drawing): Program {
  return new Drawer(random, drawing).program();
}
