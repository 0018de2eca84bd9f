// Reports as pure functions: diagrams, traces of hosts and callbacks, commands, files of scenarios.

import { describe, expect, test } from "vitest";
import { replayCommand, shellWord } from "../../src/report/command.ts";
import { escapeMermaid, mermaid } from "../../src/report/mermaid.ts";
import { type Trace, traceOf } from "../../src/report/trace.ts";
import { traceText } from "../../src/report/trace-text.ts";
import { checkedScenarios, holdsScenarios, scenariosIn } from "../../src/scenario/book.ts";
import { movesBetween } from "../../src/scenario/moves.ts";
import { parseRevision } from "../../src/scenario/revision.ts";
import { systemOf } from "../../src/scenario/verify.ts";
import { defaultPolicy } from "../../src/scheduler/run.ts";

const text = `scenario "HOST-1 a host reads from a callback task; \\"quoted\\" #1"
component A {
  var w = 0
  var ws = 0
  export run: async func() -> stream<u8> callback {
    on start() {
      let r, writer = stream.new<u8>
      w = writer
      ws = waitable-set.new
      waitable.join w ws
      async stream.write w "ab"
      task.return<stream<u8>> r
      wait ws
    }
    on event(e, i, p) {
      log "{e}; {p}"
      unreachable
    }
  }
}
host {
  process p { let s = A.run(); let n, vs = stream.read<u8> s 5; log vs }
}
always traps guest.unreachable
`;

function traced(): Trace {
  const [scenario] = checkedScenarios(text, "x.scn");
  return traceOf(systemOf(scenario!, parseRevision("d1daf829")), defaultPolicy);
}

describe("a trace", () => {
  test("shows the host's operations, events of callbacks, copies and traps", () => {
    const lines = traceText(traced().steps).map((line) => line.replace(/ +/g, " ").trim());
    const shown = lines.map((line) => line.replace(/^\d+ \S+ /, ""));
    expect(shown).toContain("task.resolve A.run returns <stream>");
    expect(shown).toContain("host.call.done A.run = <stream>");
    expect(shown).toContain("copy.moved 2 elements: A/w2 to host/r");
    expect(shown).toContain("event event STREAM_WRITE 2 COMPLETED|2");
    expect(shown.at(-1)).toMatch(/traps guest.unreachable: guest: the guest executed unreachable/);
  });

  test("numbers the steps of a verbose trace without a gap", () => {
    const { steps } = traced();
    const numbers = traceText(steps, { verbose: true }).map((l) => Number(/\d+/.exec(l)?.[0]));
    expect([...new Set(numbers)]).toEqual(steps.map((_, i) => i + 1));
  });
});

describe("a Mermaid diagram", () => {
  const line =
    /^ {2}(participant p\d+ as [^;#"<>]+|p\d+(->>|-->>|-\)|-x)p\d+: \S.*|Note over p\d+: \S.*)$/;

  test("has only lines that Mermaid knows, and no character that it would read otherwise", () => {
    for (const verbose of [false, true]) {
      const [first, ...rest] = mermaid(traced(), verbose);
      expect(first).toBe("sequenceDiagram");
      for (const each of rest) {
        expect(each).toMatch(line);
        expect(each.replace(/#\w+;/g, "")).not.toMatch(
          /[#;<>"\\%{}]{1}(?!>|>>)(?<!->|->>|-->|-->>)/,
        );
      }
    }
  });

  test("escapes every character that means something", () => {
    expect(escapeMermaid('a;b#c <d> "e"\n')).toBe("a#59;b#35;c #lt;d#gt; #quot;e#quot; ");
    expect(escapeMermaid("")).toBe("(empty)");
  });

  test("draws calls, returns, copies and traps", () => {
    const lines = mermaid(traced());
    expect(lines).toContain("  p0->>p1: A.run()");
    expect(lines).toContain("  p1-->>p0: A.run returns #lt;stream#gt;");
    expect(lines).toContain("  p1-)p0: 2 elements: A/w2 to host/r");
    expect(lines.at(-1)).toContain("Note over p1: traps guest.unreachable");
  });
});

describe("a command", () => {
  test("quotes what a shell would take apart", () => {
    expect(shellWord("spec/a.scn")).toBe("spec/a.scn");
    expect(shellWord("it's; #1")).toBe("'it'\\''s; #1'");
  });

  test("names only what is not the default", () => {
    const scenario = scenariosIn(text, "x.scn")[0]!;
    const base = { file: "x.scn", scenario, revision: "d1daf829", profile: "full", schedule: [] };
    expect(replayCommand({ ...base, siblings: [scenario] })).toBe(
      "canon-async replay x.scn --schedule default",
    );
    const other = { ...scenario, title: "HOST-1 another", pos: { line: 9, column: 1 } };
    const namesakes = { ...base, siblings: [scenario, { ...other, title: scenario.title }] };
    expect(replayCommand(namesakes)).toContain(" --only 1 ");
    const twins = { ...base, siblings: [scenario, other], profile: "deterministic" };
    expect(replayCommand(twins)).toBe(
      `canon-async replay x.scn --only 'HOST-1 a host reads from a callback task; "quoted" #1' --profile deterministic --schedule default`,
    );
  });
});

describe("files of scenarios", () => {
  test("keep the lines of Markdown, also in errors", () => {
    const md = ["# x", "", "```scenario extra words", 'scenario "a"', "oops", "```"].join("\r\n");
    expect(() => scenariosIn(md, "x.md")).toThrow(expect.objectContaining({ line: 5 }));
    const good = md.replace("oops", "component A {\n  export f: func() {}\n}\nrun A.f");
    expect(scenariosIn(good, "x.md")[0]?.pos).toEqual({ line: 4, column: 1 });
  });

  test("are Markdown only with a fence of their own", () => {
    expect(holdsScenarios("```js\n```scenario\n```\n", "x.md")).toBe(false);
    expect(holdsScenarios("``` scenario\n```\n", "x.md")).toBe(true);
    expect(holdsScenarios("", "x.scn")).toBe(true);
  });

  test("may leave a fence open", () => {
    const md =
      '~~~~ scenario\nscenario "a"\ncomponent A {\n  export f: func() {}\n}\nrun A.f\n~~~\n';
    expect(() => scenariosIn(md, "x.md")).toThrow();
    expect(scenariosIn(md.replace("~~~\n", ""), "x.md")).toHaveLength(1);
  });
});

test("moves are looked for only where the two ends differ", () => {
  const [scenario] = checkedScenarios(text, "x.scn");
  const [from, to] = [parseRevision("6d28164"), parseRevision("d1daf829")];
  expect(movesBetween(scenario!, from, to)).toMatchObject({ moved: false, moves: [], states: 2 });
});
