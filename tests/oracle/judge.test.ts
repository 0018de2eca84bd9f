// The judge: what is allowed, what is not and where it goes wrong, and what stays unknown.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { JudgeError } from "../../src/oracle/errors.ts";
import type { TraceEvent } from "../../src/oracle/format/trace.ts";
import { judge, judgeSystem } from "../../src/oracle/judging/judge.ts";
import { checkedScenarios } from "../../src/scenario/book.ts";
import { systemOf } from "../../src/scenario/verify.ts";
import {
  cancelledWrite,
  dropsNothing,
  judgedNow,
  newest,
  older,
  readsForever,
  scenarioOf,
  traceOf,
  twoYield,
} from "./judge-harness.ts";

const old = "spec/12-proposal-2022.md";

/** What a recorder sees that knows the results of built-ins only. */
const resultsOnly = { omits: ["enter", "leave", "call", "invoke", "result", "log"] };

/** The built-ins of the cancelled write, in order: each packed result as CanonicalABI.md packs it. */
function cancelledTrace(cancelled: number): readonly TraceEvent[] {
  return [
    // two handles: the readable end 1 in the low half, the writable end 2 in the high one
    { event: "return", func: "stream.new", results: ["8589934593"] },
    { event: "return", func: "P.open", results: [1] },
    // BLOCKED
    { event: "return", func: "stream.write", results: [-1] },
    { event: "return", func: "P.put" },
    // COMPLETED, 4 elements: 4 << 4
    { event: "return", func: "stream.read", results: [64] },
    { event: "return", func: "stream.cancel-write", results: [cancelled] },
  ];
}

describe("a trace", () => {
  test("tells the revisions apart by the result of a cancelled write", () => {
    // CM#719: behind a partial read it is CANCELLED (2) with 4 elements, before it was COMPLETED (0)
    const verdicts = (cancelled: number): readonly string[] => {
      const trace = traceOf(cancelledTrace(cancelled), resultsOnly);
      const { verdict, revisions } = judge(cancelledWrite, trace, { revisions: [newest, older] });
      return [verdict, ...revisions.map((under) => under.verdict)];
    };
    expect(verdicts(66)).toEqual(["allowed", "allowed", "not allowed"]);
    expect(verdicts(64)).toEqual(["allowed", "not allowed", "allowed"]);
    // a cancelled write is never DROPPED where the reader is still there
    expect(verdicts(65)).toEqual(["not allowed", "not allowed", "not allowed"]);
  });

  test("is rejected at the first event that no schedule explains, with what was allowed", () => {
    const { explained, next, nextComplete, rejection } = judgedNow(
      cancelledWrite,
      cancelledTrace(64),
      resultsOnly,
    );
    expect(explained).toBe(5);
    expect(rejection?.event).toEqual({ index: 5, event: cancelledTrace(64)[5] });
    expect(next).toEqual([
      {
        event: "return",
        func: "stream.cancel-write",
        results: [66],
        instance: "P",
        thread: "P.stop",
      },
    ]);
    expect(nextComplete).toBe(true);
  });

  test("that stops is a prefix, and one without events is allowed", () => {
    expect(judgedNow(cancelledWrite, cancelledTrace(66).slice(0, 3), resultsOnly).verdict).toBe(
      "allowed",
    );
    const empty = judgedNow(cancelledWrite, []);
    expect([empty.verdict, empty.explained, empty.schedule]).toEqual(["allowed", 0, []]);
  });

  test("may leave the unknown out: fields, values among others, and whole functions", () => {
    const events: readonly TraceEvent[] = [
      { event: "return", results: [null] },
      { event: "return" },
      { event: "return", results: [4294967295] },
      // P.put is left out
      { event: "return", results: [64] },
    ];
    const omits = [...resultsOnly.omits, "put"];
    expect(judgedNow(cancelledWrite, events, { omits }).verdict).toBe("allowed");
    // P.put is recorded whenever it returns, so that the next one is its
    expect(judgedNow(cancelledWrite, events, resultsOnly).explained).toBe(3);
  });

  test("has as many values as the function gives", () => {
    const events: readonly TraceEvent[] = [{ event: "return", results: ["8589934593", 1] }];
    expect(judgedNow(cancelledWrite, events, resultsOnly).verdict).toBe("not allowed");
  });

  test("is judged by the bytes that a read left in memory", () => {
    const read = (bytes: string, at = 16): string => {
      const [, , , , last] = cancelledTrace(66);
      const memory = [{ at, bytes }];
      const events = [...cancelledTrace(66).slice(0, 4), { ...last, memory } as TraceEvent];
      return judgedNow(cancelledWrite, events, resultsOnly).verdict;
    };
    // four bytes of "12345678" were read to 16
    expect(read("31323334")).toBe("allowed");
    expect(read("31323335")).toBe("not allowed");
    // nothing is behind them
    expect(read("3400", 19)).toBe("allowed");
    expect(read("3435", 19)).toBe("not allowed");
    // there is no such address
    expect(read("00", 2 ** 31)).toBe("not allowed");
  });

  test("offers the bytes that the memory holds where it says others", () => {
    const [, , , , last] = cancelledTrace(66);
    const wrong = { ...last, memory: [{ at: 16, bytes: "61" }] } as TraceEvent;
    const events = [...cancelledTrace(66).slice(0, 4), wrong];
    const { next } = judgedNow(cancelledWrite, events, resultsOnly);
    expect(next).toMatchObject([{ event: "return", memory: [{ at: 16, bytes: "31" }] }]);
  });
});

