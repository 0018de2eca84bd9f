// Traces with calls of functions that only the user's host has: what of them is allowed, and what is not.

import { describe, expect, it } from "vitest";
import { JudgeError } from "../../src/oracle/errors.ts";
import type { EventKind, TraceEvent } from "../../src/oracle/format/trace.ts";
import { judge } from "../../src/oracle/judging/judge.ts";
import type { JudgedUnder } from "../../src/oracle/judging/judgement.ts";
import { select } from "../../src/scenario/revision.ts";
import { race, recordedScenario, takesStream } from "./host-functions-harness.ts";

/** Crossings of core code, which these traces are not about. */
const crossings: readonly EventKind[] = ["enter", "leave", "call", "return"];

interface Given {
  readonly calls: readonly string[];
  readonly component?: string;
  readonly omits?: readonly string[];
  readonly late?: readonly "result"[];
}

async function judged(given: Given, ...events: readonly TraceEvent[]): Promise<JudgedUnder> {
  const { calls, component, omits = crossings, late = [] } = given;
  const scenario = await recordedScenario(calls, component);
  const header = { format: "canon-async trace", version: 1, calls, omits, late } as const;
  const revisions = [select("d1daf829", [], [])];
  const [under] = judge(scenario, { header, events }, { revisions, context: false }).revisions;
  if (under === undefined) throw new Error("nothing was judged");
  return under;
}

/** The verdict, with the number of the event that is not allowed. */
async function verdict(given: Given, ...events: readonly TraceEvent[]): Promise<string> {
  const { verdict: said, rejection, bound } = await judged(given, ...events);
  if (said === "not allowed") return `not allowed at ${rejection?.event?.index ?? "the end"}`;
  return bound === null ? said : `${said}: ${bound}`;
}

const invoke = (call: string): TraceEvent => ({ event: "invoke", call });
const result = (call: string, value: string): TraceEvent => ({ event: "result", call, value });
const end = (...waiting: readonly string[]): TraceEvent => ({ event: "end", waiting });

type HostWhere = { readonly func?: string; readonly thread?: string };

function hostCall(args: readonly (string | null)[], where: HostWhere = {}): TraceEvent {
  return { event: "host-call", func: "slow", args, ...where };
}

function hostReturn(value: string, where: HostWhere = {}): TraceEvent {
  return { event: "host-return", func: "slow", value, ...where };
}

const cancelled: TraceEvent = { event: "host-return", func: "slow", cancelled: true };
const trapped: TraceEvent = { event: "host-return", func: "slow", trapped: true };

function now(event: "host-call" | "host-return"): TraceEvent {
  const func = "a:b/c#now";
  return event === "host-call" ? { event, func, args: ['"me"'] } : { event, func, value: "9" };
}

describe("a call of a function that only the user's host has", () => {
  const one = { calls: ["one(3)"] };
  const before = [invoke("one(3)"), hostCall(["3"])];

  it("returns what the trace says, and the caller gets just that", async () => {
    const returned = [...before, hostReturn("7")];
    expect(await verdict(one, ...returned, result("one(3)", "7"), end())).toBe("allowed");
    expect(await verdict(one, ...returned, result("one(3)", "8"))).toBe("not allowed at 3");
  });

  it("has the arguments that its caller gave, those aside that are not known", async () => {
    expect(await verdict(one, invoke("one(3)"), hostCall([null]))).toBe("allowed");
    const { verdict: said, next } = await judged(one, invoke("one(3)"), hostCall(["4"]));
    expect(said).toBe("not allowed");
    expect(next).toMatchObject([{ event: "host-call", func: "slow", args: ["3"] }]);
  });

  it("returns once, and not before it was made", async () => {
    expect(await verdict(one, invoke("one(3)"), hostReturn("7"))).toBe("not allowed at 1");
    const twice = [...before, hostReturn("7"), hostReturn("7")];
    expect(await verdict(one, ...twice)).toBe("not allowed at 3");
  });

  it("may never return: then its caller waits at the end", async () => {
    expect(await verdict(one, ...before, end("one(3)"))).toBe("allowed");
    expect(await verdict(one, ...before, end())).toBe("not allowed at 2");
    // its caller has returned, and waits no more
    expect(await verdict(one, ...before, hostReturn("7"), end("one(3)"))).toBe("not allowed at 3");
  });

  it("that never returns holds up nobody else", async () => {
    const both = { calls: ["one(3)", "look()"] };
    // nothing is in the way of the other invocation, so that it has to go on
    expect(await verdict(both, ...before, end("one(3)", "look()"))).toBe("not allowed at 2");
    const raced = [invoke("race()"), hostCall([]), result("race()", "2"), end()];
    expect(await verdict({ calls: ["race()"], component: race }, ...raced)).toBe("allowed");
  });

  it("may end the run with a trap, now or later, or be lost; it does not return", async () => {
    expect(await verdict(one, ...before, trapped, { event: "trap" })).toBe("allowed");
    expect(await verdict(one, ...before, trapped, end("one(3)"))).toBe("allowed");
    expect(await verdict(one, ...before, trapped, hostReturn("7"))).toBe("not allowed at 3");
    const both = { calls: ["one(3)", "look()"] };
    const later = [...before, trapped, invoke("look()"), now("host-call"), now("host-return")];
    expect(await verdict(both, ...later, { event: "trap" })).toBe("not allowed at 6");
    expect(await verdict(both, ...later, result("look()", "265"), { event: "trap" })).toBe(
      "allowed",
    );
    // nobody else may trap
    expect(await verdict(one, ...before, { event: "trap" })).toBe("not allowed at 2");
  });

  it("with a value of another type is an error of the trace, at its place", async () => {
    const wrong = judged(one, ...before, hostReturn("four"));
    await expect(wrong).rejects.toThrow(JudgeError);
    await expect(wrong).rejects.toMatchObject({
      event: { index: 2 },
      problem: "the result of slow: expected u32, found four, at character 1 of four",
    });
  });
});

