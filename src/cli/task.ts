// One search of a command: a scenario under a revision, and what the explorer needs to know of it.

import type { Store } from "../model/store.ts";
import type { Scenario } from "../scenario/ast.ts";
import type { Selection } from "../scenario/revision.ts";
import {
  exploreOptions,
  judged,
  type Result,
  systemOf,
  type VerifyOptions,
} from "../scenario/verify.ts";
import { type ExploreOptions, report } from "../scheduler/explore/explore.ts";
import type { Searched } from "../scheduler/explore/search.ts";
import type { Action } from "../scheduler/machine.ts";
import { machineModel } from "../scheduler/machine-model.ts";
import type { Model } from "../scheduler/model.ts";

/** What a search is of, as plain data. */
export interface Subject {
  readonly scenario: Scenario;
  readonly revision: Selection;
  readonly options: Omit<VerifyOptions, "progress">;
}

export interface Task extends Subject {
  readonly model: Model<Store, Action>;
  readonly search: ExploreOptions<Store>;
}

export function taskOf({ scenario, revision, options }: Subject): Task {
  const system = systemOf(scenario, revision, options.profile);
  const model = machineModel(system, options.reduce);
  return { scenario, revision, options, model, search: exploreOptions(system, options) };
}

/** What the search says of the scenario. */
export function resultOf(task: Task, searched: Searched<Store>): Result {
  const { scenario, revision, options, model } = task;
  const found = report(model, task.search, searched);
  return judged(scenario, revision, found, options.reduce?.symmetry ?? false);
}
