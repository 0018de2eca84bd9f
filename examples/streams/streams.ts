// Streams and waitable sets of one component instance, as an engine might have them.

import {
  type BuiltinPattern,
  type Callee,
  type CallResult,
  type Implementation,
  type MakeOptions,
  Trapped,
} from "canon-async/model-based";

/** What is implemented; everything else is not called. */
export const builtins: readonly BuiltinPattern[] = [
  "stream.new",
  "stream.read",
  "stream.write",
  "stream.cancel-read",
  "stream.cancel-write",
  "stream.drop-readable",
  "stream.drop-writable",
  "waitable-set.*",
  "waitable.join",
  "thread.yield",
];

/** A place in memory for elements to go to or come from. */
interface Buffer {
  at: number;
  left: number;
  done: number;
}

export interface WaitableSet {
  readonly tag: "set";
  readonly members: Set<End>;
  waiting: number;
}

export interface End {
  readonly tag: "end";
  readonly reads: boolean;
  readonly type: Callee["type"];
  index: number;
  state: "idle" | "copying" | "cancelling" | "done";
  peer: End | null;
  /** waits for the peer to use it */
  offer: Buffer | null;
  /** the number of elements that an event has to tell, which was not delivered yet */
  news: number | null;
  set: WaitableSet | null;
  /** a thread waits for its news, and nobody else may */
  claimed: boolean;
}

type Result = CallResult | Promise<CallResult>;

const blocked = -1;
const words = { COMPLETED: 0, DROPPED: 1, CANCELLED: 2 } as const;
const events = { NONE: 0, STREAM_READ: 2, STREAM_WRITE: 3 } as const;
const longest = 2 ** 28 - 1;

function trapUnless(condition: boolean): asserts condition {
  if (!condition) throw new Trapped();
}

function sizeOf(type: Callee["type"]): number {
  return type === null ? 0 : Number(type.slice(1)) / 8;
}

export class Streams implements Implementation {
  readonly memory: Uint8Array;
  protected readonly until: MakeOptions["until"];
  /** handles: 0 is never one, and the one that was given back last is given out first */
  readonly #table: (End | WaitableSet | null)[] = [null];
  readonly #free: number[] = [];

  constructor({ memory, until }: MakeOptions) {
    this.memory = new Uint8Array(memory);
    this.until = until;
  }

  call(callee: Callee, [first = 0, second = 0, third = 0]: readonly number[]): Result {
    switch (callee.name) {
      case "stream.new":
        return this.#newStream(callee.type);
      case "stream.read":
      case "stream.write":
        return this.#copy(callee, this.#end(callee, first), second, third);
      case "stream.cancel-read":
      case "stream.cancel-write":
        return this.#cancel(callee, this.#end(callee, first));
      case "stream.drop-readable":
      case "stream.drop-writable":
        return this.#drop(this.#end(callee, first));
      case "waitable-set.new":
        return this.#add({ tag: "set", members: new Set(), waiting: 0 });
      case "waitable-set.wait":
        return this.wait(this.#set(first), second);
      case "waitable-set.poll":
        return this.deliver(this.next(this.#set(first)), second);
      case "waitable-set.drop":
        return this.#dropSet(this.#set(first), first);
      case "waitable.join":
        return this.join(this.#get(first), second === 0 ? null : this.#set(second));
      case "thread.yield":
        return this.until(() => true).then(() => 0);
      default:
        throw new Error(`${callee.name} is not implemented`);
    }
  }

  #add(entry: End | WaitableSet): number {
    const index = this.#free.pop() ?? this.#table.length;
    this.#table[index] = entry;
    return index;
  }

  #remove(index: number): void {
    this.#table[index] = null;
    this.#free.push(index);
  }

  #get(index: number): End | WaitableSet {
    const entry = this.#table[index] ?? null;
    trapUnless(entry !== null);
    return entry;
  }

  #set(index: number): WaitableSet {
    const entry = this.#get(index);
    trapUnless(entry.tag === "set");
    return entry;
  }

