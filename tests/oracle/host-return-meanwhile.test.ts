// Functions of the host that return while core code is in the middle of another call.

import { describe, expect, it } from "vitest";
import type { EventKind, TraceEvent } from "../../src/oracle/format/trace.ts";
import { judgeSystem } from "../../src/oracle/judging/judge.ts";
import { recordedScenario, recordedSystem } from "./host-functions-harness.ts";
import { traceOf } from "./judge-harness.ts";

const calls = ["both()"];
const system = recordedSystem(await recordedScenario(calls));
const omits: readonly EventKind[] = ["enter", "leave"];

/** What the judge says of these events, with the number of the one that is not allowed. */
function verdict(...events: readonly TraceEvent[]): string {
  const trace = traceOf(events, { calls, omits });
  const { verdict: said, rejection } = judgeSystem(system, trace, { context: false });
  return said === "not allowed" ? `${said} at ${rejection?.event?.index}` : said;
}

type Where = { readonly thread?: string };

const starts = (n: number, address: number, where: Where = {}): readonly TraceEvent[] => [
  { event: "call", func: "slow", args: [n, address] },
  { event: "host-call", func: "slow", args: [`${n}`], ...where },
];
const started = (subtask: number): TraceEvent => ({
  event: "return",
  func: "slow",
  // packed as the index above the state, 1 for STARTED
  results: [16 * subtask + 1],
});
const returned = (value: number, where: Where = {}): TraceEvent => ({
  event: "host-return",
  func: "slow",
  value: `${value}`,
  ...where,
});
const builtin = (func: string, args: number[], results: number[]): readonly TraceEvent[] => [
  { event: "call", func, args },
  { event: "return", func, results },
];
const joined = [
  ...builtin("waitable-set.new", [], [3]),
  ...builtin("waitable.join", [1, 3], []),
  ...builtin("waitable.join", [2, 3], []),
];
/** Two waits, for the subtasks in this order, both in the state RETURNED. */
const waits = (first: number, second: number): readonly TraceEvent[] =>
  [first, second].flatMap((subtask): TraceEvent[] => [
    { event: "call", func: "waitable-set.wait", args: [3, 0] },
    {
      event: "return",
      func: "waitable-set.wait",
      results: [1],
      memory: [{ at: 0, bytes: `0${subtask}00000002` }],
    },
  ]);
const result = (value: number): TraceEvent => ({
  event: "result",
  call: "both()",
  value: `${value}`,
});
const end: TraceEvent = { event: "end", waiting: [] };

// the function of the host says that it returns whenever it does; the caller hears of that when its turn comes
describe("a function of the host that returns while core code is in another call", () => {
  const first: readonly TraceEvent[] = [
    { event: "invoke", call: "both()" },
    ...starts(1, 16),
    started(1),
  ];

  it("is heard of later, with its value", () => {
    const run = [...first, ...starts(2, 20), returned(5), started(2), ...joined, returned(6)];
    // 100 times the first result, 10 times the second, and which subtask came first
    expect(verdict(...run, ...waits(1, 2), result(561), end)).toBe("allowed");
    expect(verdict(...run, ...waits(2, 1), result(562), end)).toBe("allowed");
    const at = run.length + 4;
    expect(verdict(...run, ...waits(1, 2), result(571))).toBe(`not allowed at ${at}`);
  });

  it("may be either of two that are open", () => {
    const run = [...first, ...starts(2, 20), returned(5), returned(6), started(2), ...joined];
    for (const [value, order] of [
      [561, [1, 2]],
      [651, [1, 2]],
      [562, [2, 1]],
      [652, [2, 1]],
    ] as const) {
      expect(verdict(...run, ...waits(order[0], order[1]), result(value), end)).toBe("allowed");
    }
  });

  it("is the one that the trace says, where its thread has a name", () => {
    const run: readonly TraceEvent[] = [
      { event: "invoke", call: "both()" },
      ...starts(1, 16, { thread: "a" }),
      started(1),
      ...starts(2, 20, { thread: "b" }),
      returned(6, { thread: "b" }),
      returned(5, { thread: "a" }),
      started(2),
      ...joined,
    ];
    expect(verdict(...run, ...waits(1, 2), result(561), end)).toBe("allowed");
    const at = run.length + 4;
    expect(verdict(...run, ...waits(1, 2), result(651))).toBe(`not allowed at ${at}`);
  });

  it("returns once, and not before it was called", () => {
    const [call, hostCall] = starts(2, 20);
    expect(verdict(...first, call!, returned(5), returned(6))).toBe("not allowed at 6");
    expect(verdict(...first, call!, returned(5), hostCall!, returned(6), started(2))).toBe(
      "allowed",
    );
    const twice = [returned(5, { thread: "a" }), returned(6, { thread: "a" })];
    const named = [first[0]!, ...starts(1, 16, { thread: "a" }), started(1), ...starts(2, 20)];
    expect(verdict(...named, ...twice, started(2))).toBe("not allowed at 7");
  });

  it("may be the earlier one of two that end before the later one is under way", () => {
    const [call, hostCall] = starts(2, 20);
    const run = [...first, call!, hostCall!, returned(5), returned(6)];
    // RETURNED, at once: the second one gets either value
    const atOnce = (byte: string): TraceEvent => {
      const memory = [{ at: 20, bytes: byte }];
      return { event: "return", func: "slow", results: [2], memory };
    };
    expect(verdict(...run, atOnce("06"), result(0), end)).toBe("allowed");
    expect(verdict(...run, atOnce("05"), result(0), end)).toBe("allowed");
    expect(verdict(...run, atOnce("07"))).toBe(`not allowed at ${run.length}`);
  });

  it("is any call that is open, also where a result is told late", async () => {
    const two = ["look()", "both()"];
    const late = recordedSystem(await recordedScenario(two));
    const named = (event: "host-call" | "host-return", value: string): TraceEvent => {
      const func = "now";
      return event === "host-call" ? { event, func, args: [value] } : { event, func, value };
    };
    const events: readonly TraceEvent[] = [
      { event: "invoke", call: "look()" },
      named("host-call", '"me"'),
      named("host-return", "none"),
      { event: "invoke", call: "both()" },
      { event: "host-call", func: "slow", args: ["1"] },
      { event: "host-call", func: "slow", args: ["2"] },
      returned(7),
      // the second call has returned at once
      result(0),
      { event: "result", call: "look()" },
    ];
    const header = {
      calls: two,
      omits: [...omits, "call", "return"],
      late: ["result"],
    } as const;
    expect(judgeSystem(late, traceOf(events, header)).verdict).toBe("allowed");
  });

  it("is heard of before the end", () => {
    const run = [...first, ...starts(2, 20), returned(5), started(2), ...joined];
    const waiting: TraceEvent = { event: "call", func: "waitable-set.wait", args: [3, 0] };
    const never: TraceEvent = { event: "end", waiting: calls };
    expect(verdict(...run, waiting, never)).toBe(`not allowed at ${run.length + 1}`);
    expect(verdict(...run, ...waits(1, 2).slice(0, 2), waiting, never)).toBe("allowed");
  });
});
