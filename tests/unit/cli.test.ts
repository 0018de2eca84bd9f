// The command line from the outside: what each command prints, and its exit code.

import { describe, expect, test } from "vitest";
import { exitCodes } from "../../src/cli/io.ts";
import { cli, fixtures } from "./cli-harness.ts";

const tour = `${fixtures}/tour.scn`;
const chapter = `${fixtures}/chapter.md`;
const broken = `${fixtures}/broken.scn`;

describe("explore", () => {
  test("prints outcomes with cost and schedule, and proves what holds", async () => {
    const { code, out, err } = await cli(["explore", tour, "--only", "ONE-1"]);
    expect(out).toBe(
      [
        `ONE-1 a callee yields once  ${tour}:3`,
        "  d1daf829: 2 outcomes (3 states, 2 transitions)",
        "    cost  schedules    p  outcome                      schedule",
        "       0          1  0.5  [in 7, back: STARTED, out]   default",
        "       1          1  0.5  [in 7, out, back: RETURNED]  go-on B.f#1",
        "    proved exactly 2 outcomes  line 21",
        "    proved never stuck  line 25",
        "  6d28164: the same outcomes as d1daf829; 2 proved",
        "",
        // twice 3 states: 2 * 9 / 2^65
        "1 scenario, 2 searches; checks: 4 proved; 0 findings; chance that a state was missed: 4.9e-19",
        "",
      ].join("\n"),
    );
    expect({ code, err }).toEqual({ code: exitCodes.ok, err: "" });
  });

  test("shows a violated check with its counterexample, why it is stuck, and the command", async () => {
    const { code, out } = await cli(["explore", tour, "--only", "TWO-1"]);
    expect(code).toBe(exitCodes.violated);
    expect(out).toContain("6d28164: 1 outcome");
    expect(out).toContain(
      "A.run waits for an event in A/set3; its only member: A/w2 is idle; its peer is gone",
    );
    expect(out).toContain("violated always ok");
    expect(out).toContain("finding no-deaf-end: a thread waits for an end whose peer is gone");
    expect(out).toContain(
      `canon-async replay ${tour} --only TWO-1 --revision 6d28164 --schedule default`,
    );
  });

  test("says nothing of standing properties when they are switched off", async () => {
    const { out } = await cli(["explore", tour, "--only", "TWO-1", "--no-properties"]);
    expect(out).not.toContain("finding ");
    expect(out).toContain("0 findings");
  });

  test("says so when a scenario has no checks, and calls it proved", async () => {
    const { code, out } = await cli(["explore", tour, "--only", "nobody reads"]);
    expect(out).toContain("    no checks\n");
    expect(out).toContain("6d28164: the same outcomes as d1daf829; no checks");
    expect(code).toBe(exitCodes.ok);
  });

  test("reports the lines of Markdown and finds a scenario by its line", async () => {
    const { code, out } = await cli(["explore", chapter, "--only", "23"]);
    expect(out).toContain(`MD-2 traps  ${chapter}:23`);
    expect(out).toContain("always traps guest.unreachable  line 28");
    expect(code).toBe(exitCodes.ok);
  });

  test("looks at one revision only when it is told to, also at a set of amendments", async () => {
    const revision = "6d28164+CM#708 + CM#719";
    const { out } = await cli(["explore", tour, "--only", "TWO-1", "--revision", revision]);
    expect(out).toContain("  6d28164 + CM#708 + CM#719: 1 outcome");
    expect(out).not.toContain("d1daf829");
    expect(out).toContain("--revision '6d28164 + CM#708 + CM#719'");
  });

  test("does not decide what it did not search", async () => {
    const states = await cli(["explore", tour, "--only", "ONE-1", "--max-states", "1"]);
    expect(states.out).toContain("stopped at 1 state");
    expect(states.code).toBe(exitCodes.incomplete);
    const near = await cli(["explore", tour, "--only", "ONE-1", "--max-deviations", "0"]);
    expect(near.out).toContain("up to 0 deviations");
    expect(near.out).toContain("unknown exactly 2 outcomes");
    expect(near.code).toBe(exitCodes.incomplete);
  });

  test("leaves no choice open under the deterministic profile", async () => {
    const { out } = await cli(["explore", tour, "--only", "ONE-1", "--profile", "deterministic"]);
    expect(out).toContain("d1daf829: 1 outcome (1 state, 0 transitions)");
    expect(out).toContain("expected, but not found: [in 7, out, back: RETURNED]");
  });

  test("walks folders in sorted order, and goes on after an invalid file", async () => {
    const { code, out, err } = await cli(["explore", fixtures]);
    const titles = out
      .split("\n")
      .filter((line) => line.includes(fixtures) && !line.startsWith(" "));
    expect(titles.map((line) => line.split(" ")[0])).toEqual([
      "MD-1",
      "MD-2",
      "MD-3",
      "ONE-1",
      "TWO-1",
      "nobody",
    ]);
    expect(err).toContain(`${broken}:3:24: `);
    expect(out).not.toContain("broken.scn");
    expect(code).toBe(exitCodes.invalid);
  });

  test("prints one JSON document with a stable order of fields", async () => {
    const { out } = await cli(["explore", tour, broken, "--json"]);
    const json = JSON.parse(out);
    expect(Object.keys(json)).toEqual(["verdict", "skipped", "scenarios", "invalid"]);
    expect(Object.keys(json.scenarios[0])).toEqual([
      "file",
      "line",
      "id",
      "title",
      "profile",
      "verdict",
      "revisions",
    ]);
    expect(json.verdict).toBe("violated");
    expect(json.invalid[0]).toMatchObject({ file: broken, line: 3, column: 24 });
    const old = json.scenarios[1].revisions[1];
    expect(old.outcomes[0]).toEqual({
      text: "[] stuck main",
      log: [],
      end: { tag: "stuck", roots: ["main"] },
      leaks: ["end", "set", "task", "thread", "thread"],
      cost: 0,
      schedules: "1",
      probability: 1,
      schedule: "default",
      why: [
        "main waits for A.run to resolve",
        "A.run waits for an event in A/set3; its only member: A/w2 is idle; its peer is gone",
      ],
    });
    expect(old.findings[0].property).toBe("no-deaf-end");
  });

  test("is the same, byte for byte, every time", async () => {
    const argv = ["explore", tour, chapter];
    expect(await cli(argv)).toEqual(await cli(argv));
  });

  test("stops when the user asks it to, and says what was left out", async () => {
    let asked = 0;
    const stopped = (): boolean => ++asked > 2;
    const { code, out, err } = await cli(["explore", chapter], { stopped });
    expect(out).toContain("MD-2");
    expect(out).not.toContain("MD-3");
    expect(err).toBe("interrupted: 1 scenarios were not explored\n");
    expect(code).toBe(exitCodes.incomplete);
  });

  test("paints only where there are colours", async () => {
    const painted = await cli(["explore", tour, "--only", "ONE-1"], { color: true });
    const plain = await cli(["explore", tour, "--only", "ONE-1"]);
    expect(painted.out).toContain("\u001b[32mproved");
    expect(plain.out).not.toContain("\u001b");
  });
});

