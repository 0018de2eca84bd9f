// Random programs over the bridge of promises and futures, each future awaited or dropped, not both.

import fc from "fast-check";
import type {
  Act,
  BridgeProgram,
  Settled,
  TaskAct,
} from "../../../src/history/promises/program.ts";

const promises = 3;
const tasks = 3;
/** Those with the least numbers are awaited, the last one is dropped. */
const futures = 4;

const anySettled: fc.Arbitrary<Settled> = fc.record({ ok: fc.boolean(), value: fc.nat(9) });
const anyPromise = fc.nat(promises - 1);
const anyTask = fc.nat(tasks - 1);
const letters = fc.constantFrom("a", "b", "c", "d");

const anyAct: fc.Arbitrary<Act> = fc.oneof(
  { weight: 1, arbitrary: letters.map((text): Act => ({ do: "log", text: `log ${text}` })) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(anyPromise, fc.nat(futures - 1))
      .map(([promise, future]): Act => ({ do: "from", promise, future })),
  },
  { weight: 1, arbitrary: fc.constant<Act>({ do: "drop", future: futures - 1 }) },
  { weight: 4, arbitrary: anyTask.map((task): Act => ({ do: "spawn", task })) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(anyTask, anyPromise)
      .map(([task, promise]): Act => ({ do: "promise", task, promise })),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(anyPromise, anySettled)
      .map(([promise, how]): Act => ({ do: "settle", promise, with: how })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(anyPromise, anyPromise)
      .map(([promise, other]): Act => ({ do: "adopt", promise, other })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(anyPromise, letters)
      .map(([promise, text]): Act => ({ do: "then", promise, text: `then ${text}` })),
  },
  {
    weight: 2,
    arbitrary: letters.map((text): Act => ({ do: "microtask", text: `micro ${text}` })),
  },
);

const anyOwn: fc.Arbitrary<TaskAct> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.nat(futures - 2).map((future): TaskAct => ({ do: "await", future })),
  },
  { weight: 2, arbitrary: fc.constant<TaskAct>({ do: "yield" }) },
  { weight: 1, arbitrary: fc.constant<TaskAct>({ do: "panic" }) },
  {
    weight: 1,
    arbitrary: fc.option(anySettled).map((how): TaskAct => ({ do: "end", with: how })),
  },
);

const anyScript = fc.array(anyAct, { maxLength: 6 });
const anyTaskScript: fc.Arbitrary<TaskAct[]> = fc.array(
  fc.oneof<[fc.Arbitrary<TaskAct>, fc.Arbitrary<TaskAct>]>(anyAct, anyOwn),
  { maxLength: 6 },
);

/** Up to three tasks and two events beside the main script. */
export const anyBridgeProgram: fc.Arbitrary<BridgeProgram> = fc.record({
  promises: fc.constant(promises),
  futures: fc.constant(futures),
  tasks: fc.array(anyTaskScript, { minLength: tasks, maxLength: tasks }),
  main: anyScript,
  events: fc.array(anyScript, { maxLength: 2 }),
});
