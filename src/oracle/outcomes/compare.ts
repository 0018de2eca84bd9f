// Engines against the model: which outcomes were seen, which of them are allowed. Mirrors spec/15-oracle.md.

import type { JudgeVerdict } from "../judging/judgement.ts";
import { type EngineRun, namesOfCall, type RunEnd, type RunEntry } from "./engine-runs.ts";
import type { ModelEnd, ModelOutcome, ModelSearch } from "./model-outcomes.ts";

/** An engine by the name that the table has for it. */
export interface Engine {
  readonly name: string;
  readonly runs: readonly EngineRun[];
}

/** How often an engine was seen to do something; `maybe`: runs that leave open which of several outcomes it was. */
export interface Seen {
  readonly sure: number;
  readonly maybe: number;
}

/** Whether the model allows an outcome; unknown: its search did not find it, but was not searched to the end. */
export type Standing = "not allowed" | "unknown" | "never seen" | "seen";

/** A row of the table. */
export interface Row {
  readonly standing: Standing;
  readonly log: readonly string[];
  /** as the book writes it, `ok` where it writes nothing; `cut off` of a run that was not recorded to its end */
  readonly end: string;
  /** null: the model does not have it */
  readonly model: ModelOutcome | null;
  /** one for each engine */
  readonly engines: readonly Seen[];
}

/** What `compare` found. */
export interface Comparison {
  readonly model: ModelSearch;
  readonly engines: readonly Engine[];
  /** what is not allowed first, then what was never seen, then the rest, the simplest schedules first */
  readonly rows: readonly Row[];
  /** for each engine: runs that were cut off and go on like some allowed one */
  readonly cutOff: readonly number[];
  readonly verdict: JudgeVerdict;
}

/** What stands in a line behind the name of a call, which may be one of several that are alike; null: no such line. */
function behind(line: string, name: string): string | null {
  return line.startsWith(name) ? line.slice(name.length).replace(/^ again(?: \d+)?/, "") : null;
}

function fitsEntry(entry: RunEntry, line: string): boolean {
  if (entry.tag === "line") return entry.text === line;
  const { names, value } = entry;
  return names.some((name) => {
    const rest = behind(line, name);
    if (value === undefined) return rest === "" || rest?.startsWith(" = ") === true;
    return rest === (value === null ? "" : ` = ${value}`);
  });
}

/** Each call that is waited for is one of the model's, and the other way round. */
function fitsRoots(calls: readonly (readonly string[])[], roots: readonly string[]): boolean {
  const [first, ...rest] = calls;
  if (first === undefined) return roots.length === 0;
  return first.some((name) => {
    const at = roots.findIndex((root) => behind(root, name) === "");
    return at !== -1 && fitsRoots(rest, roots.toSpliced(at, 1));
  });
}

function fitsEnd(end: RunEnd, model: ModelEnd): boolean {
  switch (end.tag) {
    case "exact":
      return end.text === model.text;
    case "any":
      return end.of === model.tag;
    case "stuck":
      return model.tag === "stuck" && fitsRoots(end.calls, model.roots);
    case "quiet":
      return model.tag === "ok" || model.tag === "stuck";
    case "cut":
      return true;
  }
}

type Calls = ModelSearch["calls"];

function isResult(line: string, calls: readonly string[]): boolean {
  const names = calls.flatMap(namesOfCall);
  return names.some((name) => fitsEntry({ tag: "result", names: [name], value: undefined }, line));
}

/** The lines of an outcome that a run can be expected to show. */
function shownLines({ log }: ModelOutcome, run: EngineRun, calls: Calls): readonly string[] {
  return run.lines ? log : log.filter((line) => isResult(line, calls ?? []));
}

function entriesOf(run: EngineRun, calls: Calls): readonly RunEntry[] {
  return calls === null ? run.log.filter(({ tag }) => tag === "line") : run.log;
}

/** Each entry is a line of its own; with `all`, each line an entry too. */
function fitsInOrder(
  entries: readonly RunEntry[],
  lines: readonly string[],
  all: boolean,
): boolean {
  const enough = all ? entries.length === lines.length : entries.length <= lines.length;
  return enough && entries.every((entry, i) => fitsEntry(entry, lines[i] ?? ""));
}

/** The same in any order. */
function fitsAnyhow(entries: readonly RunEntry[], lines: readonly string[], all: boolean): boolean {
  const [first, ...rest] = entries;
  if (first === undefined) return !all || lines.length === 0;
  return lines.some(
    (line, i) => fitsEntry(first, line) && fitsAnyhow(rest, lines.toSpliced(i, 1), all),
  );
}

/** A trap may come before a result that is told late. */
function isTrap({ end }: EngineRun): boolean {
  return end.tag === "any"
    ? end.of === "traps"
    : end.tag === "exact" && end.text.startsWith("traps");
}

