// What is printed of a judgement, as text and as JSON: made-up judgements of each sort.

import { describe, expect, test } from "vitest";
import { revisions } from "../../src/model/amendments.ts";
import type { TraceEvent } from "../../src/oracle/format/trace.ts";
import type { JudgedUnder, Judgement, JudgeVerdict } from "../../src/oracle/judging/judgement.ts";
import { eventDetail, eventRows } from "../../src/report/event-text.ts";
import { judgedJson } from "../../src/report/judge-json.ts";
import { judgedText } from "../../src/report/judge-text.ts";
import { type Judged, placesIn } from "../../src/report/judged.ts";
import { parseScenarios } from "../../src/scenario/parse.ts";
import { parseRevision } from "../../src/scenario/revision.ts";

const text = [
  'scenario "JUDGE-1 one run"',
  "component A {",
  "  export run: async func() stackful {",
  "    task.return",
  "  }",
  "}",
  "run A.run",
].join("\n");
const [scenario] = parseScenarios(text, "a.scn");
if (scenario === undefined) throw new Error("there is no scenario");

const read: TraceEvent = {
  event: "return",
  instance: "A",
  thread: "t1",
  func: "stream.read",
  results: [32],
};
const write: TraceEvent = { event: "call", instance: "A", func: "stream.write", args: [1, 16, 4] };

function under(label: string, verdict: JudgeVerdict, more: Partial<JudgedUnder> = {}): JudgedUnder {
  return {
    revision: parseRevision(label),
    verdict,
    explained: 5,
    schedule: [],
    next: [],
    nextComplete: true,
    ambiguity: 1,
    steps: 7,
    rejection: null,
    bound: null,
    ...more,
  };
}

function judged(verdict: JudgeVerdict, ...all: readonly JudgedUnder[]): Judged {
  const judgement: Judgement = { verdict, revisions: all };
  const header = { format: "canon-async trace", version: 1, engine: "e 1.0" } as const;
  return {
    file: "a.scn",
    scenario: scenario as NonNullable<typeof scenario>,
    siblings: [],
    trace: { file: "t.jsonl", header, count: 5, kinds: new Set(["call", "return", "log"]) },
    judgement,
    answered: false,
    // the header is line 1, and a blank line comes after the first two events
    lines: new Map([
      [0, 2],
      [1, 3],
      [2, 5],
    ]),
  };
}

const rejected = under("d1daf829", "not allowed", {
  explained: 2,
  schedule: ["go-on A.run#1"],
  next: [{ event: "return", instance: "A", func: "stream.read", results: [64] }],
  ambiguity: 3,
  rejection: {
    event: { index: 2, event: read },
    context: [{ index: 0, event: write }],
    shortest: true,
  },
});

