// Runs of jco with functions of the host: `slow`, which is async, and `now`, which is not. spec/15 tells of those that diverge.

import type { JsFunc } from "../../src/jco.ts";
import type { TraceEvent } from "../../src/oracle/format/trace.ts";
import { both, type JcoRun, returned } from "./jco-run.ts";

type Slow = (n: number) => unknown;

function after(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

function never(): Promise<void> {
  return new Promise(() => {});
}

function fail(): never {
  throw new Error("boom");
}

const atOnce: Slow = (n) => n + 4;

async function late(n: number): Promise<number> {
  await after(n === 1 ? 40 : 20);
  return n + 4;
}

async function rejects(n: number): Promise<void> {
  await (n === 1 ? after(20) : never());
  fail();
}

function run(
  as: string,
  calls: readonly string[],
  slow: Slow,
  why: string,
  now: JsFunc = () => 9,
): JcoRun {
  const hosts = { slow: (n: unknown) => slow(Number(n)), "a:b/c#now": now };
  return { component: "host-calls", as, calls, hosts, allowed: both, finding: null, why };
}

async function say(text: unknown): Promise<unknown> {
  await after(20);
  return text;
}

/** A call whose result is stored twice: the second `realloc`. */
function stored(call: string, index: number, instead: Partial<TraceEvent>): JcoRun {
  const saw = { event: "enter", func: "realloc", args: [0, 0, 1, 3] } as const;
  const why = "a result is stored once";
  const calls = [call];
  const finding = { index, saw, instead };
  return { component: "host-texts", calls, hosts: { say }, allowed: [], finding, why };
}

function diverges(one: JcoRun, finding: JcoRun["finding"]): JcoRun {
  return { ...one, allowed: [], finding };
}

const waits = ["choose slow wait#1", "choose slow#2 wait#1"];

export const withHosts: readonly JcoRun[] = [
  run("one-at-once", ["one(3)"], atOnce, "a call may return at once"),
  run("one-late", ["one(3)"], late, "or its caller waits"),
  run("one-rejects", ["one(1)"], rejects, "who waits for a call that fails never hears of it"),
  run("both-at-once", ["both()"], atOnce, "RETURNED, without a subtask"),
  run("both-late", ["both()"], late, "two calls are open, and the second returns first"),
  run("both-never", ["both()"], never, "a call may never return"),
  run("stop-late", ["stop()"], late, "a call that is cancelled is given up"),
  run("ask-to-stop-never", ["ask-to-stop()"], never, "also without waiting"),
  run("look", ["look()"], atOnce, "a function that is not async"),
  run("look-throws", ["look()"], atOnce, "what it throws is a trap", fail),
  run("two-at-once", ["one(3)", "one(4)"], late, "two calls of the component"),
  run("two-and-one", ["both()", "one(1)"], late, "three open calls"),
  {
    ...diverges(run("both-rejects", ["both()"], rejects, "nobody is cancelled unasked"), {
      index: 16,
      saw: { event: "return", func: "waitable-set.wait", results: [6] },
      instead: { event: "trap", code: "guest.throw" },
    }),
    schedules: { "6d28164": waits, d1daf829: waits },
  },
  diverges(run("stop-throws", ["stop()"], fail, "nor is a call that throws"), {
    ...returned(5, "slow", 0x14, 0x11),
  }),
  stored("waits()", 7, { event: "return", func: "say", results: [] }),
  {
    ...stored("goes-on()", 13, { event: "return", func: "waitable-set.wait", results: [1] }),
    schedules: { "6d28164": ["choose say wait#1"], d1daf829: ["choose say wait#1"] },
  },
];
