// Matchers and assertions: what passes, what fails, and what is said; in vitest's `expect` and in Jest's.

import { readFileSync } from "node:fs";
import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { expect as jestExpect } from "expect";
import { beforeAll, describe, expect, test } from "vitest";
import {
  AssertionError,
  assertAllows,
  assertAllowsExactly,
  assertAllowsOnly,
  assertDoesNotAllow,
  assertTraceAllowed,
} from "../../src/assert.ts";
import { matchers } from "../../src/matchers.ts";
import { outcomesOf } from "../../src/oracle/outcomes/outcomes-of.ts";
import "../../src/vitest.ts";
import { yields } from "./yields.ts";

const goesOn = '["in", "out", RETURNED]';
const blocks = '["in", STARTED, "out"]';
const outcomes = outcomesOf(yields);
const cut = outcomesOf(yields, { maxDeviations: 0 });

/** Only the log: what core code and the ABI say to each other is left out. */
const header = {
  format: "canon-async trace",
  version: 1,
  omits: ["enter", "leave", "call", "return", "invoke"],
};
const traceOf = (...lines: readonly string[]) =>
  [header, ...lines.map((line) => ({ event: "log", line }))]
    .map((line) => JSON.stringify(line))
    .join("\n");

/** Nothing but that it ended: all of the run lies before the first event. */
const ended = [
  { ...header, omits: [...header.omits, "log"] },
  { event: "end", waiting: [] },
]
  .map((line) => JSON.stringify(line))
  .join("\n");
const fewSteps = { maxSteps: 1 };

