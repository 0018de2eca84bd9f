// `simulate` and `minimize` on the command line: what they print, and their exit codes.

import { describe, expect, test } from "vitest";
import { exitCodes } from "../../src/cli/io.ts";
import { cli, fixtures } from "./cli-harness.ts";

const tour = `${fixtures}/tour.scn`;
const chapter = `${fixtures}/chapter.md`;
const one = ["--only", "ONE-1"];
const two = ["--only", "TWO-1"];
const old = ["--revision", "6d28164"];

describe("simulate", () => {
  test("prints outcomes by frequency with a schedule of each, and proves nothing", async () => {
    const { code, out, err } = await cli(["simulate", tour, ...one, "--runs", "40"]);
    const lines = out.split("\n");
    expect(lines.slice(0, 3)).toEqual([
      `ONE-1 a callee yields once  ${tour}:3`,
      "  d1daf829: 40 runs (portfolio, seed 1): 2 outcomes",
      "    runs  outcome                      schedule of the first",
    ]);
    const rows = lines.slice(3, 5).map((line) => /^ +(\d+) {2}(.*\]) +(\S.*)$/.exec(line));
    expect(rows.map((row) => [row?.[2]?.trim(), row?.[3]]).sort()).toEqual([
      ["[in 7, back: STARTED, out]", "default"],
      ["[in 7, out, back: RETURNED]", "go-on B.f#1"],
    ]);
    expect(rows.reduce((sum, row) => sum + Number(row?.[1]), 0)).toBe(40);
    expect(lines.slice(5)).toEqual([
      "    not refuted exactly 2 outcomes  line 21",
      "    not refuted never stuck  line 25",
      expect.stringMatching(/^ {4}covered 3 states, \d+ rules$/),
      "    alternatives taken: block 1 of 1, go-on 1 of 1",
      "    fewer than 2.5 % of further runs would show a new outcome",
      "sampled(40): nothing is violated, nothing is proved",
      "",
    ]);
    expect({ code, err }).toEqual({ code: exitCodes.incomplete, err: "" });
  });

  test("is the same, byte for byte, for one seed", async () => {
    const argv = ["simulate", tour, ...one, "--runs", "20", "--policy", "uniform"];
    expect(await cli([...argv, "--seed", "5"])).toEqual(await cli([...argv, "--seed", "5"]));
    const others = await Promise.all(
      ["6", "7", "8"].map((seed) => cli([...argv, "--seed", seed, "--json"])),
    );
    expect(new Set(others.map(({ out }) => out)).size).toBeGreaterThan(1);
  });

  test("exits with 1 for a counterexample and for a finding, each with its command", async () => {
    const { code, out } = await cli(["simulate", tour, ...two, ...old, "--runs", "5"]);
    expect(code).toBe(exitCodes.violated);
    expect(out).toContain("violated always ok");
    const command = `canon-async replay ${tour} --only TWO-1 --revision 6d28164 --schedule default`;
    expect(out).toContain(`      counterexample: [] stuck main\n        ${command}`);
    expect(out).toContain(
      `    finding no-deaf-end: a thread waits for an end whose peer is gone  in 5 runs\n      ${command}`,
    );
    expect(out.endsWith("violated (5 runs)\n")).toBe(true);
  });

  test("does not look for findings when it is told not to", async () => {
    const { out } = await cli(["simulate", tour, ...two, ...old, "--no-properties"]);
    expect(out).not.toContain("finding ");
  });

  test("names the traps that it met", async () => {
    const { out } = await cli(["simulate", chapter, "--only", "MD-2", "--runs", "3"]);
    expect(out).toContain("    traps: guest.unreachable\n");
  });

  test("counts runs that do not end, and does not know where they lead", async () => {
    const { code, out } = await cli(["simulate", chapter, "--only", "MD-3", "--runs", "2"]);
    expect(out).toContain("2 runs (portfolio, seed 1): 0 outcomes");
    expect(out).toContain("    2 runs cut off: where they lead is unknown\n");
    expect(code).toBe(exitCodes.incomplete);
  });

  test("says how deep PCT goes, and takes a depth for nothing else", async () => {
    const argv = ["simulate", tour, ...one, "--runs", "2"];
    expect((await cli([...argv, "--policy", "pct"])).out).toContain("(pct 3, seed 1)");
    expect((await cli([...argv, "--policy", "pct", "--depth", "2"])).out).toContain("(pct 2, ");
    const wrong = await cli([...argv, "--depth", "2"]);
    expect(wrong).toEqual({ code: 2, out: "", err: "--depth is for --policy pct\n" });
  });

  test("prints one JSON document with a stable order of fields", async () => {
    const { out } = await cli(["simulate", tour, ...two, ...old, "--runs", "5", "--json"]);
    const json = JSON.parse(out);
    expect(Object.keys(json)).toEqual([
      ...["file", "line", "id", "title", "revision", "profile", "verdict", "runs", "cut"],
      ...["interrupted", "unseen", "outcomes", "checks", "findings", "coverage"],
    ]);
    const first = { run: 0, policy: "pos", seed: expect.any(Number), schedule: "default" };
    expect(json.verdict).toBe("violated");
    expect(json.outcomes).toEqual([
      {
        text: "[] stuck main",
        log: [],
        end: { tag: "stuck", roots: ["main"] },
        leaks: ["end", "set", "task", "thread", "thread"],
        count: 5,
        first,
      },
    ]);
    expect(json.findings).toMatchObject([{ property: "no-deaf-end", count: 5, first }]);
    expect(json.coverage.choices).toEqual([]);
  });

  test("prints what it has when the user asks it to stop, and shows how far it is", async () => {
    let asked = 0;
    const argv = ["simulate", tour, ...one, "--runs", "1000000"];
    const { code, out, err } = await cli([...argv, "--progress"], {
      terminal: true,
      stopped: () => ++asked > 3,
    });
    expect(asked).toBe(4);
    expect(out).toMatch(/sampled\(\d+\): nothing is violated, nothing is proved, interrupted\n$/);
    expect(err).toMatch(/tour\.scn:3 d1daf829: \d+ runs, 3 states/);
    expect(code).toBe(exitCodes.incomplete);
  });
});

