// `record`: the trace of a run of the model on standard output or in a file, and what is refused.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { exitCodes } from "../../src/cli/io.ts";
import { parseTrace } from "../../src/oracle/format/parse.ts";
import type { TraceEvent } from "../../src/oracle/format/trace.ts";
import { cli, fixtures } from "../unit/cli-harness.ts";

const folder = mkdtempSync(join(tmpdir(), "canon-async-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Whether WebAssembly can wait for promises here, as from Node 24 on. */
const suspends = Reflect.has(Reflect.get(globalThis, "WebAssembly"), "Suspending");

const tour = `${fixtures}/tour.scn`;
const account = "docs/account.wat";
const twice = ["--invoke", "deposit(100)", "--invoke", "deposit(20)"];

async function eventsOf(...argv: readonly string[]): Promise<readonly TraceEvent[]> {
  const { code, out, err } = await cli(["record", ...argv]);
  expect({ code, err }).toEqual({ code: exitCodes.ok, err: "" });
  return parseTrace(out).events;
}

function results(events: readonly TraceEvent[]): readonly (string | null | undefined)[] {
  return events.flatMap((event) => (event.event === "result" ? [event.value] : []));
}

describe("record", () => {
  test("writes a trace of the default run, whose header has the calls", async () => {
    const { code, out } = await cli(["record", account, "--invoke", "deposit(100)"]);
    const { header, events } = parseTrace(out);
    expect(code).toBe(exitCodes.ok);
    expect(header).toEqual({
      format: "canon-async trace",
      version: 1,
      engine: "canon-async",
      calls: ["deposit(100)"],
    });
    // the first call finds a balance of 0
    expect(results(events)).toEqual(["100"]);
    expect(events.at(-1)).toEqual({ event: "end", waiting: [] });
  });

  test("follows a schedule: both calls read the balance before either wrote it", async () => {
    const events = await eventsOf(account, ...twice, "--schedule", "resume deposit(20)#2");
    expect(results(events)).toEqual(["100", "20"]);
  });

  test("takes a seed, and the same seed twice gives the same trace", async () => {
    const [a, b] = [
      await eventsOf(account, ...twice, "--seed", "7"),
      await eventsOf(account, ...twice, "--seed", "7"),
    ];
    expect(a).toEqual(b);
  });

  test("takes a scenario of a file under a revision", async () => {
    const events = await eventsOf(tour, "--only", "TWO-1", "--revision", "6d28164");
    // under that revision the writer never hears that the reader has left
    expect(events.at(-1)).toMatchObject({ event: "end" });
    expect(events.filter(({ event }) => event === "invoke")).toHaveLength(1);
  });

  test("leaves memories out when it is told to", async () => {
    const has = (events: readonly TraceEvent[]): boolean => events.some((e) => "memory" in e);
    expect(has(await eventsOf("README.md"))).toBe(true);
    expect(has(await eventsOf("README.md", "--no-memory"))).toBe(false);
  });

  test("writes a file whole, says what is in it, and how to judge and to replay it", async () => {
    const output = join(folder, "out.jsonl");
    const { code, out, err } = await cli(["record", account, ...twice, "--output", output]);
    expect({ code, err }).toEqual({ code: exitCodes.ok, err: "" });
    const { events } = parseTrace(readFileSync(output, "utf8"));
    expect(out).toContain(`\n  ${events.length} events in `);
    expect(out).toContain(
      "\n  outcome [deposit(100) = 100, deposit(20) = 120]\n  schedule default\n",
    );
    expect(out).toContain("  canon-async replay docs/account.wat --invoke 'deposit(100)'");
    // the header has the calls, so that judging needs no --invoke
    expect(out).toMatch(/ {2}canon-async judge docs\/account\.wat \S*out\.jsonl\n$/);
    expect(readdirSync(folder)).toEqual(["out.jsonl"]);
  });
});

describe("record refuses", () => {
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    [
      "a seed and a schedule",
      [tour, "--seed", "1", "--schedule", "default"],
      "cannot be used with",
    ],
    ["an engine that it does not know", [tour, "--engine", "v8"], "Allowed choices are model, jco"],
    ["several scenarios", [tour], "has several scenarios; say --only ID"],
    ["a call of a scenario", [tour, "--invoke", "f()"], "--invoke is for components"],
    [
      "a call that the component does not have",
      [account, "--invoke", "depos(1)"],
      "did you mean `deposit`?",
    ],
    [
      "a file that it cannot write",
      [account, "--output", "none/out.jsonl"],
      "cannot write none/out.jsonl",
    ],
    [
      "to run a scenario with jco",
      [tour, "--engine", "jco"],
      "jco runs components, and tests/unit/fixtures/tour.scn is none",
    ],
    ["to run jco without a call", [account, "--engine", "jco"], "--engine jco needs --invoke CALL"],
    [
      "an option of the model with jco",
      [account, "--engine", "jco", "--seed", "1"],
      "--seed is for runs of the model, not for --engine jco",
    ],
    [
      "a profile with jco",
      [account, "--engine", "jco", "--profile", "deterministic"],
      "--profile is for runs of the model",
    ],
    [
      "arguments of a program with jco",
      [account, "--engine", "jco", "--arg", "x"],
      "--arg is for runs of the model",
    ],
  ];
  test.each(cases)("%s", async (_, argv, message) => {
    const { code, out, err } = await cli(["record", ...argv]);
    expect(err).toContain(message);
    expect({ code, out }).toEqual({ code: exitCodes.invalid, out: "" });
  });

  test.skipIf(suspends)("jco where JavaScript has no Promise Integration", async () => {
    const { code, err } = await cli([
      "record",
      account,
      "--engine",
      "jco",
      "--invoke",
      "deposit(1)",
    ]);
    expect(err).toContain("--engine jco: jco needs JavaScript Promise Integration");
    expect(code).toBe(exitCodes.invalid);
  });

  test("to pass over a part of a schedule in silence", async () => {
    const { code, err } = await cli([
      "record",
      account,
      "--invoke",
      "deposit(1)",
      "--schedule",
      "resume x#1",
    ]);
    expect(err).toContain('"resume x#1" never applied');
    expect(code).toBe(exitCodes.violated);
  });

  test("to call a run whole that a bound has cut off", async () => {
    const argv = ["record", account, "--invoke", "deposit(1)", "--fuel", "1"];
    const { code, out, err } = await cli(argv);
    expect(parseTrace(out).events.some(({ event }) => event === "end" || event === "trap")).toBe(
      false,
    );
    expect(err).toBe("the run was cut off by a bound: the trace is that of its beginning\n");
    expect(code).toBe(exitCodes.incomplete);
    const output = join(folder, "cut.jsonl");
    expect((await cli([...argv, "--output", output])).out).toContain("  outcome unknown\n");
    expect(existsSync(output)).toBe(true);
  });
});

describe("record --engine jco", () => {
  const jco = "../../src/jco.ts";
  const argv = ["record", account, "--engine", "jco", "--invoke", "deposit(1)"];
  afterEach(() => vi.doUnmock(jco));

  /** Stands in for the engine, which is not everywhere. */
  function engine(recordJco: (...args: readonly unknown[]) => unknown): void {
    vi.doMock(jco, async (original) => ({ ...(await original<object>()), recordJco }));
  }

  test("hands over the bytes and the calls, and writes what it is given", async () => {
    const header = { format: "canon-async trace", version: 1, engine: "jco 1.0" };
    const given: unknown[] = [];
    engine(async (bytes, options) => {
      given.push(bytes instanceof Uint8Array && Array.from(bytes.subarray(0, 4)), options);
      return { header, events: [{ event: "end" }] };
    });
    const { code, out, err } = await cli([...argv, "--no-memory"]);
    // text was assembled: what arrives begins as every binary does
    expect(given).toEqual([[0, 0x61, 0x73, 0x6d], { calls: ["deposit(1)"], memory: false }]);
    expect({ code, err }).toEqual({ code: exitCodes.ok, err: "" });
    expect(out).toBe(`${JSON.stringify(header)}\n{"event":"end"}\n`);
  });

  test("says what is missing", async () => {
    const { EngineError } = await import("../../src/jco.ts");
    engine(async () => {
      throw new EngineError("missing", "npm install @bytecodealliance/jco-transpile");
    });
    const { code, err } = await cli(argv);
    expect(err).toBe("--engine jco: npm install @bytecodealliance/jco-transpile\n");
    expect(code).toBe(exitCodes.invalid);
  });
});
