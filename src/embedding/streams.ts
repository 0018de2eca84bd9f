// The stream of a guest as JavaScript holds it: read only as much as is asked for.

import type { WaitableId } from "../model/ids.ts";
import type { ValType } from "../model/types.ts";
import { Misfit } from "./misfit.ts";
import { isNumberTag } from "./numbers.ts";
import type { Read, Reads } from "./reads.ts";
import { itemsToJs, type Receiver } from "./to-js.ts";

export interface ReadableOptions {
  /** items that may wait to be consumed; 0, the default, reads only when somebody asks */
  readonly highWaterMark?: number;
}

/** Several items: a typed array if they are numbers, an array otherwise. */
export type Chunk<T> = ArrayLike<T> & Iterable<T>;

/**
 * The readable end of a guest's `stream<T>`. The guest's writes complete only as far as they are read
 * here: one item for each step of an iteration, or as many as `read` asks for. One reads it in one
 * way at a time; concurrent reads come one after the other, in their order.
 */
export class GuestStream<T = unknown> implements AsyncIterable<T> {
  readonly #reads: Reads;
  readonly #receiver: Receiver;
  readonly #end: WaitableId;
  readonly #t: ValType | null;
  #state: "open" | "cancelled" | "over" | "given" = "open";
  #reading: Read | null = null;
  #queued = 0;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(reads: Reads, receiver: Receiver, end: WaitableId, t: ValType | null) {
    this.#reads = reads;
    this.#receiver = receiver;
    this.#end = end;
    this.#t = t;
    reads.opened();
  }

  /**
   * The next items, `most` of them at the most and 1 at least; null when there are no more. Rejects
   * with `TrapError` or `DeadlockError`, and with `RangeError` unless `most` is a positive integer.
   */
  read(most = 1): Promise<Chunk<T> | null> {
    if (!Number.isInteger(most) || most < 1 || most >= 2 ** 28) {
      return Promise.reject(new RangeError("a read asks for 1 item to 2^28 - 1 items"));
    }
    this.#queued += 1;
    const done = this.#tail.then(() => this.#readNow(most));
    this.#tail = done.then(
      () => {},
      () => {},
    );
    return done;
  }

  async #readNow(most: number): Promise<Chunk<T> | null> {
    this.#queued -= 1;
    if (this.#state !== "open") return null;
    this.#reading = this.#reads.start(this.#end, "stream", most);
    try {
      const { values, over } = await this.#reading.done;
      if (over) this.#close("over");
      if (values.length === 0) return null;
      return itemsToJs(this.#receiver, this.#t, values) as Chunk<T>;
    } finally {
      this.#reading = null;
    }
  }

  #close(state: "cancelled" | "over" | "given"): void {
    if (this.#state === "open") this.#reads.closed();
    this.#state = state;
  }

  /** Gives up reading: a pending read ends with what it has, and the guest hears that its reader left. */
  async cancel(): Promise<void> {
    if (this.#state !== "open") return;
    this.#close("cancelled");
    const reading = this.#reading;
    if (reading !== null) {
      this.#reads.cancel(reading.number);
      const { over } = await reading.done.catch(() => ({ over: true }));
      if (over) return;
    }
    this.#reads.drop(this.#end);
  }

  /** Hands the stream on to a guest, unread as it is. Throws `TypeError`. */
  give(): WaitableId {
    if (this.#state !== "open" || this.#reading !== null || this.#queued > 0) {
      throw new Misfit("this stream is being read, or is not ours any more");
    }
    this.#close("given");
    return this.#end;
  }

  /** Items one by one; to leave the loop early cancels the stream. */
  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    return {
      next: async () => {
        const items = await this.read(1);
        return items === null
          ? { done: true, value: undefined }
          : { done: false, value: items[0] as T };
      },
      return: async () => {
        await this.cancel();
        return { done: true, value: undefined };
      },
    };
  }

  /** As a `ReadableStream`: of typed arrays if the items are numbers, of items otherwise. */
  readable({ highWaterMark = 0 }: ReadableOptions = {}): ReadableStream<unknown> {
    const whole = this.#t !== null && isNumberTag(this.#t.tag);
    const size = (chunk: unknown): number => (whole ? (chunk as ArrayLike<unknown>).length : 1);
    const pull = async (controller: ReadableStreamDefaultController): Promise<void> => {
      const chunk = await this.read(Math.max(1, controller.desiredSize ?? 1));
      if (chunk === null) controller.close();
      else if (whole) controller.enqueue(chunk);
      else for (const item of chunk) controller.enqueue(item);
    };
    return new ReadableStream({ pull, cancel: () => this.cancel() }, { highWaterMark, size });
  }
}
