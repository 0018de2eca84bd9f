// What `explore --json` wrote, read again: the outcomes of one scenario under one revision. Mirrors spec/15-oracle.md.

import { isFields, type JsonFields } from "../format/json-fields.ts";

/** An outcome that the model allows; those that differ in what is left over alone are one. */
export interface ModelOutcome {
  readonly log: readonly string[];
  readonly end: ModelEnd;
  /** the fewest choices that differ from the default */
  readonly cost: number;
  /** how many schedules lead there; null: infinitely many */
  readonly schedules: bigint | null;
  readonly probability: number;
  readonly schedule: string;
}

/** How it ended: `text` as the book writes it, `ok` where it writes nothing. */
export interface ModelEnd {
  readonly tag: string;
  readonly text: string;
  /** the calls that have not returned */
  readonly roots: readonly string[];
}

/** One search. */
export interface ModelSearch {
  readonly title: string;
  readonly revision: string;
  readonly outcomes: readonly ModelOutcome[];
  /** why there may be more outcomes; null: these are all */
  readonly cutOff: string | null;
  /** of a component what is called, in WAVE: its log holds the results; null: a scenario */
  readonly calls: readonly string[] | null;
}

/** Which search is meant, where there are several: a scenario by id or title, a revision by its label. */
export interface Meant {
  readonly only?: string | undefined;
  readonly revision?: string | undefined;
}

/** The text is no report of `explore --json`, or does not have what is meant. */
export class ModelError extends Error {}

function absent(what: string): never {
  throw new ModelError(what);
}

function fail(what: string): never {
  throw new ModelError(`${what}; is it what explore --json writes?`);
}

function fieldsOf(value: unknown, what: string): JsonFields {
  return isFields(value) ? value : fail(`${what} is no object`);
}

function textIn(of: JsonFields, name: string): string {
  const value = of[name];
  return typeof value === "string" ? value : fail(`\`${name}\` is no text`);
}

function numberIn(of: JsonFields, name: string): number {
  const value = of[name];
  return typeof value === "number" ? value : fail(`\`${name}\` is no number`);
}

function listIn(of: JsonFields, name: string): readonly unknown[] {
  const value = of[name];
  return Array.isArray(value) ? value : fail(`\`${name}\` is no list`);
}

function textsIn(of: JsonFields, name: string): readonly string[] {
  const list = listIn(of, name);
  const isText = (item: unknown): item is string => typeof item === "string";
  return list.every(isText) ? list : fail(`\`${name}\` is no list of texts`);
}

function endOf(end: JsonFields): ModelEnd {
  const tag = textIn(end, "tag");
  const roots = tag === "stuck" ? textsIn(end, "roots") : [];
  const coded = tag === "traps" || tag === "bug";
  const detail = coded ? textIn(end, "code") : roots.join(", ");
  return { tag, roots, text: detail === "" ? tag : `${tag} ${detail}` };
}

/** A decimal text; null: infinitely many. */
function schedulesIn(of: JsonFields): bigint | null {
  if (of.schedules === null) return null;
  const text = textIn(of, "schedules");
  return /^\d+$/.test(text) ? BigInt(text) : fail("`schedules` is no number");
}

function outcomeOf(value: unknown): ModelOutcome {
  const of = fieldsOf(value, "an outcome");
  return {
    log: textsIn(of, "log"),
    end: endOf(fieldsOf(of.end, "the end of an outcome")),
    cost: numberIn(of, "cost"),
    schedules: schedulesIn(of),
    probability: numberIn(of, "probability"),
    schedule: textIn(of, "schedule"),
  };
}

/** The same but for what is left over: one outcome, that all of their schedules lead to. */
function joined(a: ModelOutcome, b: ModelOutcome): ModelOutcome {
  const [first] = a.cost <= b.cost ? [a] : [b];
  const endless = a.schedules === null || b.schedules === null;
  const schedules = endless ? null : (a.schedules ?? 0n) + (b.schedules ?? 0n);
  return { ...first, schedules, probability: a.probability + b.probability };
}

function distinct(outcomes: readonly ModelOutcome[]): readonly ModelOutcome[] {
  const all = new Map<string, ModelOutcome>();
  for (const one of outcomes) {
    const key = JSON.stringify([one.log, one.end.text]);
    const known = all.get(key);
    all.set(key, known === undefined ? one : joined(known, one));
  }
  return [...all.values()];
}

function whyCutOff(result: JsonFields, outcomes: readonly ModelOutcome[]): string | null {
  const coverage = fieldsOf(result.coverage, "`coverage`");
  const tag = textIn(coverage, "tag");
  if (tag === "states" || tag === "deviations") {
    return `the search stopped at ${numberIn(coverage, "bound")} ${tag}`;
  }
  if (tag !== "all") return `the search was ${tag}`;
  if (outcomes.some(({ end }) => end.tag === "limit")) return "a run was stopped at its bound";
  return result.outcomesComplete === true ? null : "there are outcomes without end";
}

function named(all: readonly string[]): string {
  return all.map((name) => `"${name}"`).join(", ");
}

function scenarioIn(report: JsonFields, { only }: Meant): JsonFields {
  const all = listIn(report, "scenarios").map((one) => fieldsOf(one, "a scenario"));
  const meant = all.filter(({ id, title }) => only === undefined || only === id || only === title);
  const [first, second] = meant;
  const titles = named(all.map((one) => textIn(one, "title")));
  if (first === undefined) {
    return absent(only === undefined ? "it has no scenario" : `it has no "${only}", but ${titles}`);
  }
  if (second === undefined) return first;
  return absent(`it has several scenarios; say --only, one of ${titles}`);
}

function resultIn(scenario: JsonFields, { revision }: Meant): JsonFields {
  const all = listIn(scenario, "revisions").map((one) => fieldsOf(one, "a revision"));
  const found = all.find((one) => revision === undefined || one.revision === revision);
  const labels = named(all.map((one) => textIn(one, "revision")));
  return found ?? absent(`it has no search under "${revision}", but ${labels}`);
}

/** The search that is meant; the first revision if none is named. Throws `ModelError`. */
export function modelSearch(json: unknown, meant: Meant): ModelSearch {
  const scenario = scenarioIn(fieldsOf(json, "the report"), meant);
  const result = resultIn(scenario, meant);
  const outcomes = listIn(result, "outcomes").map(outcomeOf);
  return {
    title: textIn(scenario, "title"),
    revision: textIn(result, "revision"),
    outcomes: distinct(outcomes.filter(({ end }) => end.tag !== "limit")),
    cutOff: whyCutOff(result, outcomes),
    calls: scenario.invoke === undefined ? null : textsIn(scenario, "invoke"),
  };
}
