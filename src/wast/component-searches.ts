// Runs a group of components under one schedule, or explores every one. Mirrors spec/14.

import { explore } from "../scheduler/explore/explore.ts";
import type { System } from "../scheduler/machine.ts";
import { machineModel } from "../scheduler/machine-model.ts";
import type { Schedule } from "../scheduler/model.ts";
import { factOf, outcomeWith } from "../scheduler/outcome.ts";
import { judgeStep, type Run } from "./component-endings.ts";
import type { Group, Step } from "./component-plan.ts";
import { type Policy, policies, runUnder } from "./policies.ts";
import type { ScriptOptions } from "./run.ts";
import type { Command } from "./script.ts";
import { noted, oneSchedule, type Scope, type Scoped, type Verdict } from "./verdict.ts";

/** One way in which all steps of a group can go. */
interface Way extends Run {
  readonly witness: Schedule;
}

interface Ways {
  readonly all: readonly Way[];
  readonly complete: boolean;
}

function everyRun(system: System, { maxStates, goesOn }: ScriptOptions): Ways {
  const found = explore(machineModel(system), { final: factOf, maxStates, progress: goesOn });
  const all = found.outcomes.map(({ tag, observed, fact, witness }): Way => {
    if (tag === "end") return { ...outcomeWith(observed, fact), witness };
    return { log: observed, end: { tag: "diverges" }, witness };
  });
  return { all, complete: found.coverage.tag === "all" && found.outcomesComplete };
}

function scopeOf({ all, complete }: Ways, judge: (way: Run) => Verdict): Scope {
  const bad = all.find((way) => judge(way).tag === "failed");
  if (bad === undefined) return { tag: "all", complete };
  const some = all.some((way) => judge(way).tag === "passed");
  return some ? { tag: "some", complete, witness: bad.witness } : { tag: "all", complete };
}

/** What a run under a policy says of each step. */
interface Tried {
  readonly policy: Policy;
  /** false: it was cut off */
  readonly ended: boolean;
  readonly verdicts: readonly Verdict[];
}

/** How much is to be said for a run: by what passes, and then, whether it came to its end. */
function worth({ verdicts, ended }: Tried): number {
  return verdicts.filter(({ tag }) => tag === "passed").length + (ended ? 0.5 : 0);
}

/** By default if all steps pass there; otherwise under the policy under which most do. */
function tried(
  system: System,
  steps: readonly Step[],
): { readonly best: Tried; readonly first: Tried } {
  const all: Tried[] = [];
  for (const policy of policies) {
    const run = runUnder(system, policy);
    const verdicts = steps.map((_, i) => judgeStep(run, steps, i));
    all.push({ policy, verdicts, ended: run.end.tag !== "limit" });
    if (verdicts.every(({ tag }) => tag === "passed")) break;
  }
  const [first, ...others] = all;
  if (first === undefined) throw new Error("there is no policy");
  return { first, best: others.reduce((a, b) => (worth(b) > worth(a) ? b : a), first) };
}

/** What holds, but not by default, holds under some schedules only. */
function byPolicy({ name }: Policy, verdict: Verdict, byDefault: Verdict | undefined): Scoped {
  if (verdict.tag !== "passed" || byDefault?.tag !== "failed")
    return { verdict, scope: oneSchedule };
  const note = `not by default, but where ${name}`;
  return { verdict: noted(note), scope: { tag: "some", complete: true, witness: [] } };
}

/** What became of the commands of a group: under one schedule, and how far that depends on it. */
export function runGroup(group: Group, options: ScriptOptions): ReadonlyMap<Command, Scoped> {
  const { steps } = group;
  const system = group.system(options.amendments);
  const { best, first } = tried(system, steps);
  const ways = options.allSchedules ? everyRun(system, options) : null;
  return new Map(
    steps.flatMap((step, i) => {
      const verdict = best.verdicts[i];
      if (verdict === undefined) return [];
      const scoped = byPolicy(best.policy, verdict, first.verdicts[i]);
      if (ways === null) return [[step.command, scoped]];
      const scope = scopeOf(ways, (way) => judgeStep(way, steps, i));
      return [[step.command, { ...scoped, scope }]];
    }),
  );
}
