// Checks an implementation with programs drawn at random. Mirrors spec/15.

import {
  asyncProperty,
  check,
  defaultReportMessage,
  type IAsyncPropertyWithHooks,
  type Parameters,
  pre,
  type RunDetails,
  type Scheduler,
  scheduler,
} from "fast-check";
import { parseRevision } from "../../scenario/revision.ts";
import type { Make } from "./implementation.ts";
import { callsOf, type Program, printProgram } from "./program.ts";
import { type ProgramsOptions, programs } from "./programs.ts";
import { runProgram } from "./run.ts";
import { takingTurns } from "./scheduled.ts";
import { assertAllowed, type JudgeProgramOptions, NotAllowed } from "./verdict.ts";

/** What is checked, and how it is drawn. */
export interface CheckOptions extends ProgramsOptions, JudgeProgramOptions {
  /**
   * how often a program is run that has several threads, each time on another schedule (default: the
   * shorter it is the more often, 5 times with 20 calls)
   */
  readonly schedules?: number;
}

type Drawn = [Program, Scheduler];

/** Throws `RevisionError` for what is no fault of the implementation's. */
function checkRevision({ revision = "" }: CheckOptions): void {
  parseRevision(revision);
}

/** A schedule is no part of what shrinks: a program that got shorter has to have its chance. */
function timesToRun(program: Program, { schedules }: CheckOptions): number {
  if (program.threads.length < 2) return 1;
  return schedules ?? Math.ceil(100 / callsOf(program).length);
}

/**
 * The property that whatever program is run on an implementation, the specification allows what it does:
 * for `fc.assert`. Where there are several threads, fast-check's scheduler says who goes on. A program that
 * calls nothing, and a run that cannot be decided within `maxSteps`, count as ones whose precondition fails.
 */
export function implementationProperty(
  make: Make,
  options: CheckOptions = {},
): IAsyncPropertyWithHooks<Drawn> {
  checkRevision(options);
  const { memory } = options;
  const bytes = memory === undefined ? {} : { memory };
  return asyncProperty(programs(options), scheduler(), async (program, turns) => {
    pre(callsOf(program).length > 0);
    for (let left = timesToRun(program, options); left > 0; left--) {
      const trace = await runProgram(make, program, { ...bytes, choose: takingTurns(turns) });
      pre(assertAllowed(program, trace, options));
    }
  });
}

/** How to find something again: parameters of `fc.assert`. */
export interface Replay {
  readonly seed: number;
  readonly path: string;
  readonly endOnFailure: true;
}

function messageOf(program: Program, reason: unknown): string {
  if (reason instanceof NotAllowed) return reason.message;
  return `the implementation failed: ${String(reason)}\n\n${printProgram(program)}`;
}

/** What was found, and how to find it again. */
export class CheckFailed extends Error {
  readonly #program: Program;
  readonly #reason: unknown;
  readonly #replay: Replay;

  constructor(program: Program, reason: unknown, details: RunDetails<Drawn>) {
    const { seed, counterexamplePath, numRuns, numShrinks } = details;
    const path = counterexamplePath ?? "";
    const found = `found by program ${numRuns}, shrunk ${numShrinks} times`;
    const replay = `{ seed: ${seed}, path: "${path}", endOnFailure: true }`;
    super(`${messageOf(program, reason)}\n\n${found}: ${replay}`);
    this.#program = program;
    this.#reason = reason;
    this.#replay = { seed, path, endOnFailure: true };
  }

  override get name(): string {
    return "CheckFailed";
  }

  /** the shrunk program */
  get program(): Program {
    return this.#program;
  }

  /** `NotAllowed`, or what the implementation has thrown */
  get reason(): unknown {
    return this.#reason;
  }

  /** to run this program again, and no other */
  get replay(): Replay {
    return this.#replay;
  }
}

/**
 * Runs programs on an implementation, each on one that is as good as new, and judges what it does.
 * `parameters` are those of `fc.assert`: `seed`, `path`, `numRuns` and so on. Rejects with `CheckFailed`
 * for the shrunk counterexample, and with an `Error` of fast-check's words if there was no verdict.
 */
export async function checkImplementation(
  make: Make,
  options: CheckOptions = {},
  parameters: Parameters<[Program, Scheduler]> = {},
): Promise<void> {
  const details = await check(implementationProperty(make, options), parameters);
  if (!details.failed) return;
  const { counterexample } = details;
  if (counterexample === null) throw new Error(defaultReportMessage(details) ?? "no verdict");
  throw new CheckFailed(counterexample[0], details.errorInstance, details);
}
