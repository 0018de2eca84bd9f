// What a program that is being drawn has so far: its handles, and roughly what has become of them. Mirrors spec/15.

import type { Builtin, ElementType, OperandKind } from "./builtins.ts";
import type { Call, ResultOf } from "./program.ts";

/** An end of a stream or future, or a set, or an error context. */
export interface Thing {
  readonly kind: OperandKind;
  readonly type: ElementType;
  readonly operand: ResultOf;
  /** `spent`: it was dropped, or can only be dropped */
  state: "idle" | "copying" | "dropped" | "spent";
  /** an event is to be expected */
  pending: boolean;
  /** elements that its buffer has left while it waits for the peer; null: it has none */
  left: number | null;
  /** whether any element went through */
  moved: boolean;
  set: Thing | null;
  peer: Thing | null;
}

const ends: readonly OperandKind[] = [
  "readable-stream",
  "writable-stream",
  "readable-future",
  "writable-future",
];

function isEnd({ kind }: Thing): boolean {
  return ends.includes(kind);
}

function fits(thing: Thing, kind: OperandKind): boolean {
  if (kind === "waitable") return isEnd(thing);
  return thing.kind === (kind === "set-or-none" ? "set" : kind);
}

/** Guesses of what calls do. They need not be right: a program may be anything. */
export class Draft {
  readonly things: Thing[] = [];
  /** the place of the next call */
  place = 0;
  /** calls of other threads return who knows when: what they return is not for this one */
  #from = 0;
  #to = 0;

  /** Another thread begins: it knows what was made before the place `to`, and what it makes itself. */
  begin(to: number): void {
    this.#from = this.place;
    this.#to = to;
  }

  /** What an operand of this kind may be. */
  candidates(kind: OperandKind): readonly Thing[] {
    return this.things.filter((thing) => {
      const { call } = thing.operand;
      const known = call < this.#to || call >= this.#from;
      return known && thing.state !== "dropped" && fits(thing, kind);
    });
  }

  /** Those for which the call makes sense, as far as can be guessed. */
  sensible(builtin: Builtin, kind: OperandKind): readonly Thing[] {
    const all = this.candidates(kind);
    const [, verb = ""] = builtin.split(".");
    if (verb === "read" || verb === "write") return all.filter(({ state }) => state === "idle");
    if (verb.startsWith("cancel")) return all.filter(({ state }) => state === "copying");
    if (verb === "drop") return all.filter((set) => this.members(set).length === 0);
    if (verb === "poll" || verb === "wait") {
      return all.filter((set) => this.members(set).some(({ pending }) => pending));
    }
    if (verb === "drop-writable" && kind === "writable-future") return all.filter(isSpent);
    if (verb.startsWith("drop")) return all.filter(({ state }) => state !== "copying");
    return verb === "forward" ? all.filter(isFree) : all;
  }

  members(set: Thing): readonly Thing[] {
    return this.things.filter((thing) => thing.set === set && thing.state !== "dropped");
  }

  /** A call is added, about these. */
  add({ builtin, type = null, args }: Call, [first, second]: readonly (Thing | null)[]): void {
    const { place } = this;
    this.place += 1;
    const [family = "", verb = ""] = builtin.split(".");
    if (verb === "new") this.#new(family, type, place);
    else if (first && (verb === "read" || verb === "write")) copy(first, Number(args[2] ?? 1));
    else if (first) this.#change(verb, first, second ?? null);
  }

  #change(verb: string, first: Thing, second: Thing | null): void {
    if (verb === "join") first.set = second;
    else if (verb === "poll" || verb === "wait") this.#deliver(first);
    else if (verb.startsWith("cancel")) settle(first);
    else if (verb.startsWith("drop")) drop(first);
    else if (verb === "forward") for (const end of [first, second]) if (end !== null) drop(end);
  }

  #new(family: string, type: ElementType, call: number): void {
    const add = (kind: OperandKind, part: ResultOf["part"]): Thing => {
      const operand = { call, part };
      const nothing = { pending: false, left: null, moved: false, set: null, peer: null };
      const thing: Thing = { kind, type, operand, state: "idle", ...nothing };
      this.things.push(thing);
      return thing;
    };
    if (family === "waitable-set") add("set", "all");
    else if (family === "error-context") add("error-context", "all");
    else {
      const readable = add(family === "stream" ? "readable-stream" : "readable-future", "readable");
      const writable = add(family === "stream" ? "writable-stream" : "writable-future", "writable");
      readable.peer = writable;
      writable.peer = readable;
    }
  }

  #deliver(set: Thing): void {
    const told = this.members(set).find(({ pending }) => pending);
    if (told !== undefined) settle(told);
  }
}

function isFree({ state, set }: Thing): boolean {
  return state === "idle" && set === null;
}

function isSpent({ state }: Thing): boolean {
  return state === "spent";
}

/** Its event is delivered. A future is for one element. */
function settle(end: Thing): void {
  end.pending = false;
  end.left = null;
  const over = end.peer?.state === "dropped" || (end.moved && end.kind.endsWith("future"));
  end.state = over ? "spent" : "idle";
}

/** An end offers `n` elements. */
function copy(end: Thing, n: number): void {
  const { peer } = end;
  end.state = "copying";
  end.left = n;
  if (peer === null) return;
  if (peer.state === "dropped") settle(end);
  else if (peer.left !== null) meet(end, n, peer, peer.left);
}

function meet(end: Thing, n: number, peer: Thing, left: number): void {
  const displaces = n > 0 || (end.kind.startsWith("readable") && left === 0);
  peer.pending ||= displaces;
  if (n > 0 && left > 0) {
    end.moved = true;
    peer.moved = true;
    peer.left = left > n ? left - n : null;
    settle(end);
  } else if (displaces) peer.left = null;
  else settle(end);
}

function drop(thing: Thing): void {
  thing.state = "dropped";
  thing.set = null;
  const { peer } = thing;
  if (peer !== null && peer.state !== "dropped") peer.pending = true;
}
