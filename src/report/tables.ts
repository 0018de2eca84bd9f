// The tables of the book that are generated: pure functions from code and scenarios to Markdown. Mirrors spec/08.

import { choices, rules } from "../canon/rules.ts";
import { traps } from "../canon/traps.ts";
import { amendmentNames, amendments, revisions } from "../model/amendments.ts";
import type { Scenario } from "../scenario/ast.ts";
import { select } from "../scenario/revision.ts";
import { checksFor } from "../scenario/verify.ts";
import { standingProperties } from "../scheduler/properties.ts";

/** What the tables are made of besides the code; paths are relative to the root. */
export interface BookContents {
  /** the chapter that labels each rule */
  readonly labels: ReadonlyMap<string, string>;
  readonly scenarios: readonly { readonly file: string; readonly scenario: Scenario }[];
}

/** A table as it stands in the file `from`: links are relative to it. */
type Generator = (book: BookContents, from: string) => string;

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

const code = (text: string): string => `\`${cell(text)}\``;

/** The path from one file to another, both relative to the same root. */
export function relativePath(from: string, to: string): string {
  const folders = from.split("/").slice(0, -1);
  const parts = to.split("/");
  let common = 0;
  while (common < folders.length && folders[common] === parts[common]) common += 1;
  return [...folders.slice(common).map(() => ".."), ...parts.slice(common)].join("/");
}

function link(from: string, to: string): string {
  const name = to.split("/").at(-1) ?? to;
  return `[${name}](${relativePath(from, to)})`;
}

function trapTable(): string {
  const rows = Object.entries(traps).map(([name, sentence]) => {
    const prefix = `${name.slice(0, name.lastIndexOf("."))}: `;
    const text = sentence.startsWith(prefix) ? sentence.slice(prefix.length) : sentence;
    return [code(name), cell(text.replace(/\.$/, ""))];
  });
  return table(["code", "meaning"], rows);
}

function ruleTable({ labels }: BookContents, from: string): string {
  const rows = Object.keys(rules).map((label) => {
    const chapter = labels.get(label);
    const where = chapter === undefined ? "" : link(from, chapter);
    return [code(label), where, choices[label] === undefined ? "" : "open"];
  });
  return table(["rule", "chapter", "choice"], rows);
}

function amendmentTable(): string {
  const rows = amendmentNames.map((name) => {
    const { text, requires } = amendments[name];
    return [code(name), cell(text), requires.map(code).join(", ")];
  });
  return table(["amendment", "what it changes", "builds on"], rows);
}

function propertyTable(): string {
  const rows = standingProperties.map((p) => [code(p.name), cell(p.text), p.when]);
  return table(["property", "what must hold", "when"], rows);
}

/** How many outcomes a scenario expects under a revision, as far as its checks say so. */
function expected(scenario: Scenario, revision: string): string {
  if (scenario.only !== null && !scenario.only.includes(revision)) return "";
  const checks = checksFor(scenario, select(revision, [], []));
  const exact = checks.find((check) => check.quantifier === "exactly");
  if (exact !== undefined) return String(exact.outcomes.length);
  return checks.some((check) => check.quantifier === "always") ? "1" : "some";
}

function litmusTable({ scenarios }: BookContents, from: string): string {
  const names = Object.keys(revisions).reverse();
  const rows = scenarios
    .filter(({ file }) => file.startsWith("spec/litmus/"))
    .map(({ file, scenario }) => {
      const [, id = "", title = scenario.title] = /^([A-Z]+-\S+) (.*)$/.exec(scenario.title) ?? [];
      const counts = names.map((name) => expected(scenario, name));
      return [id, cell(title), link(from, file), ...counts];
    });
  return table(["id", "case", "file", ...names], rows);
}

/** The generated tables by the name that stands in their marker. */
export const generators: Readonly<Record<string, Generator>> = {
  traps: trapTable,
  rules: ruleTable,
  amendments: amendmentTable,
  properties: propertyTable,
  litmus: litmusTable,
};

const marked = /^(<!-- generated: ([\w-]+) -->\n)[\s\S]*?^(<!-- end -->)$/gm;

/** The text of `file` with the table after each `<!-- generated: NAME -->` made anew. */
export function weave(text: string, file: string, book: BookContents): string {
  return text.replace(marked, (_, begin: string, name: string, end: string) => {
    const generate = generators[name];
    if (generate === undefined) throw new Error(`${file}: nothing generates the table ${name}`);
    return `${begin}\n${generate(book, file)}\n\n${end}`;
  });
}

/** The labels of rules in a chapter, in order: bold code at the start of a paragraph or list item. */
export function labelsIn(
  text: string,
): readonly { readonly label: string; readonly line: number }[] {
  return text.split("\n").flatMap((content, i) => {
    const label = /^\s*(?:[-*]\s+|\d+\.\s+)?\*\*`([\w.-]+)`\*\*/.exec(content)?.[1];
    return label === undefined ? [] : [{ label, line: i + 1 }];
  });
}
