// Schedules for fast-check: random runs that shrink by running again. Mirrors spec/07.

import { Arbitrary, type Random, Stream, toStringMethod, Value } from "fast-check";
import { profiles } from "./model/profiles.ts";
import type { Profile } from "./model/store.ts";
import { replayCommand } from "./report/command.ts";
import type { Scenario } from "./scenario/ast.ts";
import type { Selection } from "./scenario/revision.ts";
import { systemOf } from "./scenario/verify.ts";
import type { System } from "./scheduler/machine.ts";
import { machineModel } from "./scheduler/machine-model.ts";
import { along, type Execution, execute, executeAlong } from "./scheduler/minimize/execution.ts";
import { simplerRuns } from "./scheduler/minimize/shrink.ts";
import { type Model, type Named, printSchedule, type Schedule } from "./scheduler/model.ts";
import { type Outcome, outcomeOf } from "./scheduler/outcome.ts";
import { brokenProperty } from "./scheduler/properties.ts";
import { type Chooser, chooser, type Strategy } from "./scheduler/sampling/policies.ts";
import { estimatedLength } from "./scheduler/sampling/sample.ts";

export interface ScheduleOptions {
  /** how schedules are drawn: POS or uniform, by turns, unless one is named */
  readonly policy?: Strategy;
  /** choice points of one run at the most (default 10 000) */
  readonly maxChoices?: number;
  /** the command that shows the run again, printed with a counterexample */
  readonly command?: (schedule: Schedule) => string;
}

/** What is known of a schedule that this arbitrary made. */
class Context<S> {
  readonly run: Execution<S>;
  /** printed schedules that were tried on the way here, so that they are not tried again */
  readonly known: ReadonlySet<string>;
  constructor(run: Execution<S>, known: ReadonlySet<string>) {
    this.run = run;
    this.known = known;
  }
}

function isEntry(value: unknown): boolean {
  return typeof value === "string" && /^\S.*#[1-9][0-9]*$/.test(value);
}

class Schedules<S, A extends Named> extends Arbitrary<Schedule> {
  readonly #model: Model<S, A>;
  readonly #options: ScheduleOptions;
  #length: number | null = null;

  constructor(model: Model<S, A>, options: ScheduleOptions) {
    super();
    this.#model = model;
    this.#options = options;
  }

  generate(mrng: Random): Value<Schedule> {
    const drawn = mrng.nextInt(0, 1) === 0 ? "pos" : "uniform";
    const { policy = drawn } = this.#options;
    const choose = chooser(policy, mrng.nextInt(0, 0x7fff_ffff), this.#lengthFor(policy));
    return this.#value(this.#run(choose), new Set());
  }

  canShrinkWithoutContext(value: unknown): value is Schedule {
    return Array.isArray(value) && value.every(isEntry);
  }

  /** Without a context the run is made again, so that a seed and a path are enough to come here. */
  shrink(value: Schedule, context: unknown): Stream<Value<Schedule>> {
    const { run, known } =
      context instanceof Context
        ? (context as Context<S>)
        : new Context(this.#run(along(value)), new Set<string>());
    return new Stream(this.#simpler(run, known));
  }

  *#simpler(run: Execution<S>, known: ReadonlySet<string>): Generator<Value<Schedule>, undefined> {
    const tried = new Set(known);
    for (const simpler of simplerRuns(run, known, (choose) => this.#run(choose))) {
      yield this.#value(simpler, new Set(tried));
      tried.add(printSchedule(simpler.schedule));
    }
  }

  #run(choose: Chooser): Execution<S> {
    const { maxChoices } = this.#options;
    return execute(this.#model, choose, maxChoices === undefined ? {} : { maxChoices });
  }

  #lengthFor(policy: Strategy): number {
    if (typeof policy === "string") return 0;
    this.#length ??= estimatedLength(this.#model);
    return this.#length;
  }

  /** An array like any other, except that fast-check prints it on lines that can be copied. */
  #value(run: Execution<S>, known: ReadonlySet<string>): Value<Schedule> {
    const schedule = [...run.schedule];
    const { command } = this.#options;
    const lines = (): readonly string[] => [
      "",
      `  ${printSchedule(schedule)}`,
      ...(command === undefined ? [] : [`  ${command(schedule)}`]),
      "",
    ];
    Object.defineProperty(schedule, toStringMethod, { value: () => lines().join("\n") });
    return new Value<Schedule>(schedule, new Context(run, known));
  }
}

/** Schedules of runs that any model allows: see `schedules`. */
export function modelSchedules<S, A extends Named>(
  model: Model<S, A>,
  options: ScheduleOptions = {},
): Arbitrary<Schedule> {
  return new Schedules(model, options);
}

/**
 * Schedules of random runs of a system, which shrink to ones with fewer deviations, then fewer
 * switches between threads, then shorter runs. Every value is the exact schedule of its run.
 */
export function schedules(system: System, options: ScheduleOptions = {}): Arbitrary<Schedule> {
  return modelSchedules(machineModel(system), options);
}

/** How a scenario's schedules are made and printed. */
export interface ScenarioScheduleOptions extends ScheduleOptions {
  readonly profile?: Profile["name"];
  /** where the scenario stands, for the printed command (default `FILE`) */
  readonly file?: string;
  /** every scenario of that file, unless it is the only one */
  readonly siblings?: readonly Scenario[];
}

/** Schedules of a scenario under a revision; a counterexample prints the command that replays it. */
export function scenarioSchedules(
  scenario: Scenario,
  revision: Selection,
  options: ScenarioScheduleOptions = {},
): Arbitrary<Schedule> {
  const { profile = "full", file = "FILE", siblings = [scenario] } = options;
  const run = { file, scenario, siblings, revision: revision.label, profile };
  return schedules(systemOf(scenario, revision, profiles[profile]), {
    command: (schedule) => replayCommand({ ...run, schedule }),
    ...options,
  });
}

/** The outcome of the run along a schedule, which is followed as far as it applies. */
export function outcomeUnder(
  system: System,
  schedule: Schedule,
  options: Pick<ScheduleOptions, "maxChoices"> = {},
): Outcome {
  const { state, observed, stop } = executeAlong(machineModel(system), schedule, options);
  if (stop === "end") return outcomeOf({ ...state, log: observed });
  return { log: observed, end: { tag: "limit", bound: "choices of one run" }, leaks: [] };
}

/** The first standing property that the run along a schedule breaks; null: it breaks none. */
export function brokenUnder(
  system: System,
  schedule: Schedule,
  options: Pick<ScheduleOptions, "maxChoices"> = {},
): string | null {
  let broken: string | null = null;
  executeAlong(machineModel(system), schedule, {
    ...options,
    visit: (store, final) => {
      broken = brokenProperty(store, final)?.name ?? null;
      return broken !== null;
    },
  });
  return broken;
}
