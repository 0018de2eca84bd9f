// What a simulation met, as JSON with a stable order of fields.

import type { Json } from "../model/json.ts";
import type { Judged } from "../scenario/judge.ts";
import { printSchedule } from "../scheduler/model.ts";
import { showOutcome } from "../scheduler/outcome.ts";
import { strategyName } from "../scheduler/sampling/policies.ts";
import type { Shown } from "../scheduler/sampling/sample.ts";
import { placeJson } from "./command.ts";
import { checkText } from "./explored.ts";
import type { SimulatedReport } from "./simulate-text.ts";

function firstJson({
  count,
  run,
  strategy,
  seed,
  schedule,
}: Shown): Readonly<Record<string, Json>> {
  const text = printSchedule(schedule);
  return { count, first: { run, policy: strategyName(strategy), seed, schedule: text } };
}

function checkJson({ check, verdict, example, missing }: Judged): Json {
  const shown =
    example === null
      ? null
      : { text: showOutcome(example.outcome), schedule: printSchedule(example.witness) };
  const known = verdict === "violated" || verdict === "proved" ? verdict : "sampled";
  return { text: checkText(check), line: check.pos.line, verdict: known, example: shown, missing };
}

/**
 * `file`, `line` (of a component `invoke`: its calls), `id` (or null), `title`, `revision`, `profile`, `verdict` (`violated` or
 * `sampled`), `runs`, `cut`, `interrupted`, `unseen`, `outcomes` (`text`, `log`, `end`, `leaks`, `count`,
 * `first`), `checks` (`text`, `line`, `verdict`, `example`, `missing`), `findings` (`property`, `detail`,
 * `count`, `first`) and `coverage` (`states`, `rules`, `traps`, `choices`). `first` is the run that showed
 * it first: its number, policy, seed and schedule.
 */
export function simulatedJson(report: SimulatedReport): Json {
  const { scenario, profile, simulated } = report;
  const { simulation, checks, findings, violated, revision } = simulated;
  const { runs, cut, interrupted, unseen, outcomes, coverage } = simulation;
  return {
    ...placeJson(report),
    id: scenario.id,
    title: scenario.title,
    revision: revision.label,
    profile,
    verdict: violated ? "violated" : "sampled",
    runs,
    cut,
    interrupted,
    unseen,
    outcomes: outcomes.map(({ outcome, ...shown }) => {
      const { log, end, leaks } = outcome;
      return { text: showOutcome(outcome), log, end: { ...end }, leaks, ...firstJson(shown) };
    }),
    checks: checks.map(checkJson),
    findings: findings.map(({ property, detail, ...shown }) => {
      return { property, detail, ...firstJson(shown) };
    }),
    coverage: {
      states: coverage.states,
      rules: coverage.rules,
      traps: coverage.traps,
      choices: coverage.choices.map((row) => ({ ...row })),
    },
  };
}
