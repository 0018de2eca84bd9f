// Functions of the host that the model does not know, in the machine: when they return, and what cancelling does.

import { describe, expect, it } from "vitest";
import type { Value } from "../../src/model/values.ts";
import type { HostAnswer, HostSide } from "../../src/oracle/recorded-imports.ts";
import { outcomeOf, showOutcome } from "../../src/scheduler/outcome.ts";
import { defaultPolicy, type Policy, run } from "../../src/scheduler/run.ts";
import { outcomes } from "../unit/component-run-harness.ts";
import {
  race,
  recordedScenario,
  recordedSystem,
  takesStream,
  withHost,
} from "./host-functions-harness.ts";

const returned = (value: Value | null): HostAnswer => ({ tag: "returned", value });

/** A host that answers each call so; a call that may be cancelled is, if `cancels`. */
function host(answer: HostAnswer, cancels = false): HostSide {
  return {
    call: () => {},
    return: (_c, _func, mayCancel) => (cancels && mayCancel ? { tag: "cancelled" } : answer),
  };
}

const revisions = ["6d28164", "d1daf829"] as const;

async function under(
  revision: string,
  call: string,
  side: HostSide,
  component?: string,
): Promise<readonly string[]> {
  const scenario = await recordedScenario([call], component);
  return outcomes(withHost(recordedSystem(scenario, revision), side));
}

describe.each(revisions)(
  "under %s a function of the host whose calls somebody else ends",
  (rev) => {
    it("gives a call that waits its result", async () => {
      expect(await under(rev, "one(3)", host(returned(7)))).toEqual(["[one = 7]"]);
    });

    it("returns at once or later, and of two calls either may return first", async () => {
      // 0: at least one of them was not started but over, as a call that returns at once is
      const order = [1, 2].map((first) => `[both = ${777 - 7 + first}]`);
      expect(await under(rev, "both()", host(returned(7)))).toEqual(["[both = 0]", ...order]);
    });

    it("is cancelled or returns when its caller asks to cancel: at once or later, as it likes", async () => {
      // RETURNED is 2, CANCELLED_BEFORE_RETURNED is 4, 99: it returned before anybody could ask. An engine may also
      // cancel what the function would have gone on with, so that it does not matter what the function would do
      for (const cancels of [true, false]) {
        const side = host(returned(7), cancels);
        expect(await under(rev, "stop()", side)).toEqual([
          "[stop = 2]",
          "[stop = 4]",
          "[stop = 99]",
        ]);
        expect(await under(rev, "ask-to-stop()", side)).toEqual([
          "[ask-to-stop = 200]",
          "[ask-to-stop = 2]",
          "[ask-to-stop = 400]",
          "[ask-to-stop = 4]",
          "[ask-to-stop = 99]",
        ]);
      }
    });

    it("that never returns can be given up when its caller asks to cancel", async () => {
      expect(await under(rev, "stop()", host({ tag: "never" }))).toEqual([
        "[] stuck stop",
        "[stop = 4]",
      ]);
    });

    it("may never return, and the caller waits for ever", async () => {
      expect(await under(rev, "one(3)", host({ tag: "never" }))).toEqual(["[] stuck one"]);
    });

    it("may take so long that a clock which nobody else holds up is first", async () => {
      expect(await under(rev, "race()", host(returned(null)), race)).toEqual([
        "[race = 0]",
        "[race = 1]",
        "[race = 2]",
      ]);
    });

    it("lets a clock go first in a single run too", async () => {
      const scenario = await recordedScenario(["race()"], race);
      const system = withHost(recordedSystem(scenario, rev), host(returned(null)));
      // each time the last of what is possible: to wait rather than to return, and the clock rather than the host
      const last: Policy = (enabled) => enabled.at(-1) ?? defaultPolicy(enabled);
      expect(showOutcome(outcomeOf(run(system, last).store))).toBe("[race = 2]");
    });

    it("of which nobody knows when it returned may have done so whenever it likes", async () => {
      const all = ["[race = 0]", "[race = 1]", "[race = 2]"];
      expect(await under(rev, "race()", host({ tag: "unrecorded" }), race)).toEqual(all);
      // without its result the run cannot go on: that is a bound of what is known, and no trap
      expect(await under(rev, "one(3)", host({ tag: "unrecorded" }))).toEqual([
        "[] limit a call of slow: nobody recorded its result",
      ]);
    });

    it("may end the run with a trap", async () => {
      expect(await under(rev, "one(3)", host({ tag: "trapped" }))).toEqual([
        "[] traps guest.throw",
      ]);
    });

    it("returns before anything else happens if it is not async", async () => {
      const some: Value = { tag: "case", label: "some", value: 9 };
      expect(await under(rev, "look()", host(returned(some)))).toEqual(["[look = 265]"]);
    });
  },
);

describe("a function of the host that nobody provides", () => {
  it("traps, if nobody speaks for it, as it does where unknown imports are to trap", async () => {
    const system = recordedSystem(await recordedScenario(["one(3)"]));
    expect(outcomes(system)).toEqual(["[unknown import slow] traps host.unknown-import"]);
  });

  it("may be imported though WAVE cannot write what it takes, but not be called", async () => {
    const side = host(returned(null));
    const call = async (name: string): Promise<readonly string[]> => {
      const scenario = await recordedScenario([name], takesStream);
      return outcomes(withHost(recordedSystem(scenario), side));
    };
    expect(await call("g()")).toEqual(["[g]"]);
    expect(await call("f()")).toEqual([
      "[] limit a call of take: WAVE cannot write what it takes or gives",
    ]);
  });
});
