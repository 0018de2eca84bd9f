// spec/claims.json is complete and says nothing that the book does not show: every row, every reference.

import { describe, expect, test } from "vitest";
import {
  type Claim,
  claimTable,
  documentKeys,
  lawOf,
  parseClaims,
  placesOf,
  unknownLaws,
  unknownScenarios,
  verdictTable,
} from "../../src/report/claims.ts";
import { hasTest, readBook, readClaims } from "./files.ts";

const claims = readClaims();
const places = placesOf(readBook().entries);

/** The rows of each document: as many as its claims, which were counted in the document. */
const sizes = [
  ["wasi-870", "4", 57],
  ["isyswasfa", "0", 18],
  ["meeting-2022", "1", 36],
  ["wasmtime-async", "2", 8],
  ["interview-2019", "3", 10],
] as const;

describe("the claims", () => {
  test("are those of five documents, in order and each once", () => {
    const ids = sizes.flatMap(([, prefix, size]) =>
      Array.from({ length: size }, (_, i) => `${prefix}.${String(i + 1).padStart(2, "0")}`),
    );
    expect(ids).toHaveLength(129);
    expect(claims.map(({ id }) => id)).toEqual(ids);
    expect(documentKeys).toEqual(sizes.map(([document]) => document));
  });
  test("refer to scenarios of the book", () => {
    expect(unknownScenarios(claims, places)).toEqual([]);
  });
  test("refer to laws that are tested", () => {
    expect(unknownLaws(claims, hasTest)).toEqual([]);
  });
  test("name in their reasons only the scenarios that they refer to", () => {
    const stray = claims.flatMap(({ id, why, scenarios }) =>
      (why.match(/\b(?:[A-Z][A-Z0-9]*-)+[A-Z]?\d+[a-z]?\b|\b[A-Z]\d\d\b/g) ?? [])
        .filter((name) => !scenarios.includes(name))
        .map((name) => `${id}: ${name}`),
    );
    expect(stray).toEqual([]);
  });
  test("quote nobody", () => {
    const quoting = claims.filter(({ claim, why }) =>
      /["\u201c\u201d\u00ab\u00bb]/.test(claim + why),
    );
    expect(quoting.map(({ id }) => id)).toEqual([]);
  });
});

const row = {
  id: "4.01",
  document: "wasi-870",
  who: "somebody",
  claim: "It is so.",
  verdict: "holds",
  why: "The scenario shows it.",
  scenarios: ["STR-39"],
};

const parsed = (change: object): Claim | undefined => parseClaims([{ ...row, ...change }])[0];

describe("a row is refused, by its id,", () => {
  const refused: readonly (readonly [string, unknown, string])[] = [
    ["for a verdict that does not exist", { verdict: "true" }, '"verdict" is one of holds, '],
    ["for a document that does not exist", { document: "x" }, '"document" is one of wasi-870, '],
    ["for an id of another document", { document: "isyswasfa" }, "rows of isyswasfa begin with 0."],
    ["without a claim", { claim: undefined }, '"claim" is missing'],
    ["with a reason that is no sentence", { why: "so" }, '"why" does not end with a full stop'],
    ["with scenarios that are no list", { scenarios: "STR-39" }, '"scenarios" is a list of names'],
    ["for a word that means nothing", { note: "?" }, '"note" means nothing here'],
    ["without anything that shows it", { scenarios: [] }, '"holds" needs a scenario or a law'],
  ];
  for (const [why, change, message] of refused) {
    test(why, () => {
      expect(() => parsed(change as object)).toThrow(`claims.json, row 4.01: `);
      expect(() => parsed(change as object)).toThrow(message);
    });
  }
  test("or by its number, if it has none", () => {
    expect(() => parseClaims([row, null])).toThrow('claims.json, row number 2: "id" is missing');
  });
});

describe("a row needs no scenario", () => {
  test("if nothing can be checked", () => {
    expect(parsed({ verdict: "not checkable", scenarios: [] })?.scenarios).toEqual([]);
  });
});

describe("a broken copy fails the check", () => {
  const broken = claims.map((claim, i) =>
    i === 0 ? { ...claim, scenarios: ["STR-40", "FUT-10"], laws: ["G99"] } : claim,
  );
  test("because of a scenario that does not exist, and only of that one", () => {
    const sound = unknownScenarios(claims.slice(1), places);
    expect(unknownScenarios(broken, places)).toEqual(["4.01: there is no STR-40", ...sound]);
  });
  test("because of a law that does not exist", () => {
    expect(unknownLaws(broken, hasTest)).toEqual(["4.01: there is no law G99"]);
    const law = "tests/property/streams.property.test.ts: arrive twice";
    expect(unknownLaws(parseClaims([{ ...row, laws: [law] }]), hasTest)).toEqual([
      `4.01: there is no law ${law}`,
    ]);
  });
  test("because of a name that two files have", () => {
    const here = { file: "a.scn", scenario: { title: "STR-39 here" } };
    const twice = placesOf([here, here, { file: "b.scn", scenario: { title: "STR-39 there" } }]);
    expect(unknownScenarios(parseClaims([row]), twice)).toEqual(["4.01: two files have STR-39"]);
    expect(unknownScenarios(parseClaims([row]), placesOf([here, here]))).toEqual([]);
  });
});

describe("the tables", () => {
  test("link each scenario and law to its file, seen from the chapter", () => {
    const some = parseClaims([
      { ...row, scenarios: ["STR-39", "V99"], laws: ["G05", "tests/a.test.ts: is so"] },
      { ...row, id: "4.02", claim: "A | B.", verdict: "not checkable", scenarios: [] },
      { ...row, id: "0.01", document: "isyswasfa" },
    ]);
    const lines = claimTable(some, "wasi-870", places, "spec/10-design-discussions.md").split("\n");
    const by =
      "[STR-39](litmus/STR.scn), `V99`, [G05](07-nondeterminism.md), [is so](../tests/a.test.ts)";
    expect(lines).toEqual([
      "| id | who | claim | verdict | why | shown by |",
      "| --- | --- | --- | --- | --- | --- |",
      `| 4.01 | somebody | It is so. | holds | The scenario shows it. | ${by} |`,
      "| 4.02 | somebody | A \\| B. | not checkable | The scenario shows it. |  |",
    ]);
  });
  test("count each claim once", () => {
    const counts = verdictTable(claims)
      .split("\n")
      .slice(2)
      .map((line) => line.split("|").slice(2, -1).map(Number));
    expect(counts.map((line) => line.at(-1))).toEqual([57, 18, 36, 8, 10, 129]);
    for (const line of counts) {
      expect(line.slice(0, -1).reduce((sum, n) => sum + n, 0)).toBe(line.at(-1));
    }
  });
  test("call a law by its title", () => {
    expect(lawOf("G05")).toEqual({ file: null, title: "G05" });
    expect(lawOf("tests/a.test.ts: is so")).toEqual({ file: "tests/a.test.ts", title: "is so" });
  });
});
