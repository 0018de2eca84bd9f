// `judge`: what it prints for each verdict, its exit codes, and what it refuses.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { exitCodes } from "../../src/cli/io.ts";
import { cli, fixtures } from "../unit/cli-harness.ts";

const folder = mkdtempSync(join(tmpdir(), "canon-async-"));
afterAll(() => rmSync(folder, { recursive: true }));

const account = "docs/account.wat";
const good = "spec/traces/deposits.jsonl";
const odd = "spec/traces/deposits-odd.jsonl";
const tour = `${fixtures}/tour.scn`;

/** A file, as the command line names it. */
function file(name: string, ...lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, lines.map((line) => `${line}\n`).join(""));
  return relative(process.cwd(), path);
}

const head = '{"format":"canon-async trace","version":1}';

function header(fields: object): string {
  return JSON.stringify({ format: "canon-async trace", version: 1, ...fields });
}

/** The trace of a run of the model. */
async function recorded(...argv: readonly string[]): Promise<string> {
  const output = join(folder, "recorded.jsonl");
  expect((await cli(["record", ...argv, "--output", output])).code).toBe(exitCodes.ok);
  return output;
}

describe("judge", () => {
  test("calls a trace allowed, with a schedule that leads to the same results", async () => {
    const { code, out, err } = await cli(["judge", account, good]);
    expect({ code, err }).toEqual({ code: exitCodes.ok, err: "" });
    expect(out).toContain("  d1daf829: allowed; all 5 events explained\n");
    expect(out.trimEnd().split("\n").at(-1)).toBe("allowed under d1daf829, 6d28164");
    const [, schedule = ""] = /^ {4}schedule (.*)$/m.exec(out) ?? [];
    const calls = ["--invoke", "deposit(100)", "--invoke", "deposit(20)"];
    const { out: ran } = await cli(["run", account, ...calls, "--schedule", schedule]);
    // the order and the values of the trace
    expect(ran).toContain("outcome [deposit(20) = 120, deposit(100) = 100]");
  });

  test("calls one not allowed, with its first odd line, what was allowed there, and why", async () => {
    const { code, out, err } = await cli(["judge", account, odd]);
    expect({ code, err }).toEqual({ code: exitCodes.violated, err: "" });
    expect(out).toContain(
      [
        "  d1daf829: not allowed; 3 of 5 events explained",
        "    no schedule explains:",
        "      line 5  result  deposit(100) = 120",
        // who finds the other's deposit does so after that call has returned its own
        "    allowed there instead:",
        "      deposit(100)  result  deposit(100) = 100",
        "    because of:",
        "      line 4  result  deposit(20) = 120",
      ].join("\n"),
    );
    expect(out).toContain("\n\nnot allowed under d1daf829 or 6d28164\n");
  });

  test("leaves out what it is told to", async () => {
    const { out } = await cli(["judge", account, odd, "--no-schedule", "--no-context"]);
    expect(out).not.toContain("--schedule");
    expect(out).not.toContain("because of");
    expect(out).toContain("allowed there instead:");
  });

  test("does not decide what it did not search", async () => {
    const { code, out } = await cli(["judge", account, odd, "--max-steps", "1"]);
    expect(code).toBe(exitCodes.incomplete);
    expect(out).toMatch(
      /d1daf829: unknown, 1 steps of the model were tried .*; \d of 5 events explained/,
    );
    expect(out).toContain("\nunknown under d1daf829, 6d28164\n");
  });

  test("says what may come after a trace that stops", async () => {
    const lines = readFileSync(good, "utf8").split("\n").slice(0, 4);
    const stopped = file("stopped.jsonl", ...lines);
    expect((await cli(["judge", account, stopped])).out).not.toContain("may come next");
    const { code, out } = await cli(["judge", account, stopped, "--next"]);
    expect(code).toBe(exitCodes.ok);
    // behind deposit(20) = 120, which has seen the other deposit
    expect(out).toContain("what may come next:\n      deposit(100)  result  deposit(100) = 100\n");
  });

  test("judges under one revision when it is told to", async () => {
    const trace = await recorded(tour, "--only", "TWO-1", "--revision", "6d28164");
    const argv = ["judge", tour, trace, "--only", "TWO-1"];
    const { code, out } = await cli(argv);
    expect(code).toBe(exitCodes.ok);
    // a waiter whose peer is gone: it waits for ever at the older revision alone
    expect(out).toContain("  d1daf829: not allowed;");
    expect(out).toContain("  6d28164: allowed;");
    expect(out).toContain("\nallowed under 6d28164\n");
    const { code: alone, out: said } = await cli([...argv, "--revision", "d1daf829"]);
    expect(alone).toBe(exitCodes.violated);
    expect(said).not.toContain("6d28164");
  });

  test("allows a trace without events, and one event alone", async () => {
    const calls = { calls: ["deposit(1)"] };
    const none = await cli(["judge", account, file("none.jsonl", header(calls))]);
    expect(none.out).toContain("d1daf829: allowed; there is no event to explain\n");
    const one = file("one.jsonl", header(calls), '{"event":"invoke","call":"deposit(1)"}');
    const { code, out } = await cli(["judge", account, one]);
    expect(out).toContain("d1daf829: allowed; its event is explained\n");
    expect([none.code, code]).toEqual([exitCodes.ok, exitCodes.ok]);
  });

  test("takes every trace that the model records", async () => {
    const calls = ["--invoke", "deposit(100)", "--invoke", "deposit(20)"];
    for (const seed of ["1", "2", "3", "4"]) {
      const trace = await recorded(account, ...calls, "--seed", seed);
      expect((await cli(["judge", account, trace])).code).toBe(exitCodes.ok);
    }
    const book = await recorded("README.md");
    expect((await cli(["judge", "README.md", book])).code).toBe(exitCodes.ok);
  });

  test("calls a component as it is told to, whatever the header says", async () => {
    const trace = file(
      "called.jsonl",
      header({ calls: ["deposit(1)"], omits: ["enter", "leave", "call", "return", "invoke"] }),
      '{"event":"result","call":"deposit(7)","value":"7"}',
      '{"event":"end"}',
    );
    expect((await cli(["judge", account, trace, "--invoke", "deposit(7)"])).code).toBe(
      exitCodes.ok,
    );
    const { code, err } = await cli(["judge", account, trace]);
    expect(code).toBe(exitCodes.invalid);
    expect(err).toContain('called.jsonl:2: there is no invocation "deposit(7)"');
  });

  test("takes what functions return that nobody provides from the trace", async () => {
    const component = file(
      "clock.wat",
      "(component",
      '  (import "now" (func $now (result u32)))',
      "  (core func $now (canon lower (func $now)))",
      '  (core module $M (import "" "now" (func $now (result i32)))',
      '    (func (export "f") (result i32) (i32.add (call $now) (i32.const 1))))',
      '  (core instance $m (instantiate $M (with "" (instance (export "now" (func $now))))))',
      '  (func (export "f") (result u32) (canon lift (core func $m "f"))))',
    );
    const omits = ["enter", "leave", "call", "return"];
    const trace = (value: string): string =>
      file(
        "clock.jsonl",
        header({ calls: ["f()"], omits }),
        '{"event":"invoke","call":"f()"}',
        '{"event":"host-call","func":"now","args":[]}',
        '{"event":"host-return","func":"now","value":"7"}',
        `{"event":"result","call":"f()","value":"${value}"}`,
        '{"event":"end"}',
      );
    const { code, out } = await cli(["judge", component, trace("8")]);
    expect(code).toBe(exitCodes.ok);
    expect(out).toContain("which only judging can repeat");
    expect(out).not.toContain("canon-async trace");
    const wrong = await cli(["judge", component, trace("7")]);
    expect(wrong.code).toBe(exitCodes.violated);
    expect(wrong.out).toContain("line 5  result  f() = 7\n");
    // with this option there is no function of the host that could be called
    const trap = await cli(["judge", component, trace("8"), "--unknown-imports", "trap"]);
    expect(trap.err).toMatch(/clock\.jsonl:3: .*now/);
    expect(trap.code).toBe(exitCodes.invalid);
  });

  test("takes the run of a trace that it is told to take", async () => {
    const both = file(
      "both.jsonl",
      ...[good, odd].map((path) => readFileSync(path, "utf8").trimEnd()),
    );
    const { code, err } = await cli(["judge", account, both]);
    expect(err).toContain("both.jsonl:7:1: a second run begins here");
    expect(err).toContain("hint: --run 1 is the first, --run 2 this");
    expect(code).toBe(exitCodes.invalid);
    expect((await cli(["judge", account, both, "--run", "1"])).code).toBe(exitCodes.ok);
    const second = await cli(["judge", account, both, "--run", "2"]);
    // the odd line is the fifth of six, and another six come before
    expect(second.out).toContain("line 11  result  deposit(100) = 120");
    expect(second.code).toBe(exitCodes.violated);
  });

  test("prints all of it as JSON", async () => {
    const { code, out } = await cli(["judge", account, odd, "--json", "--revision", "d1daf829"]);
    expect(code).toBe(exitCodes.violated);
    const said = JSON.parse(out);
    expect(said.trace).toEqual({ file: odd, engine: "an engine", events: 5 });
    expect(said.verdict).toBe("not allowed");
    expect(said.revisions).toHaveLength(1);
    expect(said.revisions[0].rejection).toEqual({
      event: { index: 3, line: 5, event: { event: "result", call: "deposit(100)", value: "120" } },
      context: [
        { index: 2, line: 4, event: { event: "result", call: "deposit(20)", value: "120" } },
      ],
      shortest: true,
    });
  });
});

