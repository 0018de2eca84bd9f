// The table of a suite in Markdown: a line for each script, and what failed.

import { printSchedule } from "../../src/scheduler/model.ts";
import type { Judged } from "../../src/wast/verdict.ts";
import { type Row, type Suite, unexplained } from "./suite.ts";

function cell(text: string | number): string {
  return String(text).replaceAll("|", "\\|").replaceAll("\n", " ");
}

function line(cells: readonly (string | number)[]): string {
  return `| ${cells.map(cell).join(" | ")} |`;
}

/** Why scripts skip: the first reasons, with how often. */
function reasons({ tally }: Row): string {
  const some = tally.reasons.slice(0, 3).map(([reason, count]) => `${count}: ${reason}`);
  const more = tally.reasons.length - some.length;
  return [...some, ...(more > 0 ? [`${more} more reasons`] : [])].join("; ");
}

function failures(row: Row): string {
  const ids = [...new Set(row.explained.values())].sort();
  const known = ids.length === 0 ? [] : [`${row.explained.size} on the list: ${ids.join(", ")}`];
  const left = unexplained(row);
  return [...(left > 0 || known.length === 0 ? [`${left}`] : []), ...known].join("; ");
}

/** How many depend on the schedule; and of how many that is not certain. */
function dependent(rows: readonly Row[]): string {
  const bounded = sum(rows, ({ tally }) => tally.bounded);
  const uncertain = bounded === 0 ? "" : `, ${bounded} not searched to the end`;
  return `${sum(rows, ({ tally }) => tally.dependent)}${uncertain}`;
}

function rowText(row: Row): string {
  const { tally, path } = row;
  return line([
    path,
    tally.assertions,
    tally.byAssembler === 0 ? tally.passed : `${tally.passed} (assembler: ${tally.byAssembler})`,
    failures(row),
    tally.skipped,
    reasons(row),
    dependent([row]),
  ]);
}

function sum(rows: readonly Row[], of: (row: Row) => number): number {
  return rows.reduce((total, row) => total + of(row), 0);
}

function totals(rows: readonly Row[]): string {
  const listed = sum(rows, ({ explained }) => explained.size);
  const known = listed === 0 ? "" : `; ${listed} on the list`;
  return line([
    `all ${rows.length} files`,
    sum(rows, ({ tally }) => tally.assertions),
    `${sum(rows, ({ tally }) => tally.passed)} (assembler: ${sum(rows, ({ tally }) => tally.byAssembler)})`,
    `${sum(rows, unexplained)}${known}`,
    sum(rows, ({ tally }) => tally.skipped),
    "",
    dependent(rows),
  ]);
}

function detail(row: Row): readonly string[] {
  const old = row.outdated.map(
    (at) => `- ${row.path}:${at}: stands in spec/divergences.md, and does not fail`,
  );
  return [...old, ...row.result.judged.flatMap((one) => judgedText(row, one))];
}

function judgedText(row: Row, { place, what, verdict, scope }: Judged): readonly string[] {
  const at = `- ${row.path}:${place.line}: ${what}`;
  if (verdict.tag === "failed") {
    const id = row.explained.get(place.line);
    const code = verdict.code === null ? "" : ` (${verdict.code})`;
    const known = id === undefined ? "" : `; see ${id} in spec/divergences.md`;
    return [`${at}: expected ${verdict.expected}, got ${verdict.got}${code}${known}`];
  }
  if (scope.tag !== "some") return [];
  return [`${at}: holds under some schedules only; it fails under ${printSchedule(scope.witness)}`];
}

const heads = ["file", "assertions", "passed", "failed", "skipped", "why", "schedule-dependent"];

/** The suite as a section: the table, then each failure. */
export function suiteTable({ title, rows, invalid, complete }: Suite): string {
  const details = [...rows.flatMap(detail), ...invalid.map((why) => `- ${why}`)];
  return [
    `## ${title}`,
    "",
    ...(complete ? [] : ["This run was stopped before its end.", ""]),
    line(heads),
    line(heads.map(() => "---")),
    ...rows.map(rowText),
    totals(rows),
    ...(details.length === 0 ? [] : ["", ...details]),
    "",
  ].join("\n");
}
