// Laws of promises and futures: the model against Node's event loop, and what holds in every order.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stepped } from "../../src/history/promises/bridge.ts";
import { bridgeModel } from "../../src/history/promises/model.ts";
import type { Act, BridgeProgram, TaskAct, TickSize } from "../../src/history/promises/program.ts";
import {
  type Answer,
  answered,
  dropped,
  give,
  type Line,
  type Polled,
  type Pulled,
  poll,
  request,
  type Serving,
  unpulled,
  unserved,
} from "../../src/history/promises/pull.ts";
import { starts } from "../../src/history/promises/starts.ts";
import type { BridgeState } from "../../src/history/promises/state.ts";
import { checkedScenarios } from "../../src/scenario/book.ts";
import { parseRevision } from "../../src/scenario/revision.ts";
import { verify } from "../../src/scenario/verify.ts";
import { explore } from "../../src/scheduler/explore/explore.ts";
import { anyBridgeProgram } from "./arbitraries/bridge.ts";
import { JsFuture, logInNode } from "./bridge-in-node.ts";
import { runs } from "./laws.ts";

const sizes: readonly TickSize[] = ["drain", "batch"];
const anySize = fc.constantFrom(...sizes);

interface Run {
  readonly log: readonly string[];
  readonly final: BridgeState;
}

/** One run, with the events in this order; `visit` sees every step. */
function runInOrder(
  one: BridgeProgram,
  size: TickSize,
  order: readonly number[],
  visit: (before: BridgeState, name: string, after: BridgeState) => void = () => {},
): Run {
  const { initial, enabled, step } = bridgeModel(one, size);
  const left = [...order];
  const log: string[] = [];
  let state = initial;
  for (let n = 0; n < 1000; n++) {
    const actions = enabled(state);
    const next = actions.find((a) => a.tag !== "event" || a.n === left[0]);
    if (next === undefined) return { log, final: state };
    if (next.tag === "event") left.shift();
    const before = state;
    state = step(state, next);
    log.push(...state.log);
    visit(before, next.name, state);
  }
  throw new Error("a program that does not end");
}

const inOrder = ({ events }: BridgeProgram): readonly number[] => [...events.keys()];

/** A program of which most is left out. */
function program(parts: Partial<BridgeProgram>): BridgeProgram {
  return { promises: 3, futures: 3, tasks: [], main: [], events: [], ...parts };
}

function logOf(parts: Partial<BridgeProgram>, size: TickSize = "batch"): readonly string[] {
  const one = program(parts);
  return runInOrder(one, size, inOrder(one)).log;
}

const log = (text: string): Act => ({ do: "log", text });
const micro = (text: string): Act => ({ do: "microtask", text });
const spawn = (task: number): Act => ({ do: "spawn", task });
const settle = (promise: number, value: number): Act => ({
  do: "settle",
  promise,
  with: { ok: true, value },
});
const reject = (promise: number, value: number): Act => ({
  do: "settle",
  promise,
  with: { ok: false, value },
});
const from = (promise: number, future: number): Act => ({ do: "from", promise, future });
const awaits = (future: number): TaskAct => ({ do: "await", future });