  /** The end that a built-in is about: its direction is in the built-in's name. */
  #end({ name, type }: Callee, index: number): End {
    const entry = this.#get(index);
    trapUnless(entry.tag === "end" && entry.reads === name.includes("read") && entry.type === type);
    return entry;
  }

  #newEnd(reads: boolean, type: Callee["type"]): End {
    const nothing = { peer: null, offer: null, news: null, set: null, claimed: false };
    const end: End = { tag: "end", reads, type, index: 0, state: "idle", ...nothing };
    end.index = this.#add(end);
    return end;
  }

  #newStream(type: Callee["type"]): bigint {
    const readable = this.#newEnd(true, type);
    const writable = this.#newEnd(false, type);
    readable.peer = writable;
    writable.peer = readable;
    return BigInt(readable.index) | (BigInt(writable.index) << 32n);
  }

  #copy({ async, type }: Callee, end: End, at: number, length: number): Result {
    const size = sizeOf(type);
    trapUnless(end.state === "idle" && (end.set === null || async) && length <= longest);
    const fits = at % size === 0 && at + length * size <= this.memory.length;
    trapUnless(length === 0 || size === 0 || fits);
    end.state = "copying";
    this.#meet(end, { at, left: length, done: 0 });
    return this.#outcome(end, async);
  }

  /** An end comes with a buffer to where its peer's may wait already. */
  #meet(end: End, mine: Buffer): void {
    const { peer } = end;
    // without a peer, the news of that is there
    if (peer === null) return;
    const { offer } = peer;
    if (offer === null) end.offer = mine;
    else if (mine.left > 0 && offer.left > 0) this.#move(end, mine, peer, offer);
    else if (mine.left > 0 || (end.reads && offer.left === 0)) {
      end.offer = mine;
      peer.offer = null;
      peer.news = 0;
    } else end.news = 0;
  }

  #move(end: End, mine: Buffer, peer: End, offer: Buffer): void {
    const n = Math.min(mine.left, offer.left);
    const bytes = n * sizeOf(end.type);
    const [from, to] = end.reads ? [offer, mine] : [mine, offer];
    this.memory.copyWithin(to.at, from.at, from.at + bytes);
    for (const buffer of [mine, offer]) {
      buffer.at += bytes;
      buffer.left -= n;
      buffer.done += n;
    }
    end.news = mine.done;
    peer.news = offer.done;
    if (offer.left === 0) peer.offer = null;
  }

  #outcome(end: End, async: boolean): Result {
    if (end.news !== null) return this.take(end);
    return async ? blocked : this.#block(end);
  }

  async #block(end: End): Promise<number> {
    end.claimed = true;
    await this.until(() => end.news !== null);
    end.claimed = false;
    return this.take(end);
  }

  /** Delivers the news of an end. What it is, besides a number, is decided now. */
  protected take(end: End): number {
    const done = end.news ?? 0;
    const cancelled = end.state === "cancelling" ? words.CANCELLED : words.COMPLETED;
    const word = end.peer === null ? words.DROPPED : cancelled;
    end.state = end.peer === null ? "done" : "idle";
    end.news = null;
    end.offer = null;
    return word + done * 16;
  }

  #cancel({ async }: Callee, end: End): Result {
    trapUnless(end.state === "copying" && !end.claimed && (end.set === null || async));
    end.state = "cancelling";
    this.stop(end);
    return this.#outcome(end, async);
  }

  /** What was copied before counts. */
  protected stop(end: End): void {
    end.news ??= 0;
  }

  #drop(end: End): undefined {
    trapUnless(end.state === "idle" || end.state === "done");
    const { peer } = end;
    if (peer !== null) {
      peer.peer = null;
      end.peer = null;
      peer.news ??= 0;
    }
    end.set?.members.delete(end);
    this.#remove(end.index);
  }

  protected join(entry: End | WaitableSet, set: WaitableSet | null): undefined {
    trapUnless(entry.tag === "end" && !entry.claimed);
    entry.set?.members.delete(entry);
    entry.set = set;
    set?.members.add(entry);
  }

  #dropSet({ members, waiting }: WaitableSet, index: number): undefined {
    trapUnless(members.size === 0 && waiting === 0);
    this.#remove(index);
  }

  /** A member with news. Which of several is not specified: here it is the one that joined first. */
  protected next({ members }: WaitableSet): End | undefined {
    return [...members].find(({ news }) => news !== null);
  }

  protected deliver(end: End | undefined, at: number): number {
    trapUnless(at % 4 === 0 && at + 8 <= this.memory.length);
    const payload = new DataView(this.memory.buffer);
    payload.setUint32(at, end?.index ?? 0, true);
    payload.setUint32(at + 4, end === undefined ? 0 : this.take(end), true);
    if (end === undefined) return events.NONE;
    return end.reads ? events.STREAM_READ : events.STREAM_WRITE;
  }

  protected async wait(set: WaitableSet, at: number): Promise<number> {
    set.waiting += 1;
    await this.until(() => this.next(set) !== undefined);
    set.waiting -= 1;
    return this.deliver(this.next(set), at);
  }
}