describe("the report", () => {
  test("of a trace that is allowed has the schedule and the command that shows the run", () => {
    const found = judged("allowed", under("d1daf829", "allowed"), under("6d28164", "allowed"));
    expect(judgedText(found)).toEqual([
      "JUDGE-1 one run  a.scn:1",
      "  t.jsonl: 5 events by e 1.0",
      "  d1daf829: allowed; all 5 events explained",
      "    after each event one state is possible (7 steps of the model tried)",
      "    schedule default",
      "    canon-async trace a.scn --schedule default",
      "  6d28164: allowed, the same as under d1daf829",
      "",
      "allowed under d1daf829, 6d28164",
    ]);
  });

  test("of one that is not has the event, what was allowed there, why, and how far a run gets", () => {
    const found = judged("not allowed", rejected);
    expect(judgedText(found)).toEqual([
      "JUDGE-1 one run  a.scn:1",
      "  t.jsonl: 5 events by e 1.0",
      "  d1daf829: not allowed; 2 of 5 events explained",
      "    no schedule explains:",
      "      line 5  A  t1  return  stream.read = 32",
      "    allowed there instead:",
      "      A  return  stream.read = 64",
      "    because of:",
      "      line 2  A  call  stream.write(1, 16, 4)",
      "    after some event 3 states are possible (7 steps of the model tried)",
      "    schedule up to there go-on A.run#1",
      "    canon-async trace a.scn --schedule 'go-on A.run#1'",
      "",
      "not allowed under d1daf829",
    ]);
    expect(placesIn(found.judgement)).toEqual([2, 0]);
  });

  test("of one that one revision alone allows names both", () => {
    const found = judged("allowed", { ...rejected }, under("6d28164", "allowed"));
    const lines = judgedText(found);
    expect(lines).toContain("  d1daf829: not allowed; 2 of 5 events explained");
    expect(lines).toContain("  6d28164: allowed; all 5 events explained");
    expect(lines).toContain("    canon-async trace a.scn --revision 6d28164 --schedule default");
    expect(lines.at(-1)).toBe("allowed under 6d28164");
  });

  test("of one that ends too early says so", () => {
    const rejection = { event: null, context: [], shortest: false };
    const lines = judgedText(
      judged("not allowed", under("d1daf829", "not allowed", { rejection })),
    );
    expect(lines).toContain("    the trace ends here, and no run does: it has to go on");
    expect(lines).toContain("    nothing at all is allowed there");
  });

  test("of one that was not decided has the bound, and what was explained", () => {
    const bound = "stopped at 100 steps";
    const lines = judgedText(
      judged(
        "unknown",
        under("d1daf829", "unknown", { bound, explained: 1, schedule: null, nextComplete: false }),
      ),
    );
    expect(lines.slice(2)).toEqual([
      "  d1daf829: unknown, stopped at 100 steps; 1 of 5 events explained",
      "    7 steps of the model tried",
      "",
      "unknown under d1daf829",
    ]);
  });

  test("lists twenty alternatives, and says where there may be more", () => {
    const next = Array.from({ length: 25 }, (_, i): TraceEvent => ({ event: "log", line: `${i}` }));
    const lines = judgedText(judged("not allowed", { ...rejected, next, nextComplete: false }));
    const from = lines.indexOf("    allowed there instead:");
    expect(lines.slice(from + 20, from + 23)).toEqual([
      "      log  19",
      "      and 5 more",
      "      there may be more",
    ]);
    const none = judgedText(judged("not allowed", { ...rejected, next: [], nextComplete: false }));
    expect(none).toContain("    what is allowed there is not known");
  });

  test("says what the trace never has where nothing else is allowed", () => {
    const said = (...next: readonly TraceEvent[]): string =>
      judgedText(judged("not allowed", { ...rejected, next })).join("\n");
    const hint =
      'hint: no invoke or result is in the trace; what was not recorded stands in "omits"';
    const [invoke, result] = [
      { event: "invoke", call: "f" },
      { event: "result", call: "f" },
    ] as const;
    expect(said(invoke, result)).toContain(`\n    ${hint}\n`);
    expect(said(invoke, read)).not.toContain("hint");
    // a run that has not come to its end is no sign of anything
    expect(said({ event: "end" })).not.toContain("hint");
  });

  test("says what a context is worth", () => {
    const [event, context] = [{ index: 2, event: read }, [{ index: 0, event: write }]];
    const said = (rejection: JudgedUnder["rejection"]): readonly string[] =>
      judgedText(judged("not allowed", { ...rejected, rejection }));
    expect(said({ event, context, shortest: false })).toContain(
      "    because of, and maybe without some of these:",
    );
    expect(said({ event, context: [], shortest: true })).toContain(
      "    it is not allowed, whatever the earlier events say",
    );
    expect(said({ event, context: [], shortest: false }).join("\n")).not.toContain("because");
    const first = { event: { index: 0, event: read }, context: [], shortest: true };
    expect(said(first).join("\n")).not.toContain("earlier events");
  });

  test("does not print a schedule that no command line takes", () => {
    const schedule = Array.from({ length: 300 }, (_, i) => `go-on A.run#${i + 1}`);
    const lines = judgedText(judged("allowed", under("d1daf829", "allowed", { schedule })));
    expect(lines).toContain("    schedule: 300 choices, which --json prints");
    expect(lines.join("\n")).not.toContain("go-on");
  });

  test("does not say of a context that it is enough without the host's answers", () => {
    const said = (found: JudgedUnder): string =>
      judgedText({ ...judged("not allowed", found), answered: true }).join("\n");
    expect(said(rejected)).toContain(
      "stream.write(1, 16, 4)\n      what functions of the host returned\n",
    );
    const rejection = { event: { index: 2, event: read }, context: [], shortest: true };
    expect(said({ ...rejected, rejection })).toContain(
      "whatever the earlier events say, but for what functions of the host returned\n",
    );
  });

  test("names no command where only the trace says what the host answers", () => {
    const found = { ...judged("allowed", under("d1daf829", "allowed")), answered: true };
    const lines = judgedText(found);
    expect(lines.slice(lines.indexOf("    schedule default") + 1, -2)).toEqual([
      "    functions of the host answered as the trace says, which only judging can repeat",
    ]);
    expect(judgedJson(found)).toMatchObject({
      revisions: [{ schedule: "default", command: null }],
    });
  });

  test("has what may come after a trace that stops, if that was asked for", () => {
    const lines = judgedText(judged("allowed", under("d1daf829", "allowed", { next: [write] })));
    const from = lines.indexOf("    what may come next:");
    expect(lines[from + 1]).toBe("      A  call  stream.write(1, 16, 4)");
  });

  test("is JSON with its fields in one order", () => {
    expect(JSON.stringify(judgedJson(judged("not allowed", rejected)))).toBe(
      JSON.stringify({
        file: "a.scn",
        line: 1,
        id: "JUDGE-1",
        title: "JUDGE-1 one run",
        trace: { file: "t.jsonl", engine: "e 1.0", events: 5 },
        verdict: "not allowed",
        revisions: [
          {
            revision: "d1daf829",
            amendments: revisions.d1daf829.amendments,
            settings: [],
            verdict: "not allowed",
            bound: null,
            explained: 2,
            ambiguity: 3,
            steps: 7,
            schedule: "go-on A.run#1",
            command: "canon-async trace a.scn --schedule 'go-on A.run#1'",
            rejection: {
              event: { index: 2, line: 5, event: read },
              context: [{ index: 0, line: 2, event: write }],
              shortest: true,
            },
            next: [{ event: "return", instance: "A", func: "stream.read", results: [64] }],
            nextComplete: true,
          },
        ],
      }),
    );
  });
});

