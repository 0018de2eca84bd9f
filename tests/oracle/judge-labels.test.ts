// Names in a trace: of instances, threads and functions, the model's own or the recorder's.

import { describe, expect, test } from "vitest";
import type { InstanceId } from "../../src/model/ids.ts";
import type { TraceEvent } from "../../src/oracle/format/trace.ts";
import {
  bindInstance,
  bindThread,
  hashOf,
  nothingBound,
  unbindThread,
} from "../../src/oracle/judging/bindings.ts";
import { coreJson, isWanted, wanted } from "../../src/oracle/values.ts";
import { cancelledWrite, judgedNow, scenarioOf, twoYield } from "./judge-harness.ts";

const enters = { omits: ["leave", "call", "return", "invoke", "result", "log"] };

function verdictOf(...events: readonly TraceEvent[]): string {
  return judgedNow(cancelledWrite, events, enters).verdict;
}

const enter = (func: string, fields: object = {}): TraceEvent => ({
  event: "enter",
  func,
  ...fields,
});

describe("the name of an instance", () => {
  test("may be the model's, which means that one", () => {
    expect(verdictOf(enter("run", { instance: "A" }))).toBe("allowed");
    expect(verdictOf(enter("run", { instance: "P" }))).toBe("not allowed");
  });

  test("may be any other, and then means the same one throughout", () => {
    const [run, open] = [enter("run", { instance: "x" }), enter("open", { instance: "y" })];
    expect(verdictOf(run, open, enter("put", { instance: "y" }))).toBe("allowed");
    expect(verdictOf(run, open, enter("put", { instance: "x" }))).toBe("not allowed");
  });
});

describe("the name of a thread", () => {
  test("stands for one thread; a thread may have several", () => {
    const builtins = { omits: ["leave", "enter", "invoke", "result", "log"] };
    const [yields, yielded] = [
      { event: "call", func: "thread.yield" },
      { event: "return", func: "thread.yield" },
    ] as const;
    const verdict = (...threads: readonly string[]): string => {
      // both tasks yield, then the one goes on that yielded first, or the other
      const events = [yields, yields, yielded].map((event, i): TraceEvent => {
        return { ...event, thread: threads[i] ?? "" };
      });
      return judgedNow(twoYield, events, builtins).verdict;
    };
    expect(verdict("1", "2", "1")).toBe("allowed");
    expect(verdict("1", "2", "2")).toBe("allowed");
    // a second name
    expect(verdict("1", "2", "3")).toBe("allowed");
    // two threads yield before either goes on
    expect(verdict("1", "1", "1")).toBe("not allowed");
  });

  test("is free again when its thread has ended, though the model's next one takes its place", () => {
    // P.open, P.put and P.stop each run on a thread of their own, one after the other
    const [open, put] = [enter("open", { thread: "a" }), enter("put", { thread: "a" })];
    expect(verdictOf(enter("run"), open, put)).toBe("allowed");
    // run is still open while P.open runs
    expect(verdictOf(enter("run", { thread: "a" }), open)).toBe("not allowed");
  });

  test("is the model's own in what is offered, unless the trace has one", () => {
    const events = [enter("run", { thread: "a" }), enter("put")];
    expect(judgedNow(cancelledWrite, events, enters).next).toEqual([
      { event: "enter", instance: "P", thread: "P.open", func: "P.open" },
    ]);
    const odd: readonly TraceEvent[] = [
      { event: "call", func: "P.open", thread: "a", instance: "b" },
      { event: "call", func: "P.stop" },
    ];
    const calls = { omits: ["enter", "leave", "return", "invoke", "result", "stream.new"] };
    expect(judgedNow(cancelledWrite, odd, calls).next).toEqual([
      { event: "call", instance: "b", thread: "a", func: "P.put", args: [] },
    ]);
  });
});

