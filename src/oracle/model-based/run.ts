// Runs a program on an implementation, and records what it does as a trace. Mirrors spec/15.

import { fromHex } from "../../model/hex.ts";
import {
  type CoreJson,
  plainHeader,
  type RecordedTrace,
  type TraceEvent,
  type TraceHeader,
} from "../format/trace.ts";
import { andThen, isPromise, type Promising } from "../promising.ts";
import { rowOf } from "./builtins.ts";
import {
  type Callee,
  type CallResult,
  type Implementation,
  type Make,
  Trapped,
} from "./implementation.ts";
import {
  type Body,
  bodiesOf,
  type Call,
  firstName,
  operandValue,
  type Program,
} from "./program.ts";
import { defaultMemory } from "./system.ts";
import { type Choose, firstReady, Turns } from "./turns.ts";
import { accessTo, Watched } from "./watched.ts";

/** A trace that is complete: all its events. */
export type ProgramTrace = RecordedTrace & { readonly events: readonly TraceEvent[] };

/** What is not recorded: what the host does is the same in each run. */
export const header: TraceHeader = {
  ...plainHeader,
  omits: ["invoke", "result", "log", "task.return"],
};

const instance = "program";

function calleeOf({ builtin, type = null, async = false, slot = 0 }: Call): Callee {
  return { name: builtin, type, async, slot };
}

/** A result as a trace has it. Throws a `TypeError` for what is no result of this built-in. */
function resultsOf({ builtin }: Call, result: CallResult): readonly CoreJson[] {
  if (result === undefined) return [];
  const { result: kind } = rowOf(builtin);
  if (typeof result === "bigint" || Number.isSafeInteger(result)) {
    const wide = kind === "stream" || kind === "future";
    return [
      wide
        ? String(BigInt.asUintN(64, BigInt(result)))
        : Number(BigInt.asUintN(32, BigInt(result))),
    ];
  }
  throw new TypeError(`${builtin} returned ${String(result)}, which is no core value`);
}

/** An implementation at work, and what was seen of it. */
export class Session {
  readonly events: TraceEvent[] = [];
  readonly #implementation: Implementation;
  readonly #turns: Turns;
  readonly #watched: Watched;
  /** by place in the program */
  readonly #results: (number | bigint)[] = [];

  private constructor(implementation: Implementation, turns: Turns, memory: number) {
    this.#implementation = implementation;
    this.#turns = turns;
    this.#watched = new Watched(accessTo(implementation.memory), memory);
  }

  /** With a new implementation, whose memory has so many bytes. */
  static async open(make: Make, memory: number = defaultMemory): Promise<Session> {
    const turns = new Turns();
    const implementation = await make({ memory, until: (ready) => turns.until(ready) });
    return new Session(implementation, turns, memory);
  }

  /** Whether the implementation has trapped. */
  get trapped(): boolean {
    return this.events.at(-1)?.event === "trap";
  }

  /** What was seen so far. */
  get trace(): ProgramTrace {
    return { header, events: this.events };
  }

  /** A thread that does this as soon as it gets a turn. */
  add(name: string, body: () => Promise<void>): void {
    this.#turns.add(name, () => this.#trapping(name, body));
  }

  /** Lets the threads run until nothing can go on; gives the names of those that are not over. */
  async run(choose: Choose): Promise<readonly string[]> {
    await this.#turns.run(choose, async () => this.#implementation.settle?.());
    return this.#turns.left;
  }

  /** The end of a run that has not trapped; `waiting`: who is not over. */
  end(waiting: readonly string[]): void {
    this.events.push({ event: "end", waiting });
  }

  /** The implementation is not needed any more. */
  async close(): Promise<void> {
    await this.#implementation.close?.();
  }

  /** A whole thread. */
  async body({ name, calls, base }: Body, thread: number): Promise<void> {
    await this.enter(name, thread);
    for (const [i, call] of calls.entries()) {
      const done = this.call(name, thread, call, base + i);
      if (isPromise(done)) await done;
    }
    this.events.push({ event: "leave", instance, thread: name, func: name, results: [] });
  }

  /** A thread begins, when the implementation lets it. */
  async enter(name: string, thread: number): Promise<void> {
    const entered = this.#implementation.enter?.({ thread });
    if (isPromise(entered)) await this.#turns.foreign(entered);
    this.events.push({ event: "enter", instance, thread: name, func: name, args: [] });
  }

  /** The call with this place in the program. */
  call(name: string, thread: number, call: Call, place: number): Promising<void> {
    const stored = (call.stores ?? []).reduce<Promising<void>>((before, { at, bytes }) => {
      return andThen(before, () => this.#watched.store(at, fromHex(bytes)));
    }, undefined);
    const args = call.args.map((operand) => operandValue(operand, (at) => this.#results[at] ?? 0));
    const where = { instance, thread: name, func: call.builtin };
    return andThen(stored, () => {
      this.#watched.call(call, args);
      this.events.push({ event: "call", ...where, args });
      const got = this.#implementation.call(calleeOf(call), args, { thread });
      return andThen(isPromise(got) ? this.#turns.foreign(got) : got, (result) => {
        const results = resultsOf(call, result);
        this.#results[place] = result ?? 0;
        return andThen(this.#watched.look(), (memory) => {
          const bytes = memory.length > 0 && { memory };
          this.events.push({ event: "return", ...where, results, ...bytes });
        });
      });
    });
  }

  async #trapping(thread: string, body: () => Promise<void>): Promise<void> {
    try {
      await body();
    } catch (error) {
      this.#turns.stop();
      if (!(error instanceof Trapped)) throw error;
      const { code } = error;
      this.events.push({ event: "trap", thread, ...(code !== null && { code }) });
    }
  }
}

/** How a program is run. */
export interface RunProgramOptions {
  /** bytes (default 128) */
  readonly memory?: number;
  /** who goes on where several threads may (default: who began first) */
  readonly choose?: Choose;
}

/** Adds the threads, lets them run, and says how it ended. */
async function runAll(session: Session, program: Program, choose: Choose): Promise<void> {
  const bodies = bodiesOf(program);
  let left: readonly string[] = [];
  for (const [i, body] of bodies.entries()) {
    session.add(body.name, () => session.body(body, i));
    if (body.name === firstName) left = await session.run(choose);
    if (left.length > 0 || session.trapped) break;
  }
  if (left.length === 0 && !session.trapped) left = await session.run(choose);
  if (session.trapped) return;
  session.end(left.includes(firstName) ? bodies.map(({ name }) => name) : left);
}

/**
 * Runs a program on a new implementation, and gives what was seen of it. Rejects with what the
 * implementation throws, if that is not `Trapped`.
 */
export async function runProgram(
  make: Make,
  program: Program,
  { memory = defaultMemory, choose = firstReady }: RunProgramOptions = {},
): Promise<ProgramTrace> {
  const session = await Session.open(make, memory);
  try {
    await runAll(session, program, choose);
  } finally {
    await session.close();
  }
  return session.trace;
}
