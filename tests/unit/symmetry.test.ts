// Declared symmetry: fewer states, and still every outcome.

import { describe, expect, test } from "vitest";
import { checkedScenarios } from "../../src/scenario/book.ts";
import { parseRevision } from "../../src/scenario/revision.ts";
import { type Result, verify } from "../../src/scenario/verify.ts";
import { showOutcome } from "../../src/scheduler/outcome.ts";

/** Three calls want one of two permits; whoever comes last is left waiting. */
const permits = `
scenario "three calls and two permits"
component A {
  var left = 2
  export take: async func() stackful {
    thread.yield
    if left > 0 {
      left = left - 1
      log "got one"
      task.return
    } else {
      let ws = waitable-set.new
      waitable-set.wait ws
    }
  }
}
run A.take as one
run A.take as two
run A.take as three
symmetric one, two, three
`;

function explored(text: string, symmetry: boolean): Result {
  const [scenario] = checkedScenarios(text, "test.scn");
  if (scenario === undefined) throw new Error("no scenario");
  return verify(scenario, parseRevision("d1daf829"), { reduce: { symmetry } });
}

function facts({ outcomes }: Result): readonly unknown[] {
  return outcomes
    .map(({ outcome, schedules, probability }) => {
      return [showOutcome(outcome), schedules, Number(probability.toFixed(9))] as const;
    })
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

describe("declared symmetry", () => {
  test("the outcomes, their schedules and probabilities are those of the whole search", () => {
    const [whole, quotient] = [explored(permits, false), explored(permits, true)];
    expect(facts(quotient)).toEqual(facts(whole));
    expect(facts(whole).map((fact) => (fact as readonly unknown[])[0])).toEqual([
      "[got one, got one] stuck one",
      "[got one, got one] stuck three",
      "[got one, got one] stuck two",
    ]);
  });

  test("fewer states are visited", () => {
    expect(explored(permits, true).states).toBeLessThan(explored(permits, false).states / 2);
  });
});