describe("the model of the bridge", () => {
  test("logs what real promises and microtasks log, event by event", async () => {
    await fc.assert(
      fc.asyncProperty(anyBridgeProgram, anySize, fc.boolean(), async (one, size, turned) => {
        const order = turned ? inOrder(one).toReversed() : inOrder(one);
        expect(runInOrder(one, size, order).log).toEqual(await logInNode(one, size, order));
      }),
      runs(500),
    );
  });

  test("settles each promise once, and each future gives its outcome once or never", () => {
    fc.assert(
      fc.property(anyBridgeProgram, anySize, (one, size) => {
        runInOrder(one, size, inOrder(one), (before, _, after) => {
          for (const [i, { settled }] of before.promises.entries()) {
            if (settled !== null) expect(after.promises[i]?.settled).toEqual(settled);
          }
          for (const [i, { given, outcome }] of before.futures.entries()) {
            if (given) expect(after.futures[i]?.given).toBe(true);
            if (outcome !== null) expect(after.futures[i]?.outcome).toEqual(outcome);
          }
          const gave = after.log.filter((line) => line.includes(" got ")).length;
          const fresh = after.futures.filter((f, i) => f.given && !before.futures[i]?.given);
          expect(gave).toBe(fresh.length);
        });
      }),
      runs(300),
    );
  });

  test("runs no task inside a spawn, an exported call or a settling: scripts of the host log alone", () => {
    fc.assert(
      fc.property(anyBridgeProgram, anySize, (one, size) => {
        runInOrder(one, size, inOrder(one), (before, name, after) => {
          if (name === "microtask") return;
          const script = name === "main" ? one.main : one.events[Number(name.split(" ")[1])];
          const own = (script ?? []).flatMap((act) => (act.do === "log" ? [act.text] : []));
          expect(after.log).toEqual(own);
          expect(after.tasks.map((t) => t.at)).toEqual(before.tasks.map((t) => t.at));
        });
      }),
      runs(300),
    );
  });

  test("runs the tasks of one turn in the order in which they were queued", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3], { minLength: 1 }), anySize, (order, size) => {
        const tasks = [0, 1, 2, 3].map((i) => [log(`task ${i}`)]);
        const main = [...order, ...order].map(spawn);
        // a second spawn of a queued task is a wake, and it is in the queue already
        expect(logOf({ tasks, main }, size)).toEqual(order.map((i) => `task ${i}`));
      }),
      runs(50),
    );
  });

  test("holds no task in its queue twice, and has a turn ahead of it whenever the queue is not empty", () => {
    fc.assert(
      fc.property(anyBridgeProgram, anySize, (one, size) => {
        const panics = one.tasks.some((task) => task.some((act) => act.do === "panic"));
        runInOrder(one, size, inOrder(one), (_, __, { queue, microtasks }) => {
          expect(new Set(queue).size).toBe(queue.length);
          const turns = microtasks.filter(({ tag }) => tag === "tick").length;
          expect(turns).toBeLessThanOrEqual(1);
          if (!panics) expect(turns === 1).toBe(queue.length > 0);
        });
      }),
      runs(300),
    );
  });
});

describe("a spawned task", () => {
  test("runs on a later microtask, even if it has nothing to wait for", () => {
    for (const size of sizes) {
      const tasks = [[log("task")]];
      expect(logOf({ tasks, main: [micro("before"), spawn(0), log("main")] }, size)).toEqual([
        "main",
        "before",
        "task",
      ]);
    }
  });

  test("of a running task runs in the same turn, or behind the microtasks queued in between", () => {
    const tasks = [[spawn(1), micro("between")], [log("nested")]];
    expect(logOf({ tasks, main: [spawn(0)] }, "drain")).toEqual(["nested", "between"]);
    // the turn for the nested task was scheduled by its spawn, before the microtask
    expect(logOf({ tasks, main: [spawn(0)] }, "batch")).toEqual(["nested", "between"]);
    const later = [[micro("between"), spawn(1)], [log("nested")]];
    expect(logOf({ tasks: later, main: [spawn(0)] }, "drain")).toEqual(["nested", "between"]);
    expect(logOf({ tasks: later, main: [spawn(0)] }, "batch")).toEqual(["between", "nested"]);
  });

  test("that wakes itself runs again, in this turn or in the next", () => {
    const tasks: TaskAct[][] = [
      [log("one"), micro("between"), { do: "yield" }, log("two")],
      [log("other")],
    ];
    const main = [spawn(0), spawn(1)];
    expect(logOf({ tasks, main }, "drain")).toEqual(["one", "other", "two", "between"]);
    expect(logOf({ tasks, main }, "batch")).toEqual(["one", "other", "between", "two"]);
  });

  test("that is over does nothing when it is woken", () => {
    const tasks: TaskAct[][] = [[log("task"), { do: "end", with: null }]];
    for (const size of sizes) {
      const events = [[spawn(0)], [spawn(0)]];
      expect(logOf({ tasks, main: [spawn(0)], events }, size)).toEqual(["task"]);
    }
  });
});

