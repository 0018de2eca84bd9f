// The rules of the earlier designs by number, and what exercises each of them. Mirrors spec/11 to spec/13.

import type { OptionDef } from "../history/options.ts";
import { type Evidence, evidenceOf, type Places } from "./claims.ts";
import { cell, code, table } from "./markdown.ts";
import { readRows } from "./rows.ts";

/** A numbered rule of a design. */
export interface DesignRule extends Evidence {
  /** `ISY-H3`, `P22-T1` */
  readonly id: string;
  readonly rule: string;
  /** It is stated by the design's own sources; otherwise it is our reading of them. */
  readonly certain: boolean;
}

/** The groups of rules in the order of the chapters: the letters before the number. */
export const designRuleGroups = [
  "ISY-W",
  "ISY-M",
  "ISY-N",
  "ISY-H",
  "ISY-G",
  "ISY-P",
  "ISY-E",
  "ISY-Q",
  "ISY-S",
  "ISY-F",
  "ISY-B",
  "ABI",
  "P22-R",
  "P22-T",
  "P22-P",
  "P22-S",
  "P22-D",
  "STK",
  "STK-P",
  "STK-R",
  "PRO",
  "PRO-P",
  "PRO-R",
  "POLL",
  "CAP",
  "GEN",
  "EMB",
] as const;

/** The options of a design, with their values, the default first. */
export function optionTable(all: Readonly<Record<string, OptionDef>>): string {
  const rows = Object.entries(all).map(([name, { text, values }]) => [
    code(name),
    cell(text),
    values.map(code).join(" "),
  ]);
  return table(["option", "what it decides", "values, the default first"], rows);
}

const fields = "id rule certain scenarios laws".split(" ");

/** The rows of a file of spec/rules. Throws an `Error` that names the first row that is not valid. */
export function parseDesignRules(file: string, json: unknown): readonly DesignRule[] {
  return readRows(file, json, fields, (of) => {
    const row = {
      id: of.id,
      rule: of.prose("rule"),
      certain: of.flag("certain"),
      scenarios: of.names("scenarios"),
      laws: of.names("laws"),
    };
    if (row.scenarios.length + row.laws.length === 0) {
      of.fail("a rule needs a scenario or a law that exercises it");
    }
    return row;
  });
}

/** The letters before the number: `ISY-H` of `ISY-H3`, `PRO` of `PRO-01`. */
export function groupOf(id: string): string {
  return id.replace(/-?\d+[a-z]?$/, "");
}

/** The rules of one group as they stand in the file `from`. */
export function designRuleTable(
  rules: readonly DesignRule[],
  group: string,
  places: Places,
  from: string,
): string {
  const rows = rules
    .filter(({ id }) => groupOf(id) === group)
    .map((row) => [
      row.id,
      cell(row.rule),
      row.certain ? "" : "ours",
      evidenceOf(row, places, from),
    ]);
  return table(["id", "rule", "reading", "shown by"], rows);
}
