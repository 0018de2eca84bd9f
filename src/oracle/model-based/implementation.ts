// What an implementation of the built-ins has to offer to be tested. Mirrors spec/15.

import type { Builtin, ElementType } from "./builtins.ts";

/**
 * What an implementation throws, or rejects with, where the specification traps. Anything else that it
 * throws is an error of its own: it ends the test, whatever the specification says.
 */
export class Trapped extends Error {
  /** as chapter 8 names it, `stream.read.not-idle`, and compared if it is given */
  readonly code: string | null;
  constructor(code: string | null = null) {
    super(code === null ? "trapped" : `trapped: ${code}`);
    this.name = "Trapped";
    this.code = code;
  }
}

/** A built-in with its immediates. */
export interface Callee {
  readonly name: Builtin;
  /** the element type of a stream or future; null: none */
  readonly type: ElementType;
  /** whether it is the async form */
  readonly async: boolean;
  /** the slot of `context.*`; 0 elsewhere */
  readonly slot: number;
}

/** What a built-in returns: i32 as a number, signed or not; i64 as a bigint; nothing. */
export type CallResult = number | bigint | undefined;

/** A memory that is not an array of bytes here: another language's, for one. */
export interface MemoryAccess {
  read(at: number, length: number): Uint8Array | Promise<Uint8Array>;
  write(at: number, bytes: Uint8Array): void | Promise<void>;
}

/** Who calls. */
export interface Caller {
  /** the number of the thread, from 0; what runs `first` counts, if there is any */
  readonly thread: number;
}

/** An implementation of built-ins, as good as new: one component instance with one memory. */
export interface Implementation {
  /** the memory of the instance, all zeros, of the length that `MakeOptions` says */
  readonly memory: Uint8Array | MemoryAccess;
  /**
   * Calls a built-in; operands are unsigned numbers. A promise says that the thread may block: other
   * threads run until it is settled. One that is settled before anybody else could run has not blocked.
   * Throws `Trapped`, or rejects with it.
   */
  call(callee: Callee, args: readonly number[], by: Caller): CallResult | Promise<CallResult>;
  /**
   * The host calls the export that is this thread. It begins when this returns, which backpressure delays.
   * Without this method it begins at once.
   */
  enter?(by: Caller): void | Promise<void>;
  /**
   * Settles when nothing more will happen of its own accord: for one that works behind a bridge. Without
   * it promises have a hundred turns of the microtask queue.
   */
  settle?(): Promise<void>;
  /** The run is over. */
  close?(): void | Promise<void>;
}

/** What an implementation is made with. */
export interface MakeOptions {
  /** bytes */
  readonly memory: number;
  /**
   * `Thread.wait_until`: blocks the thread that runs until the condition holds. Which of the threads that
   * are ready goes on is then up to the test, and only one of them runs at a time. An implementation that
   * blocks by promises of its own decides that by itself: it must not compute a result before the thread
   * goes on.
   */
  readonly until: (ready: () => boolean) => Promise<void>;
}

/** Makes an implementation for one run. */
export type Make = (options: MakeOptions) => Implementation | Promise<Implementation>;
