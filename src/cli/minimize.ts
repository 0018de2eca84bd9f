// `minimize`: the simplest schedule that shows what a given one shows.

import { profiles } from "../model/profiles.ts";
import type { Store } from "../model/store.ts";
import { placeText } from "../report/command.ts";
import { minimizedText, type Told } from "../report/minimize-text.ts";
import { allProperties } from "../scenario/properties.ts";
import type { Selection } from "../scenario/revision.ts";
import { systemOf, verify } from "../scenario/verify.ts";
import type { Action } from "../scheduler/machine.ts";
import { machineModel } from "../scheduler/machine-model.ts";
import { type Execution, executeAlong } from "../scheduler/minimize/execution.ts";
import { type Goal, outcomeTextGoal, propertyGoal } from "../scheduler/minimize/goals.ts";
import { minimize as minimized } from "../scheduler/minimize/minimize.ts";
import { type Model, type Schedule, ScheduleError } from "../scheduler/model.ts";
import { type Outcome, outcomeOf, showOutcome } from "../scheduler/outcome.ts";
import { brokenProperty } from "../scheduler/properties.ts";
import { complain, exitCodes, type Io, paintOf, print } from "./io.ts";
import { type Common, revisionFor } from "./options.ts";
import { progress } from "./progress.ts";
import { type One, readOne } from "./sources.ts";

export interface MinimizeCommandOptions extends Common {
  readonly schedule: Schedule;
  readonly target?: string;
  readonly greedy?: boolean;
  readonly maxStates?: number;
  readonly progress?: boolean;
}

/** What the schedule is kept for, and how to say it. */
interface Target {
  readonly text: string;
  readonly goal: Goal<Store>;
}

/** A standing property by its name, or an outcome as `explore` prints it. */
function targetOf(text: string): Target {
  const property = allProperties.some(({ name }) => name === text);
  return { text, goal: property ? propertyGoal(text, allProperties) : outcomeTextGoal(text) };
}

/** What a run shows: the standing property that it breaks first, or else its outcome. */
function shownBy(model: Model<Store, Action>, schedule: Schedule): Target {
  let broken: string | null = null;
  const ran: Execution<Store> = executeAlong(model, schedule, {
    visit: (store, final) => {
      broken ??= brokenProperty(store, final, allProperties)?.name ?? null;
      return false;
    },
  });
  if (broken !== null) return targetOf(broken);
  const log = ran.observed;
  const endless: Outcome = { log, end: { tag: "diverges" }, leaks: [] };
  return targetOf(showOutcome(ran.stop === "end" ? outcomeOf({ ...ran.state, log }) : endless));
}

/** The scenario, how it runs, and what is kept. */
interface Task {
  readonly one: One;
  readonly revision: Selection;
  readonly model: Model<Store, Action>;
  readonly target: Target;
  readonly options: MinimizeCommandOptions;
}

async function taskOf(file: string, options: MinimizeCommandOptions): Promise<Task> {
  const one = await readOne(file, options);
  const revision = revisionFor(one.scenario, options);
  const model = machineModel(systemOf(one.scenario, revision, profiles[options.profile]));
  const { target, schedule } = options;
  return {
    one,
    revision,
    model,
    target: target === undefined ? shownBy(model, schedule) : targetOf(target),
    options,
  };
}

type Tick = ReturnType<typeof progress>["tick"];

function bounds({ maxStates }: MinimizeCommandOptions): { readonly maxStates?: number } {
  return maxStates === undefined ? {} : { maxStates };
}

function simplest({ model, target, options }: Task, tick: Tick): Told {
  const mode = options.greedy === true ? "greedy" : "exact";
  const { schedule } = options;
  return minimized(model, schedule, target.goal, { mode, progress: tick, ...bounds(options) });
}

/** A run without an end shows nothing at any one place: the whole graph says how it gets there. */
function cheapestLoop({ one, revision, target, options }: Task, tick: Tick): Told {
  const profile = profiles[options.profile];
  const search = { profile, properties: false, progress: tick, ...bounds(options) };
  const { outcomes, coverage, states } = verify(one.scenario, revision, search);
  const found = outcomes.find(({ outcome }) => showOutcome(outcome) === target.text);
  if (found === undefined) throw new ScheduleError("no run goes on like this for ever");
  return { schedule: found.witness, least: coverage.tag === "all", tried: 0, states };
}

/** Prints the schedule; a search that was cut off leaves open whether there is a simpler one. */
export async function minimize(
  io: Io,
  file: string,
  options: MinimizeCommandOptions,
): Promise<number> {
  const task = await taskOf(file, options);
  const { one, revision, target } = task;
  const { profile, schedule, greedy = false } = options;
  const what = `${placeText(one)} ${revision.label}`;
  const { tick, done } = progress(io, what, options.progress === true);
  try {
    const loop = target.text.endsWith(" diverges");
    const made = loop ? cheapestLoop(task, tick) : simplest(task, tick);
    done();
    const run = { ...one, revision: revision.label, profile };
    print(io, minimizedText(run, target.text, schedule, made, !greedy, paintOf(io)));
    return greedy || made.least ? exitCodes.ok : exitCodes.incomplete;
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error;
    complain(io, `this schedule does not show ${target.text}`);
    return exitCodes.violated;
  }
}
