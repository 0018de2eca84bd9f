// `canon-async compare`: engines beside the model.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compare } from "../../src/oracle/outcomes/compare.ts";
import { engineRuns } from "../../src/oracle/outcomes/engine-runs.ts";
import { modelSearch } from "../../src/oracle/outcomes/model-outcomes.ts";
import { cli } from "../unit/cli-harness.ts";
import { yields } from "./yields.ts";

const at = mkdtempSync(join(tmpdir(), "canon-compare-"));
afterAll(() => rmSync(at, { recursive: true }));

function file(name: string, lines: readonly unknown[]): string {
  const path = join(at, name);
  writeFileSync(path, lines.map((line) => JSON.stringify(line)).join("\n"));
  return path;
}

const header = { format: "canon-async trace", version: 1 };

/** Two scenarios. */
const scenarios = `${yields}
scenario "TRAP-1 traps, in one of two ways"
component A {
  export run: func() { log 1; choose { subtask.drop 9 } or { unreachable } }
}
run A.run as main
`;
const goesOn = ["in", "out", "RETURNED"];
const blocks = ["in", "STARTED", "out"];

let report: { readonly scenarios: readonly unknown[] } = { scenarios: [] };
let model = "";
let account = "";

beforeAll(async () => {
  const scn = join(at, "yields.scn");
  writeFileSync(scn, scenarios);
  const said = await cli(["explore", scn, "--json"]);
  report = JSON.parse(said.out);
  model = file("model.json", [report]);
  const calls = ["--invoke", "deposit(100)", "--invoke", "deposit(20)"];
  const component = await cli(["explore", "docs/account.wat", ...calls, "--json"]);
  account = file("account.json", [JSON.parse(component.out)]);
});

const yieldModel = () => modelSearch(report, { only: "YIELD-1" });
const trapModel = () => modelSearch(report, { only: "TRAP-1" });
const jsonl = (...all: readonly unknown[]) => all.map((one) => JSON.stringify(one)).join("\n");

function compared(of: ReturnType<typeof yieldModel>, ...engines: readonly string[]) {
  return compare(
    of,
    engines.map((text, i) => ({ name: `e${i + 1}`, runs: engineRuns(text, `e${i + 1}`) })),
  );
}