describe("the end of a trace", () => {
  const quiet = { omits: ["enter", "leave", "call", "return"] };

  test("is `end` where nothing can go on, and says who still waits", () => {
    const end = (...waiting: readonly string[]): string => {
      const events: readonly TraceEvent[] = [
        { event: "invoke", call: "run" },
        { event: "end", waiting },
      ];
      return judgedNow(readsForever, events, quiet).verdict;
    };
    expect(end("run")).toBe("allowed");
    expect(end()).toBe("not allowed");
  });

  test("is not `end` as long as something can go on", () => {
    const events: readonly TraceEvent[] = [
      { event: "invoke", call: "f" },
      { event: "log", line: "f" },
      { event: "end" },
    ];
    const { verdict, next } = judgedNow(twoYield, events, quiet);
    expect(verdict).toBe("not allowed");
    // the other invocation has yet to be made, or to go on
    expect(next).toEqual([{ event: "invoke", call: "g", thread: "g" }]);
  });

  test("is a trap with its code, behind which nothing is allowed", () => {
    const call: TraceEvent = { event: "call", func: "stream.drop-readable", args: [7] };
    const trapped = (code?: string): string => {
      const trap: TraceEvent = code === undefined ? { event: "trap" } : { event: "trap", code };
      const events: readonly TraceEvent[] = [call, trap];
      return judgedNow(dropsNothing, events, { omits: ["invoke", "enter"] }).verdict;
    };
    // there is no handle 7
    expect(trapped("table.no-such-index")).toBe(trapped());
    expect(trapped()).toBe("allowed");
    expect(trapped("stream.read.not-idle")).toBe("not allowed");
    const { next } = judgedNow(
      dropsNothing,
      [call, { event: "return", func: "stream.drop-readable" }],
      { omits: ["invoke", "enter"] },
    );
    expect(next).toMatchObject([{ event: "trap", instance: "E" }]);
  });

  test("is empty of what may come next, and complete", () => {
    const events: readonly TraceEvent[] = [{ event: "invoke", call: "run" }, { event: "end" }];
    const { verdict, next, nextComplete } = judgedNow(readsForever, events, quiet);
    expect([verdict, next, nextComplete]).toEqual(["allowed", [], true]);
  });
});

describe("what may come next", () => {
  const quiet = { omits: ["enter", "leave", "call", "return", "invoke"] };

  test("is found over all schedules if it is asked for", () => {
    const { verdict, next, nextComplete } = judgedNow(twoYield, [], quiet, { next: true });
    expect(verdict).toBe("allowed");
    // either may be the first
    expect(next.map((event) => (event.event === "log" ? event.line : "")).sort()).toEqual([
      "f",
      "g",
    ]);
    expect(nextComplete).toBe(true);
  });

  test("is left out if not", () => {
    const { verdict, next, nextComplete } = judgedNow(twoYield, [], quiet);
    expect([verdict, next, nextComplete]).toEqual(["allowed", [], false]);
  });
});

