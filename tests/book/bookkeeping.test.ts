// The book says everything that the code does, and nothing else: labels, coverage, links.

import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { rules } from "../../src/canon/rules.ts";
import { trapCodes } from "../../src/canon/traps.ts";
import { labelsIn } from "../../src/report/tables.ts";
import { usesWasi } from "../../src/scenario/wasi-names.ts";
import { type Coverage, coverageOf, unknownTraps } from "./coverage.ts";
import { bookFiles, chapters, read, readBook, root } from "./files.ts";
import { unscripted } from "./unscripted.ts";

const { entries } = readBook();

const labels = chapters.flatMap((file) =>
  labelsIn(read(file)).map(({ label, line }) => ({ label, place: `${file}:${line}` })),
);

describe("labels", () => {
  test("stand for every rule", () => {
    const labelled = new Set(labels.map(({ label }) => label));
    expect(Object.keys(rules).filter((rule) => !labelled.has(rule))).toEqual([]);
  });
  test("stand for nothing but rules", () => {
    const odd = labels.filter(({ label }) => !Object.hasOwn(rules, label));
    expect(odd.map(({ label, place }) => `${place} ${label}`)).toEqual([]);
  });
  test("stand for no rule twice", () => {
    const first = new Map<string, string>();
    const twice: string[] = [];
    for (const { label, place } of labels) {
      const before = first.get(label);
      if (before === undefined) first.set(label, place);
      else twice.push(`${label}: ${before} and ${place}`);
    }
    expect(twice).toEqual([]);
  });
});

describe("coverage", () => {
  let coverage: Coverage;
  beforeAll(() => {
    // the scenarios of WASI ask nothing of the machine that the others do not
    coverage = coverageOf(entries.filter(({ scenario }) => !usesWasi(scenario)));
  });
  test("includes every rule", () => {
    expect(Object.keys(rules).filter((rule) => !coverage.rules.has(rule))).toEqual([]);
  });
  test("includes every trap code that a scenario can reach", () => {
    const missed = [...trapCodes].filter(
      (code) => !coverage.traps.has(code) && !Object.hasOwn(unscripted, code),
    );
    expect(missed).toEqual([]);
  });
  test("has no exception that a scenario reaches after all", () => {
    expect(Object.keys(unscripted).filter((code) => coverage.traps.has(code))).toEqual([]);
  });
  test("has no trap code without a sentence", () => {
    expect(unknownTraps(coverage)).toEqual([]);
  });
});

/** Relative links of a page: the target without its fragment, and the line. */
function linksIn(text: string): readonly { readonly target: string; readonly line: number }[] {
  return text.split("\n").flatMap((content, i) =>
    [...content.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = ""]) => {
      const [path = ""] = target.split("#");
      return path === "" || /^[a-z]+:/.test(path) ? [] : [{ target: path, line: i + 1 }];
    }),
  );
}

const docs = readdirSync(join(root, "docs")).map((name) => `docs/${name}`);

describe("links", () => {
  const pages = [...bookFiles.filter((file) => file.endsWith(".md")), "README.md", ...docs];
  for (const file of pages) {
    test(`of ${file} lead somewhere`, () => {
      const broken = linksIn(read(file)).filter(
        ({ target }) => !existsSync(join(root, dirname(file), target)),
      );
      expect(broken.map(({ target, line }) => `${file}:${line} ${target}`)).toEqual([]);
    });
  }
});

describe("titles", () => {
  test("name one scenario each within a file", () => {
    const seen = new Set<string>();
    const twice = entries.filter(({ file, scenario }) => {
      const key = `${file} ${scenario.title}`;
      return seen.has(key) || !seen.add(key);
    });
    expect(twice.map(({ file, scenario }) => `${file}:${scenario.pos.line}`)).toEqual([]);
  });
});