describe("outcomes, one a line", () => {
  test("are counted for the outcomes of the model", () => {
    const one = jsonl({ log: goesOn, end: "ok", count: 3 }, { log: goesOn, end: "ok" });
    const two = jsonl({ log: blocks, end: "ok" });
    const { rows, verdict } = compared(yieldModel(), one, two);
    expect(verdict).toBe("allowed");
    expect(rows).toMatchObject([
      { standing: "seen", log: blocks, end: "ok", engines: [{ sure: 0 }, { sure: 1 }] },
      { standing: "seen", log: goesOn, end: "ok", engines: [{ sure: 4 }, { sure: 0 }] },
    ]);
  });

  test("that are not allowed come first, then those that nobody saw", () => {
    const odd = ["out", "in", "RETURNED"];
    const { rows, verdict } = compared(yieldModel(), jsonl({ log: odd, end: "ok" }));
    expect(verdict).toBe("not allowed");
    expect(rows.map(({ standing, log }) => [standing, log])).toEqual([
      ["not allowed", odd],
      ["never seen", blocks],
      ["never seen", goesOn],
    ]);
  });

  test.each([
    ["another end", { log: goesOn, end: "traps guest.throw" }],
    ["a trap where there is none", { log: goesOn, end: "traps" }],
    ["stuck where it is not", { log: goesOn, end: "stuck main" }],
    ["less of the log", { log: ["in", "out"], end: "ok" }],
    ["more of the log", { log: [...goesOn, "again"], end: "ok" }],
  ])("%s is another outcome", (_what, line) => {
    expect(compared(yieldModel(), jsonl(line)).verdict).toBe("not allowed");
  });

  test("a trap without a code stands for any trap after the same log", () => {
    const traps = trapModel();
    expect(traps.outcomes.map(({ end }) => end.tag)).toEqual(["traps", "traps"]);
    const [first] = traps.outcomes;
    const { rows, verdict } = compared(
      traps,
      jsonl({ log: [1], end: "traps" }, { log: [1], end: first!.end.text }),
    );
    expect(verdict).toBe("allowed");
    // the run without a code may have been either, so neither counts as never seen
    expect(rows.map(({ standing, engines }) => [standing, ...engines])).toEqual([
      ["seen", { sure: 1, maybe: 1 }],
      ["seen", { sure: 0, maybe: 1 }],
    ]);
    expect(compared(traps, jsonl({ log: [2], end: "traps" })).verdict).toBe("not allowed");
  });

  test("runs that were cut off are counted apart, unless nothing allowed begins so", () => {
    const { rows, cutOff, verdict } = compared(
      yieldModel(),
      jsonl({ log: ["in"], count: 2 }, { log: [] }, { log: goesOn, end: "ok" }),
    );
    expect([verdict, cutOff]).toEqual(["allowed", [3]]);
    expect(rows.map(({ standing }) => standing)).toEqual(["never seen", "seen"]);
    const odd = compared(yieldModel(), jsonl({ log: ["out"] }));
    expect(odd.verdict).toBe("not allowed");
    expect(odd.rows[0]).toMatchObject({ log: ["out"], end: "cut off", standing: "not allowed" });
  });

  test.each([
    ["", "there are no runs here"],
    ["no", "this is no JSON"],
    ["[]", "this is no outcome"],
    ['{"end": "ok"}', "`log` is a list of texts and numbers"],
    ['{"log": [], "end": "fine"}', '`end` is "ok"'],
    ['{"log": [], "end": "ok", "count": 0}', "`count` is a whole number, 1 or more"],
    ['{"log": [], "edn": "ok"}', "`edn` means nothing here"],
    ['{"log": [], "end": "traps guest.unreachabel"}', "did you mean `guest.unreachable`?"],
  ])("%s is refused", (text, message) => {
    expect(() => engineRuns(text, "e.jsonl")).toThrow(message);
    expect(() => engineRuns(text, "e.jsonl")).toThrow("e.jsonl:1:1");
  });
});

describe("traces", () => {
  const log = (line: string) => ({ event: "log", line });
  const end = { event: "end", waiting: [] };

  test("are runs: each header begins one, its log and its end are the outcome", () => {
    const runs = jsonl(
      header,
      { event: "invoke", call: "main" },
      ...goesOn.map(log),
      end,
      header,
      ...blocks.map(log),
      { event: "end" },
      header,
      log("in"),
    );
    const { rows, cutOff, verdict } = compared(yieldModel(), runs);
    expect(verdict).toBe("allowed");
    expect(cutOff).toEqual([1]);
    expect(rows.map(({ log: of, engines }) => [of, engines[0]?.sure])).toEqual([
      [blocks, 1],
      [goesOn, 1],
    ]);
  });

  test("that wait for a call are stuck, which this scenario never is", () => {
    const runs = jsonl(header, ...goesOn.map(log), { event: "end", waiting: ["main"] });
    const { rows } = compared(yieldModel(), runs);
    expect(rows[0]).toMatchObject({ standing: "not allowed", log: goesOn, end: "stuck main" });
  });

  test("that trap with a code or without", () => {
    const known = jsonl(header, log("1"), { event: "trap", code: "guest.unreachable" });
    const { rows } = compared(trapModel(), known);
    expect(rows.map(({ standing, end: how }) => [standing, how])).toEqual([
      ["never seen", trapModel().outcomes[0]!.end.text],
      ["seen", "traps guest.unreachable"],
    ]);
    const unknown = jsonl(header, log("1"), { event: "trap" });
    expect(compared(trapModel(), unknown).rows[0]?.engines[0]).toEqual({ sure: 0, maybe: 1 });
    const other = jsonl(header, log("1"), { event: "trap", code: "guest.throw" });
    expect(compared(trapModel(), other).verdict).toBe("not allowed");
  });

  test("without results have no outcome", () => {
    const runs = jsonl({ ...header, omits: ["result"] }, end);
    expect(() => engineRuns(runs, "e.jsonl")).toThrow("`result` is omitted");
  });
});

