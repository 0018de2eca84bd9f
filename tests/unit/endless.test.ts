// A loop that logs something each time round: outcomes without end, of which the first are listed.

import { expect, test } from "vitest";
import { checkedScenarios } from "../../src/scenario/book.ts";
import { parseRevision } from "../../src/scenario/revision.ts";
import { type Result, verify } from "../../src/scenario/verify.ts";
import { showOutcome } from "../../src/scheduler/outcome.ts";

const text = `
scenario "every round is logged"
component A {
  var flag = 0
  export spin: async func() stackful {
    while flag == 0 {
      log "round"
      thread.yield
    }
    log "seen"
    task.return
  }
  export set: func() { flag = 1 }
}
run A.spin
run A.set
always ok
sometimes log = ["seen"]
never log contains "lost"
`;

function explored(): Result {
  const [scenario] = checkedScenarios(text, "test.scn");
  if (scenario === undefined) throw new Error("no scenario");
  return verify(scenario, parseRevision("d1daf829"));
}

test("the number of schedules and the probability of the first outcomes are exact", () => {
  const found = explored().outcomes.map(({ outcome, schedules, probability }) => {
    return [showOutcome(outcome), schedules, probability];
  });
  // Either may be first. After a round: block or go on; where it blocked, either may be next.
  const two = (1 / 2) * ((1 / 2) * (1 / 2) + (1 / 2) * (1 / 2) * (1 / 2)) * (1 / 2);
  expect(found).toContainEqual(["[seen]", 1n, 1 / 2]);
  expect(found).toContainEqual(["[round, seen]", 1n, (1 / 2) * (1 / 2) * (1 / 2)]);
  expect(found).toContainEqual(["[round, round, seen]", 2n, two]);
  expect(found).toContainEqual(["[round, round, round, seen]", 4n, expect.closeTo(two * 0.75, 12)]);
});

test("claims about all outcomes stay open, what was seen is proved", () => {
  const { verdict, coverage, outcomesComplete, checks } = explored();
  expect({ verdict, coverage, outcomesComplete }).toEqual({
    verdict: "bounded",
    coverage: { tag: "all" },
    outcomesComplete: false,
  });
  expect(checks.map((c) => c.verdict)).toEqual(["bounded", "proved", "bounded"]);
});