describe("run, replay and trace", () => {
  const one = ["--only", "ONE-1"];
  const goOn = ["--schedule", "go-on B.f#1"];

  test("run takes the defaults, and prints the command that repeats it", async () => {
    const { code, out } = await cli(["run", tour, ...one]);
    expect(out).toBe(
      [
        `ONE-1 a callee yields once  ${tour}:3  under d1daf829`,
        "  log in 7",
        "  log back: STARTED",
        "  log out",
        "  outcome [in 7, back: STARTED, out]",
        "  leaks subtask",
        "  schedule default",
        `  canon-async replay ${tour} --only ONE-1 --schedule default`,
        "",
      ].join("\n"),
    );
    expect(code).toBe(exitCodes.ok);
  });

  test("a random run is repeated by its seed and by its schedule", async () => {
    const seeds = await Promise.all(
      [1, 2, 3, 4, 5, 6].map((n) => cli(["run", tour, ...one, "--seed", `${n}`])),
    );
    const outs = new Set(seeds.map((s) => s.out));
    expect(outs.size).toBe(2);
    for (const out of outs) {
      const schedule = /schedule (.*)/.exec(out)?.[1] ?? "";
      expect((await cli(["replay", tour, ...one, "--schedule", schedule])).out).toBe(out);
    }
  });

  test("run says how a trap happened, and that a run goes on forever", async () => {
    const trap = await cli(["run", chapter, "--only", "MD-2"]);
    expect(trap.out).toContain("traps guest.unreachable: guest: the guest executed unreachable");
    const spin = await cli(["run", chapter, "--only", "MD-3"]);
    expect(spin.out).toContain("outcome [] diverges\n    a state comes back");
    expect(spin.code).toBe(exitCodes.ok);
  });

  test("strict replay names the entry that never applied; nearest replay goes on", async () => {
    const schedule = ["--schedule", "go-on B.f#1; go-on B.f#2"];
    const strict = await cli(["replay", tour, ...one, ...schedule]);
    expect(strict.code).toBe(exitCodes.violated);
    expect(strict.out).toBe("");
    expect(strict.err).toContain('"go-on B.f#2" never applied');
    expect(strict.err).not.toContain('"go-on B.f#1" never');
    const nearest = await cli(["replay", tour, ...one, ...schedule, "--nearest"]);
    expect(nearest.code).toBe(exitCodes.ok);
    expect(nearest.out).toContain("outcome [in 7, out, back: RETURNED]");
  });

  test("replay --step shows every step and the alternatives", async () => {
    const { out } = await cli(["replay", tour, ...one, ...goOn, "--step"]);
    expect(out).toMatch(/^\* +\d+ +B\.f +wait-until +choose go-on B\.f \(or: block B\.f\)$/m);
    const steps = [...out.matchAll(/^[* ] +(\d+) {2}/gm)].map(([, n]) => Number(n));
    expect(new Set(steps).size).toBe(Math.max(...steps));
  });

  test("trace names arguments, results, events and values", async () => {
    const { out, code } = await cli(["trace", tour, ...one]);
    expect(out).toMatch(/A\.run +lower +async B\.f\(7, \d+\)$/m);
    expect(out).toMatch(/B\.f +lift\.start +B\.f\(7\) starts$/m);
    expect(out).toMatch(/A\.run +lower\.called-async +B\.f = STARTED subtask 1$/m);
    expect(out).toMatch(/B\.f +task\.resolve +B\.f returns "done"$/m);
    expect(code).toBe(exitCodes.ok);
  });

  test("trace --format json gives one object a line, with patches when asked for", async () => {
    const { out } = await cli(["trace", tour, ...one, "--format", "json", "--patches"]);
    const lines = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map((l) => l.step).slice(0, -1)).toEqual(lines.slice(1).map((_, i) => i + 1));
    expect(lines.at(-1)).toMatchObject({ complete: true, schedule: [] });
    const log = lines.find((l) => l.deeds.some((d: { tag: string }) => d.tag === "log"));
    expect(log.patches).toContainEqual({ op: "replace", path: ["log"], value: ["in 7"] });
    const without = await cli(["trace", tour, ...one, "--format", "json"]);
    expect(without.out).not.toContain("patches");
  });

  test("a trace that does not end is cut off, and says so", async () => {
    const argv = ["trace", chapter, "--only", "MD-3", "--max-steps", "40"];
    const { code, err } = await cli(argv);
    expect(code).toBe(exitCodes.incomplete);
    expect(err).toBe("cut off after 40 steps: --max-steps shows more\n");
  });
});

