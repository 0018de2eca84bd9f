// Every case of the litmus table is a scenario of the book, named by its id, and stands there once.

import { describe, expect, test } from "vitest";
import { checksFor, revisionsOf } from "../../src/scenario/verify.ts";
import { readBook } from "../book/files.ts";

/** The ids of the table by family. */
const families: Readonly<Record<string, string>> = {
  CALL: "01 03 04 06 07 09 10 12 13 15 16",
  BP: "01 03 04 06 07 09 10 12",
  CAN: "01 03 04 06 07 09 10 12 13 15 16 18 19 21 22 24 25",
  STR: "01 03 04 06 07 09 10 12 13 15 16 18 19 21 22 24 25 27 28 30 31 33 34 36 37 39",
  FUT: "01 03 04 06 07 09 10 12 13",
  WS: "01 03 04 06 07 09 10 12",
  SYN: "01 03 04 06 07 09",
  REE: "01 03 04 06 07",
  BOR: "01 03 04 06",
  THR: "01 03 04 06",
};

const ids = Object.entries(families).flatMap(([family, numbers]) =>
  numbers.split(" ").map((number) => `${family}-${number}`),
);

const { entries } = readBook();
const places = new Map<string, string[]>();
for (const { file, scenario } of entries) {
  if (scenario.id === null || !ids.includes(scenario.id)) continue;
  const known = places.get(scenario.id) ?? [];
  places.set(scenario.id, [...known, `${file}:${scenario.pos.line}`]);
}

describe("the litmus table", () => {
  test(`has ${ids.length} cases`, () => {
    expect(ids).toHaveLength(98);
  });
  test("claims the whole set of outcomes under every revision", () => {
    const vague = entries.filter(
      ({ scenario }) =>
        ids.includes(scenario.id ?? "") &&
        revisionsOf(scenario).some((revision) =>
          checksFor(scenario, revision).every((check) => check.quantifier !== "exactly"),
        ),
    );
    expect(vague.map(({ scenario }) => scenario.id)).toEqual([]);
  });
  for (const id of ids) {
    test(`${id} is a scenario`, () => {
      expect(places.get(id) ?? [], `${id} has exactly one scenario`).toHaveLength(1);
    });
  }
});
