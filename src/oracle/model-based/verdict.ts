// Whether the specification allows what an implementation did with a program. Mirrors spec/15.

import { judgeSystem } from "../judging/judge.ts";
import type { JudgedSystem, JudgeOptions } from "../judging/judgement.ts";
import { printRejection } from "./columns.ts";
import type { Program } from "./program.ts";
import type { ProgramTrace } from "./run.ts";
import { type ProgramOptions, programSystem } from "./system.ts";

/** What an implementation did is not allowed; the message shows it beside what is. */
export class NotAllowed extends Error {
  // private, for a console prints whatever else an error has, at length
  readonly #program: Program;
  readonly #trace: ProgramTrace;
  readonly #verdict: JudgedSystem;

  constructor(program: Program, trace: ProgramTrace, verdict: JudgedSystem) {
    super(printRejection(program, trace, verdict));
    this.#program = program;
    this.#trace = trace;
    this.#verdict = verdict;
  }

  override get name(): string {
    return "NotAllowed";
  }

  get program(): Program {
    return this.#program;
  }

  /** what the implementation did */
  get trace(): ProgramTrace {
    return this.#trace;
  }

  get verdict(): JudgedSystem {
    return this.#verdict;
  }
}

/** What a program is judged under. */
export interface JudgeProgramOptions extends ProgramOptions {
  /** steps of the model to try (default 1 000 000) */
  readonly maxSteps?: number;
}

/** Searches the model for a run of the program that explains the trace. */
export function judgeProgram(
  program: Program,
  trace: ProgramTrace,
  { maxSteps, ...options }: JudgeProgramOptions = {},
): JudgedSystem {
  const how: JudgeOptions = { context: false, ...(maxSteps !== undefined && { maxSteps }) };
  return judgeSystem(programSystem(program, options), trace, how);
}

/** Throws `NotAllowed` for a trace that is not; gives false where a bound was reached first. */
export function assertAllowed(
  program: Program,
  trace: ProgramTrace,
  options: JudgeProgramOptions = {},
): boolean {
  const verdict = judgeProgram(program, trace, options);
  if (verdict.verdict === "not allowed") throw new NotAllowed(program, trace, verdict);
  return verdict.verdict === "allowed";
}