/** Results that are told late stand anywhere: then only other lines are in order. */
function fitsLog(run: EngineRun, lines: readonly string[], calls: Calls): boolean {
  const entries = entriesOf(run, calls);
  const all = run.end.tag !== "cut";
  if (run.ordered) return fitsInOrder(entries, lines, all);
  const results = lines.filter((line) => isResult(line, calls ?? []));
  const others = lines.filter((line) => !isResult(line, calls ?? []));
  const [told, logged] = [entries.filter(isTold), entries.filter((entry) => !isTold(entry))];
  return fitsInOrder(logged, others, all) && fitsAnyhow(told, results, all && !isTrap(run));
}

function isTold({ tag }: RunEntry): boolean {
  return tag === "result";
}

/** Whether a run may have had this outcome. */
function fits(run: EngineRun, outcome: ModelOutcome, calls: Calls): boolean {
  return fitsEnd(run.end, outcome.end) && fitsLog(run, shownLines(outcome, run, calls), calls);
}

function entryText(entry: RunEntry): string {
  if (entry.tag === "line") return entry.text;
  const [name = ""] = entry.names;
  if (entry.value === null) return name;
  return `${name} = ${entry.value ?? "?"}`;
}

function endText(end: RunEnd): string {
  switch (end.tag) {
    case "exact":
      return end.text;
    case "any":
      return end.of;
    case "stuck":
      return `stuck ${end.calls.map(([name = ""]) => name).join(", ")}`;
    case "quiet":
      return "ok or stuck";
    case "cut":
      return "cut off";
  }
}

/** Counts while the runs are gone through. */
interface Tally {
  readonly log: readonly string[];
  readonly end: string;
  readonly model: ModelOutcome | null;
  readonly engines: { sure: number; maybe: number }[];
}

class Table {
  readonly #search: ModelSearch;
  readonly #engines: number;
  readonly #allowed: readonly Tally[];
  readonly #others = new Map<string, Tally>();
  readonly #cutOff: number[];

  constructor(search: ModelSearch, engines: number) {
    this.#search = search;
    this.#engines = engines;
    this.#cutOff = new Array<number>(engines).fill(0);
    this.#allowed = search.outcomes.map((model) => this.#tally(model.log, model.end.text, model));
  }

  #tally(log: readonly string[], end: string, model: ModelOutcome | null): Tally {
    const engines = Array.from({ length: this.#engines }, () => ({ sure: 0, maybe: 0 }));
    return { log, end, model, engines };
  }

  #other(run: EngineRun): Tally {
    const log = entriesOf(run, this.#search.calls).map(entryText);
    const end = endText(run.end);
    const key = JSON.stringify([log, end]);
    const tally = this.#others.get(key) ?? this.#tally(log, end, null);
    this.#others.set(key, tally);
    return tally;
  }

  add(run: EngineRun, engine: number): void {
    const { calls } = this.#search;
    const found = this.#allowed.filter(({ model }) => model !== null && fits(run, model, calls));
    if (found.length > 0 && run.end.tag === "cut") {
      this.#cutOff[engine] = (this.#cutOff[engine] ?? 0) + run.count;
      return;
    }
    const which = found.length > 1 ? "maybe" : "sure";
    for (const { engines } of found.length > 0 ? found : [this.#other(run)]) {
      const cell = engines[engine];
      if (cell !== undefined) cell[which] += run.count;
    }
  }

  get cutOff(): readonly number[] {
    return this.#cutOff;
  }

  get rows(): readonly Row[] {
    const missing = this.#search.cutOff === null ? "not allowed" : "unknown";
    const others = [...this.#others.values()].map(
      (one) => ({ ...one, standing: missing }) as const,
    );
    const allowed = this.#allowed.map((one) => {
      const isSeen = one.engines.some(({ sure, maybe }) => sure + maybe > 0);
      return { ...one, standing: isSeen ? "seen" : "never seen" } as const;
    });
    return [...others, ...allowed].sort(inOrder);
  }
}

const order: readonly Standing[] = ["not allowed", "unknown", "never seen", "seen"];

function inOrder(a: Row, b: Row): number {
  const byStanding = order.indexOf(a.standing) - order.indexOf(b.standing);
  return byStanding || (a.model?.cost ?? 0) - (b.model?.cost ?? 0);
}

function verdictOf(rows: readonly Row[]): JudgeVerdict {
  const standings = new Set(rows.map(({ standing }) => standing));
  if (standings.has("not allowed")) return "not allowed";
  return standings.has("unknown") ? "unknown" : "allowed";
}

/** Counts each run of each engine for the outcomes that it may have had. */
export function compare(model: ModelSearch, engines: readonly Engine[]): Comparison {
  const table = new Table(model, engines.length);
  engines.forEach(({ runs }, i) => {
    for (const run of runs) table.add(run, i);
  });
  const { rows, cutOff } = table;
  return { model, engines, rows, cutOff, verdict: verdictOf(rows) };
}
