// Samples the runs of a scenario under a revision and judges its checks as far as that goes.

import type { Profile } from "../model/store.ts";
import {
  type Failure,
  type Sampled,
  type SimulateOptions,
  type Simulation,
  simulate,
} from "../scheduler/sampling/simulate.ts";
import type { Scenario } from "./ast.ts";
import { type Allowed, type Judged, judge } from "./judge.ts";
import { allProperties } from "./properties.ts";
import type { Selection } from "./revision.ts";
import { checksFor, isExpected, systemOf } from "./verify.ts";

export interface SimulateScenarioOptions extends SimulateOptions {
  readonly profile?: Profile;
}

export interface Simulated {
  readonly scenario: Scenario;
  readonly revision: Selection;
  readonly simulation: Simulation;
  readonly checks: readonly Judged[];
  /** broken standing properties that the scenario does not expect */
  readonly findings: readonly Failure[];
  /** Something is violated for certain; nothing else is: it is a sample of the runs. */
  readonly violated: boolean;
}

function allowed({ outcome, schedule, count }: Sampled, runs: number): Allowed {
  return {
    outcome,
    cost: schedule.length,
    witness: schedule,
    schedules: null,
    probability: count / runs,
    fair: false,
  };
}

/** Samples a scenario's runs; the same options give the same result everywhere. */
export function simulateScenario(
  scenario: Scenario,
  revision: Selection,
  { profile, ...options }: SimulateScenarioOptions = {},
): Simulated {
  const simulation = simulate(systemOf(scenario, revision, profile), {
    properties: allProperties,
    ...options,
  });
  const { outcomes, failures, runs } = simulation;
  const met = outcomes
    .filter(({ outcome }) => outcome.end.tag !== "limit")
    .map((one) => allowed(one, runs))
    .sort((a, b) => a.cost - b.cost);
  const checks = checksFor(scenario, revision).map((check) => judge(scenario, check, met, false));
  const findings = failures.filter((failure) => !isExpected(scenario, revision, failure));
  const violated = findings.length > 0 || checks.some((c) => c.verdict === "violated");
  return { scenario, revision, simulation, checks, findings, violated };
}