describe("diff", () => {
  test("names the amendment that moves an outcome, and both sides", async () => {
    const { code, out } = await cli(["diff", tour, "--from", "6d28164", "--to", "d1daf829"]);
    expect(out).toBe(
      [
        `TWO-1 a writer waits for a reader that is gone  ${tour}:27`,
        "  by CM#720: An idle end learns that its peer dropped.",
        "    - [] stuck main  default",
        "    + [STREAM_WRITE DROPPED|0]  default",
        "",
        "from 6d28164 to d1daf829: 3 scenarios; 1 moves (CM#720: 1)",
        "",
      ].join("\n"),
    );
    expect(code).toBe(exitCodes.ok);
  });

  test("goes backwards too, and finds nothing between a revision and itself", async () => {
    const back = await cli(["diff", tour, "--from", "d1daf829", "--to", "6d28164", "--json"]);
    const [, two] = JSON.parse(back.out).scenarios;
    expect(two.moves).toMatchObject([{ amendment: "CM#720", applied: false }]);
    const still = await cli(["diff", tour, "--from", "6d28164", "--to", "6d28164"]);
    expect(still.out).toBe("from 6d28164 to 6d28164: 3 scenarios; none moves\n");
  });
});

describe("list", () => {
  test("has a table of each kind", async () => {
    for (const table of ["traps", "rules", "amendments", "revisions", "properties"]) {
      const { code, out } = await cli(["list", table]);
      expect({ table, code, empty: out === "" }).toEqual({ table, code: 0, empty: false });
    }
    expect((await cli(["list", "amendments"])).out).toContain("Builds on CM#716.");
    expect((await cli(["list"])).out).toContain("\ntraps\n".trimStart());
  });
});