/** What a failing assertion says. */
function said(claim: () => void): string {
  try {
    claim();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "";
}

beforeAll(() => jestExpect.extend({ ...matchers }));

describe("matchers", () => {
  test("take no pattern of another kind", () => {
    const wrong: unknown = /in/;
    expect(() => expect(outcomes).toAllow(wrong as string)).toThrow(
      new TypeError("an outcome is named by a condition, by its log, or by a function"),
    );
  });

  test("have functions of the host that nobody provides answer as the trace says", async () => {
    const text = readFileSync("tests/oracle/components/host-calls.wat", "utf8");
    const trace = readFileSync("tests/oracle/jco/host-calls.one-at-once.jsonl", "utf8");
    expect(trace).toBeAllowedBy({ bytes: await parse(text) });
  });

  test("hold of what is allowed, and behind not of what is not", () => {
    expect(outcomes).toAllow(goesOn);
    expect(outcomes).not.toAllow('["in", "out", STARTED]');
    expect(outcomes).toAllowOnly('log contains "in" and ok');
    expect(outcomes).not.toAllowOnly('"in" before "out" and log contains RETURNED');
    expect(outcomes).toAllowExactly(goesOn, blocks);
    expect(outcomes).not.toAllowExactly(goesOn);
    expect(traceOf("in", "out")).toBeAllowedBy(yields);
    expect(traceOf("out")).not.toBeAllowedBy(yields);
  });

  test("fail otherwise, and say what is allowed, by which schedule, and what is nearest", () => {
    expect(said(() => expect(outcomes).toAllow('["in", "out"]'))).toBe(
      [
        'expected "YIELD-1 a yield" under d1daf829 to allow ["in", "out"]',
        "allowed (2):",
        `  ${blocks}  by schedule default`,
        `  ${goesOn}  by schedule go-on B.f#1`,
        "the nearest, by schedule default:",
        "    in",
        "  + STARTED",
        "    out",
        "    end ok",
      ].join("\n"),
    );
    expect(said(() => expect(outcomes).not.toAllow(goesOn))).toBe(
      [
        `expected "YIELD-1 a yield" under d1daf829 not to allow ${goesOn}`,
        "it does (1):",
        `  ${goesOn}  by schedule go-on B.f#1`,
      ].join("\n"),
    );
    expect(said(() => expect(outcomes).toAllowOnly(goesOn))).toContain(
      `also allowed (1):\n  ${blocks}  by schedule default`,
    );
    expect(said(() => expect(outcomes).toAllowExactly(goesOn, '["in", "out"]'))).toContain(
      `not allowed: ["in", "out"]\nallowed beside these (1):\n  ${blocks}`,
    );
  });

  test("fail either way where the search was cut off before it could tell", () => {
    const open = "not searched to the end: up to 0 deviations";
    expect(said(() => expect(cut).toAllow(goesOn))).toContain(open);
    expect(said(() => expect(cut).not.toAllow(goesOn))).toContain(open);
    expect(said(() => expect(cut).toAllowOnly(blocks))).toContain(open);
    expect(said(() => expect(cut).not.toAllowOnly(blocks))).toContain(open);
    expect(said(() => expect(cut).toAllowExactly(blocks))).toContain(open);
    expect(said(() => expect(cut).not.toAllowExactly(blocks))).toContain(open);
    // what was found is certain
    expect(cut).toAllow(blocks);
    expect(cut).not.toAllowOnly(goesOn);
  });

  test("fail either way where a bound of judging was reached", () => {
    const open =
      /under d1daf829: unknown: 1 steps of the model were tried .* \(0 events are explained\)/;
    expect(ended).toBeAllowedBy(yields);
    expect(said(() => expect(ended).toBeAllowedBy(yields, fewSteps))).toMatch(open);
    expect(said(() => expect(ended).not.toBeAllowedBy(yields, fewSteps))).toMatch(open);
  });

  test("fail behind not where the outcome never could have been", () => {
    // the only line is 1: the claim would hold whatever the specification said
    const one = outcomesOf('scenario "x"\ncomponent A { export f: func() { log 1 } }\nrun A.f\n');
    expect(said(() => expect(one).not.toAllow("[2]"))).toContain(
      "it never could: no `log` of this scenario prints 2",
    );
    expect(said(() => expect(outcomes).not.toAllow("traps stream.read.not-idle"))).toContain(
      "it never could: nothing in this scenario calls stream.read",
    );
  });

  test("say where a trace goes wrong, and what is allowed there", () => {
    const text = said(() => expect(traceOf("in", "RETURNED")).toBeAllowedBy(yields));
    expect(text).toContain('expected the trace to be allowed by "YIELD-1 a yield"');
    expect(text).toContain("under d1daf829: not allowed");
    expect(text).toContain("under 6d28164: not allowed");
    expect(text).toContain('not allowed: event 2: {"event":"log","line":"RETURNED"}');
    expect(text).toMatch(/after 1 events, what is allowed:\n(?: {4}.*\n)* {4}.*"line":"out"/);
    const one = said(() => {
      expect(traceOf("out")).toBeAllowedBy(yields, { revision: "d1daf829" });
    });
    expect(one).not.toContain("6d28164");
  });

  test("are errors about anything else", () => {
    expect(() => expect([]).toAllow("ok")).toThrow("for what outcomesOf gives");
    expect(() => expect(outcomes).toBeAllowedBy(yields)).toThrow("for a recorded trace");
    expect(() => expect(outcomes).toAllow("oks")).toThrow("expected");
    expect(() => expect("{}").toBeAllowedBy(yields)).toThrow();
  });

  test("are the same in Jest's expect", () => {
    jestExpect(outcomes).toAllow(goesOn);
    jestExpect(outcomes).not.toAllow('["in", "out", STARTED]');
    jestExpect(traceOf("in", "out")).toBeAllowedBy(yields);
    expect(said(() => jestExpect(outcomes).not.toAllow(goesOn))).toContain("not to allow");
    expect(said(() => jestExpect(cut).not.toAllow(goesOn))).toContain("not searched to the end");
  });
});

describe("assertions", () => {
  test("hold of what is allowed", () => {
    assertAllows(outcomes, goesOn);
    assertDoesNotAllow(outcomes, '["in", "out", STARTED]');
    assertAllowsOnly(outcomes, "ok");
    assertAllowsExactly(outcomes, goesOn, blocks);
    assertTraceAllowed(yields, traceOf("in"));
  });

  test.each([
    ["assertAllows", () => assertAllows(outcomes, '["in"]')],
    ["assertDoesNotAllow", () => assertDoesNotAllow(outcomes, goesOn)],
    ["assertAllowsOnly", () => assertAllowsOnly(outcomes, goesOn)],
    ["assertAllowsExactly", () => assertAllowsExactly(outcomes, goesOn)],
    ["assertAllows", () => assertAllows(cut, goesOn)],
    ["assertDoesNotAllow", () => assertDoesNotAllow(cut, goesOn)],
    ["assertTraceAllowed", () => assertTraceAllowed(yields, traceOf("out"))],
    ["assertTraceAllowed", () => assertTraceAllowed(yields, ended, fewSteps)],
  ])("%s throws what node:test shows as a difference", (operator, claim) => {
    expect(claim).toThrow(AssertionError);
    expect(claim).toThrow(
      expect.objectContaining({ name: "AssertionError", code: "ERR_ASSERTION", operator }),
    );
  });

  test("have what was expected and what there is, in the same order", () => {
    const claim = () => assertAllowsExactly(outcomes, goesOn, '["in"]');
    expect(claim).toThrow(
      expect.objectContaining({ expected: [goesOn, '["in"]'], actual: [goesOn, blocks] }),
    );
  });
});
