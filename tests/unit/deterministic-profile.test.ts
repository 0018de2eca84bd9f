// The deterministic profile closes three coins: going on at a wait, messages, and deferred cancels.

import { expect, test } from "vitest";
import { profiles } from "../../src/model/profiles.ts";
import { exploreText } from "./scenario-harness.ts";

const profile = profiles.deterministic;

const yields = `scenario "t"
component A {
  export f: async func(i: u8) stackful { log "{i} in"; thread.yield; log "{i} out"; task.return }
}
run A.f(1) as x
run A.f(2) as y
`;

const message = `scenario "t"
component A {
  export f: func() { log error-context.debug-message (error-context.new "hi") }
}
run A.f as x
`;

const cancel = (policy: string): string => `scenario "t"
component A {
  import host
  export f: async func() sync {
    let r, w = stream.new
    host.take(r)
    async stream.write w "ab"
    log async stream.cancel-write w
  }
}
host {
  cancels copies ${policy}
  func take: func(s: stream<u8>) { }
}
run A.f as x
`;

test("a thread whose condition holds blocks all the same", () => {
  const { offered, outcomes } = exploreText(yields, { profile });
  expect(offered).toEqual(["resume A.f", "resume A.f#2", "resume x", "resume y"]);
  expect(outcomes).toContain("[1 in, 1 out, 2 in, 2 out]  by default");
  expect(exploreText(yields).offered).toContain("go-on A.f");
});

test("an error context has no message", () => {
  expect(exploreText(message, { profile })).toMatchObject({
    offered: [],
    outcomes: ["[]  by default"],
  });
  expect(exploreText(message).outcomes).toHaveLength(2);
});

test("a cancelled copy is answered at once, whatever the host would do", () => {
  for (const policy of ["at once", "later", "either"]) {
    const { offered, outcomes } = exploreText(cancel(policy), { profile });
    expect(offered).toEqual([]);
    expect(outcomes).toEqual(["[CANCELLED|0]  by default"]);
  }
  expect(exploreText(cancel("either")).outcomes).toHaveLength(2);
});

test("the order of threads stays open", () => {
  const { outcomes } = exploreText(yields, { profile });
  expect(outcomes.map((o) => o.replace(/ {2}by .*/, ""))).toEqual([
    "[1 in, 1 out, 2 in, 2 out]",
    "[1 in, 2 in, 1 out, 2 out]",
    "[1 in, 2 in, 2 out, 1 out]",
    "[2 in, 1 in, 1 out, 2 out]",
    "[2 in, 1 in, 2 out, 1 out]",
    "[2 in, 2 out, 1 in, 1 out]",
  ]);
});