describe("the name of a function", () => {
  test("is that of the callee, with its instance or without", () => {
    const calls = { omits: ["enter", "leave", "return", "invoke", "result"] };
    const verdict = (func: string): string => {
      return judgedNow(cancelledWrite, [{ event: "call", func }], calls).verdict;
    };
    expect(verdict("P.open")).toBe("allowed");
    expect(verdict("open")).toBe("allowed");
    // it is the caller's instance, which has no such function
    expect(() => verdict("A.open")).toThrow("did you mean `P.open`?");
  });

  test("may be omitted either way", () => {
    const scenario = scenarioOf(`
scenario "one call"
component P {
  export f: func() {
  }
}
component A {
  import P
  export run: async func() stackful {
    P.f()
    task.return
  }
}
run A.run
always ok
`);
    const kinds = ["enter", "leave", "return", "invoke"];
    for (const word of ["P.f", "f"]) {
      const { verdict, explained } = judgedNow(scenario, [{ event: "call", func: "task.return" }], {
        omits: [...kinds, word],
      });
      expect([verdict, explained]).toEqual(["allowed", 1]);
    }
  });
});

describe("a core value", () => {
  const fits = (recorded: Parameters<typeof wanted>[0], value: number | bigint): boolean => {
    return isWanted(wanted(recorded), value);
  };

  test("is written unsigned, of 64 bits as a text", () => {
    expect(coreJson(0xffff_ffff)).toBe(4294967295);
    expect(coreJson(2n ** 64n - 1n)).toBe("18446744073709551615");
    expect(coreJson(Number.NaN)).toBe("NaN");
    expect(coreJson(Number.NEGATIVE_INFINITY)).toBe("-Infinity");
    expect(coreJson(0.5)).toBe(0.5);
  });

  test("is compared modulo 2^32 or 2^64", () => {
    expect(fits(-1, 0xffff_ffff)).toBe(true);
    expect(fits(-2, 0xffff_ffff)).toBe(false);
    // 2^32 is no integer of 32 bits
    expect(fits(2 ** 32, 0)).toBe(false);
    expect(fits("-1", 2n ** 64n - 1n)).toBe(true);
    expect(fits("18446744073709551615", 2n ** 64n - 1n)).toBe(true);
    expect(fits(7, 7n)).toBe(true);
    // texts are for integers of 64 bits
    expect(fits("7", 7)).toBe(false);
  });

  test("is a float as it is, and every NaN is the same", () => {
    expect(fits(0.5, 0.5)).toBe(true);
    expect(fits(0.5, 0)).toBe(false);
    expect(fits("NaN", Number.NaN)).toBe(true);
    expect(fits("Infinity", Number.POSITIVE_INFINITY)).toBe(true);
    expect(fits("Infinity", Number.NEGATIVE_INFINITY)).toBe(false);
    expect(fits("NaN", 0)).toBe(false);
  });

  test("is anything where it is not known, and nothing where it says no number", () => {
    expect(fits(null, 3n)).toBe(true);
    expect(fits("three", 3)).toBe(false);
    expect(fits("three", 3n)).toBe(false);
  });
});

describe("bindings", () => {
  test("have one hash in whatever order they came about", () => {
    const one = bindThread(bindThread(nothingBound, "a", "0"), "b", "1");
    const other = bindThread(bindThread(nothingBound, "b", "1"), "a", "0");
    expect(hashOf(one)).toEqual(hashOf(other));
    expect(hashOf(one)).not.toEqual(hashOf(bindThread(one, "c", "1")));
    // to swap what two names stand for is another binding
    const swapped = bindThread(bindThread(nothingBound, "a", "1"), "b", "0");
    expect(hashOf(swapped)).not.toEqual(hashOf(one));
    const instance = bindInstance(nothingBound, "a", 1 as InstanceId);
    expect(hashOf(instance)).not.toEqual(hashOf(bindThread(nothingBound, "a", "1")));
  });

  test("of a thread end with it", () => {
    const bound = bindThread(bindThread(nothingBound, "a", "0"), "b", "1");
    expect([...unbindThread(bound, "0").threads]).toEqual([["b", "1"]]);
    expect(unbindThread(bound, "2")).toBe(bound);
  });

  test("are forgotten, the oldest first, where there are too many", () => {
    let bound = nothingBound;
    for (let i = 0; i < 3000; i++) bound = bindThread(bound, `activation ${i}`, "0");
    expect(bound.threads.size).toBe(1024);
    expect(bound.threads.has("activation 2999")).toBe(true);
  });
});
