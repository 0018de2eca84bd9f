// Model-based testing, part by part: what is judged, other built-ins, programs, and fast-check. See spec/15.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Streams } from "../../examples/streams/streams.ts";
import {
  type Callee,
  type CallResult,
  type CheckOptions,
  checkImplementation,
  judgeProgram,
  type Make,
  NotAllowed,
  programSystem,
  programs,
  runProgram,
  Trapped,
} from "../../src/model-based.ts";
import { callsOf, printProgram } from "../../src/oracle/model-based/program.ts";
import { header } from "../../src/oracle/model-based/run.ts";
import { recordRun } from "../../src/oracle/record.ts";
import { RevisionError } from "../../src/scenario/revision.ts";
import { uniform } from "../../src/scheduler/sampling/policies.ts";
import {
  failureOf,
  Gate,
  options,
  readable,
  single,
  verdictOf,
  writable,
} from "./model-based-harness.ts";

/** Four bytes are written and read. */
const transfer = single(
  { builtin: "stream.new", type: "u8", args: [] },
  {
    builtin: "stream.write",
    type: "u8",
    async: true,
    args: [writable, 0, 4],
    stores: [{ at: 0, bytes: "01020304" }],
  },
  { builtin: "stream.read", type: "u8", args: [readable, 8, 4] },
);

describe("what counts", () => {
  test("a transfer that is right is allowed", async () => {
    expect(await verdictOf((made) => new Streams(made), transfer)).toBe("allowed");
  });

  test("bytes that do not arrive, and bytes that nobody wrote", async () => {
    const spoiling = (at: number, byte: number): Make => {
      return (made) =>
        new (class extends Streams {
          override call(callee: Callee, args: readonly number[]): CallResult | Promise<CallResult> {
            const result = super.call(callee, args);
            if (callee.name === "stream.read") this.memory[at] = byte;
            return result;
          }
        })(made);
    };
    expect(await verdictOf(spoiling(11, 4), transfer)).toBe("allowed");
    expect(await verdictOf(spoiling(11, 0), transfer)).toBe("not allowed");
    expect(await verdictOf(spoiling(12, 1), transfer)).toBe("not allowed");
    const trace = await runProgram(spoiling(11, 0), transfer);
    // the last of the four bytes did not arrive
    expect(new NotAllowed(transfer, trace, judgeProgram(transfer, trace)).message).toContain(
      "> t1 stream.read = COMPLETED|4  8: 01020300 | > t1 stream.read = COMPLETED|4  8: 01020304",
    );
  });

  test("a trap where there is none, and none where there is one", async () => {
    const trapping = (fails: (callee: Callee) => boolean): Make => {
      return (made) =>
        new (class extends Streams {
          override call(callee: Callee, args: readonly number[]): CallResult | Promise<CallResult> {
            if (fails(callee)) throw new Trapped("stream.read.not-idle");
            return super.call(callee, args);
          }
        })(made);
    };
    expect(
      await verdictOf(
        trapping(({ name }) => name === "stream.read"),
        transfer,
      ),
    ).toBe("not allowed");
    const twice = single(
      { builtin: "stream.new", args: [] },
      { builtin: "stream.read", async: true, args: [readable, 0, 1] },
      { builtin: "stream.read", async: true, args: [readable, 0, 1] },
    );
    let reads = 0;
    const second: Make = trapping(({ name }) => name === "stream.read" && ++reads === 2);
    expect(await verdictOf(second, twice)).toBe("allowed");
    // the code is compared where it is given: this is a read of what is no readable end
    const wrong = single(
      { builtin: "stream.new", args: [] },
      { builtin: "stream.read", async: true, args: [writable, 0, 1] },
    );
    expect(
      await verdictOf(
        trapping(({ name }) => name === "stream.read"),
        wrong,
      ),
    ).toBe("not allowed");
    expect(await verdictOf((made) => new Streams(made), wrong)).toBe("allowed");
  });

  test("what is thrown and is no trap is the implementation's own failure", async () => {
    class Broken extends Streams {
      protected override take(): number {
        throw new RangeError("out of luck");
      }
    }
    const { message, reason, program } = await failureOf((made) => new Broken(made), options);
    expect(reason).toBeInstanceOf(RangeError);
    expect(message).toContain("the implementation failed: RangeError: out of luck");
    expect(message).toContain(printProgram(program));
  });

  // at 6d28164 an idle end does not hear that its peer is gone (chapter 7, CM#720)
  test("the revision that is named", async () => {
    const set = { call: 1, part: "all" } as const;
    const program = single(
      { builtin: "stream.new", args: [] },
      { builtin: "waitable-set.new", args: [] },
      { builtin: "waitable.join", args: [writable, set] },
      { builtin: "stream.drop-readable", args: [readable] },
      { builtin: "waitable-set.poll", args: [set, 0] },
    );
    const trace = await runProgram((made) => new Streams(made), program);
    expect(judgeProgram(program, trace).verdict).toBe("allowed");
    const { verdict, next } = judgeProgram(program, trace, { revision: "6d28164" });
    expect(verdict).toBe("not allowed");
    expect(next).toMatchObject([{ event: "return", func: "waitable-set.poll", results: [0] }]);
  });

  test("a thread that blocks for good, where it has to", async () => {
    const alone = single(
      { builtin: "stream.new", args: [] },
      { builtin: "stream.read", args: [readable, 0, 1] },
    );
    const trace = await runProgram((made) => new Streams(made), alone);
    expect(trace.events.at(-1)).toEqual({ event: "end", waiting: ["t1"] });
    expect(judgeProgram(alone, trace).verdict).toBe("allowed");
  });
});

