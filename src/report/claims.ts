// The table of what the design discussions claimed: its rows, what makes them valid, and how it is written. Mirrors spec/10.

import type { Scenario } from "../scenario/ast.ts";
import { allProperties } from "../scenario/properties.ts";
import { cell, code, link, table } from "./markdown.ts";

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
  /** the chapters that its scenario will come with, if it is not written yet */
  readonly arrives: "earlier designs" | null;
}

type Row = Readonly<Record<string, unknown>>;

function fail(id: string, problem: string): never {
  throw new Error(`claims.json, row ${id}: ${problem}`);
}

function oneOf<T extends string>(id: string, row: Row, field: string, allowed: readonly T[]): T {
  const value = allowed.find((word) => word === row[field]);
  return value ?? fail(id, `"${field}" is one of ${allowed.join(", ")}`);
}

function text(id: string, row: Row, field: string): string {
  const value = row[field];
  return typeof value === "string" && value !== "" ? value : fail(id, `"${field}" is missing`);
}

/** One or more sentences; the claim and the reason are read as prose. */
function prose(id: string, row: Row, field: string): string {
  const value = text(id, row, field);
  return value.endsWith(".") ? value : fail(id, `"${field}" does not end with a full stop`);
}

function names(id: string, row: Row, field: string): readonly string[] {
  const value = row[field] ?? [];
  const good = Array.isArray(value) && value.every((name) => typeof name === "string");
  return good ? value : fail(id, `"${field}" is a list of names`);
}

const fields = "id document who claim verdict why scenarios laws arrives".split(" ");

/** The rules that take more than one field. */
function checkClaim({ id, document, verdict, scenarios, laws, arrives }: Claim): void {
  const { prefix } = documents[document];
  if (!id.startsWith(`${prefix}.`)) fail(id, `the rows of ${document} begin with ${prefix}.`);
  const shown = scenarios.length + laws.length > 0 || arrives !== null;
  if (verdict !== "not checkable" && !shown) {
    fail(id, `"${verdict}" needs a scenario or a law that shows it`);
  }
}

function parseRow(value: unknown, index: number): Claim {
  const row = typeof value === "object" && value !== null ? (value as Row) : {};
  const id = typeof row.id === "string" ? row.id : `number ${index + 1}`;
  const odd = Object.keys(row).find((field) => !fields.includes(field));
  if (odd !== undefined) fail(id, `"${odd}" means nothing here`);
  const later = ["earlier designs"] as const;
  const claim: Claim = {
    id: text(id, row, "id"),
    document: oneOf(id, row, "document", documentKeys),
    who: text(id, row, "who"),
    claim: prose(id, row, "claim"),
    verdict: oneOf(id, row, "verdict", verdicts),
    why: prose(id, row, "why"),
    scenarios: names(id, row, "scenarios"),
    laws: names(id, row, "laws"),
    arrives: row.arrives === undefined ? null : oneOf(id, row, "arrives", later),
  };
  checkClaim(claim);
  return claim;
}

/** The rows of spec/claims.json. Throws an `Error` that names the first row that is not valid. */
export function parseClaims(json: unknown): readonly Claim[] {
  if (!Array.isArray(json)) throw new Error("claims.json is a list of rows");
  return json.map(parseRow);
}

/** From the names of scenarios, an id or a title, to the file; null if two files have the name. */
export type Places = ReadonlyMap<string, string | null>;

/** The first word of a title, if it is an id: `STR-39`, `F13`. */
function idOf(title: string): string | undefined {
  return /^(?:[A-Z]+-\S+|[A-Z]\d\d\w*)(?=:?(?: |$))/.exec(title)?.[0];
}

/** Where each scenario stands, under its title and under its id; a file may use an id twice. */
export function placesOf(
  scenarios: readonly { readonly file: string; readonly scenario: Pick<Scenario, "title"> }[],
): Places {
  const places = new Map<string, string | null>();
  for (const { file, scenario } of scenarios) {
    for (const name of [scenario.title, idOf(scenario.title)]) {
      if (name === undefined) continue;
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

/** The scenarios that claims refer to and that do not exist, or are not the only one of the name. */
export function unknownScenarios(claims: readonly Claim[], places: Places): readonly string[] {
  return claims.flatMap(({ id, scenarios }) =>
    scenarios
      .filter((name) => typeof places.get(name) !== "string")
      .map((name) => `claim ${id}: ${places.has(name) ? "two files have" : "there is no"} ${name}`),
  );
}

/** A law by its two parts, of which the file is null for a standing property. */
export function lawOf(law: string): { readonly file: string | null; readonly title: string } {
  const [, file = null, title = law] = /^(\S+\.ts): (.+)$/.exec(law) ?? [];
  return { file, title };
}

/** The laws that claims refer to and that `has` does not know, standing properties aside. */
export function unknownLaws(
  claims: readonly Claim[],
  has: (file: string, title: string) => boolean,
): readonly string[] {
  const known = (law: string): boolean => {
    const { file, title } = lawOf(law);
    return file === null ? allProperties.some((p) => p.name === title) : has(file, title);
  };
  return claims.flatMap(({ id, laws }) =>
    laws.filter((law) => !known(law)).map((law) => `claim ${id}: there is no law ${law}`),
  );
}

const propertyPage = "spec/07-nondeterminism.md";

function evidenceOf(claim: Claim, places: Places, from: string): string {
  const scenarios = claim.scenarios.map((name) => placed(name, places, from));
  const laws = claim.laws.map((law) => {
    const { file, title } = lawOf(law);
    return link(from, file ?? propertyPage, cell(title));
  });
  const later = claim.arrives === null ? [] : [`comes with the ${claim.arrives}`];
  return [...scenarios, ...laws, ...later].join(", ");
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
