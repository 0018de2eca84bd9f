// Laws of the designs: where two of them cannot be told apart, and that they can be elsewhere.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkedScenarios } from "../../src/scenario/book.ts";
import { select } from "../../src/scenario/revision.ts";
import { verify } from "../../src/scenario/verify.ts";
import { showOutcome } from "../../src/scheduler/outcome.ts";
import {
  type Act,
  consumingPrograms,
  draining,
  drainingPrograms,
  dropping,
  feeding,
  feedingPrograms,
  hosts,
  listeningPrograms,
  type Program,
  type Target,
} from "./arbitraries/designs.ts";
import { runs } from "./laws.ts";

/** Everything that can happen, as texts. */
function outcomes(text: string, variant: string): readonly string[] {
  const [scenario] = checkedScenarios(text, "program.scn");
  if (scenario === undefined) throw new Error("no scenario");
  const revision = select("d1daf829", [], [], [{ name: "variant", value: variant }]);
  const found = verify(scenario, revision);
  expect(found.coverage.tag).toBe("all");
  expect(found.findings).toEqual([]);
  return [...new Set(found.outcomes.map(({ outcome }) => showOutcome(outcome)))].sort();
}

/** The handle goes last, and only if the program has heard the result. */
function keeping({ kind, acts }: Program<Target>): Program<Target> {
  const drop: readonly Act[] = acts.includes("await") ? ["drop"] : [];
  return { kind, acts: [...acts, ...drop] };
}

const anywhere = fc.nat(6);

describe("programs that write", () => {
  test("show the same with a result around the future as without", () => {
    fc.assert(
      fc.property(feedingPrograms, anywhere, hosts, (program, at, host) => {
        const whole = dropping(program, at);
        const v2 = outcomes(feeding(whole, "V2", host), "V2");
        expect(outcomes(feeding(whole, "V3", host), "V3")).toEqual(v2);
        expect(outcomes(feeding(whole, "V3", host), "V3-pinned")).toEqual(v2);
      }),
      runs(25),
    );
  });

  test("show the same wherever the handle is dropped", () => {
    fc.assert(
      fc.property(feedingPrograms, anywhere, hosts, (program, at, host) => {
        const kept = outcomes(feeding(program, "V2", host), "V2");
        expect(outcomes(feeding(dropping(program, at), "V2", host), "V2")).toEqual(kept);
      }),
      runs(25),
    );
  });

  test("show the same with an async function if they close last and never cancel", () => {
    fc.assert(
      fc.property(feedingPrograms, hosts, (program, host) => {
        const v2 = outcomes(feeding(keeping(program), "V2", host), "V2");
        expect(outcomes(feeding(keeping(program), "V1", host), "V1")).toEqual(v2);
      }),
      runs(25),
    );
  });

  test("show the same where closing ends operations if they close last", () => {
    fc.assert(
      fc.property(feedingPrograms, hosts, (program, host) => {
        const v2 = outcomes(feeding(keeping(program), "V2", host), "V2");
        expect(outcomes(feeding(keeping(program), "V2", host), "V4")).toEqual(v2);
        expect(outcomes(feeding(keeping(program), "V2", host), "V4-soft")).toEqual(v2);
      }),
      runs(25),
    );
  });

  test("show the same with a function that uses up the handle as if they closed it at once", () => {
    fc.assert(
      fc.property(consumingPrograms, hosts, (program, host) => {
        const v2 = outcomes(feeding(dropping(program, 0), "V2", host), "V2");
        expect(outcomes(feeding(program, "V5", host), "V5")).toEqual(v2);
      }),
      runs(25),
    );
  });
});

describe("programs that read", () => {
  test("show the same wherever the handle is dropped", () => {
    fc.assert(
      fc.property(
        fc.oneof(drainingPrograms, listeningPrograms),
        anywhere,
        hosts,
        (program, at, host) => {
          const kept = outcomes(draining(program, "V2", host), "V2");
          expect(outcomes(draining(dropping(program, at), "V2", host), "V2")).toEqual(kept);
        },
      ),
      runs(30),
    );
  });

  test("show the same with a function that uses up the handle as if they closed it at once", () => {
    const sources = fc.oneof(drainingPrograms, listeningPrograms);
    const consumable = sources.filter(({ kind }) => kind !== "receiver");
    fc.assert(
      fc.property(consumable, hosts, (program, host) => {
        const v2 = outcomes(draining(dropping(program, 0), "V2", host), "V2");
        expect(outcomes(draining(program, "V5", host), "V5")).toEqual(v2);
      }),
      runs(20),
    );
  });
});

describe("the laws can fail", () => {
  const program: Program<Target> = { kind: "file", acts: ["copy", "close", "await"] };
  const early = dropping(program, 0);

  test("a cancelled call is told, and there is nothing like it for a future", () => {
    const text = feeding({ kind: "file", acts: ["copy"] }, "V1");
    const cancelling = text.replace(
      "    task.return",
      "    log subtask.cancel call\n    task.return",
    );
    expect(outcomes(cancelling, "V1")).toEqual(["[wrote COMPLETED|2, CANCELLED_BEFORE_RETURNED]"]);
  });

  test("a handle that is dropped early tells V1, V2 and V4 apart", () => {
    expect(outcomes(feeding(program, "V2"), "V2")).toEqual(["[wrote COMPLETED|2, result ok]"]);
    expect(outcomes(feeding(early, "V2"), "V2")).toEqual(["[wrote COMPLETED|2, result ok]"]);
    expect(outcomes(feeding(early, "V1"), "V1")).toEqual(["[] traps resource.drop.lent"]);
    expect(outcomes(feeding(early, "V2"), "V4")).toEqual([
      "[wrote DROPPED|0, result error(bad-descriptor)]",
    ]);
  });
});
