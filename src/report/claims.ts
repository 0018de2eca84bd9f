// The table of what the design discussions claimed: its rows, what makes them valid, and how it is written. Mirrors spec/10.

import type { Scenario } from "../scenario/ast.ts";
import { idOf } from "../scenario/grammar-scenario.ts";
import { allProperties } from "../scenario/properties.ts";
import { cell, code, link, table } from "./markdown.ts";
import { type RowReader, readRows } from "./rows.ts";

const documents = {
  "wasi-870": { prefix: "4", title: "WebAssembly/WASI#870" },
  isyswasfa: { prefix: "0", title: "isyswasfa" },
  "meeting-2022": { prefix: "1", title: "WASI meeting, 2022-06-02" },
  "wasmtime-async": { prefix: "2", title: "wasmtime-async" },
  "interview-2019": { prefix: "3", title: "Async Interviews #1" },
} as const;

export type DocumentKey = keyof typeof documents;

/** The documents, in the order of the chapter. */
export const documentKeys: readonly DocumentKey[] = Object.keys(documents) as DocumentKey[];

const verdicts = ["holds", "refuted", "superseded", "host choice", "not checkable"] as const;

export type Verdict = (typeof verdicts)[number];

/** A claim of a design discussion, in our own words, and what became of it. */
export interface Claim {
  /** the document's number, and the number of the row in two digits: `4.01` */
  readonly id: string;
  readonly document: DocumentKey;
  readonly who: string;
  readonly claim: string;
  readonly verdict: Verdict;
  readonly why: string;
  /** scenarios by id (`STR-39`), or by title if they have none */
  readonly scenarios: readonly string[];
  /** standing properties by name, or tests as `FILE: TITLE` */
  readonly laws: readonly string[];
}

const fields = "id document who claim verdict why scenarios laws".split(" ");

/** The rules that take more than one field. */
function checkClaim({ document, verdict, scenarios, laws }: Claim, of: RowReader): void {
  const { prefix } = documents[document];
  if (!of.id.startsWith(`${prefix}.`)) of.fail(`the rows of ${document} begin with ${prefix}.`);
  const shown = scenarios.length + laws.length > 0;
  if (verdict !== "not checkable" && !shown) {
    of.fail(`"${verdict}" needs a scenario or a law that shows it`);
  }
}

function parseRow(of: RowReader): Claim {
  const claim: Claim = {
    id: of.id,
    document: of.oneOf("document", documentKeys),
    who: of.text("who"),
    claim: of.prose("claim"),
    verdict: of.oneOf("verdict", verdicts),
    why: of.prose("why"),
    scenarios: of.names("scenarios"),
    laws: of.names("laws"),
  };
  checkClaim(claim, of);
  return claim;
}

/** The rows of spec/claims.json. Throws an `Error` that names the first row that is not valid. */
export function parseClaims(json: unknown): readonly Claim[] {
  return readRows("claims.json", json, fields, parseRow);
}

/** From the names of scenarios, an id or a title, to the file; null if two files have the name. */
export type Places = ReadonlyMap<string, string | null>;

/** Where each scenario stands, under its title and under its id; a file may use an id twice. */
export function placesOf(
  scenarios: readonly { readonly file: string; readonly scenario: Pick<Scenario, "title"> }[],
): Places {
  const places = new Map<string, string | null>();
  for (const { file, scenario } of scenarios) {
    for (const name of [scenario.title, idOf(scenario.title)]) {
      if (name === null) continue;
      const before = places.get(name);
      places.set(name, before === undefined || before === file ? file : null);
    }
  }
  return places;
}

/** A scenario by its name, as a link to the file that has it, if there is one. */
export function placed(name: string, places: Places, from: string): string {
  const file = places.get(name);
  return typeof file === "string" ? link(from, file, cell(name)) : code(name);
}

/** What refers to scenarios and laws. */
export type Evidence = Pick<Claim, "id" | "scenarios" | "laws">;

/** The scenarios that rows refer to and that do not exist, or are not the only one of the name. */
export function unknownScenarios(rows: readonly Evidence[], places: Places): readonly string[] {
  return rows.flatMap(({ id, scenarios }) =>
    scenarios
      .filter((name) => typeof places.get(name) !== "string")
      .map((name) => `${id}: ${places.has(name) ? "two files have" : "there is no"} ${name}`),
  );
}

/** A law by its two parts, of which the file is null for a standing property. */
export function lawOf(law: string): { readonly file: string | null; readonly title: string } {
  const [, file = null, title = law] = /^(\S+\.ts): (.+)$/.exec(law) ?? [];
  return { file, title };
}

/** The laws that rows refer to and that `has` does not know, standing properties aside. */
export function unknownLaws(
  rows: readonly Evidence[],
  has: (file: string, title: string) => boolean,
): readonly string[] {
  const known = (law: string): boolean => {
    const { file, title } = lawOf(law);
    return file === null ? allProperties.some((p) => p.name === title) : has(file, title);
  };
  return rows.flatMap(({ id, laws }) =>
    laws.filter((law) => !known(law)).map((law) => `${id}: there is no law ${law}`),
  );
}

const propertyPage = "spec/07-nondeterminism.md";

/** Links to scenarios and laws, as they stand in the file `from`. */
export function evidenceOf(row: Evidence, places: Places, from: string): string {
  const scenarios = row.scenarios.map((name) => placed(name, places, from));
  const laws = row.laws.map((law) => {
    const { file, title } = lawOf(law);
    return link(from, file ?? propertyPage, cell(title));
  });
  return [...scenarios, ...laws].join(", ");
}

/** The claims of one document as they stand in the file `from`, with links to what shows them. */
export function claimTable(
  claims: readonly Claim[],
  document: DocumentKey,
  places: Places,
  from: string,
): string {
  const rows = claims
    .filter((claim) => claim.document === document)
    .map((claim) => [
      claim.id,
      claim.who,
      cell(claim.claim),
      claim.verdict,
      cell(claim.why),
      evidenceOf(claim, places, from),
    ]);
  return table(["id", "who", "claim", "verdict", "why", "shown by"], rows);
}

/** How many claims of each document got each verdict. */
export function verdictTable(claims: readonly Claim[]): string {
  const count = (of: readonly Claim[]): readonly string[] => [
    ...verdicts.map((verdict) => String(of.filter((claim) => claim.verdict === verdict).length)),
    String(of.length),
  ];
  const rows = documentKeys.map((key) => [
    documents[key].title,
    ...count(claims.filter(({ document }) => document === key)),
  ]);
  return table(["document", ...verdicts, "all"], [...rows, ["all", ...count(claims)]]);
}
