// Model-based testing: that it finds what is wrong with an implementation, and nothing else. See spec/15.

import { check } from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ForgetsProgress,
  LosesEvents,
  NeverDone,
  TakesTwice,
} from "../../examples/streams/faults.ts";
import { type End, Streams, type WaitableSet } from "../../examples/streams/streams.ts";
import {
  type Callee,
  type CallResult,
  checkImplementation,
  type Implementation,
  implementationProperty,
  judgeProgram,
  type Make,
  type MakeOptions,
  NotAllowed,
  runProgram,
} from "../../src/model-based.ts";
import { callsOf } from "../../src/oracle/model-based/program.ts";
import { failureOf, options, readable, single, threads, writable } from "./model-based-harness.ts";

describe("an implementation that is right", () => {
  test("passes thousands of programs of one thread", async () => {
    await checkImplementation((made) => new Streams(made), options, { seed: 7, numRuns: 2000 });
  });

  test("passes programs of several threads on several schedules each", async () => {
    await checkImplementation(
      (made) => new Streams(made),
      { ...threads, schedules: 5 },
      { seed: 7, numRuns: 150 },
    );
  });

  // which member with an event is told first is open (chapter 4)
  test("may tell any event of a set first", async () => {
    class LastFirst extends Streams {
      protected override next({ members }: WaitableSet): End | undefined {
        return [...members].findLast(({ news }) => news !== null);
      }
    }
    await checkImplementation((made) => new LastFirst(made), options, { seed: 7, numRuns: 500 });
  });

  // a thread whose condition holds may go on without giving way (chapter 2)
  test("may go on where it could block", async () => {
    const eager = (made: MakeOptions): Streams =>
      new Streams({
        ...made,
        until: async (ready) => {
          if (!ready()) await made.until(ready);
        },
      });
    await checkImplementation(eager, threads, { seed: 7, numRuns: 100 });
  });

  test("may block by promises of its own", async () => {
    const patient = (made: MakeOptions): Streams => {
      const waiting: { readonly ready: () => boolean; readonly go: () => void }[] = [];
      const until = (ready: () => boolean): Promise<void> => {
        return new Promise((go) => {
          waiting.push({ ready, go });
        });
      };
      class Waking extends Streams {
        override call(callee: Callee, args: readonly number[]): CallResult | Promise<CallResult> {
          const result = super.call(callee, args);
          const at = waiting.findIndex(({ ready }) => ready());
          for (const { go } of at === -1 ? [] : waiting.splice(at, 1)) go();
          return result;
        }
      }
      return new Waking({ ...made, until });
    };
    await checkImplementation(patient, options, { seed: 7, numRuns: 300 });
  });

  test("may work behind a bridge where everything takes time", async () => {
    await checkImplementation(
      (made) => new Bridged(made),
      { ...threads, schedules: 2 },
      { seed: 7, numRuns: 20 },
    );
  });
});

/** Streams in another place: each call and each access to memory comes back later. */
class Bridged implements Implementation {
  readonly #streams: Streams;
  #busy = 0;

  constructor(made: MakeOptions) {
    this.#streams = new Streams(made);
  }

  readonly memory = {
    read: async (at: number, length: number): Promise<Uint8Array> => {
      await this.#travel();
      return this.#streams.memory.slice(at, at + length);
    },
    write: async (at: number, bytes: Uint8Array): Promise<void> => {
      await this.#travel();
      this.#streams.memory.set(bytes, at);
    },
  };

  async call(callee: Callee, args: readonly number[]): Promise<CallResult> {
    await this.#travel();
    return this.#streams.call(callee, args);
  }

  async settle(): Promise<void> {
    do await new Promise((resolve) => setTimeout(resolve, 0));
    while (this.#busy > 0);
  }

  async #travel(): Promise<void> {
    this.#busy += 1;
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#busy -= 1;
  }
}

