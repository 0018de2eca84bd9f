// A run of the model as a trace: what is written down, and where it is left off.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fromHex } from "../../src/model/hex.ts";
import { newMemory, writeBytes } from "../../src/model/memory.ts";
import type { Memory } from "../../src/model/store.ts";
import { JudgeError } from "../../src/oracle/errors.ts";
import type { TraceEvent } from "../../src/oracle/format/trace.ts";
import { changedBytes, holds } from "../../src/oracle/memories.ts";
import { recordRun } from "../../src/oracle/record.ts";
import { checkedScenarios } from "../../src/scenario/book.ts";
import { systemOf } from "../../src/scenario/verify.ts";
import { defaultPolicy } from "../../src/scheduler/run.ts";
import {
  cancelledWrite,
  dropsNothing,
  judgedNow,
  newest,
  older,
  readsForever,
  yieldsForever,
} from "./judge-harness.ts";

const cancelled = systemOf(cancelledWrite, newest);

test("results are packed as the revision packs them", () => {
  const cancel = (of: typeof newest): readonly TraceEvent[] => {
    const { events } = recordRun(systemOf(cancelledWrite, of), defaultPolicy);
    return events.filter((e) => e.event === "return" && e.func === "stream.cancel-write");
  };
  // CM#719: CANCELLED with 4 elements, COMPLETED before
  expect(cancel(newest)).toMatchObject([{ results: [66] }]);
  expect(cancel(older)).toMatchObject([{ results: [64] }]);
});

test("each thread has a label of its own, also where its path was another one's", () => {
  const { events } = recordRun(cancelled, defaultPolicy);
  const threads = events.flatMap((e) => (e.event === "enter" ? [[e.func, e.thread]] : []));
  // P.open, P.put and P.stop are each over when the next begins, so that all have one path
  expect(threads).toEqual([
    ["A.run", "t2"],
    ["P.open", "t3"],
    ["P.put", "t4"],
    ["P.stop", "t5"],
  ]);
});

test("memory says what came in while the code did not run", () => {
  const changes = (memory: boolean): readonly unknown[] => {
    const { events } = recordRun(cancelled, defaultPolicy, { memory });
    return events.flatMap((e) => ("memory" in e ? [[e.event, e.memory]] : []));
  };
  // the read took four of the bytes "12345678"
  expect(changes(true)).toEqual([["return", [{ at: 16, bytes: "31323334" }]]]);
  expect(changes(false)).toEqual([]);
});

test("calls name the invocations in the header, and in the events", () => {
  const { header, events } = recordRun(systemOf(readsForever, newest), defaultPolicy, {
    calls: ["run()"],
  });
  expect(header.calls).toEqual(["run()"]);
  expect(events[0]).toMatchObject({ event: "invoke", call: "run()" });
  expect(events.at(-1)).toEqual({ event: "end", waiting: ["run()"] });
  expect(judgedNow(readsForever, events, header).verdict).toBe("allowed");
});

test("a trap is the last event, with its code and its place", () => {
  const { events, outcome } = recordRun(systemOf(dropsNothing, newest), defaultPolicy);
  const code = "table.no-such-index";
  expect(outcome.end).toEqual({ tag: "traps", code });
  expect(events.at(-1)).toEqual({ event: "trap", instance: "E", thread: "t2", code });
});

test("a run that is cut off has no end, and is a prefix", () => {
  const system = systemOf(yieldsForever, newest);
  const { events, header } = recordRun(system, defaultPolicy, { maxChoices: 10 });
  expect(events.some((e) => e.event === "end")).toBe(false);
  expect(judgedNow(yieldsForever, events, header).verdict).toBe("allowed");
});

test("systems of earlier designs are refused", () => {
  const file = "spec/12-proposal-2022.md";
  const scenario = checkedScenarios(readFileSync(file, "utf8"), file).find(({ design }) => design);
  expect(scenario).toBeDefined();
  if (scenario === undefined) return;
  expect(() => recordRun(systemOf(scenario, newest), defaultPolicy)).toThrow(JudgeError);
});

function memoryOf(...writes: readonly (readonly [number, string])[]): Memory {
  const memory = newMemory("i32", 3 * 65_536);
  for (const [at, hex] of writes) writeBytes(memory, at, fromHex(hex));
  return memory;
}

test("changed bytes are ranges, near ones in one, also over pages", () => {
  const before = memoryOf([0, "01020304"]);
  expect(changedBytes(before, before)).toEqual([]);
  expect(changedBytes(before, memoryOf([0, "01ff0304"]))).toEqual([{ at: 1, bytes: "ff" }]);
  // what is seven bytes apart is one range, what is farther two
  expect(changedBytes(memoryOf(), memoryOf([8, "01"], [16, "02"]))).toEqual([
    { at: 8, bytes: "010000000000000002" },
  ]);
  expect(changedBytes(memoryOf(), memoryOf([8, "01"], [17, "02"]))).toEqual([
    { at: 8, bytes: "01" },
    { at: 17, bytes: "02" },
  ]);
  expect(changedBytes(memoryOf(), memoryOf([65_535, "0102"]))).toEqual([
    { at: 65_535, bytes: "0102" },
  ]);
  // what is zero again has changed too
  expect(changedBytes(before, memoryOf())).toEqual([{ at: 0, bytes: "00000000" }]);
});

test("a memory holds what it holds, and nothing behind its end", () => {
  const memory = memoryOf([1022, "0a0b0c"]);
  expect(holds(memory, 1022, fromHex("0a0b0c00"))).toBe(true);
  expect(holds(memory, 1022, fromHex("0a0b0d"))).toBe(false);
  expect(holds(memory, 3 * 65_536 - 1, fromHex("0000"))).toBe(false);
});