describe("minimize", () => {
  const argv = ["minimize", tour, ...one];

  test("keeps the outcome of the schedule, with provably fewest deviations", async () => {
    const { code, out } = await cli([...argv, "--schedule", "go-on B.f#1; go-on B.f#2"]);
    expect(out).toBe(
      [
        `ONE-1 a callee yields once  ${tour}:3  under d1daf829`,
        "  shows [in 7, out, back: RETURNED]",
        "  1 deviation instead of 2: no schedule with fewer deviations shows it (1 state searched)",
        "  schedule go-on B.f#1",
        `  canon-async replay ${tour} --only ONE-1 --schedule 'go-on B.f#1'`,
        "",
      ].join("\n"),
    );
    expect(code).toBe(exitCodes.ok);
  });

  test("prefers a broken standing property to an outcome", async () => {
    const { code, out } = await cli(["minimize", tour, ...two, ...old, "--schedule", "default"]);
    expect(out).toContain("  shows no-deaf-end\n");
    expect(code).toBe(exitCodes.ok);
  });

  test("keeps what it is told to keep", async () => {
    const schedule = ["--schedule", "default"];
    const told = ["minimize", tour, ...two, ...old, ...schedule, "--target", "[] stuck main"];
    expect((await cli(told)).out).toContain("  shows [] stuck main\n");
    const { code, out, err } = await cli([...argv, ...schedule, "--target", "[nonsense]"]);
    expect({ out, err }).toEqual({ out: "", err: "this schedule does not show [nonsense]\n" });
    expect(code).toBe(exitCodes.violated);
  });

  test("says what it proved: nothing when greedy", async () => {
    const goOn = ["--schedule", "go-on B.f#1"];
    const greedy = await cli([...argv, ...goOn, "--greedy"]);
    expect(greedy.out).toMatch(
      /1 deviation instead of 1: nothing simpler was found in \d+ runs?\n/,
    );
    expect(greedy.code).toBe(exitCodes.ok);
    const both = await cli([...argv, ...goOn, "--greedy", "--exact"]);
    expect(both.code).toBe(exitCodes.invalid);
  });

  test("says when the search was cut off before it proved anything", async () => {
    const title = "different ways to one state are explored once";
    const file = ["spec/07-nondeterminism.md", "--only", title];
    const { scenarios } = JSON.parse((await cli(["explore", ...file, "--json"])).out);
    const { schedule } = scenarios[0].revisions[0].outcomes[1];
    const search = ["minimize", ...file, "--schedule", schedule];
    const cut = await cli([...search, "--max-states", "10"]);
    expect(cut.out).toMatch(/; the search was cut off at 1\d states\n/);
    expect(cut.code).toBe(exitCodes.incomplete);
    expect((await cli(search)).out).toContain("no schedule with fewer deviations shows it");
  });

  test("knows the cheapest way into a loop", async () => {
    const endless = ["minimize", chapter, "--only", "MD-3", "--schedule", "default"];
    const { code, out } = await cli(endless);
    expect(out).toContain("  shows [] diverges\n");
    expect(out).toContain("no schedule with fewer deviations shows it");
    expect(code).toBe(exitCodes.ok);
  });
});
