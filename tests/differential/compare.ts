// Our outcomes of a program, and where they differ from the reference's.

import { checkedScenarios } from "../../src/scenario/book.ts";
import type { Selection } from "../../src/scenario/revision.ts";
import { systemOf } from "../../src/scenario/verify.ts";
import { explore } from "../../src/scheduler/explore/explore.ts";
import { machineModel } from "../../src/scheduler/machine-model.ts";
import { type End, factOf, outcomeWith } from "../../src/scheduler/outcome.ts";
import { type Program, scenarioText } from "./program.ts";
import type { Answer, Observed } from "./reference.ts";

const maxStates = 12_000;

function endText(end: End): { end: string; site: string } {
  switch (end.tag) {
    case "ok":
    case "diverges":
      return { end: end.tag, site: "" };
    case "traps":
      return { end: "trap", site: end.code };
    case "bug":
      return { end: "bug", site: end.code };
    case "stuck":
      return { end: ["stuck", ...[...end.roots].sort()].join(" "), site: "" };
    case "limit":
      return { end: "limit", site: end.bound };
  }
}

/** Every outcome of the program in our machine, as far as the bound on states allows. */
export function ours(program: Program, revision: Selection): Answer {
  const text = scenarioText(program, "a random program");
  const [scenario] = checkedScenarios(text, "random.scn");
  if (scenario === undefined) throw new Error("no scenario");
  const model = machineModel(systemOf(scenario, revision));
  const found = explore(model, { maxStates, final: factOf });
  const byKey = new Map<string, Observed>();
  for (const { tag, fact, observed: log } of found.outcomes) {
    const end: End = tag === "cycle" ? { tag: "diverges" } : outcomeWith(log, fact).end;
    const shown = endText(end);
    byKey.set(JSON.stringify([log, shown]), { log, ...shown });
  }
  const complete = found.coverage.tag === "all" && found.outcomesComplete;
  return { outcomes: [...byKey.values()], complete, runs: found.states };
}

/** What only one side has. */
export interface Difference {
  readonly onlyOurs: readonly Observed[];
  readonly onlyTheirs: readonly Observed[];
}

const key = ({ log, end }: Observed): string => JSON.stringify([log, end]);

/** Null where the two agree; a side that is not complete cannot lack anything. */
export function difference(mine: Answer, theirs: Answer): Difference | null {
  const here = new Set(mine.outcomes.map(key));
  const there = new Set(theirs.outcomes.map(key));
  const onlyOurs = theirs.complete ? mine.outcomes.filter((o) => !there.has(key(o))) : [];
  const onlyTheirs = mine.complete ? theirs.outcomes.filter((o) => !here.has(key(o))) : [];
  return onlyOurs.length + onlyTheirs.length === 0 ? null : { onlyOurs, onlyTheirs };
}

/** Counts which of our trap codes goes with which line of the reference, over equal logs. */
export class Sites {
  readonly #pairs = new Map<string, Map<string, number>>();

  add(mine: Answer, theirs: Answer): void {
    const codes = sitesByKey(mine);
    for (const [at, lines] of sitesByKey(theirs)) {
      const names = codes.get(at);
      if (names?.size !== 1 || lines.size !== 1) continue;
      const [code = ""] = names;
      const [line = ""] = lines;
      const known = this.#pairs.get(code) ?? new Map<string, number>();
      known.set(line, (known.get(line) ?? 0) + 1);
      this.#pairs.set(code, known);
    }
  }

  /** One line a code: the places in the reference, the most frequent first. */
  report(): readonly string[] {
    return [...this.#pairs].sort().map(([code, lines]) => {
      const places = [...lines].sort((a, b) => b[1] - a[1]).map(([line, n]) => `${line} (${n})`);
      return `${code}: ${places.join("  ")}`;
    });
  }
}

function sitesByKey({ outcomes }: Answer): Map<string, Set<string>> {
  const all = new Map<string, Set<string>>();
  for (const o of outcomes) {
    if (o.end !== "trap" && o.end !== "bug") continue;
    all.set(key(o), (all.get(key(o)) ?? new Set()).add(o.site));
  }
  return all;
}
