// Ill-formed scenarios: each file says in its first line where it goes wrong and why.

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checkScenario } from "../../src/scenario/check.ts";
import { formatScenarioError, ScenarioError } from "../../src/scenario/errors.ts";
import { parseScenarios } from "../../src/scenario/parse.ts";

const folder = new URL("../invalid/", import.meta.url);
const files = readdirSync(folder).sort();
const trapCodes = new Set(["stream.read.not-idle"]);

function errorOf(file: string, text: string): ScenarioError {
  try {
    for (const s of parseScenarios(text, file)) checkScenario(s, file, { trapCodes });
  } catch (error) {
    if (error instanceof ScenarioError) return error;
    throw error;
  }
  throw new Error(`${file} is well-formed`);
}

test("the corpus covers words, syntax and meaning", () => {
  const count = (prefix: string): number => files.filter((f) => f.startsWith(prefix)).length;
  expect([count("lexical-"), count("syntax-"), count("check-")]).toEqual([16, 72, 179]);
});

describe("an ill-formed scenario", () => {
  test.each(files)("%s", (file) => {
    const text = readFileSync(new URL(file, folder), "utf8");
    const expected = /^-- expect (\d+):(\d+) (.+)$/m.exec(text);
    const e = errorOf(file, text);
    expect({ line: e.line, column: e.column }).toEqual({
      line: Number(expected?.[1]),
      column: Number(expected?.[2]),
    });
    expect(e.message).toContain(expected?.[3]);
    expect(e.hint ?? e.expected.join()).not.toBe("");
    expect(e.file).toBe(file);
  });
});

describe("an error as text", () => {
  test("shows the position, the line, a caret and the hint", () => {
    const text = 'scenario "t"\ncomponent A {\n\texport f: func() { lgo "x" }\n}\n';
    expect(formatScenarioError(errorOf("a.scn", text), text)).toBe(
      [
        'a.scn:3:25: expected `}`, an operator or the end of the line, but found "x"',
        '3 | \texport f: func() { lgo "x" }',
        "  | \t                       ^",
        "hint: did you mean `log`?",
      ].join("\n"),
    );
  });

  test("at the end of the text there is still a line", () => {
    const text = 'scenario "t"\ncomponent A {';
    expect(formatScenarioError(errorOf("a.scn", text), text).split("\n").slice(1)).toEqual([
      "2 | component A {",
      "  |              ^",
      "hint: the `{` of line 2 is not closed",
    ]);
  });
});