describe("calls of a component", () => {
  const calls = ["deposit(100)", "deposit(20)"];
  const result = (call: string, value?: string) => ({
    event: "result",
    call,
    ...(value === undefined ? {} : { value }),
  });
  const trace = (...events: readonly unknown[]) =>
    file("run.jsonl", [{ ...header, calls, omits: ["log"] }, ...events]);

  test("are told by their results, in the order in which they come", async () => {
    const runs = trace(result("deposit(100)", "100"), result("deposit(20)", "120"), {
      event: "end",
    });
    const said = await cli(["compare", account, runs, "--json"]);
    const { verdict, rows } = JSON.parse(said.out);
    const seen = rows.filter((row: { standing: string }) => row.standing === "seen");
    expect([said.code, verdict]).toEqual([0, "allowed"]);
    expect(seen).toMatchObject([{ log: ["deposit(100) = 100", "deposit(20) = 120"] }]);
  });

  test("may have results that the engine does not know", async () => {
    const runs = trace(result("deposit(20)"), result("deposit(100)"), { event: "end" });
    const { rows } = JSON.parse((await cli(["compare", account, runs, "--json"])).out);
    const seen = rows.filter((row: { standing: string }) => row.standing === "seen");
    // the results of 20 first: alone, after 100 was paid in, or lost
    expect(seen.length).toBeGreaterThan(1);
    for (const { log, engines } of seen) {
      expect(log[0]).toMatch(/^deposit\(20\) = /);
      expect(engines).toEqual([{ sure: 0, maybe: 1 }]);
    }
  });

  test("may be told late, in another order than they came", async () => {
    const late = [{ ...header, calls, omits: ["log"], late: ["result"] }];
    const events = [result("deposit(20)", "120"), result("deposit(100)", "100"), { event: "end" }];
    const runs = file("late.jsonl", [...late, ...events]);
    const { verdict, rows } = JSON.parse((await cli(["compare", account, runs, "--json"])).out);
    const seen = rows.filter((row: { standing: string }) => row.standing === "seen");
    // 20 was paid in after 100, whichever result came first
    expect(verdict).toBe("allowed");
    expect(seen.map(({ log }: { log: readonly string[] }) => log.toSorted())).toEqual(
      seen.map(() => ["deposit(100) = 100", "deposit(20) = 120"]),
    );
    expect(seen.length).toBeGreaterThan(0);
    const odd = [...late, result("deposit(20)", "120"), result("deposit(100)", "120")];
    const twice = file("twice.jsonl", [...odd, { event: "end" }]);
    expect((await cli(["compare", account, twice])).code).toBe(1);
  });

  test("that nobody can explain are not allowed", async () => {
    const runs = trace(result("deposit(100)", "99"), result("deposit(20)", "120"), {
      event: "end",
    });
    expect((await cli(["compare", account, runs])).code).toBe(1);
  });
});