describe("the schedule", () => {
  const quiet = { omits: ["enter", "leave", "call", "return", "invoke", "end"] };
  const events: readonly TraceEvent[] = [
    { event: "log", line: "g" },
    { event: "log", line: "f" },
  ];

  test("explains the trace: the default runs f first, so g has to be preferred", () => {
    const { schedule } = judgedNow(twoYield, events, quiet);
    expect(schedule).not.toBeNull();
    expect(schedule?.length).toBeGreaterThan(0);
  });

  test("is not made if nobody wants it", () => {
    const { verdict, schedule } = judgedNow(twoYield, events, quiet, { schedule: false });
    expect([verdict, schedule]).toEqual(["allowed", null]);
  });

  test("leads to the deepest prefix of a trace that is rejected", () => {
    const odd: readonly TraceEvent[] = [
      { event: "log", line: "g" },
      { event: "log", line: "g" },
    ];
    const judged = judgedNow(twoYield, odd, quiet);
    expect([judged.verdict, judged.explained]).toEqual(["not allowed", 1]);
    expect(judged.schedule).toEqual(judgedNow(twoYield, odd.slice(0, 1), quiet).schedule);
  });
});

describe("refused are", () => {
  const refusal = (work: () => unknown): unknown => {
    try {
      return work();
    } catch (error) {
      return error instanceof JudgeError ? error.message : error;
    }
  };

  test("events behind the end", () => {
    const events: readonly TraceEvent[] = [{ event: "end" }, { event: "log", line: "f" }];
    const header = { omits: ["enter", "leave", "call", "return", "invoke"] };
    expect(refusal(() => judgedNow(readsForever, events, header))).toBe(
      "event 2: it comes after the end of the trace",
    );
  });

  test("events that the header says are left out", () => {
    const events: readonly TraceEvent[] = [{ event: "log", line: "f" }];
    expect(refusal(() => judgedNow(twoYield, events, { omits: ["log"] }))).toBe(
      "event 1: the header says that log is not recorded, and here it is",
    );
    const call: readonly TraceEvent[] = [{ event: "call", func: "thread.yield" }];
    expect(refusal(() => judgedNow(twoYield, call, { omits: ["thread.yield"] }))).toBe(
      "event 1: the header says that thread.yield is not recorded, and here it is",
    );
  });

  // a run that does such a thing does not exist because of the name, not because of what happened
  test("names that nothing has", () => {
    const calls = { calls: ["f()", "g()"] };
    const wrong = (event: TraceEvent): unknown => {
      return refusal(() => judgedNow(twoYield, [event], calls));
    };
    expect(wrong({ event: "call", func: "thread.yeild" })).toBe(
      'event 1: there is no built-in or lowered function "thread.yeild" (did you mean `thread.yield`?)',
    );
    expect(wrong({ event: "return", func: "h" })).toMatch(/^event 1: there is no built-in/);
    expect(wrong({ event: "invoke", call: "f(1)" })).toBe(
      'event 1: there is no invocation "f(1)" (did you mean `f()`?)',
    );
    expect(wrong({ event: "result", call: "nobody" })).toBe(
      'event 1: there is no invocation "nobody" (there is f(), f, g(), g)',
    );
    expect(wrong({ event: "end", waiting: ["f", "h()()"] })).toMatch(
      /^event 1: there is no invocation "h\(\)\(\)"/,
    );
    expect(wrong({ event: "trap", code: "guest.unreachabel" })).toBe(
      'event 1: there is no trap "guest.unreachabel" (did you mean `guest.unreachable`?)',
    );
  });

  test("calls that are more or fewer than the invocations", () => {
    expect(refusal(() => judgedNow(twoYield, [], { calls: ["f()"] }))).toBe(
      "the header names 1 calls, the scenario has 2 invocations",
    );
    const system = systemOf(readsForever, newest);
    expect(refusal(() => judgeSystem(system, traceOf([], { calls: ["a()", "b()"] })))).toBe(
      "the header names 2 calls, the scenario has 1 invocation",
    );
  });

  test("scenarios of the proposal of 2022", () => {
    const scenario = checkedScenarios(readFileSync(old, "utf8"), old).find(({ design }) => design);
    expect(scenario?.design?.name).toBe("proposal-2022");
    if (scenario === undefined) return;
    expect(refusal(() => judge(scenario, traceOf([])))).toMatch(
      /^there are no traces of an earlier design: the proposal of 2022$/,
    );
  });
});

describe("several revisions", () => {
  test("are those that the scenario is searched under", () => {
    const only = scenarioOf(
      'scenario "now"\nonly d1daf829\ncomponent A {\n  export f: func() {\n  }\n}\nrun A.f\nalways ok\n',
    );
    expect(judge(only, traceOf([])).revisions.map(({ revision }) => revision.label)).toEqual([
      "d1daf829",
    ]);
    expect(judge(twoYield, traceOf([])).revisions).toHaveLength(2);
  });

  test("decide nothing if there is none", () => {
    expect(judge(twoYield, traceOf([]), { revisions: [] }).verdict).toBe("unknown");
  });
});
