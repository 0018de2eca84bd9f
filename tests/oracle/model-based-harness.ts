// What the tests of model-based testing share.

import { builtins } from "../../examples/streams/streams.ts";
import {
  type Callee,
  type Caller,
  type CallResult,
  CheckFailed,
  type CheckOptions,
  checkImplementation,
  type Implementation,
  judgeProgram,
  type Make,
  type MakeOptions,
  type Program,
  type ResultOf,
  runProgram,
  Trapped,
} from "../../src/model-based.ts";

export const options: CheckOptions = { builtins };
export const threads: CheckOptions = { builtins, threads: 3 };

/** What checking finds. */
export async function failureOf(
  make: Make,
  how: CheckOptions,
  numRuns = 1000,
): Promise<CheckFailed> {
  try {
    await checkImplementation(make, how, { seed: 1, numRuns });
  } catch (error) {
    if (error instanceof CheckFailed) return error;
    throw error;
  }
  throw new Error("nothing was found");
}

/** What a program does with an implementation, as `judgeProgram` sees it. */
export async function verdictOf(make: Make, program: Program): Promise<string> {
  return judgeProgram(program, await runProgram(make, program)).verdict;
}

/** A program of one thread. */
export function single(...calls: Program["threads"][number]): Program {
  return { first: [], threads: [calls] };
}

/** The ends of the stream that the first call makes. */
export const readable: ResultOf = { call: 0, part: "readable" };
export const writable: ResultOf = { call: 0, part: "writable" };

/** Backpressure and the storage of threads. */
export class Gate implements Implementation {
  readonly memory: Uint8Array;
  readonly #until: MakeOptions["until"];
  readonly #storage = new Map<string, number>();
  #backpressure = 0;
  #waiting = 0;

  constructor({ memory, until }: MakeOptions) {
    this.memory = new Uint8Array(memory);
    this.#until = until;
  }

  async enter(_by: Caller): Promise<void> {
    if (this.#backpressure === 0 && this.#waiting === 0) return;
    this.#waiting += 1;
    await this.#until(() => this.#backpressure === 0);
    this.#waiting -= 1;
  }

  call(
    { name, slot }: Callee,
    [value = 0]: readonly number[],
    { thread }: Caller,
  ): CallResult | Promise<CallResult> {
    if (name === "context.get") return this.#storage.get(`${thread}/${slot}`) ?? 0;
    if (name === "thread.yield") return this.#until(() => true).then(() => 0);
    if (name === "context.set") this.#storage.set(`${thread}/${slot}`, value);
    else this.#backpressure += name === "backpressure.inc" ? 1 : -1;
    if (this.#backpressure < 0) throw new Trapped("backpressure.dec.underflow");
    return undefined;
  }
}
