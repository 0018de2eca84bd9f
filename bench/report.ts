// The numbers of a run of the benchmarks: a table for people, a flat object for programs.

import type { Measured } from "./measure.ts";
import type { Target, Workload } from "./workload.ts";

/** What was measured of a workload; a figure has no counterpart. */
export interface Row {
  readonly workload: Workload;
  readonly measured: Measured;
}

function ratioOf({ ours, theirs }: Measured): number | null {
  return theirs === null ? null : ours / theirs;
}

/** To four digits: the rest is noise. */
function rounded(n: number): number {
  return Number(n.toPrecision(4));
}

function bytesOf({ workload, measured }: Row): number | null {
  if (workload.tag === "figure" || workload.bytes === null) return null;
  return workload.bytes * measured.ours;
}

/** `NAME`, and where there is one `NAME.bytes` (bytes/s) and `NAME.ratio` (ours to the reference's). */
export function numbersOf(rows: readonly Row[]): Readonly<Record<string, number>> {
  const numbers: Record<string, number> = {};
  for (const row of rows) {
    const { name } = row.workload;
    const [bytes, ratio] = [bytesOf(row), ratioOf(row.measured)];
    numbers[name] = rounded(row.measured.ours);
    if (bytes !== null) numbers[`${name}.bytes`] = rounded(bytes);
    if (ratio !== null) numbers[`${name}.ratio`] = rounded(ratio);
  }
  return numbers;
}

/** Digits in groups of three; a fraction has three digits that say something. */
function shown(n: number): string {
  const digits = 2 - Math.floor(Math.log10(Math.abs(n)));
  const places = Number.isInteger(n) ? 0 : Math.min(Math.max(0, digits), 6);
  const [whole = "", part] = n.toFixed(places).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, " ");
  return part === undefined ? grouped : `${grouped}.${part}`;
}

function targetText(target: Target | null, { ours, theirs }: Measured): string {
  if (target === null) return "";
  const { of, is, bound } = target;
  const sign = is === "at least" ? ">=" : "<=";
  const wanted = `${sign} ${shown(bound)}${of === "ratio" ? "x" : ""}`;
  const value = of === "value" ? ours : ratioOf({ ours, theirs });
  if (value === null) return wanted;
  return `${wanted} ${(is === "at least" ? value >= bound : value <= bound) ? "met" : "missed"}`;
}

function ratioText({ workload, measured }: Row): string {
  if (workload.tag === "figure") return "";
  const ratio = ratioOf(measured);
  return ratio === null ? "skipped" : `${shown(ratio)}x`;
}

function bytesText(row: Row): string {
  const bytes = bytesOf(row);
  return bytes === null ? "" : `${shown(bytes / 1e6)} MB/s`;
}

const columns = ["workload", "ours", "", "", "to reference", "target"] as const;

/** Text on the left, numbers on the right. */
const rightAligned: ReadonlySet<number> = new Set([1, 3, 4]);

/** Columns of text; without a reference the ratios are `skipped`. */
export function tableOf(rows: readonly Row[]): string {
  const cells = rows.map((row): readonly string[] => [
    row.workload.name,
    shown(row.measured.ours),
    row.workload.unit,
    bytesText(row),
    ratioText(row),
    targetText(row.workload.target, row.measured),
  ]);
  const lines = [columns, ...cells];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  const padded = (text: string, i: number): string => {
    const width = widths[i] ?? 0;
    return rightAligned.has(i) ? text.padStart(width) : text.padEnd(width);
  };
  return lines.map((line) => `${line.map(padded).join("  ").trimEnd()}\n`).join("");
}