describe("two calls of one function that are open at the same time", () => {
  const both = { calls: ["both()"] };
  const start = [invoke("both()"), hostCall(["1"]), hostCall(["2"])];
  const returns = [hostReturn("5"), hostReturn("6")];

  // 100 times what the first call returned, 10 times what the second did, and which event came first
  it("return in either order, and each gives its own caller its result", async () => {
    for (const value of ["561", "562", "651", "652"]) {
      expect(await verdict(both, ...start, ...returns, result("both()", value))).toBe("allowed");
    }
    for (const value of ["551", "661", "560"]) {
      const at = await verdict(both, ...start, ...returns, result("both()", value));
      expect(at).toBe("not allowed at 5");
    }
  });

  it("are told apart by the thread, where the trace has one", async () => {
    const threads = [
      invoke("both()"),
      hostCall(["1"], { thread: "a" }),
      hostCall(["2"], { thread: "b" }),
      hostReturn("5", { thread: "b" }),
      hostReturn("6", { thread: "a" }),
    ];
    expect(await verdict(both, ...threads, result("both()", "652"))).toBe("allowed");
    expect(await verdict(both, ...threads, result("both()", "561"))).toBe("not allowed at 5");
  });

  it("may both be over before their caller hears of either, however late that is", async () => {
    // the caller looks at both when it waits, and may be given either event first
    const threads = [...start, hostReturn("5"), hostReturn("6"), result("both()", "652"), end()];
    expect(await verdict(both, ...threads)).toBe("allowed");
  });
});

describe("a call that its caller asks to cancel", () => {
  const stop = { calls: ["stop()"] };
  const start = [invoke("stop()"), hostCall(["1"])];

  it("may be cancelled, or return all the same", async () => {
    // CANCELLED_BEFORE_RETURNED is 4, RETURNED is 2
    expect(await verdict(stop, ...start, cancelled, result("stop()", "4"), end())).toBe("allowed");
    expect(await verdict(stop, ...start, cancelled, result("stop()", "2"))).toBe(
      "not allowed at 3",
    );
    expect(await verdict(stop, ...start, hostReturn("7"), result("stop()", "2"), end())).toBe(
      "allowed",
    );
    expect(await verdict(stop, ...start, result("stop()", "2"))).toBe("not allowed at 2");
  });

  it("may be given up by the engine, and what the function returns then is lost", async () => {
    const over = result("stop()", "4");
    expect(await verdict(stop, ...start, over, hostReturn("7"), end())).toBe("allowed");
    expect(await verdict(stop, ...start, hostReturn("7"), over, end())).toBe("allowed");
    // or it never returns; but not twice, here as elsewhere
    expect(await verdict(stop, ...start, over, end())).toBe("allowed");
    const twice = [...start, hostReturn("7"), over, hostReturn("7")];
    expect(await verdict(stop, ...twice)).toBe("not allowed at 4");
  });

  it("is not cancelled unless it was asked", async () => {
    const one = [invoke("one(3)"), hostCall(["3"]), cancelled];
    expect(await verdict({ calls: ["one(3)"] }, ...one)).toBe("not allowed at 2");
  });

  it("may be cancelled inside of subtask.cancel or later", async () => {
    const ask = { calls: ["ask-to-stop()"] };
    const begin = [invoke("ask-to-stop()"), hostCall(["1"])];
    for (const value of ["4", "400"]) {
      const trace = [...begin, cancelled, result("ask-to-stop()", value), end()];
      expect(await verdict(ask, ...trace)).toBe("allowed");
    }
    // with the crossings, the event stands where it was: BLOCKED had been returned already
    const say = (event: "call" | "return", values: readonly number[]): TraceEvent => {
      const func = "subtask.cancel";
      return event === "call" ? { event, func, args: values } : { event, func, results: values };
    };
    const asked = { ...ask, omits: ["enter", "leave", "waitable-set.wait", ...others] };
    // the subtask 1 is STARTED (1), its result is to go to 16
    const slow = { event: "call", func: "slow", args: [1, 16] } as const;
    const started = { event: "return", func: "slow", results: [17] } as const;
    const called = [invoke("ask-to-stop()"), slow, hostCall(["1"]), started];
    const later = [...called, say("call", [1]), say("return", [-1]), cancelled];
    expect(await verdict(asked, ...later, result("ask-to-stop()", "400"))).toBe("allowed");
    expect(await verdict(asked, ...later, result("ask-to-stop()", "4"))).toBe("not allowed at 7");
  });

  it("may be left alone by the host: then who waits for it waits for ever", async () => {
    expect(await verdict(stop, ...start, end("stop()"))).toBe("allowed");
  });
});

