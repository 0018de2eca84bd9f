// Claims that could not have failed are told from claims worth making.

import { describe, expect, test } from "vitest";
import { checkedScenarios } from "../../src/scenario/book.ts";
import type { Judged } from "../../src/scenario/judge.ts";
import { parseRevision } from "../../src/scenario/revision.ts";
import { verify } from "../../src/scenario/verify.ts";

function judged(claim: string, logged = "1"): Judged {
  const text = `
scenario "two runs log what they see"
component A {
  export f: func(n: u32) { log ${logged} }
  export g: func() { log "saw {waitable-set.new}" }
}
run A.f(1) as one
run A.g as two
${claim}
`;
  const [scenario] = checkedScenarios(text, "test.scn");
  if (scenario === undefined) throw new Error("no scenario");
  const [check] = verify(scenario, parseRevision("d1daf829")).checks;
  if (check === undefined) throw new Error("no check");
  return check;
}

describe("a never that could not have failed is vacuous", () => {
  test.each([
    ['never log contains "lost"', "no `log` of this scenario prints lost"],
    ['never log = [1, "lost"]', "no `log` of this scenario prints lost"],
    ['never "lost" before 1', "no `log` of this scenario prints lost"],
    ['never ["lost"] stuck one', "no `log` of this scenario prints lost"],
    ["never traps stream.read.not-idle", "nothing in this scenario calls stream.read"],
    ["never [1] traps stream.read.not-idle", "nothing in this scenario calls stream.read"],
    ['never (log contains "a" or log contains "b")', "no `log` of this scenario prints a"],
    ['never (stuck and log contains "lost")', "no `log` of this scenario prints lost"],
    [
      "never (stuck and traps)",
      "every outcome lacks at least two of the conditions that are joined by `and`",
    ],
  ])("%s", (claim, why) => {
    expect(judged(claim)).toMatchObject({ verdict: "vacuous", why });
  });

  test("a number that is not logged anywhere is within reach of a log of a variable", () => {
    expect(judged("never log contains 7")).toMatchObject({ verdict: "vacuous" });
    expect(judged("never log contains 7", "n")).toMatchObject({ verdict: "proved", why: null });
  });
});

describe("a never within reach is a claim", () => {
  test.each([
    'never "saw 1" before "saw 1"',
    'never log contains "saw 7"',
    "never stuck",
    "never traps",
    "never traps waitable-set.new.may-not-leave",
    "never leaks thread",
    'never (log contains 1 and log contains "saw 7")',
    'never (log contains "a" or log contains "saw 7")',
  ])("%s", (claim) => {
    expect(judged(claim)).toMatchObject({ verdict: "proved", why: null });
  });

  test("what happens is violated, not vacuous", () => {
    expect(judged("never log contains 1")).toMatchObject({ verdict: "violated", why: null });
  });

  test("other quantifiers are never vacuous", () => {
    expect(judged('always not log contains "lost"')).toMatchObject({ verdict: "proved" });
  });
});