describe("the command", () => {
  const seen = () => file("seen.jsonl", [{ log: goesOn, end: "ok", count: 12 }, { log: ["in"] }]);
  const odd = () => file("odd.jsonl", [{ log: goesOn, end: "traps guest.throw" }]);

  test("prints a table, what is not allowed first", async () => {
    const { code, out } = await cli(["compare", model, seen(), odd(), "--only", "YIELD-1"]);
    expect(code).toBe(1);
    expect(out).toBe(`YIELD-1 a yield  under d1daf829
                        seen  odd  cost  schedules    p  outcome                                schedule
  seen but not allowed     -    1     -          -    -  [in, out, RETURNED] traps guest.throw  -
  allowed, never seen      -    -     0          1  0.5  [in, STARTED, out]                     default
  allowed                 12    -     1          1  0.5  [in, out, RETURNED]                    go-on B.f#1
seen: 13 runs, 1 of them cut off
odd: 1 run
2 outcomes allowed, 1 never seen, 1 seen but not allowed
`);
  });

  test("prints Markdown", async () => {
    const argv = ["compare", model, seen(), "--only", "YIELD-1", "--markdown"];
    const { code, out } = await cli(argv);
    expect(code).toBe(0);
    expect(out.split("\n").slice(0, 6)).toEqual([
      "### YIELD-1 a yield  under d1daf829",
      "",
      "|  | seen | cost | schedules | p | outcome | schedule |",
      "| --- | --- | --- | --- | --- | --- | --- |",
      "| **allowed, never seen** | - | 0 | 1 | 0.5 | `[in, STARTED, out]` | `default` |",
      "| allowed | 12 | 1 | 1 | 0.5 | `[in, out, RETURNED]` | `go-on B.f#1` |",
    ]);
  });

  test("takes the revision that is asked for", async () => {
    const argv = ["compare", model, seen(), "--only", "YIELD-1", "--revision", "6d28164"];
    expect((await cli(argv)).out).toContain("YIELD-1 a yield  under 6d28164");
  });

  test("does not say what a search that was cut off cannot know", async () => {
    const scn = join(at, "yields.scn");
    const few = ["--only", "YIELD-1", "--max-deviations", "0", "--json"];
    const part = file("part.json", [JSON.parse((await cli(["explore", scn, ...few])).out)]);
    const { code, out } = await cli(["compare", part, seen()]);
    expect(code).toBe(3);
    expect(out).toContain("not known");
    expect(out).not.toContain("but not allowed  ");
    expect(out).toContain(
      "the search stopped at 0 deviations: what it did not find may be allowed",
    );
    const found = file("found.jsonl", [{ log: blocks, end: "ok" }]);
    expect((await cli(["compare", part, found])).code).toBe(0);
  });

  test("takes no run of other calls: each outcome of it would count as not allowed", async () => {
    const run = (...calls: readonly string[]): string => {
      return file("other.jsonl", [{ ...header, calls }, { event: "end" }]);
    };
    const { code, err } = await cli(["compare", account, run("deposit(100)")]);
    expect(code).toBe(2);
    expect(err).toContain(
      "other.jsonl: run 1 is of deposit(100), the model's of deposit(100), deposit(20)",
    );
    const spaced = await cli(["compare", account, run("deposit( 20 )", "deposit(100)")]);
    expect(spaced.err).toBe("");
  });

  test("says what is wrong with its files", async () => {
    const complaint = async (...argv: readonly string[]) => {
      const { code, err } = await cli(["compare", ...argv]);
      expect(code).toBe(2);
      return err;
    };
    expect(await complaint(model, seen())).toContain("it has several scenarios; say --only");
    expect(await complaint(model, seen(), "--only", "X")).toContain('it has no "X"');
    const revision = ["--only", "YIELD-1", "--revision", "6d28164 + CM#707"];
    expect(await complaint(model, seen(), ...revision)).toContain("it has no search under");
    expect(await complaint(seen(), seen())).toContain("is no JSON; explore --json writes it");
    expect(await complaint(file("x.json", [{}]), seen())).toContain("is it what explore --json");
    expect(await complaint(model, file("empty.jsonl", []), "--only", "YIELD-1")).toContain(
      "there are no runs here",
    );
    expect(await complaint(model, join(at, "no.jsonl"), "--only", "YIELD-1")).toContain(
      "there is no such file",
    );
  });
});