describe("a future of a promise", () => {
  test("has its callbacks attached when it is made, so that a rejection counts as handled", async () => {
    const { initial, step } = bridgeModel(program({ main: [from(0, 0)] }), "batch");
    const made = step(initial, { tag: "main", name: "main" });
    expect(made.promises[0]?.reactions).toEqual([{ tag: "future", future: 0 }]);
    const heard: unknown[] = [];
    const listen = (error: unknown): void => {
      heard.push(error);
    };
    process.on("unhandledRejection", listen);
    const future = new JsFuture(Promise.reject(3));
    await new Promise((resolve) => setTimeout(resolve, 1));
    process.off("unhandledRejection", listen);
    expect([future.outcome, heard]).toEqual([{ ok: false, value: 3 }, []]);
  });

  test("gives what the promise was fulfilled or rejected with, each future of it for itself", () => {
    const tasks = [[awaits(0)], [awaits(1)], [awaits(2)]];
    const main = [from(0, 0), from(0, 1), from(1, 2), spawn(0), spawn(1), spawn(2)];
    expect(logOf({ tasks, main, events: [[settle(0, 7)], [reject(1, 8)]] })).toEqual([
      "task 0 got ok 7",
      "task 1 got ok 7",
      "task 2 got error 8",
    ]);
  });

  test("wakes only the task that polled it last, and gives its outcome only once", () => {
    const tasks = [[awaits(0)], [awaits(0)]];
    const main = [from(0, 0), spawn(0), spawn(1)];
    // the first task has lost its place; woken once more, it finds that the outcome was given
    expect(logOf({ tasks, main, events: [[settle(0, 7)], [spawn(0)]] })).toEqual([
      "task 1 got ok 7",
    ]);
  });

  test("that is dropped stops nothing: the operation goes on, and others see its outcome", () => {
    const main: Act[] = [
      from(0, 0),
      { do: "drop", future: 0 },
      { do: "then", promise: 0, text: "settled" },
    ];
    expect(logOf({ main, events: [[settle(0, 7)]] })).toEqual(["settled ok 7"]);
  });

  test("is two microtasks behind the settling: its callback, and the next turn of the queue", () => {
    const tasks = [[awaits(0)], [log("other")]];
    const main = [from(0, 0), spawn(0)];
    // the callback stands before the first marker, the turn that it schedules behind the second
    const alone = [[settle(0, 7), micro("one"), micro("two")]];
    expect(logOf({ tasks, main, events: alone })).toEqual(["one", "two", "task 0 got ok 7"]);
    // a turn that was scheduled before the markers takes it along
    const shared = [[settle(0, 7), spawn(1), micro("one"), micro("two")]];
    expect(logOf({ tasks, main, events: shared })).toEqual([
      "other",
      "task 0 got ok 7",
      "one",
      "two",
    ]);
  });
});

const asPromise = (task: number, promise: number): Act => ({ do: "promise", task, promise });
const said = (promise: number): Act => ({ do: "then", promise, text: "promise" });

describe("a promise of a future", () => {
  test("is what the future ends with, and no part of its body runs inside the call", () => {
    const tasks: TaskAct[][] = [[log("body"), { do: "end", with: { ok: false, value: 4 } }]];
    const main = [asPromise(0, 1), log("returned"), said(1)];
    for (const size of sizes) {
      expect(logOf({ tasks, main }, size)).toEqual(["returned", "body", "promise error 4"]);
    }
  });

  test("stays pending for ever when the future panics, in whatever order things happen", () => {
    const tasks: TaskAct[][] = [[awaits(0), { do: "panic" }]];
    const main = [from(0, 0), asPromise(0, 1), said(1)];
    for (const size of sizes) {
      const one = program({ tasks, main, events: [[settle(0, 7)], [spawn(0)], [spawn(0)]] });
      const { outcomes } = explore(bridgeModel(one, size), {
        final: ({ promises }) => (promises[1]?.settled === null ? "pending" : "settled"),
      });
      expect(outcomes.map(({ fact, observed }) => [fact, observed])).toEqual([
        ["pending", ["task 0 got ok 7", "task 0 panics"]],
      ]);
    }
  });

  test("of a future of a promise has the outcome of that promise, and only microtasks in between", () => {
    fc.assert(
      fc.property(fc.boolean(), fc.nat(9), anySize, (ok, value, size) => {
        const tasks: TaskAct[][] = [[awaits(0), { do: "end", with: null }]];
        const main = [from(0, 0), asPromise(0, 1), said(1)];
        const events: Act[][] = [[{ do: "settle", promise: 0, with: { ok, value } }]];
        const one = program({ tasks, main, events });
        const { final } = runInOrder(one, size, [0]);
        expect(final.promises[1]?.settled).toEqual({ ok, value });
        expect(final.microtasks).toEqual([]);
      }),
      runs(30),
    );
  });

  test("that is resolved with a promise takes three microtasks to say so", async () => {
    // one to look at the other promise, one to hear of it, one for whoever waits; a task counts turns
    const turns = ["one", "two", "three", "four"].flatMap((text): TaskAct[] => [
      log(text),
      { do: "yield" },
    ]);
    const main: Act[] = [
      settle(1, 5),
      { do: "adopt", promise: 0, other: 1 },
      { do: "then", promise: 0, text: "outer" },
      spawn(0),
    ];
    const expected = ["one", "two", "outer ok 5", "three", "four"];
    expect(logOf({ tasks: [turns], main })).toEqual(expected);
    expect(await logInNode(program({ tasks: [turns], main }), "batch", [])).toEqual(expected);
  });
  test("that is resolved with a promise takes over its outcome", () => {
    const main: Act[] = [
      { do: "adopt", promise: 0, other: 1 },
      { do: "then", promise: 0, text: "outer" },
    ];
    expect(logOf({ main, events: [[settle(0, 1)], [reject(1, 5)]] })).toEqual(["outer error 5"]);
  });
});

