// The tables of WASI: what keeps an object open and what does not, and what hosts may differ in. Mirrors spec/09.

import { choicePoints } from "../wasi/choice-points.ts";
import { fixtureWit } from "../wasi/wit/fixture.ts";
import { parseWit } from "../wit/parse.ts";
import { printFunc } from "../wit/print-types.ts";
import { type Places, placed } from "./claims.ts";
import { cell, code, table } from "./markdown.ts";

/** A kind of holder and what it keeps open, with the scenarios that show it. */
export interface Holding {
  /** `K1` .. */
  readonly id: string;
  readonly holder: string;
  readonly object: string;
  /** whether it holds with `pin op`, and with `pin value` */
  readonly op: string;
  readonly value: string;
  /** when it lets go */
  readonly until: string;
  readonly scenarios: readonly string[];
}

/** What one might take for a holder. */
export type NonHolding = Pick<Holding, "id" | "holder" | "object" | "scenarios">;

/** spec/holders.json */
export interface Holders {
  readonly holds: readonly Holding[];
  readonly holdsNot: readonly NonHolding[];
}

function shown(names: readonly string[], places: Places, from: string): string {
  return names.map((name) => placed(name, places, from)).join(", ");
}

/** What keeps objects open, as it stands in the file `from`. */
export function holderTable({ holds }: Holders, places: Places, from: string): string {
  const rows = holds.map(({ id, holder, object, op, value, until, scenarios }) => {
    return [id, holder, object, op, value, until, shown(scenarios, places, from)].map(cell);
  });
  return table(["id", "holder", "holds", "`pin op`", "`pin value`", "until", "shown by"], rows);
}

/** What does not, as it stands in the file `from`. */
export function nonHolderTable({ holdsNot }: Holders, places: Places, from: string): string {
  const rows = holdsNot.map(({ id, holder, object, scenarios }) => {
    return [id, holder, object, shown(scenarios, places, from)].map(cell);
  });
  return table(["id", "who", "does not hold", "shown by"], rows);
}

/** What hosts may differ in. */
export function choicePointTable(): string {
  const rows = Object.entries(choicePoints).map(([name, { text, values }]) => {
    return [code(name), cell(text), values.map(code).join(" ")];
  });
  return table(["choice point", "what is open", "values, the default first"], rows);
}

/** What a test may ask and do, beyond what a guest can: the functions of the fixture with their comments. */
export function fixtureTable(): string {
  const { items } = parseWit(fixtureWit, "fixture.wit");
  const funcs = items.flatMap((item) => (item.tag === "interface" ? item.items : []));
  const rows = funcs.flatMap((item) =>
    item.tag === "func"
      ? [[code(`${item.name.name}: ${printFunc(item.func)}`), cell(item.docs ?? "")]]
      : [],
  );
  return table(["function of `canon-async:testing/fixture`", "what it does"], rows);
}