describe("more than streams", () => {
  const how: CheckOptions = {
    builtins: ["context.*", "backpressure.inc", "backpressure.dec", "thread.yield"],
    threads: 3,
    calls: 9,
    schedules: 4,
  };

  test("backpressure and storage pass", async () => {
    await checkImplementation((made) => new Gate(made), how, { seed: 7, numRuns: 150 });
  });

  test("a call that enters in spite of backpressure is found", async () => {
    class Open extends Gate {
      override async enter(): Promise<void> {}
    }
    const { program } = await failureOf((made) => new Open(made), how);
    // one thread closes the gate and gives way, or ends; another one comes in
    expect(callsOf(program).map(({ builtin }) => builtin)).toContain("backpressure.inc");
    expect(callsOf(program)).toHaveLength(2);
  });

  test("what the model does with programs of all built-ins is allowed", () => {
    fc.assert(
      fc.property(
        programs({ threads: 3, types: [null, "u8", "s16", "u64"] }),
        fc.nat(),
        (program, seed) => {
          const { events } = recordRun(programSystem(program), uniform(seed));
          const omitted = ["invoke", "result", "log"];
          const kept = events.filter((event) => {
            return (
              !omitted.includes(event.event) && !("func" in event && event.func === "task.return")
            );
          });
          expect(judgeProgram(program, { header, events: kept }).verdict).toBe("allowed");
        },
      ),
      { seed: 7, numRuns: 300 },
    );
  });
});

describe("what cannot be checked is no success", () => {
  const make: Make = () => ({ memory: new Uint8Array(128), call: () => 0 });
  const checked = (builtins: readonly string[]): Promise<void> => {
    return checkImplementation(make, { builtins } as CheckOptions, { seed: 1 });
  };

  test("built-ins that there are not", async () => {
    await expect(checked(["stream.raed"])).rejects.toThrow("did you mean `stream.read`?");
    await expect(checked(["streams.*"])).rejects.toThrow("programs have no streams.*");
    await expect(checked([])).rejects.toThrow("builtins: there is nothing to call");
  });

  test("a revision that there is not", async () => {
    const revision = { builtins: ["context.*"], revision: "6d28165" } as const;
    await expect(checkImplementation(make, revision)).rejects.toThrow(RevisionError);
  });

  test("built-ins that nothing can be called with", async () => {
    // without waitable-set.new there is no set to wait for
    await expect(checked(["waitable-set.wait"])).rejects.toThrow("too many pre-condition failures");
  });
});