/** What an iterator does with each request for an item: an answer, or `next` throws. */
type Move = { readonly poll: number | null } | { readonly answer: Answer };

const anyAnswer: fc.Arbitrary<Answer> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ tag: fc.constant("item" as const), value: fc.nat(99) }) },
  { weight: 1, arbitrary: fc.record({ tag: fc.constant("end" as const), value: fc.nat(99) }) },
  { weight: 1, arbitrary: fc.record({ tag: fc.constant("error" as const), value: fc.nat(99) }) },
);

const anyMove: fc.Arbitrary<Move> = fc.oneof(
  fc.record({ poll: fc.option(fc.nat(9), { freq: 8 }) }),
  fc.record({ answer: anyAnswer }),
);

function pulledBy(moves: readonly Move[]): { states: readonly Pulled[]; gave: readonly Polled[] } {
  const states: Pulled[] = [unpulled];
  const gave: Polled[] = [];
  for (const move of moves) {
    const s = states.at(-1) ?? unpulled;
    if ("answer" in move) states.push(answered(s, move.answer));
    else {
      const [next, polled] = poll(s, move.poll);
      states.push(next);
      gave.push(polled);
    }
  }
  return { states, gave };
}

/** The stream once more, over an iterator whose promises are settled from outside. */
class PulledInNode {
  asked = 0;
  returned = 0;
  readonly gave: Polled[] = [];
  #settle: ((answer: Answer) => void) | null = null;
  #throws: number | null = null;
  #next: JsFuture | null = null;
  #answer: Answer | null = null;
  #over = false;
  readonly #iterator = {
    next: (): Promise<unknown> => {
      this.asked += 1;
      if (this.#throws !== null) throw this.#throws;
      return new Promise((resolve, fail) => {
        this.#settle = (answer) => {
          this.#answer = answer;
          if (answer.tag === "error") fail(answer.value);
          else resolve(answer.value);
        };
      });
    },
    return: (): void => {
      this.returned += 1;
    },
  };

  async answer(answer: Answer): Promise<void> {
    this.#settle?.(answer);
    this.#settle = null;
    await new Promise((resolve) => setImmediate(resolve));
  }

  poll(throws: number | null): void {
    this.#throws = throws;
    this.gave.push(this.#polled());
  }

  #polled(): Polled {
    if (this.#over) return { tag: "end" };
    try {
      this.#next ??= new JsFuture(this.#iterator.next());
    } catch (error) {
      this.#over = true;
      return { tag: "error", value: error as number };
    }
    const { outcome } = this.#next;
    if (outcome === null) return { tag: "pending" };
    this.#next = null;
    this.#over = this.#answer?.tag !== "item";
    if (!outcome.ok) return { tag: "error", value: outcome.value };
    return this.#over ? { tag: "end" } : { tag: "item", value: outcome.value };
  }
}

