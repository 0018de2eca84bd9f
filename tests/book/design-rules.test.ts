// Every numbered rule of the earlier designs is exercised by a scenario or a law that exists.

import { describe, expect, test } from "vitest";
import { placesOf, unknownLaws, unknownScenarios } from "../../src/report/claims.ts";
import {
  designRuleGroups,
  designRuleTable,
  groupOf,
  parseDesignRules,
} from "../../src/report/design-rules.ts";
import { hasTest, readBook, readDesignRules } from "./files.ts";

const rules = readDesignRules();
const places = placesOf(readBook().entries);

/** How many rules each group has: as many as its design numbers. */
const sizes: Readonly<Record<string, number>> = {
  "ISY-W": 7,
  "ISY-N": 3,
  "ISY-H": 13,
  "ISY-G": 11,
  "ISY-P": 10,
  "ISY-Q": 10,
  "ISY-S": 8,
  ABI: 20,
  "P22-T": 11,
  "P22-P": 10,
  "P22-S": 4,
  "P22-D": 16,
  STK: 15,
  "STK-P": 7,
  PRO: 10,
  "PRO-P": 4,
};

describe("the rules of the earlier designs", () => {
  test("have a number each, in groups that the chapters have", () => {
    const ids = rules.map(({ id }) => id);
    expect(ids.filter((id, i) => ids.indexOf(id) < i)).toEqual([]);
    const groups: readonly string[] = designRuleGroups;
    expect(ids.filter((id) => !groups.includes(groupOf(id)))).toEqual([]);
  });
  test("are all there", () => {
    const count = (group: string): number => rules.filter(({ id }) => groupOf(id) === group).length;
    const found = Object.fromEntries(Object.keys(sizes).map((group) => [group, count(group)]));
    expect(found).toEqual(sizes);
    expect(designRuleGroups.filter((group) => count(group) === 0)).toEqual([]);
  });
  test("are exercised by scenarios of the book", () => {
    expect(unknownScenarios(rules, places)).toEqual([]);
  });
  test("are exercised by laws that are tested", () => {
    expect(unknownLaws(rules, hasTest)).toEqual([]);
  });
});

describe("a row of a rule", () => {
  const row = { id: "ISY-H3", rule: "It is so.", certain: true, scenarios: ["STR-39"] };
  const parsed = (change: object) => () => parseDesignRules("x.json", [{ ...row, ...change }]);
  test.each([
    [{ scenarios: [] }, "x.json, row ISY-H3: a rule needs a scenario or a law"],
    [{ certain: "yes" }, 'x.json, row ISY-H3: "certain" is true or false'],
    [{ rule: "so" }, 'x.json, row ISY-H3: "rule" does not end with a full stop'],
    [{ note: "" }, 'x.json, row ISY-H3: "note" means nothing here'],
  ])("%j is refused", (change, why) => {
    expect(parsed(change)).toThrow(why);
  });
  test("stands in its table, with links and whose reading it is", () => {
    const rows = [
      ...parsed({})(),
      ...parsed({ id: "ISY-H4", certain: false, scenarios: ["FUT-99"] })(),
      ...parsed({ id: "ISY-G1" })(),
    ];
    expect(designRuleTable(rows, "ISY-H", places, "spec/11-start-result.md").split("\n")).toEqual([
      "| id | rule | reading | shown by |",
      "| --- | --- | --- | --- |",
      "| ISY-H3 | It is so. |  | [STR-39](litmus/STR.scn) |",
      "| ISY-H4 | It is so. | ours | `FUT-99` |",
    ]);
  });
});
