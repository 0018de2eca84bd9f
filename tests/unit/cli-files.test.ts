// Files as editors and accidents leave them, and searches and runs that are cut off.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { exitCodes } from "../../src/cli/io.ts";
import { cli, fixtures } from "./cli-harness.ts";

const folder = mkdtempSync(join(tmpdir(), "canon-async-"));
afterAll(() => rmSync(folder, { recursive: true }));

const tour = `${fixtures}/tour.scn`;

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function scenario(body: string): string {
  return [
    'scenario "FILE-1 one run"',
    "component A {",
    "  export run: async func() stackful {",
    `    ${body}`,
    "    task.return",
    "  }",
    "}",
    "run A.run",
    "always ok",
    "",
  ].join("\n");
}

const bytes = (text: string): Uint8Array => Buffer.from(text, "latin1");

describe("a file", () => {
  const open = `# Prose\n\n\`\`\`scenario\n${scenario("log 1")}\nand prose again.\n`;
  const refused: readonly (readonly [string, string, string | Uint8Array, string])[] = [
    ["that is empty", "empty.scn", "", ":1:1: there is no scenario here"],
    ["with comments alone", "comment.scn", "-- nothing\n", ":1:1: there is no scenario here"],
    ["with an empty fence", "fence.md", "```scenario\n```\n", ":1:1: there is no scenario here"],
    ["that is not UTF-8", "latin1.scn", bytes(scenario('log "\xe9"')), ":4:10: this is not UTF-8"],
    ["of zeros", "zero.scn", new Uint8Array(64), ":1:1: unexpected character U+0000"],
    ["with an open fence", "open.md", open, "hint: the fence of line 3 is not closed"],
    ["nested too deeply", "deep.scn", scenario("if true {".repeat(40)), "hint: split it up"],
  ];
  test.each(refused)("%s is refused with one message", async (_, name, content, message) => {
    const { code, out, err } = await cli(["explore", file(name, content)]);
    expect(err).toContain(message);
    expect({ code, out }).toEqual({ code: exitCodes.invalid, out: "" });
  });

  test("may begin with a byte order mark and end its lines with CR LF", async () => {
    const text = scenario("log 1").replaceAll("\n", "\r\n");
    for (const path of [
      file("mark.scn", `\ufeff${text}`),
      file("mark.md", `\ufeff\`\`\`scenario\r\n${text}\`\`\`\r\n`),
    ]) {
      expect(await cli(["explore", path])).toMatchObject({ code: exitCodes.ok, err: "" });
    }
  });

  test("with a very long line is quoted around the mistake alone", async () => {
    const path = file(
      "long.scn",
      scenario(`log "${"a".repeat(9_000)}" oops "${"b".repeat(9_000)}"`),
    );
    const { err } = await cli(["explore", path]);
    const [message, source = "", caret = ""] = err.split("\n");
    expect(message).toMatch(/:4:9012: expected .* found `oops`$/);
    expect(source.slice(caret.indexOf("^")).startsWith("oops")).toBe(true);
    expect(source.length).toBeLessThan(300);
  });

  test("with a name of any length, or unprintable text, gives a short and plain message", async () => {
    const long = await cli(["explore", file("name.scn", scenario(`log ${"a".repeat(9_000)}`))]);
    expect(Math.max(...long.err.split("\n").map((line) => line.length))).toBeLessThan(300);
    const odd = await cli(["explore", file("odd.scn", scenario('log "\u001b[31m" oops'))]);
    expect(odd.err).toContain("\ufffd[31m");
    expect(odd.err).not.toContain("\u001b");
  });
});

describe("what is cut off", () => {
  test("a run that meets a limit decides nothing", async () => {
    const path = file("spin.scn", scenario("while true {}"));
    const { code, out } = await cli(["explore", path]);
    expect(out).toContain("limit 20000 instructions");
    expect(out).toContain("bounded always ok");
    expect(out).not.toContain("violated");
    expect(code).toBe(exitCodes.incomplete);
  });

  test("a comparison of searches that were cut off names no amendment for what it did not find", async () => {
    const text = scenario("choose { log 1 } or { log 2 }");
    const argv = ["diff", file("cut.scn", text), "--from", "6d28164", "--to", "d1daf829"];
    const { code, out } = await cli([...argv, "--max-states", "1"]);
    expect(out).toContain("1 scenario; none known to move; 1 not searched to the end");
    expect(out).not.toContain("by CM#");
    expect(code).toBe(exitCodes.incomplete);
  });

  test("a trace that is cut off has no outcome", async () => {
    const argv = ["trace", tour, "--only", "ONE-1", "--max-steps", "3"];
    const { out } = await cli([...argv, "--format", "json"]);
    const last = JSON.parse(out.trim().split("\n").at(-1) ?? "");
    expect(last).toMatchObject({ outcome: null, complete: false, end: null });
    expect((await cli(argv)).out).toContain("outcome unknown\n    cut off before its end");
  });

  test("a run and a trace say so when a schedule did not apply", async () => {
    const rest = [tour, "--only", "ONE-1", "--schedule", "go-on B.f#2"];
    for (const command of ["run", "trace"]) {
      const { code, out, err } = await cli([command, ...rest]);
      expect(err).toContain('"go-on B.f#2" never applied');
      expect(out).toContain("outcome [in 7, back: STARTED, out]");
      expect(code).toBe(exitCodes.violated);
    }
  });
});

describe("a revision", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["d1daf829 -", 'nothing stands after "-"'],
    ["6d28164 - CM#720", "CM#720 is not part of 6d28164"],
    ["d1daf829 - CM#720 - CM#720", "CM#720 is not part of d1daf829"],
    ["d1daf829 + CM#720", "CM#720 is part of d1daf829 already"],
  ];
  test.each(cases)("%s is refused", async (revision, message) => {
    const { code, err } = await cli(["explore", tour, "--revision", revision]);
    expect(err).toContain(message);
    expect(code).toBe(exitCodes.invalid);
  });
});