describe("a search that goes on", () => {
  // both go on for ever, and count: no state comes back
  const counting = "tests/cli/fixtures/counting.scn";
  const never = "tests/cli/fixtures/counting.jsonl";

  test("can be stopped, and says what was explained until then", async () => {
    const { code, out } = await cli(["judge", counting, never], { stopped: () => true });
    expect(code).toBe(exitCodes.incomplete);
    expect(out).toContain("d1daf829: unknown, the search was stopped; 0 of 1 event explained");
    expect(out).toContain("\nunknown under d1daf829, 6d28164\n");
  });

  test("shows how far it is", async () => {
    const argv = ["judge", counting, never, "--revision", "d1daf829", "--max-steps", "20000"];
    const { code, err } = await cli(argv, { terminal: true });
    expect(err).toContain("counting.jsonl: d1daf829: 0 of 1 events explained");
    expect(code).toBe(exitCodes.incomplete);
  });
});

describe("judge refuses", () => {
  const event = '{"event":"end"}';
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    [
      "a trace that is none",
      [account, file("a.jsonl", "hello")],
      'a.jsonl:1:1: expected a value, found "hello"',
    ],
    [
      "a trace of two runs",
      [account, file("b.jsonl", head, event, head)],
      "b.jsonl:3:1: a second run begins here",
    ],
    [
      "a trace that is cut off",
      [account, file("c.jsonl", head, event, '{"even')],
      "c.jsonl:3:7: the line ends in the middle of a text",
    ],
    [
      "a trace that is not there",
      [account, "none.jsonl"],
      "cannot read none.jsonl: there is no such file",
    ],
    [
      "a component that is not there",
      ["none.wasm", good],
      "cannot read none.wasm: there is no such file",
    ],
    ["a folder", ["docs", good], "cannot read docs: it is a directory"],
    [
      "a component that nobody says how to call",
      [account, file("d.jsonl", head, event)],
      "there is no wasi:cli/run to call; say --invoke 'CALL' of",
    ],
    [
      "a call that the component does not have",
      [account, file("e.jsonl", header({ calls: ["depos(1)"] }), event)],
      "did you mean `deposit`?",
    ],
    [
      "calls that a scenario does not have",
      ["README.md", good],
      "deposits.jsonl: the header names 2 calls, the scenario has 1 invocation",
    ],
    [
      "several scenarios",
      [tour, file("f.jsonl", head, event)],
      "has several scenarios; say --only ID",
    ],
    [
      "a call of a scenario",
      ["README.md", file("g.jsonl", head, event), "--invoke", "f()"],
      "--invoke is for components",
    ],
    [
      "a setting that nothing has",
      [account, good, "--with", "pin=op"],
      "no scenario here has a WASI host",
    ],
    [
      "calls that are none, where they stand",
      [account, file("unclosed.jsonl", header({ calls: ["deposit(1"] }), event)],
      "unclosed.jsonl:1:10: expected , or )",
    ],
    [
      "two files in the wrong order",
      ["spec/traces/deposits.jsonl", file("component.wasm", "\0asm")],
      "is a component; the trace comes after it: judge FILE TRACE",
    ],
    [
      "events that it says are left out",
      [account, file("h.jsonl", header({ calls: ["deposit(1)"], omits: ["end"] }), event)],
      "h.jsonl:2: the header says that end is not recorded, and here it is",
    ],
    [
      "a function of the host that there is not",
      [
        account,
        file(
          "i.jsonl",
          header({ calls: ["deposit(1)"] }),
          "",
          '{"event":"host-call","func":"now"}',
        ),
      ],
      "i.jsonl:3: ",
    ],
    [
      "steps that are no number",
      [account, good, "--max-steps", "0"],
      "it is a whole number, 1 or more",
    ],
  ];
  test.each(cases)("%s", async (_, argv, message) => {
    const { code, out, err } = await cli(["judge", ...argv]);
    expect(err).toContain(message);
    expect({ code, out }).toEqual({ code: exitCodes.invalid, out: "" });
  });

  test("a scenario of an earlier design, as record does", async () => {
    const earlier = "spec/12-proposal-2022.md";
    const { out } = await cli(["explore", earlier, "--max-states", "1"]);
    const [, line = ""] = /12-proposal-2022\.md:(\d+)$/m.exec(out) ?? [];
    const said = "there are no traces of an earlier design: the proposal of 2022";
    const trace = file("earlier.jsonl", head, event);
    const judged = await cli(["judge", earlier, trace, "--only", line]);
    expect([judged.code, judged.err]).toEqual([exitCodes.invalid, expect.stringContaining(said)]);
    const made = await cli(["record", earlier, "--only", line]);
    expect([made.code, made.err, made.out]).toEqual([exitCodes.invalid, `${said}\n`, ""]);
  });
});

test("help lists both commands, and judge says what its exit codes mean", async () => {
  const { out } = await cli(["--help"]);
  expect(out).toMatch(/^ {2}record \[options\] <file> /m);
  expect(out).toMatch(/^ {2}judge \[options\] <file> <trace> /m);
  const { out: judge } = await cli(["judge", "--help"]);
  expect(judge).toContain(
    "Exit codes: 0 allowed, 1 not allowed, 2 wrong usage or input, 3 unknown.",
  );
});