describe("a command line that cannot be carried out", () => {
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    ["an unknown file", ["run", "no/such.scn"], "cannot read no/such.scn: there is no such file"],
    ["a folder for one run", ["run", fixtures], "is a directory"],
    ["a folder without scenarios", ["explore", "src/model"], "no scenarios under src/model"],
    ["Markdown without scenarios", ["explore", "LICENSE", "CHANGELOG.md"], "in CHANGELOG.md"],
    ["an unknown id", ["explore", tour, "--only", "X-1"], "there are: ONE-1, TWO-1, nobody reads"],
    ["several scenarios", ["run", tour], "say --only ID, one of: ONE-1, TWO-1, nobody reads"],
    ["an unknown revision", ["run", tour, "--revision", "abc"], 'unknown revision "abc"'],
    ["an open revision", ["run", tour, "--revision", "6d28164+CM#719"], "CM#719 builds on CM#708"],
    ["a bad schedule", ["replay", tour, "--schedule", "go-on"], '"go-on" is not a choice'],
    ["no schedule", ["replay", tour], "required option '--schedule"],
    ["a number that is none", ["explore", tour, "--max-states", "0"], "whole number, 1 or more"],
    ["an unknown profile", ["run", tour, "--profile", "fast"], "Allowed choices are full"],
    ["two ways to choose", ["run", tour, "--seed", "1", "--default"], "cannot be used with"],
    ["an invalid scenario", ["run", broken], `${broken}:3:24`],
    ["an unknown table", ["list", "birds"], "Allowed choices are"],
    ["an unknown command", ["explode"], "unknown command 'explode'"],
  ];
  for (const [what, argv, message] of cases) {
    test(`${what} is refused with one clear message`, async () => {
      const { code, out, err } = await cli(argv);
      expect(err).toContain(message);
      expect({ code, out }).toEqual({ code: exitCodes.invalid, out: "" });
    });
  }

  test("--version and --help are no errors", async () => {
    expect(await cli(["--version"])).toMatchObject({ code: 0, err: "" });
    expect((await cli(["--version"])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
    const help = await cli(["explore", "--help"]);
    expect(help.code).toBe(0);
    expect(help.out).toContain("--max-deviations");
  });
});