describe("an event", () => {
  const cases: readonly (readonly [string, TraceEvent])[] = [
    ["f(1, ?)", { event: "enter", func: "f", args: [1, null] }],
    ["?(..)", { event: "enter" }],
    [
      "f(); memory at 16: 61 62",
      { event: "enter", func: "f", args: [], memory: [{ at: 16, bytes: "6162" }] },
    ],
    ["f", { event: "leave", func: "f", results: [] }],
    ["f = ..", { event: "leave", func: "f" }],
    ["f = 1, NaN", { event: "leave", func: "f", results: [1, "NaN"] }],
    ["stream.read(1)", { event: "call", func: "stream.read", args: [1] }],
    [
      `? = 7; memory 1 at 0: ${"00 ".repeat(16).trim()} .. (17 bytes)`,
      { event: "return", results: [7], memory: [{ at: 0, memory: 1, bytes: "00".repeat(17) }] },
    ],
    ["f(1)", { event: "invoke", call: "f(1)" }],
    ["f(1) = 7", { event: "result", call: "f(1)", value: "7" }],
    ["f(1)", { event: "result", call: "f(1)", value: null }],
    ["f(1) = ..", { event: "result", call: "f(1)" }],
    ['now("x", ?)', { event: "host-call", func: "now", args: ['"x"', null] }],
    ["now(..)", { event: "host-call", func: "now" }],
    ["now = 7", { event: "host-return", func: "now", value: "7" }],
    ["now", { event: "host-return", func: "now" }],
    ["now is cancelled", { event: "host-return", func: "now", cancelled: true }],
    ["now traps", { event: "host-return", func: "now", trapped: true }],
    ["hello", { event: "log", line: "hello" }],
    ["guest.unreachable", { event: "trap", code: "guest.unreachable" }],
    ["", { event: "trap" }],
    ["f, g waiting", { event: "end", waiting: ["f", "g"] }],
    ["nothing waits", { event: "end", waiting: [] }],
    ["", { event: "end" }],
  ];
  test.each(cases)("says %s", (said, event) => {
    expect(eventDetail(event)).toBe(said);
  });

  test("shows no control characters of somebody else's, and no texts without end", () => {
    const line = `\u001b[31m\n${"x".repeat(500)}`;
    const [row = ""] = eventRows([{ lead: "", event: { event: "log", thread: "\u202e", line } }]);
    expect(row).toMatch(/^\ufffd {2}log {2}\ufffd\[31m\ufffdx+\.\.$/);
    expect(row.length).toBeLessThan(150);
  });

  test("stands in columns, of which those that nothing is in are left out", () => {
    const rows = eventRows([
      { lead: "a", event: { event: "log", thread: "t10", line: "x" } },
      { lead: "bc", event: { event: "trap", thread: "t1" } },
    ]);
    expect(rows).toEqual(["a   t10  log   x", "bc  t1   trap"]);
  });
});