describe("an async iterator as a stream", () => {
  test("is asked for nothing before the first poll, and for one item at a time", () => {
    fc.assert(
      fc.property(fc.array(anyMove, { maxLength: 20 }), (moves) => {
        const first = moves.findIndex((move) => "poll" in move);
        const { states, gave } = pulledBy(moves);
        for (const [i, s] of states.entries()) {
          if (i <= first || first === -1) expect(s).toEqual(unpulled);
          // every request but the one on its way has been handed over
          const handed = gave.filter(({ tag }) => tag === "item").length;
          if (i === states.length - 1) {
            const ends = s.ended ? 1 : 0;
            expect(s.asked).toBe(handed + (s.waiting ? 1 : 0) + ends);
          }
        }
      }),
      runs(200),
    );
  });

  test("ends for ever, after at most one error, and its last value is thrown away", () => {
    fc.assert(
      fc.property(fc.array(anyMove, { maxLength: 20 }), (moves) => {
        const { gave } = pulledBy(moves);
        const over = gave.findIndex(({ tag }) => tag === "end" || tag === "error");
        if (over === -1) return;
        const rest = gave.slice(over + 1);
        expect(rest).toEqual(rest.map(() => ({ tag: "end" })));
        if (gave[over]?.tag === "end") expect(gave[over]).toEqual({ tag: "end" });
      }),
      runs(200),
    );
  });

  test("gives 42, 24 and the end of an iterator that yields them", () => {
    const answers: Answer[] = [
      { tag: "item", value: 42 },
      { tag: "item", value: 24 },
      { tag: "end", value: 7 },
    ];
    const moves = answers.flatMap((answer): Move[] => [{ poll: null }, { answer }, { poll: null }]);
    expect(pulledBy(moves).gave.filter(({ tag }) => tag !== "pending")).toEqual([
      { tag: "item", value: 42 },
      { tag: "item", value: 24 },
      { tag: "end" },
    ]);
  });

  test("is asked as often, and gives what it gives, over a real iterator and its promises", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyMove, { maxLength: 15 }), async (moves) => {
        const { states, gave } = pulledBy(moves);
        const real = new PulledInNode();
        for (const move of moves) {
          if ("poll" in move) real.poll(move.poll);
          else await real.answer(move.answer);
        }
        expect(real.gave).toEqual(gave);
        expect([real.asked, real.returned]).toEqual([states.at(-1)?.asked, 0]);
      }),
      runs(150),
    );
  });

  test("is not told when the stream is dropped", () => {
    fc.assert(
      fc.property(fc.array(anyMove, { maxLength: 10 }), (moves) => {
        const s = pulledBy(moves).states.at(-1) ?? unpulled;
        const gone = dropped(s);
        expect(gone.returned).toBe(0);
        expect(gone.asked).toBe(s.asked);
        expect(poll(gone, null)).toEqual([gone, { tag: "end" }]);
      }),
      runs(100),
    );
  });
});

/** What happens to an async iterator over a stream: requests, and what the source gives next. */
type Turn = "next" | "return" | Answer;

const anyTurn: fc.Arbitrary<Turn> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Turn>("next") },
  { weight: 1, arbitrary: fc.constant<Turn>("return") },
  { weight: 4, arbitrary: anyAnswer },
);

function servedBy(turns: readonly Turn[]): readonly string[] {
  const out: string[] = [];
  let s: Serving = unserved;
  for (const turn of turns) {
    const [next, served]: Line = typeof turn === "string" ? request(s, turn) : give(s, turn);
    s = next;
    out.push(...served.map((one) => `${one.n} ${one.tag}${"value" in one ? ` ${one.value}` : ""}`));
  }
  return out;
}

