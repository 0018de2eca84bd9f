// Scheduler moves: the host resumes one of many threads, which yields at once.

import type { Store } from "../src/model/store.ts";
import type { FuncType } from "../src/model/types.ts";
import { type Live, startRun } from "../src/scheduler/live.ts";
import type { System } from "../src/scheduler/machine.ts";
import { random } from "../src/scheduler/sampling/random.ts";
import { type Body, building, builtin, call, giveBack, setVariable, variable } from "./system.ts";
import { demand, type Rate } from "./workload.ts";

const plain: FuncType = { params: [], result: null, async: true };
const returned = 2;
/** The first instance of a system counts how often a thread has had a turn. */
const counting = { instance: 1 } as Parameters<typeof variable>[1];

/**
 * `threads` tasks that yield until there were `n` turns, or one that does and others that wait on an
 * empty set. Between the start of the last one and the first turn there is a choice, to stop at.
 */
function spinning(threads: number, allReady: boolean, n: number): System {
  const b = building();
  const home = b.home("C", 64);
  const taskReturn = builtin("task.return", home.opts);
  const threadYield = builtin("thread.yield", home.opts);
  const newSet = builtin("waitable-set.new", home.opts);
  const wait = builtin("waitable-set.wait", home.opts);
  const spin: Body = [
    () => call(taskReturn, [], 1, []),
    () => call(threadYield, [], 2, []),
    ({ c }) => {
      const turns = variable(c, home, "turns") + 1;
      setVariable(c, home, "turns", turns);
      return turns < n ? call(threadYield, [], 2, []) : giveBack();
    },
  ];
  const stuck: Body = [
    () => call(taskReturn, [], 1, []),
    () => call(newSet, [], 2, []),
    ({ got }) => call(wait, [Number(got[0]), 0], 3, []),
  ];
  const lifting = { async: true };
  const ready = b.lift("C.spin", home, spin, plain, lifting);
  const others = allReady ? ready : b.lift("C.stuck", home, stuck, plain, lifting);
  const from = b.home("D", 64);
  const opts = { ...from.opts, async: true };
  const next = (i: number): ReturnType<Body[0]> =>
    i < threads
      ? call({ tag: "lower", func: i === 0 ? ready : others, opts }, [], 1, [i])
      : { move: { tag: "choose", options: ["go", "stop"] }, state: { pc: 2, r: [] } };
  const body: Body = [
    () => next(0),
    ({ r, got }) => {
      demand(got[0] === returned, "a task returns before it waits");
      return next((r[0] ?? 0) + 1);
    },
    () => giveBack(),
  ];
  return b.system(b.lift("D.run", from, body, plain));
}

/** Takes any of the ready threads alike until there were `n` turns. */
function turn(live: Live, n: number): void {
  const next = random(1);
  const [go] = live.enabled();
  demand(go !== undefined, "the threads have started");
  live.take(go);
  for (;;) {
    const enabled = live.enabled();
    const [first] = enabled;
    if (first === undefined || variable(live.now, counting, "turns") === n) return;
    const main = first.name === "resume main";
    live.take((main ? first : enabled[next() % enabled.length]) ?? first);
  }
}

function check({ entities }: Store, threads: number, n: number): void {
  const turns = entities.instance[counting.instance]?.globals.turns;
  demand(turns === n, `each move is a turn (${turns} of ${n})`);
  const left = entities.thread.filter((t) => t !== null).length;
  demand(left === threads - 1, `all but one of ${threads} threads are left (${left})`);
}

function moves(name: string, threads: number, allReady: boolean, referenceN: number): Rate {
  const prepare = (n: number): (() => void) => {
    const system = spinning(threads, allReady, n);
    const from = startRun(system).snapshot();
    return () => {
      const live = startRun(system, { from, bound: Number.POSITIVE_INFINITY });
      turn(live, n);
      check(live.snapshot(), threads, n);
    };
  };
  const unit = "moves/s";
  return { tag: "rate", name, unit, n: 20_000, referenceN, bytes: null, target: null, prepare };
}

export const threadRates: readonly Rate[] = [
  moves("moves-10-ready", 10, true, 4000),
  moves("moves-1000-ready", 1000, true, 300),
  moves("moves-10-blocked", 10, false, 4000),
  moves("moves-1000-blocked", 1000, false, 300),
];
