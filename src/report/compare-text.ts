// Engines beside the model as a table, for a terminal or in Markdown.

import type { Comparison, Row, Seen, Standing } from "../oracle/outcomes/compare.ts";
import { count, countText, shareText } from "./explored.ts";
import { code, table } from "./markdown.ts";
import { type Paint, plain } from "./paint.ts";

type Lines = readonly string[];

const words: Readonly<Record<Standing, string>> = {
  "not allowed": "seen but not allowed",
  unknown: "not known",
  "never seen": "allowed, never seen",
  seen: "allowed",
};

/** How often: `2`, `2 or more` where runs leave open whether it was this outcome, `1?` where all do. */
function seenText({ sure, maybe }: Seen): string {
  if (maybe === 0) return sure === 0 ? "-" : `${sure}`;
  return sure === 0 ? `${maybe}?` : `${sure}..${sure + maybe}`;
}

function outcomeText({ log, end }: Row): string {
  return `[${log.join(", ")}]${end === "ok" ? "" : ` ${end}`}`;
}

function modelCells({ model }: Row): Lines {
  if (model === null) return ["-", "-", "-"];
  return [`${model.cost}`, countText(model.schedules), shareText(model.probability)];
}

function head({ engines }: Comparison): Lines {
  return ["", ...engines.map(({ name }) => name), "cost", "schedules", "p", "outcome", "schedule"];
}

function cells(row: Row): Lines {
  const { standing, engines, model } = row;
  return [
    words[standing],
    ...engines.map(seenText),
    ...modelCells(row),
    outcomeText(row),
    model?.schedule ?? "-",
  ];
}

const styles: Readonly<Record<Standing, keyof Paint | null>> = {
  "not allowed": "bad",
  unknown: "doubtful",
  "never seen": "doubtful",
  seen: null,
};

/** Longer outcomes do not move the schedules of the others. */
const widest = 64;

/** Words to the left, numbers to the right; the last column as it is. */
function padded(row: Lines, widths: readonly number[]): string {
  const last = row.length - 1;
  const texts = row.map((cell, i) => {
    const width = widths[i] ?? 0;
    if (i === last) return cell;
    return i === 0 || i === last - 1 ? cell.padEnd(width) : cell.padStart(width);
  });
  return texts.join("  ").trimEnd();
}

function tableLines(compared: Comparison, paint: Paint): Lines {
  const all = [head(compared), ...compared.rows.map(cells)];
  const widths = head(compared).map((_, i) => {
    return Math.min(widest, Math.max(...all.map((row) => row[i]?.length ?? 0)));
  });
  return all.map((row, i) => {
    const style = styles[compared.rows[i - 1]?.standing ?? "seen"];
    const line = `  ${padded(row, widths)}`;
    if (i === 0) return paint.faint(line);
    return style === null ? line : paint[style](line);
  });
}

function engineText({ engines, cutOff }: Comparison, i: number): string {
  const { name = "", runs = [] } = engines[i] ?? {};
  const total = runs.reduce((sum, run) => sum + run.count, 0);
  const cut = cutOff[i] ?? 0;
  return `${name}: ${count(total, "run")}${cut === 0 ? "" : `, ${cut} of them cut off`}`;
}

function tallied(rows: readonly Row[], standing: Standing): number {
  return rows.filter((row) => row.standing === standing).length;
}

/** The last lines: how much each engine ran, and how many outcomes there are of each kind. */
function summary(compared: Comparison): Lines {
  const { rows, model } = compared;
  const unknown = tallied(rows, "unknown");
  const parts = [
    `${count(model.outcomes.length, "outcome")} allowed`,
    `${tallied(rows, "never seen")} never seen`,
    `${tallied(rows, "not allowed")} seen but not allowed`,
    ...(unknown === 0 ? [] : [`${unknown} not known`]),
  ];
  return [
    ...compared.engines.map((_, i) => engineText(compared, i)),
    parts.join(", "),
    ...(model.cutOff === null ? [] : [`${model.cutOff}: what it did not find may be allowed`]),
  ];
}

function title({ model }: Comparison): string {
  return `${model.title}  under ${model.revision}`;
}

/** A row for each outcome, those that are not allowed first; then what the table comes to. */
export function comparedText(compared: Comparison, paint: Paint = plain): Lines {
  return [paint.strong(title(compared)), ...tableLines(compared, paint), ...summary(compared)];
}

/** The same as a section of Markdown. */
export function comparedMarkdown(compared: Comparison): Lines {
  const rows = compared.rows.map((row) => {
    const loud = row.standing === "seen" ? (text: string) => text : (text: string) => `**${text}**`;
    const [standing = "", ...rest] = cells(row);
    const last = rest.splice(-2).map((text) => (text === "-" ? text : code(text)));
    return [loud(standing), ...rest, ...last];
  });
  const lines = summary(compared).map((line) => `- ${line}`);
  return [`### ${title(compared)}`, "", table(head(compared), rows), "", ...lines];
}
