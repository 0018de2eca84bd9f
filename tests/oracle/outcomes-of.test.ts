// Sets of outcomes and the questions that other suites ask about them.

import { readFileSync } from "node:fs";
import { parse as assemble } from "@bytecodealliance/jco-transpile/wasm-tools";
import { describe, expect, test } from "vitest";
import {
  allows,
  allowsExactly,
  allowsOnly,
  explainOutcome,
  NotSearched,
} from "../../src/oracle/outcomes/answers.ts";
import { type OutcomesOptions, outcomesOf } from "../../src/oracle/outcomes/outcomes-of.ts";
import { outcomeText } from "../../src/oracle/outcomes/patterns.ts";
import { checkedScenarios } from "../../src/scenario/book.ts";
import { RevisionError } from "../../src/scenario/revision.ts";

/** A callee that yields may let its caller go on, or not: the first example of chapter 0. */
const yields = `
scenario "YIELD-1 an async call comes back when its callee blocks"
component B {
  export f: async func() -> u32 stackful {
    log "in"
    thread.yield
    log "out"
    task.return 7
  }
}
component A {
  import B
  export run: async func() sync {
    let state, sub, ret = async B.f()
    log "back: {state}"
  }
}
run A.run as main
`;
const goesOn = '["in", "out", "back: RETURNED"]';
const blocks = '["in", "back: STARTED", "out"]';

/** Dropping a handle that nobody has traps under every schedule. */
const traps = `
scenario "TRAP-1 a handle that is not there"
component A {
  export run: func() { log 1; subtask.drop 9 }
}
run A.run as main
`;

/** Waits for an event of an empty set, for ever. */
const waits = `
scenario "STUCK-1 waits for nothing"
component A {
  export run: async func() stackful {
    let ws = waitable-set.new
    waitable-set.wait ws
    task.return
  }
}
run A.run as one
run A.run as two
`;

describe("outcomesOf", () => {
  test("finds what chapter 0 says of its first scenario, from a text or a scenario", () => {
    const set = outcomesOf(yields);
    expect(set.outcomes.map(({ outcome }) => outcomeText(outcome))).toEqual([blocks, goesOn]);
    expect(set.cutOff).toBeNull();
    expect(set.revision.label).toBe("d1daf829");
    const [scenario] = checkedScenarios(yields, "yields.scn");
    expect(outcomesOf(scenario!).outcomes).toEqual(set.outcomes);
  });

  test("takes a component with its calls", async () => {
    // deposit() reads the balance, lets others go on and writes the sum: one alone is sure to return it
    const bytes = await assemble(readFileSync("docs/account.wat", "utf8"));
    const alone = outcomesOf({ bytes, invoke: ["deposit(100)"] });
    expect(allowsExactly(alone, [{ log: ["deposit = 100"] }])).toBe(true);
    const both = outcomesOf({ bytes, invoke: ["deposit(100)", "deposit(20)"] });
    expect(allows(both, { log: ["deposit(100) = 100", "deposit(20) = 120"] })).toBe(true);
    expect(allows(both, { log: ["deposit(100) = 100", "deposit(20) = 20"] })).toBe(true);
    expect(allows(both, { log: ["deposit(100) = 20", "deposit(20) = 20"] })).toBe(false);
    expect(() => allows(both, { log: [], end: "stuck deposit" })).toThrow("there is no run");
    expect(allows(both, { log: [], end: "stuck deposit(100), deposit(20)" })).toBe(false);
  });

  test("takes a scenario out of several, and out of the fences of a chapter", () => {
    const both = yields + traps;
    expect(allows(outcomesOf(both, { only: "TRAP-1" }), "traps")).toBe(true);
    const chapter = `# A chapter\n\n\`\`\`scenario\n${traps}\`\`\`\n`;
    expect(allows(outcomesOf(chapter, { file: "chapter.md" }), "traps")).toBe(true);
    expect(() => outcomesOf(both)).toThrow("there are several scenarios");
    expect(() => outcomesOf(both, { only: "X-1" })).toThrow('no scenario is called "X-1"');
    expect(() => outcomesOf("")).toThrow();
  });

  test("searches under the revision, settings and profile that are asked for", () => {
    expect(outcomesOf(yields, { revision: "6d28164" }).revision.label).toBe("6d28164");
    const deterministic = outcomesOf(yields, { profile: "deterministic" });
    expect(deterministic.outcomes).toHaveLength(1);
    expect(() => outcomesOf(yields, { settings: "pin op" })).toThrow("no WASI host");
    expect(() => outcomesOf(`${traps}only d1daf829\n`, { revision: "6d28164" })).toThrow(
      RevisionError,
    );
  });
});

