// The tables of the book that are generated: pure functions from code and scenarios to Markdown. Mirrors spec/08.

import { choices, rules } from "../canon/rules.ts";
import { traps } from "../canon/traps.ts";
import { isyswasfaOptions } from "../history/isyswasfa/options.ts";
import { type Start, starts } from "../history/promises/starts.ts";
import { proposal2022Options } from "../history/proposal-2022/options.ts";
import { stackOptions } from "../history/stacks/options.ts";
import { amendmentNames, amendments, revisions } from "../model/amendments.ts";
import type { Scenario } from "../scenario/ast.ts";
import { allProperties } from "../scenario/properties.ts";
import { select } from "../scenario/revision.ts";
import { checksFor } from "../scenario/verify.ts";
import { boundsTable } from "./bounds-table.ts";
import { type Claim, claimTable, documentKeys, placesOf, verdictTable } from "./claims.ts";
import { type DesignRule, designRuleGroups, designRuleTable, optionTable } from "./design-rules.ts";
import { cell, code, link, table } from "./markdown.ts";
import { programTables, signatureTable } from "./variant-table.ts";
import {
  choicePointTable,
  fixtureTable,
  type Holders,
  holderTable,
  nonHolderTable,
} from "./wasi-tables.ts";

/** What the tables are made of besides the code; paths are relative to the root. */
export interface BookContents {
  /** the chapter that labels each rule */
  readonly labels: ReadonlyMap<string, string>;
  readonly scenarios: readonly { readonly file: string; readonly scenario: Scenario }[];
  /** the rows of spec/claims.json */
  readonly claims: readonly Claim[];
  readonly holders: Holders;
  /** the rows of the files of spec/rules */
  readonly designRules: readonly DesignRule[];
}

/** A table as it stands in the file `from`: links are relative to it. */
type Generator = (book: BookContents, from: string) => string;

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
  const rows = allProperties.map((p) => [code(p.name), cell(p.text), p.when]);
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

/** The cases of a folder by their ids, with the number of outcomes under each revision. */
function caseTable(folder: string, { scenarios }: BookContents, from: string): string {
  const names = Object.keys(revisions).reverse();
  const rows = scenarios
    .filter(({ file }) => file.startsWith(folder))
    .map(({ file, scenario }) => {
      const id = scenario.id ?? "";
      const title = scenario.title.slice(id.length).trimStart();
      const counts = names.map((name) => expected(scenario, name));
      return [id, cell(title), link(from, file), ...counts];
    });
  return table(["id", "case", "file", ...names], rows);
}

/** One table for each document of the design discussions: `claims-KEY`. */
const claimTables: Readonly<Record<string, Generator>> = Object.fromEntries(
  documentKeys.map((key): readonly [string, Generator] => [
    `claims-${key}`,
    ({ claims, scenarios }, from) => claimTable(claims, key, placesOf(scenarios), from),
  ]),
);

const whenStarted: Readonly<Record<Start, string>> = {
  call: "within the call",
  later: "later, from a queue",
  poll: "when its future is first polled",
};

function startTable(): string {
  return table(
    ["a callee of", "begins"],
    starts.map(({ design, start }) => [design, whenStarted[start]]),
  );
}

/** One table for each group of rules of the earlier designs: `rules-ISY-H`. */
const designRuleTables: Readonly<Record<string, Generator>> = Object.fromEntries(
  designRuleGroups.map((group): readonly [string, Generator] => [
    `rules-${group}`,
    ({ designRules, scenarios }, from) =>
      designRuleTable(designRules, group, placesOf(scenarios), from),
  ]),
);

/** What the same program shows under each design: `variants-NAME`. */
const variantTables: Readonly<Record<string, Generator>> = Object.fromEntries(
  Object.entries(programTables).map(([name, tableOf]): readonly [string, Generator] => [
    `variants-${name}`,
    ({ scenarios }) => tableOf(scenarios.map(({ scenario }) => scenario)),
  ]),
);

/** The generated tables by the name that stands in their marker. */
export const generators: Readonly<Record<string, Generator>> = {
  traps: trapTable,
  rules: ruleTable,
  amendments: amendmentTable,
  properties: propertyTable,
  litmus: (book, from) => caseTable("spec/litmus/", book, from),
  wasi: (book, from) => caseTable("spec/wasi/", book, from),
  history: (book, from) => caseTable("spec/history/", book, from),
  "wasi-holders": ({ holders, scenarios }, from) => holderTable(holders, placesOf(scenarios), from),
  "wasi-non-holders": ({ holders, scenarios }, from) =>
    nonHolderTable(holders, placesOf(scenarios), from),
  "wasi-choice-points": choicePointTable,
  "wasi-fixture": fixtureTable,
  bounds: boundsTable,
  claims: ({ claims }) => verdictTable(claims),
  ...claimTables,
  ...designRuleTables,
  starts: startTable,
  "options-split": () => optionTable(isyswasfaOptions),
  "options-2022": () => optionTable(proposal2022Options),
  "options-stacks": () => optionTable(stackOptions),
  "variants-signatures": signatureTable,
  ...variantTables,
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
