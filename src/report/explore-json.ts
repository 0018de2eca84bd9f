// What an exploration found, as JSON with a stable order of fields.

import type { Json } from "../model/json.ts";
import type { Allowed, Judged } from "../scenario/judge.ts";
import type { Result } from "../scenario/verify.ts";
import { printSchedule } from "../scheduler/model.ts";
import { showOutcome } from "../scheduler/outcome.ts";
import { askedJson } from "./alive-asked.ts";
import { placeJson } from "./command.ts";
import { checkText, type Explored, verdictOf, whyOpen } from "./explored.ts";

function allowedJson(explored: Explored, result: Result, allowed: Allowed): Json {
  const { outcome, cost, witness, schedules, probability } = allowed;
  const { asked } = explored;
  return {
    text: showOutcome(outcome),
    log: outcome.log,
    end: { ...outcome.end },
    leaks: outcome.leaks,
    cost,
    schedules: schedules === null ? null : String(schedules),
    probability,
    schedule: printSchedule(witness),
    why: whyOpen(result, allowed, explored.profile),
    ...(asked === undefined ? {} : { alive: askedJson(asked, allowed) }),
  };
}

function shortJson({ outcome, witness }: Allowed): Json {
  return { text: showOutcome(outcome), schedule: printSchedule(witness) };
}

function checkJson({ check, verdict, example, missing, extra, why }: Judged): Json {
  return {
    text: checkText(check),
    line: check.pos.line,
    verdict,
    example: example === null ? null : shortJson(example),
    missing,
    extra: extra.map(shortJson),
    why,
  };
}

function resultJson(explored: Explored, result: Result): Json {
  const { revision, verdict, coverage, outcomes, checks, findings } = result;
  const { states, transitions, steps, outcomesComplete, omission, diversity } = result;
  return {
    revision: revision.label,
    amendments: revision.amendments,
    settings: revision.settings.map((setting) => ({ ...setting })),
    verdict,
    coverage: { ...coverage },
    states,
    transitions,
    steps,
    outcomesComplete,
    omission,
    diversity: diversity.map((one) => ({ ...one })),
    outcomes: outcomes.map((allowed) => allowedJson(explored, result, allowed)),
    checks: checks.map(checkJson),
    findings: findings.map(({ property, detail, cost, witness }) => {
      return { property, detail, cost, schedule: printSchedule(witness) };
    }),
  };
}

/**
 * One scenario: `file`, `line` (of a component `invoke`: its calls), `id` (or null), `title`, `profile`, `verdict`, and for each revision
 * its `amendments`, `settings` (`name`, `value`), `coverage`, `states`, `transitions` and the `steps` that were executed for them,
 * `outcomesComplete`, `omission`, `diversity` (`field`, `values`, `sampled`), `outcomes` (`text`,
 * `log`, `end`, `leaks`, `cost`, `schedules`: a decimal text or null for infinitely many,
 * `probability`, `schedule`, `why`, and where `--why-alive` asks, `alive`: `object`, `reasons`,
 * `released` after which step), `checks` (`text`, `line`, `verdict`, `example`, `missing`,
 * `extra`, `why`: of a vacuous one) and `findings` (`property`, `detail`, `cost`, `schedule`).
 * Schedules are texts for `replay`.
 */
export function exploredJson(explored: Explored): Json {
  const { scenario, profile, results } = explored;
  return {
    ...placeJson(explored),
    id: scenario.id,
    title: scenario.title,
    profile,
    verdict: verdictOf(explored),
    revisions: results.map((result) => resultJson(explored, result)),
  };
}