describe("seeded faults", () => {
  test("an event lost on join is found with five calls", async () => {
    const { program } = await failureOf((made) => new LosesEvents(made), options);
    expect(callsOf(program).length).toBeLessThanOrEqual(5);
    expect(callsOf(program).map(({ builtin }) => builtin)).toContain("waitable.join");
  });

  test("progress lost on cancel is found with four calls", async () => {
    const { program, reason } = await failureOf((made) => new ForgetsProgress(made), options);
    // a stream, two copies that meet, and the cancel of the one that has not heard
    expect(callsOf(program)).toHaveLength(4);
    expect(reason).toBeInstanceOf(NotAllowed);
    expect(String(reason)).toMatch(
      /> t1 stream\.cancel-(\w+) = CANCELLED\|0 +\| > t1 stream\.cancel-\1 = CANCELLED\|1/,
    );
  });

  test("an end that is not done after its peer was dropped is found with four calls", async () => {
    const { program, reason } = await failureOf((made) => new NeverDone(made), options);
    // a stream, the drop, the copy that is told of it, and one more
    expect(callsOf(program)).toHaveLength(4);
    expect(String(reason)).toMatch(
      /> t1 stream\.(read|write) = BLOCKED +\| > t1 traps stream\.\1\.not-idle/,
    );
  });

  test("two threads that take one event are found only with threads", async () => {
    await checkImplementation((made) => new TakesTwice(made), options, { seed: 1, numRuns: 500 });
    const { program } = await failureOf((made) => new TakesTwice(made), threads);
    expect(program.threads.length).toBeGreaterThan(1);
    // a stream that has news, a set, the join, and two who ask for the news
    expect(callsOf(program).length).toBeLessThanOrEqual(8);
  });
});

describe("what is shown", () => {
  test("both sides, up to the event that is not allowed", async () => {
    const copy = { type: "u8", async: true } as const;
    const program = single(
      { builtin: "stream.new", type: "u8", args: [] },
      {
        builtin: "stream.write",
        ...copy,
        args: [writable, 0, 2],
        stores: [{ at: 0, bytes: "0102" }],
      },
      { builtin: "stream.read", ...copy, args: [readable, 8, 1] },
      { builtin: "stream.cancel-write", ...copy, args: [writable] },
    );
    const trace = await runProgram((made) => new ForgetsProgress(made), program);
    const shown = new NotAllowed(program, trace, judgeProgram(program, trace)).message;
    // of two bytes one was read before the cancel
    expect(shown).toBe(`the specification does not allow what the implementation did

t1:
  s1 = stream.new<u8>
  async stream.write<u8> s1.writable 0 2   with 0102 at 0
  async stream.read<u8> s1.readable 8 1
  async stream.cancel-write<u8> s1.writable

  the implementation                   |   the specification
  t1 begins                            |   t1 begins
  t1 stream.new                        |   t1 stream.new
  t1 stream.new = 1 and 2              |   t1 stream.new = 1 and 2
  t1 stream.write 2 0 2                |   t1 stream.write 2 0 2
  t1 stream.write = BLOCKED  0: 0102   |   t1 stream.write = BLOCKED  0: 0102
  t1 stream.read 1 8 1                 |   t1 stream.read 1 8 1
  t1 stream.read = COMPLETED|1  8: 01  |   t1 stream.read = COMPLETED|1  8: 01
  t1 stream.cancel-write 2             |   t1 stream.cancel-write 2
> t1 stream.cancel-write = CANCELLED|0 | > t1 stream.cancel-write = CANCELLED|1`);
  });

  test("how to find it again: a seed and a path give the same program at once", async () => {
    const make: Make = (made) => new ForgetsProgress(made);
    const found = await failureOf(make, options);
    const again = check(implementationProperty(make, options), found.replay);
    const { counterexample, numRuns, numShrinks } = await again;
    expect(counterexample?.[0]).toEqual(found.program);
    expect({ numRuns, numShrinks }).toEqual({ numRuns: 1, numShrinks: 0 });
    expect(found.message).toContain(`seed: ${found.replay.seed}, path: "${found.replay.path}"`);
  });

  test("the same seed gives the same message", async () => {
    const make: Make = (made) => new TakesTwice(made);
    const once = await failureOf(make, threads);
    expect((await failureOf(make, threads)).message).toBe(once.message);
  });
});