describe("patterns", () => {
  const set = outcomesOf(yields);

  test.each([
    ["an outcome as the book writes it", goesOn, true],
    ["another end", `${goesOn} traps guest.throw`, false],
    ["a log, whatever the end", `log = ${blocks}`, true],
    ["a condition", '"out" before "back: RETURNED" and ok', true],
    ["a condition that does not hold", 'log contains "back: STARTING"', false],
  ])("text: %s", (_what, text, allowed) => {
    expect(allows(set, text)).toBe(allowed);
  });

  test("objects: log and end, as texts or as the outcome itself", () => {
    const log = ["in", "out", "back: RETURNED"];
    expect(allows(set, { log })).toBe(true);
    expect(allows(set, { log, end: "ok" })).toBe(true);
    expect(allows(set, { log, end: "traps" })).toBe(false);
    expect(allows(set, set.outcomes[1]!.outcome)).toBe(true);
    expect(allows(outcomesOf(traps), { log: [1], end: "traps" })).toBe(true);
    expect(allows(outcomesOf(traps), { log: ["1"], end: "traps guest.throw" })).toBe(false);
    const stuck = outcomesOf(waits);
    expect(allows(stuck, { log: [], end: "stuck one, two" })).toBe(true);
    expect(allows(stuck, { log: [], end: "stuck one" })).toBe(false);
    expect(allows(stuck, "stuck one")).toBe(true);
  });

  test("predicates", () => {
    expect(allows(set, ({ log }) => log.length === 3)).toBe(true);
    expect(allowsOnly(set, ({ log }) => log[0] === "in")).toBe(true);
    expect(allowsOnly(set, ({ log }) => log[1] === "out")).toBe(false);
  });

  test("a slip of the pen is an error, never an answer", () => {
    expect(() => allows(set, "traps strean.read.not-idle")).toThrow(
      "there is no trap `strean.read.not-idle`",
    );
    expect(() => allows(set, "stuck mian")).toThrow("there is no run `mian`");
    expect(() => allows(set, "[in out]")).toThrow("expected");
    expect(() => allows(set, { log: [], end: "trap" })).toThrow("no run ends with `trap`");
    expect(() => allows(set, { log: [], end: "stuck mian" })).toThrow("there is no run `mian`");
  });

  test("what is printed can be read: entries in quotes unless they are numbers or constants", () => {
    const odd = ["7", "-1", "007", "BLOCKED", "COMPLETED|4", "a b", 'say "x" {y}', "HELLO"];
    const outcome = { log: odd, end: { tag: "traps", code: "guest.throw" } } as const;
    expect(outcomeText(outcome)).toBe(
      '[7, -1, "007", BLOCKED, COMPLETED|4, "a b", "say \\"x\\" {{y}", "HELLO"] traps guest.throw',
    );
    expect(
      allows(
        { ...set, outcomes: [{ ...set.outcomes[0]!, outcome: { ...outcome, leaks: [] } }] },
        outcomeText(outcome),
      ),
    ).toBe(true);
  });
});

describe("exactly", () => {
  const set = outcomesOf(yields);

  test("wants each of them, and no other", () => {
    expect(allowsExactly(set, [goesOn, blocks])).toBe(true);
    expect(allowsExactly(set, [goesOn])).toBe(false);
    expect(allowsExactly(set, [goesOn, blocks, '["in"]'])).toBe(false);
    expect(allowsExactly(set, [])).toBe(false);
  });
});

describe("a search that was cut off", () => {
  const cut = (options: OutcomesOptions) => outcomesOf(yields, options);

  test("says what it found and never what it did not find", () => {
    const set = cut({ maxDeviations: 0 });
    expect(set.cutOff).toBe("up to 0 deviations");
    expect(allows(set, blocks)).toBe(true);
    expect(() => allows(set, goesOn)).toThrow(NotSearched);
    expect(() => allows(set, goesOn)).toThrow("not searched to the end: up to 0 deviations");
    expect(allowsOnly(set, goesOn)).toBe(false);
    expect(() => allowsOnly(set, blocks)).toThrow(NotSearched);
    expect(allowsExactly(set, [goesOn])).toBe(false);
    expect(() => allowsExactly(set, [blocks])).toThrow(NotSearched);
    expect(() => allowsExactly(set, [blocks, goesOn])).toThrow(NotSearched);
    expect(explainOutcome(set, goesOn)).toContain("may or may not allow");
  });
});

describe("explain", () => {
  test("names the schedule of what is allowed", () => {
    expect(explainOutcome(outcomesOf(yields), goesOn).split("\n")).toEqual([
      `"YIELD-1 an async call comes back when its callee blocks" under d1daf829 allows ${goesOn}`,
      "it does (1):",
      `  ${goesOn}  by schedule go-on B.f#1`,
    ]);
  });

  test("shows the nearest outcome to what is not, line by line", () => {
    const said = explainOutcome(outcomesOf(yields), '["in", "out", "back: STARTED"]').split("\n");
    expect(said).toEqual([
      '"YIELD-1 an async call comes back when its callee blocks" under d1daf829 does not allow ["in", "out", "back: STARTED"]',
      "allowed (2):",
      `  ${blocks}  by schedule default`,
      `  ${goesOn}  by schedule go-on B.f#1`,
      "the nearest, by schedule default:",
      "    in",
      "  - out",
      "    back: STARTED",
      "  + out",
      "    end ok",
    ]);
  });
});