/** What core code calls beside `slow`, `subtask.cancel` and `waitable-set.wait`. */
const others = ["waitable-set.new", "waitable.join"];

describe("a function that is not async", () => {
  it("returns before anything else happens", async () => {
    const look = [invoke("look()"), now("host-call"), now("host-return")];
    const { calls } = { calls: ["look()", "one(3)"] };
    // some(9) is the case 1 and the value 9
    expect(await verdict({ calls }, ...look, result("look()", "265"))).toBe("allowed");
    const between = [invoke("look()"), now("host-call"), invoke("one(3)"), now("host-return")];
    expect(await verdict({ calls }, ...between)).toBe("not allowed at 2");
  });
});

describe("what nobody can know", () => {
  it("is the result of a call where the trace omits it", async () => {
    const omits = [...crossings, "host-return"];
    const trace = [invoke("one(3)"), hostCall(["3"]), result("one(3)", "7")];
    expect(await verdict({ calls: ["one(3)"], omits }, ...trace)).toMatch(
      /^unknown: .*a call of slow: nobody recorded its result/,
    );
    // without a result it does not matter
    const raced = [invoke("race()"), hostCall([]), result("race()", "1"), end()];
    expect(await verdict({ calls: ["race()"], component: race, omits }, ...raced)).toBe("allowed");
  });

  it("is what becomes of a call whose arguments WAVE cannot write", async () => {
    const given = { calls: ["f()"], component: takesStream };
    const trace = [invoke("f()"), { event: "host-call", func: "take" } as const];
    expect(await verdict(given, ...trace)).toMatch(/^unknown: .*a call of take: WAVE cannot write/);
  });
});

describe("a result that the recorder hears of late", () => {
  const calls = ["one(3)", "look()"];
  const one = [invoke("one(3)"), hostCall(["3"]), hostReturn("7")];
  const look = [invoke("look()"), now("host-call"), now("host-return"), result("look()", "265")];

  async function late(...events: readonly TraceEvent[]): Promise<string> {
    return verdict({ calls, late: ["result"] }, ...events);
  }

  it("may stand behind what happened since, where the header says that it may be late", async () => {
    const trace = [...one, ...look, result("one(3)", "7"), end()];
    expect(await late(...trace)).toBe("allowed");
    // even between two events that nothing can come between
    const [asks, ...rest] = look.slice(1);
    const between = [...one, invoke("look()"), asks ?? end(), result("one(3)", "7"), ...rest];
    expect(await late(...between, end())).toBe("allowed");
    expect(await verdict({ calls }, ...between, end())).toBe("not allowed at 5");
  });

  it("has to be told before the end, once, and be the right one", async () => {
    expect(await late(...one, ...look, end())).toBe("not allowed at 7");
    expect(await late(...one, ...look, result("one(3)", "8"))).toBe("not allowed at 7");
    const twice = [...one, result("one(3)", "7"), ...look, result("one(3)", "7")];
    expect(await late(...twice)).toBe("not allowed at 8");
  });

  it("is not told before it is there", async () => {
    expect(await late(invoke("one(3)"), hostCall(["3"]), result("one(3)", "7"))).toBe(
      "not allowed at 2",
    );
  });

  it("is offered for as long as it is owed", async () => {
    const { next } = await judged({ calls, late: ["result"] }, ...one, ...look, end());
    expect(next).toContainEqual({ event: "result", call: "one(3)", value: "7" });
  });
});