/** The same with a real async generator, whose source gives an answer when one is asked for. */
async function servedInNode(turns: readonly Turn[]): Promise<readonly string[]> {
  const out: string[] = [];
  let ask: ((answer: Answer) => void) | null = null;
  const source = (): Promise<Answer> =>
    new Promise((resolve) => {
      ask = resolve;
    });
  async function* generator(): AsyncGenerator<number, undefined> {
    for (;;) {
      const answer = await source();
      if (answer.tag === "end") return undefined;
      if (answer.tag === "error") throw answer.value;
      yield answer.value;
    }
  }
  const iterator = generator();
  let made = 0;
  for (const turn of turns) {
    if (typeof turn === "string") {
      const n = made++;
      const made1 = turn === "next" ? iterator.next() : iterator.return(undefined);
      made1.then(
        ({ done, value }) => out.push(done === true ? `${n} done` : `${n} item ${value}`),
        (value: number) => out.push(`${n} error ${value}`),
      );
    } else {
      const asked = ask as ((answer: Answer) => void) | null;
      ask = null;
      asked?.(turn);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return out;
}

describe("a stream as an async iterator", () => {
  test("serves requests in line, and ends with return, as an async generator of Node does", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyTurn, { maxLength: 12 }), async (turns) => {
        expect(servedBy(turns)).toEqual(await servedInNode(turns));
      }),
      runs(150),
    );
  });

  test("pulls nothing for return, and is done with it for ever", () => {
    const item: Answer = { tag: "item", value: 1 };
    expect(servedBy(["next", "next", "return", item, item, item, "next"])).toEqual([
      "0 item 1",
      "1 item 1",
      "2 done",
      "3 done",
    ]);
  });
});

/** What the callee and the caller log, in order, when a callee is called in each way. */
function orderOf(text: string, revision = "d1daf829"): readonly string[] {
  const [scenario] = checkedScenarios(text, "a law");
  if (scenario === undefined) return [];
  return verify(scenario, parseRevision(revision)).outcomes.flatMap(({ outcome }) => outcome.log);
}

const startOf = (design: string): string | undefined =>
  starts.find((row) => row.design === design)?.start;

describe("the callee starts", () => {
  test("inside the call today, and inside that of an async function of JavaScript", () => {
    const today = orderOf(`scenario "an async call"
component B { export run: async func() stackful { log "callee"; task.return } }
component A {
  import B
  export run: async func() stackful { async B.run(); log "caller"; task.return }
}
run A.run
always ok
`);
    const heard: string[] = [];
    async function callee(): Promise<void> {
      heard.push("callee");
    }
    callee();
    heard.push("caller");
    expect([today, heard]).toEqual([
      ["callee", "caller"],
      ["callee", "caller"],
    ]);
    expect(startOf("an async call today")).toBe("call");
    expect(startOf("an async function of JavaScript")).toBe("call");
  });

  test("inside the call where it is split, and in the proposal of 2022", () => {
    const split = orderOf(
      `scenario "a split call"
component B { export run: async func() stackless { log "callee" } }
component A {
  import B
  export run: async func() stackless { let call = start B.run(); log "caller"; await call }
}
run A.run
always ok
`,
      "d1daf829 with abi split",
    );
    const in2022 = orderOf(`scenario "a call of June 2022"
design proposal-2022
component B {
  export run: func() -> future stackful(t) { log "callee"; canon.wait }
}
component A {
  import B
  export run: func() -> future stackful(t) {
    let call = B.run()
    log "caller"
    canon.wait
  }
}
run A.run()
always log contains "caller"
`);
    expect([split, in2022]).toEqual([
      ["callee", "caller"],
      ["callee", "caller"],
    ]);
    expect(startOf("a call that is split into start and result")).toBe("call");
    expect(startOf("the proposal of June 2022")).toBe("call");
  });

  test("later as a task or as a promise, and at the first poll on a stack", () => {
    const body = [[log("callee")]];
    expect(logOf({ tasks: body, main: [spawn(0), log("caller")] })).toEqual(["caller", "callee"]);
    expect(logOf({ tasks: body, main: [asPromise(0, 0), log("caller")] })).toEqual([
      "caller",
      "callee",
    ]);
    expect(startOf("a task that is spawned")).toBe("later");
    expect(startOf("an async function that is exported as a promise")).toBe("later");
    const polled = orderOf(`scenario "a call on a stack"
component A { export run: func() sync { log "callee" } }
host {
  process driver {
    let f = stack.call (stack.new) A.run()
    log "caller"
    await idle
    log "nothing ran"
    stack.poll f
  }
}
always ok
`);
    expect(polled).toEqual(["caller", "nothing ran", "callee"]);
    expect(startOf("a call on a stack of its own")).toBe("poll");
  });
});

/** A panic is no end of the model: what a step throws otherwise is an error of the test. */
describe("a program that names what there is not", () => {
  test("is refused", () => {
    const one = program({ main: [spawn(9)] });
    const { initial } = bridgeModel(one, "batch");
    expect(() => stepped(one, "batch", initial, { tag: "main" })).toThrow("there is no number 9");
  });
});
