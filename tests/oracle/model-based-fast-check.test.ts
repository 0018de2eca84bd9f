// Model-based testing: programs as values of fast-check, its commands, and its scheduler. See spec/15.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ForgetsProgress } from "../../examples/streams/faults.ts";
import { builtins, Streams } from "../../examples/streams/streams.ts";
import {
  builtinCommands,
  commandSetup,
  type Make,
  NotAllowed,
  type Program,
  programs,
  runProgram,
  takingTurns,
} from "../../src/model-based.ts";
import { callsOf, printProgram } from "../../src/oracle/model-based/program.ts";
import { simplerPrograms } from "../../src/oracle/model-based/simplify.ts";
import { Gate } from "./model-based-harness.ts";

describe("fast-check", () => {
  const commandOptions = { builtins };
  const run = async (make: Make, numRuns: number): Promise<string | null> => {
    const drawn = fc.commands([...builtinCommands(commandOptions)], { size: "+1" });
    const property = fc.asyncProperty(drawn, async (commands) => {
      await fc.asyncModelRun(commandSetup(make, commandOptions), commands);
    });
    const { failed, counterexample, errorInstance } = await fc.check(property, {
      seed: 1,
      numRuns,
    });
    if (!failed) return null;
    expect(errorInstance).toBeInstanceOf(NotAllowed);
    return String(counterexample?.[0]).replace(/ \/\*.*$/, "");
  };

  test("commands pass with an implementation that is right", async () => {
    expect(await run((made) => new Streams(made), 300)).toBe(null);
  });

  test("commands find a fault, and shrink", async () => {
    expect(await run((made) => new ForgetsProgress(made), 1000)).toBe(
      "s1 = stream.new,async stream.read s1.readable 0 1,async stream.write s1.writable 0 1,async stream.cancel-read s1.readable",
    );
  });

  test("its scheduler decides who goes on", async () => {
    const program: Program = {
      first: [],
      threads: [[{ builtin: "thread.yield", args: [] }], [{ builtin: "thread.yield", args: [] }]],
    };
    const orders = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const choose = takingTurns(scheduler);
        const { events } = await runProgram((made) => new Gate(made), program, { choose });
        orders.add(
          events
            .map(({ event, thread }) => (event === "enter" || event === "leave" ? thread : ""))
            .join(""),
        );
      }),
      { seed: 7, numRuns: 100 },
    );
    // two threads that begin and end, in each order in which one that yields may be overtaken
    expect([...orders].toSorted()).toEqual([
      "t1t1t2t2",
      "t1t2t1t2",
      "t1t2t2t1",
      "t2t1t1t2",
      "t2t1t2t1",
      "t2t2t1t1",
    ]);
  });

  test("programs are of all kinds, and mostly sensible", async () => {
    const seen = new Map<string, number>();
    const count = (kind: string): void => {
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
    };
    for (const program of fc.sample(programs({ builtins }), { seed: 7, numRuns: 300 })) {
      const buffers = callsOf(program).flatMap(({ args }) => {
        const [end, at, length] = args;
        if (typeof end === "number") count("a number for a handle");
        return typeof at === "number" && typeof length === "number" ? [{ at, length }] : [];
      });
      if (buffers.some(({ length }) => length === 0)) count("a buffer without elements");
      if (buffers.some(({ length }) => length === 2 ** 28)) count("a buffer that is too long");
      if (buffers.some(({ at }) => at > 64)) count("a buffer behind the others");
      const { events } = await runProgram((made) => new Streams(made), program);
      const last = events.at(-1);
      if (last?.event === "trap") count("ends with a trap");
      if (last?.event === "end") count(last.waiting?.length === 0 ? "ends" : "ends blocked");
      for (const event of events) {
        if (event.event !== "return" || !/wait|poll/.test(event.func ?? "")) continue;
        if (event.results?.[0] === 2 || event.results?.[0] === 3) count("an event");
      }
    }
    const few = [
      "a number for a handle",
      "a buffer that is too long",
      "a buffer behind the others",
    ];
    for (const kind of few) expect(seen.get(kind) ?? 0, kind).toBeGreaterThan(3);
    expect(seen.get("a buffer without elements")).toBeGreaterThan(60);
    // a program that traps early shows little, one that never traps leaves out what is refused
    expect(seen.get("ends with a trap")).toBeGreaterThan(30);
    expect(seen.get("ends with a trap")).toBeLessThan(100);
    expect(seen.get("ends blocked")).toBeGreaterThan(20);
    expect(seen.get("ends")).toBeGreaterThan(150);
    expect(seen.get("an event")).toBeGreaterThan(50);
  });

  test("programs get simpler in every step, and stay programs", () => {
    const isProgram = (program: Program): boolean => {
      const { first } = program;
      let base = 0;
      return [first, ...program.threads].every((body) => {
        const from = base;
        base += body.length;
        return body.every(({ args }, i) =>
          args.every((arg) => {
            if (typeof arg === "number") return true;
            const known = arg.call < first.length || (arg.call >= from && arg.call < from + i);
            return known && callsOf(program)[arg.call]?.builtin.endsWith(".new");
          }),
        );
      });
    };
    fc.assert(
      fc.property(programs({ threads: 3 }), (program) => {
        expect(isProgram(program)).toBe(true);
        for (const simpler of simplerPrograms(program, [null, "u8", "u32"])) {
          expect(isProgram(simpler)).toBe(true);
          expect(callsOf(simpler).length).toBeLessThanOrEqual(callsOf(program).length);
          expect(printProgram(simpler)).not.toBe(printProgram(program));
        }
      }),
      { seed: 7, numRuns: 100 },
    );
  });
});
