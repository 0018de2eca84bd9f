// How the list of divergences explains failures of the official suites, and the words for traps.

import { describe, expect, test } from "vitest";
import type { ScriptResult } from "../../src/wast/run.ts";
import { tallyOf } from "../../src/wast/tally.ts";
import { fitsDeadlock, fitsTrap } from "../../src/wast/trap-words.ts";
import { failed, type Judged, oneSchedule, passed, skipped } from "../../src/wast/verdict.ts";
import { type Row, readDivergences, unexplained } from "../conformance/suite.ts";
import { suiteTable } from "../conformance/table.ts";

const list = `# Divergences

### D-one

**Evidence.** \`x.wast:12, 34 and
56\` at a revision, and \`y.wast:7\`.

### D-two

Nothing of the suite: \`z.wast\` is named without a line.
`;

describe("the list of divergences", () => {
  test("names assertions by file and line", () => {
    expect([...readDivergences(list)]).toEqual([
      ["x.wast:12", "D-one"],
      ["x.wast:34", "D-one"],
      ["x.wast:56", "D-one"],
      ["y.wast:7", "D-one"],
    ]);
  });
});

function judged(line: number, verdict: Judged["verdict"], assertion = true): Judged {
  return {
    place: { line, column: 1 },
    assertion,
    what: "assert_return",
    verdict,
    scope: oneSchedule,
  };
}

const result: ScriptResult = {
  file: "a/x.wast",
  complete: true,
  judged: [
    judged(1, passed, false),
    judged(12, failed("1", "2")),
    judged(13, failed("3", "nothing", null, { line: 12, column: 1 })),
    judged(14, failed("4", "5")),
    judged(15, passed),
    judged(16, skipped("why")),
    judged(17, skipped("why"), false),
  ],
};

describe("a tally", () => {
  test("counts assertions, and of other commands what did not work", () => {
    expect(tallyOf([result])).toEqual({
      assertions: 5,
      passed: 1,
      byAssembler: 0,
      failed: 3,
      skipped: 2,
      dependent: 0,
      bounded: 0,
      reasons: [["why", 2]],
    });
  });
});

describe("the table", () => {
  test("tells failures that stand on the list from others", () => {
    const row: Row = {
      path: "a/x.wast",
      result,
      tally: tallyOf([result]),
      explained: new Map([
        [12, "D-one"],
        [13, "D-one"],
      ]),
      outdated: [15],
    };
    expect(unexplained(row)).toBe(1);
    const text = suiteTable({ title: "T", rows: [row], invalid: [], complete: true });
    expect(text).toContain("| a/x.wast | 5 | 1 | 1; 2 on the list: D-one | 2 | 2: why | 0 |");
    expect(text).toContain("- a/x.wast:15: stands in spec/divergences.md, and does not fail\n");
    expect(text).toContain("- a/x.wast:14: assert_return: expected 4, got 5\n");
  });
});

describe("the words for traps", () => {
  test("are compared without numbers and the engine's prefix, as a part", () => {
    expect(
      fitsTrap("guest.unreachable", "wasm trap: wasm `unreachable` instruction executed"),
    ).toBe(true);
    expect(fitsTrap("guest.unreachable", "unreachable")).toBe(true);
    expect(fitsTrap("table.no-such-index", "unknown handle index 5")).toBe(true);
    expect(fitsTrap("guest.uninitialized-element", "uninitialized element 2")).toBe(true);
    expect(fitsTrap("load-string.invalid", "invalid utf-8")).toBe(true);
  });
  test("of another trap do not fit", () => {
    expect(fitsTrap("guest.unreachable", "integer overflow")).toBe(false);
    expect(fitsTrap("stream.read.not-idle", "cannot drop busy stream")).toBe(false);
    expect(fitsTrap("no.such-code", "unreachable")).toBe(false);
  });
  test("a run in which nothing moves is a deadlock", () => {
    expect(fitsDeadlock("wasm trap: deadlock detected")).toBe(true);
    expect(fitsDeadlock("unreachable")).toBe(false);
  });
});
