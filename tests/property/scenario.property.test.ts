// The laws of the scenario language's front end: printing, parsing, and total errors.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Scenario } from "../../src/scenario/ast.ts";
import { checkScenario } from "../../src/scenario/check.ts";
import { formatScenarioError, ScenarioError } from "../../src/scenario/errors.ts";
import { parseScenarios } from "../../src/scenario/parse.ts";
import { printScenario } from "../../src/scenario/print.ts";
import { scenario } from "./arbitraries/scenario.ts";

/** The same tree with every position removed. */
function bare(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(bare);
  if (typeof node !== "object" || node === null) return node;
  const entries = Object.entries(node).filter(([key]) => key !== "pos");
  return Object.fromEntries(entries.map(([key, value]) => [key, bare(value)]));
}

/** Parses and checks; an ill-formed text must say so in one clear error. */
function judge(text: string): readonly Scenario[] | ScenarioError {
  try {
    const found = parseScenarios(text, "fuzz.scn");
    for (const s of found) checkScenario(s, "fuzz.scn");
    return found;
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return error;
  }
}

function isClear(e: ScenarioError, text: string): void {
  const lines = text.split("\n");
  expect(e.message).not.toBe("");
  expect(e.line).toBeGreaterThanOrEqual(1);
  expect(e.line).toBeLessThanOrEqual(lines.length);
  expect(e.column).toBeGreaterThanOrEqual(1);
  expect(e.column).toBeLessThanOrEqual((lines[e.line - 1] ?? "").length + 1);
  expect(formatScenarioError(e, text)).toContain(`fuzz.scn:${e.line}:${e.column}: `);
}

function judgeClearly(text: string): void {
  const verdict = judge(text);
  if (verdict instanceof ScenarioError) {
    isClear(verdict, text);
    return;
  }
  for (const s of verdict) {
    expect(bare(parseScenarios(printScenario(s), "again"))).toEqual([bare(s)]);
  }
}

const soup = fc
  .array(
    fc.constantFrom(
      ..."scenario component A B { } ( ) [ ] < > , ; : = == | -> - + * _ _ \n \n \n".split(" "),
      ..."let log if else repeat while return exit wait choose or and not async at".split(" "),
      ..."export func stackful callback on start event import host var type record".split(" "),
      ..."variant stream.read stream.new task.return P.f x w 1 -1 1.5 0x1f 6d28164".split(" "),
      ..."CM#707 COMPLETED BLOCKED always exactly under run as stuck traps before %".split(" "),
      '"t"',
      '"a {x} b"',
      "'c'",
      "\n",
      "-- c\n",
    ),
    { maxLength: 60 },
  )
  .map((words) => words.join(" "));

const numRuns = 300;

describe("scenarios", () => {
  test("what is generated is well-formed", () => {
    fc.assert(
      fc.property(scenario(), (s) => checkScenario(s, "generated")),
      { numRuns },
    );
  });

  test("what is printed is parsed back", () => {
    fc.assert(
      fc.property(scenario(), (s) => {
        const text = printScenario(s);
        expect(bare(parseScenarios(text, "printed.scn"))).toEqual([bare(s)]);
      }),
      { numRuns },
    );
  });

  test("printing what was printed changes nothing", () => {
    fc.assert(
      fc.property(scenario(), scenario(), (s, t) => {
        const text = [s, t].map(printScenario).join("\n");
        expect(parseScenarios(text, "printed.scn").map(printScenario).join("\n")).toBe(text);
      }),
      { numRuns: 100 },
    );
  });
});

describe("ill-formed text", () => {
  test("random characters give scenarios or one clear error", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), judgeClearly), {
      numRuns,
    });
  });

  test("random UTF-16 units give scenarios or one clear error", () => {
    const units = fc.array(fc.nat(0xffff), { maxLength: 100 });
    fc.assert(
      fc.property(units, (codes) => judgeClearly(`scenario "${String.fromCharCode(...codes)}`)),
      { numRuns },
    );
  });

  test("random words give scenarios or one clear error", () => {
    const framed = soup.map((s) => `scenario "t"\ncomponent A {\nexport f: func() {\n${s}\n}\n}`);
    fc.assert(fc.property(fc.oneof(soup, framed), judgeClearly), { numRuns: 1000 });
  });

  test("random words as checks give scenarios or one clear error", () => {
    fc.assert(
      fc.property(soup, (s) => judgeClearly(`scenario "t"\nalways ${s}`)),
      { numRuns },
    );
  });

  test("a scenario with words lost, doubled or swapped gives scenarios or one clear error", () => {
    fc.assert(
      fc.property(scenario(), fc.nat(), fc.nat(), fc.nat(3), (s, i, j, how) => {
        const words = printScenario(s).split(/(?<=[ \n(){}[\],.:|])|(?=[ \n(){}[\],.:|])/);
        judgeClearly(mutated(words, i, j, how).join(""));
      }),
      { numRuns: 1000 },
    );
  });

  test("a scenario with lines lost, doubled or swapped gives scenarios or one clear error", () => {
    fc.assert(
      fc.property(scenario(), fc.nat(), fc.nat(), fc.nat(3), (s, i, j, how) => {
        judgeClearly(mutated(printScenario(s).split("\n"), i, j, how).join("\n"));
      }),
      { numRuns },
    );
  });
});

function mutated(parts: readonly string[], i: number, j: number, how: number): string[] {
  const [from, to] = [i % parts.length, j % parts.length];
  const copy = [...parts];
  if (how === 0) copy.splice(from, 1);
  if (how === 1) copy.splice(to, 0, parts[from]!);
  if (how === 2) [copy[from], copy[to]] = [parts[to]!, parts[from]!];
  return how === 3 ? copy.slice(0, from) : copy;
}
