// What an exploration found, as JSON with a stable order of fields.

import type { Json } from "../model/json.ts";
import type { Allowed, Judged, Result } from "../scenario/verify.ts";
import { printSchedule } from "../scheduler/model.ts";
import { showOutcome } from "../scheduler/outcome.ts";
import { checkText, type Explored, verdictOf, whyOpen } from "./explored.ts";

function allowedJson(explored: Explored, result: Result, allowed: Allowed): Json {
  const { outcome, cost, witness } = allowed;
  return {
    text: showOutcome(outcome),
    log: outcome.log,
    end: { ...outcome.end },
    leaks: outcome.leaks,
    cost,
    schedule: printSchedule(witness),
    why: whyOpen(result, allowed, explored.profile),
  };
}

function shortJson({ outcome, witness }: Allowed): Json {
  return { text: showOutcome(outcome), schedule: printSchedule(witness) };
}

function checkJson({ check, verdict, example, missing, extra }: Judged): Json {
  return {
    text: checkText(check),
    line: check.pos.line,
    verdict,
    example: example === null ? null : shortJson(example),
    missing,
    extra: extra.map(shortJson),
  };
}

function resultJson(explored: Explored, result: Result): Json {
  const { revision, verdict, coverage, states, transitions, outcomes, checks, findings } = result;
  return {
    revision: revision.label,
    amendments: revision.amendments,
    verdict,
    coverage: { ...coverage },
    states,
    transitions,
    outcomes: outcomes.map((allowed) => allowedJson(explored, result, allowed)),
    checks: checks.map(checkJson),
    findings: findings.map(({ property, detail, cost, witness }) => {
      return { property, detail, cost, schedule: printSchedule(witness) };
    }),
  };
}

/**
 * One scenario: `file`, `line`, `id` (or null), `title`, `profile`, `verdict`, and for each revision
 * its `amendments`, `coverage`, `states`, `transitions`, `outcomes` (`text`, `log`, `end`, `leaks`,
 * `cost`, `schedule`, `why`), `checks` (`text`, `line`, `verdict`, `example`, `missing`, `extra`) and
 * `findings` (`property`, `detail`, `cost`, `schedule`). Schedules are texts for `replay`.
 */
export function exploredJson(explored: Explored): Json {
  const { file, scenario, profile, results } = explored;
  return {
    file,
    line: scenario.pos.line,
    id: scenario.id,
    title: scenario.title,
    profile,
    verdict: verdictOf(explored),
    revisions: results.map((result) => resultJson(explored, result)),
  };
}
