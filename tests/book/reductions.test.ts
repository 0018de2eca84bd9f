// No reduction changes what an exploration says, in any scenario of the book.

import { describe, expect, test } from "vitest";
import { defaultRevision } from "../../src/model/amendments.ts";
import type { Scenario } from "../../src/scenario/ast.ts";
import type { Selection } from "../../src/scenario/revision.ts";
import { revisionsOf, type VerifyOptions, verify } from "../../src/scenario/verify.ts";
import { usesWasi } from "../../src/scenario/wasi-names.ts";
import { printSchedule } from "../../src/scheduler/model.ts";
import { showOutcome } from "../../src/scheduler/outcome.ts";
import { readBook } from "./files.ts";

const none = { macrosteps: true, dead: true, coin: false, sleep: false };

/** Without these the graph has other nodes, and everything that is said of it stays. */
const nodes = { ...none, macrosteps: false, dead: false };

/** Every microstep of a larger system is too many states for this test. */
const fewStates = 2000;

/** A state of a system with a WASI host takes ten times as long; `CANON_RUNS` lengthens this too. */
const runs = Number(process.env.CANON_RUNS ?? 1);
const fewWasiStates = 25 * runs;

/** What a WASI host does depends on no revision, so that one of them will do. */
function searchesOf(scenario: Scenario): readonly Selection[] {
  const all = revisionsOf(scenario);
  if (!usesWasi(scenario) || runs > 1) return all;
  return all.filter(({ label }) => label.startsWith(defaultRevision));
}

/**
 * What a report says, as texts; probabilities are sums of the same numbers in another order. Of
 * several witnesses that cost the same, which one is found depends on the number of steps.
 */
function said(
  scenario: Scenario,
  revision: Selection,
  options: VerifyOptions,
  witnesses: boolean,
): readonly string[] {
  const { outcomes, findings, checks, verdict } = verify(scenario, revision, options);
  return [
    verdict,
    ...checks.map((c) => c.verdict),
    ...findings.map((f) => `${f.property} ${f.cost}`),
    ...outcomes.map((o) => {
      const { cost, schedules, probability, fair, witness, outcome } = o;
      // moved off the ties of rounding, on which powers of two fall
      const p = (probability + 1e-12).toFixed(9);
      const facts = [cost, schedules, p, fair, outcome.leaks.join()];
      const by = witnesses ? ` by ${printSchedule(witness)}` : "";
      return `${showOutcome(outcome)} ${facts.join(" ")}${by}`;
    }),
  ].sort();
}

describe("a search without reductions says the same", () => {
  test.each(readBook().entries)("$file:$scenario.pos.line $scenario.title", ({ scenario }) => {
    for (const revision of searchesOf(scenario)) {
      const { states } = verify(scenario, revision, { properties: false });
      if (usesWasi(scenario) && states > fewWasiStates) continue;
      const reduced = said(scenario, revision, {}, true);
      expect(said(scenario, revision, { reduce: none }, true)).toEqual(reduced);
      expect(said(scenario, revision, { exact: true }, true)).toEqual(reduced);
      if (states > fewStates) continue;
      const plain = said(scenario, revision, { reduce: nodes }, false);
      expect(plain).toEqual(said(scenario, revision, {}, false));
    }
  });
});
