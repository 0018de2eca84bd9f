// What one program shows under each design of the interfaces: its scenarios explored, side by side. Mirrors spec/10.

import { defaultRevision } from "../model/amendments.ts";
import type { Scenario } from "../scenario/ast.ts";
import { select } from "../scenario/revision.ts";
import { verify } from "../scenario/verify.ts";
import { type Outcome, showEnd } from "../scheduler/outcome.ts";
import { wasiInterfaces } from "../wasi/interfaces.ts";
import { asksOf } from "../wasi/variants.ts";
import type { InterfaceFunc } from "../wit/resolved.ts";
import { cell, code, table } from "./markdown.ts";

/** A column: a scenario by the beginning of its title, under a variant that it is not written for. */
interface Column {
  readonly head: string;
  readonly title: string;
  readonly variant?: string;
}

/** The programs that the chapter compares, and the scenarios that are one under each design. */
const programs: Readonly<Record<string, readonly Column[]>> = {
  middleware: [
    { head: "V1, closes", title: "V01 V1 who steps" },
    { head: "V1, stays", title: "V01 V1 who wants" },
    { head: "V1, leaves", title: "V02 V1" },
    { head: "V2", title: "V01 V2" },
    { head: "V3", title: "V01 V3" },
    { head: "V4", title: "V01 V2", variant: "V4" },
    { head: "V5", title: "V01 V5" },
  ],
  struct: [
    { head: "V1", title: "V06 V1" },
    { head: "V2", title: "V06 V2" },
    { head: "V3", title: "V06 V3" },
    { head: "V4", title: "V06 V2", variant: "V4" },
    { head: "V5", title: "V06 V5" },
  ],
  stdio: [
    { head: "V1", title: "V08 V1" },
    { head: "V2", title: "V08 V2" },
    { head: "V3", title: "V08 V3" },
    { head: "V4", title: "V08 V2", variant: "V4" },
    { head: "V5", title: "V08 V2", variant: "V5" },
  ],
  closing: [
    { head: "V1", title: "V12 V1" },
    { head: "V2", title: "V12 V2" },
    { head: "V3", title: "V12 V3" },
    { head: "V4", title: "V12 V2", variant: "V4" },
    { head: "V5", title: "V12 V5" },
  ],
};

function scenarioOf(scenarios: readonly Scenario[], { title }: Column): Scenario {
  const found = scenarios.filter((one) => one.title.startsWith(`${title} `));
  const [scenario] = found;
  if (scenario === undefined || found.length > 1) {
    throw new Error(`${found.length} scenarios begin with "${title}"`);
  }
  return scenario;
}

function outcomesOf(scenario: Scenario, { variant }: Column): readonly Outcome[] {
  const settings = variant === undefined ? [] : [{ name: "variant", value: variant }];
  const revision = select(defaultRevision, [], [], settings);
  const { outcomes, coverage } = verify(scenario, revision, { properties: false });
  if (coverage.tag !== "all") throw new Error(`${scenario.title}: too large for a table`);
  return outcomes.map(({ outcome }) => outcome);
}

/** A line of the log as the table has it: what is looked at, and what is seen. */
function entryOf(line: string): readonly [string, string] {
  const at = line.indexOf(": ");
  return at < 0 ? [line, "yes"] : [line.slice(0, at), line.slice(at + 2)];
}

/** What every outcome shows, by what is looked at: each value once, in the order of the outcomes. */
type Seen = ReadonlyMap<string, readonly string[]>;

const theRun = "the run";

function seenIn(outcomes: readonly Outcome[]): Seen {
  const seen = new Map<string, string[]>();
  for (const { log, end } of outcomes) {
    const how: readonly [string, string] = [theRun, showEnd(end) || "ends well"];
    for (const [what, value] of [...log.map(entryOf), how]) {
      const values = seen.get(what) ?? [];
      if (!values.includes(value)) seen.set(what, [...values, value]);
    }
  }
  return seen;
}

function valueCell(values: readonly string[] | undefined): string {
  if (values === undefined) return "";
  return values.map((value) => (value === "" ? "nothing" : cell(value))).join(" or ");
}

/** A program under each design; rows are what it logs, in the order in which it does, and its end. */
function programTable(scenarios: readonly Scenario[], columns: readonly Column[]): string {
  const all = columns.map((column) => seenIn(outcomesOf(scenarioOf(scenarios, column), column)));
  const whats = new Set(all.flatMap((seen) => [...seen.keys()]));
  whats.delete(theRun);
  const rows = [...whats, theRun].map((what) => [
    what,
    ...all.map((seen) => valueCell(seen.get(what))),
  ]);
  return table(["", ...columns.map(({ head }) => head)], rows);
}

/** The tables of the programs, by their names. */
export const programTables: Readonly<Record<string, (scenarios: readonly Scenario[]) => string>> =
  Object.fromEntries(
    Object.entries(programs).map(([name, columns]) => [
      name,
      (scenarios: readonly Scenario[]): string => programTable(scenarios, columns),
    ]),
  );

const designs = ["V1", "V2", "V3", "V4", "V5"] as const;

/** The functions that take in a stream, or take a handle for good. */
const compared: readonly string[] = [
  "descriptor.write-via-stream",
  "descriptor.write-all",
  "tcp-socket.send",
  "tcp-socket.split",
  "stdout.write-via-stream",
];

function funcNamed(variant: string, name: string): InterfaceFunc | null {
  for (const { name: at, funcs } of wasiInterfaces(variant).values()) {
    const found = funcs.find((func) => `${func.resource ?? at}.${func.name}` === name);
    if (found !== undefined) return found;
  }
  return null;
}

/** What each design's functions ask of the handles that they get, read from their signatures. */
export function signatureTable(): string {
  const rows = compared.map((name) => [
    code(name),
    ...designs.map((variant) => {
      const func = funcNamed(variant, name);
      return func === null ? "" : asksOf(func);
    }),
  ]);
  return table(["", ...designs], rows);
}
