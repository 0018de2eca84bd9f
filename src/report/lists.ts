// The tables of what there is: trap codes, rules, amendments, standing properties.

import { choices, rules } from "../canon/rules.ts";
import { traps } from "../canon/traps.ts";
import { designOptions, type OptionDef } from "../history/options.ts";
import { amendmentNames, amendments, revisions } from "../model/amendments.ts";
import { allProperties } from "../scenario/properties.ts";
import { choicePoints } from "../wasi/choice-points.ts";

type Rows = readonly (readonly [string, string])[];

/** Two columns, the first as wide as its longest entry. */
function columns(rows: Rows): readonly string[] {
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `${name.padEnd(width)}  ${text}`.trimEnd());
}

function amendmentRows(): Rows {
  return amendmentNames.map((name) => {
    const { text, requires } = amendments[name];
    return [name, requires.length === 0 ? text : `${text} Builds on ${requires.join(", ")}.`];
  });
}

function revisionRows(): Rows {
  return Object.entries(revisions).map(([name, { date, amendments: list }]) => {
    return [name, `${date}, ${list.length === 0 ? "no amendments" : list.join(", ")}`];
  });
}

/** What can be set, with its values, the default first. */
function valueRows(all: Readonly<Record<string, OptionDef>>): Rows {
  return Object.entries(all).map(([name, { text, values }]) => [
    name,
    `${text}: ${values.join(", ")}`,
  ]);
}

/** What `list` can print, by name. */
export const tables: Readonly<Record<string, () => Rows>> = {
  traps: () => Object.entries(traps),
  rules: () => Object.keys(rules).map((label) => [label, label in choices ? "has choices" : ""]),
  amendments: amendmentRows,
  revisions: revisionRows,
  host: () => valueRows(choicePoints),
  options: () => valueRows(designOptions),
  properties: () => allProperties.map(({ name, text }) => [name, text]),
};

/** The lines of a table; null for a name that is none. */
export function tableText(name: string): readonly string[] | null {
  const rows = Object.hasOwn(tables, name) ? tables[name] : undefined;
  return rows === undefined ? null : columns(rows());
}
